"""Write docs/evaluation-rules.md: every rule of the evaluation, and the tests that show it.

A test says which rules it shows with `@pytest.mark.rule("4.3/negated", …)`, one row of a table
with `pytest.param(…, marks=pytest.mark.rule(…), id=…)`, a whole file with
`pytestmark = pytest.mark.rule(…)`. The rules are in evaluation-rules.tsv.

python tools/rules_table.py          rewrites docs/evaluation-rules.md
python tools/rules_table.py --check  exit 1 when it would change, or a rule has no test
"""

import ast
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
RULES = Path(__file__).parent / "evaluation-rules.tsv"
PAGE = ROOT / "docs" / "evaluation-rules.md"
TESTS = ROOT / "tests"
HEAD = """\
# The rules of evaluation, and the tests that show them

How a request is decided, rule by rule, in the order of AWS's own evaluation logic. Each rule names
the tests that fail when it is broken; `tools/rules_table.py` writes this page from the marks on the
tests, and a test fails when a rule has none. Where other evaluators go another way on purpose or by
mistake: `tests/policy/test_departures.py`, each test with its reason.
"""


class Rule(NamedTuple):
    """One rule: its number, perhaps with the row of its table, and what it says."""

    number: str
    title: str
    section: str


class Shown(NamedTuple):
    """A test, or one row of it, that shows a rule."""

    rule: str
    path: Path
    name: str


def rules(text: str) -> tuple[Rule, ...]:
    """Read the list of rules."""
    found: list[Rule] = []
    section = ""
    for line in text.splitlines():
        if line.startswith("#"):
            section = line[1:].strip()
        elif line:
            number, title = line.split("\t")
            found.append(Rule(number, title, section))
    return tuple(found)


def shown(paths: Iterable[Path], mark: str = "rule") -> Iterator[Shown]:
    """What the tests in these files say they show, by the mark of that name."""
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark":
                yield from (Shown(rule, path, path.stem) for rule in _marked(node.value, mark))
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield from _of_test(path, node, mark)


def _of_test(path: Path, node: ast.FunctionDef, mark: str) -> Iterator[Shown]:
    for decorator in node.decorator_list:
        for rule in _marked(decorator, mark):
            yield Shown(rule, path, node.name)
        for row in ast.walk(decorator):
            name = _row_name(row)
            for keyword in row.keywords if name and isinstance(row, ast.Call) else ():
                rules_of_row = _marked(keyword.value, mark) if keyword.arg == "marks" else ()
                for rule in rules_of_row:
                    yield Shown(rule, path, f"{node.name}[{name}]")


def _marked(node: ast.expr, mark: str) -> tuple[str, ...]:
    """The arguments of `pytest.mark.rule(…)`."""
    if not isinstance(node, ast.Call) or ast.unparse(node.func) != f"pytest.mark.{mark}":
        return ()
    return tuple(str(ast.literal_eval(argument)) for argument in node.args)


def _row_name(node: ast.AST) -> str:
    """The id of a `pytest.param(…)`."""
    if not isinstance(node, ast.Call) or ast.unparse(node.func) != "pytest.param":
        return ""
    ids = (one.value for one in node.keywords if one.arg == "id")
    return next((str(ast.literal_eval(one)) for one in ids), "")


def page(known: Iterable[Rule], found: Iterable[Shown]) -> str:
    """The page, in Markdown."""
    tests: dict[str, list[Shown]] = {}
    for one in found:
        tests.setdefault(one.rule, []).append(one)
    lines = [HEAD]
    section = ""
    for rule in known:
        if rule.section != section:
            section = rule.section
            lines.append(f"\n## {section}\n\n| rule | what it says | shown by |\n|---|---|---|\n")
        named = "<br>".join(map(link, sorted(tests.get(rule.number, ()))))
        lines.append(f"| {rule.number} | {rule.title} | {named} |\n")
    return "".join(lines)


def link(one: Shown) -> str:
    """A test, linked to from a page in docs."""
    return f"[`{one.name}`](../{one.path.relative_to(ROOT).as_posix()})"


def faults(known: Iterable[Rule], found: Iterable[Shown]) -> list[str]:
    """Rules without a test, and tests of rules that are not in the list."""
    numbers, marked = {rule.number for rule in known}, {one.rule for one in found}
    missing = [f"rule {number} has no test" for number in sorted(numbers - marked)]
    return missing + [f"there is no rule {number}" for number in sorted(marked - numbers)]


def current() -> tuple[tuple[Rule, ...], tuple[Shown, ...]]:
    """The rules as they are listed and the tests as they are marked."""
    return rules(RULES.read_text()), tuple(shown(sorted(TESTS.rglob("test_*.py"))))


def main() -> int:
    """Rewrite or check."""
    known, found = current()
    wrong = faults(known, found)
    sys.stderr.writelines(f"{one}\n" for one in wrong)
    written = page(known, found)
    if "--check" in sys.argv[1:]:
        return int(bool(wrong) or not PAGE.exists() or PAGE.read_text() != written)
    PAGE.write_text(written)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
