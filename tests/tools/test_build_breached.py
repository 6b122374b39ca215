"""The list of known passwords is made of three published ones, without the passwords."""

import gzip
import io
import json
import tarfile
import zipfile

import pytest

from doorward.catalog.breached import digest
from doorward.catalog.pack import parse
from tools import build_breached


def wheel(path, name, content):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, content)
    return path


@pytest.fixture
def inputs(tmp_path):
    listed = json.dumps(["dragon", "Monkey", ""]).encode()
    member = tarfile.TarInfo("package/src/passwords.json")
    member.size = len(listed)
    archive = tmp_path / "zxcvbn-ts-language-common-4.1.3.tgz"
    with tarfile.open(archive, "w:gz") as opened:
        opened.addfile(member, io.BytesIO(listed))
    lists = (
        'LISTS = {\n    "passwords": "dragon,Shadow".split(","),\n    "names": "ann".split(","),\n}'
    )
    return (
        wheel(
            tmp_path / "django-5.2.19-py3-none-any.whl",
            "django/contrib/auth/common-passwords.txt.gz",
            gzip.compress(b"dragon\n letmein \n"),
        ),
        wheel(tmp_path / "zxcvbn-4.5.0-py2.py3-none-any.whl", "zxcvbn/frequency_lists.py", lists),
        archive,
    )


def test_lists_become_sorted_cut_hashes_and_a_manifest(inputs, tmp_path, monkeypatch):
    monkeypatch.setattr(build_breached, "DATA", tmp_path)
    build_breached.main(*map(str, inputs))
    content = (tmp_path / "breached.pack").read_bytes()
    known = ("dragon", "letmein", "monkey", "shadow")
    assert parse(content).read("common") == b"".join(sorted(map(digest, known)))
    told = json.loads((tmp_path / "breached.json").read_text())
    assert told["passwords"] == 4
    assert [(each["name"], each["version"], each["licence"]) for each in told["inputs"]] == [
        ("django", "5.2.19", "BSD-3-Clause"),
        ("zxcvbn", "4.5.0", "MIT"),
        ("zxcvbn-ts-language-common", "4.1.3", "MIT"),
    ]
    build_breached.main(*map(str, inputs))
    assert (tmp_path / "breached.pack").read_bytes() == content
