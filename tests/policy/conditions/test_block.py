import pytest

from doorward.policy import match
from doorward.policy.conditions import compile_condition
from doorward.policy.fields import Condition
from doorward.policy.request import Context

ROLE = "arn:aws:iam::1:role/a"
NEW, OLD = "2012-10-17", "2008-10-17"


def holds(operator, values, context, *, deny=False, version=NEW):
    values = (values,) if isinstance(values, str) else tuple(values)
    test = compile_condition(Condition(operator, "aws:K", values), version, deny=deny)
    return test(Context.of(context))


def both(operator, values, context):
    return holds(operator, values, context), holds(operator, values, context, deny=True)


@pytest.mark.rule(
    "4.3/positive",
    "4.3/negated",
    "4.3/IfExists",
    "4.3/Null",
    "4.3/ForAllValues",
    "4.3/ForAnyValue",
    "4.3/ForAnyValue-IfExists",
)
@pytest.mark.parametrize(
    ("operator", "values", "result"),
    [
        ("StringEquals", "a", False),
        ("StringNotEquals", "a", True),
        ("StringEqualsIfExists", "a", True),
        ("StringNotEqualsIfExists", "a", True),
        ("Null", "true", True),
        ("Null", "TRUE", True),
        ("Null", "false", False),
        ("Null", "yes", False),
        ("ForAllValues:StringEquals", "a", True),
        ("ForAllValues:StringNotEquals", "a", True),
        ("ForAllValues:StringEqualsIfExists", "a", True),
        ("ForAnyValue:StringEquals", "a", False),
        ("ForAnyValue:StringNotEquals", "a", False),
        ("ForAnyValue:StringEqualsIfExists", "a", False),
    ],
)
@pytest.mark.parametrize("context", [{}, {"aws:K": ()}])
def test_a_missing_key(operator, values, result, context):
    assert both(operator, values, context) == (result, result)


@pytest.mark.rule("4.1", "4.4", "4.5", "4.6/wrong-type", "4.7")
@pytest.mark.parametrize(
    ("operator", "values", "context", "result"),
    [
        ("Null", "true", {"AWS:k": "a"}, False),
        ("Null", "false", {"AWS:k": "a"}, True),
        ("Null", ("true", "false"), {"AWS:k": "a"}, True),
        ("Null", "false", {"AWS:k": ("a",)}, True),
        ("StringEquals", ("b", "a"), {"AWS:k": "a"}, True),
        ("StringNotEquals", ("b", "a"), {"AWS:k": "a"}, False),
        ("StringNotEquals", ("b", "c"), {"AWS:k": "a"}, True),
        ("stringequals", "a", {"AWS:k": "a"}, True),
        ("StringEqualsIfExists", "a", {"AWS:k": "b"}, False),
        ("StringLike", ("x", "b*"), {"AWS:k": "bc"}, True),
        # an empty string is a value
        ("Null", "true", {"AWS:k": ""}, False),
        ("StringEquals", "", {"AWS:k": ""}, True),
        ("ForAnyValue:StringEquals", "", {"AWS:k": ""}, True),
        ("ForAllValues:StringEquals", "capture", {"AWS:k": ""}, False),
        # a multi-valued key under an operator for one value
        *(
            (f"String{word}{suffix}", "a", {"AWS:k": values}, False)
            for word in ("Equals", "NotEquals")
            for suffix in ("", "IfExists")
            for values in (("a",), ("b",), ("a", "b"))
        ),
        # sets
        ("ForAllValues:StringEquals", "team", {"AWS:k": ("team", "env")}, False),
        ("ForAnyValue:StringEquals", "team", {"AWS:k": ("team", "env")}, True),
        ("ForAnyValue:StringNotEquals", "team", {"AWS:k": ("team", "env")}, True),
        ("ForAnyValue:StringNotEquals", "team", {"AWS:k": ("team",)}, False),
        ("ForAllValues:StringNotEquals", "team", {"AWS:k": ("env",)}, True),
        ("ForAllValues:StringNotEquals", "team", {"AWS:k": ("team", "env")}, False),
        ("ForAllValues:StringEquals", "a", {"AWS:k": "a"}, True),
        ("ForAnyValue:StringLikeIfExists", "t*", {"AWS:k": ("x", "team")}, True),
        ("ForAllValues:NumericNotEquals", "1", {"AWS:k": ("no-number",)}, True),
        # operands of another type
        ("NumericEquals", "1", {"AWS:k": "x"}, False),
        ("NumericNotEquals", "1", {"AWS:k": "x"}, True),
        ("NumericNotEquals", "x", {"AWS:k": "1"}, True),
        ("DateNotEquals", "2030", {"AWS:k": "x"}, True),
        ("DateNotEquals", "x", {"AWS:k": "2030"}, True),
        ("IpAddress", "10.0.0.0/8", {"AWS:k": "x"}, False),
        ("NotIpAddress", "10.0.0.0/8", {"AWS:k": "x"}, False),
        ("NotIpAddress", "x", {"AWS:k": "10.0.0.1"}, True),
        ("NotIpAddress", "x", {"AWS:k": "y"}, False),
        ("ArnLike", ROLE, {"AWS:k": "x"}, False),
        ("ArnNotLike", ROLE, {"AWS:k": "x"}, False),
        ("ArnNotLike", "x", {"AWS:k": ""}, False),
        ("ArnNotEquals", "arn:aws:iam::1:role/b", {"AWS:k": ROLE}, True),
        ("ArnNotLike", (ROLE, "x"), {"AWS:k": ROLE}, False),
    ],
)
def test_a_present_key(operator, values, context, result):
    assert both(operator, values, context) == (result, result)


@pytest.mark.rule("4.6/wrong-type")
@pytest.mark.parametrize(
    ("operator", "values", "allow", "deny"),
    [
        ("ArnLike", "x", False, True),
        ("ArnNotLike", "x", False, True),
        ("ArnLike", (ROLE, "x"), True, True),
        ("ArnLike", ("x", ROLE), False, True),
        ("ArnLike", ("arn:aws:iam::1:role/b", "x"), False, True),
        ("ForAnyValue:ArnLike", "x", False, True),
        ("ArnEquals", "${aws:user}", False, True),
    ],
)
def test_an_arn_in_the_policy_that_is_none(operator, values, allow, deny):
    assert both(operator, values, {"aws:k": ROLE, "aws:user": "ann"}) == (allow, deny)


@pytest.mark.rule("8.2", "8.3", "8.5", "8.5/multi-valued")
@pytest.mark.parametrize(
    ("operator", "values", "result"),
    [
        ("StringEquals", "${aws:user}", True),
        ("StringEquals", "${AWS:User}", True),
        ("StringLike", "a${aws:none, 'n'}*", True),
        ("StringEquals", "${aws:none}", False),
        ("StringNotEquals", "${aws:none}", True),
        ("StringNotEquals", ("${aws:none}", "ann"), False),
        ("ArnNotLike", "${aws:none}", False),
        ("StringEquals", "${aws:many, 'ann'}", False),
        ("StringNotEquals", "${aws:many, 'ann'}", True),
        ("StringLike", "${aws:star}", False),
        ("StringEqualsIgnoreCase", "${aws:user}", True),
        ("NumericEquals", "${aws:user}", False),
        ("Bool", "${aws:user}", True),
    ],
)
def test_variables(operator, values, result):
    context = {"aws:k": "ann", "aws:user": "ann", "aws:many": ("ann",), "aws:star": "a*"}
    assert holds(operator, values, context) is result


@pytest.mark.rule("8.5")
def test_a_negated_arn_with_a_valueless_variable_is_true():
    assert holds("ArnNotLike", "${aws:none}", {"aws:k": ROLE})


@pytest.mark.rule("8.4")
def test_escapes_are_plain_characters():
    assert holds("StringLike", "${*}${?}${$}x*", {"aws:k": "*?$x-y"})
    assert not holds("StringLike", "${*}", {"aws:k": "ann"})
    assert holds("StringEquals", "${*}", {"aws:k": "*"})


def test_a_whole_arn_may_come_from_a_variable():
    assert holds("ArnEquals", "${aws:role}", {"aws:k": ROLE, "aws:role": ROLE})


@pytest.mark.rule("8.1")
def test_the_old_version_has_no_variables():
    context = {"aws:k": "${aws:user}", "aws:user": "${aws:user}x"}
    assert holds("StringEquals", "${aws:user}", context, version=OLD)
    assert not holds("StringEquals", "${aws:user}", context)


@pytest.mark.rule("4.6/unknown")
@pytest.mark.parametrize(
    "operator",
    [
        "",
        "Equals",
        "StringEqualsX",
        "NullIfExists",
        "ForAllValues:Null",
        "ForSome:StringEquals",
        "IfExists",
        "StringEqualsIfExistsIfExists",
    ],
)
def test_unknown_operators_have_no_test(operator):
    assert compile_condition(Condition(operator, "k", ("v",)), NEW, deny=True) is None


def test_no_values_match_nothing():
    assert not holds("StringEquals", (), {"aws:k": "a"})
    assert holds("StringNotEquals", (), {"aws:k": "a"})


@pytest.mark.parametrize(
    ("operator", "form"), [("StringLike", "*{}*"), ("ArnLike", "arn:a:b:::*{}*")]
)
def test_patterns_are_made_ready_once_however_many_they_are(operator, form):
    values = tuple(form.format(number) for number in range(9000))
    test = compile_condition(Condition(operator, "k", values), NEW, deny=False)
    made = match._remembered.cache_info().misses
    assert not test({"k": "arn:a:b:::x"})
    assert match._remembered.cache_info().misses == made
