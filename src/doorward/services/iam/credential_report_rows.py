"""The rows of the credential report: who has which credential, since when, and its last use.

Source: recorded reports; IAM guide, "Get credential reports", where those show nothing.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from io import StringIO

from doorward.account.account import Account
from doorward.account.activity import Use, password_id
from doorward.account.model import AccessKey, Profile, SigningCertificate, User

LastUse = Callable[[str], Use | None]
Cells = tuple[str, ...]

ROOT = "<root_account>"
NONE = "N/A"
NEVER_USED = "no_information"
NOT_SUPPORTED = "not_supported"
SLOTS = 2
KEY_COLUMNS = ("active", "last_rotated", "last_used_date", "last_used_region", "last_used_service")
CERTIFICATE_COLUMNS = ("active", "last_rotated")
HEADER: Cells = (
    "user",
    "arn",
    "user_creation_time",
    "password_enabled",
    "password_last_used",
    "password_last_changed",
    "password_next_rotation",
    "mfa_active",
    *(f"access_key_{slot}_{name}" for slot in (1, 2) for name in KEY_COLUMNS),
    *(f"cert_{slot}_{name}" for slot in (1, 2) for name in CERTIFICATE_COLUMNS),
)
_NO_KEY: Cells = ("false", NONE, NONE, NONE, NONE)
_NO_CERTIFICATE: Cells = ("false", NONE)
_NO_PASSWORD: Cells = ("false", NONE, NONE)


def report(account: Account, last_use: LastUse) -> bytes:
    """The report as CSV: lines end in LF, and nothing follows the last row."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerow(_root(account, last_use))
    # The accounts' order by key is by name without regard to case.
    writer.writerows(_user(account, user, last_use) for user in account.all(User))
    return text.getvalue().removesuffix("\n").encode()


def _root(account: Account, last_use: LastUse) -> Cells:
    profile = account.profile
    changed = profile.root_password_changed or profile.created
    return (
        ROOT,
        account.arn(profile),
        _time(profile.created),
        *_password(account.id, changed if profile.root_has_password else None, last_use),
        NOT_SUPPORTED,
        _flag(bool(account.mfa_devices_of(account.id))),
        *_keys(profile.root_keys, last_use),
        *_certificates(profile.root_certificates),
    )


def _user(account: Account, user: User, last_use: LastUse) -> Cells:
    login = user.login_profile
    changed = (login.changed or login.created) if login else None
    return (
        user.name,
        account.arn(user),
        _time(user.created),
        *_password(user.user_id, changed, last_use),
        _next_rotation(account.profile, changed),
        _flag(bool(account.mfa_devices_of(user.user_id))),
        *_keys(user.access_keys, last_use),
        *_certificates(user.certificates),
    )


def _password(holder: str, changed: datetime | None, last_use: LastUse) -> Cells:
    """Enabled, last used, last changed."""
    if changed is None:
        return _NO_PASSWORD
    use = last_use(password_id(holder))
    return ("true", _time(use.reported.at) if use else NEVER_USED, _time(changed))


def _next_rotation(profile: Profile, changed: datetime | None) -> str:
    policy = profile.password_policy
    if changed is None or policy is None or not policy.max_age_days:
        return NONE
    return _time(changed + timedelta(days=policy.max_age_days))


def _keys(keys: Sequence[AccessKey], last_use: LastUse) -> Iterator[str]:
    # AWS: in both recorded pairs the active key came first, and had the smaller id as well.
    shown = sorted(keys, key=lambda key: (not key.active, key.id))[:SLOTS]
    for key in shown:
        yield from _key(key, last_use(key.id))
    yield from _blank(_NO_KEY, SLOTS - len(shown))


def _key(key: AccessKey, use: Use | None) -> Cells:
    # AWS: an inactive key keeps the time it was made, though the guide says N/A.
    used = (_time(use.reported.at), use.reported.region, use.reported.service) if use else ()
    return (_flag(key.active), _time(key.created), *(used or (NONE, NONE, NONE)))


def _certificates(certificates: Sequence[SigningCertificate]) -> Iterator[str]:
    # AWS: the inactive one comes first, unlike with keys.
    shown = sorted(certificates, key=lambda one: (one.active, one.id))[:SLOTS]
    for one in shown:
        yield from (_flag(one.active), _time(one.uploaded))
    yield from _blank(_NO_CERTIFICATE, SLOTS - len(shown))


def _blank(cells: Cells, times: int) -> Iterable[str]:
    return cells * times


def _flag(of: bool) -> str:
    return "true" if of else "false"


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
