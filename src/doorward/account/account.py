"""An account as a value: look-ups, and a new value for every change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

from rpds import HashTrieMap

from doorward.account.access_job import AccessJob
from doorward.account.alarms import AlarmHistory, MetricAlarm, MetricPoints
from doorward.account.credential_report import CredentialReport
from doorward.account.event_rules import EventRule
from doorward.account.log_groups import LogGroup, LogLines, MetricFilter
from doorward.account.mfa import MfaDevice
from doorward.account.model import (
    DeletionTask,
    Entity,
    Group,
    InstanceProfile,
    ManagedPolicy,
    OidcProvider,
    Profile,
    Role,
    SamlProvider,
    ServerCertificate,
    Token,
    User,
)
from doorward.account.topics import Subscription, Topic
from doorward.account.trails import DigestKey, Trail

E = TypeVar("E", bound=Entity)
Place = tuple[str, str]

KINDS: dict[str, type[Entity]] = {
    "profile": Profile,
    "user": User,
    "group": Group,
    "role": Role,
    "policy": ManagedPolicy,
    "instance-profile": InstanceProfile,
    "oidc-provider": OidcProvider,
    "saml-provider": SamlProvider,
    "server-certificate": ServerCertificate,
    "deletion-task": DeletionTask,
    "token": Token,
    "mfa-device": MfaDevice,
    "log-group": LogGroup,
    "log-lines": LogLines,
    "metric-filter": MetricFilter,
    "alarm": MetricAlarm,
    "alarm-history": AlarmHistory,
    "metric-points": MetricPoints,
    "topic": Topic,
    "subscription": Subscription,
    "event-rule": EventRule,
    "trail": Trail,
    "digest-key": DigestKey,
    "credential-report": CredentialReport,
    "access-job": AccessJob,
}
_KIND_OF: dict[type, str] = {cls: kind for kind, cls in KINDS.items()}

_EMPTY: HashTrieMap[Any, Any] = HashTrieMap()


@dataclass(frozen=True)
class Account:
    """Everything an account holds, but no secrets. Immutable; `put` and `drop` give new values.

    Attributes:
        id: Twelve digits.
        tables: Kind of entity -> key -> entity.
        index: Unique id or access key id -> (kind, key) of the entity that has it.
        touched: Places changed since the value was `settled`, for the store.
    """

    id: str
    tables: HashTrieMap[str, HashTrieMap[str, Any]] = _EMPTY
    index: HashTrieMap[str, Place] = _EMPTY
    touched: frozenset[Place] = frozenset()

    @classmethod
    def of(cls, account_id: str, entities: Iterable[Entity]) -> Account:
        """Build an account from its entities, as read from a store or a snapshot."""
        tables: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}
        index: dict[str, Place] = {}
        for entity in entities:
            kind = _KIND_OF[type(entity)]
            tables[kind][entity.key] = entity
            index.update(dict.fromkeys(entity.ids, (kind, entity.key)))
        return cls(
            account_id,
            HashTrieMap({kind: HashTrieMap(rows) for kind, rows in tables.items()}),
            HashTrieMap(index),
        )

    # -- changes ---------------------------------------------------------------------------

    def put(self, entity: Entity) -> Account:
        """Add the entity, or replace the one of its kind and key."""
        kind, key = _KIND_OF[type(entity)], entity.key
        table = self._table(kind)
        index = _reindex(self.index, table.get(key), entity, (kind, key))
        return replace(
            self,
            tables=self.tables.insert(kind, table.insert(key, entity)),
            index=index,
            touched=self.touched | {(kind, key)},
        )

    def drop(self, entity: Entity) -> Account:
        """Remove the entity."""
        kind, key = _KIND_OF[type(entity)], entity.key
        table = self._table(kind)
        return replace(
            self,
            tables=self.tables.insert(kind, table.remove(key)),
            index=_reindex(self.index, table[key], None, (kind, key)),
            touched=self.touched | {(kind, key)},
        )

    def settled(self) -> Account:
        """The same account, with nothing left to store."""
        return replace(self, touched=frozenset()) if self.touched else self

    # -- look-ups --------------------------------------------------------------------------

    def _table(self, kind: str) -> HashTrieMap[str, Any]:
        return self.tables.get(kind) or _EMPTY

    def at(self, place: Place) -> Entity | None:
        """The entity at that kind and key."""
        found: Entity | None = self._table(place[0]).get(place[1])
        return found

    def all(self, cls: type[E]) -> list[E]:
        """Every entity of that class, ordered by key."""
        kind = _KIND_OF[cls]
        listed: list[E] = self.memo.get(("all", kind)) or sorted(
            self._table(kind).values(), key=_key_of
        )
        self.memo["all", kind] = listed
        return listed

    def count(self, cls: type[Entity]) -> int:
        """How many entities of that class there are."""
        return len(self._table(_KIND_OF[cls]))

    @property
    def profile(self) -> Profile:
        """The account itself and its root user."""
        found: Profile = self.tables["profile"]["profile"]
        return found

    def user(self, name: str) -> User | None:
        """The user of that name, whatever its case."""
        return self._table("user").get(name.lower())

    def group(self, name: str) -> Group | None:
        """The group of that name, whatever its case."""
        return self._table("group").get(name.lower())

    def role(self, name: str) -> Role | None:
        """The role of that name, whatever its case."""
        return self._table("role").get(name.lower())

    def policy(self, arn: str) -> ManagedPolicy | None:
        """The customer managed policy of that ARN; the path counts."""
        found: ManagedPolicy | None = self._table("policy").get(arn.rpartition("/")[2].lower())
        return found if found and self.arn(found) == arn else None

    def policy_named(self, name: str) -> ManagedPolicy | None:
        """The customer managed policy of that name, whatever its case and path."""
        return self._table("policy").get(name.lower())

    def instance_profile(self, name: str) -> InstanceProfile | None:
        """The instance profile of that name, whatever its case."""
        return self._table("instance-profile").get(name.lower())

    def oidc_provider(self, url: str) -> OidcProvider | None:
        """The provider of that URL, given without `https://`."""
        return self._table("oidc-provider").get(url)

    def saml_provider(self, name: str) -> SamlProvider | None:
        """The provider of that name."""
        return self._table("saml-provider").get(name)

    def server_certificate(self, name: str) -> ServerCertificate | None:
        """The certificate of that name, whatever its case."""
        return self._table("server-certificate").get(name.lower())

    def deletion_task(self, task_id: str) -> DeletionTask | None:
        """The deletion of a service-linked role."""
        return self._table("deletion-task").get(task_id)

    def token(self, token_id: str) -> Token | None:
        """The bearer token of that id."""
        return self._table("token").get(token_id)

    def mfa_device(self, serial: str) -> MfaDevice | None:
        """The MFA device of that serial number, whatever its case."""
        return self._table("mfa-device").get(serial.lower())

    def mfa_devices_of(self, holder: str) -> list[MfaDevice]:
        """The devices of a user, by unique id, or of root, by the account id, by serial."""
        held: dict[str, list[MfaDevice]] | None = self.memo.get("mfa-holders")
        if held is None:
            held = self.memo["mfa-holders"] = {}
            for device in self.all(MfaDevice):
                if device.holder:
                    held.setdefault(device.holder, []).append(device)
        return held.get(holder, [])

    def credential_report(self) -> CredentialReport | None:
        """The credential report made last."""
        return self._table("credential-report").get("report")

    def access_job(self, job_id: str) -> AccessJob | None:
        """The report of last accesses of that id."""
        return self._table("access-job").get(job_id)

    def by_id(self, unique_id: str) -> Entity | None:
        """The entity that has this unique id or access key id."""
        place = self.index.get(unique_id)
        return self.at(place) if place else None

    def arn(self, entity: Entity) -> str:
        """The entity's ARN."""
        return f"arn:aws:iam::{self.id}:{entity.resource}"

    def members(self, group: Group) -> list[User]:
        """The users in the group, ordered by name."""
        return [user for user in self.all(User) if group.name in user.groups]

    def groups_of(self, user: User) -> list[Group]:
        """The groups the user is in, in the order joined."""
        return [group for name in user.groups if (group := self.group(name))]

    def quota(self, name: str, default: int) -> int:
        """The quota of that GetAccountSummary name."""
        return dict(self.profile.quotas).get(name, default)

    @cached_property
    def memo(self) -> dict[Any, Any]:
        """What was derived from exactly this value; gone with it."""
        return {}


def _key_of(entity: Entity) -> str:
    return entity.key


def _reindex(
    index: HashTrieMap[str, Place], old: Entity | None, new: Entity | None, place: Place
) -> HashTrieMap[str, Place]:
    before = set(old.ids) if old else set()
    after = set(new.ids) if new else set()
    for gone in before - after:
        # INVARIANT: a rename puts the new entity before it drops the old one or after; an id
        # that has moved on to another place stays.
        if index.get(gone) == place:
            index = index.remove(gone)
    for come in after:
        index = index.insert(come, place)
    return index
