import pytest
from tests.app.cli.asking_house import filled

MFA = "aws:MultiFactorAuthPresent=true"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return filled(tmp_path_factory.mktemp("asked") / "data")


@pytest.fixture
def who_can(run, data):
    def call(*words):
        return run("who-can", *words, "--from", data)

    return call


def test_it_lists_those_who_may_and_through_which_policy(who_can):
    ran = who_can("s3:GetObject", "arn:aws:s3:::letters/1", "-c", MFA)
    assert ran.code == 0
    first, admin, ann, root = ran.out.splitlines()
    assert first == "ALLOWED: 2 of 4  s3:GetObject  on arn:aws:s3:::letters/1"
    assert admin.split()[:2] == ["admin", "user"]
    assert "AdministratorAccess" in admin
    assert ann.startswith("  ann    user  allowed by identity-based policy Letters of ")
    assert root == "  The root user: Allowed"


def test_nobody_is_1(who_can):
    ran = who_can("sts:AssumeRole", "arn:aws:iam::444455556666:role/x")
    assert ran.code == 1
    assert ran.out.startswith("NOBODY  sts:AssumeRole  on arn:aws:iam::444455556666:role/x\n")
    assert ran.out.splitlines()[-1].startswith("--explain says why not.")
    explained = who_can("sts:AssumeRole", "arn:aws:iam::444455556666:role/x", "--explain")
    assert explained.out.splitlines()[-1].startswith("  The root user: ")


def test_explained_it_lists_the_others_too(who_can):
    lines = who_can("iam:ListRoles", "--explain").out.splitlines()
    assert [line.split()[0] for line in lines[1:-1]] == ["admin", "ann", "bob", "reader"]
    assert "denied explicitly" in lines[2]


def test_as_json_it_is_one_object(who_can):
    found = who_can("iam:ListRoles", "--json").json
    assert found["allowed"] is True
    assert found["counts"] == {"Allowed": 1, "ImplicitlyDenied": 2, "ExplicitlyDenied": 1}
    assert [one["name"] for one in found["principals"]] == ["admin"]


def test_what_cannot_be_asked_ends_with_2(who_can):
    assert who_can("s3:*").code == 2
