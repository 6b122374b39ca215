import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from tests.policy.generated import (
    WIDE,
    Pick,
    attached,
    every,
    picks,
    policies_of,
    request_of,
)
from tests.policy.reference import word

from doorward.policy import decide
from doorward.policy.explain import explain
from doorward.policy.explain.changes import applied

ALLOW_ALL = attached({"Statement": WIDE}, "session")
CEILINGS = ("boundary", "session", "endpoint", "scp", "rcp")


def quick(test):
    """A hundred examples of the law: each is a whole account's worth of policies."""
    return settings(max_examples=100, deadline=None)(given(picks)(test))


def drawn(pick):
    return request_of(pick.asked()), policies_of(pick.given())


@pytest.mark.rule("2.7", "2.1")
@pytest.mark.parametrize("start", range(4))
def test_the_engine_decides_as_the_slow_and_obvious_evaluator_does(start):
    for seed in range(start * 500, start * 500 + 500):
        pick = Pick(seed)
        asked, given = pick.asked(), pick.given()
        decision = decide(request_of(asked), policies_of(given))
        assert decision.outcome == word(asked, given), seed


def test_the_two_are_asked_what_gets_every_answer_from_every_layer():
    found = set()
    for seed in range(600):
        request, policies = drawn(Pick(seed))
        decision = decide(request, policies)
        found.add((decision.outcome, decision.layer))
    both = {"rcp", "scp", "vpce", "resource", "boundary", "session", "identity"}
    assert {("ExplicitlyDenied", layer) for layer in both} <= found
    assert {("ImplicitlyDenied", layer) for layer in (both | {"trust"}) - {"rcp"}} <= found
    assert {("Allowed", one) for one in ("identity", "resource", "root", "service")} <= found


def turned(value, pick):
    """The same document in another order: members, statements, values."""
    if isinstance(value, dict):
        rows = [(key, turned(one, pick)) for key, one in value.items()]
        pick.shuffle(rows)
        return dict(rows)
    if isinstance(value, list):
        rows = [turned(one, pick) for one in value]
        pick.shuffle(rows)
        return rows
    return value


@pytest.mark.rule("2.6")
@quick
def test_order_never_matters(pick):
    asked, given = pick.asked(), pick.given()
    levels = {name: [turned(one, pick) for one in given[name]] for name in ("scp", "rcp")}
    single = {
        name: one if one is None else turned(one, pick)
        for name, one in given.items()
        if name not in levels
    }
    other = {**single, **levels}
    before = decide(request_of(asked), policies_of(given)).outcome
    # AWS: of ARN values the first that decides ends the search, so their order does matter.
    if "Arn" not in json.dumps(given):
        assert decide(request_of(asked), policies_of(other)).outcome == before


@pytest.mark.rule("3.1", "4.2")
@quick
def test_the_case_of_action_and_key_never_matters(pick):
    asked, given = pick.asked(), pick.given()
    other = {
        **asked,
        "action": asked["action"].swapcase(),
        "context": {key.swapcase(): value for key, value in asked["context"].items()},
    }
    before = decide(request_of(asked), policies_of(given)).outcome
    assert decide(request_of(other), policies_of(given)).outcome == before


def keys_swapped(value):
    """Action and condition key names of another case."""
    out = dict(value)
    for name in ("Action", "NotAction"):
        if name in out:
            out[name] = [one.swapcase() for one in out[name]]
    condition = out.get("Condition", {})
    if condition:
        out["Condition"] = {
            operator: {key.swapcase(): values for key, values in keys.items()}
            for operator, keys in condition.items()
        }
    return out


@pytest.mark.rule("3.1", "4.2")
@quick
def test_nor_does_their_case_in_a_policy(pick):
    asked, given = pick.asked(), pick.given()
    other = {**given, "identity": [rewritten(one, keys_swapped) for one in given["identity"]]}
    before = decide(request_of(asked), policies_of(given)).outcome
    assert decide(request_of(asked), policies_of(other)).outcome == before


def rewritten(document, change):
    rows = document["Statement"]
    made = change(rows) if isinstance(rows, dict) else [change(one) for one in rows]
    return {**document, "Statement": made}


@quick
def test_a_further_deny_never_allows(pick):
    request, before = drawn(pick)
    name = pick.choice(("identity", "resource", "boundary", "session", "endpoint"))
    deny = every([pick.document(name, "Deny")], name)
    after = replace(before, **{name: (*(getattr(before, name) or ()), *deny)})
    allowed = decide(request, after).allowed
    # AWS: a first session policy turns a federated session that has nothing into a limited one,
    # and a first resource policy may be a grant to everyone but those it names.
    if getattr(before, name) is not None or name in {"boundary", "endpoint"}:
        assert decide(request, before).allowed or not allowed


@quick
def test_a_further_allow_of_the_identity_never_denies(pick):
    request, before = drawn(pick)
    more = attached(pick.document("identity", "Allow"), "identity")
    if decide(request, before).allowed:
        after = replace(before, identity=(*before.identity, more))
        assert decide(request, after).allowed


@pytest.mark.rule("1.3")
@quick
def test_a_statement_may_move_to_another_policy_of_its_kind(pick):
    request, before = drawn(pick)
    made = pick.document("identity")
    rows = made["Statement"] if isinstance(made["Statement"], list) else [made["Statement"]]
    apart = tuple(attached({**made, "Statement": one}, "identity") for one in rows)
    together = replace(before, identity=(*before.identity, attached(made, "identity")))
    split = replace(before, identity=(*apart, *before.identity))
    assert decide(request, together).outcome == decide(request, split).outcome


@pytest.mark.rule("1.2")
@quick
def test_a_ceiling_never_grants(pick):
    request, given = drawn(pick)
    name = pick.choice(CEILINGS)
    bare = replace(given, **{name: () if name in {"scp", "rcp"} else None})
    # AWS: a federated session without a session policy has nothing at all: the absent ceiling
    # is then one that allows everything.
    if name == "session":
        bare = replace(given, session=(ALLOW_ALL,))
    assert decide(request, bare).allowed or not decide(request, given).allowed


@quick
def test_without_identity_and_resource_policies_nobody_but_root_has_anything(pick):
    request, given = drawn(pick)
    decision = decide(request, replace(given, identity=(), resource=None))
    assert not decision.allowed or decision.layer in {"root", "service"}


@pytest.mark.rule("2.2")
@quick
def test_an_explicit_deny_anywhere_decides(pick):
    request, given = drawn(pick)
    deny = attached({"Statement": {**WIDE, "Effect": "Deny", "Principal": "*"}}, "resource")
    more = replace(given, resource=(*(given.resource or ()), deny))
    expected = "Allowed" if decide(request, given).layer == "service" else "ExplicitlyDenied"
    assert decide(request, more).outcome == expected


@quick
def test_asking_twice_and_asking_a_copy_give_the_same_decision(pick):
    request, given = drawn(pick)
    first, again = decide(request, given), decide(request, given)
    copied = decide(request, replace(given))
    assert (first.outcome, first.layer) == (again.outcome, again.layer)
    assert (first.outcome, first.statement) == (copied.outcome, copied.statement)


@quick
def test_an_explanation_decides_as_the_bare_decision_does(pick):
    request, given = drawn(pick)
    decision, explanation = decide(request, given), explain(request, given)
    assert explanation.decision == decision
    applied = [one for step in explanation.steps for one in step.matched]
    if decision.statement:
        assert explanation.deciding in applied
    denies = [one for one in applied if one.statement.is_deny]
    assert bool(denies) is (decision.outcome == "ExplicitlyDenied")


@pytest.mark.rule("2.1")
@quick
def test_a_large_principal_is_judged_as_its_statements_one_by_one(pick):
    request, given = drawn(pick)
    many = [attached(pick.document("identity"), "identity") for _ in range(20)]
    whole = decide(request, replace(given, identity=tuple(many)))
    denied = any(
        decide(request, replace(given, identity=(one,))).outcome == "ExplicitlyDenied"
        for one in many
    )
    assert (whole.outcome == "ExplicitlyDenied") is denied
    if not denied:
        allowed = any(decide(request, replace(given, identity=(one,))).allowed for one in many)
        assert whole.allowed is allowed


@quick
def test_what_is_told_to_change_allows_it(pick):
    request, given = drawn(pick)
    explanation = explain(request, given)
    if explanation.decision.allowed:
        assert explanation.changes == ()
    elif explanation.decision.layer != "service":
        assert explanation.changes
        assert decide(request, applied(given, explanation.changes)).allowed
