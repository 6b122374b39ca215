import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from doorward.trail.record import index

ROLE_ARN = "arn:aws:iam::444455556666:role/team/deploy"
CREDENTIALS = {
    "AccessKeyId": "ASIANEW",
    "SecretAccessKey": "hush",
    "SessionToken": "hush hush",
    "Expiration": datetime(2026, 9, 11, 11, 30, 15, tzinfo=UTC),
}
ASSUMED = {
    "Credentials": CREDENTIALS,
    "AssumedRoleUser": {
        "AssumedRoleId": "AROAEXAMPLE:nightly",
        "Arn": "arn:aws:sts::444455556666:assumed-role/deploy/nightly",
    },
    "PackedPolicySize": 9,
    "SourceIdentity": None,
    "SessionTokenSize": 800,
    "SessionTokenUtilization": 19,
}
CREATED_USER = {
    "User": {
        "Path": "/",
        "UserName": "ann",
        "UserId": "AIDAANN",
        "Arn": "arn:aws:iam::111122223333:user/ann",
        "CreateDate": datetime(2026, 9, 11, 10, 30, 15, tzinfo=UTC),
        "PermissionsBoundary": None,
        "Tags": [{"Key": "team", "Value": "blue"}],
    }
}


def test_members_stand_in_cloudtrails_order(record):
    made = record(
        "sts",
        "AssumeRole",
        read_only=True,
        parameters={"role_arn": ROLE_ARN, "role_session_name": "nightly"},
        response=ASSUMED,
        shared_event_id="shared",
        tls={"tlsVersion": "TLSv1.3"},
    )
    assert list(made) == [
        "eventVersion",
        "userIdentity",
        "eventTime",
        "eventSource",
        "eventName",
        "awsRegion",
        "sourceIPAddress",
        "userAgent",
        "requestParameters",
        "responseElements",
        "additionalEventData",
        "requestID",
        "eventID",
        "readOnly",
        "resources",
        "eventType",
        "managementEvent",
        "recipientAccountId",
        "sharedEventID",
        "eventCategory",
        "tlsDetails",
    ]


def test_an_event_is_plain_json(record):
    made = record("iam", "CreateUser", parameters={"user_name": "ann"}, response=CREATED_USER)
    assert json.loads(json.dumps(made)) == made


def test_the_fixed_members(record):
    made = record("iam", "ListUsers", read_only=True)
    fixed = {
        "eventVersion": "1.11",
        "eventTime": "2026-09-11T10:30:15Z",
        "eventSource": "iam.amazonaws.com",
        "eventName": "ListUsers",
        "sourceIPAddress": "127.0.0.1",
        "userAgent": "Boto3/1",
        "requestParameters": None,
        "responseElements": None,
        "readOnly": True,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": "111122223333",
        "eventCategory": "Management",
    }
    assert fixed.items() <= made.items()
    assert not {"errorCode", "errorMessage", "resources", "tlsDetails"} & set(made)


def test_times_are_utc(record):
    at = datetime(2026, 9, 11, 12, 30, 15, tzinfo=timezone(timedelta(hours=2)))
    assert record("iam", "ListUsers", at=at)["eventTime"] == "2026-09-11T10:30:15Z"


def test_a_caller_without_a_user_agent(record):
    assert "userAgent" not in record("iam", "ListUsers", user_agent=None)


@pytest.mark.parametrize(
    ("service", "region", "source"),
    [
        ("iam", "us-east-1", "iam.amazonaws.com"),
        ("organizations", "us-east-1", "organizations.amazonaws.com"),
        ("sts", "eu-central-1", "sts.amazonaws.com"),
        ("cloudtrail", "eu-central-1", "cloudtrail.amazonaws.com"),
        ("accessanalyzer", "eu-central-1", "access-analyzer.amazonaws.com"),
        ("sso-admin", "eu-central-1", "sso.amazonaws.com"),
        ("doorward", "eu-central-1", "doorward"),
    ],
)
def test_where_it_happened(record, service, region, source):
    made = record(service, "Anything")
    assert (made["awsRegion"], made["eventSource"]) == (region, source)


@pytest.mark.parametrize(
    ("service", "code", "shown"),
    [
        ("iam", "NoSuchEntity", "NoSuchEntityException"),
        ("iam", "ReportInProgress", "CredentialReportNotReadyException"),
        ("iam", "AccessDenied", "AccessDenied"),
        ("iam", "ValidationError", "ValidationError"),
        ("sts", "MalformedPolicyDocument", "MalformedPolicyDocument"),
        ("cloudtrail", "InvalidNextTokenException", "InvalidNextTokenException"),
    ],
)
def test_failures_of_iam_carry_the_class_name(record, service, code, shown):
    made = record(service, "Anything", error_code=code, error_message="No.")
    assert (made["errorCode"], made["errorMessage"]) == (shown, "No.")


@pytest.mark.parametrize(
    ("service", "operation", "given", "read_only"),
    [
        ("sts", "AssumeRole", True, True),
        ("sts", "GetCallerIdentity", True, True),
        ("sts", "GetSessionToken", True, False),
        ("sts", "GetFederationToken", True, False),
        ("sts", "GetWebIdentityToken", True, False),
        ("sts", "AssumeRoot", True, False),
        ("iam", "GetUser", True, True),
        ("iam", "CreateUser", False, False),
    ],
)
def test_what_aws_calls_read_only(record, service, operation, given, read_only):
    assert record(service, operation, read_only=given)["readOnly"] is read_only


@pytest.mark.parametrize(
    ("operation", "read_only", "kept"),
    [("CreateUser", False, True), ("UpdateUser", False, False), ("GetUser", True, False)],
)
def test_only_creations_of_iam_keep_their_answer(record, operation, read_only, kept):
    made = record("iam", operation, read_only=read_only, response=CREATED_USER)
    assert (made["responseElements"] is not None) is kept


def test_the_answer_of_a_creation(record):
    made = record("iam", "CreateUser", response=CREATED_USER)
    assert made["responseElements"] == {
        "user": {
            "path": "/",
            "userName": "ann",
            "userId": "AIDAANN",
            "arn": "arn:aws:iam::111122223333:user/ann",
            "createDate": "2026-09-11T10:30:15Z",
            "tags": [{"key": "team", "value": "blue"}],
        }
    }


@pytest.mark.parametrize("service", ["cloudtrail", "organizations"])
@pytest.mark.parametrize(("read_only", "kept"), [(True, False), (False, True)])
def test_other_services_keep_the_answers_of_writes(record, service, read_only, kept):
    operation = {"cloudtrail": "CreateTrail", "organizations": "CreateOrganizationalUnit"}[service]
    answer = {"cloudtrail": {"Name": "x"}, "organizations": {"OrganizationalUnit": {"Name": "x"}}}
    made = record(service, operation, read_only=read_only, response=answer[service])
    assert (made["responseElements"] is not None) is kept


def test_assume_role(record):
    made = record(
        "sts",
        "AssumeRole",
        read_only=True,
        parameters={
            "role_arn": ROLE_ARN,
            "role_session_name": "nightly",
            "duration_seconds": 900,
            "serial_number": "arn:aws:iam::111122223333:mfa/ann",
            "token_code": "123456",
            "tags": [{"Key": "Team", "Value": "blue"}],
            "policy_arns": [{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}],
            "external_id": None,
        },
        response=ASSUMED,
    )
    assert made["requestParameters"] == {
        "roleArn": ROLE_ARN,
        "roleSessionName": "nightly",
        "durationSeconds": 900,
        "serialNumber": "arn:aws:iam::111122223333:mfa/ann",
        "tags": [{"key": "Team", "value": "blue"}],
        "policyArns": [{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}],
    }
    assert made["responseElements"] == {
        "credentials": {"accessKeyId": "ASIANEW", "expiration": "2026-09-11T11:30:15Z"},
        "assumedRoleUser": {
            "assumedRoleId": "AROAEXAMPLE:nightly",
            "arn": "arn:aws:sts::444455556666:assumed-role/deploy/nightly",
        },
        "packedPolicySize": 9,
        "sessionTokenSize": 800,
        "sessionTokenUtilization": 19,
    }
    assert made["additionalEventData"] == {
        "RequestDetails": {"endpointType": "regional", "awsServingRegion": "eu-central-1"}
    }
    assert made["resources"] == [
        {"accountId": "444455556666", "type": "AWS::IAM::Role", "ARN": ROLE_ARN}
    ]


def test_a_refused_assume_role_names_no_resource(record):
    made = record(
        "sts",
        "AssumeRole",
        parameters={"role_arn": ROLE_ARN},
        error_code="AccessDenied",
        error_message="No.",
    )
    assert made["requestParameters"] == {"roleArn": ROLE_ARN}
    assert not {"resources", "additionalEventData"} & set(made)


def test_caller_identity_has_no_bodies(record):
    made = record(
        "sts", "GetCallerIdentity", read_only=True, parameters={}, response={"Account": "1" * 12}
    )
    assert (made["requestParameters"], made["responseElements"]) == (None, None)
    assert "resources" not in made


@pytest.mark.parametrize(
    ("identity", "username"),
    [
        ({"type": "IAMUser", "userName": "ann"}, "ann"),
        ({"type": "Root", "principalId": "111122223333"}, "root"),
        ({"type": "AssumedRole", "principalId": "AROAX:nightly"}, "nightly"),
        ({"type": "FederatedUser", "principalId": "111122223333:guest"}, "guest"),
        ({"type": "WebIdentityUser", "userName": "1234"}, "1234"),
        ({"type": "AWSAccount", "principalId": "AIDAX", "accountId": "1" * 12}, ""),
        ({"type": "Unknown", "principalId": ""}, ""),
    ],
)
def test_whom_an_event_is_found_under(record, identity, username):
    assert index(record("iam", "ListUsers", read_only=True, identity=identity)).username == username


@pytest.mark.parametrize(("identity", "key"), [({"accessKeyId": "AKIA1"}, "AKIA1"), ({}, "")])
def test_the_key_an_event_is_found_under(record, identity, key):
    made = record("iam", "ListUsers", identity={"type": "IAMUser", **identity})
    assert index(made).access_key_id == key
