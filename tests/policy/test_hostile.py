"""Hostile input: what it may cost, and that it never allows. Costs are counted, not timed."""

import json
import sys

import pytest

from doorward.errors import PolicyError
from doorward.policy import Attached, Policies, Policy, Principal, Request, decide, match
from doorward.policy.conditions import arns, compile_condition
from doorward.policy.explain import as_json, as_text, describe, explain
from doorward.policy.fields import Condition
from doorward.policy.grammar import check
from doorward.policy.match import glob, joined, wildcards
from doorward.policy.request import Context

A = "111122223333"
ANN = Principal.from_arn(f"arn:aws:iam::{A}:user/ann")
LONG = 100_000
ALLOW = {"Effect": "Allow", "Action": "*", "Resource": "*"}


class Counted(str):
    """Text that counts the characters a matcher reads of it."""

    __slots__ = ("read",)

    def __new__(cls, text):
        made = super().__new__(cls, text)
        made.read = 0
        return made

    def __iter__(self):
        for char in super().__iter__():
            self.read += 1
            yield char

    def find(self, piece, start=0, end=sys.maxsize):
        found = super().find(piece, start, end)
        stop = min(end, len(self)) if found < 0 else found + len(piece)
        self.read += max(stop - start, 0)
        return found

    def startswith(self, piece, *args):
        self.read += len(piece)
        return super().startswith(piece, *args)

    def endswith(self, piece, *args):
        self.read += len(piece)
        return super().endswith(piece, *args)


def calls(work, *args):
    """How many calls the work makes, those into C included."""
    count = 0

    def count_one(_frame, event, _arg):
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count_one)
    try:
        work(*args)
    finally:
        sys.setprofile(before)
    return count


PATTERNS = [
    "*a" * 500 + "b",
    "*a" * 500 + "*b*",
    "*" * 3000 + "b",
    "*aa" * 400 + "*ab*",
    "?a*" * 400 + "b",
    "a?" * 1500 + "b*c",
    "*a?" * 1000,
]


@pytest.mark.rule("3.3")
@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern[:8])
def test_each_character_of_a_text_is_read_once_whatever_the_pattern(pattern):
    text = Counted("a" * LONG)
    glob(joined(wildcards(pattern)))(text)
    assert text.read <= LONG + 2 * len(pattern)


@pytest.mark.rule("3.3")
@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern[:8])
def test_a_pattern_twice_as_long_makes_no_more_steps(pattern):
    once, twice = (glob(joined(wildcards(one))) for one in (pattern, pattern[:-1] + pattern))
    text = "a" * 10_000
    assert calls(twice, text) <= 2 * calls(once, text) + 100


@pytest.mark.rule("3.3")
@pytest.mark.parametrize(
    "elements",
    [
        {"Resource": "arn:aws:s3:::" + "*a" * 500 + "b"},
        {"Resource": "arn:aws:s3:::" + "?*a" * 500 + "b"},
        {"Resource": "arn:aws:s3:::${aws:k}" + "?*a" * 500 + "b"},
        {"NotResource": ["arn:aws:s3:::" + "*a?" * 500 + "b"]},
        *(
            {"Resource": "*", "Condition": {operator: {"aws:k": value}}}
            for operator, value in (
                ("StringLike", "*a" * 500 + "b"),
                ("StringLike", "${aws:k}" + "*a?" * 500 + "b"),
                ("StringNotLike", "*a?" * 500 + "b"),
                ("ArnLike", "arn:aws:*:*:*:" + "*a?" * 500 + "b"),
                ("ArnNotLike", "arn:" + ":" * 90_000),
                ("NumericEquals", "1" * 3000 + "e999999999"),
                ("NumericLessThan", "-" + "1" * 3000 + ".5"),
                ("DateEquals", "1" * 3000),
                ("IpAddress", ":" * 3000),
                ("IpAddress", "1." * 3000 + "/1"),
                ("BinaryEquals", "YQ" * 3000),
                ("StringEqualsIgnoreCase", "İ" * 3000),
            )
        ),
    ],
    ids=lambda elements: next(iter(elements.get("Condition", elements))),
)
def test_a_decision_is_linear_in_what_a_caller_sends(elements):
    policies = Policies(identity=(attached({"Effect": "Allow", "Action": "*", **elements}),))

    def ask(size):
        sent = f"arn:aws:s3:::{'a' * size}"
        for context in ({"aws:k": sent}, {"aws:k": "1" * size}, {"aws:k": ":" * size}):
            request = Request(ANN, "s3:GetObject", sent, A, context)
            assert decide(request, policies).outcome in {"Allowed", "ImplicitlyDenied"}

    ask(10)
    once, twice = calls(ask, 20_000), calls(ask, 40_000)
    assert twice <= 2 * once + 200


def attached(*statements, kind="identity"):
    text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return Attached(Policy.parse(text, kind), "p")


def test_an_action_of_any_length_is_compared_once():
    policies = Policies(identity=(attached({**ALLOW, "Action": "s3:" + "*a?" * 500 + "b"}),))

    def ask(size):
        assert not decide(Request(ANN, "s3:" + "a" * size, "*", A), policies).allowed

    once, twice = calls(ask, 20_001), calls(ask, 40_001)
    assert twice <= 2 * once + 200


def test_ten_thousand_values_are_found_without_a_look_at_each():
    values = [f"v{number}" for number in range(10_000)]
    statement = {**ALLOW, "Condition": {"StringEquals": {"aws:k": values}}}
    policies = Policies(identity=(attached(statement),))
    last, none = (Request(ANN, "a:B", "*", A, {"aws:k": value}) for value in ("v9999", "v"))
    assert decide(last, policies).allowed
    assert not decide(none, policies).allowed
    assert calls(decide, last, policies) < 100


def test_ten_thousand_values_in_a_request_are_each_asked_once():
    statement = {**ALLOW, "Condition": {"ForAllValues:StringLike": {"aws:k": ["v*", "w*"]}}}
    policies = Policies(identity=(attached(statement),))
    many = Request(ANN, "a:B", "*", A, {"aws:k": [f"w{number}" for number in range(10_000)]})
    assert decide(many, policies).allowed
    assert calls(decide, many, policies) < 40 * 10_000


def test_of_ten_thousand_statements_few_are_asked():
    rows = [
        {**ALLOW, "Action": "s3:*", "Resource": f"arn:aws:s3:::b{number}/*"}
        for number in range(10_000)
    ]
    policies = Policies(
        identity=tuple(attached(*rows[at : at + 50]) for at in range(0, 10_000, 50))
    )
    asked = Request(ANN, "s3:GetObject", "arn:aws:s3:::b9999/x", A)
    assert decide(asked, policies).statement.resources == ("arn:aws:s3:::b9999/*",)
    assert calls(decide, asked, policies) < 100


DEEP = "[" * LONG


@pytest.mark.rule("4.6/unreadable", "2.5")
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "expected a value"),
        ("{", "expected a name"),
        (DEEP, "nested deeper than 32 levels"),
        (DEEP + "]" * LONG, "nested deeper than 32 levels"),
        ('{"Statement":' * LONG, "nested deeper than 32 levels"),
        ('"\\ud800', "a string that is not closed"),
        ('{"Version": "2012-10-17", "Version": "2012-10-17"}', "stands twice in one object"),
        ('{"Version": 1e999}', "Version is"),
        ('{"Version": "2012-10-17", "Statement": NaN}', "expected a value before NaN"),
        (" " * LONG, "expected a value before the end of the document"),
        ('{"Statement": [' + "{}," * 20_000, "expected a value before the end"),
    ],
    ids=lambda given: given[:12],
)
def test_what_is_no_policy_has_a_place_and_denies(text, reason):
    with pytest.raises(PolicyError, match=reason) as caught:
        Policy.parse(text)
    assert caught.value.line == 1
    assert caught.value.column >= 1
    denied = decide(ASKED, Policies(identity=(ALL, Attached(Policy.parse_or_deny(text), "bad"))))
    assert (denied.outcome, denied.policy.name) == ("ExplicitlyDenied", "bad")
    assert denied.reason.startswith("could not evaluate the document: line 1")


ASKED = Request(ANN, "s3:GetObject", "arn:aws:s3:::b/x", A, {"aws:k": "v"})
ALL = attached(ALLOW)


@pytest.mark.parametrize(
    ("elements", "path"),
    [
        ({"Effect": "allow"}, "Statement[0].Effect"),
        ({"Action": 1}, "Statement[0].Action"),
        ({"Action": {"a": "b"}}, "Statement[0].Action"),
        ({"Resource": [["*"]]}, "Statement[0].Resource"),
        ({"NotAction": "*"}, "Statement[0].NotAction"),
        ({"Condition": "x"}, "Statement[0].Condition"),
        ({"Condition": {"StringEquals": "x"}}, "Statement[0].Condition.StringEquals"),
        ({"Condition": {"Bool": {"k": None}}}, "Statement[0].Condition.Bool.k"),
        ({"Condition": {"Bool": {"k": {"a": 1}}}}, "Statement[0].Condition.Bool.k"),
        ({"Condition": {"Bool": {"k": [[]]}}}, "Statement[0].Condition.Bool.k"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_an_element_of_another_type_is_named_with_its_path(elements, path):
    text = json.dumps({"Statement": [{**ALLOW, **elements}]})
    for read in (Policy.parse, check):
        with pytest.raises(PolicyError) as caught:
            read(text)
        assert (caught.value.path, caught.value.line) == (path, 1)
    denied = decide(ASKED, Policies(identity=(ALL, Attached(Policy.parse_or_deny(text), "bad"))))
    assert denied.outcome == "ExplicitlyDenied"


@pytest.mark.parametrize(
    ("elements", "path"),
    [
        ({"Condition": {"StringEqual": {"k": "v"}}}, "Statement[0].Condition.StringEqual"),
        ({"Condition": {"NumericEquals": {"k": "x"}}}, "Statement[0].Condition.NumericEquals.k"),
        ({"Condition": {"DateEquals": {"k": "soon"}}}, "Statement[0].Condition.DateEquals.k"),
        ({"Condition": {"IpAddress": {"k": "1.2.3/8"}}}, "Statement[0].Condition.IpAddress.k"),
        ({"Condition": {"ArnLike": {"k": "ann"}}}, "Statement[0].Condition.ArnLike.k"),
        ({"Condition": {"BinaryEquals": {"k": "?"}}}, "Statement[0].Condition.BinaryEquals.k"),
        ({"Resource": "arn"}, "Statement[0].Resource"),
        ({"Resource": "arn:aws"}, "Statement[0].Resource"),
        ({"Resource": "arn:aws:*:::b"}, "Statement[0].Resource"),
        ({"Resource": "::::::"}, "Statement[0].Resource"),
        ({"Action": "Get*"}, "Statement[0].Action"),
        ({"Odd": [[[[]]]]}, "Statement[0].Odd"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_what_may_be_judged_but_not_stored_is_refused_with_its_path(elements, path):
    text = json.dumps({"Version": "2012-10-17", "Statement": [{**ALLOW, **elements}]}, indent=1)
    with pytest.raises(PolicyError) as caught:
        check(text)
    assert caught.value.path == path
    assert caught.value.line > 1
    assert decide(ASKED, Policies(identity=(Attached(Policy.parse(text), "p"),))).outcome


@pytest.mark.rule("4.6/unknown")
@pytest.mark.parametrize("operator", ["StringEqual", "ForAllValues:Null", "", "a" * LONG, "\ud800"])
def test_an_unknown_operator_is_named_on_both_sides(operator):
    reason = f"could not evaluate operator {operator}"
    odd = {**ALLOW, "Condition": {operator: {"aws:k": "v"}}}
    allow = decide(ASKED, Policies(identity=(attached(odd),)))
    assert (allow.outcome, allow.reason) == ("ImplicitlyDenied", reason)
    deny = decide(ASKED, Policies(identity=(ALL, attached({**odd, "Effect": "Deny"}))))
    assert (deny.outcome, deny.reason) == ("ExplicitlyDenied", reason)
    many = [{**odd, "Resource": f"arn:aws:s3:::c{number}"} for number in range(40)]
    hidden = decide(ASKED, Policies(identity=(attached(*many),)))
    assert (hidden.outcome, hidden.reason) == ("ImplicitlyDenied", reason)


@pytest.mark.parametrize(
    "resource", ["", "arn", "arn:", "arn:aws:s3", ":" * LONG, "*" * LONG, "${aws:k}", "\ud800", "?"]
)
def test_a_malformed_arn_is_asked_about_like_any_text(resource):
    request = Request(ANN, "s3:GetObject", resource, A, {"aws:k": resource})
    narrow = {**ALLOW, "Resource": "arn:aws:s3:::b/*"}
    condition = {"ArnLike": {"aws:k": "arn:aws:s3:::*"}}
    for statement in (narrow, {**ALLOW, "Condition": condition}):
        decision = decide(request, Policies(identity=(attached(statement),)))
        assert decision.outcome == "ImplicitlyDenied"
    assert decide(request, Policies(identity=(ALL,))).allowed


def test_a_document_too_deep_to_be_pointed_into_is_still_told():
    deep = json.loads("[" * 50 + "]" * 50)
    policies = Policies(identity=(attached({**ALLOW, "Odd": deep}),))
    decision = decide(ASKED, policies)
    assert decision.statement.line == 0
    assert describe(decision).endswith("statement 0")
    explanation = explain(ASKED, policies)
    assert as_text(explanation)
    assert as_json(explanation)


def test_a_large_document_is_pointed_into_line_by_line():
    rows = [{**ALLOW, "Sid": f"S{number}"} for number in range(2000)]
    made = Policy.parse(json.dumps({"Statement": rows}, indent=1))
    assert len(made.text) > LONG
    assert [one.line for one in made.statements[:3]] == [2, 8, 14]
    assert made.statements[1999].end_line == made.text.count("\n") - 1


@pytest.mark.parametrize("value", ["${aws:k}?*", "arn:aws:s3:::${aws:k}*"])
@pytest.mark.parametrize("operator", ["StringLike", "ArnLike", "StringEquals"])
def test_long_values_of_a_caller_are_not_kept(operator, value):
    test = compile_condition(Condition(operator, "aws:k", (value,)), "2012-10-17", deny=False)

    def kept():
        return sum(one.cache_info().currsize for one in (match._remembered, arns._remembered))

    before = kept()
    for number in range(20):
        test(Context.of({"aws:k": f"arn:aws:s3:::{number}" + "a" * 5000}))
    # of an ARN the five short segments are
    assert kept() - before <= 5
