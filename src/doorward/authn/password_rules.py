"""What a new password must be like, and the sentences that say so; all of them are here.

Sources: IAM User Guide, "Set an account password policy for IAM users"; the sentences for kinds of
characters and of the default rules as AWS's users quote them. Those marked "ours" or "unverified"
are.
"""

from collections.abc import Collection

from doorward.account.model import PasswordPolicy
from doorward.authn.passwords import LONGEST
from doorward.catalog import breached

DEFAULT_LENGTH = 8
DEFAULT_KINDS = 3
ROOT_LENGTH = 14
"""Ours: what benchmarks ask of users is not too much for root; AWS asks for 8."""
ROOT_PHRASE = 20
"""Ours: from here on length makes up for kinds of characters."""
ROOT_DIFFERENT = 6

_SYMBOLS = frozenset("!@#$%^&*()_+-=[]{}|'")
_UPPERCASE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_LOWERCASE = frozenset("abcdefghijklmnopqrstuvwxyz")
_NUMBERS = frozenset("0123456789")

_NEEDS_UPPERCASE = "Password should have at least one uppercase letter"
_NEEDS_LOWERCASE = "Password should have at least one lowercase letter"
_NEEDS_NUMBER = "Password should have at least one number"
_NEEDS_SYMBOL = "Password should have at least one symbol"
_IS_NAME = "Password should not be the name or the email address of the account"  # unverified
_HOLDS_NAME = "Password should not contain the name or the email address of the account"  # ours
_IS_BREACHED = "Password is among those known from breaches, or is one of them with a little added"
_TOO_UNIFORM = f"Password should have at least {ROOT_DIFFERENT} different characters"  # ours
REUSED = "Password was used before and may not be reused"
"""Unverified."""


def reasons(
    policy: PasswordPolicy | None, password: str, names: Collection[str], *, refuse_breached: bool
) -> tuple[str, ...]:
    """Why an IAM user may not have this password; empty: nothing is wrong with it.

    Args:
        policy: The account's own; None: AWS's default rules.
        password: As given.
        names: Of the account: its aliases and root's e-mail address.
        refuse_breached: Look it up among those known from breaches, which AWS does not.
    """
    ruled = _by_default(password, names) if policy is None else _by_policy(policy, password)
    return (*ruled, *_if_breached(password, asked=refuse_breached))


def root_reasons(
    password: str, names: Collection[str], *, refuse_breached: bool
) -> tuple[str, ...]:
    """Why root may not have this password: no account's policy, but stricter rules of ours."""
    found = [*_length(password, ROOT_LENGTH)]
    if len(set(password)) < ROOT_DIFFERENT:
        found.append(_TOO_UNIFORM)
    if len(password) < ROOT_PHRASE:
        found += _kinds(password)
    if any(name.lower() in password.lower() for name in names if name):
        found.append(_HOLDS_NAME)
    return (*found, *_if_breached(password, asked=refuse_breached))


def _by_default(password: str, names: Collection[str]) -> list[str]:
    found = [*_length(password, DEFAULT_LENGTH), *_kinds(password)]
    if password.lower() in {name.lower() for name in names}:
        found.append(_IS_NAME)
    return found


def _by_policy(policy: PasswordPolicy, password: str) -> list[str]:
    wanted = {
        _NEEDS_UPPERCASE: policy.uppercase,
        _NEEDS_LOWERCASE: policy.lowercase,
        _NEEDS_NUMBER: policy.numbers,
        _NEEDS_SYMBOL: policy.symbols,
    }
    missing = [sentence for sentence in _missing(password) if wanted[sentence]]
    return [*_length(password, policy.minimum_length), *missing]


def _length(password: str, least: int) -> list[str]:
    if len(password) > LONGEST:
        return [f"Password should have a maximum length of {LONGEST}"]
    if len(password) < least:
        return [f"Password should have a minimum length of {least}"]
    return []


def _kinds(password: str) -> list[str]:
    """Three kinds of four."""
    missing = _missing(password)
    lacking = len(missing) - (4 - DEFAULT_KINDS)
    if lacking <= 0:
        return []
    listed = ", ".join(missing)
    return [f"Password should meet {lacking} more of the following requirements: {listed}"]


def _missing(password: str) -> list[str]:
    kinds = {
        _NEEDS_UPPERCASE: _UPPERCASE,
        _NEEDS_LOWERCASE: _LOWERCASE,
        _NEEDS_NUMBER: _NUMBERS,
        _NEEDS_SYMBOL: _SYMBOLS,
    }
    return [sentence for sentence, kind in kinds.items() if kind.isdisjoint(password)]


def _if_breached(password: str, *, asked: bool) -> list[str]:
    return [_IS_BREACHED] if asked and breached.is_known(password) else []
