"""Golden records, in the form of the examples of the CloudTrail guide."""

from datetime import UTC, datetime

import pytest

from doorward.trail import signin
from doorward.trail.record import index

ACCOUNT = "111122223333"
AT = datetime(2026, 9, 11, 10, 0, 0, 123456, tzinfo=UTC)
ANN = {
    "type": "IAMUser",
    "principalId": "AIDAANN",
    "arn": "arn:aws:iam::111122223333:user/ann",
    "accountId": ACCOUNT,
    "userName": "ann",
}
ROOT = {
    "type": "Root",
    "principalId": ACCOUNT,
    "arn": "arn:aws:iam::111122223333:root",
    "accountId": ACCOUNT,
    "accessKeyId": "",
}
CONSOLE = "https://iam.example.com/console/"


def event(name, identity, **more):
    return signin.sign_in_event(
        name,
        identity=identity,
        account=ACCOUNT,
        at=AT,
        event_id="e1",
        source_ip="192.0.2.1",
        user_agent="Mozilla/5.0",
        **more,
    )


def golden(name, identity, result, details, **more):
    return {
        "eventVersion": "1.11",
        "userIdentity": identity,
        "eventTime": "2026-09-11T10:00:00Z",
        "eventSource": "signin.amazonaws.com",
        "eventName": name,
        "awsRegion": "us-east-1",
        "sourceIPAddress": "192.0.2.1",
        "userAgent": "Mozilla/5.0",
        **more,
        "requestParameters": None,
        "responseElements": {name: result},
        "additionalEventData": details,
        "eventID": "e1",
        "readOnly": False,
        "eventType": "AwsConsoleSignIn",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
    }


def test_a_user_with_mfa_is_in():
    identity = signin.user(ACCOUNT, "AIDAANN", "ann", ANN["arn"])
    details = signin.login_details(CONSOLE, "arn:aws:iam::111122223333:mfa/ann", mfa_used=True)
    assert event("ConsoleLogin", identity, details=details) == golden(
        "ConsoleLogin",
        ANN,
        "Success",
        {
            "LoginTo": CONSOLE,
            "MobileVersion": "No",
            "MFAIdentifier": "arn:aws:iam::111122223333:mfa/ann",
            "MFAUsed": "Yes",
        },
    )


def test_root_is_in():
    details = signin.login_details(CONSOLE, None, mfa_used=False)
    assert event("ConsoleLogin", signin.root(ACCOUNT, None), details=details) == golden(
        "ConsoleLogin",
        ROOT,
        "Success",
        {"LoginTo": CONSOLE, "MobileVersion": "No", "MFAUsed": "No"},
    )


def test_a_user_is_not_in():
    identity = signin.user_outside(ACCOUNT, "AIDAANN", "ann")
    details = signin.login_details(CONSOLE, None, mfa_used=True)
    assert event("ConsoleLogin", identity, error=signin.FAILED, details=details) == golden(
        "ConsoleLogin",
        {
            "type": "IAMUser",
            "principalId": "AIDAANN",
            "accountId": ACCOUNT,
            "accessKeyId": "",
            "userName": "ann",
        },
        "Failure",
        {"LoginTo": CONSOLE, "MobileVersion": "No", "MFAUsed": "Yes"},
        errorMessage="Failed authentication",
    )


def test_a_name_nobody_has_is_hidden():
    made = event("ConsoleLogin", signin.unknown_user(ACCOUNT), error=signin.UNKNOWN_USER)
    assert made["userIdentity"] == {
        "type": "IAMUser",
        "accountId": ACCOUNT,
        "accessKeyId": "",
        "userName": "HIDDEN_DUE_TO_SECURITY_REASONS",
    }
    assert made["errorMessage"] == "No username found in supplied account"


def test_what_says_nothing_more_says_null():
    made = event("PasswordUpdated", signin.root(ACCOUNT, None))
    assert made == golden("PasswordUpdated", ROOT, "Success", None)


def test_a_browser_without_a_name():
    made = signin.sign_in_event(
        "CheckMfa",
        identity=ROOT,
        account=ACCOUNT,
        at=AT,
        event_id="e1",
        source_ip="192.0.2.1",
        user_agent=None,
    )
    assert "userAgent" not in made


def test_root_has_a_name_where_the_account_has_an_alias():
    assert signin.root(ACCOUNT, "our-house") == ROOT | {"userName": "our-house"}


@pytest.mark.parametrize(
    ("identity", "username"),
    [
        (ANN, "ann"),
        (ROOT, "root"),
        (signin.unknown_user(ACCOUNT), signin.HIDDEN),
        (signin.nobody(), signin.HIDDEN),
    ],
)
def test_by_what_it_is_looked_up(identity, username):
    found = index(event("ConsoleLogin", identity))
    assert (found.username, found.access_key_id, found.resources) == (username, "", ())
