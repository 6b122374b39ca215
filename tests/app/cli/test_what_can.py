import pytest
from tests.app.cli.asking_house import ACCOUNT, filled


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return filled(tmp_path_factory.mktemp("asked") / "data")


@pytest.fixture
def what_can(run, data):
    def call(*words):
        return run("what-can", *words, "--from", data)

    return call


def test_it_lists_actions_by_service(what_can):
    ran = what_can("ann", "--service", "iam", "--service", "s3")
    assert ran.code == 0
    assert f"arn:aws:iam::{ACCOUNT}:user/team/ann" in ran.out.splitlines()[0]
    assert "  iam: " in ran.out
    assert "  s3, on some resources or under conditions: " in ran.out
    assert "\n  sts" not in ran.out


def test_on_a_resource_it_lists_what_is_allowed_there(what_can):
    letter = "arn:aws:s3:::letters/1"
    ran = what_can("ann", letter, "-c", "aws:MultiFactorAuthPresent=true", "--json")
    assert ran.code == 0
    assert "s3:GetObject" in ran.json["services"]["s3"]["always"]
    assert ran.json["resource"] == letter


def test_nothing_is_1(what_can):
    ran = what_can("bob", "arn:aws:s3:::letters/1")
    assert ran.code == 1
    assert ran.out.startswith("NOTHING  ")


def test_explained_it_names_the_statements(what_can):
    found = what_can("ann", "--service", "s3", "--explain", "--json").json
    assert {one["sources"][0]["sid"] for one in found["actions"]} == {"Own"}


def test_what_cannot_be_asked_ends_with_2(what_can):
    assert what_can("carl").code == 2


def test_a_service_aws_does_not_have_is_warned_of(what_can):
    assert "AWS has no service s4" in what_can("ann", "--service", "s4").err
    assert what_can("bob", "--service", "S3").err == ""
