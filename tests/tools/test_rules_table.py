"""Every rule of the evaluation has a test, and the page that says so is up to date."""

from pathlib import Path

from tools.rules_table import PAGE, current, faults, page, rules, shown

SOURCE = """
import pytest

@pytest.mark.rule("1.1", "1.2")
def test_whole(): ...

@pytest.mark.parametrize("a", [pytest.param(1, marks=pytest.mark.rule("2.1"), id="one"), 2])
def test_rows(a): ...

@pytest.mark.rule("9.9")
def not_a_test(): ...
"""


def test_every_rule_has_a_test_and_every_mark_a_rule():
    assert faults(*current()) == []


def test_the_page_is_up_to_date():
    assert page(*current()) == PAGE.read_text(), "run: python tools/rules_table.py"


def test_marks_are_read_from_tests_and_from_rows(tmp_path):
    path = tmp_path / "test_x.py"
    path.write_text(SOURCE)
    found = [(one.rule, one.name) for one in shown([path])]
    assert found == [("1.1", "test_whole"), ("1.2", "test_whole"), ("2.1", "test_rows[one]")]


def test_what_is_missing_and_what_is_unknown_is_told():
    known = rules("# One\n1.1\tFirst\n# Two\n2.1\tSecond\n")
    assert [rule.section for rule in known] == ["One", "Two"]
    marked = [one._replace(path=Path("x")) for one in current()[1][:1]]
    found = [one._replace(rule="1.1") for one in marked] + [
        one._replace(rule="7.7") for one in marked
    ]
    assert faults(known, found) == ["rule 2.1 has no test", "there is no rule 7.7"]
