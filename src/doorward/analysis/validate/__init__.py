"""Is this policy sound? Every check that has something to say about a document."""

from doorward.analysis.validate.finding import Finding, Fix, Position, Severity, Span
from doorward.analysis.validate.judge import findings, kind_guess
from doorward.analysis.validate.registry import CHECKS, Check

__all__ = [
    "CHECKS",
    "Check",
    "Finding",
    "Fix",
    "Position",
    "Severity",
    "Span",
    "findings",
    "kind_guess",
]
