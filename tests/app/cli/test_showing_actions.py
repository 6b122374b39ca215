from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.app.cli.showing_actions import actions_text, condensed
from doorward.catalog.actions import actions_of, service_prefixes

EVERY = ["x:GetA", "x:GetB", "x:GetterA", "x:List", "x:ListA", "x:PutAB", "x:PutAC", "x:put_c"]


@pytest.mark.parametrize(
    ("chosen", "patterns"),
    [
        (EVERY, ["x:*"]),
        ([], []),
        (["x:GetA"], ["x:GetA"]),
        (["x:GetA", "x:GetB"], ["x:GetA", "x:GetB"]),
        (["x:GetA", "x:GetB", "x:GetterA"], ["x:Get*"]),
        (["x:List"], ["x:List"]),
        (["x:List", "x:ListA"], ["x:List*"]),
        (["x:PutAB", "x:PutAC"], ["x:PutAB", "x:PutAC"]),
        (["x:PutAB", "x:PutAC", "x:put_c"], ["x:Put*"]),
        (["x:put_c"], ["x:put_c"]),
        (["x:GetA", "x:Unheard"], ["x:GetA", "x:Unheard"]),
    ],
)
def test_patterns_say_what_was_chosen(chosen, patterns):
    assert condensed(chosen, EVERY) == patterns


def test_a_service_aws_does_not_have_keeps_its_names():
    assert condensed(["own:B", "own:A"], []) == ["own:A", "own:B"]


def matching(patterns, names):
    return {
        name
        for name in names
        if any(fnmatchcase(name.lower(), pattern.lower()) for pattern in patterns)
    }


@pytest.mark.parametrize("service", ["s3", "iam", "kms", "execute-api"])
@given(data=st.data())
def test_patterns_match_exactly_what_was_chosen(service, data):
    names = actions_of(service)
    chosen = data.draw(st.sets(st.sampled_from(names)))
    left_out = data.draw(st.booleans())
    chosen = set(names) - chosen if left_out else chosen
    assert matching(condensed(chosen, names), names) == chosen


def an_answer(services, **more):
    return {
        "allowed": bool(services),
        "principal": "ann",
        "resource": None,
        "counts": {"always": 3, "sometimes": 2},
        "services": services,
        **more,
    }


def of(always=(), sometimes=(), guarded=()):
    return {"always": list(always), "sometimes": list(sometimes), "guarded": list(guarded)}


def test_services_are_shown_with_what_limits_them():
    services = {
        "own": of(["own:B", "own:A"]),
        "kms": of(["kms:Decrypt"], ["kms:Sign"], ["kms:Decrypt"]),
        "sqs": of(actions_of("sqs")),
    }
    assert actions_text(an_answer(services)) == (
        "ALLOWED: 3 actions on any resource, 2 on some or under conditions  ann\n"
        "  everything in: sqs\n"
        "  own: A, B\n"
        "  kms, on some resources or under conditions: Sign\n"
        "  kms, if the resource's own policy allows too: Decrypt"
    )


def test_on_one_resource_it_is_allowed_or_not():
    text = actions_text(an_answer({"own": of(["own:A"])}, resource="arn:x"))
    assert text.splitlines()[0] == "ALLOWED: 3 actions  ann  on arn:x"
    assert actions_text(an_answer({}, resource="arn:x")) == "NOTHING  ann  on arn:x"


def test_everything_is_one_line():
    services = {name: of(actions_of(name)) for name in service_prefixes()}
    assert actions_text(an_answer(services)).splitlines()[1:] == ["  everything in: every service"]


def test_nearly_everything_names_what_is_left_out():
    services = {name: of(actions_of(name)) for name in service_prefixes() if name != "sqs"}
    services["kms"] = of(actions_of("kms"), (), actions_of("kms"))
    assert actions_text(an_answer(services)).splitlines()[1:] == [
        "  everything in: every service but kms, sqs",
        "  kms, if the resource's own policy allows too: *",
    ]


def test_services_that_are_limited_as_a_whole_are_one_line():
    services = {name: of((), actions_of(name)) for name in ("sns", "sqs")} | {"own": of(["own:A"])}
    assert actions_text(an_answer(services)).splitlines()[1:] == [
        "  everything, on some resources or under conditions, in: sns, sqs",
        "  own: A",
    ]
