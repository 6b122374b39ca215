import gzip
import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from doorward.app.cli import decide

CASES = Path(__file__).parents[2] / "policy" / "data" / "decision-cases.jsonl.gz"


@pytest.fixture(scope="module")
def lines():
    with gzip.open(CASES, "rt", encoding="utf-8") as file:
        return file.read().splitlines()


@pytest.fixture
def judge(run, tmp_path):
    """Judge these lines; the answers and the exit code."""

    def call(text, *words):
        file = tmp_path / "cases.jsonl"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        ran = run("decide", file, *words)
        return [json.loads(line) for line in ran.out.splitlines()], ran.code

    return call


def test_each_case_is_answered_in_its_place(judge, lines):
    chosen = [line for line in lines if len(line) < 2000]
    answers, code = judge("\n".join(chosen))
    assert code == 0
    for line, answer in zip(chosen, answers, strict=True):
        case = json.loads(line)
        assert (answer["id"], answer["decision"]) == (case["id"], case["expected"])
        assert list(answer) == ["id", "decision", "reason"]
        assert answer["reason"]


def test_explained_it_holds_all_that_led_to_it(judge, lines):
    answers, code = judge("\n".join(lines[:20]), "--explain")
    assert code == 0
    assert [list(answer)[3:] for answer in answers] == [list(decide.PARTS)] * 20
    assert any(step["statements"] for answer in answers for step in answer["steps"])


def test_a_line_that_is_no_case_is_said_and_the_rest_goes_on(judge, lines):
    wrong = json.loads(lines[1]) | {"surprise": 1}
    answers, code = judge("\n".join([lines[0], json.dumps(wrong), "{", "", lines[2]]) + "\n")
    assert code == 1
    assert answers[1] == {"id": wrong["id"], "error": "surprise: unknown field"}
    assert answers[2]["id"] is None
    assert answers[2]["error"].startswith("line 3: not JSON")
    assert [answer["id"] for answer in answers[::3]] == [json.loads(lines[i])["id"] for i in (0, 2)]


def test_an_id_stands_once(judge, lines):
    answers, code = judge("\n".join([lines[0], lines[0]]))
    assert code == 1
    assert answers[1]["error"] == "id: it stands on an earlier line too"


def test_a_policy_that_cannot_be_read_is_a_decision(judge, lines):
    case = json.loads(lines[0])
    case["policies"]["identity"] = ["nonsense"]
    answers, code = judge(json.dumps(case))
    assert code == 0
    assert answers[0]["decision"] == "ExplicitlyDenied"
    assert "could not evaluate" in answers[0]["reason"]


def test_what_is_not_utf_8_is_said(judge):
    answers, code = judge(b'{"id": "\xff"}\n')
    assert code == 1
    assert answers == [{"id": None, "error": "line 1: the line is not UTF-8"}]


def test_a_line_has_a_longest_length(judge, lines, monkeypatch):
    monkeypatch.setattr(decide, "LONGEST", 4000)
    short = [line for line in lines if len(line) < 3900]
    answers, code = judge("\n".join([short[0], "x" * 3999, "x" * 4000, "x" * 20_000, short[1]]))
    assert code == 1
    says = "the line is longer than 4000 bytes"
    assert answers[2:4] == [{"id": None, "error": f"line {number}: {says}"} for number in (3, 4)]
    assert answers[1]["error"].startswith("line 2: not JSON")
    assert answers[4]["id"] == json.loads(short[1])["id"]


def test_cases_come_from_stdin_too(run, lines, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines[0].encode())))
    assert run("decide", "-").json["id"] == json.loads(lines[0])["id"]


def test_nothing_in_nothing_out(judge):
    assert judge("\n\n") == ([], 0)


def test_a_file_that_is_not_there(run, tmp_path):
    ran = run("decide", tmp_path / "none")
    assert ran.code == 2
    assert "No such file" in ran.err


def test_whoever_waits_is_told_how_far_it_is(judge, lines, monkeypatch):
    said = []
    monkeypatch.setattr(decide, "progress", said.append)
    monkeypatch.setattr(decide, "REPORT_EVERY", 2)
    judge("\n".join(lines[:5]))
    assert said == ["2 lines …", "4 lines …"]


def test_a_reader_who_goes_away_is_no_mistake_of_the_file(lines, tmp_path, monkeypatch):
    def gone(*_):
        raise BrokenPipeError

    (tmp_path / "cases.jsonl").write_text(lines[0])
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", SimpleNamespace(write=gone, flush=gone))
        with pytest.raises(BrokenPipeError):
            decide.run(SimpleNamespace(file=str(tmp_path / "cases.jsonl"), explain=False))
