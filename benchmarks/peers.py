"""Ask the same questions of other evaluators; run by `decision.py` in their own environment.

    python peers.py NAME COUNT SPREAD    prints the median seconds a decision takes, by answer

None of them has Doorward's layers: each gets the same number of statements in one pile.
"""

import json
import sys
import time
from collections.abc import Callable
from fnmatch import fnmatchcase
from statistics import median

from statements import CONTEXT, USER, asked, documents, granting

ANSWERS = ("Allowed", "ImplicitlyDenied", "ExplicitlyDenied")
ROUNDS = 5
BUDGET_S = 0.4

Ask = Callable[[str, str], str]


def main() -> None:
    """Time one evaluator."""
    name, count, spread = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "spread"
    statements = [granting(number, spread=spread) for number in range(count)]
    start = time.process_time()
    ask = MAKERS[name](statements)
    made_s = time.process_time() - start
    times = {answer: timed(ask, count, answer, spread=spread) for answer in ANSWERS}
    print(json.dumps({"made": made_s, **times}))


def timed(ask: Ask, count: int, answer: str, *, spread: bool) -> float:
    """Median seconds of a decision; each is first checked against the answer it should get."""
    requests = asked(count, answer, spread=spread)
    for action, resource in requests[:4]:
        found = ask(action, resource)
        assert found == answer or (answer.endswith("Denied") and found == "Denied"), (action, found)
    start = time.process_time()
    ask(*requests[0])
    times = max(int(BUDGET_S / ROUNDS / (time.process_time() - start) / len(requests)), 1)
    found = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(times):
            for action, resource in requests:
                ask(action, resource)
        found.append((time.process_time() - start) / times / len(requests))
    return median(found)


def cedarpy(statements) -> Ask:
    """Cedar in Rust: the policy set, the entities and nothing else parsed beforehand."""
    import cedarpy

    policies = cedarpy.PolicySet.from_str("\n".join(map(_cedar, statements)))
    entities = cedarpy.Entities.from_json_str("[]")
    asking = {"principal": f"User::{json.dumps(USER)}", "resource": 'Thing::"it"'}
    region = CONTEXT["aws:RequestedRegion"]

    def ask(action, resource):
        context = {"action": action, "arn": resource, "region": region}
        given = {**asking, "action": 'Action::"ask"', "context": context}
        found = cedarpy.is_authorized(given, policies, entities)
        if found.allowed:
            return "Allowed"
        return "ExplicitlyDenied" if found.diagnostics.reasons else "ImplicitlyDenied"

    return ask


def _cedar(statement) -> str:
    word = "permit" if statement["Effect"] == "Allow" else "forbid"
    actions = statement["Action"]
    actions = [actions] if isinstance(actions, str) else actions
    tests = [
        f"context.action like {json.dumps(one)}"
        if "*" in one
        else f"context.action == {json.dumps(one)}"
        for one in actions
    ]
    wanted = [f"context.arn like {json.dumps(statement['Resource'])}", f"({' || '.join(tests)})"]
    if "Condition" in statement:
        regions = statement["Condition"]["StringEquals"]["aws:RequestedRegion"]
        wanted.append(f"{json.dumps(regions)}.contains(context.region)")
    return (
        f"{word} (principal == User::{json.dumps(USER)}, action, resource)"
        f" when {{ {' && '.join(wanted)} }};"
    )


def moto(statements) -> Ask:
    """moto's evaluator of identity policies, as its own enforcement calls it."""
    from moto.iam.access_control import IAMPolicy, PermissionResult

    policies = [IAMPolicy(one) for one in documents(statements)]

    def ask(action, resource):
        found = {one.is_action_permitted(action, resource) for one in policies}
        if PermissionResult.DENIED in found:
            return "ExplicitlyDenied"
        return "Allowed" if PermissionResult.PERMITTED in found else "ImplicitlyDenied"

    return ask


def casbin(statements) -> Ask:
    """pycasbin with its glob matcher and deny-override; it has no conditions."""
    import logging

    import casbin as library

    logging.getLogger("casbin").setLevel(logging.ERROR)
    model = library.Enforcer.new_model(
        text="""
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = r.sub == p.sub && keyMatch(r.act, p.act) && keyMatch(r.obj, p.obj)
"""
    )
    enforcer = library.Enforcer(model)
    for statement in statements:
        actions = statement["Action"]
        for action in [actions] if isinstance(actions, str) else actions:
            row = (USER, statement["Resource"], action, statement["Effect"].lower())
            enforcer.add_policy(*row)

    return lambda action, resource: (
        "Allowed" if enforcer.enforce(USER, resource, action) else "Denied"
    )


def fnmatch(statements) -> Ask:
    """A plain loop over the statements with the standard library's fnmatch."""
    rows = [
        (one["Effect"] == "Deny", actions, one["Resource"])
        for one in statements
        for actions in [[one["Action"]] if isinstance(one["Action"], str) else one["Action"]]
    ]

    def ask(action, resource):
        allowed = False
        for deny, actions, pattern in rows:
            if fnmatchcase(resource, pattern) and any(fnmatchcase(action, one) for one in actions):
                if deny:
                    return "ExplicitlyDenied"
                allowed = True
        return "Allowed" if allowed else "ImplicitlyDenied"

    return ask


MAKERS = {one.__name__: one for one in (cedarpy, moto, casbin, fnmatch)}

if __name__ == "__main__":
    main()
