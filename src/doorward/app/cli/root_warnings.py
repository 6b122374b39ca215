"""What `doorward status` shouts: root has access keys, may make some, or gets no mail."""

from pathlib import Path

import msgspec

from doorward.account.model import Profile
from doorward.app.cli.opening import settings_in
from doorward.app.sender import NOBODYS
from doorward.services.iam.access_keys import ROOT_KEYS
from doorward.store.unit import Store


def warnings_of(directory: Path, store: Store) -> list[str]:
    """One line for each reason to act."""
    said = []
    settings = settings_in(directory, [])
    if settings[ROOT_KEYS] == "allow":
        said.append(
            f"{ROOT_KEYS} is allow: root may make itself access keys that nothing limits. "
            "Set it to deny."
        )
    for account_id in store.accounts():
        profile = _profile(store, account_id)
        said += _of_keys(profile)
        said += _of_address(profile) if settings["mail.host"] else []
    return said


def _profile(store: Store, account_id: str) -> Profile:
    # SPEED: the other rows, thousands of them, are not decoded.
    _, rows = store.read(account_id)
    body = next(row.body for row in rows if row.kind == "profile")
    return msgspec.json.decode(body or b"", type=Profile)


def _of_address(profile: Profile) -> list[str]:
    if not profile.email.lower().endswith(NOBODYS):
        return []
    said = f"root of account {profile.id} is told nothing: {profile.email} is made up."
    return [f"{said} Alarms go there: start anew with `account: {{email: …}}` in a seed."]


def _of_keys(profile: Profile) -> list[str]:
    if not profile.root_keys:
        return []
    shown = ", ".join(f"{key.id}{'' if key.active else ' (inactive)'}" for key in profile.root_keys)
    said = f"root of account {profile.id} has access keys: {shown}."
    return [f"{said} Delete them as root: aws iam delete-access-key --access-key-id ID"]
