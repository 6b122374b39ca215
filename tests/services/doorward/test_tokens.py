import json
from dataclasses import replace

import pytest
from tests.app.asking import change
from tests.house import raises_aws
from tests.services.doorward.gateway import EC2, allow, document

from doorward.account.model import Token
from doorward.app.counters import FailureLimits
from doorward.authn.request import HttpRequest
from doorward.services.doorward.tokens import MOST_TOKENS

QUESTION = {"principal": None, "action": "s3:GetObject", "resource": "*"}


def status(gateway):
    return gateway.send("/authorize", QUESTION)[0]


def test_a_token_acts_as_a_session_of_its_role(gateway):
    assert status(gateway) == 200
    gateway.may(allow("doorward:ListTokens"))
    code, _, answer = gateway.send("/authorize", QUESTION)
    assert code == 403
    session = f"arn:aws:sts::{gateway.account}:assumed-role/gateway/token-{gateway.token_id}"
    assert answer["message"].startswith(f"User: {session} is not authorized to perform: doorward:")


def test_it_is_shown_once(gateway):
    assert gateway.token.startswith(f"dwt_{gateway.token_id}_")
    secret = gateway.token[-43:]
    assert secret not in json.dumps(gateway.own.list_tokens(), default=str)
    stored = gateway.house.house.store.read(gateway.account)
    assert secret.encode() not in repr(stored).encode()


def test_neither_trail_nor_errors_hold_it(gateway):
    gateway.send("/authorize", QUESTION)
    gateway.send("/authorize", QUESTION, token=gateway.token[:-1] + "!")
    gateway.house.answer(gateway_request("/", b"Action=ListUsers", gateway.token))
    secret = gateway.token[-43:-1]
    assert all(secret not in row.body.decode() for row in gateway.house.records())


def test_the_trail_says_which_token_called(gateway):
    gateway.send("/authorize", QUESTION)
    event = json.loads(gateway.house.records()[0].body)
    assert event["userIdentity"]["type"] == "AssumedRole"
    assert event["userIdentity"]["accessKeyId"] == f"dwt_{gateway.token_id}"
    assert event["eventName"] == "Authorize"


def test_tokens_are_listed_with_their_last_use(gateway):
    (before,) = gateway.own.list_tokens()["tokens"]
    assert before["role"] == "gateway"
    assert before["created_by"] == gateway.arn("user/admin")
    assert (before["expires"] - before["created"]).days == 90
    assert "last_used" not in before
    gateway.send("/authorize", QUESTION)
    (after,) = gateway.own.list_tokens()["tokens"]
    assert after["last_used"] >= before["created"]


def test_a_revoked_token_is_over_at_once(gateway):
    gateway.own.delete_token(id=gateway.token_id)
    code, headers, answer = gateway.send("/authorize", QUESTION)
    assert (code, answer) == (
        401,
        {"message": "The bearer token included in the request is invalid"},
    )
    assert headers["www-authenticate"] == 'Bearer realm="doorward", error="invalid_token"'


def test_a_token_ends_by_itself(gateway):
    gateway.house.clock.advance(days=89)
    assert status(gateway) == 200
    gateway.house.clock.advance(days=1, seconds=1)
    code, _, answer = gateway.send("/authorize", QUESTION)
    assert (code, answer["message"].endswith("is expired")) == (401, True)


def test_revoking_the_roles_sessions_ends_it(gateway):
    def revoke(account):
        role = account.role("gateway")
        return [replace(role, revoked_before=gateway.house.clock())]

    change(gateway.house, revoke)
    assert status(gateway) == 401


def test_a_role_of_the_same_name_is_another(gateway):
    iam = gateway.house.iam
    iam.delete_role_policy(RoleName="gateway", PolicyName="ask")
    iam.delete_role(RoleName="gateway")
    iam.create_role(RoleName="gateway", AssumeRolePolicyDocument=document(EC2))
    gateway.may(allow("doorward:*"))
    assert status(gateway) == 401
    (shown,) = gateway.own.list_tokens()["tokens"]
    assert shown["role"].startswith("AROA")
    gateway.own.delete_token(id=gateway.token_id)


@pytest.mark.parametrize(
    "odd",
    ["", "x", "dwt_", "dwt_aaaaaaaaaaaaaaaa_" + "x" * 43],
)
def test_what_is_no_token_proves_nothing(gateway, odd):
    assert gateway.send("/authorize", QUESTION, token=odd or " ")[0] == 401


def test_another_secret_for_the_same_id(gateway):
    wrong = f"dwt_{gateway.token_id}_{'x' * 43}"
    assert gateway.send("/authorize", QUESTION, token=wrong)[0] == 401


def test_failures_are_counted_like_bad_signatures(gateway, monkeypatch):
    monkeypatch.setattr(gateway.house.house.pipeline, "limits", FailureLimits(2))
    wrong = f"dwt_{gateway.token_id}_{'x' * 43}"
    told = [gateway.send("/authorize", QUESTION, token=wrong)[2]["message"] for _ in range(3)]
    assert set(told[:2]) == {"The bearer token included in the request is invalid"}
    assert told[2] == "Rate exceeded"
    assert status(gateway) == 200


@pytest.mark.parametrize(
    "text", ["Action=ListUsers&Version=2010-05-08", "Action=GetCallerIdentity&Version=2011-06-15"]
)
def test_other_services_take_no_tokens(gateway, text):
    gateway.may(allow("*"))
    answer = gateway.house.answer(gateway_request("/", text.encode(), gateway.token))
    assert answer.status == 400
    assert b"<Code>IncompleteSignature</Code>" in answer.body


def gateway_request(path, body, token):
    headers = (("host", "x"), ("authorization", f"Bearer {token}"))
    return HttpRequest("POST", path, "", headers, body)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("POST", "/tokens", {"role": "gateway"}), ("DELETE", "/tokens/{id}", b"")],
)
def test_a_token_makes_and_ends_no_tokens(gateway, method, path, body):
    gateway.may(allow(["doorward:*", "iam:PassRole"]))
    code, _, answer = gateway.send(path.format(id=gateway.token_id), body, method=method)
    assert code == 403
    assert "sign the request" in answer["message"]


@pytest.mark.parametrize(
    ("statements", "lacking"),
    [
        ([allow("doorward:CreateToken")], "iam:PassRole"),
        ([allow("iam:PassRole")], "doorward:CreateToken"),
        (
            [allow(["iam:PassRole", "doorward:CreateToken"], "arn:aws:iam::*:role/other")],
            "doorward:CreateToken",
        ),
        (
            [
                allow("doorward:CreateToken"),
                allow("iam:PassRole", StringEquals={"iam:PassedToService": "ec2.amazonaws.com"}),
            ],
            "iam:PassRole",
        ),
    ],
)
def test_making_one_takes_the_right_to_hand_the_role_on(gateway, statements, lacking):
    gateway.user("ann", *statements)
    ann = gateway.house.user_client("ann", "doorward")
    with raises_aws("AccessDeniedException") as caught:
        ann.create_token(role="gateway")
    assert (
        f"not authorized to perform: {lacking} on resource: {gateway.arn('role/gateway')}"
        in str(caught.value)
    )


def test_who_has_both_rights_may_make_one(gateway):
    role = gateway.arn("role/gateway")
    gateway.user("ann", allow(["doorward:CreateToken", "iam:PassRole"], role))
    ann = gateway.house.user_client("ann", "doorward")
    made = ann.create_token(role="GATEWAY", name="for the door", days=1)
    assert made["details"]["name"] == "for the door"
    assert made["details"]["created_by"] == gateway.arn("user/ann")
    assert gateway.send("/authorize", QUESTION, token=made["token"])[0] == 200
    gateway.house.clock.advance(days=1, seconds=1)
    gateway.own.create_token(role="gateway")
    assert made["details"]["id"] not in {t["id"] for t in gateway.own.list_tokens()["tokens"]}


@pytest.mark.parametrize("path", ["/tokens/aaaaaaaaaaaaaaaa"])
def test_what_is_not_there(gateway, path):
    with raises_aws("ResourceNotFoundException", "The role with name nobody cannot be found."):
        gateway.own.create_token(role="nobody")
    with raises_aws("ResourceNotFoundException"):
        gateway.own.delete_token(id=path.rpartition("/")[2])


def test_there_are_only_so_many(gateway, monkeypatch):
    monkeypatch.setattr("doorward.services.doorward.tokens.MOST_TOKENS", 1)
    assert MOST_TOKENS > 1
    with raises_aws("ServiceQuotaExceededException"):
        gateway.own.create_token(role="gateway")


def test_it_is_an_entity_of_the_account_and_no_principal(gateway):
    live = gateway.house.house.accounts.get(gateway.account)
    (token,) = live.account.all(Token)
    assert live.account.arn(token).endswith(f":token/{gateway.token_id}")
    assert live.account.by_id(gateway.token_id) is None
