import re
import shutil
from pathlib import Path

from doorward.app.in_process import pool  # noqa: F401 - pytester forgets what is imported in it
from doorward.app.pytest_plugin import collect  # noqa: F401 - as above

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[3]
BLOCK = re.compile(r"^```(python|yaml)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def test_the_examples_of_the_page_pass(pytester):
    blocks = BLOCK.findall((ROOT / "docs" / "pytest.md").read_text())
    python = "\n".join(text for kind, text in blocks if kind == "python")
    (pytester.path / "test_page.py").write_text(python)
    for number, text in enumerate(text for kind, text in blocks if kind == "yaml"):
        (pytester.path / f"page{number}.policytest.yaml").write_text(text)
    shutil.copy(ROOT / "examples" / "seed-team.yaml", pytester.path / "seed.yaml")
    pytester.makeini("[pytest]\naddopts = --strict-markers\nfilterwarnings = error\n")
    pytester.runpytest_inprocess().assert_outcomes(passed=4 + 3)
