from datetime import UTC, datetime

import pytest

from doorward.catalog import models
from doorward.trail.members import printed_parameters, printed_result

SERVED = ["iam", "sts", "cloudtrail", "organizations", "accessanalyzer"]


@pytest.mark.parametrize(
    ("operation", "given", "printed"),
    [
        ("GetSAMLProvider", {"saml_provider_arn": "arn"}, {"sAMLProviderArn": "arn"}),
        (
            "GetOpenIDConnectProvider",
            {"open_id_connect_provider_arn": "arn"},
            {"openIDConnectProviderArn": "arn"},
        ),
        ("ChangePassword", {"old_password": "a", "new_password": "b"}, None),
        (
            "CreateLoginProfile",
            {"user_name": "ann", "password": "a", "password_reset_required": False},
            {"userName": "ann", "passwordResetRequired": False},
        ),
        (
            "EnableMFADevice",
            {
                "user_name": "ann",
                "serial_number": "arn",
                "authentication_code1": "123456",
                "authentication_code2": "654321",
            },
            {"userName": "ann", "serialNumber": "arn"},
        ),
        (
            "UploadServerCertificate",
            {"server_certificate_name": "c", "private_key": "k"},
            {"serverCertificateName": "c"},
        ),
        ("ListUsers", {"max_items": None}, None),
        (
            "TagUser",
            {"tags": [None, {"Key": "a", "Value": None}]},
            {"tags": [None, {"key": "a"}]},
        ),
        ("GetUser", {"not_in_the_model": "x"}, None),
        ("GetAccountSummary", {"max_items": 1}, None),
    ],
)
def test_parameters(operation, given, printed):
    assert printed_parameters("iam", operation, given) == printed


@pytest.mark.parametrize(
    ("service", "operation", "given", "printed"),
    [
        (
            "iam",
            "CreateAccessKey",
            {"AccessKey": {"AccessKeyId": "AKIA", "SecretAccessKey": "s", "Status": "Active"}},
            {"accessKey": {"accessKeyId": "AKIA", "status": "Active"}},
        ),
        (
            "iam",
            "CreateVirtualMFADevice",
            {"VirtualMFADevice": {"SerialNumber": "n", "Base32StringSeed": b"s"}},
            {"virtualMFADevice": {"serialNumber": "n"}},
        ),
        ("iam", "GetAccountSummary", {"SummaryMap": {"Users": 1}}, {"summaryMap": {"Users": 1}}),
        ("iam", "GetCredentialReport", {"Content": b"user"}, {"content": "dXNlcg=="}),
        ("iam", "DeleteUser", {"Anything": 1}, None),
        ("sts", "DecodeAuthorizationMessage", {"DecodedMessage": "x"}, None),
        (
            "iam",
            "GetAccessKeyLastUsed",
            {"AccessKeyLastUsed": {"LastUsedDate": datetime(2026, 9, 11, tzinfo=UTC)}},
            {"accessKeyLastUsed": {"lastUsedDate": "2026-09-11T00:00:00Z"}},
        ),
    ],
)
def test_results(service, operation, given, printed):
    assert printed_result(service, operation, given) == printed


LEAVES = {
    "timestamp": datetime(2026, 9, 11, tzinfo=UTC),
    "blob": b"x",
    "boolean": True,
    "integer": 1,
}
HARMLESS = {
    "allowUsersToChangePassword",
    "clientToken",
    "expirePasswords",
    "globalEndpointTokenVersion",
    "maxPasswordAge",
    "minimumPasswordLength",
    "minimumSessionTokenSize",
    "nextToken",
    "passwordLastUsed",
    "passwordPolicy",
    "passwordResetRequired",
    "passwordReusePrevention",
    "privateKeyList",
    "removePrivateKey",
    "secretPolicy",
    "secretsManagerSecret",
    "sessionTokenSize",
    "sessionTokenUtilization",
    "subjectFromWebIdentityToken",
    "unusedIamUserPasswordDetails",
}


def sample(shape, depth=0):
    """A value with every member present."""
    if shape.type == "structure":
        members = {} if depth > 8 else shape.members
        return {name: sample(member, depth + 1) for name, member in members.items()}
    if shape.type == "list":
        return [] if depth > 8 else [sample(shape.member, depth + 1)]
    if shape.type == "map":
        return {"x": sample(shape.value, depth + 1)}
    return LEAVES.get(shape.type, "x")


def names(value):
    if isinstance(value, dict):
        yield from value
        for part in value.values():
            yield from names(part)
    if isinstance(value, list):
        for part in value:
            yield from names(part)


def looks_secret(name):
    words = ("password", "secret", "token", "privatekey", "seed", "qrcode", "authenticationcode")
    return any(word in name.lower() for word in words)


@pytest.mark.parametrize("service", SERVED)
def test_whatever_looks_secret_is_left_out(service):
    for name, operation in models.service(service).operations.items():
        given = sample(operation.input) if operation.input else {}
        parameters = {models.snake(member): value for member, value in given.items()}
        result = sample(operation.output) if operation.output else {}
        shown = {
            *names(printed_parameters(service, name, parameters)),
            *names(printed_result(service, name, result)),
        }
        assert not {member for member in shown if looks_secret(member)} - HARMLESS, name


@pytest.mark.parametrize(
    ("service", "operation", "given", "printed"),
    [
        (
            "sns",
            "Publish",
            {
                "topic_arn": "arn",
                "message": "to ann",
                "subject": "pay",
                "message_attributes": {"a": {"DataType": "String", "StringValue": "b"}},
            },
            {"topicArn": "arn"},
        ),
        (
            "logs",
            "TestMetricFilter",
            {"filter_pattern": "x", "log_event_messages": ("to ann",)},
            {"filterPattern": "x"},
        ),
    ],
)
def test_what_people_are_told_stays_out(service, operation, given, printed):
    assert printed_parameters(service, operation, given) == printed


def test_a_document_is_printed_as_it_came():
    given = {"principal": None, "action": ["s3:Get"], "resource": {"a": 1}, "context": {"a": "b"}}
    assert printed_parameters("doorward", "Authorize", given) == {
        "action": ["s3:Get"],
        "resource": {"a": 1},
    }
