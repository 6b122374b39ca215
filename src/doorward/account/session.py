"""Temporary credentials as a value: who holds them, what they carry, when they end."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class SessionKind(StrEnum):
    """How a session came to be."""

    ROLE = "role"
    """AssumeRole in any form."""
    USER = "user"
    """GetSessionToken of an IAM user."""
    FEDERATED_USER = "federated_user"
    """GetFederationToken."""
    ROOT = "root"
    """GetSessionToken of the root user."""
    ASSUMED_ROOT = "assumed_root"
    """AssumeRoot."""


@dataclass(frozen=True, slots=True)
class Session:
    """Temporary credentials and everything they carry.

    Attributes:
        entity_arn: The role, user or root user behind the session.
        entity_id: Its id: AROA…, AIDA…, or the account id for root.
        name: The role session's name, the federated user's, or the IAM user's.
        issued_at: Aware UTC.
        expires_at: Aware UTC; from that moment on it is over.
        policy: The inline session policy as it was passed.
        policy_arns: Managed session policies, read live.
        tags: Session tags, inherited ones included.
        mfa_serial: The device used, if one was.
        mfa_at: When its code was accepted.
        provider: The identity provider of a federated role session.
        chained: A role session obtained with a role session.
        context: Further condition keys the session carries, with their values.
        issuer_access_key_id: The key that asked for this session.
    """

    access_key_id: str
    secret_access_key: str = field(repr=False)
    account: str
    kind: SessionKind
    entity_arn: str
    entity_id: str
    name: str
    issued_at: datetime
    expires_at: datetime
    policy: str | None = None
    policy_arns: tuple[str, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    transitive_tag_keys: tuple[str, ...] = ()
    mfa_serial: str | None = None
    mfa_at: datetime | None = None
    source_identity: str | None = None
    provider: str | None = None
    chained: bool = False
    context: tuple[tuple[str, str], ...] = ()
    issuer_access_key_id: str | None = None

    def is_expired(self, now: datetime) -> bool:
        """The session is over at that time."""
        return now >= self.expires_at
