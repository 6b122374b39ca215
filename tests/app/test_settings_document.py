from pathlib import Path

from doorward.app.config import SETTINGS

DOCUMENT = Path(__file__).parents[2] / "docs" / "settings.md"


def test_the_document_has_the_table_of_settings_row_by_row():
    shown = [line for line in DOCUMENT.read_text().splitlines() if line.startswith("| `")]
    assert shown == [
        f"| `{each.name}` | `{str(each.default).lower() or '-'}` | {each.meaning} |"
        for each in SETTINGS
    ]
