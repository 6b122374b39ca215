from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.account.account import Account
from doorward.account.caller import CallerKind
from doorward.account.model import LoginProfile, Profile, User
from doorward.account.session import Session, SessionKind
from doorward.authn.console_session import (
    MOST_ROLES,
    ConsoleSession,
    RoleSeen,
    WayIn,
    begins_with_old_password,
    seal_console,
    unseal_console,
)
from doorward.authn.sealing import KeyRing, seal_text

NOW = datetime(2026, 9, 11, 10, 0, 0, 123456, tzinfo=UTC)
ACCOUNT = "111122223333"
RING = KeyRing({1: bytes(32)}, 1)
NONCE = bytes(12)


def session_of(kind=SessionKind.USER, name="ann", **more):
    arn = f"arn:aws:iam::{ACCOUNT}:{kind.value}/{name}" if name else f"arn:aws:iam::{ACCOUNT}:root"
    return Session(
        access_key_id="ASIAEXAMPLE",
        secret_access_key="",
        account=ACCOUNT,
        kind=kind,
        entity_arn=arn,
        entity_id="AIDAANN" if name else ACCOUNT,
        name=name,
        issued_at=NOW,
        expires_at=NOW + timedelta(hours=12),
        **more,
    )


def console(identity=None, way=WayIn.PASSWORD, **more):
    return ConsoleSession("id", 1, "csrf", way, identity or session_of(), **more)


ROLE = session_of(SessionKind.ROLE, "session")


@given(st.sampled_from([None, ROLE]), st.lists(st.text(max_size=20), max_size=5))
def test_what_is_sealed_comes_back_to_the_microsecond(role, names):
    roles = tuple(RoleSeen(ACCOUNT, name) for name in names)
    session = console(role=role, roles=roles)
    assert unseal_console(seal_console(session, RING, NONCE), RING) == session


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        seal_text("session", b"\x90", RING, NONCE),
        seal_text("console-session", b"\x90", RING, NONCE),
        seal_text("console-session", b"", RING, NONCE),
    ],
)
def test_what_is_none_of_ours_is_none(text):
    assert unseal_console(text, RING) is None


def test_another_ring_opens_nothing():
    sealed = seal_console(console(), KeyRing({1: b"1" * 32}, 1), NONCE)
    assert unseal_console(sealed, RING) is None


@pytest.mark.parametrize(("hours", "expired"), [(0, False), (11.99, False), (12, True)])
def test_twelve_hours(hours, expired):
    assert console().is_expired(NOW + timedelta(hours=hours)) is expired


@pytest.mark.parametrize(("seconds", "fresh"), [(0, True), (300, True), (301, False)])
def test_mfa_is_fresh_for_five_minutes(seconds, fresh):
    session = console().with_mfa("serial", NOW)
    assert session.has_fresh_mfa(NOW + timedelta(seconds=seconds)) is fresh


def test_without_mfa_nothing_is_fresh():
    assert not console().has_fresh_mfa(NOW)


def test_each_change_of_privilege_is_a_turn():
    seen = RoleSeen(ACCOUNT, "audit")
    first = console()
    turns = [first, first.with_mfa("serial", NOW)]
    turns.append(turns[-1].in_role(ROLE, seen))
    turns.append(turns[-1].with_new_password(NOW + timedelta(hours=1)))
    turns.append(turns[-1].out_of_role())
    assert [each.turn for each in turns] == [1, 2, 3, 4, 5]
    assert {each.id for each in turns} == {"id"}
    assert [each.role for each in turns] == [None, None, ROLE, ROLE, None]
    assert turns[-1].identity.mfa_serial == "serial"
    assert turns[-1].identity.issued_at == NOW + timedelta(hours=1)
    assert turns[-1].identity.expires_at == first.identity.expires_at
    assert turns[-1].roles == (seen,)


def test_who_calls():
    session = console(session_of(mfa_at=NOW))
    assert session.caller.kind is CallerKind.USER
    assert session.caller.mfa_present
    inside = session.in_role(ROLE, RoleSeen(ACCOUNT, "audit"))
    assert inside.caller.kind is CallerKind.ROLE
    assert not inside.caller.mfa_present
    assert console(session_of(SessionKind.ROOT, "")).caller.kind is CallerKind.ROOT


def test_the_last_roles_are_remembered_newest_first_and_once():
    session = console()
    for number in (1, 2, 3, 1, 4, 5, 6):
        session = session.in_role(ROLE, RoleSeen(ACCOUNT, f"role{number}", f"name{number}"))
    assert [each.role for each in session.roles] == [f"role{n}" for n in (6, 5, 4, 1, 3)]
    assert len(session.roles) == MOST_ROLES


def account(*entities, **root):
    profile = Profile(id=ACCOUNT, email="root@x.example", created=NOW, **root)
    return Account.of(ACCOUNT, [profile, *entities])


def ann(created=NOW, **login):
    profile = LoginProfile(created, **login)
    return User(name="ann", user_id="AIDAANN", created=NOW, login_profile=profile)


LATER = NOW + timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("held", "old"),
    [
        (account(ann()), False),
        (account(ann(changed=NOW)), False),
        (account(ann(changed=LATER)), True),
        (account(ann(created=LATER)), True),
        (account(replace(ann(), login_profile=None)), True),
        (account(), True),
    ],
)
def test_a_users_session_ends_with_its_password(held, old):
    assert begins_with_old_password(held, console()) is old


@pytest.mark.parametrize(
    ("root", "old"),
    [
        ({}, False),
        ({"root_password_changed": NOW}, False),
        ({"root_password_changed": LATER}, True),
        ({"root_has_password": False}, True),
    ],
)
def test_roots_session_ends_with_its_password(root, old):
    session = console(session_of(SessionKind.ROOT, ""))
    assert begins_with_old_password(account(**root), session) is old


def test_who_came_by_federation_has_none():
    assert not begins_with_old_password(account(), console(way=WayIn.FEDERATION))
