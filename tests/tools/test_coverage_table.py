"""The README says which operations there are."""

from tools.coverage_table import README, table, with_table


def test_the_readme_is_up_to_date():
    text = README.read_text()
    assert with_table(text) == text, "run: python tools/coverage_table.py"


def test_a_row_says_how_many_of_how_many():
    row = next(line for line in table().splitlines() if line.startswith("| iam |"))
    _, _, have, total, _ = row.split("|")
    assert 100 < int(have) <= int(total)
