import json

import pytest
from tests.app.cli.asking_house import ACCOUNT, SEED, filled

ANN = f"arn:aws:iam::{ACCOUNT}:user/team/ann"
LETTER = "arn:aws:s3:::letters/1"
MFA = "aws:MultiFactorAuthPresent=true"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return filled(tmp_path_factory.mktemp("asked") / "data")


@pytest.fixture
def can(run, data):
    def call(*words):
        return run("can", *words, "--from", data)

    return call


def test_what_is_allowed_ends_with_0_and_shows_the_statement(can):
    ran = can("ann", "s3:GetObject", LETTER, "-c", MFA)
    assert ran.code == 0
    assert ran.err == ""
    first, *rest = ran.out.splitlines()
    assert first == f"ALLOWED: {ANN}  s3:GetObject  on {LETTER}"
    assert "allowed by identity-based policy Letters" in rest[0]
    assert 'met: Bool aws:MultiFactorAuthPresent wants "true", the request has "true"' in ran.out


@pytest.mark.practice("M-11", "S002-81")
def test_what_is_denied_ends_with_1_and_says_what_would_allow_it(can):
    ran = can("ann", "s3:GetObject", LETTER)
    assert ran.code == 1
    lines = ran.out.splitlines()
    assert lines[0] == f"DENIED: {ANN}  s3:GetObject  on {LETTER}"
    at = next(i for i, line in enumerate(lines) if "add to an identity-based policy" in line)
    statement, command = lines[at + 1 : at + 3]
    assert json.loads(statement)["Resource"] == LETTER
    assert command.lstrip().startswith("aws iam put-user-policy --user-name ann --policy-name ")
    assert '  Bool aws:MultiFactorAuthPresent "true"' in lines
    assert "An MFA device may well be registered" in ran.out
    assert lines[-1].startswith("Asked without aws:multifactorauthpresent; -c KEY=VALUE")
    assert len(lines) <= 40


def test_an_explicit_deny_is_shown_as_it_stands(can):
    ran = can("ann", "iam:ListRoles", "role/reader")
    assert ran.code == 1
    assert f"on arn:aws:iam::{ACCOUNT}:role/svc/reader" in ran.out
    assert 'statement "NotRoles"' in ran.out
    assert "remove or narrow" in ran.out
    assert "put-user-policy" not in ran.out


def test_as_json_it_is_one_line_with_everything(can):
    ran = can("ann", "s3:GetObject", LETTER, "--json")
    assert ran.code == 1
    assert list(ran.json) == ["allowed", "decision", "explanation"]
    assert ran.json["decision"] == "ImplicitlyDenied"
    assert ran.json["explanation"]["steps"]


def test_explained_it_says_step_by_step_what_was_read(can):
    out = can("ann", "s3:GetObject", LETTER, "--explain").out
    _, _, steps = out.partition("Step by step:\n")
    assert "identity-based policy: does not allow" in steps
    assert 'Allow "Own" of Letters at line 1: its Condition does not match' in steps
    assert "not met: Bool aws:MultiFactorAuthPresent" in steps
    assert "Inside one account either side suffices" in steps
    assert "--resource-policy" in steps


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("sts:AssumeRole", "role/reader"), "This resource guards itself"),
        (("kms:Decrypt", f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1"), "This resource guards itself"),
        (("sqs:SendMessage", "arn:aws:sqs:us-east-1:444455556666:q"), "Across accounts both"),
        (("sts:GetCallerIdentity",), "No policy is read for this action."),
    ],
)
def test_explained_it_says_who_must_allow(can, words, says):
    assert says in can("bob", *words, "--explain").out


def test_a_policy_of_the_resource_may_be_given(can, tmp_path):
    file = tmp_path / "queue.json"
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*"}
    file.write_text(json.dumps({"Version": "2012-10-17", "Statement": statement}))
    words = ("bob", "sqs:SendMessage", f"arn:aws:sqs:us-east-1:{ACCOUNT}:q")
    assert can(*words).code == 1
    ran = can(*words, "--resource-policy", file, "--explain")
    assert ran.code == 0
    assert "--resource-policy" not in ran.out
    assert can(*words, "--resource-policy", file, "--resource-account", "444455556666").code == 1


def test_a_policy_of_the_resource_that_is_lacking_is_asked_for(can):
    ran = can("admin", "sts:AssumeRole", "arn:aws:iam::444455556666:role/far")
    assert "denied, nothing allows it (role trust policy)" in ran.out
    assert ran.out.count("--resource-policy FILE") == 1
    explained = can("admin", "sts:AssumeRole", "arn:aws:iam::444455556666:role/far", "--explain")
    assert explained.out.count("--resource-policy FILE") == 1
    assert "--resource-policy FILE" not in can("bob", "s3:GetObject", LETTER).out


def test_a_role_that_is_not_there_is_said(can):
    says = "This account has no such role"
    assert says in can("bob", "sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/reader").out
    assert says not in can("bob", "sts:AssumeRole", "role/reader").out
    assert says not in can("bob", "sts:AssumeRole").out


def test_another_account_of_the_directory(can):
    assert can("carl", "s3:GetObject").code == 2
    assert can("carl", "s3:GetObject", "--account", "444455556666").code == 1


def test_an_action_aws_does_not_have_is_warned_of(can):
    assert "AWS has no action s3:GetObjekt" in can("bob", "s3:GetObjekt").err
    assert can("bob", "letters:Read").err == ""


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("carl", "s3:GetObject"), "carl is none of account"),
        (("ann", "s3:*"), "expected one action"),
        (("ann", "s3:GetObject", "letters"), "resource: expected an ARN"),
        (("ann", "s3:GetObject", "-c", "x"), "-c x: expected KEY=VALUE"),
        (("ann", "s3:GetObject", "-c", "x=1"), "-c x=1: expected KEY=VALUE"),
        (("ann", "s3:GetObject", "--resource-policy", "/no/such"), "--resource-policy /no/such"),
        (("ann", "s3:GetObject", "--account", "9"), "there is no account 9"),
    ],
)
def test_what_cannot_be_asked_ends_with_2(can, words, says):
    ran = can(*words)
    assert ran.code == 2
    assert says in ran.err
    assert ran.out == ""


def test_a_resource_policy_must_be_json(can, tmp_path):
    (tmp_path / "x.json").write_text("{")
    ran = can("ann", "s3:GetObject", "--resource-policy", tmp_path / "x.json")
    assert ran.code == 2
    assert "x.json" in ran.err


def test_a_directory_without_a_doorward(run, tmp_path):
    ran = run("can", "ann", "s3:GetObject", "--from", tmp_path)
    assert ran.code == 2
    assert "there is no Doorward in" in ran.err


def test_a_server_that_is_not_there(run):
    ran = run("can", "ann", "s3:GetObject", "--endpoint", "http://127.0.0.1:9")
    assert ran.code == 2
    assert "doorward env" in ran.err


def test_a_server_answers_the_same(run, server, tmp_path, data):
    directory, seed = tmp_path / "served", tmp_path / "seed.yaml"
    seed.write_text(SEED)
    server("--data", directory, "--seed", seed)
    for words in (
        ("ann", "iam:ListRoles", "role/reader"),
        ("bob", "s3:GetObject"),
        ("carl", "x:Y"),
    ):
        asked = run("can", *words, "--json", "--data", directory)
        known = run("can", *words, "--json", "--from", data)
        assert asked.code == known.code
        assert asked.err.partition(": ")[2] == known.err.partition(": ")[2]
        if asked.code != 2:
            assert asked.json == known.json
    assert run("who-can", "iam:ListRoles", "--data", directory).code == 0
