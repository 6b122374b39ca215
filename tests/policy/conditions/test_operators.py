import pytest

from doorward.policy.conditions import OPERATORS
from doorward.policy.conditions.arns import arn_like
from doorward.policy.conditions.binary import binary_equals
from doorward.policy.conditions.bool_null import bool_equals
from doorward.policy.conditions.dates import (
    date_equals,
    date_greater_than,
    date_greater_than_equals,
    date_less_than,
    date_less_than_equals,
    instant,
)
from doorward.policy.conditions.ips import ip_address, network
from doorward.policy.conditions.numeric import (
    number,
    numeric_equals,
    numeric_greater_than,
    numeric_greater_than_equals,
    numeric_less_than,
    numeric_less_than_equals,
)
from doorward.policy.conditions.strings import (
    string_equals,
    string_equals_ignore_case,
    string_like,
)
from doorward.policy.conditions.table import Unsure
from doorward.policy.match import joined, wildcards


def pattern(text):
    return joined(wildcards(text))


def test_the_table_has_every_operator_of_the_language():
    signs = ("Equals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
    names = {f"{kind}{sign}" for kind in ("Numeric", "Date") for sign in signs}
    names |= {"NumericNotEquals", "DateNotEquals", "Bool", "BinaryEquals"}
    names |= {"IpAddress", "NotIpAddress", "StringLike", "StringNotLike"}
    names |= {"ArnLike", "ArnNotLike", "ArnEquals", "ArnNotEquals"}
    names |= {"StringEquals", "StringNotEquals"}
    names |= {"StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"}
    assert {operator.name for operator in OPERATORS.values()} == names


@pytest.mark.rule("4.6/StringEquals")
@pytest.mark.parametrize(
    ("value", "wanted", "matches"), [("a", "a", True), ("a", "A", False), ("a*", "a*", True)]
)
def test_string_equals(value, wanted, matches):
    assert string_equals(value, wanted) is matches


@pytest.mark.rule("4.6/StringEqualsIgnoreCase")
@pytest.mark.parametrize(
    ("value", "wanted", "matches"),
    [
        ("K", "\u212a", True),
        ("ß", "\u1e9e", True),
        ("Σ", "\u03c3", True),
        ("ΟΣ", "ος", True),
        ("ΟΣΑ", "\u03bf\u03c3\u03b1", True),
        ("É", "é", True),
        ("\u0130", "i\u0307", True),
        ("I", "\u0131", False),
        ("i", "\u0130", False),
        ("s", "\u017f", False),
        ("ß", "SS", False),
        ("Σ", "ς", False),
        ("ΟΣ", "\u03bf\u03c3", False),
    ],
)
def test_string_equals_ignore_case_is_lower_case_not_case_folding(value, wanted, matches):
    assert string_equals_ignore_case(value, wanted) is matches


@pytest.mark.rule("4.6/StringLike")
@pytest.mark.parametrize(
    ("value", "wanted", "matches"),
    [
        ("\U00010400", "?", False),
        ("\U00010400", "??", True),
        ("\U00010400", "\U00010400", True),
        ("\U00010400x", "\U00010400?", True),
        ("a:b/c", "a*c", True),
        ("a/c", "a?c", True),
        ("b", "[b]", False),
        ("[b]", "[b]", True),
        ("a\nb", "a*b", True),
        ("\\*", "\\*", True),
        ("a", "A", False),
        ("", "*", True),
        ("", "?", False),
    ],
)
def test_string_like(value, wanted, matches):
    assert string_like(value, pattern(wanted)) is matches


@pytest.mark.rule("4.6/Numeric")
@pytest.mark.parametrize("value", ["1", "01", "+1", "1.0", "1e0", "1.", "10e-1"])
@pytest.mark.parametrize("wanted", ["1", "01", "+1", "1."])
def test_numbers_equal_to_one(value, wanted):
    assert numeric_equals(value, wanted)


@pytest.mark.rule("4.6/wrong-type")
@pytest.mark.parametrize(
    "text",
    [
        "NaN",
        "Infinity",
        "x",
        "",
        " 1",
        "1 ",
        "0x10",
        "10abc",
        "1_0",
        "\u0661",
        ".",
        "e1",
        "1e99999999999999999999",
    ],
)
def test_what_is_no_number(text):
    assert number(text) is None
    assert numeric_equals(text, "1") is False
    assert numeric_equals("1", text) is False
    assert numeric_equals(text, text) is False
    assert numeric_less_than(text, "1") is False
    assert numeric_greater_than_equals("1", text) is False


@pytest.mark.rule("4.6/Numeric")
@pytest.mark.parametrize(
    ("compare", "results"),
    [
        (numeric_equals, (False, True, False)),
        (numeric_less_than, (True, False, False)),
        (numeric_less_than_equals, (True, True, False)),
        (numeric_greater_than, (False, False, True)),
        (numeric_greater_than_equals, (False, True, True)),
    ],
)
def test_numbers_are_exact_decimals(compare, results):
    values = ("9007199254740992", "9007199254740993", "9007199254740994")
    assert tuple(compare(value, "9007199254740993") for value in values) == results


@pytest.mark.rule("4.6/Date")
@pytest.mark.parametrize(
    "text",
    [
        "2030-01-01",
        "2030-01-01T00:00:00",
        "2030-01-01T00:00:00Z",
        "1893456000",
        "+1893456000",
        "2030-01-01T00:00:00.0001Z",
        "2030",
        "2030-01",
        "2030-01-01T00:00Z",
        "2030-01-01T01:30:00+01:30",
        "2029-12-31T23:00:00-0100",
    ],
)
def test_dates_equal_to_the_new_year(text):
    assert date_equals(text, "2030-01-01T00:00:00Z")


@pytest.mark.rule("4.6/Date")
def test_dates_are_cut_to_milliseconds():
    assert date_equals("2030-01-01T00:00:00.1231Z", "2030-01-01T00:00:00.1239Z")
    assert not date_equals("2030-01-01T00:00:00.123Z", "2030-01-01T00:00:00.124Z")


@pytest.mark.rule("4.6/wrong-type")
@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "2030-13-01",
        "2030-00",
        "2030-00-01",
        "2030-01-00",
        "2030-01-01T00:00:00+24:00",
        "2030-01-01T00:00:00-01:60",
        "2030-02-30",
        "2030-01-01T24:00Z",
        "2030-01-01T00:60Z",
        "2030-01-01T00:00:61Z",
        "2030-1-1",
        "2030-01-01 00:00",
        "9" * 19,
    ],
)
def test_what_is_no_date(text):
    assert instant(text) is None
    assert date_equals(text, text) is False
    assert date_less_than(text, "2030") is False
    assert date_greater_than_equals("2030", text) is False


@pytest.mark.parametrize(
    ("compare", "results"),
    [
        (date_equals, (False, True, False)),
        (date_less_than, (True, False, False)),
        (date_less_than_equals, (True, True, False)),
        (date_greater_than, (False, False, True)),
        (date_greater_than_equals, (False, True, True)),
    ],
)
def test_dates_are_ordered(compare, results):
    assert tuple(compare(year, "2030-01-01") for year in ("2029", "2030", "2031")) == results


@pytest.mark.rule("4.6/Bool")
@pytest.mark.parametrize(
    ("value", "wanted", "matches"),
    [
        ("true", "TRUE", True),
        ("yes", "false", True),
        ("1", "false", True),
        ("", "false", True),
        (" true ", "false", True),
        ("yes", "true", False),
        ("true", "yes", False),
        ("false", "yes", True),
    ],
)
def test_bool(value, wanted, matches):
    assert bool_equals(value, wanted) is matches


@pytest.mark.rule("4.6/BinaryEquals")
@pytest.mark.parametrize(
    ("value", "wanted", "matches"),
    [
        ("YQ==", "YQ==", True),
        ("YQ", "YQ==", False),
        ("YR==", "YQ==", False),
        (" YQ==", "YQ==", False),
        ("YQ==", "not base64", False),
        ("é", "é", False),
    ],
)
def test_binary(value, wanted, matches):
    assert binary_equals(value, wanted) is matches


@pytest.mark.rule("4.6/wrong-type")
@pytest.mark.parametrize("value", ["", "x", "192.0.2.1/32", "192.0.2.256", "1:2", "::1::", "1.2.3"])
def test_a_value_that_is_no_address_is_not_comparable(value):
    assert ip_address(value, "0.0.0.0/0") is None
    assert ip_address(value, "junk") is None


@pytest.mark.rule("4.6/IpAddress")
@pytest.mark.parametrize(
    ("value", "wanted", "matches"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.000.2.1", "192.0.2.1", True),
        ("192.0.2.9", "192.0.2.5/24", True),
        ("192.0.3.9", "192.0.2.5/24", False),
        ("192.0.2.9", "192.000.002.0/24", True),
        ("192.0.2.9", "192.0.2.0/024", True),
        ("192.0.2.9", "192.0.2.0/+24", True),
        ("8.8.8.8", "192.0.2.0/0", True),
        ("::1", "192.0.2.0/0", False),
        ("192.0.2.1", "192.0.2.0/33", False),
        ("192.0.2.1", "junk", False),
        ("192.0.2.1", "192.0.2.1/", False),
        ("2001:db8::1", "2001:db8::5/64", False),
        ("2001:db8::5", "2001:db8::5/64", False),
        ("2001:db8::1", "2001:DB8::/064", True),
        ("2001:db8::1", "2001:db8::1", True),
        ("2001:db8::2", "2001:db8::1", False),
        ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8", True),
        ("2001:db8::1", "::/0", True),
        ("192.0.2.1", "::/0", False),
        ("::ffff:192.0.2.1", "::/0", False),
        ("::ffff:192.0.2.1", "192.0.2.0/24", True),
        ("::ffff:c000:201", "192.0.2.0/24", True),
        ("::ffff:c000:201", "::ffff:c000:200/120", False),
        ("64:ff9b::192.0.2.1", "64:ff9b::c000:201", True),
        ("2001:db8::1", "2001:db8:::1/128", True),
        ("2001:db8::1", "2001:db8::1:/128", True),
        ("2001:db8::1", "::/129", False),
    ],
)
def test_addresses(value, wanted, matches):
    assert ip_address(value, wanted) is matches


@pytest.mark.parametrize(
    "text", ["::ffff:192.0.2.0/120", "2001:db8::5/64", "2001:db8::1/0", "1.2.3.4/x", "::g"]
)
def test_networks_nobody_may_store(text):
    assert network(text) is None


@pytest.mark.rule("4.6/ArnLike", "4.6/no-run-on")
@pytest.mark.parametrize(
    ("value", "wanted", "matches"),
    [
        ("arn:aws:iam::1:role/a", "arn:aws:iam::1:role/a", True),
        ("arn:aws:iam::1:role/a", "arn:aws:iam::1:role/A", False),
        ("arn:aws:iam::1:role/a", "arn:*:iam::*:role/?", True),
        ("arn:aws:iam::1:role/a", "*", True),
        ("arn:aws:iam::1:role/a", "*:aws:iam::1:role/a", True),
        ("arn:aws:s3:::b/x:y", "arn:aws:s3:::b/*", True),
        ("arn:aws:svc:eu:west:1111:x/y", "arn:aws:svc:*:1111:x/*", False),
        ("arn:aws:iam::1:role/a", "arn:aws:iam", False),
        ("arn:aws:iam", "arn:aws:iam::1:role/a", False),
        ("arn:aws:iam", "arn:aws:iam", False),
    ],
)
def test_arns(value, wanted, matches):
    assert arn_like(value, pattern(wanted)) is matches


@pytest.mark.rule("4.6/wrong-type")
@pytest.mark.parametrize("value", ["", "text", "a:b:c:d:e:f"])
@pytest.mark.parametrize("wanted", ["text", "*", "arn:aws:iam::1:role/a"])
def test_a_value_that_is_no_arn_is_not_comparable(value, wanted):
    assert arn_like(value, pattern(wanted)) is None


@pytest.mark.rule("4.6/wrong-type")
@pytest.mark.parametrize("wanted", ["text", "", "arn", "a:b:c:d:e:f", "*:x"])
def test_a_policy_value_that_is_no_arn_leaves_us_unsure(wanted):
    with pytest.raises(Unsure):
        arn_like("arn:aws:iam::1:role/a", pattern(wanted))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2016-12-13t2:00:00.593194+23", "2016-12-12T03:00:00.593Z"),
        ("2016T", "2016-01-01T00:00:00Z"),
        ("0000", "0000-01-01"),
        ("+12016-01", "12016-01-01"),
        ("-0001-03-01", "-1-03-01T00:00Z"),
    ],
)
def test_dates_aws_was_recorded_storing(one, other):
    assert instant(one) is not None
    assert instant(one) == instant(other)


def test_years_before_the_first_come_before_it():
    assert instant("-0001-01") < instant("0000") < instant("0001") < instant("99999-01")
