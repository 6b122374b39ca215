"""Is this policy sound? Every check that has something to say about a document."""

from doorward.analysis.validate.codes import Code, codes, not_checked
from doorward.analysis.validate.finding import Finding, Fix, Position, Severity, Span
from doorward.analysis.validate.judge import findings, gaps, kind_guess
from doorward.analysis.validate.registry import CHECKS, Check

__all__ = [
    "CHECKS",
    "Check",
    "Code",
    "Finding",
    "Fix",
    "Position",
    "Severity",
    "Span",
    "codes",
    "findings",
    "gaps",
    "kind_guess",
    "not_checked",
]
