"""Findings as JSON."""

from typing import Any

from doorward.analysis.validate.finding import Finding, Fix, Position


def as_json(finding: Finding) -> dict[str, Any]:
    """One finding, for a program."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "practice": finding.practice or None,
        "message": finding.message,
        "path": finding.where,
        "span": {"start": _position(finding.span.start), "end": _position(finding.span.end)},
        "kinds": list(finding.kinds),
        "fixes": [_fix(fix) for fix in finding.fixes],
    }


def _position(position: Position) -> dict[str, int]:
    return position._asdict()


def _fix(fix: Fix) -> dict[str, Any]:
    return {"title": fix.title, "start": fix.start, "end": fix.end, "text": fix.text}
