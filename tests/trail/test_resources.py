from datetime import UTC, datetime

import pytest

from doorward.trail.record import index

WHEN = datetime(2026, 9, 11, tzinfo=UTC)
USER_ARN = "arn:aws:iam::111122223333:user/ann"
ROLE_ARN = "arn:aws:iam::111122223333:role/deploy"
POLICY_ARN = "arn:aws:iam::111122223333:policy/p"
USER = {"Path": "/", "UserName": "ann", "UserId": "AIDAANN", "Arn": USER_ARN, "CreateDate": WHEN}
ROLE = {"Path": "/", "RoleName": "deploy", "RoleId": "AROADEPLOY", "Arn": ROLE_ARN}
KEY = {"UserName": "ann", "AccessKeyId": "AKIANEW", "SecretAccessKey": "hush", "Status": "Active"}
A_USER = ("AWS::IAM::User", "ann")


@pytest.mark.parametrize(
    ("operation", "parameters", "response", "resources"),
    [
        (
            "CreateUser",
            {"user_name": "ann"},
            {"User": USER},
            [A_USER, ("AWS::IAM::User", "AIDAANN"), ("AWS::IAM::User", USER_ARN)],
        ),
        (
            "CreateRole",
            {"role_name": "deploy"},
            {"Role": ROLE},
            [
                ("AWS::IAM::Role", "deploy"),
                ("AWS::IAM::Role", "AROADEPLOY"),
                ("AWS::IAM::Role", ROLE_ARN),
            ],
        ),
        ("CreateAccessKey", {}, {"AccessKey": KEY}, [("AWS::IAM::AccessKey", "AKIANEW"), A_USER]),
        (
            "DeleteAccessKey",
            {"user_name": "ann", "access_key_id": "AKIANEW"},
            None,
            [("AWS::IAM::AccessKey", "AKIANEW"), A_USER],
        ),
        ("UpdateUser", {"user_name": "ann", "new_user_name": "eve"}, None, [A_USER]),
        ("DeleteUser", {"user_name": "ann"}, None, [A_USER]),
        (
            "AttachUserPolicy",
            {"user_name": "ann", "policy_arn": POLICY_ARN},
            None,
            [("AWS::IAM::Policy", POLICY_ARN), A_USER],
        ),
        (
            "CreateSAMLProvider",
            {"name": "corp"},
            {"SAMLProviderArn": "arn:aws:iam::111122223333:saml-provider/corp"},
            [("AWS::IAM::SAMLProvider", "arn:aws:iam::111122223333:saml-provider/corp")],
        ),
        ("CreateAccountAlias", {"account_alias": "x"}, None, []),
    ],
)
def test_writes_of_iam(record, operation, parameters, response, resources):
    made = record("iam", operation, parameters=parameters, response=response)
    assert list(index(made).resources) == resources


def test_reads_of_iam_list_none(record):
    made = record("iam", "GetUser", read_only=True, parameters={"user_name": "ann"})
    assert index(made).resources == ()


def test_other_services_list_none(record):
    made = record("cloudtrail", "LookupEvents", read_only=True)
    assert index(made).resources == ()


def test_a_question_to_sts_lists_none(record):
    made = record("sts", "GetCallerIdentity", read_only=True)
    assert index(made).resources == ()


def test_assume_role_lists_the_session_in_every_form(record):
    session = "arn:aws:sts::111122223333:assumed-role/deploy/nightly"
    made = record(
        "sts",
        "AssumeRole",
        read_only=True,
        parameters={"role_arn": ROLE_ARN},
        response={
            "Credentials": {"AccessKeyId": "ASIANEW"},
            "AssumedRoleUser": {"AssumedRoleId": "AROADEPLOY:nightly", "Arn": session},
        },
    )
    assert list(index(made).resources) == [
        ("AWS::IAM::AccessKey", "ASIANEW"),
        ("AWS::STS::AssumedRole", session),
        ("AWS::STS::AssumedRole", "AROADEPLOY:nightly"),
        ("AWS::STS::AssumedRole", "nightly"),
        ("AWS::IAM::Role", ROLE_ARN),
    ]


def test_a_federated_user_is_listed_with_its_key(record):
    arn = "arn:aws:sts::111122223333:federated-user/guest"
    made = record(
        "sts",
        "GetFederationToken",
        parameters={"name": "guest"},
        response={"Credentials": {"AccessKeyId": "ASIANEW"}, "FederatedUser": {"Arn": arn}},
    )
    assert list(index(made).resources) == [
        ("AWS::IAM::AccessKey", "ASIANEW"),
        ("AWS::STS::FederatedUser", arn),
    ]
