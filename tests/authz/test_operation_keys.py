"""The keys an operation brings to its decision, seen where the decision is made."""

import inspect
import json
from contextlib import suppress
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError
from tests.authz.samples import NOW
from tests.services.iam.certificates import issue, metadata

from doorward.account.account import Account
from doorward.account.caller import Caller
from doorward.account.model import Role, ServiceCredential, User
from doorward.app import authorise
from doorward.catalog import actions, models
from doorward.catalog.keys import key_fact
from doorward.services.registry import operations

BEDROCK = "bedrock.amazonaws.com"
TAGS = [{"Key": "Team", "Value": "blue"}, {"Key": "cost", "Value": "1"}]
LATER = [{"Key": "Case", "Value": "1"}, {"Key": "case", "Value": "2"}]
DOCUMENT = json.dumps(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}
)
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "ec2.amazonaws.com"},
            "Action": "sts:AssumeRole",
        },
    }
)
TAGGING = [
    operation
    for service in ("iam", "sts", "cloudtrail", "cloudwatch", "sns", "events")
    for operation in operations(service).values()
    for model in [
        next(
            each
            for each in models.service(service).operations.values()
            if each.function_name == operation.name
        )
    ]
    if model.input and {"Tags", "TagKeys"} & set(model.input.members)
]


FULL = {
    "account": Account.of(
        "111122223333",
        [
            User(
                name="ann",
                user_id="AIDA1",
                created=NOW,
                boundary="arn:aws:iam::1:policy/b",
                service_credentials=(ServiceCredential("ACCA1", BEDROCK, NOW, "ann-at-1"),),
            ),
            Role(
                name="r", role_id="AROA1", created=NOW, trust="", boundary="arn:aws:iam::1:policy/b"
            ),
        ],
    ),
    "caller": Caller.user("arn:aws:iam::111122223333:user/ann", "AIDA1"),
    "mfa": None,
}
GIVEN = {
    "credential_age_days": 30,
    "service_name": BEDROCK,
    "service_specific_credential_id": "ACCA1",
    "aws_service_name": "ecs.amazonaws.com",
    "external_id": "x1",
    "permissions_boundary": "arn:aws:iam::1:policy/b",
    "policy_arn": "arn:aws:iam::1:policy/p",
    "role_name": "r",
    "role_session_name": "s1",
    "source_identity": "ann",
    "tag_keys": ["Team"],
    "tags": TAGS,
    "transitive_tag_keys": ["Team"],
    "user_name": "ann",
}
NOT_OF_THE_OPERATION = {
    # of the resource, of a federated caller's proof, of an operation that is not served
    "iam:ResourceTag/${TagKey}",
    "iam:RoleTemplateARN",
    # of the registration of a security key, which is no call of the operation
    "iam:FIDO-FIPS-140-2-certification",
    "iam:FIDO-FIPS-140-3-certification",
    "iam:FIDO-certification",
    "iam:RegisterSecurityKey",
}


@pytest.fixture
def asked(monkeypatch):
    """Every question that reached the engine, in order."""
    found, judge = [], authorise.judge

    def remember(caller, account, question):
        found.append(question)
        return judge(caller, account, question)

    monkeypatch.setattr(authorise, "judge", remember)
    return found


@pytest.mark.parametrize("operation", TAGGING, ids=lambda each: each.name)
def test_every_operation_with_tags_says_which(operation):
    call = SimpleNamespace(caller=Caller.user("arn:aws:iam::1:user/a", "AIDA1"), mfa=None)
    params = {"tag_keys": ["Team"], "role_session_name": "s"}
    if not operation.name.startswith("untag_"):
        params = {"tags": TAGS, "role_session_name": "s"}
    keys = {}
    for source in operation.keys:
        keys |= source(call, params)
    wanted = tuple(tag["Key"] for tag in params.get("tags", ())) or ("Team",)
    assert keys["aws:TagKeys"] == wanted
    for tag in params.get("tags", ()):
        assert keys[f"aws:RequestTag/{tag['Key']}"] == tag["Value"]


@pytest.mark.parametrize("operation", TAGGING, ids=lambda each: each.name)
def test_without_tags_there_is_no_key(operation):
    call = SimpleNamespace(caller=Caller.user("arn:aws:iam::1:user/a", "AIDA1"), mfa=None)
    for params in ({}, {"tags": [], "tag_keys": []}):
        for source in operation.keys:
            keys = source(call, params | {"role_session_name": "s"})
            assert not any(key.startswith(("aws:RequestTag", "aws:TagKeys")) for key in keys)


def keys_of_the_action(service, operation):
    model = next(
        each
        for each in models.service(service).operations.values()
        if each.function_name == operation.name
    )
    fact = actions.action(operation.action or f"{service}:{model.name}")
    uses = (key for use in fact.resource_types for key in use.condition_keys)
    known = {*fact.condition_keys, *uses} - NOT_OF_THE_OPERATION
    return {key for key in known if key.startswith(("aws:", "iam:", "sts:"))}


@pytest.mark.parametrize(
    ("service", "operation"),
    [(service, each) for service in ("iam", "sts") for each in operations(service).values()],
    ids=lambda each: getattr(each, "name", each),
)
def test_an_operation_brings_the_keys_of_its_action(service, operation):
    takes = inspect.signature(operation.function).parameters
    params = {name: value for name, value in GIVEN.items() if name in takes}
    brought = set()
    for source in operation.keys:
        brought |= {key_fact(key).name for key in source(SimpleNamespace(**FULL), params)}
    assert brought == keys_of_the_action(service, operation)


def _user(house):
    house.iam.create_user(UserName="ann", Tags=TAGS)
    house.iam.tag_user(UserName="ann", Tags=LATER)


def _role(house):
    house.iam.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST, Tags=TAGS)
    house.iam.tag_role(RoleName="r", Tags=LATER)


def _policy(house):
    house.iam.create_policy(PolicyName="p", PolicyDocument=DOCUMENT, Tags=TAGS)
    house.iam.tag_policy(PolicyArn=f"arn:aws:iam::{house.account_id}:policy/p", Tags=LATER)


def _profile(house):
    house.iam.create_instance_profile(InstanceProfileName="i", Tags=TAGS)
    house.iam.tag_instance_profile(InstanceProfileName="i", Tags=LATER)


def _oidc(house):
    house.iam.create_open_id_connect_provider(Url="https://id.example.com", Tags=TAGS)
    arn = f"arn:aws:iam::{house.account_id}:oidc-provider/id.example.com"
    house.iam.tag_open_id_connect_provider(OpenIDConnectProviderArn=arn, Tags=LATER)


def _saml(house):
    house.iam.create_saml_provider(Name="okta", SAMLMetadataDocument=metadata(), Tags=TAGS)
    arn = f"arn:aws:iam::{house.account_id}:saml-provider/okta"
    house.iam.tag_saml_provider(SAMLProviderArn=arn, Tags=LATER)


def _certificate(house):
    web = issue("web")
    house.iam.upload_server_certificate(
        ServerCertificateName="w", CertificateBody=web.pem, PrivateKey=web.key_pem, Tags=TAGS
    )
    house.iam.tag_server_certificate(ServerCertificateName="w", Tags=LATER)


@pytest.mark.parametrize("make", [_user, _role, _policy, _profile, _oidc, _saml, _certificate])
def test_tags_of_the_request_and_then_of_the_resource(house, asked, make):
    # AWS: users and roles take no two tags of one key in two cases; the decision comes first.
    with suppress(house.iam.exceptions.InvalidInputException):
        make(house)
    made, tagged = (question.context for question in asked)
    assert made["aws:tagkeys"] == ("Team", "cost")
    assert (made["aws:requesttag/team"], made["aws:requesttag/cost"]) == ("blue", "1")
    assert not any("resourcetag" in key for key in made)
    assert tagged["aws:tagkeys"] == ("Case", "case")
    assert tagged["aws:requesttag/case"] == "2"
    for prefix in ("aws", "iam"):
        assert tagged[f"{prefix}:resourcetag/team"] == "blue"
        assert tagged[f"{prefix}:resourcetag/cost"] == "1"


def test_an_assumed_role_is_a_resource_of_iam(house, asked):
    trust = TRUST.replace('"Service": "ec2.amazonaws.com"', f'"AWS": "{house.account_id}"')
    house.iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust, Tags=TAGS)
    arn = f"arn:aws:iam::{house.account_id}:role/r"
    house.sts.assume_role(RoleArn=arn, RoleSessionName="s1", ExternalId="x1")
    context = asked[-1].context
    assert context["iam:resourcetag/team"] == context["aws:resourcetag/team"] == "blue"
    assert not any(key.startswith("sts:resourcetag") for key in context)
    assert (context["sts:rolesessionname"], context["sts:externalid"]) == ("s1", "x1")


def test_sessions_say_what_they_are_given(house, asked):
    trust = TRUST.replace('"Service": "ec2.amazonaws.com"', f'"AWS": "{house.account_id}"')
    actions = '["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]'
    trust = trust.replace('"sts:AssumeRole"', actions)
    house.iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust)
    house.sts.assume_role(
        RoleArn=f"arn:aws:iam::{house.account_id}:role/r",
        RoleSessionName="s1",
        Tags=TAGS,
        TransitiveTagKeys=["cost"],
        SourceIdentity="ann",
    )
    questions = {question.action: question.context for question in asked[1:]}
    assert set(questions) == {"sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"}
    for context in questions.values():
        assert context["aws:tagkeys"] == ("Team", "cost")
        assert context["sts:transitivetagkeys"] == ("cost",)
        assert context["sts:sourceidentity"] == "ann"
        assert context["aws:requesttag/team"] == "blue"


def test_a_session_carries_its_tags_on(house, asked):
    trust = TRUST.replace('"Service": "ec2.amazonaws.com"', f'"AWS": "{house.account_id}"')
    trust = trust.replace('"sts:AssumeRole"', '["sts:AssumeRole", "sts:TagSession"]')
    house.iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust, Tags=TAGS)
    session = house.sts.assume_role(
        RoleArn=f"arn:aws:iam::{house.account_id}:role/r",
        RoleSessionName="s1",
        Tags=[{"Key": "TEAM", "Value": "green"}],
    )
    with pytest.raises(ClientError, match="AccessDenied"):
        house.client_of(session["Credentials"]).list_users()
    context = asked[-1].context
    assert context["aws:principaltag/team"] == "green"
    assert context["aws:principaltag/cost"] == "1"
    assert context["aws:principaltype"] == "AssumedRole"


@pytest.mark.parametrize(
    ("service", "operation", "region"),
    [
        ("iam", "list_users", "us-east-1"),
        ("sts", "get_access_key_info", "eu-west-1"),
        ("cloudtrail", "lookup_events", "eu-west-1"),
    ],
)
def test_a_global_service_is_in_one_region(house, asked, service, operation, region):
    client = house.client(service, region="eu-west-1")
    given = {"AccessKeyId": house.admin.access_key_id} if service == "sts" else {}
    getattr(client, operation)(**given)
    assert asked[-1].context["aws:requestedregion"] == region


def test_what_the_transport_says(house, asked):
    house.iam.list_users()
    context = asked[-1].context
    assert context["aws:sourceip"] == "127.0.0.1"
    assert context["aws:securetransport"] == "false"
    assert context["aws:useragent"].startswith("Botocore/")
    assert context["aws:resourceaccount"] == context["aws:principalaccount"] == house.account_id
