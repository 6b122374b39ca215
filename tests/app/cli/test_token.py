import json
from urllib.request import Request, urlopen

import boto3
import pytest

TRUST = {
    "Effect": "Allow",
    "Principal": {"Service": "ec2.amazonaws.com"},
    "Action": "sts:AssumeRole",
}
MAY_ASK = {"Effect": "Allow", "Action": "doorward:Authorize", "Resource": "*"}


def document(statement):
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture
def data(server, tmp_path):
    """The data directory of a server that runs, with a role a token can be made for."""
    facts = server("--data", tmp_path / "data").facts
    iam = boto3.client(
        "iam",
        endpoint_url=facts["endpoint"],
        region_name="us-east-1",
        aws_access_key_id=facts["admin"]["access_key_id"],
        aws_secret_access_key=facts["admin"]["secret_access_key"],
    )
    iam.create_role(RoleName="gateway", AssumeRolePolicyDocument=document(TRUST))
    iam.put_role_policy(RoleName="gateway", PolicyName="ask", PolicyDocument=document(MAY_ASK))
    return facts, tmp_path / "data"


def asked(endpoint, token):
    question = {"principal": None, "action": "s3:GetObject", "resource": "*"}
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = Request(f"{endpoint}/authorize", json.dumps(question).encode(), headers)
    with urlopen(request) as answer:
        return json.load(answer)["decision"]


def test_a_tokens_life(data, run):
    facts, directory = data
    empty = run("token", "list", "--data", directory)
    assert (empty.code, empty.out) == (0, "There are no tokens.\n")
    words = ("--role", "gateway", "--name", "the door", "--days", 3, "--data", directory)
    told = run("token", "create", *words)
    token, sentence = told.out.splitlines()
    assert asked(facts["endpoint"], token) == "ImplicitlyDenied"
    assert "Acts as gateway until" in sentence
    listed = run("token", "list", "--data", directory)
    head, line = listed.out.splitlines()
    assert head.split() == ["id", "role", "expires", "last", "used", "name"]
    assert line.split()[:2] == [token[4:20], "gateway"]
    assert line.endswith("the door")
    assert token not in listed.out
    (shown,) = run("token", "list", "--data", directory, "--json").json
    assert shown["last_used"]
    assert shown["created_by"].endswith("user/admin")
    ended = run("token", "revoke", shown["id"], "--data", directory, "--json")
    assert ended.json == {"revoked": shown["id"]}
    with pytest.raises(OSError, match="401"):
        asked(facts["endpoint"], token)


def test_as_json_it_is_one_line(data, run):
    made = run("token", "create", "--role", "gateway", "--data", data[1], "--json").json
    assert made["token"].startswith(f"dwt_{made['id']}_")
    assert "last_used" not in made


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("create", "--role", "nobody"), "The role with name nobody cannot be found."),
        (("create", "--role", "gateway", "--days", "0"), "days"),
        (("revoke", "a" * 16), "cannot be found"),
        (("revoke", "x"), "id"),
    ],
)
def test_what_cannot_be_done_is_said(data, run, words, said):
    told = run("token", *words, "--data", data[1])
    assert (told.code, said in told.err) == (2, True)


def test_without_a_server(run, tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    told = run("token", "list", "--data", tmp_path, "--endpoint", "http://127.0.0.1:1")
    assert (told.code, "doorward up" in told.err) == (2, True)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("create", "--role", "gateway", "--days", 0), "parameter days, value: 0"),
        (("revoke", "short"), "parameter id, value: 5"),
        (("create", "--role", "nobody"), "The role with name nobody cannot be found."),
    ],
)
def test_a_mistake_in_a_question_is_not_put_down_to_the_server(data, run, words, says):
    ran = run("token", *words, "--data", data[1])
    assert ran.code == 2
    assert says in ran.err
    assert "doorward up" not in ran.err


def test_a_server_that_is_not_there_is_said(run, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    for words in (("token", "list"), ("why", "01a200c4-fc75-7b2d-8785-73ac91d33656")):
        ran = run(*words, "--endpoint", "http://127.0.0.1:9")
        assert ran.code == 2
        assert ran.err.endswith("Start it with `doorward up`, or say where it is: --endpoint.\n")
