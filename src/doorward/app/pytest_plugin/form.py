"""The form of a policy test: unknown names are refused, each fault has its line."""

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from doorward.app.seed import shown
from doorward.app.seed_form import AccountId
from doorward.app.seed_yaml import BadYaml, Lines, Path, read_yaml

Document = Annotated[
    dict[str, Any] | str,
    Meta(description="A policy, as YAML or as JSON text; or `{file: …}`, a path from this file."),
]
PolicyRef = Annotated[
    str, Meta(description="A name of `policies`, or the ARN of a policy that AWS manages.")
]
Values = Annotated[str | tuple[str, ...], Meta(description="Of a condition key.")]
Outcome = Literal["allowed", "denied", "explicitly denied", "implicitly denied"]


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What all parts have in common."""


class PrincipalForm(Form, frozen=True, kw_only=True):
    """Who asks, with every policy that says what they may.

    `arn` is that of the user of this name in account 111122223333 unless given. SCPs and RCPs are
    levels from the organization's root; a list that is left out is "there is none".
    """

    arn: str | None = None
    identity: list[PolicyRef] = []
    boundary: PolicyRef | None = None
    session: list[PolicyRef] | None = None
    endpoint: PolicyRef | None = None
    scp: list[list[PolicyRef]] = []
    rcp: list[list[PolicyRef]] = []
    context: dict[str, Values] = {}


class CaseForm(Form, frozen=True, kw_only=True):
    """One question and its answer.

    `principal` is a name of `principals`, with `account` an ARN or as in `user/ann`; a service's
    name; null for an unsigned request. `by` is a layer, a policy's name or ARN, or a Sid.
    """

    principal: str | None
    action: str
    expect: Outcome
    resource: str = "*"
    name: str | None = None
    resource_account: AccountId | None = None
    resource_policy: PolicyRef | None = None
    context: dict[str, Values] = {}
    by: str | None = None


class PolicyTestForm(Form, frozen=True, kw_only=True):
    """A file of policy tests: of `principals` with their policies, or of a seed file's accounts.

    `account` is the seed's path from this file.
    """

    account: str | None = None
    policies: dict[str, Document] = {}
    principals: dict[str, PrincipalForm] = {}
    cases: Annotated[list[CaseForm], Meta(min_length=1)]


@dataclass(frozen=True, slots=True)
class PolicyTest:
    """A file that has its form.

    Attributes:
        lines: Path -> line, for faults found later.
    """

    form: PolicyTestForm
    lines: Lines

    def line(self, path: Path) -> int:
        """The line of that part, or of the part around it."""
        return _line(self.lines, path)

    def fault(self, path: Path, reason: str) -> "BadPolicyTest":
        """The fault at that place of the file."""
        return BadPolicyTest(self.line(path), path, reason)


class BadPolicyTest(Exception):  # noqa: N818 - read aloud it is what it is
    """A file of policy tests that cannot be used."""

    def __init__(self, line: int, path: Path, reason: str) -> None:
        where = f"line {line}"
        super().__init__(f"{where}, {shown(path)}: {reason}" if path else f"{where}: {reason}")
        self.line = line


_FAULT = re.compile(
    r"(?P<reason>.*?(?:unknown field `(?P<field>.+?)`)?)(?: - at `(?:key in )?(?P<place>[^`]*)`)?"
)


def read_policy_test(text: str) -> PolicyTest:
    """Read a file of policy tests.

    Raises:
        BadPolicyTest: no YAML, an unknown or missing field, a value of another kind, principals
            of the file beside those of an account.
    """
    try:
        value, lines = read_yaml(text)
    except BadYaml as error:
        raise BadPolicyTest(error.line, (), error.reason) from None
    try:
        test = PolicyTest(msgspec.convert(value, PolicyTestForm), lines)
    except msgspec.ValidationError as error:
        raise _refused(str(error), lines) from None
    if test.form.account is not None and test.form.principals:
        raise test.fault(("principals",), "the account has the principals; leave one of them out")
    return test


def _refused(message: str, lines: Lines) -> BadPolicyTest:
    found = _FAULT.fullmatch(message)
    assert found is not None  # noqa: S101 - every text matches
    path = _path(found["place"] or "$", found["field"], lines)
    reason = found["reason"]
    return BadPolicyTest(_line(lines, path), path, reason[:1].lower() + reason[1:])


def _path(place: str, field: str | None, lines: Lines) -> Path:
    """The path of a place as msgspec writes it, with [...] for any entry of a mapping."""
    if field:
        # No entry but the one at fault has a field that is unknown.
        around = re.compile(re.escape(place).replace(re.escape("[...]"), r"\..+"))
        at_fault = (path for path in lines if path[-1:] == (field,))
        return next(path for path in at_fault if around.fullmatch(_spelled(path[:-1])))
    known = place.partition("[...]")[0]
    return next(path for path in lines if _spelled(path) == known)


def _spelled(path: Path) -> str:
    """A path as msgspec writes it."""
    return f"$.{shown(path)}" if path else "$"


def _line(lines: Lines, path: Path) -> int:
    while path not in lines:
        path = path[:-1]
    return lines[path]
