"""The tables of the evaluation rules, row by row, each on whole decisions."""

import json

import pytest

from doorward.errors import PolicyError
from doorward.policy import Attached, Policies, Policy, Principal, PrincipalKind, Request, decide
from doorward.policy.grammar import check

A, B = "111122223333", "999988887777"
ANN_ARN = f"arn:aws:iam::{A}:user/ann"
ROLE_ARN = f"arn:aws:iam::{A}:role/data/app"
SESSION_ARN = f"arn:aws:sts::{A}:assumed-role/app/run"
FEDERATED_ARN = f"arn:aws:sts::{A}:federated-user/carol"
QUEUE = f"arn:aws:sqs:eu-west-1:{A}:q"

USER = Principal.from_arn(ANN_ARN)
SESSION = Principal(PrincipalKind.SESSION, SESSION_ARN, A, entity_arn=ROLE_ARN)
FEDERATED = Principal(PrincipalKind.FEDERATED_USER, FEDERATED_ARN, A, entity_arn=ANN_ARN)
ROOT = Principal.from_arn(f"arn:aws:iam::{A}:root")
SERVICE = Principal.from_arn("lambda.amazonaws.com")
NOBODY = Principal.from_arn(None)


def attached(kind="identity", **elements):
    whole = {"Effect": "Allow", "Action": "*", "Resource": "*", **elements}
    statement = {name: value for name, value in whole.items() if value is not None}
    text = json.dumps({"Version": "2012-10-17", "Statement": statement})
    return Attached(Policy.parse(text, kind), kind)


ALL, NOTHING = (attached(),), (attached(Action="x:Nothing"),)
DENY = (attached(Effect="Deny"),)


def holds(operator, values, context):
    """Whether the block is met, the same in an Allow and in a Deny."""
    condition = {operator: {"aws:k": values}}
    request = Request(USER, "sqs:SendMessage", QUEUE, A, context)
    allow = decide(request, Policies(identity=(attached(Condition=condition),)))
    deny = (*ALL, attached(Effect="Deny", Condition=condition))
    denied = decide(request, Policies(identity=deny))
    assert allow.allowed is (denied.outcome == "ExplicitlyDenied"), "one in an Allow, one in a Deny"
    return allow.allowed


@pytest.mark.parametrize(
    ("operator", "wanted", "missing", "present"),
    [
        pytest.param(
            "StringEquals",
            "a",
            False,
            True,
            marks=pytest.mark.rule("4.3/positive"),
            id="StringEquals a",
        ),
        pytest.param(
            "NumericLessThan",
            "2",
            False,
            False,
            marks=pytest.mark.rule("4.3/positive"),
            id="NumericLessThan 2",
        ),
        pytest.param(
            "StringNotEquals",
            "a",
            True,
            False,
            marks=pytest.mark.rule("4.3/negated"),
            id="StringNotEquals a",
        ),
        pytest.param(
            "NotIpAddress",
            "10.0.0.0/8",
            True,
            False,
            marks=pytest.mark.rule("4.3/negated"),
            id="NotIpAddress 10.0.0.0/8",
        ),
        pytest.param(
            "StringEqualsIfExists",
            "a",
            True,
            True,
            marks=pytest.mark.rule("4.3/IfExists"),
            id="StringEqualsIfExists a",
        ),
        pytest.param(
            "StringNotEqualsIfExists",
            "a",
            True,
            False,
            marks=pytest.mark.rule("4.3/IfExists"),
            id="StringNotEqualsIfExists a",
        ),
        pytest.param(
            "Null", "true", True, False, marks=pytest.mark.rule("4.3/Null"), id="Null true"
        ),
        pytest.param(
            "Null", "false", False, True, marks=pytest.mark.rule("4.3/Null"), id="Null false"
        ),
        pytest.param(
            "ForAllValues:StringEquals",
            "a",
            True,
            True,
            marks=pytest.mark.rule("4.3/ForAllValues"),
            id="ForAllValues:StringEquals a",
        ),
        pytest.param(
            "ForAllValues:StringNotEquals",
            "a",
            True,
            False,
            marks=pytest.mark.rule("4.3/ForAllValues"),
            id="ForAllValues:StringNotEquals a",
        ),
        pytest.param(
            "ForAnyValue:StringEquals",
            "a",
            False,
            True,
            marks=pytest.mark.rule("4.3/ForAnyValue"),
            id="ForAnyValue:StringEquals a",
        ),
        pytest.param(
            "ForAnyValue:StringNotEquals",
            "a",
            False,
            False,
            marks=pytest.mark.rule("4.3/ForAnyValue"),
            id="ForAnyValue:StringNotEquals a",
        ),
        pytest.param(
            "ForAnyValue:StringEqualsIfExists",
            "a",
            False,
            True,
            marks=pytest.mark.rule("4.3/ForAnyValue-IfExists"),
            id="ForAnyValue:StringEqualsIfExists a",
        ),
    ],
)
def test_a_missing_key(operator, wanted, missing, present):
    assert holds(operator, wanted, {}) is missing
    assert holds(operator, wanted, {"aws:other": "a"}) is missing
    assert holds(operator, wanted, {"AWS:K": "a"}) is present


@pytest.mark.parametrize(
    ("operator", "wanted", "matching", "other"),
    [
        pytest.param(
            "StringEquals",
            "a*",
            "a*",
            "ab",
            marks=pytest.mark.rule("4.6/StringEquals"),
            id="StringEquals",
        ),
        pytest.param(
            "StringNotEquals",
            "a",
            "A",
            "a",
            marks=pytest.mark.rule("4.6/StringEquals"),
            id="StringNotEquals",
        ),
        pytest.param(
            "StringEqualsIgnoreCase",
            "STRASSE",
            "strasse",
            "straße",
            marks=pytest.mark.rule("4.6/StringEqualsIgnoreCase"),
            id="StringEqualsIgnoreCase",
        ),
        pytest.param(
            "StringNotEqualsIgnoreCase",
            "ß",
            "SS",
            "ẞ",
            marks=pytest.mark.rule("4.6/StringEqualsIgnoreCase"),
            id="StringNotEqualsIgnoreCase",
        ),
        pytest.param(
            "StringLike",
            "a?c*",
            "abc",
            "ac",
            marks=pytest.mark.rule("4.6/StringLike"),
            id="StringLike",
        ),
        pytest.param(
            "StringNotLike",
            "??",
            "a",
            "𐐀",
            marks=pytest.mark.rule("4.6/StringLike"),
            id="StringNotLike",
        ),
        pytest.param(
            "NumericEquals",
            1,
            "+1.0e0",
            "1a",
            marks=pytest.mark.rule("4.6/Numeric"),
            id="NumericEquals",
        ),
        pytest.param(
            "NumericNotEquals",
            "1",
            "x",
            "01",
            marks=pytest.mark.rule("4.6/Numeric"),
            id="NumericNotEquals",
        ),
        pytest.param(
            "NumericLessThan",
            "9007199254740993",
            "9007199254740992",
            "9007199254740993",
            marks=pytest.mark.rule("4.6/Numeric"),
            id="NumericLessThan",
        ),
        pytest.param(
            "NumericLessThanEquals",
            "1",
            "1.0",
            "1.0000000000000000000000001",
            marks=pytest.mark.rule("4.6/Numeric"),
            id="NumericLessThanEquals",
        ),
        pytest.param(
            "NumericGreaterThan",
            "1",
            "1.0000000000000000000000001",
            "1",
            marks=pytest.mark.rule("4.6/Numeric"),
            id="NumericGreaterThan",
        ),
        pytest.param(
            "NumericGreaterThanEquals",
            "1",
            "1",
            "0.9",
            marks=pytest.mark.rule("4.6/Numeric"),
            id="NumericGreaterThanEquals",
        ),
        pytest.param(
            "DateEquals",
            "2030-01-01",
            "1893456000",
            "1893456001",
            marks=pytest.mark.rule("4.6/Date"),
            id="DateEquals",
        ),
        pytest.param(
            "DateNotEquals",
            "2030-01-01T00:00:00.123Z",
            "x",
            "2030-01-01T00:00:00.1239Z",
            marks=pytest.mark.rule("4.6/Date"),
            id="DateNotEquals",
        ),
        pytest.param(
            "DateLessThan",
            "2030",
            "2029-12-31T23:59:59.999Z",
            "2030-01-01",
            marks=pytest.mark.rule("4.6/Date"),
            id="DateLessThan",
        ),
        pytest.param(
            "DateLessThanEquals",
            "2030",
            "2030",
            "2030-01-01T00:00:01",
            marks=pytest.mark.rule("4.6/Date"),
            id="DateLessThanEquals",
        ),
        pytest.param(
            "DateGreaterThan",
            "2030",
            "2030-01-02",
            "2030",
            marks=pytest.mark.rule("4.6/Date"),
            id="DateGreaterThan",
        ),
        pytest.param(
            "DateGreaterThanEquals",
            "2030",
            "2030-01-01T00:00:00+00:00",
            "2030-01-01T00:00:00+01:00",
            marks=pytest.mark.rule("4.6/Date"),
            id="DateGreaterThanEquals",
        ),
        pytest.param("Bool", True, "TRUE", "yes", marks=pytest.mark.rule("4.6/Bool"), id="Bool"),
        pytest.param("Bool", "no", "yes", "true", marks=pytest.mark.rule("4.6/Bool"), id="Bool 2"),
        pytest.param(
            "BinaryEquals",
            "YQ==",
            "YQ==",
            "YQ",
            marks=pytest.mark.rule("4.6/BinaryEquals"),
            id="BinaryEquals",
        ),
        pytest.param(
            "IpAddress",
            "192.0.2.9/24",
            "192.000.2.1",
            "192.0.3.1",
            marks=pytest.mark.rule("4.6/IpAddress"),
            id="IpAddress",
        ),
        pytest.param(
            "NotIpAddress",
            "2001:db8::5/64",
            "2001:db8::5",
            "x",
            marks=pytest.mark.rule("4.6/IpAddress"),
            id="NotIpAddress",
        ),
        pytest.param(
            "IpAddress",
            "192.0.2.0/24",
            "::ffff:192.0.2.1",
            "2001:db8::1",
            marks=pytest.mark.rule("4.6/IpAddress"),
            id="IpAddress 2",
        ),
        pytest.param(
            "ArnLike",
            "arn:aws:iam::*:role/a*",
            "arn:aws:iam::1:role/ab",
            "arn:aws:iam::1:user/ab",
            marks=pytest.mark.rule("4.6/ArnLike"),
            id="ArnLike",
        ),
        pytest.param(
            "ArnEquals",
            "arn:aws:iam::*:role/?",
            "arn:aws:iam::1:role/a",
            "arn:aws:iam::1:role/ab",
            marks=pytest.mark.rule("4.6/ArnLike"),
            id="ArnEquals",
        ),
        pytest.param(
            "ArnNotLike",
            "arn:aws:iam::1:role/*",
            "arn:aws:iam::2:role/a",
            "arn:aws:iam::1:role/a",
            marks=pytest.mark.rule("4.6/ArnLike"),
            id="ArnNotLike",
        ),
        pytest.param(
            "ArnNotEquals",
            "arn:aws:iam::1:role/a",
            "arn:aws:iam::1:role/A",
            "arn:aws:iam::1:role/a",
            marks=pytest.mark.rule("4.6/ArnLike"),
            id="ArnNotEquals",
        ),
        pytest.param(
            "ArnLike",
            "arn:aws:svc:*:1111:x/*",
            "arn:aws:svc:eu:1111:x/y:z",
            "arn:aws:svc:eu:west:1111:x/y",
            marks=pytest.mark.rule("4.6/no-run-on"),
            id="ArnLike 2",
        ),
    ],
)
def test_an_operator(operator, wanted, matching, other):
    assert holds(operator, wanted, {"aws:k": matching})
    assert not holds(operator, wanted, {"aws:k": other})


@pytest.mark.rule("4.6/Null")
@pytest.mark.parametrize(("wanted", "missing"), [("TRUE", True), ("yes", False), ("", False)])
def test_null_reads_its_value_as_bool_does(wanted, missing):
    assert holds("Null", wanted, {}) is missing
    assert holds("Null", wanted, {"aws:k": "a"}) is not missing


IGNORED, LIMITS = "ignored", "limits"


@pytest.mark.parametrize(
    ("caller", "named", "identity", "boundary", "session"),
    [
        pytest.param(
            USER,
            {"AWS": ANN_ARN},
            IGNORED,
            IGNORED,
            None,
            marks=pytest.mark.rule("5.2/user"),
            id="user",
        ),
        pytest.param(
            USER,
            "*",
            IGNORED,
            IGNORED,
            None,
            marks=pytest.mark.rule("5.2/user"),
            id="user, everyone",
        ),
        pytest.param(
            USER,
            {"AWS": A},
            LIMITS,
            LIMITS,
            None,
            marks=pytest.mark.rule("5.2/user-account"),
            id="user, account",
        ),
        pytest.param(
            SESSION,
            {"AWS": ROLE_ARN},
            IGNORED,
            LIMITS,
            LIMITS,
            marks=pytest.mark.rule("5.2/role"),
            id="session, role",
        ),
        pytest.param(
            SESSION,
            {"AWS": SESSION_ARN},
            IGNORED,
            IGNORED,
            IGNORED,
            marks=pytest.mark.rule("5.2/session"),
            id="session",
        ),
        pytest.param(
            SESSION,
            "*",
            IGNORED,
            IGNORED,
            IGNORED,
            marks=pytest.mark.rule("5.2/session-star"),
            id="session, everyone",
        ),
        pytest.param(
            SESSION,
            {"AWS": A},
            LIMITS,
            LIMITS,
            LIMITS,
            marks=pytest.mark.rule("5.2/session-account"),
            id="session, account",
        ),
        pytest.param(
            FEDERATED,
            {"AWS": FEDERATED_ARN},
            IGNORED,
            IGNORED,
            IGNORED,
            marks=pytest.mark.rule("5.2/federated"),
            id="federated",
        ),
        pytest.param(
            FEDERATED,
            "*",
            IGNORED,
            IGNORED,
            IGNORED,
            marks=pytest.mark.rule("5.2/federated"),
            id="federated, everyone",
        ),
        pytest.param(
            FEDERATED,
            {"AWS": ANN_ARN},
            IGNORED,
            LIMITS,
            LIMITS,
            marks=pytest.mark.rule("5.2/federated-user"),
            id="federated, user behind",
        ),
    ],
)
def test_what_limits_a_grant_of_the_resource(caller, named, identity, boundary, session):
    effects = {"identity": identity, "boundary": boundary}
    effects |= {"session": session} if session else {}
    resource = (attached("resource", Principal=named),)
    request = Request(caller, "sqs:SendMessage", QUEUE, A)
    every = dict.fromkeys(effects, ALL)
    assert decide(request, Policies(resource=resource, **every)).allowed
    for layer, effect in effects.items():
        silent = decide(request, Policies(resource=resource, **{**every, layer: NOTHING}))
        assert silent.allowed is (effect == IGNORED), layer
        denied = decide(request, Policies(resource=resource, **{**every, layer: DENY}))
        assert (denied.outcome, denied.layer) == ("ExplicitlyDenied", layer)


@pytest.mark.parametrize(
    ("caller", "named"),
    [
        pytest.param(
            SERVICE,
            {"Service": "lambda.amazonaws.com"},
            marks=pytest.mark.rule("5.2/service"),
            id="service",
        ),
        pytest.param(
            ROOT,
            {"AWS": f"arn:aws:iam::{A}:root"},
            marks=pytest.mark.rule("5.2/root"),
            id="root",
        ),
    ],
)
def test_callers_with_nothing_but_the_resource_policy(caller, named):
    key = f"arn:aws:kms:eu-west-1:{A}:key/k"
    request = Request(caller, "kms:Decrypt", key, A)
    assert decide(request, Policies(resource=(attached("resource", Principal=named),))).allowed
    other = (attached("resource", Principal={"AWS": B, "Service": "s3.amazonaws.com"}),)
    assert decide(request, Policies(resource=other)).outcome == "ImplicitlyDenied"


@pytest.mark.rule("1.4")
def test_a_group_is_named_in_no_principal():
    group = {"AWS": f"arn:aws:iam::{A}:group/staff"}
    request = Request(USER, "sqs:SendMessage", QUEUE, A)
    assert not decide(request, Policies(resource=(attached("resource", Principal=group),))).allowed
    through_its_policies = Attached(ALL[0].policy, "p", None, f"arn:aws:iam::{A}:group/staff")
    assert decide(request, Policies(identity=(through_its_policies,))).allowed


@pytest.mark.rule("1.1")
def test_nothing_is_added_to_the_context():
    condition = {"StringEquals": {"aws:username": "ann"}}
    mine = Policies(identity=(attached(Condition=condition),))
    assert not decide(Request(USER, "sqs:SendMessage", QUEUE, A), mine).allowed
    assert decide(Request(USER, "sqs:SendMessage", QUEUE, A, {"aws:username": "ann"}), mine).allowed


@pytest.mark.rule("1.2")
@pytest.mark.parametrize(
    ("given", "allowed"),
    [
        ({}, False),
        ({"identity": ALL}, True),
        ({"resource": (attached("resource", Principal="*"),)}, True),
        ({"boundary": ALL}, False),
        ({"session": ALL}, False),
        ({"scp": (ALL,)}, False),
        ({"endpoint": (attached("endpoint", Principal="*"),)}, False),
        ({"identity": ALL, "boundary": ()}, False),
        ({"identity": ALL, "scp": ((),)}, False),
        ({"identity": ALL, "rcp": ((),)}, True),
        ({"identity": ALL, "endpoint": ()}, False),
    ],
    ids=str,
)
def test_which_kinds_grant_and_what_a_missing_one_means(given, allowed):
    request = Request(USER, "sqs:SendMessage", QUEUE, A)
    assert decide(request, Policies(**given)).allowed is allowed


@pytest.mark.rule("1.3")
def test_documents_of_one_kind_are_one_and_levels_are_not():
    send, read = ((attached(Action=f"sqs:{name}*"),) for name in ("Send", "Receive"))
    for action in ("sqs:SendMessage", "sqs:ReceiveMessage"):
        request = Request(USER, action, QUEUE, A)
        both = (*send, *read)
        assert decide(request, Policies(identity=both, boundary=both, session=both)).allowed
        assert decide(request, Policies(identity=ALL, scp=(both, ALL))).allowed
        assert not decide(request, Policies(identity=ALL, scp=(send, read))).allowed


@pytest.mark.rule("2.4")
@pytest.mark.parametrize(
    "gate",
    [
        {"scp": (NOTHING,)},
        {"scp": (ALL, DENY)},
        {"endpoint": (attached("endpoint", Principal="*", Action="x:Nothing"),)},
        {"rcp": ((attached("rcp", Principal="*", Effect="Deny"),),)},
    ],
    ids=str,
)
def test_a_resource_policy_lifts_no_gate(gate):
    resource = (attached("resource", Principal={"AWS": ANN_ARN}),)
    request = Request(USER, "sqs:SendMessage", QUEUE, A)
    assert decide(request, Policies(resource=resource)).allowed
    assert not decide(request, Policies(resource=resource, **gate)).allowed


@pytest.mark.rule("2.5")
def test_what_cannot_be_read_denies_in_every_kind_of_policy():
    request = Request(USER, "sqs:SendMessage", QUEUE, A)
    for kind in ("identity", "resource", "boundary", "session", "endpoint"):
        bad = Attached(Policy.parse_or_deny("{", kind), "bad")
        decision = decide(request, Policies(**{"identity": ALL, kind: (bad,)}))
        assert (decision.outcome, decision.policy) == ("ExplicitlyDenied", bad)
    for kind in ("scp", "rcp"):
        bad = Attached(Policy.parse_or_deny("{", kind), "bad")
        decision = decide(request, Policies(identity=ALL, **{kind: ((bad,),)}))
        assert (decision.outcome, decision.policy) == ("ExplicitlyDenied", bad)


@pytest.mark.rule("5.1", "5.3")
def test_either_grants_alone_and_ceilings_bind_the_identity_only():
    request = Request(SESSION, "sqs:SendMessage", QUEUE, A)
    named = (attached("resource", Principal={"AWS": SESSION_ARN}),)
    assert decide(request, Policies(resource=named)).layer == "resource"
    assert decide(request, Policies(identity=ALL)).layer == "identity"
    layers = {"identity": ALL, "boundary": ALL, "session": ALL, "scp": (ALL, ALL)}
    assert decide(request, Policies(**layers)).allowed
    for layer in layers:
        silent = (ALL, NOTHING) if layer == "scp" else NOTHING
        assert decide(request, Policies(**{**layers, layer: silent})).layer == layer


@pytest.mark.rule("6.4")
def test_whose_organization_binds_whom_across_accounts():
    """The engine is handed the caller's SCPs and the resource's RCPs, and reads those."""
    resource = (attached("resource", Principal={"AWS": A}),)
    request = Request(USER, "sqs:SendMessage", QUEUE, B)
    assert decide(request, Policies(identity=ALL, resource=resource)).allowed
    stopped = decide(request, Policies(identity=ALL, resource=resource, scp=(DENY,)))
    assert stopped.layer == "scp"
    rcp = ((attached("rcp", Principal="*", Effect="Deny"),),)
    assert decide(request, Policies(identity=ALL, resource=resource, rcp=rcp)).layer == "rcp"


@pytest.mark.rule("6.5")
def test_a_role_of_another_account_is_assumed_with_its_trust_and_the_callers_policies():
    role = f"arn:aws:iam::{B}:role/app"
    trust = (Attached(Policy.parse(trusting({"AWS": A}), "trust"), "trust"),)
    request = Request(USER, "sts:AssumeRole", role, B)
    assert decide(request, Policies(identity=ALL, resource=trust)).allowed
    assert decide(request, Policies(resource=trust)).layer == "identity"
    assert decide(request, Policies(identity=ALL)).layer == "trust"


def trusting(principal):
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole*"}
    return json.dumps({"Version": "2012-10-17", "Statement": statement})


@pytest.mark.rule("6.6")
@pytest.mark.parametrize(
    ("caller", "principal"),
    [
        (Principal(PrincipalKind.SAML, "", B, provider="idp"), {"Federated": "idp"}),
        (Principal(PrincipalKind.WEB_IDENTITY, "", B, provider="idp"), {"Federated": "idp"}),
        (SERVICE, {"Service": "lambda.amazonaws.com"}),
    ],
    ids=["SAML", "web identity", "service"],
)
def test_a_provider_or_a_service_needs_the_trust_alone(caller, principal):
    trust = (Attached(Policy.parse(trusting(principal), "trust"), "trust"),)
    request = Request(caller, "sts:AssumeRoleWithSAML", ROLE_ARN, A)
    assert decide(request, Policies(resource=trust, identity=DENY, scp=(DENY,))).allowed
    assert not decide(request, Policies(resource=None, identity=ALL)).allowed


@pytest.mark.rule("7.2")
def test_an_scp_may_allow_with_conditions_resources_and_exceptions():
    limited = attached("scp", Resource=QUEUE, Condition={"Bool": {"aws:SecureTransport": "true"}})
    others = attached("scp", Action=None, NotAction="sqs:*")
    request = Request(USER, "sqs:SendMessage", QUEUE, A, {"aws:SecureTransport": "true"})
    for scp, allowed in ((limited, True), (others, False)):
        assert decide(request, Policies(identity=ALL, scp=((scp,),))).allowed is allowed


@pytest.mark.rule("8.2")
@pytest.mark.parametrize(
    "elements",
    [
        {"Action": "sqs:${aws:k}"},
        {"Resource": "arn:aws:${aws:k}:eu-west-1:1:q"},
        {"Condition": {"StringEquals": {"${aws:k}": "v"}}},
        {"Condition": {"NumericEquals": {"aws:n": "${aws:n}"}}},
    ],
    ids=["action", "service", "key", "number"],
)
def test_where_no_variable_is_filled(elements):
    context = {"aws:k": "sqs", "aws:n": "1", "sqs": "v"}
    request = Request(USER, "sqs:sqs", "arn:aws:sqs:eu-west-1:1:q", A, context)
    assert not decide(request, Policies(identity=(attached(**elements),))).allowed
    filled = attached(Condition={"StringEquals": {"aws:k": "${aws:k}"}})
    assert decide(request, Policies(identity=(filled,))).allowed


@pytest.mark.rule("2.3")
def test_the_first_gate_that_stays_shut_is_told():
    gates = {
        "scp": (NOTHING,),
        "endpoint": (attached("endpoint", Principal="*", Action="x:Nothing"),),
        "boundary": NOTHING,
        "session": NOTHING,
        "identity": NOTHING,
    }
    request = Request(SESSION, "sqs:SendMessage", QUEUE, A)
    told = []
    while gates:
        decision = decide(request, Policies(**gates))
        assert decision.outcome == "ImplicitlyDenied"
        told.append(str(decision.layer))
        del gates["endpoint" if decision.layer == "vpce" else decision.layer]
    assert told == ["scp", "vpce", "boundary", "session", "identity"]


@pytest.mark.rule("3")
@pytest.mark.parametrize(
    "other",
    [
        {"Action": "sqs:ReceiveMessage"},
        {"Resource": "arn:aws:sqs:eu-west-1:1:other"},
        {"Principal": {"AWS": B}},
        {"Condition": {"Bool": {"aws:k": "true"}}},
    ],
    ids=lambda other: next(iter(other)),
)
def test_one_element_that_does_not_match_is_enough(other):
    whole = {"Principal": "*", "Action": ["sqs:SendMessage"], "Resource": QUEUE}
    request = Request(USER, "sqs:SendMessage", QUEUE, A)
    for elements, allowed in ((whole, True), (whole | other, False)):
        own = (attached("resource", **elements),)
        assert decide(request, Policies(resource=own)).allowed is allowed
        denied = (attached("resource", **elements, Effect="Deny"),)
        found = decide(request, Policies(identity=ALL, resource=denied))
        assert found.allowed is not allowed


@pytest.mark.rule("4.1")
@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"StringEquals": {"aws:a": ["x", "1"]}}, True),
        ({"StringEquals": {"aws:a": "1", "aws:b": "2"}}, True),
        ({"StringEquals": {"aws:a": "1", "aws:b": "3"}}, False),
        ({"StringEquals": {"aws:a": "1"}, "NumericLessThan": {"aws:b": "3"}}, True),
        ({"StringEquals": {"aws:a": "1"}, "NumericLessThan": {"aws:b": "2"}}, False),
        ({"StringNotEquals": {"aws:a": ["2", "3"]}}, True),
        ({"StringNotEquals": {"aws:a": ["2", "1"]}}, False),
    ],
    ids=str,
)
def test_operators_and_keys_are_joined_by_and_values_by_or(condition, holds):
    request = Request(USER, "sqs:SendMessage", QUEUE, A, {"aws:a": "1", "aws:b": "2"})
    assert decide(request, Policies(identity=(attached(Condition=condition),))).allowed is holds


@pytest.mark.rule("4.2")
def test_tag_keys_and_operators_are_found_whatever_their_case():
    condition = {"STRINGEQUALS": {"AWS:RequestTag/Cost": "1"}}
    request = Request(USER, "sqs:TagQueue", QUEUE, A, {"aws:RequestTag/COST": "1"})
    assert decide(request, Policies(identity=(attached(Condition=condition),))).allowed


@pytest.mark.rule("7.5")
@pytest.mark.parametrize(
    ("change", "stored"),
    [
        ({}, True),
        ({"Principal": {"AWS": "*"}}, True),
        ({"Resource": None, "NotResource": QUEUE}, True),
        ({"Effect": "Allow"}, False),
        ({"Principal": {"AWS": A}}, False),
        ({"Principal": ["*"]}, False),
        ({"Action": "*"}, False),
        ({"Action": "iam:PassRole"}, False),
        ({"Action": None, "NotAction": "sqs:SendMessage"}, False),
        ({"Principal": None, "NotPrincipal": "*"}, False),
    ],
    ids=str,
)
def test_what_a_customers_rcp_may_hold(change, stored):
    whole = {"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": QUEUE, **change}
    statement = {name: value for name, value in whole.items() if value is not None}
    text = json.dumps({"Version": "2012-10-17", "Statement": statement})
    if stored:
        check(text, "rcp")
    else:
        with pytest.raises(PolicyError):
            check(text, "rcp")
