"""The list of common passwords; what is on it is looked up by its hash."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from doorward.catalog import breached
from doorward.catalog.breached import WIDTH, digest, is_known, size

DATA = Path(breached.__file__).parent / "data"
MANIFEST = json.loads((DATA / "breached.json").read_text())


@pytest.mark.parametrize(
    "password",
    ["123456", "password", "qwertyuiop", "PASSWORD", "Password1!", "Dragon20261234", "letmein!"],
)
def test_what_everybody_tries_is_known(password):
    assert is_known(password)


@pytest.mark.parametrize(
    "password",
    [
        "",
        "!!!!!!!!!!!!!!!!!!!!!",
        "correct horse battery staple",
        "kX9!dragonfly-7q",
        "dragon1-heron2",
        "dragon!!!!!!!!!",
        "abc!@#$%^",
        "\ud800",
    ],
)
def test_what_nobody_tries_is_not(password):
    assert not is_known(password)


def test_the_list_is_sorted_so_that_it_can_be_searched():
    known = breached._list()
    cut = [known[at : at + WIDTH] for at in range(0, len(known), WIDTH)]
    assert cut == sorted(set(cut))


@pytest.mark.parametrize(("place", "found"), [(0, True), (-WIDTH, True), (None, False)])
def test_the_ends_of_the_list_are_searched(monkeypatch, place, found):
    known = breached._list()
    wanted = b"\xff" * WIDTH if place is None else known[place:][:WIDTH]
    monkeypatch.setattr(breached, "digest", lambda _: wanted)
    assert is_known("") is found


def test_hardly_any_other_text_is_taken_for_one_of_them():
    assert not [text for text in map("a heron, {} of them".format, range(2000)) if is_known(text)]


def test_the_manifest_tells_the_truth():
    content = (DATA / "breached.pack").read_bytes()
    assert MANIFEST["files"] == {"breached.pack": sha256(content).hexdigest()}
    assert MANIFEST["passwords"] - size() in {0, 1}
    assert len(content) < 500_000
    assert {each["licence"] for each in MANIFEST["inputs"]} == {"MIT", "BSD-3-Clause"}


def test_a_digest_is_the_head_of_a_hash():
    assert digest("password") == sha256(b"password").digest()[:5]
