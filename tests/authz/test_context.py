from dataclasses import replace
from datetime import timedelta

import pytest
from tests.authz.samples import ACCOUNT, ANN, HERE, NOW, a_session, context_of
from tests.authz.samples import ARRIVAL as BROWSER

from doorward.account.caller import Caller
from doorward.account.session import SessionKind
from doorward.authz.context import of_resource

ARRIVAL = replace(BROWSER, user_agent=None, referer=None)


def user():
    return Caller.user(HERE.arn(ANN), ANN.user_id, "AKIA1")


@pytest.mark.rule("9/always")
def test_what_every_call_brings():
    context = context_of(user(), arrival=ARRIVAL)
    assert context["aws:currenttime"] == "2026-09-11T10:00:00Z"
    assert context["aws:epochtime"] == "1789120800"
    assert context["aws:sourceip"] == "192.0.2.7"
    assert context["aws:securetransport"] == "false"
    assert context["aws:requestedregion"] == "us-east-1"
    assert context["aws:viaawsservice"] == "false"
    assert "aws:useragent" not in context
    assert "aws:referer" not in context


def test_what_only_some_requests_bring():
    arrival = replace(ARRIVAL, secure=True, user_agent="cli", referer="https://x/")
    context = context_of(user(), arrival=arrival)
    assert context["aws:securetransport"] == "true"
    assert context["aws:useragent"] == "cli"
    assert context["aws:referer"] == "https://x/"


@pytest.mark.rule("9/PrincipalAccount", "9/MultiFactorAuthPresent")
def test_a_user_with_a_long_term_key():
    context = context_of(user())
    assert context["aws:principalarn"] == "arn:aws:iam::111122223333:user/x/ann"
    assert context["aws:principaltype"] == "User"
    assert context["aws:username"] == "ann"
    assert context["aws:userid"] == "AIDA1"
    assert context["aws:principalaccount"] == ACCOUNT
    assert context["aws:principaltag/team"] == "blue"
    assert not {"aws:tokenissuetime", "aws:multifactorauthpresent"} & set(context)


def test_root_has_no_name():
    context = context_of(Caller.root(ACCOUNT, "AKIA1"))
    assert context["aws:principaltype"] == "Account"
    assert context["aws:principalarn"] == "arn:aws:iam::111122223333:root"
    assert "aws:username" not in context


def test_a_role_session_shows_the_role():
    context = context_of(Caller.of_session(a_session()))
    assert context["aws:principalarn"] == "arn:aws:iam::111122223333:role/y/Reader"
    assert context["aws:userid"] == "AROA1:work"
    assert context["aws:principaltype"] == "AssumedRole"
    assert context["aws:tokenissuetime"] == "2026-09-11T09:55:00Z"
    assert context["aws:multifactorauthpresent"] == "false"
    assert not {"aws:username", "aws:multifactorauthage"} & set(context)


@pytest.mark.rule("9/PrincipalTag")
def test_session_tags_overlay_role_tags_whatever_their_case():
    session = a_session(tags=(("TEAM", "green"), ("cost", "1")))
    context = context_of(Caller.of_session(session))
    assert context["aws:principaltag/team"] == "green"
    assert context["aws:principaltag/cost"] == "1"


@pytest.mark.rule("9/MultiFactorAuthAge")
@pytest.mark.parametrize(("ago_s", "age"), [(0, "0"), (61, "61"), (-5, "0")])
def test_how_old_the_mfa_is(ago_s, age):
    session = a_session(mfa_at=NOW - timedelta(seconds=ago_s))
    context = context_of(Caller.of_session(session))
    assert context["aws:multifactorauthpresent"] == "true"
    assert context["aws:multifactorauthage"] == age


def test_what_a_session_carries_on():
    session = a_session(
        source_identity="ann",
        provider="arn:aws:iam::1:saml-provider/p",
        context=(("SAML:sub", "x"),),
    )
    context = context_of(Caller.of_session(session))
    assert context["aws:sourceidentity"] == "ann"
    assert context["aws:federatedprovider"] == "arn:aws:iam::1:saml-provider/p"
    assert context["saml:sub"] == "x"


def test_a_federated_user_has_its_own_tags_only():
    session = a_session(
        SessionKind.FEDERATED_USER,
        entity_arn=HERE.arn(ANN),
        entity_id=ANN.user_id,
        name="bob",
        tags=(("cost", "1"),),
    )
    context = context_of(Caller.of_session(session))
    assert context["aws:principalarn"] == "arn:aws:sts::111122223333:federated-user/bob"
    assert context["aws:userid"] == "111122223333:bob"
    assert context["aws:principaltag/cost"] == "1"
    assert "aws:principaltag/team" not in context


def test_a_session_of_assumed_root():
    session = a_session(
        SessionKind.ASSUMED_ROOT, entity_arn="arn:aws:iam::111122223333:root", entity_id=ACCOUNT
    )
    context = context_of(Caller.of_session(session))
    assert context["aws:assumedroot"] == "true"
    assert context["aws:principalarn"] == "arn:aws:iam::111122223333:root"


@pytest.mark.rule("9/federation")
def test_a_saml_caller_has_no_arn_and_is_a_user():
    context = context_of(Caller.saml("arn:aws:iam::111122223333:saml-provider/p", "x"), None)
    assert "aws:principalarn" not in context
    assert context["aws:principaltype"] == "User"
    assert context["aws:userid"] == "arn:aws:iam::111122223333:saml-provider/p"
    assert context["aws:principalaccount"] == ACCOUNT


def test_nobody():
    context = context_of(Caller.anonymous(), None)
    assert context["aws:principaltype"] == "Anonymous"
    assert context["aws:userid"] == "anonymous"
    assert context["aws:principalaccount"] == "anonymous"


def test_a_provider_without_an_arn_has_no_account():
    context = context_of(Caller.web_identity("accounts.google.com", "x"), None)
    assert context["aws:userid"] == "accounts.google.com"
    assert "aws:principalaccount" not in context


def test_a_service_has_a_name_and_nothing_else():
    context = context_of(Caller.service("ec2.amazonaws.com"), None)
    assert {key: value for key, value in context.items() if key.startswith("aws:principal")} == {
        "aws:principaltype": "AWSService",
        "aws:principalisawsservice": "true",
        "aws:principalservicename": "ec2.amazonaws.com",
        "aws:principalservicenameslist": ("ec2.amazonaws.com",),
    }


@pytest.mark.rule("9/SourceIp")
@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("unknown", None),
        ("192.0.2.7:1234", None),
        ("192.0.2.0/24", None),
        ("", None),
    ],
)
def test_a_source_that_is_no_address_is_not_shown(source, shown):
    assert context_of(user(), arrival=replace(ARRIVAL, source=source)).get("aws:sourceip") == shown


@pytest.mark.rule("9/resource")
def test_a_resource_with_tags_and_the_operations_keys():
    given = {"aws:TagKeys": ("a", "B"), "iam:PolicyARN": "x"}
    assert of_resource(HERE.arn(ANN), ACCOUNT, ANN.tags, given) == {
        "aws:resourceaccount": ACCOUNT,
        "aws:resourcetag/team": "blue",
        "iam:resourcetag/team": "blue",
        "aws:tagkeys": ("a", "B"),
        "iam:policyarn": "x",
    }


def test_an_action_without_a_resource_has_an_account_all_the_same():
    assert of_resource("*", ACCOUNT, (), {}) == {"aws:resourceaccount": ACCOUNT}
