"""What the owner of a Doorward does from its own machine: recover, offboard, end sessions.

These deeds ask no policy: whoever may read the master key may do them. Each is recorded in the
trail with the name of the operating system's user.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

import msgspec

from doorward import __version__
from doorward.account.mfa import MfaKind
from doorward.app import hardware_tokens, passwords
from doorward.app.bootstrap import ADMIN, new_key, restore_administrator
from doorward.app.drafts import Drafts
from doorward.app.live import Live
from doorward.app.offboarding import end_credentials
from doorward.app.outbox import sealed_post
from doorward.app.writer import Written
from doorward.errors import AwsError
from doorward.services.iam import find, root_notices
from doorward.services.iam.passwords import password_place
from doorward.services.iam.quotas import quota
from doorward.store.posts import Post
from doorward.store.sealed import Sealer
from doorward.store.unit import RecordRow
from doorward.trail.record import event

Answer = dict[str, Any]
REVOKE_POLICY = "AWSRevokeOlderSessions"
SOURCE = "doorward"


@dataclass(frozen=True, slots=True)
class Order:
    """One deed asked for.

    Attributes:
        deed: A name of `DEEDS`.
        name: The user or role it is about; "" where there is none.
        by: The operating system's user who asks.
        enclosed: What comes with it instead of a name; it may be secret, so no record holds it.
    """

    deed: str
    name: str = ""
    by: str = ""
    enclosed: str = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """What to do, how the trail calls it, and what kind of entity it names."""

    event_name: str
    kind: str
    work: Callable[[Drafts, str, str], Answer]


def done(order: Order, live: Live, sealer: Sealer, now: datetime) -> Written:
    """Do it on the account: its answer, or the AwsError that refused it."""
    drafts = Drafts(sealer, now, [live])
    deed = DEEDS[order.deed]
    try:
        answer = deed.work(drafts, live.account.id, order.enclosed or order.name)
    except AwsError as error:
        return Written(live, error, ())
    details = {"operatingSystemUser": order.by, "done": answer.get("done", [])}
    parameters = {f"{deed.kind}Name": order.name} if order.name else None
    resources = (
        ((f"AWS::IAM::{deed.kind[:1].upper()}{deed.kind[1:]}", order.name),) if order.name else ()
    )
    row = own_record(
        deed.event_name, live.account.id, now, details, parameters=parameters, resources=resources
    )
    return Written(drafts.live(live.account.id), answer, (row,), _posts(drafts, live, sealer, now))


def _posts(drafts: Drafts, live: Live, sealer: Sealer, now: datetime) -> list[Post]:
    due_ms = int(now.timestamp() * 1000)
    messages = drafts.call(live.account.id).messages
    return [sealed_post(sealer, each.kind, each.body, due_ms) for each in messages]


def own_record(
    event_name: str,
    account: str,
    now: datetime,
    details: Mapping[str, Any],
    *,
    parameters: Mapping[str, str] | None = None,
    resources: tuple[tuple[str, str], ...] = (),
) -> RecordRow:
    """The record of what Doorward's owner did; like AWS's own events it has no caller."""
    made = event(
        identity={"type": "AWSService", "invokedBy": SOURCE},
        account=account,
        at=now,
        event_id=str(uuid4()),
        request_id=str(uuid4()),
        service=SOURCE,
        operation=event_name,
        region="us-east-1",
        source_ip=SOURCE,
        user_agent=f"doorward/{__version__}",
        read_only=False,
    )
    made |= {
        "eventSource": SOURCE,
        "requestParameters": parameters,
        "additionalEventData": dict(details),
        "eventType": "AwsServiceEvent",
    }
    return RecordRow(
        account=account,
        at=int(now.timestamp() * 1000),
        event_id=made["eventID"],
        event_name=event_name,
        event_source=SOURCE,
        username="",
        access_key_id="",
        read_only=False,
        resources=resources,
        request_id=made["requestID"],
        body=msgspec.json.encode(made),
    )


def _recover_admin(drafts: Drafts, account_id: str, _name: str) -> Answer:
    """A working administrator with a new key; with as many keys as may be, the oldest goes."""
    said = restore_administrator(drafts, account_id)
    call = drafts.call(account_id)
    most = quota(call, "AccessKeysPerUserQuota")
    user = find.user(call, ADMIN)
    keys = sorted(user.access_keys, key=lambda key: key.created)
    gone = keys[: max(0, len(keys) - most + 1)]
    for key in gone:
        call.vault.drop(f"access-key/{key.id}")
        said.append(f"deleted the access key {key.id}")
    call.update(replace(user, access_keys=tuple(key for key in keys if key not in gone)))
    pair = new_key(drafts, account_id, ADMIN)
    said.append(f"made the access key {pair.access_key_id}")
    return {"account": account_id, "admin": pair._asdict(), "done": said}


def _recover_root(drafts: Drafts, account_id: str, _name: str) -> Answer:
    call = drafts.call(account_id)
    password, kept = passwords.generated()
    call.vault.put(password_place(call.account.id), kept)
    profile = replace(
        call.account.profile,
        root_has_password=True,
        root_password_changed=call.now,
        root_revoked_before=call.now,
    )
    call.update(profile)
    root_notices.password_set(call, "from the machine Doorward runs on")
    return {
        "account": account_id,
        "root_email": profile.email,
        "root_password": password,
        "done": ["gave root a new password"],
    }


def _reset_root_mfa(drafts: Drafts, account_id: str, _name: str) -> Answer:
    """Root signs in with its password alone, and is asked to set up MFA again."""
    call = drafts.call(account_id)
    devices = call.account.mfa_devices_of(account_id)
    for device in devices:
        # AWS: a security key goes with its assignment, any other device stays.
        if device.kind is MfaKind.FIDO:
            call.remove([device])
        else:
            call.update(replace(device, holder=None, enabled=None))
        root_notices.mfa_removed(call, device)
    said = [f"deactivated {device.serial}" for device in devices]
    return {"account": account_id, "done": said or ["root had no MFA device"]}


def _offboard(drafts: Drafts, account_id: str, name: str) -> Answer:
    """Nothing the user had opens anything any more; the user and its policies stay."""
    call = drafts.call(account_id)
    user = find.user(call, name)
    said = end_credentials(call, user)
    return {"account": account_id, "user": user.name, "done": said}


def _revoke_sessions(drafts: Drafts, account_id: str, name: str) -> Answer:
    """A floor under the role's sessions, and the inline policy AWS's console would leave."""
    call = drafts.call(account_id)
    role = find.changeable_role(call, name)
    before = f"{call.now.isoformat(timespec='seconds')[:19]}Z"
    statement = {
        "Effect": "Deny",
        "Action": ["*"],
        "Resource": ["*"],
        "Condition": {"DateLessThan": {"aws:TokenIssueTime": before}},
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    drafts.run(
        account_id,
        "PutRolePolicy",
        role_name=role.name,
        policy_name=REVOKE_POLICY,
        policy_document=msgspec.json.encode(policy).decode(),
    )
    call.update(replace(find.role(call, name), revoked_before=call.now))
    said = [f"put the inline policy {REVOKE_POLICY}", f"ended the sessions from before {before}"]
    return {"account": account_id, "role": role.name, "done": said}


DEEDS: Mapping[str, Deed] = {
    "recover-admin": Deed("RecoverAdministrator", "", _recover_admin),
    "recover-root": Deed("RecoverRootPassword", "", _recover_root),
    "reset-root-mfa": Deed("ResetRootMFA", "", _reset_root_mfa),
    "import-mfa-tokens": Deed("ImportMFATokens", "", hardware_tokens.taken_in),
    "forget-mfa-token": Deed("ForgetMFAToken", "mfaDevice", hardware_tokens.forgotten),
    "offboard": Deed("OffboardUser", "user", _offboard),
    "revoke-sessions": Deed("RevokeRoleSessions", "role", _revoke_sessions),
}
