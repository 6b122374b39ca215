"""Fill accounts from a seed, with the operations a client would have called."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import msgspec

from doorward.account.model import AccessKey, LoginProfile
from doorward.app import passwords
from doorward.app.drafts import Drafts
from doorward.app.seed import Seed
from doorward.app.seed_form import AccountPart, GroupForm, KeyForm, PolicyForm, RoleForm, UserForm
from doorward.app.seed_yaml import Path
from doorward.errors import AwsError
from doorward.services.iam import find, trust
from doorward.services.iam.passwords import password_place
from doorward.services.iam.quotas import refuse_over_quota

# Roles may trust each other, so all of them are made before any trust policy is read.
_NOT_YET = trust.of_service("ec2.amazonaws.com")


def fill(drafts: Drafts, seed: Seed, parts: Mapping[str, tuple[Path, AccountPart]]) -> None:
    """Bring every part into the draft of its account.

    Args:
        drafts: Accounts with their root users.
        seed: Where the parts are from.
        parts: Account id -> where in the file its part is, and the part.

    Raises:
        SeedError: what AWS would have refused, with its words and the place in the file.
    """
    fillers = [
        _Filler(drafts, seed, account_id, at, part) for account_id, (at, part) in parts.items()
    ]
    for filler in fillers:
        filler.fill()
    for filler in fillers:
        filler.trust()


class _Filler:
    """One account's part."""

    def __init__(
        self, drafts: Drafts, seed: Seed, account_id: str, at: Path, part: AccountPart
    ) -> None:
        self._drafts = drafts
        self._seed = seed
        self._account_id = account_id
        self._at = at
        self._part = part

    def fill(self) -> None:
        """Everything but whom the roles trust."""
        part = self._part
        self._account()
        for at, policy in self._each("policies", part.policies):
            self._policy(at, policy)
        for at, group in self._each("groups", part.groups):
            self._group(at, group)
        for at, user in self._each("users", part.users):
            self._user(at, user)
        for at, role in self._each("roles", part.roles):
            self._role(at, role)

    def trust(self) -> None:
        """Whom the roles trust; those named exist by now, in whatever account."""
        for at, role in self._each("roles", self._part.roles):
            text = _text(role.trust)
            self._run(
                (*at, "trust"),
                "UpdateAssumeRolePolicy",
                role_name=role.name,
                policy_document=text,
            )

    def _account(self) -> None:
        call = self._drafts.call(self._account_id)
        quotas = tuple(sorted(self._part.quotas.items()))
        call.update(replace(call.account.profile, quotas=quotas))
        alias = self._part.account.alias
        if alias is not None:
            self._run(("account", "alias"), "CreateAccountAlias", account_alias=alias)
        key = self._part.root.access_key
        if key is not None:
            kept = self._key(("root", "access_key"), key)
            call.update(replace(call.account.profile, root_keys=(kept,)))

    def _policy(self, at: Path, policy: PolicyForm) -> None:
        self._run(
            (*at, "document"),
            "CreatePolicy",
            policy_name=policy.name,
            path=policy.path,
            policy_document=_text(policy.document),
        )

    def _group(self, at: Path, group: GroupForm) -> None:
        self._run(at, "CreateGroup", group_name=group.name, path=group.path)
        self._grant(at, "Group", group, {"group_name": group.name})

    def _user(self, at: Path, user: UserForm) -> None:
        self._run(
            at,
            "CreateUser",
            user_name=user.name,
            path=user.path,
            permissions_boundary=self._arn(user.boundary),
            tags=_tags(user.tags),
        )
        named = {"user_name": user.name}
        for index, group in enumerate(user.groups):
            self._run((*at, "groups", index), "AddUserToGroup", group_name=group, **named)
        self._grant(at, "User", user, named)
        for index, key in enumerate(user.access_keys):
            self._user_key((*at, "access_keys", index), user.name, key)
        if user.password is not None:
            self._password(user.name, user.password)

    def _role(self, at: Path, role: RoleForm) -> None:
        self._run(
            at,
            "CreateRole",
            role_name=role.name,
            path=role.path,
            assume_role_policy_document=_NOT_YET,
            max_session_duration=role.max_session_s,
            permissions_boundary=self._arn(role.boundary),
            tags=_tags(role.tags),
        )
        self._grant(at, "Role", role, {"role_name": role.name})

    def _grant(
        self, at: Path, kind: str, holder: GroupForm | UserForm | RoleForm, named: dict[str, str]
    ) -> None:
        for index, ref in enumerate(holder.policies):
            arn = self._arn(ref)
            self._run((*at, "policies", index), f"Attach{kind}Policy", policy_arn=arn, **named)
        for name, document in holder.inline.items():
            self._run(
                (*at, "inline", name),
                f"Put{kind}Policy",
                policy_name=name,
                policy_document=_text(document),
                **named,
            )

    def _user_key(self, at: Path, user_name: str, key: KeyForm) -> None:
        call = self._drafts.call(self._account_id)
        user = find.user(call, user_name)
        with self._placed(at):
            refuse_over_quota(call, "AccessKeysPerUserQuota", len(user.access_keys))
        kept = self._key(at, key)
        call.update(replace(user, access_keys=(*user.access_keys, kept)))

    def _key(self, at: Path, key: KeyForm) -> AccessKey:
        """Keep a key's secret.

        INVARIANT: a key id is looked up in all accounts, so it must not stand for two.
        """
        if self._drafts.holds_key(key.id):
            raise self._seed.error((*self._at, *at, "id"), "two access keys have this id")
        call = self._drafts.call(self._account_id)
        call.vault.put(f"access-key/{key.id}", key.secret.encode())
        return AccessKey(key.id, call.now)

    def _password(self, user_name: str, password: str) -> None:
        call = self._drafts.call(self._account_id)
        user = find.user(call, user_name)
        call.vault.put(password_place(user.user_id), passwords.hashed(password))
        call.update(replace(user, login_profile=LoginProfile(call.now)))

    def _arn(self, ref: str | None) -> str | None:
        """An ARN as it is; a name is that of a policy of this account."""
        if ref is None or ref.startswith("arn:"):
            return ref
        account = self._drafts.call(self._account_id).account
        found = account.policy_named(ref)
        return account.arn(found) if found else f"arn:aws:iam::{account.id}:policy/{ref}"

    def _run(self, at: Path, operation: str, **params: Any) -> None:
        with self._placed(at):
            self._drafts.run(self._account_id, operation, **params)

    @contextmanager
    def _placed(self, at: Path) -> Iterator[None]:
        try:
            yield
        except AwsError as error:
            raise self._seed.error((*self._at, *at), f"{error.code}: {error.message}") from None

    def _each(self, name: str, forms: Iterable[Any]) -> Iterator[tuple[Path, Any]]:
        return (((name, index), form) for index, form in enumerate(forms))


def _text(document: dict[str, Any] | str) -> str:
    return document if isinstance(document, str) else msgspec.json.encode(document).decode()


def _tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
