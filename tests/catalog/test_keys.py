import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.catalog.actions import action, actions_of
from doorward.catalog.global_keys import GLOBAL_KEYS
from doorward.catalog.keys import key_fact


@pytest.mark.parametrize(
    ("asked", "name", "kind", "multi"),
    [
        ("aws:SourceIp", "aws:SourceIp", "IPAddress", False),
        ("AWS:sourceip", "aws:SourceIp", "IPAddress", False),
        ("aws:TagKeys", "aws:TagKeys", "String", True),
        ("aws:PrincipalOrgPaths", "aws:PrincipalOrgPaths", "String", True),
        ("aws:CalledVia", "aws:CalledVia", "String", True),
        ("aws:MultiFactorAuthAge", "aws:MultiFactorAuthAge", "Numeric", False),
        ("aws:CurrentTime", "aws:CurrentTime", "Date", False),
        ("aws:SecureTransport", "aws:SecureTransport", "Bool", False),
        ("aws:ResourceTag/Team", "aws:ResourceTag/${TagKey}", "String", False),
        ("aws:requesttag/a/b", "aws:RequestTag/${TagKey}", "String", False),
        ("aws:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}", "String", False),
        ("iam:PassedToService", "iam:PassedToService", "String", False),
        ("iam:ResourceTag/x", "iam:ResourceTag/${TagKey}", "String", False),
        ("s3:ExistingObjectTag/x", "s3:ExistingObjectTag/${key}", "String", False),
        ("sts:TransitiveTagKeys", "sts:TransitiveTagKeys", "String", True),
        ("sts:DurationSeconds", "sts:DurationSeconds", "Numeric", False),
        ("ec2:RoleDelivery", "ec2:RoleDelivery", "Numeric", False),
        ("saml:aud", "saml:aud", "String", False),
        ("accounts.google.com:aud", "accounts.google.com:aud", "String", False),
        (
            "github.com/enterprises/acme:actor",
            "github.com/enterprises/${EnterpriseName}:actor",
            "String",
            False,
        ),
    ],
)
def test_facts(asked, name, kind, multi):
    fact = key_fact(asked)
    assert (fact.name, fact.type, fact.multi) == (name, kind, multi)


@pytest.mark.parametrize(
    "name",
    ["", ":", "aws:", "aws:Nope", "aws:ResourceTag/", "aws:ResourceTag", "iam:Nope", "nope:key"],
)
def test_unknown_keys(name):
    assert key_fact(name) is None


def test_a_template_may_end_in_text_of_its_own():
    inside = "codebuild:environment.environmentVariables/HOME.value"
    assert key_fact(inside).name == "codebuild:environment.environmentVariables/${name}.value"
    assert key_fact(inside.removesuffix(".value")) is None


def test_global_keys_say_when_they_are_present():
    assert all(fact.present_when for fact in GLOBAL_KEYS)
    names = [fact.name.lower() for fact in GLOBAL_KEYS]
    assert len(names) == len(set(names))
    assert key_fact("aws:MultiFactorAuthPresent").present_when.startswith("temporary")


@pytest.mark.parametrize("service", ["iam", "sts", "organizations", "s3", "cloudtrail"])
def test_every_key_of_every_action_is_known(service):
    for name in actions_of(service):
        for key in action(name).condition_keys:
            assert key_fact(key) is not None, (name, key)


@given(st.text(min_size=1))
def test_any_text_stands_for_a_tag_key(text):
    assert key_fact(f"aws:PrincipalTag/{text}").name == "aws:PrincipalTag/${TagKey}"


@given(st.text())
def test_any_text_is_answered(name):
    fact = key_fact(name)
    assert fact is None or ":" in name
