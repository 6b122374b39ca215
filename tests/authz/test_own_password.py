"""What the account's password policy lets each user do, without any policy of theirs."""

from datetime import UTC, datetime

import pytest

from doorward.account.account import Account
from doorward.account.caller import Caller
from doorward.account.model import InlinePolicy, PasswordPolicy, Profile, Role, User
from doorward.account.session import Session, SessionKind
from doorward.authz.decide import Asked, judge
from doorward.policy import Context, Outcome

NOW = datetime(2026, 9, 11, 10, tzinfo=UTC)
ACCOUNT = "111122223333"
CHANGE, READ = "iam:ChangePassword", "iam:GetAccountPasswordPolicy"
DENY = '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"iam:*","Resource":"*"}}'


def an_account(*, allowed=True, path="/", **of_ann):
    ann = User(name="ann", path=path, user_id="AIDA1", created=NOW, **of_ann)
    policy = PasswordPolicy(change_allowed=allowed)
    profile = Profile(id=ACCOUNT, email="e", created=NOW, password_policy=policy)
    bob = User(name="bob", path=path.replace("*", "x"), user_id="AIDA2", created=NOW)
    role = Role(name="r", role_id="AROA1", created=NOW, trust="")
    return Account.of(ACCOUNT, [profile, ann, bob, role])


def asked(account, action, of="ann"):
    resource = account.arn(account.user(of)) if action == CHANGE else "*"
    return Asked(action, resource, ACCOUNT, resource, None, Context({}))


def outcome(account, action, *, of="ann", caller=None):
    caller = caller or Caller.user(account.arn(account.user("ann")), "AIDA1")
    return judge(caller, account, asked(account, action, of)).outcome


@pytest.mark.parametrize("path", ["/", "/staff/", '/a*b/c?$/"{d}\\/'])
@pytest.mark.parametrize("action", [CHANGE, READ])
def test_every_user_may_change_their_own_and_read_the_rules(action, path):
    assert outcome(an_account(path=path), action) is Outcome.ALLOWED


@pytest.mark.parametrize("action", [CHANGE, READ, "iam:GetUser"])
def test_nobody_may_where_the_policy_does_not_say_so(action):
    account = an_account(allowed=action == "iam:GetUser")
    assert outcome(account, action) is Outcome.IMPLICITLY_DENIED


@pytest.mark.parametrize("path", ["/", "/*/"])
def test_nobody_may_change_somebody_elses(path):
    assert outcome(an_account(path=path), CHANGE, of="bob") is Outcome.IMPLICITLY_DENIED


@pytest.mark.parametrize("action", [CHANGE, READ])
def test_an_explicit_deny_wins(action):
    account = an_account(inline=(InlinePolicy("no", DENY),))
    assert outcome(account, action) is Outcome.EXPLICITLY_DENIED


@pytest.mark.parametrize(
    ("boundary", "found"),
    [
        ("IAMReadOnlyAccess", Outcome.IMPLICITLY_DENIED),
        ("IAMFullAccess", Outcome.ALLOWED),
    ],
)
def test_a_boundary_binds(boundary, found):
    account = an_account(boundary=f"arn:aws:iam::aws:policy/{boundary}")
    assert outcome(account, CHANGE) is found


def test_a_role_is_no_user():
    session = Session(
        access_key_id="ASIA",
        secret_access_key="s",
        account=ACCOUNT,
        kind=SessionKind.ROLE,
        entity_arn=f"arn:aws:iam::{ACCOUNT}:role/r",
        entity_id="AROA1",
        name="s",
        issued_at=NOW,
        expires_at=NOW,
    )
    assert outcome(an_account(), READ, caller=Caller.of_session(session)) is not Outcome.ALLOWED
