import json

import pytest

from doorward.policy import Attached, Policies, Policy, Principal, Request, decide
from doorward.policy.explain import denial, describe

A = "111122223333"
ARN = f"arn:aws:iam::{A}:policy/P"
REQUEST = Request(Principal.from_arn(f"arn:aws:iam::{A}:user/ann"), "iam:GetUser", "*", A, {})


def attached(kind, effect, arn=ARN, **elements):
    statement = {"Effect": effect, "Action": "*", "Resource": "*", **elements}
    if kind in {"resource", "trust", "rcp", "endpoint"}:
        statement["Principal"] = "*"
    return (Attached(Policy.parse(json.dumps({"Statement": [statement]}), kind), "P", arn),)


ALL = attached("identity", "Allow")


@pytest.mark.parametrize(
    ("kind", "given", "tail"),
    [
        ("identity", "identity", f"in an identity-based policy: {ARN}"),
        ("resource", "resource", "in a resource-based policy"),
        ("trust", "resource", "in the role trust policy"),
        ("boundary", "boundary", f"in a permissions boundary: {ARN}"),
        ("session", "session", f"in a session policy: {ARN}"),
        ("endpoint", "endpoint", "in a VPC endpoint policy"),
        ("scp", "scp", f"in a service control policy: {ARN}"),
        ("rcp", "rcp", f"in a resource control policy: {ARN}"),
    ],
)
def test_explicit_denials(kind, given, tail):
    denying = attached(kind, "Deny")
    rows = (denying,) if given in {"scp", "rcp"} else denying
    decision = decide(REQUEST, Policies(**{"identity": ALL, given: rows}))
    assert denial(decision, REQUEST) == f"with an explicit deny {tail}"


def test_an_inline_policy_has_no_arn():
    decision = decide(REQUEST, Policies(identity=attached("identity", "Deny", None)))
    assert denial(decision, REQUEST) == "with an explicit deny in an identity-based policy"


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({}, "identity-based policy"),
        ({"identity": ALL, "boundary": ()}, "permissions boundary"),
        ({"identity": ALL, "session": ()}, "session policy"),
        ({"identity": ALL, "scp": ((),)}, "service control policy"),
        ({"identity": ALL, "endpoint": ()}, "VPC endpoint policy"),
    ],
)
def test_implicit_denials(given, kind):
    decision = decide(REQUEST, Policies(**given))
    assert denial(decision, REQUEST) == f"because no {kind} allows the iam:GetUser action"
    assert describe(decision).startswith(f"denied, nothing allows it ({kind})")


def test_there_is_no_tail_for_what_is_allowed_or_refused_by_the_service():
    assert not denial(decide(REQUEST, Policies(identity=ALL)), REQUEST)
    request = Request(*(REQUEST.principal, "iam:TagPolicy", "arn:aws:iam::aws:policy/X", A, {}))
    decision = decide(request, Policies(identity=ALL))
    assert not denial(decision, request)
    assert describe(decision) == (
        "denied, nothing allows it (service rule): AWS managed policies are AWS's"
    )


def test_one_line_for_people():
    named = decide(REQUEST, Policies(identity=attached("identity", "Deny", Sid="No")))
    assert describe(named) == (
        f'denied explicitly by identity-based policy P ({ARN}), statement "No" at line 1, column 16'
    )
    inline = decide(REQUEST, Policies(identity=attached("identity", "Allow", None)))
    assert describe(inline) == (
        "allowed by identity-based policy P, statement 0 at line 1, column 16"
    )


def test_an_unreadable_policy_is_described_with_its_reason():
    broken = (Attached(Policy.parse_or_deny("{"), "P"),)
    assert describe(decide(REQUEST, Policies(identity=broken))) == (
        "denied explicitly by identity-based policy P, statement 0: could not evaluate the "
        "document: line 1, column 2: expected a name in double quotes before the end of the "
        "document"
    )


def test_the_holder_of_a_policy_is_named():
    deny = '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}'
    held = Attached(Policy.parse(deny), "NoRoles", attached_to="arn:aws:iam::1:group/Readers")
    said = describe(decide(REQUEST, Policies(identity=(held,))))
    assert said == (
        "denied explicitly by identity-based policy NoRoles of arn:aws:iam::1:group/Readers,"
        " statement 0 at line 1, column 37"
    )
