from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from doorward.account.account import Account
from doorward.account.caller import Caller
from doorward.account.model import (
    Group,
    InlinePolicy,
    ManagedPolicy,
    PolicyVersion,
    Profile,
    Role,
    User,
)
from doorward.account.session import Session, SessionKind
from doorward.authz import gather
from doorward.authz.decide import principal_of
from doorward.authz.gather import managed_text, policies_of, principal_in, resource_policy_of
from doorward.policy import Attached, Policy, Principal, PrincipalKind, Request, decide

NOW = datetime(2026, 9, 11, 10, 0, 0, tzinfo=UTC)
ACCOUNT = "111122223333"
TEXT = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'
NAMED = TEXT.replace('"Action"', '"Principal":"*","Action"')
TRUST = (
    '{"Version":"2012-10-17","Statement":'
    '{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}}'
)
OWN = f"arn:aws:iam::{ACCOUNT}:policy/own"
AWSS = "arn:aws:iam::aws:policy/ReadOnlyAccess"
GONE = f"arn:aws:iam::{ACCOUNT}:policy/gone"


def an_account(**of_ann):
    ann = User(name="ann", user_id="AIDA1", created=NOW, **of_ann)
    return Account.of(
        ACCOUNT,
        [
            Profile(id=ACCOUNT, email="e", created=NOW),
            ann,
            Group(
                name="g",
                group_id="AGPA1",
                created=NOW,
                attached=(AWSS,),
                inline=(InlinePolicy("gi", TEXT),),
            ),
            Role(name="r", role_id="AROA1", created=NOW, trust="", attached=(OWN,)),
            ManagedPolicy(
                name="own",
                policy_id="ANPA1",
                created=NOW,
                updated=NOW,
                versions=(PolicyVersion("v1", TEXT, NOW),),
            ),
        ],
    )


def ann(account):
    return Caller.user(account.arn(account.user("ann")), "AIDA1", "AKIA1")


def a_session(kind, entity_arn, entity_id, **changes):
    session = Session(
        access_key_id="ASIA1",
        secret_access_key="s",
        account=ACCOUNT,
        kind=kind,
        entity_arn=entity_arn,
        entity_id=entity_id,
        name="work",
        issued_at=NOW,
        expires_at=NOW + timedelta(hours=1),
    )
    return Caller.of_session(replace(session, **changes))


def names(attached):
    return sorted(each.name for each in attached)


@pytest.mark.rule("1.2", "1.4")
def test_a_user_has_its_own_and_its_groups_policies():
    account = an_account(attached=(OWN,), inline=(InlinePolicy("i", TEXT),), groups=("g",))
    found = policies_of(ann(account), account, None)
    assert names(found.identity) == ["ReadOnlyAccess", "gi", "i", "own"]
    assert found.boundary is None
    assert found.session is None
    assert found.resource is None
    where = {each.name: each.attached_to for each in found.identity}
    assert where["gi"] == f"arn:aws:iam::{ACCOUNT}:group/g"


def test_the_boundary_stands_apart():
    account = an_account(boundary=OWN)
    found = policies_of(ann(account), account, None)
    assert names(found.boundary) == ["own"]
    assert found.identity == ()


def test_the_same_account_value_gives_the_same_policies():
    account = an_account(attached=(OWN,))
    assert policies_of(ann(account), account, None) is policies_of(ann(account), account, None)


def test_only_so_many_are_remembered(monkeypatch):
    monkeypatch.setattr(gather, "MOST_REMEMBERED", 0)
    account = an_account(attached=(OWN,))
    first = policies_of(ann(account), account, None)
    trust = Attached(Policy.parse(NAMED, "resource"), "t")
    assert policies_of(ann(account), account, trust).resource == (trust,)
    assert policies_of(ann(account), account, None) is not first


def test_a_role_session_without_policies_is_not_limited_by_any():
    account = an_account()
    caller = a_session(SessionKind.ROLE, f"arn:aws:iam::{ACCOUNT}:role/r", "AROA1")
    for _ in range(2):
        found = policies_of(caller, account, None)
        assert names(found.identity) == ["own"]
        assert found.session is None


def test_session_policies_are_the_inline_one_and_the_named_ones():
    account = an_account()
    caller = a_session(
        SessionKind.ROLE,
        f"arn:aws:iam::{ACCOUNT}:role/r",
        "AROA1",
        policy=TEXT,
        policy_arns=(AWSS, GONE),
    )
    found = policies_of(caller, account, None)
    assert names(found.session) == ["ReadOnlyAccess", "gone", "session policy"]
    gone = next(each for each in found.session if each.name == "gone")
    assert gone.policy.statements[0].is_deny


@pytest.mark.rule("5.5")
def test_a_federated_user_without_policies_has_nothing():
    account = an_account(attached=(OWN,))
    caller = a_session(SessionKind.FEDERATED_USER, f"arn:aws:iam::{ACCOUNT}:user/ann", "AIDA1")
    assert policies_of(caller, account, None).session == ()


def test_a_federated_user_of_root_starts_from_everything():
    account = an_account()
    caller = a_session(
        SessionKind.FEDERATED_USER, f"arn:aws:iam::{ACCOUNT}:root", ACCOUNT, policy=TEXT
    )
    assert names(policies_of(caller, account, None).identity) == ["root user"]


def test_somebody_from_nowhere_meets_the_resource_alone():
    trust = Attached(Policy.parse(NAMED, "resource"), "trust")
    found = policies_of(Caller.anonymous(), None, trust)
    assert found.resource == (trust,)
    assert found.identity == ()
    assert policies_of(Caller.anonymous(), None, None).resource is None


def test_whoever_is_no_longer_there_has_nothing():
    account = an_account()
    caller = Caller.user(f"arn:aws:iam::{ACCOUNT}:user/bob", "AIDA9", "AKIA1")
    assert policies_of(caller, account, None).identity == ()


def test_the_document_in_force():
    account = an_account()
    assert managed_text(account, OWN) == TEXT
    assert '"Statement"' in managed_text(account, AWSS)
    assert managed_text(account, GONE) is None


def test_a_user_named_by_its_arn_is_as_when_it_calls():
    account = an_account(attached=(OWN,), boundary=OWN)
    found, policies = principal_in(account, f"arn:aws:iam::{ACCOUNT}:user/ann")
    assert found == principal_of(ann(account))
    assert policies is policies_of(ann(account), account, None)


def test_a_session_named_by_its_arn_is_as_when_it_calls():
    account = an_account()
    role_arn = f"arn:aws:iam::{ACCOUNT}:role/r"
    live = a_session(SessionKind.ROLE, role_arn, "AROA1")
    found, policies = principal_in(account, live.arn)
    assert found == principal_of(live)
    assert policies is policies_of(live, account, None)


def test_a_role_named_by_its_arn_is_a_what_if_on_it():
    account = an_account()
    role_arn = f"arn:aws:iam::{ACCOUNT}:role/r"
    found, policies = principal_in(account, role_arn)
    assert found == Principal(PrincipalKind.ROLE, role_arn, ACCOUNT, role_arn, "AROA1")
    assert names(policies.identity) == ["own"]


def test_root_has_everything_in_its_account():
    account = an_account()
    arn = f"arn:aws:iam::{ACCOUNT}:root"
    found, policies = principal_in(account, arn)
    assert found == principal_of(Caller.root(ACCOUNT))
    assert names(policies.identity) == ["root user"]
    assert decide(Request(found, "s3:GetObject", "arn:aws:s3:::b/k", ACCOUNT), policies).allowed


def test_the_policy_of_the_resource_comes_along():
    account = an_account()
    policy = Attached(Policy.parse(NAMED, "resource"), "bucket")
    _, policies = principal_in(account, f"arn:aws:iam::{ACCOUNT}:user/ann", policy)
    assert policies.resource == (policy,)


def test_nobody_else_is_a_principal():
    assert principal_in(an_account(), f"arn:aws:iam::{ACCOUNT}:group/g") is None


def test_a_role_is_guarded_by_its_trust_policy():
    role = replace(an_account().role("r"), trust=TRUST, path="/p/")
    account = an_account().put(role)
    arn = account.arn(role)
    found = resource_policy_of(account, arn)
    assert (found.name, found.arn, found.attached_to) == ("r", None, arn)
    assert (found.policy.kind, found.policy.text) == ("trust", TRUST)


@pytest.mark.parametrize("resource", ["role/r", "role/p/x", "user/ann", "root", "policy/own"])
def test_nothing_else_has_a_policy_of_its_own(resource):
    account = an_account().put(replace(an_account().role("r"), path="/p/"))
    assert resource_policy_of(account, f"arn:aws:iam::{ACCOUNT}:{resource}") is None
    assert resource_policy_of(account, "*") is None
