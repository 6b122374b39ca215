import subprocess

import pytest

from doorward.app.secret_scan import history
from doorward.app.secret_scan.history import HistoryUnread, scan_history
from doorward.app.secret_scan.places import Report

KEY = "AKIA" + "Q" * 16
LOST = "AKIA" + "R" * 16


@pytest.fixture
def repository(tmp_path):
    """Runs git in a repository of its own."""

    def git(*words):
        who = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
        done = subprocess.run(
            ["git", "-C", str(tmp_path), *who, *words], capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    git("init", "-q")
    return git


def scanned(path):
    report = Report()
    scan_history(path, report)
    return report


def test_a_key_that_was_removed_is_found_with_its_first_commit(repository, tmp_path):
    (tmp_path / "conf").mkdir()
    file = tmp_path / "conf" / "ä b.ini"
    file.write_text(f"x\nkey={KEY}\n")
    repository("add", ".")
    repository("commit", "-qm", "one")
    first = repository("log", "-1", "--format=%h")
    file.write_text("x\n")
    repository("commit", "-qam", "two")
    report = scanned(tmp_path)
    assert report.found[KEY].places == [f"commit {first} conf/ä b.ini:2"]
    assert report.texts == 2
    assert scanned(file).found[KEY].places


def test_what_no_branch_leads_to_is_found_too(repository, tmp_path):
    (tmp_path / "a").write_text(LOST)
    blob = repository("hash-object", "-w", "a")
    assert scanned(tmp_path).found[LOST].places == [f"git object {blob[:10]}:1"]


def test_binary_and_huge_versions_are_passed_over(repository, tmp_path, monkeypatch):
    monkeypatch.setattr(history, "LARGEST", 1 << 20)
    (tmp_path / "binary").write_bytes(b"\0" + KEY.encode())
    (tmp_path / "large").write_bytes(KEY.encode() + b" " * (1 << 20))
    repository("add", ".")
    report = scanned(tmp_path)
    assert report.found == {}
    assert list(report.skipped.values()) == ["larger than 1 MiB"]


def test_no_repository_and_no_git(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(HistoryUnread, match="not a git repository"):
        scanned(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(HistoryUnread, match="git is not installed"):
        scanned(tmp_path)


def test_an_object_that_goes_while_it_is_read_is_said(repository, tmp_path, monkeypatch):
    repository("commit", "-q", "--allow-empty", "-m", "one")
    gone = [history._Blob("0" * 40, 1)]
    monkeypatch.setattr(history, "_blobs", lambda *_: gone)
    with pytest.raises(HistoryUnread, match="lost the object"):
        scanned(tmp_path)
