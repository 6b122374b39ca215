import json
from urllib.error import HTTPError
from urllib.request import urlopen

import boto3
import pytest
from botocore.exceptions import ClientError


def client(facts, service, key):
    return boto3.client(
        service,
        endpoint_url=facts["endpoint"],
        region_name="us-east-1",
        aws_access_key_id=key[0],
        aws_secret_access_key=key[1],
    )


@pytest.fixture
def refused(server, tmp_path):
    """A call that was refused: its message, and the server it was made to."""
    facts = server("--data", tmp_path / "data", "--json").facts
    iam = client(facts, "iam", tuple(facts["admin"].values()))
    iam.create_user(UserName="ann")
    key = iam.create_access_key(UserName="ann")["AccessKey"]
    ann = client(facts, "iam", (key["AccessKeyId"], key["SecretAccessKey"]))
    with pytest.raises(ClientError) as caught:
        ann.list_users()
    return caught.value.response["Error"]["Message"], facts


def test_a_refusal_names_the_command_that_explains_it(refused, run, tmp_path):
    message, _ = refused
    command, asked = message.rpartition("or run: ")[2].rsplit(" ", 1)
    assert command == "doorward why"
    told = run("why", asked, "--data", tmp_path / "data")
    assert told.code == 1
    assert "iam:ListUsers  by arn:aws:iam::" in told.out
    assert "Decided: denied, nothing allows it" in told.out
    event = run("why", asked, "--data", tmp_path / "data", "--json").json
    assert event["requestID"] == asked
    assert event["errorCode"] == "AccessDenied"


def test_the_address_a_refusal_names_says_how_to_go_on(refused):
    message, _ = refused
    address = message.partition("Go to ")[2].partition(" ")[0]
    with pytest.raises(HTTPError) as caught:
        urlopen(address)
    with caught.value as answer:
        assert f"doorward why {address.rpartition('/')[2]}" in answer.read().decode()


def test_a_call_that_was_allowed(refused, run, tmp_path):
    _, facts = refused
    sts = client(facts, "sts", tuple(facts["admin"].values()))
    asked = sts.get_caller_identity()["ResponseMetadata"]["RequestId"]
    told = run("why", asked, "--data", tmp_path / "data")
    assert told.code == 0
    assert told.out.endswith("It was allowed.\n")


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("nonsense", "is no request id"),
        ("63b1b4c2-4bd5-4d8c-8d2f-0123456789ab", "is no request id"),
        ("ffffffff-ffff-ffff-ffff-ffffffffffff", "is no request id"),
        ("ffffffff-ffff-7fff-bfff-ffffffffffff", "is no request id"),
        ("01a200c4-fc75-7b2d-8785-73ac91d33656", "the trail of this account has no call"),
    ],
)
def test_what_cannot_be_told(refused, run, tmp_path, asked, says):
    assert refused
    told = run("why", asked, "--data", tmp_path / "data")
    assert told.code == 2
    assert says in told.err


@pytest.mark.practice("S002-81")
def test_a_refused_call_is_asked_again_as_things_stand_now(refused, run, tmp_path):
    message, facts = refused
    asked = message.rpartition(" ")[2]
    told = run("why", asked, "--data", tmp_path / "data")
    _, _, now = told.out.partition("As things stand now, by the policies the caller has:\n")
    assert now.startswith("DENIED: arn:aws:iam::")
    assert "aws iam put-user-policy --user-name ann" in now
    assert "not on record" not in now
    iam = client(facts, "iam", tuple(facts["admin"].values()))
    policy = "arn:aws:iam::aws:policy/IAMReadOnlyAccess"
    iam.attach_user_policy(UserName="ann", PolicyArn=policy)
    told = run("why", asked, "--data", tmp_path / "data", "--json")
    assert told.code == 1
    assert told.json["asThingsStandNow"]["allowed"] is True
    assert "text" not in told.json["asThingsStandNow"]
    told = run("why", asked, "--data", tmp_path / "data")
    assert "As things stand now, by the policies the caller has:\nALLOWED: " in told.out
    assert "Either something was changed since, or what is not on record" in told.out


def test_who_may_not_simulate_is_told_what_was_decided(refused, run, monkeypatch):
    message, facts = refused
    iam = client(facts, "iam", tuple(facts["admin"].values()))
    key = iam.create_access_key(UserName="ann")["AccessKey"]
    iam.attach_user_policy(
        UserName="ann", PolicyArn="arn:aws:iam::aws:policy/AWSCloudTrail_ReadOnlyAccess"
    )
    monkeypatch.setenv("AWS_ENDPOINT_URL", facts["endpoint"])
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
    told = run("why", message.rpartition(" ")[2])
    assert told.code == 1
    assert told.out.endswith("Decided: denied, nothing allows it (identity-based policy)\n")


def test_from_the_directory_it_needs_no_permission(refused, run, tmp_path):
    message, _ = refused
    asked = message.rpartition(" ")[2]
    told = run("why", asked, "--from", tmp_path / "data")
    assert told.code == 1
    assert "Decided: denied" in told.out
    assert "As things stand now" in told.out
    told = run("why", "01a200c4-fc75-7b2d-8785-73ac91d33656", "--from", tmp_path / "data")
    assert told.code == 2
    assert "--account" in told.err


def test_what_a_session_was_limited_to_is_not_on_record(server, run, tmp_path):
    facts = server("--data", tmp_path / "data").facts
    key = tuple(facts["admin"].values())
    trust = {"Effect": "Allow", "Principal": {"AWS": facts["account"]}, "Action": "sts:AssumeRole"}
    client(facts, "iam", key).create_role(
        RoleName="reader",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": trust}),
    )
    made = client(facts, "sts", key).assume_role(
        RoleArn=f"arn:aws:iam::{facts['account']}:role/reader", RoleSessionName="work"
    )["Credentials"]
    iam = boto3.client(
        "iam",
        endpoint_url=facts["endpoint"],
        region_name="us-east-1",
        aws_access_key_id=made["AccessKeyId"],
        aws_secret_access_key=made["SecretAccessKey"],
        aws_session_token=made["SessionToken"],
    )
    with pytest.raises(ClientError) as caught:
        iam.list_users()
    asked = caught.value.response["Error"]["Message"].rpartition(" ")[2]
    told = run("why", asked, "--data", tmp_path / "data")
    assert "aws iam put-role-policy --role-name reader" in told.out
    assert told.out.endswith("A policy passed to the session is not on record, and was left out.\n")


def test_what_the_operation_itself_answered_was_no_refusal(refused, run, tmp_path):
    _, facts = refused
    iam = client(facts, "iam", tuple(facts["admin"].values()))
    with pytest.raises(ClientError) as caught:
        iam.get_user(UserName="nobody")
    asked = caught.value.response["ResponseMetadata"]["RequestId"]
    told = run("why", asked, "--from", tmp_path / "data")
    assert told.code == 0
    assert "NoSuchEntityException: The user with name nobody" in told.out
    assert "No policy refused it" in told.out


def test_a_proof_that_failed_was_a_refusal(refused, run, tmp_path):
    _, facts = refused
    stranger = client(facts, "iam", ("AKIAAAAAAAAAAAAAAAAA", "x" * 40))
    with pytest.raises(ClientError) as caught:
        stranger.list_users()
    asked = caught.value.response["ResponseMetadata"]["RequestId"]
    assert run("why", asked, "--from", tmp_path / "data").code == 1
