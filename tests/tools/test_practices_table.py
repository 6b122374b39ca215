"""Every practice is shown by a test or answered in words, and the page that says so is current."""

from pathlib import Path

from tools.practices_table import PAGE, answers, current, faults, page, practices
from tools.rules_table import ROOT, Shown

LIST = "# One\nS1-01\tDo it\n# Two\nM-01\tSay it\tthe page\nM-02\tAll of it\tthe auditor\n"


def a_test(number):
    return Shown(number, ROOT / "tests" / "test_x.py", "test_it")


def test_every_practice_is_shown_and_every_mark_is_of_one():
    assert faults(*current()) == []


def test_the_page_is_up_to_date():
    assert page(*current()) == PAGE.read_text(), "run: python -m tools.practices_table"


def test_status_is_told_by_what_is_there():
    written = page(practices(LIST), [a_test("S1-01"), a_test("M-01")], {"M-01": "Why? (M-01)"})
    assert "| S1-01 | Do it | shown | [`test_it`](../tests/test_x.py) |" in written
    assert "| M-01 | Say it | in part: the page |" in written
    assert "[in words](questions.md#why-m-01)" in written
    assert "| M-02 | All of it | to come: the auditor |  |" in written


def test_what_is_missing_and_what_is_unknown_is_told():
    assert faults(practices(LIST), [a_test("S9-99")], {}) == [
        "practice S1-01 is shown by nothing",
        "there is no practice S9-99",
    ]


def test_answers_are_found_by_the_numbers_of_their_headings():
    found = answers("## What is it? (S003-06, M-28)\n\ntext (M-99)\n### Small (M-98)\n")
    assert found == dict.fromkeys(("S003-06", "M-28"), "What is it? (S003-06, M-28)")


def test_links_of_the_page_lead_somewhere():
    assert Path(ROOT / "docs" / "questions.md").exists()
