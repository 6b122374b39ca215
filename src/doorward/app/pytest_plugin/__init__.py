"""pytest's plugin: a Doorward of its own for each test, and policy tests in YAML.

Nothing else of Doorward is imported before a test asks for it.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from doorward.app.in_process import InProcess
    from doorward.app.in_process.pool import Pool
    from doorward.app.in_process.seeds import SeedSource

POOL = pytest.StashKey["Pool"]()
SUFFIXES = (".policytest.yaml", ".policytest.yml")
MARKER = (
    "doorward(seed=None, account=None): what the `doorward` fixture begins with: a seed (a file"
    " beside the test, or its content), the account's id"
)


@dataclass(frozen=True, slots=True)
class Options:
    """What the marker may say."""

    seed: "SeedSource" = None
    account: str | None = None


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", MARKER)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the threads."""
    opened = config.stash.get(POOL, None)
    if opened is not None:
        opened.close()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take policy tests in."""
    if not file_path.name.endswith(SUFFIXES):
        return None
    from doorward.app.pytest_plugin.collect import PolicyTestFile

    return PolicyTestFile.from_parent(parent, path=file_path)


@pytest.fixture
def doorward(request: pytest.FixtureRequest) -> "InProcess":
    """A whole Doorward in memory, as after its first start: `doorward.client("iam")`."""
    from doorward.app.bootstrap import FirstStartRefused
    from doorward.app.seed import SeedError

    options = _options(request)
    seed = options.seed
    if isinstance(seed, str | Path):
        seed = request.path.parent / seed
    try:
        return pool(request.config).fresh(seed, options.account)
    except (SeedError, FirstStartRefused, OSError) as error:
        reason = str(error)
    # Outside the `except`, whose error pytest would show as well.
    pytest.fail(f"@pytest.mark.doorward: {reason}", pytrace=False)


def pool(config: pytest.Config) -> "Pool":
    """The Doorwards of this run."""
    if POOL not in config.stash:
        from doorward.app.in_process.pool import Pool

        config.stash[POOL] = Pool()
    return config.stash[POOL]


def _options(request: pytest.FixtureRequest) -> Options:
    marker = request.node.get_closest_marker("doorward")
    if marker is None:
        return Options()
    try:
        return Options(*marker.args, **marker.kwargs)
    except TypeError as error:
        reason = str(error)
    # Outside the `except`, whose error pytest would show as well.
    pytest.fail(f"@pytest.mark.doorward: {reason}", pytrace=False)
