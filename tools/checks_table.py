"""Write docs/checks.md: every check of `doorward check`, and those still to come.

python tools/checks_table.py          rewrites docs/checks.md
python tools/checks_table.py --check  exit 1 when it would change
"""

import sys
from pathlib import Path

from doorward.analysis.validate import Code, Severity, codes

PAGE = Path(__file__).parents[1] / "docs" / "checks.md"
BEGIN = "<!-- checks: written by tools/checks_table.py -->\n"
END = "<!-- end of checks -->"
TITLES = {
    Severity.ERROR: "Errors: AWS refuses it, or it can never work as it is written",
    Severity.SECURITY_WARNING: "Security warnings: it gives more than it seems to",
    Severity.WARNING: "Warnings: it works otherwise than one may think",
    Severity.SUGGESTION: "Suggestions: it can be said more simply, or has no effect",
}


def tables() -> str:
    """A table for each severity, then what is not checked."""
    parts = [_section(title, _of(severity)) for severity, title in TITLES.items()]
    later = [code for code in codes() if not code.checked]
    parts.append(_section("Not checked yet", later))
    return "\n".join(parts)


def _of(severity: Severity) -> list[Code]:
    return [code for code in codes() if code.checked and code.severity is severity]


def _section(title: str, rows: list[Code]) -> str:
    head = [
        f"## {title}",
        "",
        f"{len(rows)} codes.",
        "",
        "| code | types | meaning |",
        "|---|---|---|",
    ]
    return "\n".join([*head, *map(_row, rows), ""])


def _row(code: Code) -> str:
    name = f"`{code.code}`" + (f" (`{code.practice}`)" if code.practice else "")
    meaning = code.meaning.partition("\n")[0].replace("|", "\\|")
    return f"| {name} | {_types(code)} | {meaning} |"


def _types(code: Code) -> str:
    every = {kind for each in codes() for kind in each.kinds}
    return "all" if set(code.kinds) == every else ", ".join(code.kinds)


def with_tables(text: str) -> str:
    """The page with its tables renewed."""
    head, rest = text.split(BEGIN)
    return f"{head}{BEGIN}\n{tables()}\n{rest[rest.index(END) :]}"


def main() -> int:
    """Rewrite or check."""
    text = PAGE.read_text()
    renewed = with_tables(text)
    if "--check" in sys.argv[1:]:
        return int(renewed != text)
    PAGE.write_text(renewed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
