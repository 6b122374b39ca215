import io
import json
from types import SimpleNamespace

import pytest

from doorward.analysis.validate import codes

CLEAN = """{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::box/*"}]
}"""
WRONG = CLEAN.replace("s3:GetObject", "s3:GetObjct")
SUGGESTED = CLEAN.replace('"Action": ', '"Sid": "", "Action": ')
TRUST = """{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"
  }
}"""


@pytest.fixture
def file(tmp_path):
    def write(text, name="policy.json"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(("text", "code"), [(CLEAN, 0), (SUGGESTED, 0), (WRONG, 1), ("{", 1)])
def test_the_exit_code_says_whether_something_was_found(run, file, text, code):
    assert run("check", file(text)).code == code


def test_a_finding_shows_its_line_and_its_correction(run, file):
    path = file(WRONG)
    out = run("check", path).out
    assert f"ERROR INVALID_ACTION  {path}:3:47  Statement[0].Action" in out
    source, marks = out.splitlines()[3:5]
    assert source[marks.index("^") : marks.rindex("^") + 1] == '"s3:GetObjct"'
    assert "Fix: write s3:GetObject" in out
    assert "identity policy (guessed" in out
    assert "1 policy: 1 error." in out


def test_a_guess_is_not_said_where_the_type_is_given(run, file):
    out = run("check", file(TRUST), "--type", "trust").out
    assert "trust policy\n" in out
    assert "nothing found" in out


def test_the_type_is_guessed_from_the_principal(run, file):
    resource = CLEAN.replace('"Effect"', '"Principal": {"AWS": "123456789012"}, "Effect"')
    assert "trust policy (guessed" in run("check", file(TRUST)).out
    assert "resource policy (guessed" in run("check", file(resource)).out


def test_a_person_cannot_be_fooled_by_what_a_policy_holds(run, file):
    out = run("check", file(WRONG.replace("GetObjct", "Get\\u001b[31mObject"))).out
    assert "\x1b" not in out
    assert "Get·[31mObject" in out


def test_a_long_line_is_cut_around_the_finding(run, file):
    text = json.dumps({"Id": "x" * 900, **json.loads(WRONG)})
    shown = next(line for line in run("check", file(text)).out.splitlines() if "1 | " in line)
    assert '"s3:GetObjct"' in shown
    assert len(shown) < 140


def test_a_fix_in_a_long_line_is_shown_alone(run, file):
    text = json.dumps({"Id": "x" * 900, **json.loads(WRONG)})
    assert '      + "s3:GetObject"\n' in run("check", file(text)).out


def test_json_is_for_programs(run, file):
    answer = run("check", file(WRONG), "--json").json
    (finding,) = answer["findings"]
    assert (finding["code"], finding["severity"]) == ("INVALID_ACTION", "ERROR")
    assert finding["span"]["start"] == {"line": 3, "column": 47, "offset": WRONG.index('"s3:')}
    assert finding["fixes"][0]["text"] == '"s3:GetObject"'
    assert answer["errors"] == []
    (unchecked,) = answer["not_checked"]
    assert (unchecked["type"], unchecked["guessed"]) == ("identity", True)
    assert "USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES" in unchecked["codes"]


def test_what_nothing_is_known_about_is_said(run, file):
    path = file(CLEAN.replace("s3:GetObject", "codestar:*").replace("arn:aws:s3:::box/*", "*"))
    assert "nothing is known about them: actions of codestar." in run("check", path).out
    assert run("check", path, "--json").json["not_checked"][0]["unknown"] == ["actions of codestar"]


def test_folders_are_read_in_order(run, file):
    file(WRONG, "in/b.json")
    file(CLEAN, "in/a.json")
    folder = file("not a policy", "in/c.txt").parent
    answer = run("check", folder, "--json").json
    assert [each["file"] for each in answer["not_checked"]] == [
        str(folder / "a.json"),
        str(folder / "b.json"),
    ]
    assert "2 policies: 1 error." in run("check", folder).out


def test_an_empty_folder_is_no_clean_one(run, tmp_path):
    ran = run("check", tmp_path)
    assert (ran.code, "no *.json file" in ran.err) == (2, True)


def test_no_file_is_no_clean_one(run):
    ran = run("check")
    assert (ran.code, "no file is given" in ran.err) == (2, True)


def test_what_cannot_be_read_is_said_and_the_rest_is_checked(run, file, tmp_path):
    latin = tmp_path / "latin.json"
    latin.write_bytes(b'{"Id": "\xe9"}')
    long = file("[" + " " * 140_000 + "]", "long.json")
    ran = run("check", tmp_path / "none.json", latin, long, file(WRONG))
    assert ran.code == 2
    assert "none.json: No such file or directory" in ran.err
    assert "latin.json: not UTF-8" in ran.err
    assert "long.json: longer than any policy" in ran.err
    assert "INVALID_ACTION" in ran.out
    assert run("check", latin).out == ""
    answer = run("check", latin, "--json")
    assert answer.json["errors"] == [{"file": str(latin), "error": "not UTF-8"}]


def test_a_policy_comes_from_stdin(run, monkeypatch):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(WRONG.encode())))
    assert run("check", "-", "--json").json["findings"][0]["file"] == "-"


def test_codes_are_listed_with_those_to_come(run):
    out = run("check", "--codes").out
    assert "SECURITY_WARNING checked          mfa-condition-fails-open" in out
    assert "not checked yet  UNSUPPORTED_ACTION_IN_POLICY" in out
    rows = run("check", "--codes", "--json").json
    assert len(rows) == len(codes())
    assert {row["checked"] for row in rows} == {True, False}


def test_sarif_places_each_result(run, file, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    log = json.loads(run("check", file(WRONG, "a b.json"), file(SUGGESTED), "--sarif").out)
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (found,) = log["runs"]
    rules = {rule["id"]: rule for rule in found["tool"]["driver"]["rules"]}
    assert found["tool"]["driver"]["name"] == "Doorward"
    assert len(rules) == sum(code.checked for code in codes())
    wrong, suggested = found["results"]
    assert (wrong["ruleId"], wrong["level"]) == ("INVALID_ACTION", "error")
    assert (
        suggested["level"] == rules[suggested["ruleId"]]["defaultConfiguration"]["level"] == "note"
    )
    place = wrong["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%20b.json"
    region = place["region"]
    assert (region["startLine"], region["startColumn"], region["endColumn"]) == (3, 47, 60)
    assert WRONG[region["charOffset"] :][: region["charLength"]] == '"s3:GetObjct"'
    (change,) = wrong["fixes"][0]["artifactChanges"]
    assert change["replacements"][0]["deletedRegion"] == region
    assert found["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]


def test_a_result_keeps_its_fingerprint_when_lines_move(run, file):
    def prints(text):
        (found,) = json.loads(run("check", file(text), "--sarif").out)["runs"]
        return [each["partialFingerprints"]["policyElement/v1"] for each in found["results"]]

    assert prints(WRONG) == prints("\n\n" + WRONG) != prints(WRONG.replace("Objct", "Objet"))


def test_sarif_says_what_could_not_be_read(run, tmp_path):
    log = json.loads(run("check", "none.json", tmp_path / "none.json", "--sarif").out)
    invocation = log["runs"][0]["invocations"][0]
    assert invocation["executionSuccessful"] is False
    uris = [
        note["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for note in invocation["toolExecutionNotifications"]
    ]
    assert uris == ["none.json", (tmp_path / "none.json").as_uri()]


def test_a_mistake_of_the_list_of_practices_is_called_by_its_word(run, file):
    path = file(CLEAN.replace(":::box", "::::box"))
    assert "ERROR INVALID_ARN_RESOURCE (invalid-arn)  " in run("check", path).out
    assert run("check", path, "--json").json["findings"][0]["practice"] == "invalid-arn"
