import json

import pytest
from tests.analysis.validate.documents import GITHUB_ARN, GOOGLE, ROLE, policy, statement, trust

from doorward.analysis.validate import findings

MFA = "aws:MultiFactorAuthPresent"
AGE = "aws:MultiFactorAuthAge"
OPEN = "mfa-condition-fails-open"
LOCKOUT = "mfa-enforce-lockout"
OWN_USER = "arn:aws:iam::*:user/${aws:username}"
OWN_DEVICE = "arn:aws:iam::*:mfa/*"


def told(code, kind="identity", **elements):
    write = trust if kind == "trust" else statement
    return [each for each in findings(policy(write(**elements)), kind) if each.code == code]


@pytest.mark.parametrize(
    ("effect", "operator", "key", "value", "opens"),
    [
        ("Allow", "BoolIfExists", MFA, "true", True),
        ("Allow", "BoolIfExists", MFA, True, True),
        ("Allow", "ForAllValues:Bool", MFA, "true", True),
        ("Allow", "StringEqualsIfExists", MFA, "TRUE", True),
        ("Allow", "StringNotEquals", MFA, "false", True),
        ("Allow", "NumericLessThanIfExists", AGE, "3600", True),
        ("Allow", "Bool", MFA, "true", False),
        ("Allow", "NumericLessThan", AGE, "3600", False),
        ("Allow", "NumericGreaterThanIfExists", AGE, "3600", False),
        ("Allow", "BoolIfExists", MFA, "false", False),
        ("Allow", "BoolIfExists", "aws:SecureTransport", "true", False),
        ("Allow", "Null", MFA, "false", False),
        ("Allow", "BoolIfExists", MFA, ["true", "false"], False),
        ("Deny", "Bool", MFA, "false", True),
        ("Deny", "StringEquals", MFA, "false", True),
        ("Deny", "BoolIfExists", MFA, "false", False),
        ("Deny", "StringNotEquals", MFA, "true", False),
        ("Deny", "Null", MFA, "true", False),
        ("Deny", "Bool", MFA, "true", False),
        ("Deny", "NoSuchOperator", MFA, "false", False),
        ("Deny", "IpAddress", MFA, "false", False),
    ],
)
def test_which_conditions_let_requests_without_mfa_pass(effect, operator, key, value, opens):
    found = told(OPEN, Effect=effect, Condition={operator: {key: value}})
    assert bool(found) is opens


def test_a_deny_is_offered_with_if_exists():
    text = policy(statement(Effect="Deny", Condition={"Bool": {MFA: "false"}}))
    (finding,) = [each for each in findings(text, "identity") if each.code == OPEN]
    (fix,) = finding.fixes
    (mended,) = json.loads(fix.applied(text))["Statement"]
    assert mended["Condition"] == {"BoolIfExists": {MFA: "false"}}


def test_an_age_that_may_be_missing_is_offered_as_one_that_may_not():
    text = policy(statement(Condition={"NumericLessThanIfExists": {AGE: "3600"}}))
    (finding,) = [each for each in findings(text, "identity") if each.code == OPEN]
    assert [fix.title for fix in finding.fixes] == ["allow with MFA only"]
    (mended,) = json.loads(finding.fixes[0].applied(text))["Statement"]
    assert mended["Condition"] == {"NumericLessThan": {AGE: "3600"}}


@pytest.mark.parametrize(
    ("elements", "locks"),
    [
        ({"Action": "*"}, True),
        ({"Action": ["iam:*", "s3:*"]}, True),
        ({"Action": None, "NotAction": ["iam:GetUser"]}, True),
        ({"Action": None, "NotAction": ["iam:*MFADevice*"]}, False),
        ({"Action": ["iam:DeleteUser"]}, False),
        ({"Action": "*", "Effect": "Allow"}, False),
        ({"Action": "*", "Resource": "arn:aws:s3:::box"}, False),
        ({"Action": "*", "Resource": None, "NotResource": "arn:aws:s3:::box"}, True),
        ({"Action": "*", "Resource": None, "NotResource": [OWN_USER]}, True),
        ({"Action": "*", "Resource": None, "NotResource": [OWN_USER, OWN_DEVICE]}, False),
        ({"Action": "*", "Condition": {}}, False),
        ({"Action": "*", "Condition": {"Null": {AGE: "true"}}}, True),
        (
            {
                "Action": "*",
                "Condition": {
                    "BoolIfExists": {MFA: "false"},
                    "StringEquals": {"aws:RequestedRegion": "eu-west-1"},
                },
            },
            False,
        ),
    ],
)
def test_who_is_locked_out(elements, locks):
    plain = {"Effect": "Deny", "Resource": "*", "Condition": {"BoolIfExists": {MFA: "false"}}}
    assert bool(told(LOCKOUT, **(plain | elements))) is locks


@pytest.mark.parametrize(
    ("elements", "offered"),
    [
        ({"Action": "*"}, True),
        ({"Action": "iam:*"}, False),
        ({"Action": None, "NotAction": "s3:*"}, True),
    ],
)
def test_the_way_out_of_a_lockout_is_offered_where_all_is_denied(elements, offered):
    plain = {"Effect": "Deny", "Resource": "*", "Condition": {"BoolIfExists": {MFA: "false"}}}
    (finding,) = told(LOCKOUT, **(plain | elements))
    assert bool(finding.fixes) is offered


@pytest.mark.parametrize(
    ("resource", "all_roles"),
    [
        ("*", True),
        ("arn:aws:iam::*:role/*", True),
        ("arn:aws:iam::123456789012:*", True),
        ("arn:aws:iam::123456789012:role*", True),
        ("arn:aws:iam:*", True),
        ("arn:aws:iam::123456789012:role/app-*", False),
        ("arn:aws:s3*", False),
        ("arn:aws:s3:::*", False),
        (ROLE, False),
    ],
)
def test_what_every_role_is(resource, all_roles):
    found = told("PASS_ROLE_WITH_STAR_IN_RESOURCE", Action="iam:PassRole", Resource=resource)
    assert bool(found) is all_roles


@pytest.mark.parametrize(
    ("principal", "condition", "told_of"),
    [
        ({"Federated": GOOGLE}, None, True),
        ({"Federated": GOOGLE}, {"StringEquals": {f"{GOOGLE}:sub": "1"}}, True),
        ({"Federated": GOOGLE}, {"StringEquals": {f"{GOOGLE}:aud": "1"}}, False),
        ({"Federated": GITHUB_ARN}, None, True),
        ({"Federated": GITHUB_ARN}, {"StringEquals": {"aws:username": "a"}}, True),
        (
            {"Federated": GITHUB_ARN},
            {"StringEquals": {"token.actions.githubusercontent.com:sub": "a"}},
            False,
        ),
        ({"AWS": "123456789012"}, None, False),
    ],
)
def test_which_tokens_are_asked_for_whom(principal, condition, told_of):
    action = "sts:AssumeRoleWithWebIdentity"
    elements = {"Principal": principal, "Action": action, "Condition": condition}
    found = told("MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL", "trust", **elements)
    assert bool(found) is told_of
    assert all(bool(each.fixes) is (condition is None) for each in found)


@pytest.mark.parametrize(
    ("principal", "told_of"),
    [
        ("*", True),
        ("123456789012", True),
        ("arn:aws:iam::123456789012:root", True),
        (ROLE, False),
    ],
)
def test_which_principals_are_whole_accounts(principal, told_of):
    found = told("role-trust-no-external-id-or-mfa", "trust", Principal={"AWS": principal})
    assert bool(found) is told_of
