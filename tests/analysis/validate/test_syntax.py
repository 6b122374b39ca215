import json

import pytest

from doorward.analysis.validate import findings


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
