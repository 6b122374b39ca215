"""The form of a seed file: every part optional, unknown names refused."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

# INVARIANT: Python's `$` also stands before a last line feed; the look-ahead keeps that one out.
END = r"$(?!\n)"
AccountId = Annotated[str, Meta(pattern=f"^[0-9]{{12}}{END}", description="Twelve digits.")]
Email = Annotated[str, Meta(pattern=rf"^[^\s@]{{1,64}}@[^\s@]{{1,190}}{END}", max_length=254)]
Document = Annotated[
    dict[str, Any] | str, Meta(description="A policy, written as YAML or as its JSON text.")
]
PolicyRef = Annotated[
    str, Meta(description="A policy's ARN, or the name of a policy of the same account.")
]
KeyId = Annotated[
    str, Meta(pattern=f"^[A-Za-z0-9_]{{3,128}}{END}", description="As in AKIAIOSFODNN7EXAMPLE.")
]
Secret = Annotated[str, Meta(max_length=128, pattern=rf"^[\x21-\x7e]+{END}")]
Password = Annotated[str, Meta(min_length=1, max_length=128)]
Seconds = Annotated[int, Meta(ge=3600, le=43200)]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What all parts have in common."""


class KeyForm(Form, frozen=True, kw_only=True):
    """An access key with its secret."""

    id: KeyId
    secret: Secret


class AccountForm(Form, frozen=True, kw_only=True):
    """The account itself. Without a password one is made for root and shown once."""

    id: AccountId | None = None
    alias: str | None = None
    email: Email | None = None
    password: Password | None = None


class RootForm(Form, frozen=True, kw_only=True):
    """The root user; keys of root are for other projects' test suites."""

    access_key: KeyForm | None = None


class PolicyForm(Form, frozen=True, kw_only=True):
    """A customer managed policy."""

    name: str
    path: str = "/"
    document: Document


class GroupForm(Form, frozen=True, kw_only=True):
    """A group."""

    name: str
    path: str = "/"
    policies: list[PolicyRef] = []
    inline: dict[str, Document] = {}


class UserForm(Form, frozen=True, kw_only=True):
    """A user."""

    name: str
    path: str = "/"
    groups: list[str] = []
    policies: list[PolicyRef] = []
    inline: dict[str, Document] = {}
    boundary: PolicyRef | None = None
    tags: dict[str, str] = {}
    password: Password | None = None
    access_keys: list[KeyForm] = []


class RoleForm(Form, frozen=True, kw_only=True):
    """A role."""

    name: str
    path: str = "/"
    trust: Document
    policies: list[PolicyRef] = []
    inline: dict[str, Document] = {}
    boundary: PolicyRef | None = None
    tags: dict[str, str] = {}
    max_session_s: Seconds = 3600


class AccountPart(Form, frozen=True, kw_only=True):
    """An account with what it holds."""

    account: AccountForm = AccountForm()
    root: RootForm = RootForm()
    policies: list[PolicyForm] = []
    groups: list[GroupForm] = []
    users: list[UserForm] = []
    roles: list[RoleForm] = []
    quotas: dict[str, Count] = {}


class SeedForm(AccountPart, frozen=True, kw_only=True):
    """A seed file: the main account, and further ones that have nothing to do with it."""

    accounts: list[AccountPart] = []
    admin: bool = True
