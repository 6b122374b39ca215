"""Findings as SARIF 2.1.0, which code hosts show beside the line.

Source: OASIS, Static Analysis Results Interchange Format 2.1.0.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, Final

from doorward.analysis.validate.codes import Code, codes
from doorward.analysis.validate.finding import Finding, Fix, Severity, Span
from doorward.analysis.validate.positions import span

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {
    Severity.ERROR: "error",
    Severity.SECURITY_WARNING: "warning",
    Severity.WARNING: "warning",
    Severity.SUGGESTION: "note",
}


def as_sarif(
    documents: Mapping[str, str],
    found: Iterable[tuple[str, Finding]],
    unreadable: Mapping[str, str],
    version: str,
) -> dict[str, Any]:
    """One run over some documents.

    Args:
        documents: The text of each, by its URI.
        found: Each finding with the URI of its document.
        unreadable: Why others could not be read, by their URI.
        version: Doorward's.
    """
    driver = {
        "name": "Doorward",
        "semanticVersion": version,
        "rules": [_rule(code) for code in codes() if code.checked],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(unreadable)],
        "results": [_result(uri, documents[uri], finding) for uri, finding in found],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: Code) -> dict[str, Any]:
    tags = ["security"] if code.severity is Severity.SECURITY_WARNING else []
    return {
        "id": code.code,
        "shortDescription": {"text": code.meaning.partition("\n")[0]},
        "fullDescription": {"text": code.meaning},
        "defaultConfiguration": {"level": _LEVELS[code.severity]},
        "properties": {"severity": code.severity.value, "tags": tags},
    }


def _invocation(unreadable: Mapping[str, str]) -> dict[str, Any]:
    notes = [
        {
            "level": "error",
            "message": {"text": why},
            "locations": [{"physicalLocation": _file(uri)}],
        }
        for uri, why in unreadable.items()
    ]
    return {"executionSuccessful": not notes, "toolExecutionNotifications": notes}


def _file(uri: str) -> dict[str, Any]:
    return {"artifactLocation": {"uri": uri}}


def _result(uri: str, text: str, finding: Finding) -> dict[str, Any]:
    where = [{"fullyQualifiedName": finding.where}] if finding.where else []
    location = {"physicalLocation": {**_file(uri), "region": _region(finding.span)}}
    return {
        "ruleId": finding.code,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [location | ({"logicalLocations": where} if where else {})],
        "partialFingerprints": {"policyElement/v1": _fingerprint(text, finding)},
        "fixes": [_fix(uri, text, fix) for fix in finding.fixes],
    }


def _region(place: Span) -> dict[str, int]:
    return {
        "startLine": place.start.line,
        "startColumn": place.start.column,
        "endLine": place.end.line,
        "endColumn": place.end.column,
        "charOffset": place.start.offset,
        "charLength": place.end.offset - place.start.offset,
    }


def _fingerprint(text: str, finding: Finding) -> str:
    """The same while code, path and words stay, wherever in the file they stand."""
    words = text[finding.span.start.offset : finding.span.end.offset]
    marks = f"{finding.code}\0{finding.where}\0{words}"
    return sha256(marks.encode(errors="surrogatepass")).hexdigest()[:32]


def _fix(uri: str, text: str, fix: Fix) -> dict[str, Any]:
    replacement = {
        "deletedRegion": _region(span(text, fix.start, fix.end)),
        "insertedContent": {"text": fix.text},
    }
    change = {**_file(uri), "replacements": [replacement]}
    return {"description": {"text": fix.title}, "artifactChanges": [change]}
