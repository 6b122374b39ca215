"""Text that is no JSON: where it stops being it, and whether only braces are missing."""

import re
from typing import Final

from doorward.analysis.validate.finding import Finding, Fix, Severity
from doorward.analysis.validate.positions import offset_of, span
from doorward.analysis.validate.reading import At
from doorward.errors import PolicyError
from doorward.policy.document import VERSIONS
from doorward.policy.source import read

CODE: Final = "JSON_SYNTAX_ERROR"
MEANING: Final = "The document is not valid JSON; says where it stops being it."
_TOKEN: Final = re.compile(r'"(?:[^"\\\n]|\\.)*+"?+|[A-Za-z0-9_+.\-$]++|.', re.DOTALL)
_ODD_SPACE: Final = re.compile(
    r'"(?:[^"\\]|\\.)*+"|[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff]', re.DOTALL
)
_MISSING: Final = re.compile(r"expected '(.)' before")
_NAMED: Final = re.compile(r'\s*+"')
_NEEDED: Final = (("Effect", '"Allow"'), ("Action", '"SERVICE:ACTION"'), ("Resource", '"*"'))


def unreadable(text: str, error: PolicyError, kinds: tuple[str, ...]) -> Finding:
    """The finding about a text that is no JSON."""
    start = offset_of(text, error.line, error.column)
    token = _TOKEN.match(text, start)
    fix = _wrapped(text)
    message = f"Not JSON: {error.reason}."
    if fix:
        message = f"A part of a policy, without the braces around it: {error.reason}."
    return Finding(
        code=CODE,
        severity=Severity.ERROR,
        message=message,
        path=(),
        span=span(text, start, token.end() if token else start),
        kinds=kinds,
        fixes=(fix,) if fix else _with_token(text, error, start),
    )


def plain_spaces(text: str) -> str:
    """The text with spaces JSON does not know made plain, outside of strings; as long as before."""
    return _ODD_SPACE.sub(lambda found: found[0] if found[0][0] == '"' else " ", text)


def odd_spaces(text: str, kinds: tuple[str, ...]) -> Finding:
    """The finding about a text with spaces as web pages and word processors have them."""
    plain = plain_spaces(text)
    places = [at for at, char in enumerate(plain) if char != text[at]]
    names = ", ".join(dict.fromkeys(f"U+{ord(text[at]):04X}" for at in places))
    return Finding(
        code=CODE,
        severity=Severity.ERROR,
        message=(
            f"Not JSON: spaces that are not plain ({names}, {len(places)} times), as copied from a"
            " page; the rest is checked as if they were."
        ),
        path=(),
        span=span(text, places[0], places[0] + 1),
        kinds=kinds,
        fixes=(Fix("make every space a plain one", 0, len(text), plain),),
    )


def _with_token(text: str, error: PolicyError, start: int) -> tuple[Fix, ...]:
    """The token that is missing, right after what stands before it."""
    found = _MISSING.match(error.reason)
    if not found or start == len(text):
        return ()
    at = len(text[:start].rstrip())
    return (Fix(f"put in '{found[1]}'", at, at, found[1]),)


def _wrapped(text: str) -> Fix | None:
    """The members of an object as one statement, or as a whole policy if they are one's."""
    inside = text.strip().rstrip(",").rstrip()
    if not _NAMED.match(text):
        return None
    try:
        whole = At(read("{" + inside + "}"), ())
    except PolicyError:
        return None
    names = {member.name for member in whole.members}
    if "Statement" in names:
        return Fix("put it between braces", 0, len(text), f"{{\n{inside}\n}}")
    return Fix("wrap it in a statement", 0, len(text), _policy(inside, names))


def _policy(inside: str, names: set[str]) -> str:
    added = [f'"{name}": {value}' for name, value in _NEEDED if not {name, f"Not{name}"} & names]
    body = ",\n      ".join((*added, inside.replace("\n", "\n      ")))
    statement = f"[\n    {{\n      {body}\n    }}\n  ]"
    return f'{{\n  "Version": "{VERSIONS[0]}",\n  "Statement": {statement}\n}}'
