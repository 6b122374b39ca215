"""Who is calling, once it is proven."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from doorward.account.session import Session, SessionKind


class CallerKind(StrEnum):
    """What sort of principal makes the call."""

    ROOT = "root"
    USER = "user"
    ROLE = "role"
    FEDERATED_USER = "federated_user"
    ASSUMED_ROOT = "assumed_root"
    SERVICE = "service"
    WEB_IDENTITY = "web_identity"
    SAML = "saml"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Caller:
    """A principal making a call. What does not apply is empty text.

    Attributes:
        account: Twelve digits.
        arn: Its own: of the user, the role session, the federated user, or root.
        unique_id: The value of `aws:userid`.
        entity_arn: The user, role or root user behind it, which policies are attached to.
        entity_id: AIDA…, AROA…, or the account id for root.
        name: Of the user, the session, the service or the federated subject.
        access_key_id: The key that signed, if one did.
        session: The temporary credentials, if the key is one of theirs.
        provider: The identity provider that vouched for it.

    Source: IAM guide, "Principal key values" of aws:userid; STS GetCallerIdentity.
    """

    account: str
    kind: CallerKind
    arn: str
    unique_id: str
    entity_arn: str = ""
    entity_id: str = ""
    name: str = ""
    access_key_id: str | None = None
    session: Session | None = None
    provider: str | None = None

    @property
    def is_temporary(self) -> bool:
        """It calls with temporary credentials."""
        return self.session is not None

    @property
    def mfa_present(self) -> bool:
        """Its temporary credentials were obtained with MFA."""
        return self.session is not None and self.session.mfa_at is not None

    @classmethod
    def root(cls, account: str, access_key_id: str | None = None) -> Self:
        """The root user, with a long-term key."""
        arn = f"arn:aws:iam::{account}:root"
        return cls(
            account=account,
            kind=CallerKind.ROOT,
            arn=arn,
            unique_id=account,
            entity_arn=arn,
            entity_id=account,
            access_key_id=access_key_id,
        )

    @classmethod
    def user(cls, arn: str, user_id: str, access_key_id: str | None = None) -> Self:
        """An IAM user, with a long-term key."""
        return cls(
            account=arn.split(":")[4],
            kind=CallerKind.USER,
            arn=arn,
            unique_id=user_id,
            entity_arn=arn,
            entity_id=user_id,
            name=arn.rsplit("/", 1)[-1],
            access_key_id=access_key_id,
        )

    @classmethod
    def of_session(cls, session: Session) -> Self:
        """Whoever holds these temporary credentials."""
        return cls(
            account=session.account,
            kind=CallerKind(session.kind.value),
            arn=_session_arn(session),
            unique_id=_session_unique_id(session),
            entity_arn=session.entity_arn,
            entity_id=session.entity_id,
            name=session.name,
            access_key_id=session.access_key_id,
            session=session,
            provider=session.provider,
        )

    @classmethod
    def web_identity(cls, provider: str, subject: str) -> Self:
        """The bearer of a verified OIDC token, who asks for a role."""
        return cls._federated(CallerKind.WEB_IDENTITY, provider, subject)

    @classmethod
    def saml(cls, provider: str, subject: str) -> Self:
        """The bearer of a verified SAML assertion, who asks for a role."""
        return cls._federated(CallerKind.SAML, provider, subject)

    @classmethod
    def _federated(cls, kind: CallerKind, provider: str, subject: str) -> Self:
        # AWS: aws:userid is the provider's ARN while such a caller assumes a role.
        account = provider.split(":")[4] if provider.startswith("arn:") else ""
        return cls(
            account=account,
            kind=kind,
            arn="",
            unique_id=provider,
            name=subject,
            provider=provider,
        )

    @classmethod
    def service(cls, name: str) -> Self:
        """An AWS service calling for itself, as in `ec2.amazonaws.com`."""
        return cls(account="", kind=CallerKind.SERVICE, arn="", unique_id="", name=name)

    @classmethod
    def anonymous(cls) -> Self:
        """Nobody in particular: the request is unsigned."""
        return cls(account="", kind=CallerKind.ANONYMOUS, arn="", unique_id="anonymous")


def _session_arn(session: Session) -> str:
    """The ARN a session acts under; a role's path is not part of it."""
    partition = session.entity_arn.split(":")[1]
    sts = f"arn:{partition}:sts::{session.account}"
    if session.kind is SessionKind.ROLE:
        role = session.entity_arn.rsplit("/", 1)[-1]
        return f"{sts}:assumed-role/{role}/{session.name}"
    if session.kind is SessionKind.FEDERATED_USER:
        return f"{sts}:federated-user/{session.name}"
    return session.entity_arn


def _session_unique_id(session: Session) -> str:
    if session.kind is SessionKind.ROLE:
        return f"{session.entity_id}:{session.name}"
    if session.kind is SessionKind.FEDERATED_USER:
        return f"{session.account}:{session.name}"
    return session.entity_id
