"""The Python in the README and in docs/ runs; a file's blocks share one namespace, in order."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
WITH_CODE = [page for page in PAGES if BLOCK.search(page.read_text())]


@pytest.mark.parametrize("page", WITH_CODE, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_python_runs(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = page.read_text()
    namespace = {"__name__": "example"}
    for found in BLOCK.finditer(text):
        # Blank lines in front, so that a traceback names the page's own line.
        before = "\n" * text.count("\n", 0, found.start(1))
        exec(compile(before + found[1], str(page), "exec"), namespace)


def test_the_readme_shows_some():
    assert ROOT / "README.md" in WITH_CODE
