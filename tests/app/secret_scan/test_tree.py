import pytest

from doorward.app.secret_scan import tree
from doorward.app.secret_scan.places import Report
from doorward.app.secret_scan.tree import scan_tree

KEY = "AKIA" + "Q" * 16


def scanned(path):
    report = Report()
    scan_tree(path, report)
    return report


def test_every_file_below_but_those_of_git(tmp_path):
    for name in ("a.txt", "b/c/d.py", ".env", ".git/config"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"one\n{KEY} {KEY}\n")
    report = scanned(tmp_path)
    places = [f"{tmp_path}/{name}:2" for name in (".env", "a.txt", "b/c/d.py")]
    assert report.found[KEY].places == places
    assert report.texts == 3
    assert report.skipped == {}


def test_one_file(tmp_path):
    (tmp_path / "a").write_text(KEY)
    assert list(scanned(tmp_path / "a").found) == [KEY]


def test_what_is_passed_over_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(tree, "LARGEST", 1 << 20)
    (tmp_path / "large").write_bytes(KEY.encode() + b" " * (1 << 20))
    (tmp_path / "binary").write_bytes(b"\0" + KEY.encode())
    report = scanned(tmp_path)
    assert report.found == {}
    assert report.skipped == {
        f"{tmp_path}/binary": "binary",
        f"{tmp_path}/large": "larger than 1 MiB",
    }


def test_what_cannot_be_read_is_said(tmp_path, monkeypatch):
    (tmp_path / "a").write_text(KEY)

    def refused(_self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.read_bytes", refused)
    assert scanned(tmp_path).skipped == {f"{tmp_path}/a": "Permission denied"}


def test_a_folder_that_cannot_be_read_is_said(tmp_path, monkeypatch):
    def walk(top, onerror):
        onerror(PermissionError(13, "Permission denied", str(top)))
        return []

    monkeypatch.setattr(tree.os, "walk", walk)
    assert scanned(tmp_path).skipped == {str(tmp_path): "Permission denied"}


def test_a_link_that_was_asked_for_is_followed(tmp_path):
    (tmp_path / "a").write_text(KEY)
    (tmp_path / "link").symlink_to("a")
    assert scanned(tmp_path / "link").found[KEY].places == [f"{tmp_path}/a:1"]


@pytest.mark.parametrize("inside", [True, False])
def test_links_are_not_followed(tmp_path, inside):
    target = tmp_path / ("scan/target" if inside else "target")
    (tmp_path / "scan").mkdir()
    target.write_text(KEY)
    (tmp_path / "scan" / "link").symlink_to(target)
    (tmp_path / "scan" / "up").symlink_to(tmp_path)
    found = scanned(tmp_path / "scan").found
    assert ([str(target) + ":1"] if inside else []) == [p for f in found.values() for p in f.places]
