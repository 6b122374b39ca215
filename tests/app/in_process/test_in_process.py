import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
from tests.house import raises_aws

from doorward.app.bootstrap import FirstStartRefused
from doorward.app.config import BadSetting
from doorward.app.in_process import InProcess
from doorward.app.seed import SeedError

ALLOW = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:*","Resource":"*"}}'
NEIGHBOUR = "arn:aws:iam::444455556666"
TRUST = {
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:user/team/ann"},
    "Action": "sts:AssumeRole",
}
SEED = {
    "account": {"id": "111122223333"},
    "users": [
        {
            "name": "ann",
            "path": "/team/",
            "tags": {"team": "post"},
            "inline": {
                "Letters": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": ["s3:*", "sts:AssumeRole"],
                            "Resource": "*",
                            "Condition": {"StringEquals": {"aws:PrincipalTag/team": "post"}},
                        },
                        {
                            "Sid": "SameTeam",
                            "Effect": "Allow",
                            "Action": "iam:GetUser",
                            "Resource": "*",
                            "Condition": {
                                "StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}
                            },
                        },
                        {"Sid": "Kept", "Effect": "Deny", "Action": "s3:Delete*", "Resource": "*"},
                    ],
                }
            },
        },
        {"name": "bob", "access_keys": [{"id": "AKIABOBSOLDKEY00", "secret": "s3cret"}]},
    ],
    "roles": [
        {
            "name": "courier",
            "path": "/post/",
            "trust": {"Statement": [TRUST]},
            "policies": ["arn:aws:iam::aws:policy/IAMReadOnlyAccess"],
        }
    ],
    "accounts": [{"account": {"id": "444455556666"}, "users": [{"name": "eve"}]}],
}


@pytest.fixture(scope="module")
def opened():
    with InProcess(seed=SEED) as made:
        yield made


@pytest.fixture
def inside(opened):
    opened.reset()
    return opened


def who(client):
    return client.get_caller_identity()["Arn"]


def test_clients_call_as_the_administrator_as_a_user_or_as_a_role(inside):
    admin = "arn:aws:iam::111122223333:user/admin"
    assert who(inside.client("sts")) == admin
    assert who(inside.client("sts", user="ann")) == "arn:aws:iam::111122223333:user/team/ann"
    assumed = "arn:aws:sts::111122223333:assumed-role/courier/test"
    assert who(inside.client("sts", role="courier")) == assumed
    assert who(inside.client("sts", user=f"{NEIGHBOUR}:user/eve")) == f"{NEIGHBOUR}:user/eve"
    assert who(inside.session(user="bob").client("sts")).endswith("user/bob")


def test_what_a_client_may_is_decided(inside):
    inside.client("iam", role="courier").list_users()
    with raises_aws("AccessDenied"):
        inside.client("iam", role="courier").create_user(UserName="carl")
    with raises_aws("AccessDenied"):
        inside.client("iam", user="ann").list_users()


def test_a_user_keeps_the_key_it_has(inside):
    assert inside.keys(user="bob") == ("AKIABOBSOLDKEY00", "s3cret", None)
    made = inside.keys(user="ann")
    assert inside.keys(user="ann") == made
    inside.client("iam").update_access_key(
        UserName="bob", AccessKeyId="AKIABOBSOLDKEY00", Status="Inactive"
    )
    assert inside.keys(user="bob").access_key_id != "AKIABOBSOLDKEY00"


def test_the_administrators_client_is_made_once_and_outlives_a_reset(inside):
    iam = inside.client("iam")
    iam.create_user(UserName="carl")
    inside.clock.advance(days=3)
    inside.reset()
    assert inside.client("iam") is iam
    assert inside.client("iam", region_name="eu-central-1") is not iam
    assert "carl" not in {user["UserName"] for user in iam.list_users()["Users"]}
    assert abs(inside.clock() - datetime.now(UTC)) < timedelta(hours=1)


def test_options_reach_botocore(inside):
    plain = inside.client("iam", endpoint_url="http://iam.internal:1")
    assert plain.meta.endpoint_url == "http://iam.internal:1"
    assert plain.list_users()["Users"]
    assert inside.client("iam").meta.endpoint_url != plain.meta.endpoint_url


def test_time_passes_when_told(inside):
    sts = inside.client("sts", role="courier")
    who(sts)
    inside.clock.advance(hours=2)
    with raises_aws("ExpiredToken"):
        who(sts)


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"user": "nobody"}, "there is no user nobody"),
        ({"role": "nobody"}, "there is no role nobody"),
        ({"user": "arn:aws:iam::999999999999:user/x"}, "there is no account 999999999999"),
    ],
)
def test_who_is_not_there_is_said(inside, asked, reason):
    with pytest.raises(LookupError, match=reason):
        inside.client("iam", **asked)


def test_without_an_administrator_somebody_must_be_named():
    with InProcess(seed={"admin": False, "users": [{"name": "ann"}]}) as made:
        assert made.admin is None
        with pytest.raises(LookupError, match="say user= or role="):
            made.client("iam")
        assert who(made.client("sts", user="ann")) == "arn:aws:iam::111122223333:user/ann"


def test_every_thread_may_call(inside):
    iam = inside.client("iam")
    threads = [
        threading.Thread(target=iam.create_user, kwargs={"UserName": f"user-{number}"})
        for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {f"user-{number}" for number in range(8)} <= {
        user["UserName"] for user in iam.list_users()["Users"]
    }


@pytest.mark.parametrize(
    ("settings", "told"), [({}, True), ({"decision.explain_in_message": "off"}, False)]
)
def test_settings_are_those_of_the_server(settings, told):
    with InProcess(account="222233334444", settings=settings) as made:
        assert made.account_id == made.account.id == "222233334444"
        iam = made.client("iam")
        iam.create_user(UserName="ann")
        deny = ALLOW.replace("Allow", "Deny")
        iam.put_user_policy(UserName="ann", PolicyName="No", PolicyDocument=deny)
        with raises_aws("AccessDenied") as caught:
            made.client("iam", user="ann").list_users()
        assert ("policy No of arn" in str(caught.value)) is told


@pytest.mark.parametrize(
    ("plan", "error"),
    [
        ({"settings": {"http.nonsense": "1"}}, BadSetting),
        ({"seed": {"colour": "red"}}, SeedError),
        ({"seed": "no-such-file.yaml"}, OSError),
        ({"seed": SEED, "account": "999999999999"}, FirstStartRefused),
    ],
)
def test_what_cannot_begin_leaves_no_thread(plan, error):
    before = threading.active_count()
    with pytest.raises(error):
        InProcess(**plan)
    assert threading.active_count() == before


def test_nothing_is_left_when_it_is_closed():
    before = set(threading.enumerate())
    with InProcess() as made:
        made.client("iam").create_user(UserName="ann")
    assert set(threading.enumerate()) == before


# -- assertions ----------------------------------------------------------------------------------

LETTER = "arn:aws:s3:::letters/1.txt"
COURIER = "arn:aws:iam::111122223333:role/post/courier"


@pytest.mark.parametrize(
    ("principal", "action", "resource", "because"),
    [
        ("user/team/ann", "s3:GetObject", LETTER, "Letters"),
        ("arn:aws:iam::111122223333:user/team/ann", "s3:GetObject", LETTER, "identity"),
        ("user/team/ann", "sts:AssumeRole", COURIER, "trust"),
        ("role/post/courier", "iam:ListUsers", "*", "IAMReadOnlyAccess"),
        ("assumed-role/courier/monday", "iam:ListUsers", "*", "identity"),
        ("root", "iam:CreateUser", "*", "root"),
        ("user/admin", "myapp:Read", "*", "AdministratorAccess"),
        ("user/team/ann", "iam:GetUser", "arn:aws:iam::111122223333:user/team/ann", "SameTeam"),
    ],
)
def test_what_is_allowed_is_asserted(inside, principal, action, resource, because):
    assert inside.assert_allowed(principal, action, resource, because=because).allowed


@pytest.mark.parametrize(
    ("principal", "action", "resource", "because", "explicitly"),
    [
        ("user/team/ann", "s3:DeleteObject", LETTER, "Kept", True),
        ("user/team/ann", "iam:ListUsers", "*", "identity", False),
        ("user/bob", "sts:AssumeRole", COURIER, "trust", False),
        (f"{NEIGHBOUR}:user/eve", "sts:AssumeRole", COURIER, "trust", False),
        ("lambda.amazonaws.com", "sts:AssumeRole", COURIER, "trust", False),
        (None, "s3:GetObject", LETTER, "resource", False),
    ],
)
def test_what_is_denied_is_asserted(inside, principal, action, resource, because, explicitly):
    inside.assert_denied(principal, action, resource, because=because, explicitly=explicitly)


def test_an_assertion_that_fails_explains(inside):
    with pytest.raises(AssertionError, match="add to an identity-based policy"):
        inside.assert_allowed("user/bob", "iam:ListUsers")
    with pytest.raises(AssertionError, match=r"expected: explicitly denied\nDENIED"):
        inside.assert_denied("user/bob", "iam:ListUsers", explicitly=True)


def test_an_assertion_sees_what_clients_did(inside):
    inside.assert_denied("user/bob", "iam:ListUsers")
    inside.client("iam").put_user_policy(UserName="bob", PolicyName="All", PolicyDocument=ALLOW)
    inside.assert_allowed("user/bob", "iam:ListUsers", because="All")


def test_circumstances_are_given(inside):
    post = (
        '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:Get*",'
        '"Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"},'
        '"StringEquals":{"aws:ResourceAccount":"444455556666"}}}}'
    )
    given = {"resource_policy": post, "resource_account": "444455556666"}
    secure = {"aws:SecureTransport": "true"}
    inside.assert_allowed(None, "s3:GetObject", LETTER, **given, context=secure)
    inside.assert_denied(None, "s3:GetObject", LETTER, **given)
    inside.assert_denied(None, "s3:GetObject", LETTER, resource_policy=post, context=secure)
    given["resource_policy"] = json.loads(post)
    inside.assert_allowed("user/team/ann", "s3:GetObject", LETTER, **given, context=secure)
    inside.assert_denied("user/bob", "s3:GetObject", LETTER, **given, context=secure)


@pytest.mark.parametrize(
    ("principal", "action", "reason"),
    [
        ("user/nobody", "iam:ListUsers", "no arn:aws:iam::111122223333:user/nobody"),
        ("arn:aws:iam::999999999999:user/x", "iam:ListUsers", "no arn:aws:iam::999999999999"),
        ("user/bob", "iam:ListUser", "iam has no action ListUser"),
    ],
)
def test_a_slip_of_the_pen_is_no_denial(inside, principal, action, reason):
    with pytest.raises((LookupError, ValueError), match=reason):
        inside.assert_denied(principal, action)
