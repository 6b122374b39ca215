"""Real clients against a real server; a client that cannot be had is a skip that says why.

`DOORWARD_TEST_REQUIRE=all` turns such a skip into a failure, for CI.
"""

import os
import sys
from pathlib import Path

import pytest
from tests.clients import installs
from tests.clients.callers import AwsCli, Boto3, JsSdk
from tests.clients.server import started

from doorward.catalog.models import service
from doorward.services.registry import operations

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    """Everything below this folder is marked."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.clients)


def had(install, *, optional=False):
    """What an installer gives; skip, or fail where every client is required."""
    try:
        return install()
    except installs.Unavailable as missing:
        required = os.environ.get("DOORWARD_TEST_REQUIRE") == "all" and not optional
        (pytest.fail if required else pytest.skip)(str(missing))


def needs(*names):
    """Expect a failure for as long as IAM lacks one of these operations."""
    have = operations("iam")
    lacking = [name for name in names if service("iam").operations[name].function_name not in have]
    return pytest.mark.xfail(bool(lacking), reason=f"no {', '.join(lacking)} yet")


def python_tool(folder, module):
    """Words and environment that start a Python tool of the cache."""
    words = (sys.executable, "-W", "ignore", "-m", module)
    return words, {"PYTHONPATH": str(folder), "PATH": f"{folder}/bin:{os.environ['PATH']}"}


@pytest.fixture(scope="module")
def _server():
    with started() as running:
        yield running


@pytest.fixture
def server(_server):
    """A Doorward as after its first start; one process serves the tests of a module."""
    _server.reset()
    return _server


@pytest.fixture(scope="session")
def aws_1_words():
    return python_tool(had(installs.aws_cli_1), "awscli")


@pytest.fixture
def aws_1(server, aws_1_words):
    words, extra = aws_1_words
    return AwsCli(server, words, extra)


@pytest.fixture
def aws_2(server):
    return AwsCli(server, (str(had(installs.aws_cli_2)),))


@pytest.fixture
def boto3(server):
    return Boto3(server)


@pytest.fixture
def js(server):
    sdk = JsSdk(server, had(installs.js_sdk))
    yield sdk
    sdk.close()
