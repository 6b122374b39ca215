import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.trail.filter_pattern import (
    ROOT_PATTERN,
    BadPattern,
    LogLine,
    filter_pattern,
    number_in,
    value_in,
)
from doorward.trail.filter_pattern_json import path

RECORD = {
    "userIdentity": {"type": "Root", "arn": "arn:aws:iam::111122223333:root"},
    "eventName": "ConsoleLogin",
    "eventType": "AwsConsoleSignIn",
    "sourceIPAddress": "123.123.5.6",
    "errorCode": None,
    "readOnly": False,
    "managementEvent": True,
    "count": 5,
    "latency": 1.5,
    "items": [{"id": 1}, {"id": 2, "name": "b"}],
    "actions": ["GET", "PUT"],
    "a-b_c": "dashed",
    "odd key": 'a "quoted" one',
    "empty": "",
}


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ("", True),
        ('{ $.eventName = "ConsoleLogin" }', True),
        ("{ $.eventName = ConsoleLogin }", True),
        ('{$.eventName="ConsoleLogin"}', True),
        ('{ $.eventName = "consolelogin" }', False),
        ('{ $.eventName = "Console*" }', True),
        ("{ $.eventName = *Login }", True),
        ('{ $.eventName != "Console*" }', False),
        ("{ $.sourceIPAddress = 123.123.* }", True),
        ("{ $.sourceIPAddress != 123.123.* }", False),
        ("{ $.sourceIPAddress != 10.0.* }", True),
        ('{ $.userIdentity.type = "Root" }', True),
        ("{ $.count = 5 }", True),
        ("{ $.count = 5.0 }", True),
        ('{ $.count = "5" }', True),
        ("{ $.count != 5 }", False),
        ("{ $.count > 4 }", True),
        ("{ $.count >= 5e0 }", True),
        ("{ $.count < 5 }", False),
        ("{ $.latency <= 1.5 }", True),
        ("{ $.eventName > 1 }", False),
        ("{ $.missing > 1 }", False),
        ('{ $.missing = "x" }', False),
        ('{ $.missing != "x" }', False),
        ("{ $.missing NOT EXISTS }", True),
        ("{ $.eventName NOT EXISTS }", False),
        ("{ $.errorCode EXISTS }", True),
        ("{ $.errorCode IS NULL }", True),
        ("{ $.eventName IS NULL }", False),
        ("{ $.missing IS NULL }", False),
        ("{ $.readOnly IS FALSE }", True),
        ("{ $.readOnly IS TRUE }", False),
        ("{ $.managementEvent is true }", True),
        ("{ $.managementEvent = true }", True),
        ("{ $.items[0].id = 1 }", True),
        ("{ $.items[1].id = 1 }", False),
        ("{ $.items[2].id NOT EXISTS }", True),
        ("{ $.items[*].id = 2 }", True),
        ("{ $.items[*].id = 3 }", False),
        ('{ $.items[*].name = "b" }', True),
        ('{ $.actions[1] = "PUT" }', True),
        ("{ $.items = 1 }", False),
        ("{ $.eventName[0] = 1 }", False),
        ("{ $.items != 1 }", False),
        ("{ $.eventName.deeper = 1 }", False),
        ("{ $.a-b_c = dashed }", True),
        ('{ $.["odd key"] = "a \\"quoted\\" one" }', True),
        ("{ $['odd key'] = *quoted* }", True),
        ('{ $.empty = "" }', True),
        ("{ $.eventName = %^Console(?!)% }", None),
        ("{ $.eventName = %^Cons.le% }", True),
        ("{ $.eventName != %Login$% }", False),
        ('{ $.count = 5 && $.eventName = "x" || $.readOnly IS FALSE }', True),
        ('{ $.readOnly IS FALSE || $.count = 5 && $.eventName = "x" }', True),
        ('{ ($.readOnly IS FALSE || $.count = 5) && $.eventName = "x" }', False),
        ("{ (($.count = 5)) && ($.c != 5 || $.d NOT EXISTS) }", True),
        (ROOT_PATTERN, True),
    ],
)
def test_conditions_on_json(pattern, matches):
    if matches is None:
        with pytest.raises(BadPattern):
            filter_pattern(pattern)
    else:
        assert filter_pattern(pattern).matches(LogLine(json.dumps(RECORD))) is matches


@pytest.mark.parametrize("text", ["no json", "5", '"Root"', "{", "\ud800"])
def test_conditions_match_no_other_message(text):
    assert not filter_pattern("{ $.a NOT EXISTS }").matches(LogLine(text))


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("ERROR", "[ERROR 400] BAD REQUEST", True),
        ("ERROR", "[error 400]", False),
        ("ERROR REQUEST", "[ERROR 400] BAD REQUEST", True),
        ("ERROR REQUEST", "[ERROR 400]", False),
        ('"BAD REQUEST"', "[ERROR 400] BAD REQUEST", True),
        ('"BAD REQUEST"', "REQUEST BAD", False),
        ("ERROR -EXITING", "ERROR EXITING", False),
        ("ERROR -EXITING", "ERROR", True),
        ("-EXITING", "fine", True),
        ("?ERROR ?WARN", "a WARN", True),
        ("?ERROR ?WARN", "an INFO", False),
        ("?ERROR INFO", "an INFO", True),
        ("?ERROR -INFO", "fine", True),
        ("%4\\d\\d%", "ERROR 404", True),
        ("%4\\d\\d%", "ERROR 504", False),
        ('"a \\"b\\""', 'a "b"', True),
    ],
)
def test_terms(pattern, text, matches):
    assert filter_pattern(pattern).matches(LogLine(text)) is matches


ACCESS = '127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534'


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ("[ip, user, username, timestamp, request =*.html*, status_code = 4*, bytes]", True),
        ("[ip, user, username, timestamp, request, status_code = 5*, bytes]", False),
        ("[..., request =*.html*, status_code = 404 || status_code = 410, bytes]", True),
        ("[ip, ..., bytes > 1000]", True),
        ("[ip=127.0.0.1, ...]", True),
        ("[ip!=127.0.0.1, ...]", False),
        ("[ip=%127\\.0\\.0\\.[1-9]%, ...]", True),
        ("[..., status >= 400 && status < 500, bytes]", True),
        ("[,,,,,,]", True),
        ("[...]", True),
        ("[a, b]", False),
        ("[a, b, c, d, e, f, g, h]", False),
        ("[a, b, c, d, e, f, g, h, ...]", False),
        ('[a, b, c, d, e="GET /index.html HTTP/1.0", ...]', True),
        ("[ip NOT EXISTS, ...]", False),
    ],
)
def test_fields(pattern, matches):
    assert filter_pattern(pattern).matches(LogLine(ACCESS)) is matches


def test_what_is_named_can_be_had():
    line = LogLine(ACCESS)
    matched = filter_pattern("[ip, ..., status, bytes]").matched(line)
    assert matched == {"$ip": "127.0.0.1", "$status": "404", "$bytes": "1534"}
    assert number_in(line, matched, "$bytes") == 1534
    assert number_in(line, matched, "$ip") is None
    assert number_in(line, matched, "2.5") == 2.5
    assert value_in(line, matched, "$other") is None
    line = LogLine(json.dumps(RECORD))
    matched = filter_pattern('{ $.items[*].name = "b" && $.x NOT EXISTS }').matched(line)
    assert matched == {"$.items[*].name": "b"}
    assert number_in(line, matched, "$.count") == 5
    assert value_in(line, matched, "$.none") is None
    assert value_in(LogLine("5"), {}, "$.none") is None


@pytest.mark.parametrize("selector", ["a", "$.", "$.a[", "$.a[-1]", "$a"])
def test_what_is_no_selector(selector):
    with pytest.raises(BadPattern):
        path(selector)


@pytest.mark.parametrize("value", ["1e999", "-1e999", "nan", "inf", "", "1_0", "x"])
def test_what_is_no_finite_number(value):
    line = LogLine(json.dumps({"a": value, "b": True, "c": 10**400, "d": [1]}))
    assert number_in(line, {}, value) is None
    for name in "abcd":
        assert number_in(line, {}, f"$.{name}") is None
        assert not filter_pattern(f"{{ $.{name} > 0 }}").matches(line)


@pytest.mark.parametrize(
    "pattern",
    [
        "{",
        "{}",
        "{ $.a }",
        "{ $.a = }",
        "{ a = 1 }",
        "{ $.a == 1 }",
        "{ $.a = 1 && }",
        "{ $.a = 1 $.b = 2 }",
        "{ ($.a = 1 }",
        "{ $.a = 1) }",
        "{ $.a > x }",
        '{ $.a > "1" }',
        "{ $.a IS 5 }",
        "{ $.a NOT }",
        "{ $.a = ( }",
        '{ $.a = "x }',
        "{ $.a[x] = 1 }",
        "{ " + "(" * 60 + "$.a = 1" + ")" * 60 + " }",
        "{ $.a = %a% && $.b = %b% && $.c = %c% }",
        "[",
        "[a, ..., b, ...]",
        "[a = 1 && b = 2]",
        "[a ==]",
        "a.b",
        "%(a)%",
        "%a!%",
        "%[%",
        "%[]%",
        "%a{3,1}%",
        "%a{2000}%",
        "%" + "a{60}" * 3 + "%",
        "%[b-a]%",
        "%\\q%",
        "%a**%",
        "é=",
    ],
)
def test_what_is_not_of_the_language_is_refused(pattern):
    with pytest.raises(BadPattern):
        filter_pattern(pattern)


@pytest.mark.parametrize(
    ("pattern", "hint"),
    [
        ('userIdentity.type = "Root"', ROOT_PATTERN),
        ('{ userIdentity.type = "Root" }', ROOT_PATTERN),
        ("eventName = ConsoleLogin", "{ $.eventName = ConsoleLogin }"),
        ("$.eventName = ConsoleLogin", "{ $.eventName = ConsoleLogin }"),
    ],
)
def test_a_bare_condition_is_told_its_right_form(pattern, hint):
    with pytest.raises(BadPattern) as refused:
        filter_pattern(pattern)
    assert str(refused.value).endswith(hint)
    assert filter_pattern(hint)


NAMES = st.from_regex(r"[a-z]{1,3}", fullmatch=True)
VALUES = st.text("ab*", max_size=3) | st.integers(0, 3) | st.none() | st.booleans()


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(NAMES, VALUES, max_size=3), NAMES, st.integers(0, 3))
def test_a_field_equals_a_number_or_differs_or_is_not_comparable(record, name, number):
    line = LogLine(json.dumps(record))
    equal = filter_pattern(f"{{ $.{name} = {number} }}").matches(line)
    differs = filter_pattern(f"{{ $.{name} != {number} }}").matches(line)
    assert (equal or differs) == (record.get(name) is not None)
    assert not (equal and differs)


@settings(max_examples=200, deadline=None)
@given(st.text('{}[]()$.ab="%*?-&|<>! ,\\NOTEXIS0', max_size=30), st.text(max_size=20))
def test_any_text_is_a_pattern_or_refused(text, message):
    try:
        found = filter_pattern(text)
    except BadPattern:
        return
    assert found.matches(LogLine(message)) in {True, False}
