"""The data files are what tools/build_catalog.py makes of the installed packages."""

import importlib.util
import json
import zlib
from pathlib import Path

import pytest

from doorward.catalog.pack import parse

ROOT = Path(__file__).parents[2]
DATA = ROOT / "src" / "doorward" / "catalog" / "data"
MANIFEST = json.loads((DATA / "manifest.json").read_text())


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("build", ROOT / "tools" / "build_catalog.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def source(tool):
    return tool.kept()


@pytest.fixture(scope="module")
def built(tool, source):
    return tool.build(source["policies"])


def blocks(content):
    pack = parse(content)
    return {name: pack.read(name) for name in pack}


def test_a_rebuild_gives_the_same_facts(built):
    for name, content in built.items():
        assert blocks(content) == blocks((DATA / name).read_bytes()), name


@pytest.mark.skipif(MANIFEST["zlib"] != zlib.ZLIB_RUNTIME_VERSION, reason="another zlib")
def test_a_rebuild_gives_the_same_bytes(built):
    for name, content in built.items():
        assert content == (DATA / name).read_bytes(), name


def test_the_manifest_tells_the_truth(tool, source):
    files = {name: (DATA / name).read_bytes() for name in MANIFEST["files"]}
    told = tool.describe(source, files)
    assert told | {"zlib": MANIFEST["zlib"]} == MANIFEST, "run tools/build_catalog.py"


@pytest.mark.parametrize(
    ("principal", "role"),
    [
        ("sync.proton", "AWSServiceRoleForProtonSync"),
        ("migrationhub-orchestrator", "AWSServiceRoleForMigrationhubOrchestrator"),
        ("dsql", "AWSServiceRoleForDsql"),
    ],
)
def test_role_names_by_rule(tool, principal, role):
    assert tool.derived_role_name(principal) == role


@pytest.mark.parametrize(
    ("written", "name"), [("s3.*", "s3"), ("*a4b", "a4b"), ("ec2", "ec2"), ("*", "")]
)
def test_wildcards_are_dropped_from_principals(tool, written, name):
    assert tool.clean(written) == name
