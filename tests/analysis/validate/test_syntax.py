import json

import pytest

from doorward.analysis.validate import findings, kind_guess


def told(text):
    (finding,) = findings(text, "identity")
    assert finding.code == "JSON_SYNTAX_ERROR"
    assert finding.path == ()
    return finding


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("", 1, 1, "expected a value before the end of the document"),
        ("{", 1, 2, "expected a name in double quotes"),
        ('{\n "Version" "2012-10-17"}', 2, 12, "expected ':' before"),
        ('{"a": 1,\r"a": 2}', 2, 1, "stands twice"),
        ('{"a": [1 2]}', 1, 10, "expected ',' before 2"),
        ("{'a': 1}", 1, 2, "expected a name in double quotes"),
        ('{"a": "b', 1, 7, "not closed"),
        ('{} "x"', 1, 4, "expected the end"),
    ],
)
def test_a_fault_has_its_place(text, line, column, words):
    finding = told(text)
    assert finding.span.start[:2] == (line, column)
    assert words in finding.message


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ('{"a": [1 2]}', '{"a": [1, 2]}'),
        ('{"a" 1}', '{"a": 1}'),
        ('{"a": "b"\n  "c": "d"}', '{"a": "b",\n  "c": "d"}'),
    ],
)
def test_a_missing_token_is_put_in(text, mended):
    (fix,) = told(text).fixes
    assert fix.applied(text) == mended


@pytest.mark.parametrize("text", ['{"a": [1', '{"a": 1', "nonsense", '"a" "b"', '"a": {'])
def test_what_is_meant_is_not_made_up(text):
    assert told(text).fixes == ()


def test_a_fragment_keeps_what_it_has():
    text = '"Effect": "Deny", "NotAction": "s3:*",\n'
    (fix,) = told(text).fixes
    (statement,) = json.loads(fix.applied(text))["Statement"]
    assert statement == {"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"}


def test_a_whole_policy_needs_its_braces_only():
    text = '"Version": "2012-10-17",\n"Statement": []'
    (fix,) = told(text).fixes
    assert fix.title == "put it between braces"
    assert json.loads(fix.applied(text)) == {"Version": "2012-10-17", "Statement": []}


EC2_TRUST = """{
  "Version": "2012-10-17",
  "Statement": [
    {
    "Effect": "Allow"
    "Principal": {
      "Service": "ec2.amazonaws.com"
      },
      "Action": "sts:AssumeRole"
    }
]
}"""


def test_spaces_copied_from_a_web_page_do_not_hide_what_else_is_wrong():
    text = EC2_TRUST.replace("  ", "\N{NO-BREAK SPACE} ")
    spaces, comma = findings(text, kind_guess(text))
    assert (spaces.span.start.line, spaces.span.start.column) == (2, 1)
    assert spaces.message.startswith("Not JSON: spaces that are not plain (U+00A0, ")
    assert spaces.fixes[0].applied(text) == EC2_TRUST
    assert (comma.span.start.line, comma.span.start.column) == (6, 5)
    assert comma.message == "Not JSON: expected ',' before \"Principal\"."


def test_odd_spaces_inside_a_string_are_the_strings_own():
    sound = EC2_TRUST.replace('"Allow"', '"Allow", "Sid": "a\\"\N{NO-BREAK SPACE}b",')
    copied = "\ufeff" + sound
    spaces, *rest = findings(copied, "trust")
    assert spaces.fixes[0].applied(copied) == " " + sound
    assert "UNSUPPORTED_SID" in {each.code for each in rest}
    assert not any("not plain" in each.message for each in findings(sound, "trust"))
