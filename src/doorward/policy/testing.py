"""Assertions about decisions, for any test framework; a failure explains the decision."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from doorward.policy.arn import Arn
from doorward.policy.decision import Decision, Outcome, decide
from doorward.policy.document import Policy
from doorward.policy.explain import as_text, explain
from doorward.policy.request import Attached, Policies, Principal, Request
from doorward.policy.variables import Values

ACCOUNT: Final = "111122223333"
"""The account of a test that does not say otherwise; AWS's own in its documentation."""
SOMEBODY: Final = f"arn:aws:iam::{ACCOUNT}:user/somebody"
"""Who asks, where a test does not say."""

_ACTION: Final = re.compile(r"[a-z0-9-]+:[a-z0-9_.-]+", re.ASCII | re.IGNORECASE)
_ON_RESOURCES: Final = frozenset({"resource", "trust"})

Documents = str | Mapping[str, Any] | Policy | Policies
"""Every policy with a say, or one document: JSON, the same as a dictionary, or parsed."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a decision should be.

    Attributes:
        explicitly: By a Deny statement (`True`), for want of an Allow (`False`), or either.
        because: What it should rest on: a layer (`scp`, `boundary`, …), a policy's name or ARN, or
            a statement's Sid.
    """

    allowed: bool
    explicitly: bool | None = None
    because: str | None = None

    def is_met(self, decision: Decision) -> bool:
        """Whether the decision is this one, on these grounds."""
        if decision.allowed is not self.allowed:
            return False
        explicit = decision.outcome is Outcome.EXPLICITLY_DENIED
        if self.explicitly is not None and self.explicitly is not explicit:
            return False
        return self.because is None or self.because in _grounds(decision)

    def __str__(self) -> str:
        how = {None: "", True: "explicitly ", False: "implicitly "}[self.explicitly]
        word = "allowed" if self.allowed else "denied"
        return f"{how}{word}" + (f" by {self.because}" if self.because else "")


def assert_allowed(
    policies: Documents,
    *,
    action: str,
    resource: str = "*",
    principal: str | Principal | None = SOMEBODY,
    resource_account: str | None = None,
    context: Mapping[str, Values] | None = None,
    because: str | None = None,
) -> Decision:
    """Assert that these policies allow this; `because` says what the decision should rest on.

    Args:
        policies: A document alone is an identity policy, unless it was parsed as another kind.
        action: `service:Name`, without wildcards.
        resource: An ARN, or `*` for an action that takes none.
        principal: An ARN, a service's name, or `None` for an unsigned request.
        resource_account: Who owns the resource; the ARN's account, else the caller's.
        context: All condition keys there are; nothing is added.
        because: As in `Expected`.

    Raises:
        AssertionError: it does not; the message explains the decision.
        PolicyError: a document that is none.
    """
    __tracebackhide__ = True
    asked = request(principal, action, resource, resource_account, context)
    return check(Expected(allowed=True, because=because), asked, policies_of(policies))


def assert_denied(
    policies: Documents,
    *,
    action: str,
    resource: str = "*",
    principal: str | Principal | None = SOMEBODY,
    resource_account: str | None = None,
    context: Mapping[str, Values] | None = None,
    because: str | None = None,
    explicitly: bool | None = None,
) -> Decision:
    """Assert that these policies deny this; otherwise as `assert_allowed`.

    Args:
        policies: As in `assert_allowed`.
        action: As in `assert_allowed`.
        resource: As in `assert_allowed`.
        principal: As in `assert_allowed`.
        resource_account: As in `assert_allowed`.
        context: As in `assert_allowed`.
        because: As in `Expected`.
        explicitly: As in `Expected`.

    Raises:
        AssertionError: they do not, or not so; the message explains the decision.
        PolicyError: a document that is none.
    """
    __tracebackhide__ = True
    asked = request(principal, action, resource, resource_account, context)
    expected = Expected(allowed=False, explicitly=explicitly, because=because)
    return check(expected, asked, policies_of(policies))


def check(expected: Expected, asked: Request, policies: Policies) -> Decision:
    """Decide, and fail unless the decision is the expected one.

    Raises:
        AssertionError: it is not; the message explains the decision.
    """
    __tracebackhide__ = True
    decision = decide(asked, policies)
    if not expected.is_met(decision):
        raise AssertionError(f"expected: {expected}\n{as_text(explain(asked, policies))}")
    return decision


def request(
    principal: str | Principal | None,
    action: str,
    resource: str = "*",
    resource_account: str | None = None,
    context: Mapping[str, Values] | None = None,
) -> Request:
    """The request of a test.

    Raises:
        PolicyError: the principal is none.
        ValueError: the action is none.
    """
    refuse_malformed(action)
    caller = principal if isinstance(principal, Principal) else Principal.from_arn(principal)
    arn = Arn.parse(resource)
    owner = resource_account or (arn.account if arn else "") or caller.account
    return Request(caller, action, resource, owner, context or {})


def refuse_malformed(action: str) -> None:
    """Refuse what is no action.

    INVARIANT: a slip of the pen is denied as well, and must not pass for a denial.

    Raises:
        ValueError: it is none, or it has wildcards.
    """
    if not _ACTION.fullmatch(action):
        raise ValueError(f"{action!r} is not an action: give one as s3:GetObject")


def policies_of(given: Documents) -> Policies:
    """Every policy with a say, from what a test gives.

    Raises:
        PolicyError: the text is no policy.
        ValueError: a policy of a kind that grants nothing, alone.
    """
    if isinstance(given, Policies):
        return given
    policy = given if isinstance(given, Policy) else Policy.parse(_text(given))
    attached = (Attached(policy, "document"),)
    if policy.kind == "identity":
        return Policies(identity=attached)
    if policy.kind in _ON_RESOURCES:
        return Policies(resource=attached)
    raise ValueError(f"a policy of kind {policy.kind} alone grants nothing: give Policies")


def _text(document: str | Mapping[str, Any]) -> str:
    return document if isinstance(document, str) else json.dumps(document)


def _grounds(decision: Decision) -> frozenset[str | None]:
    """All that a decision rests on, by name."""
    policy, statement = decision.policy, decision.statement
    return frozenset(
        {
            decision.layer.value,
            policy.name if policy else None,
            policy.arn if policy else None,
            statement.sid if statement else None,
        }
    )
