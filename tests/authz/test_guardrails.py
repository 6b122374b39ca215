import pytest

from doorward.authz.guardrails import (
    RCP_EXEMPTIONS,
    SCP_EXEMPTIONS,
    Membership,
    rcp_applies,
    rcp_levels,
    scp_applies,
    scp_levels,
)
from doorward.policy import Attached, Policies, Policy, Principal, PrincipalKind, Request, decide
from doorward.policy.rcp import RCP_SERVICES

MANAGEMENT = "111111111111"
MEMBER = "222222222222"
OUTSIDE = "999999999999"
AT_MEMBER = Membership("o-abcdefghij", MEMBER, MANAGEMENT)
AT_MANAGEMENT = Membership("o-abcdefghij", MANAGEMENT, MANAGEMENT)

QUEUE = f"arn:aws:sqs:us-east-1:{MEMBER}:orders"
KEY = f"arn:aws:kms:us-east-1:{MEMBER}:key/0d0c3f2e-0000-4000-8000-000000000000"
LINKED = f"arn:aws:iam::{MEMBER}:role/aws-service-role/sqs.amazonaws.com/AWSServiceRoleForSQS"

USER = Principal.from_arn(f"arn:aws:iam::{MEMBER}:user/ann")
ROOT = Principal.from_arn(f"arn:aws:iam::{MEMBER}:root")
STRANGER = Principal.from_arn(f"arn:aws:iam::{OUTSIDE}:user/eve")
SERVICE = Principal.from_arn("sqs.amazonaws.com")
NOBODY = Principal.from_arn(None)


def a_session(role_arn):
    name = role_arn.rpartition("/")[2]
    own = f"arn:aws:sts::{MEMBER}:assumed-role/{name}/s"
    return Principal(PrincipalKind.SESSION, own, MEMBER, role_arn, "AROA1")


LINKED_SESSION = a_session(LINKED)


def a_federated(kind):
    provider = f"arn:aws:iam::{MEMBER}:saml-provider/p"
    return Principal(kind, "", MEMBER, provider=provider)


def ask(principal=USER, action="sqs:SendMessage", resource=QUEUE, **context):
    keys = {key.replace("__", ":"): value for key, value in context.items()}
    return Request(principal, action, resource, MEMBER, keys)


@pytest.mark.rule("7.1")
@pytest.mark.parametrize(
    "principal",
    [
        USER,
        ROOT,
        Principal.from_arn(f"arn:aws:iam::{MEMBER}:role/Reader"),
        a_session(f"arn:aws:iam::{MEMBER}:role/Reader"),
        Principal.from_arn(f"arn:aws:sts::{MEMBER}:federated-user/bob"),
        Principal(PrincipalKind.ASSUMED_ROOT, ROOT.arn, MEMBER, ROOT.arn, MEMBER),
    ],
    ids=lambda principal: principal.kind.value,
)
def test_scps_bind_every_principal_of_a_member(principal):
    assert scp_applies(ask(principal), AT_MEMBER)


def test_scps_bind_a_delegated_administrator_and_calls_to_elsewhere():
    foreign = Request(USER, "sqs:SendMessage", QUEUE.replace(MEMBER, OUTSIDE), OUTSIDE)
    assert scp_applies(foreign, AT_MEMBER)


def test_scps_bind_an_action_without_a_resource():
    assert scp_applies(ask(action="sqs:ListQueues", resource="*"), AT_MEMBER)


@pytest.mark.rule(
    "7.1/management", "7.1/service-linked", "7.1/outside", "7.1/support", "7.1/reverse-dns"
)
@pytest.mark.parametrize(
    ("request_", "at"),
    [
        (ask(STRANGER), None),
        (ask(USER), AT_MANAGEMENT),
        (ask(ROOT), AT_MANAGEMENT),
        (ask(SERVICE), AT_MEMBER),
        (ask(NOBODY), AT_MEMBER),
        (ask(a_federated(PrincipalKind.SAML)), AT_MEMBER),
        (ask(a_federated(PrincipalKind.WEB_IDENTITY)), AT_MEMBER),
        (ask(LINKED_SESSION), AT_MEMBER),
        (ask(Principal.from_arn(LINKED)), AT_MEMBER),
        (ask(ROOT, "supportplans:CreateSupportPlanSchedule", "*"), AT_MEMBER),
        (ask(ROOT, "supportplans:StartSupportPlanUpdate", "*"), AT_MEMBER),
        (ask(ROOT, "ec2:ModifyAddressAttribute", "*"), AT_MEMBER),
        (ask(ROOT, "ec2:ResetAddressAttribute", "*"), AT_MEMBER),
        (ask(USER, "mechanicalturk:CreateHIT", "*"), AT_MEMBER),
    ],
    ids=[
        "outside-the-organization",
        "management-account",
        "management-root",
        "service",
        "anonymous",
        "saml",
        "web-identity",
        "service-linked-role-session",
        "service-linked-role",
        "root-support-plan-new",
        "root-support-plan-change",
        "root-reverse-dns",
        "root-reverse-dns-reset",
        "mechanical-turk",
    ],
)
def test_scps_leave_alone(request_, at):
    assert not scp_applies(request_, at)


@pytest.mark.rule("7.1/service-linked", "7.1/support", "7.1/reverse-dns")
@pytest.mark.parametrize(
    "request_",
    [
        ask(USER, "supportplans:StartSupportPlanUpdate", "*"),
        ask(USER, "ec2:ModifyAddressAttribute", "*"),
        ask(ROOT, "supportplans:GetSupportPlan", "*"),
        ask(ROOT, "ec2:RunInstances", "*"),
        ask(a_session(f"arn:aws:iam::{MEMBER}:role/x/aws-service-role/y")),
        ask(a_session(f"arn:aws:iam::{MEMBER}:role/AWSServiceRoleForSQS")),
    ],
    ids=[
        "user-support-plan",
        "user-reverse-dns",
        "root-reads-plan",
        "root-other",
        "path-inside",
        "name-alone",
    ],
)
def test_an_exemption_is_no_wider_than_its_row(request_):
    assert scp_applies(request_, AT_MEMBER)


@pytest.mark.rule("7.3")
@pytest.mark.parametrize(
    "principal",
    [USER, ROOT, STRANGER, SERVICE, NOBODY, a_federated(PrincipalKind.SAML)],
    ids=lambda principal: principal.kind.value + principal.account[:1],
)
def test_rcps_bind_whoever_calls(principal):
    assert rcp_applies(ask(principal), AT_MEMBER)


@pytest.mark.rule("7.4")
@pytest.mark.parametrize("service", sorted(RCP_SERVICES))
def test_rcps_act_on_each_service_of_the_list(service):
    assert rcp_applies(ask(action=f"{service.upper()}:Any"), AT_MEMBER)


@pytest.mark.rule("7.3")
@pytest.mark.parametrize(
    "request_",
    [
        ask(action="sqs:ListQueues", resource=f"arn:aws:sqs:us-east-1:{MEMBER}:"),
        ask(action="sts:AssumeRole", resource=f"arn:aws:iam::{MEMBER}:role/Reader"),
        ask(STRANGER, "sts:AssumeRole", f"arn:aws:iam::{MEMBER}:role/Reader"),
        ask(SERVICE, "sts:AssumeRole", f"arn:aws:iam::{MEMBER}:role/Reader"),
        ask(action="kms:Encrypt", resource=KEY),
        ask(action="kms:Encrypt", resource=KEY, kms__ResourceAliases=("alias/mine",)),
        ask(action="kms:Encrypt", resource=f"arn:aws:kms:us-east-1:{MEMBER}:alias/mine"),
        ask(kms__ResourceAliases=("alias/aws/sqs",)),
    ],
    ids=[
        "list-on-an-empty-name",
        "assume-role",
        "assume-role-from-outside",
        "service-assumes-ordinary-role",
        "kms-key",
        "own-alias-in-context",
        "own-alias",
        "alias-of-another-service",
    ],
)
def test_rcps_reach(request_):
    assert rcp_applies(request_, AT_MEMBER)


@pytest.mark.rule(
    "7.3/management",
    "7.3/service-linked",
    "7.3/managed-keys",
    "7.3/retire-grant",
    "7.3/star-request",
    "7.4",
)
@pytest.mark.parametrize(
    ("request_", "at"),
    [
        (ask(), None),
        (ask(STRANGER), AT_MANAGEMENT),
        (ask(action="sqs:ListQueues", resource="*"), AT_MEMBER),
        (ask(action="iam:GetUser", resource=USER.arn), AT_MEMBER),
        (ask(action="ec2:RunInstances"), AT_MEMBER),
        (ask(action="es:ESHttpGet"), AT_MEMBER),
        (ask(LINKED_SESSION), AT_MEMBER),
        (ask(Principal.from_arn(LINKED)), AT_MEMBER),
        (ask(SERVICE, "sts:AssumeRole", LINKED), AT_MEMBER),
        (ask(action="kms:RetireGrant", resource=KEY), AT_MEMBER),
        (ask(STRANGER, "KMS:retiregrant", KEY), AT_MEMBER),
        (
            ask(action="kms:Decrypt", resource=f"arn:aws:kms:us-east-1:{MEMBER}:alias/aws/s3"),
            AT_MEMBER,
        ),
        (
            ask(action="kms:Decrypt", resource=KEY, kms__ResourceAliases=("alias/aws/s3",)),
            AT_MEMBER,
        ),
        (ask(action="kms:Decrypt", resource=KEY, kms__ResourceAliases="alias/aws/s3"), AT_MEMBER),
    ],
    ids=[
        "owner-outside-the-organization",
        "management-accounts-resource",
        "no-resource",
        "iam",
        "ec2",
        "es-is-not-opensearch",
        "service-linked-role-session",
        "service-linked-role",
        "service-assumes-its-linked-role",
        "retire-grant",
        "retire-grant-any-case",
        "aws-managed-alias",
        "aws-managed-key",
        "aws-managed-key-one-alias",
    ],
)
def test_rcps_leave_alone(request_, at):
    assert not rcp_applies(request_, at)


def test_every_exemption_says_where_it_comes_from():
    assert all(each.source for each in (*SCP_EXEMPTIONS, *RCP_EXEMPTIONS))


def attached(kind, effect):
    principal = '"Principal":"*",' if kind == "rcp" else ""
    text = (
        f'{{"Version":"2012-10-17","Statement":{{"Effect":"{effect}",{principal}'
        '"Action":"sqs:*","Resource":"*"}}'
    )
    return Attached(Policy.parse(text, kind), f"{kind}-{effect}")


@pytest.mark.rule("7.6", "6.4")
def test_levels_pass_through_unchanged_or_not_at_all():
    levels = ((attached("scp", "Allow"),), (attached("scp", "Deny"),))
    assert scp_levels(ask(), AT_MEMBER, levels) is levels
    assert scp_levels(ask(), AT_MANAGEMENT, levels) == ()
    levels = ((), (attached("rcp", "Deny"),))
    assert rcp_levels(ask(), AT_MEMBER, levels) is levels
    assert rcp_levels(ask(), None, levels) == ()


@pytest.mark.rule("7.6")
@pytest.mark.parametrize(("at", "allowed"), [(AT_MEMBER, False), (AT_MANAGEMENT, True)])
@pytest.mark.parametrize("kind", ["scp", "rcp"])
def test_the_engine_denies_by_the_levels_that_apply(kind, at, allowed):
    may = attached("identity", "Allow")
    levels = ((attached(kind, "Deny"),),)
    by = {"scp": scp_levels, "rcp": rcp_levels}[kind](ask(), at, levels)
    decision = decide(ask(), Policies(identity=(may,), **{kind: by}))
    assert decision.allowed is allowed
