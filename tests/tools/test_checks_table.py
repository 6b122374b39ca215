"""The page of checks says which there are."""

from tools.checks_table import PAGE, with_tables

from doorward.analysis.validate import codes


def test_the_page_is_up_to_date():
    text = PAGE.read_text()
    assert with_tables(text) == text, "run: python tools/checks_table.py"


def test_each_code_has_a_row():
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| `")]
    assert len(rows) == len(codes())
    later = PAGE.read_text().partition("## Not checked yet")[2]
    for code in codes():
        assert (f"| `{code.code}`" in later) is not code.checked
