"""Conditions on address, MFA and time, as calls are decided and as the simulator foretells it."""

from datetime import timedelta

import pytest
from tests.house import raises_aws
from tests.practices.conftest import a_user, key_of

pytestmark = pytest.mark.practice("S003-52")

OFFICE = {"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}
AWAY = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
WITH_MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


def stamp(at):
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def between(start, end):
    return {
        "DateGreaterThan": {"aws:CurrentTime": stamp(start)},
        "DateLessThan": {"aws:CurrentTime": stamp(end)},
    }


@pytest.mark.parametrize(("condition", "allowed"), [(OFFICE, True), (AWAY, False)])
def test_from_an_address(house, condition, allowed):
    a_user(house.iam, "ann", {"Condition": condition})
    assert may_list_users(house.user_client("ann")) is allowed


@pytest.mark.parametrize("key", ["aws:CurrentTime", "aws:EpochTime"])
def test_before_a_date_and_after_it(house, key):
    ends = house.clock() + timedelta(hours=1)
    a_user(house.iam, "ann", {"Condition": {"DateLessThan": {key: stamp(ends)}}})
    ann = house.user_client("ann")
    assert may_list_users(ann)
    house.clock.advance(hours=1, seconds=1)
    assert not may_list_users(ann)


def test_within_a_window_of_time(house):
    start = house.clock() + timedelta(hours=1)
    window = between(start, start + timedelta(hours=1))
    a_user(house.iam, "ann", {"Condition": window})
    ann, seen = house.user_client("ann"), []
    for _ in range(3):
        seen.append(may_list_users(ann))
        house.clock.advance(hours=1, seconds=1)
    assert seen == [False, True, False]


def test_seconds_since_1970_compare_as_a_number(house):
    ends = int(house.clock().timestamp()) + 60
    a_user(house.iam, "ann", {"Condition": {"NumericLessThan": {"aws:EpochTime": str(ends)}}})
    ann = house.user_client("ann")
    assert may_list_users(ann)
    house.clock.advance(seconds=61)
    assert not may_list_users(ann)


def test_sessions_from_before_a_moment_are_refused(house):
    """What `role revoke-sessions` of AWS's console writes: a Deny on older tokens."""
    older = {"DateLessThan": {"aws:TokenIssueTime": stamp(house.clock() + timedelta(minutes=1))}}
    a_user(house.iam, "ann", {}, {"Effect": "Deny", "Condition": older})
    assert may_list_users(house.user_client("ann")), "a key was never issued as a token"
    sts = house.user_client("ann", "sts")
    with raises_aws("AccessDeniedException"):
        events_of(house, sts).lookup_events()
    house.clock.advance(minutes=2)
    assert events_of(house, sts).lookup_events()


def events_of(house, sts):
    """A client of the trail with a new session of whoever calls."""
    return house.client_of(sts.get_session_token()["Credentials"], "cloudtrail")


def test_mfa_is_false_in_a_session_without_and_absent_with_a_key(house):
    absent = {"Null": {"aws:MultiFactorAuthPresent": "true"}}
    false = {"Bool": {"aws:MultiFactorAuthPresent": "false"}}
    a_user(
        house.iam,
        "ann",
        {"Action": "iam:ListUsers", "Condition": absent},
        {"Action": "cloudtrail:LookupEvents", "Condition": false},
    )
    key = key_of(house.iam, "ann")
    iam, sts, events = (
        house.client(service, key["AccessKeyId"], key["SecretAccessKey"])
        for service in ("iam", "sts", "cloudtrail")
    )
    assert may_list_users(iam)
    assert events_of(house, sts).lookup_events()
    with raises_aws("AccessDeniedException"):
        events.lookup_events()


def test_mfa_is_true_in_a_session_with_it(house, session_with_mfa):
    a_user(house.iam, "ann", {"Condition": WITH_MFA})
    assert not may_list_users(house.user_client("ann"))
    assert may_list_users(house.client_of(session_with_mfa("ann")))


def may_list_users(iam):
    try:
        iam.list_users()
    except iam.exceptions.ClientError as error:
        if error.response["Error"]["Code"] != "AccessDenied":
            raise
        return False
    return True


def entry(name, kind, value):
    return {"ContextKeyName": name, "ContextKeyType": kind, "ContextKeyValues": [value]}


MFA = ("aws:MultiFactorAuthPresent", "boolean")
ADDRESS = ("aws:SourceIp", "ip")
TIME = ("aws:CurrentTime", "date")
BEFORE_2030 = {"DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}}


@pytest.mark.parametrize(
    ("condition", "entries", "decision"),
    [
        (WITH_MFA, [entry(*MFA, "true")], "allowed"),
        (WITH_MFA, [entry(*MFA, "false")], "implicitDeny"),
        (WITH_MFA, [], "implicitDeny"),
        (AWAY, [entry(*ADDRESS, "203.0.113.9")], "allowed"),
        (AWAY, [entry(*ADDRESS, "198.51.100.9")], "implicitDeny"),
        (BEFORE_2030, [entry(*TIME, "2029-12-31T23:59:59Z")], "allowed"),
        (BEFORE_2030, [entry(*TIME, "2030-01-01T00:00:00Z")], "implicitDeny"),
        (WITH_MFA | AWAY, [entry(*MFA, "true"), entry(*ADDRESS, "203.0.113.9")], "allowed"),
        (WITH_MFA | AWAY, [entry(*MFA, "true"), entry(*ADDRESS, "198.51.100.9")], "implicitDeny"),
    ],
)
def test_the_simulator_foretells_it(house, condition, entries, decision):
    a_user(house.iam, "ann", {"Condition": condition})
    arn = f"arn:aws:iam::{house.account_id}:user/ann"
    (result,) = house.iam.simulate_principal_policy(
        PolicySourceArn=arn, ActionNames=["iam:ListUsers"], ContextEntries=entries
    )["EvaluationResults"]
    assert result["EvalDecision"] == decision


def test_the_simulator_names_what_it_was_not_told(house):
    a_user(house.iam, "ann", {"Condition": WITH_MFA})
    (result,) = house.iam.simulate_principal_policy(
        PolicySourceArn=f"arn:aws:iam::{house.account_id}:user/ann", ActionNames=["iam:ListUsers"]
    )["EvaluationResults"]
    assert result["MissingContextValues"] == ["aws:MultiFactorAuthPresent"]
