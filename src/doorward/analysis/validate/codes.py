"""Every code there is: those with a check, and those of AWS without one yet."""

from dataclasses import dataclass
from typing import Final

from doorward.analysis.validate import syntax
from doorward.analysis.validate.finding import Severity
from doorward.analysis.validate.registry import ALL, CHECKS, RESOURCE, SCP


@dataclass(frozen=True, slots=True)
class Code:
    """One code.

    Attributes:
        kinds: The kinds of policies it is about.
        meaning: One sentence or two.
        practice: The word for the mistake in our list of practices, where AWS has a code too.
        checked: Whether a check looks for it.
    """

    code: str
    severity: Severity
    kinds: tuple[str, ...]
    meaning: str
    practice: str = ""
    checked: bool = True

    @property
    def is_aws(self) -> bool:
        """Whether it is AWS's own issue code."""
        return self.code.isupper()


def _later(code: str, severity: Severity, kinds: tuple[str, ...], meaning: str) -> Code:
    return Code(code, severity, kinds, meaning, checked=False)


NOT_CHECKED: Final = (
    _later(
        "SCP_SYNTAX_ERROR_ACTION_WILDCARD",
        Severity.ERROR,
        SCP,
        "A wildcard inside an action of an SCP. Never said: AWS takes it since September 2025.",
    ),
    _later(
        "UNSUPPORTED_ACTION_IN_POLICY",
        Severity.ERROR,
        RESOURCE,
        "An action that a policy on this type of resource cannot hold; the type is not asked yet.",
    ),
    _later(
        "UNSUPPORTED_RESOURCE_ARN_IN_POLICY",
        Severity.ERROR,
        RESOURCE,
        "An ARN that a policy on this type of resource cannot hold; the type is not asked yet.",
    ),
    _later(
        "DEPRECATED_GLOBAL_CONDITION_KEY",
        Severity.WARNING,
        ALL,
        "aws:ARN in place of aws:PrincipalArn. Said as UNSUPPORTED_GLOBAL_CONDITION_KEY.",
    ),
    _later(
        "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA",
        Severity.WARNING,
        RESOURCE,
        "Longer than a policy on this type of resource may be; the type is not asked yet.",
    ),
    _later(
        "USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES",
        Severity.WARNING,
        ALL,
        "A key that few services supply, with actions of others; the services are not listed yet.",
    ),
    _later(
        "IRRELEVANT_CONDITION_KEY_IN_POLICY",
        Severity.SUGGESTION,
        RESOURCE,
        "A key without meaning in a policy on this type of resource; the type is not asked yet.",
    ),
)


def codes() -> tuple[Code, ...]:
    """All of them, the worst first, then by code."""
    found = [
        Code(each.code, each.severity, each.kinds, each.meaning, each.practice)
        for each in CHECKS.values()
    ]
    found.append(Code(syntax.CODE, Severity.ERROR, ALL, syntax.MEANING))
    return tuple(sorted((*found, *NOT_CHECKED), key=_rank))


def not_checked(kind: str) -> tuple[str, ...]:
    """The codes nothing looks for in a policy of this kind."""
    return tuple(each.code for each in NOT_CHECKED if kind in each.kinds)


def _rank(code: Code) -> tuple[int, str]:
    return list(Severity).index(code.severity), code.code
