"""The documents of a policy test, and who holds which."""

import json
from pathlib import Path
from typing import Any

from doorward.app.in_process.question import outsider
from doorward.app.pytest_plugin.form import PolicyTest, PrincipalForm
from doorward.app.seed_yaml import Path as Place
from doorward.catalog import managed_policies
from doorward.errors import PolicyError
from doorward.policy import Attached, Policies, Policy, Principal, PrincipalKind
from doorward.policy.testing import ACCOUNT
from doorward.policy.variables import Values

_TYPES = {
    PrincipalKind.USER: "User",
    PrincipalKind.ROLE: "AssumedRole",
    PrincipalKind.SESSION: "AssumedRole",
    PrincipalKind.ROOT: "Account",
}


class Documents:
    """Looks policies up by the names the file gives them."""

    def __init__(self, test: PolicyTest, directory: Path) -> None:
        self._test = test
        self._directory = directory

    def text(self, ref: str, at: Place) -> str:
        """The JSON of a policy.

        Raises:
            BadPolicyTest: there is no such policy, or its file cannot be read.
        """
        if ref in self._test.form.policies:
            return self._read(self._test.form.policies[ref], ("policies", ref))
        fact = managed_policies.get(ref)
        if fact is None:
            raise self._test.fault(at, f"there is no policy {ref}")
        return fact.document

    def attached(self, ref: str, kind: str, at: Place) -> Attached:
        """A policy of that kind.

        Raises:
            BadPolicyTest: as `text`; or it is no policy.
        """
        text = self.text(ref, at)
        try:
            policy = Policy.parse(text, kind)
        except PolicyError as error:
            raise self._test.fault(at, f"{ref}: {error}") from None
        is_arn = ref not in self._test.form.policies
        return Attached(policy, ref.rpartition("/")[2], ref if is_arn else None)

    def held(self, form: PrincipalForm, at: Place, resource: Attached | None) -> Policies:
        """Every policy with a say in what that principal asks of a resource.

        Raises:
            BadPolicyTest: as `attached`.
        """
        return Policies(
            identity=self._all(form.identity, "identity", at),
            resource=(resource,) if resource else None,
            boundary=self._one(form.boundary, "boundary", at),
            session=None if form.session is None else self._all(form.session, "session", at),
            endpoint=self._one(form.endpoint, "endpoint", at),
            scp=tuple(self._all(level, "scp", at) for level in form.scp),
            rcp=tuple(self._all(level, "rcp", at) for level in form.rcp),
        )

    def _all(self, refs: list[str], kind: str, at: Place) -> tuple[Attached, ...]:
        return tuple(self.attached(ref, kind, (*at, kind)) for ref in refs)

    def _one(self, ref: str | None, kind: str, at: Place) -> tuple[Attached, ...] | None:
        return None if ref is None else self._all([ref], kind, at)

    def _read(self, document: dict[str, Any] | str, at: Place) -> str:
        if isinstance(document, str):
            return document
        if set(document) != {"file"}:
            return json.dumps(document)
        try:
            return (self._directory / str(document["file"])).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise self._test.fault((*at, "file"), str(error)) from None


def principal_of(name: str, form: PrincipalForm) -> Principal:
    """Who a name of `principals` is.

    Raises:
        PolicyError: its ARN is none of a principal.
    """
    return Principal.from_arn(form.arn or f"arn:aws:iam::{ACCOUNT}:user/{name}")


def keys_of(principal: Principal) -> dict[str, Values]:
    """The condition keys that follow from an ARN or a service's name alone."""
    if not principal.account:
        return outsider(principal).keys
    kind = _TYPES.get(principal.kind)
    if kind is None:
        return {}
    keys: dict[str, Values] = {
        "aws:principalarn": principal.entity_arn or principal.arn,
        "aws:principalaccount": principal.account,
        "aws:principaltype": kind,
    }
    if principal.kind is PrincipalKind.USER:
        keys["aws:username"] = principal.arn.rpartition("/")[2]
    return keys
