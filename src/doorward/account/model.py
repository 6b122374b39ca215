"""What an account holds: users, groups, roles, policies, providers, each a frozen value.

Every kind of entity says three things about itself: `key`, its place in the account's table of
that kind; `resource`, the last part of its ARN; and `ids`, the unique ids and access key ids by
which it can be found. Times are aware UTC. Secrets are never here.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, NamedTuple

from doorward.account.access_job import AccessJob
from doorward.account.alarms import AlarmHistory, MetricAlarm, MetricPoints
from doorward.account.credential_report import CredentialReport
from doorward.account.event_rules import EventRule
from doorward.account.log_groups import LogGroup, LogLines, MetricFilter
from doorward.account.mfa import MfaDevice
from doorward.account.tags import Tag
from doorward.account.topics import Subscription, Topic
from doorward.account.trails import DigestKey, Trail


class InlinePolicy(NamedTuple):
    """A policy that lives and dies with its user, group or role."""

    name: str
    text: str


class AccessKey(NamedTuple):
    """The public half of a long-term access key."""

    id: str
    created: datetime
    active: bool = True


class LoginProfile(NamedTuple):
    """A user has a password; the hash is in the vault. `changed` is None: when it was created."""

    created: datetime
    reset_required: bool = False
    changed: datetime | None = None


class PasswordPolicy(NamedTuple):
    """The account's rules for passwords, with what AWS sets where an update leaves a field out."""

    minimum_length: int = 6
    symbols: bool = False
    numbers: bool = False
    uppercase: bool = False
    lowercase: bool = False
    change_allowed: bool = False
    max_age_days: int = 0
    reuse_prevention: int = 0
    hard_expiry: bool | None = None


class SshKey(NamedTuple):
    """An SSH public key for CodeCommit; `fingerprint` is the MD5 of the key, colons between."""

    id: str
    body: str
    fingerprint: str
    uploaded: datetime
    active: bool = True


class SigningCertificate(NamedTuple):
    """An X.509 signing certificate, in PEM."""

    id: str
    body: str
    uploaded: datetime
    active: bool = True


class ServiceCredential(NamedTuple):
    """A credential for one service (CodeCommit, Keyspaces, Bedrock); its secret is in the vault."""

    id: str
    service: str
    created: datetime
    name: str
    active: bool = True
    expires: datetime | None = None


class Named:
    """An entity with a name and a path; names are unique whatever their case and path."""

    __slots__ = ()
    noun: ClassVar[str]
    name: str
    path: str

    @property
    def key(self) -> str:
        """The name, its case folded."""
        return self.name.lower()

    @property
    def resource(self) -> str:
        """The last part of the ARN."""
        return f"{self.noun}{self.path}{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class User(Named):
    """An IAM user. `groups` are names as the groups spell them, in the order joined."""

    name: str
    path: str = "/"
    user_id: str
    created: datetime
    boundary: str | None = None
    tags: tuple[Tag, ...] = ()
    attached: tuple[str, ...] = ()
    inline: tuple[InlinePolicy, ...] = ()
    groups: tuple[str, ...] = ()
    access_keys: tuple[AccessKey, ...] = ()
    login_profile: LoginProfile | None = None
    ssh_keys: tuple[SshKey, ...] = ()
    certificates: tuple[SigningCertificate, ...] = ()
    service_credentials: tuple[ServiceCredential, ...] = ()
    revoked_before: datetime | None = None

    noun: ClassVar[str] = "user"

    @property
    def ids(self) -> tuple[str, ...]:
        """The unique id, then the access key ids."""
        return (self.user_id, *(key.id for key in self.access_keys))


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Named):
    """A group of users; members are kept on the users."""

    name: str
    path: str = "/"
    group_id: str
    created: datetime
    attached: tuple[str, ...] = ()
    inline: tuple[InlinePolicy, ...] = ()

    noun: ClassVar[str] = "group"

    @property
    def ids(self) -> tuple[str, ...]:
        """The unique id."""
        return (self.group_id,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Role(Named):
    """An IAM role.

    Attributes:
        trust: The trust policy, normalised, users and roles in `Principal` as unique ids.
        trusted_elsewhere: (unique id, account) of those in `trust` who are of other accounts.
        max_session_s: 3600 to 43200.
        service: The service principal that owns a service-linked role, else None.
        revoked_before: Sessions issued before this time are refused.
    """

    name: str
    path: str = "/"
    role_id: str
    created: datetime
    trust: str
    trusted_elsewhere: tuple[tuple[str, str], ...] = ()
    description: str | None = None
    max_session_s: int = 3600
    boundary: str | None = None
    tags: tuple[Tag, ...] = ()
    attached: tuple[str, ...] = ()
    inline: tuple[InlinePolicy, ...] = ()
    service: str | None = None
    revoked_before: datetime | None = None

    noun: ClassVar[str] = "role"

    @property
    def ids(self) -> tuple[str, ...]:
        """The unique id."""
        return (self.role_id,)


class PolicyVersion(NamedTuple):
    """One stored version of a managed policy; `id` is `v1`, `v2`, ..."""

    id: str
    text: str
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedPolicy(Named):
    """A customer managed policy.

    Attributes:
        versions: Oldest first; at most five.
        default: The id of the version in force.
        issued: How many versions were ever made, so that ids are never used twice.
    """

    name: str
    path: str = "/"
    policy_id: str
    created: datetime
    updated: datetime
    description: str | None = None
    tags: tuple[Tag, ...] = ()
    versions: tuple[PolicyVersion, ...]
    default: str = "v1"
    issued: int = 1

    noun: ClassVar[str] = "policy"

    @property
    def ids(self) -> tuple[str, ...]:
        """The unique id."""
        return (self.policy_id,)

    def version(self, version_id: str) -> PolicyVersion | None:
        """The version of that id."""
        return next((v for v in self.versions if v.id == version_id), None)

    @property
    def text(self) -> str:
        """The document in force."""
        return next(v.text for v in self.versions if v.id == self.default)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceProfile(Named):
    """A container that hands one role to a machine; `role` is the role's name."""

    name: str
    path: str = "/"
    profile_id: str
    created: datetime
    role: str | None = None
    tags: tuple[Tag, ...] = ()

    noun: ClassVar[str] = "instance-profile"

    @property
    def ids(self) -> tuple[str, ...]:
        """The unique id."""
        return (self.profile_id,)


@dataclass(frozen=True, slots=True, kw_only=True)
class OidcProvider:
    """An OpenID Connect provider; `url` is without `https://`."""

    url: str
    created: datetime
    client_ids: tuple[str, ...] = ()
    thumbprints: tuple[str, ...] = ()
    tags: tuple[Tag, ...] = ()

    @property
    def key(self) -> str:
        """The URL, case kept: `/path` and `/path/` are two providers."""
        return self.url

    @property
    def resource(self) -> str:
        """The last part of the ARN."""
        return f"oidc-provider/{self.url}"

    @property
    def ids(self) -> tuple[str, ...]:
        """A provider is found by its ARN alone."""
        return ()


class SamlKey(NamedTuple):
    """A private key for encrypted assertions; the key itself is in the vault."""

    id: str
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SamlProvider:
    """A SAML identity provider."""

    name: str
    provider_id: str
    created: datetime
    metadata: str
    valid_until: datetime
    encryption_mode: str = "Allowed"
    private_keys: tuple[SamlKey, ...] = ()
    tags: tuple[Tag, ...] = ()

    @property
    def key(self) -> str:
        """The name, case kept."""
        return self.name

    @property
    def resource(self) -> str:
        """The last part of the ARN."""
        return f"saml-provider/{self.name}"

    @property
    def ids(self) -> tuple[str, ...]:
        """The provider's own id."""
        return (self.provider_id,)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerCertificate(Named):
    """A server certificate; its private key is in the vault."""

    name: str
    path: str = "/"
    certificate_id: str
    uploaded: datetime
    expires: datetime
    body: str
    chain: str | None = None
    tags: tuple[Tag, ...] = ()

    noun: ClassVar[str] = "server-certificate"

    @property
    def ids(self) -> tuple[str, ...]:
        """The unique id."""
        return (self.certificate_id,)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletionTask:
    """The deletion of a service-linked role, kept so that its status can be asked for."""

    id: str
    role: str
    started: datetime

    @property
    def key(self) -> str:
        """The task id AWS shows."""
        return self.id

    @property
    def resource(self) -> str:
        """The last part of the ARN."""
        return self.id

    @property
    def ids(self) -> tuple[str, ...]:
        """A task is found by its id alone."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A bearer token that calls Doorward's own operations as a role; never the token itself.

    Attributes:
        name: A label for people.
        role_id: The unique id of the role, so that a role of the same name made later is another.
        created_by: The ARN of who made it.
        digest: SHA-256 of the token, in hex.
    """

    id: str
    name: str = ""
    role_id: str
    created: datetime
    expires: datetime
    created_by: str
    digest: str

    @property
    def key(self) -> str:
        """The id it shows."""
        return self.id

    @property
    def resource(self) -> str:
        """The last part of the ARN."""
        return f"token/{self.id}"

    @property
    def ids(self) -> tuple[str, ...]:
        """A token is found by its key alone."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The account itself: its root user, its names and its settings.

    Attributes:
        quotas: Names of GetAccountSummary with a value other than the default.
        root_keys: Access keys of the root user (imported ones; none are made by default).
        root_certificates: Signing certificates of the root user.
        root_password_changed: When root's password was last set; None: at the first start.
        root_first_attempt: The first time somebody tried to sign in as root; its grace without
            MFA counts from here.
        root_revoked_before: Sessions of root issued before this time are refused.
        password_policy: None: AWS's default rules.
        revoked_before: Sessions of anybody in the account issued before this time are refused.
        token_version: 1 or 2, the setting of SetSecurityTokenServicePreferences.
    """

    id: str
    email: str
    created: datetime
    aliases: tuple[str, ...] = ()
    root_keys: tuple[AccessKey, ...] = ()
    root_certificates: tuple[SigningCertificate, ...] = ()
    root_has_password: bool = True
    root_password_changed: datetime | None = None
    root_first_attempt: datetime | None = None
    root_revoked_before: datetime | None = None
    password_policy: PasswordPolicy | None = None
    token_version: int = 1
    quotas: tuple[tuple[str, int], ...] = ()
    revoked_before: datetime | None = None

    @property
    def key(self) -> str:
        """There is one."""
        return "profile"

    @property
    def resource(self) -> str:
        """The root user's."""
        return "root"

    @property
    def ids(self) -> tuple[str, ...]:
        """The access keys of the root user."""
        return tuple(key.id for key in self.root_keys)


Entity = (
    Profile
    | User
    | Group
    | Role
    | ManagedPolicy
    | InstanceProfile
    | OidcProvider
    | SamlProvider
    | ServerCertificate
    | DeletionTask
    | Token
    | MfaDevice
    | LogGroup
    | LogLines
    | MetricFilter
    | MetricAlarm
    | AlarmHistory
    | MetricPoints
    | Topic
    | Subscription
    | EventRule
    | Trail
    | DigestKey
    | CredentialReport
    | AccessJob
)
