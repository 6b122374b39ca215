from datetime import UTC, datetime, timedelta

import pytest
from tests.house import raises_aws
from tests.services.sts.conftest import document

NO_MFA = (
    "The security token included in the request is invalid "
    "(Cannot call IAM operations with session credentials obtained without MFA)"
)
MFA_FAILED = (
    "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial"
    " number is valid and associated with this user."
)
HALF_A_CODE = "must provide both MFA serial number and one time pass code"


def lasts_s(house, credentials):
    return round((credentials["Expiration"] - house.clock()).total_seconds(), -1)


@pytest.mark.parametrize(
    ("asked", "granted"),
    [({}, 43200), ({"DurationSeconds": 900}, 900), ({"DurationSeconds": 129600}, 129600)],
)
def test_how_long(house, ann, asked, granted):
    assert lasts_s(house, ann.get_session_token(**asked)["Credentials"]) == granted


@pytest.mark.parametrize("duration_s", [0, 899, 129601])
def test_durations_outside(unchecked, duration_s):
    with raises_aws("ValidationError"):
        unchecked.get_session_token(DurationSeconds=duration_s)


def test_no_policy_has_a_say(house, ann):
    deny = document({"Effect": "Deny", "Action": "*", "Resource": "*"})
    house.iam.put_user_policy(UserName="ann", PolicyName="none", PolicyDocument=deny)
    assert ann.get_session_token()["Credentials"]


def test_its_members(ann):
    answer = ann.get_session_token()
    answer.pop("ResponseMetadata")
    assert set(answer) == {"Credentials", "SessionTokenSize", "SessionTokenUtilization"}
    size = len(answer["Credentials"]["SessionToken"])
    assert answer["SessionTokenSize"] == size
    assert answer["SessionTokenUtilization"] == size * 100 // 4096
    assert answer["Credentials"]["Expiration"].microsecond == 0


@pytest.mark.parametrize("size", [0, 1, 800, 4096])
def test_a_longer_token_may_be_asked_for(house, ann, size):
    answer = ann.get_session_token(MinimumSessionTokenSize=size)
    assert size <= answer["SessionTokenSize"] <= max(size, 800) + 200
    assert house.client_of(answer["Credentials"], "sts").get_caller_identity()["Account"]


@pytest.mark.parametrize("size", [-1, 4097])
def test_token_sizes_outside(unchecked, size):
    with raises_aws("ValidationError"):
        unchecked.get_session_token(MinimumSessionTokenSize=size)


@pytest.mark.parametrize(
    ("given", "code", "message"),
    [
        ({"SerialNumber": "GAHT12345678"}, "ValidationError", HALF_A_CODE),
        ({"TokenCode": "123456"}, "ValidationError", HALF_A_CODE),
        ({"SerialNumber": "GAHT12345678", "TokenCode": "123456"}, "AccessDenied", MFA_FAILED),
    ],
)
def test_mfa_codes(ann, given, code, message):
    with raises_aws(code, message):
        ann.get_session_token(**given)


@pytest.mark.parametrize(
    ("name", "length", "accepted"),
    [
        ("SerialNumber", 8, False),
        ("SerialNumber", 9, True),
        ("SerialNumber", 256, True),
        ("SerialNumber", 257, False),
        ("TokenCode", 5, False),
        ("TokenCode", 6, True),
        ("TokenCode", 7, False),
    ],
)
def test_lengths(unchecked, name, length, accepted):
    given = {"SerialNumber": "GAHT12345678", "TokenCode": "123456", name: "1" * length}
    with raises_aws("AccessDenied" if accepted else "ValidationError"):
        unchecked.get_session_token(**given)


@pytest.mark.parametrize("operation", ["get_session_token", "get_federation_token"])
def test_a_session_opens_no_session_of_itself(house, ann, operation):
    client = house.client_of(ann.get_session_token()["Credentials"], "sts")
    given = {"Name": "guest"} if operation == "get_federation_token" else {}
    aws_name = {"get_session_token": "GetSessionToken"}.get(operation, "GetFederationToken")
    with raises_aws("AccessDenied", f"Cannot call {aws_name} with session credentials"):
        getattr(client, operation)(**given)


def test_without_mfa_iam_is_closed(house):
    credentials = house.sts.get_session_token()["Credentials"]
    with raises_aws("InvalidClientTokenId", NO_MFA):
        house.client_of(credentials).list_users()


def test_it_may_assume_roles(house, roles):
    roles.make("deploy")
    client = house.client_of(house.sts.get_session_token()["Credentials"], "sts")
    assert roles.assume("deploy", client)["AssumedRoleUser"]


def test_it_ends(house, ann):
    credentials = ann.get_session_token(DurationSeconds=900)["Credentials"]
    client = house.client_of(credentials, "sts")
    house.clock.advance(seconds=890)
    client.get_caller_identity()
    house.clock.advance(seconds=20)
    with raises_aws("ExpiredToken"):
        client.get_caller_identity()


def test_it_dies_with_its_user(house, ann):
    client = house.client_of(ann.get_session_token()["Credentials"], "sts")
    for key in house.iam.list_access_keys(UserName="ann")["AccessKeyMetadata"]:
        house.iam.delete_access_key(UserName="ann", AccessKeyId=key["AccessKeyId"])
    client.get_caller_identity()
    house.iam.delete_user(UserName="ann")
    with raises_aws("InvalidClientTokenId"):
        client.get_caller_identity()


def test_times_are_utc(ann):
    expiration = ann.get_session_token()["Credentials"]["Expiration"]
    assert expiration.utcoffset() == timedelta()
    assert expiration > datetime.now(UTC)
