"""Write docs/practices.md: what good practice asks for, and the tests that show it done.

A test says which practices it shows with `@pytest.mark.practice("S000-12", …)`; one that words
answer has a heading in docs/questions.md that ends with its number. The practices are in
practices.tsv: number, practice, and what of it is not here yet.

python -m tools.practices_table          rewrites docs/practices.md
python -m tools.practices_table --check  exit 1 when it would change or a row has nothing
"""

import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from tools.rules_table import ROOT, TESTS, Shown, link, shown

LIST = Path(__file__).parent / "practices.tsv"
PAGE = ROOT / "docs" / "practices.md"
QUESTIONS = ROOT / "docs" / "questions.md"
HEAD = """\
# Good practice, row by row

What texts on IAM ask of everybody, and the test that carries it out on Doorward. A row is *shown*
when its test does what the practice says; *in part* names what is still to come.
`python -m tools.practices_table` writes this page from the marks on the tests.
"""


class Practice(NamedTuple):
    """One row: its number, what is asked, and what of it is to come."""

    number: str
    title: str
    to_come: str
    section: str


def practices(text: str) -> tuple[Practice, ...]:
    """Read the list."""
    found: list[Practice] = []
    section = ""
    for line in text.splitlines():
        if line.startswith("#"):
            section = line[1:].strip()
        elif line:
            number, title, *to_come = line.split("\t")
            found.append(Practice(number, title, "".join(to_come), section))
    return tuple(found)


def answers(text: str) -> dict[str, str]:
    """Number -> heading of the questions that answer practices in words."""
    found = {}
    for heading in re.findall(r"^## (.+)$", text, re.MULTILINE):
        for number in re.findall(r"[SM]\d*-\d+", heading):
            found[number] = heading
    return found


def page(known: Iterable[Practice], tests: Iterable[Shown], words: Mapping[str, str]) -> str:
    """The page, in Markdown."""
    by_number: dict[str, list[Shown]] = {}
    for one in tests:
        by_number.setdefault(one.rule, []).append(one)
    lines = [HEAD]
    section = ""
    for row in known:
        if row.section != section:
            section = row.section
            lines.append(f"\n## {section}\n\n| row | practice | status | shown by |\n")
            lines.append("|---|---|---|---|\n")
        shown_by = [link(one) for one in sorted(by_number.get(row.number, ()))]
        if row.number in words:
            shown_by.append(f"[in words](questions.md#{_anchor(words[row.number])})")
        status = f"in part: {row.to_come}" if row.to_come else "shown"
        status = status if shown_by else f"to come: {row.to_come}"
        lines.append(f"| {row.number} | {row.title} | {status} | {'<br>'.join(shown_by)} |\n")
    return "".join(lines)


def faults(
    known: Iterable[Practice], tests: Iterable[Shown], words: Mapping[str, str]
) -> list[str]:
    """Practices that nothing shows though nothing is to come, and marks of unknown ones."""
    known = tuple(known)
    marked = {one.rule for one in tests} | set(words)
    missing = [row.number for row in known if not row.to_come and row.number not in marked]
    unknown = sorted(marked - {row.number for row in known})
    return [f"practice {each} is shown by nothing" for each in missing] + [
        f"there is no practice {each}" for each in unknown
    ]


def current() -> tuple[tuple[Practice, ...], tuple[Shown, ...], dict[str, str]]:
    """The list, the tests as they are marked, and the answers in words."""
    tests = tuple(shown(sorted(TESTS.rglob("test_*.py")), "practice"))
    return practices(LIST.read_text()), tests, answers(QUESTIONS.read_text())


def _anchor(heading: str) -> str:
    kept = re.sub(r"[^\w\- ]", "", heading.lower())
    return kept.replace(" ", "-")


def main() -> int:
    """Rewrite or check."""
    found = current()
    wrong = faults(*found)
    sys.stderr.writelines(f"{one}\n" for one in wrong)
    written = page(*found)
    if "--check" in sys.argv[1:]:
        return int(bool(wrong) or not PAGE.exists() or PAGE.read_text() != written)
    PAGE.write_text(written)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
