from dataclasses import replace
from datetime import UTC, datetime, timedelta

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
from doorward.authz.gather import managed_text, policies_of
from doorward.policy import Attached, Policy

NOW = datetime(2026, 9, 11, 10, 0, 0, tzinfo=UTC)
ACCOUNT = "111122223333"
TEXT = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'
NAMED = TEXT.replace('"Action"', '"Principal":"*","Action"')
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
