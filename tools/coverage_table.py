"""Write the README's table of operations: what Doorward has of what botocore's model lists.

python tools/coverage_table.py          rewrites README.md
python tools/coverage_table.py --check  exit 1 when it would change
"""

import sys
from pathlib import Path

from doorward.catalog.models import SERVED, service
from doorward.services.registry import operations

README = Path(__file__).parents[1] / "README.md"
BEGIN = "<!-- coverage: written by tools/coverage_table.py -->\n"
END = "<!-- end of coverage -->"


def table() -> str:
    """One row a service that has any operation, in Markdown."""
    rows = [_row(name) for name in SERVED if operations(name)]
    return "\n".join(["| service | operations | of |", "|---|---:|---:|", *rows]) + "\n"


def _row(name: str) -> str:
    model = service(name)
    have = sum(each.function_name in operations(name) for each in model.operations.values())
    return f"| {name} | {have} | {len(model.operations)} |"


def with_table(text: str) -> str:
    """The README with its table renewed."""
    head, rest = text.split(BEGIN)
    return f"{head}{BEGIN}{table()}{rest[rest.index(END) :]}"


def main() -> int:
    """Rewrite or check."""
    text = README.read_text()
    renewed = with_table(text)
    if "--check" in sys.argv[1:]:
        return int(renewed != text)
    README.write_text(renewed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
