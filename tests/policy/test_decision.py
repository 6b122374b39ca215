import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.policy import (
    Attached,
    Context,
    Policies,
    Policy,
    Principal,
    PrincipalKind,
    Request,
    decide,
)
from doorward.policy.decision import sides_of

A, B = "111122223333", "999988887777"
ANN_ARN = f"arn:aws:iam::{A}:user/ann"
ROLE_ARN = f"arn:aws:iam::{A}:role/app"
SESSION_ARN = f"arn:aws:sts::{A}:assumed-role/app/run"
FEDERATED_ARN = f"arn:aws:sts::{A}:federated-user/carol"
KEY = f"arn:aws:kms:eu-west-1:{A}:key/k"
QUEUE = f"arn:aws:sqs:eu-west-1:{A}:q"
ANN = Principal.from_arn(ANN_ARN)
SESSION = Principal.from_arn(SESSION_ARN)
FEDERATED = Principal(PrincipalKind.FEDERATED_USER, FEDERATED_ARN, A, entity_arn=ANN_ARN)
ROOT = Principal.from_arn(f"arn:aws:iam::{A}:root")
SERVICE = Principal.from_arn("lambda.amazonaws.com")
NOBODY = Principal.from_arn(None)


def attached(kind="identity", name="p", **elements):
    statement = {"Effect": "Allow", "Action": "*", **elements}
    if kind != "trust":
        statement.setdefault("Resource", "*")
    text = json.dumps({"Version": "2012-10-17", "Statement": statement})
    return Attached(Policy.parse(text, kind), name)


def names(principal, kind="resource", **elements):
    return (attached(kind, Principal=principal, **elements),)


def judge(principal=ANN, action="sqs:SendMessage", resource=QUEUE, owner=A, context=(), **given):
    return decide(Request(principal, action, resource, owner, dict(context)), Policies(**given))


ALL = (attached(),)
NOTHING = (attached(Action="x:Nothing"),)
DENY = (attached(Effect="Deny"),)


# what limits a grant of a resource policy inside one account
@pytest.mark.parametrize(
    ("caller", "principal", "identity", "boundary", "session"),
    [
        (ANN, {"AWS": ANN_ARN}, "ignored", "ignored", None),
        (ANN, "*", "ignored", "ignored", None),
        (ANN, {"AWS": A}, "limits", "limits", None),
        (SESSION, {"AWS": ROLE_ARN}, "ignored", "limits", "limits"),
        (SESSION, {"AWS": SESSION_ARN}, "ignored", "ignored", "ignored"),
        (SESSION, "*", "ignored", "ignored", "ignored"),
        (SESSION, {"AWS": A}, "limits", "limits", "limits"),
        (FEDERATED, {"AWS": FEDERATED_ARN}, "ignored", "ignored", "ignored"),
        (FEDERATED, "*", "ignored", "ignored", "ignored"),
        (FEDERATED, {"AWS": ANN_ARN}, "ignored", "limits", "limits"),
    ],
)
def test_what_limits_a_resource_grant(caller, principal, identity, boundary, session):
    resource = names(principal)
    every = {"identity": ALL, "boundary": ALL, "session": ALL if session else None}
    assert judge_with(caller, resource, every).allowed
    for layer, effect in (("identity", identity), ("boundary", boundary), ("session", session)):
        if effect:
            given = {**every, layer: NOTHING}
            decision = judge_with(caller, resource, given)
            assert decision.allowed is (effect == "ignored"), layer
            if effect == "limits":
                assert (decision.layer, decision.statement) == (layer, None)
            denied = judge_with(caller, resource, {**every, layer: DENY})
            assert (denied.outcome, denied.layer) == ("ExplicitlyDenied", layer)


def judge_with(caller, resource, given):
    request = Request(caller, "sqs:SendMessage", QUEUE, A, {})
    return decide(request, Policies(resource=resource, **given))


@pytest.mark.rule("3.5")
def test_principal_arn_under_a_star_is_a_star_grant():
    condition = {"ArnEquals": {"aws:PrincipalArn": ROLE_ARN}}
    given = Policies(resource=names("*", Condition=condition), boundary=NOTHING, session=NOTHING)
    request = Request(SESSION, "sqs:SendMessage", QUEUE, A, {"aws:PrincipalArn": ROLE_ARN})
    assert decide(request, given).allowed


@pytest.mark.rule("5.4")
@pytest.mark.parametrize(
    ("principal", "identity", "allowed"),
    [
        (None, ALL, False),
        ({"AWS": B}, ALL, False),
        ({"AWS": ANN_ARN}, (), True),
        ({"AWS": A}, (), False),
        ({"AWS": A}, ALL, True),
    ],
)
@pytest.mark.parametrize(
    ("action", "resource"), [("kms:Decrypt", KEY), ("sts:AssumeRole", ROLE_ARN)]
)
def test_self_guarding_resources(action, resource, principal, identity, allowed):
    policy = names(principal) if principal else None
    decision = decide(
        Request(ANN, action, resource, A, {}), Policies(identity=identity, resource=policy)
    )
    assert decision.allowed is allowed


@pytest.mark.rule("5.4")
def test_a_missing_trust_is_named():
    request = Request(ANN, "sts:AssumeRole", ROLE_ARN, A, {})
    assert decide(request, Policies(identity=ALL)).layer == "trust"
    trust = names({"AWS": B}, "trust")
    assert decide(request, Policies(identity=ALL, resource=trust)).layer == "trust"


@pytest.mark.rule("5.4")
@pytest.mark.parametrize("resource", [f"arn:aws:kms:eu-west-1:{A}:alias/x", "*"])
def test_aliases_and_lists_of_keys_follow_the_ordinary_rule(resource):
    assert judge(action="kms:List", resource=resource, identity=ALL).allowed


@pytest.mark.rule("5.5")
def test_a_federated_session_without_a_session_policy_has_nothing():
    decision = judge(FEDERATED, identity=ALL)
    assert (decision.outcome, decision.layer) == ("ImplicitlyDenied", "session")
    assert judge(FEDERATED, identity=ALL, session=ALL).allowed


@pytest.mark.rule("5.5")
def test_a_role_session_without_a_session_policy_is_not_limited():
    assert judge(SESSION, identity=ALL).allowed


@pytest.mark.rule("5.6")
@pytest.mark.parametrize(
    ("given", "outcome", "layer"),
    [
        ({}, "Allowed", "root"),
        ({"scp": (NOTHING,)}, "ImplicitlyDenied", "scp"),
        ({"scp": (DENY,)}, "ExplicitlyDenied", "scp"),
        ({"rcp": (names("*", "rcp", Effect="Deny"),)}, "ExplicitlyDenied", "rcp"),
        ({"resource": names("*", Effect="Deny")}, "ExplicitlyDenied", "resource"),
    ],
)
def test_root_in_its_own_account(given, outcome, layer):
    request = Request(ROOT, "sqs:SendMessage", QUEUE, A, {})
    decision = decide(request, Policies(**given))
    assert (decision.outcome, decision.layer) == (outcome, layer)


@pytest.mark.rule("5.6", "5.4")
@pytest.mark.parametrize(
    ("owner", "resource", "principal", "allowed"),
    [
        (B, QUEUE, {"AWS": A}, True),
        (B, QUEUE, {"AWS": ANN_ARN}, False),
        (B, QUEUE, None, False),
        (A, KEY, None, False),
        (A, KEY, {"AWS": A}, True),
    ],
)
def test_root_elsewhere_and_on_self_guarding_resources(owner, resource, principal, allowed):
    request = Request(ROOT, "kms:Decrypt", resource, owner, {})
    policy = names(principal) if principal else None
    assert decide(request, Policies(resource=policy)).allowed is allowed


@pytest.mark.rule("5.6/assumed")
def test_an_assumed_root_loses_only_what_its_task_denies():
    task = (attached("session", Effect="Deny", Action="iam:Delete*"),)
    caller = Principal.from_arn(f"arn:aws:sts::{A}:assumed-root")
    assert judge(caller, action="iam:GetUser", session=task).layer == "root"
    assert judge(caller, action="iam:DeleteUser", session=task).outcome == "ExplicitlyDenied"


@pytest.mark.rule("6.1", "6.3")
@pytest.mark.parametrize("principal", ["*", {"AWS": ANN_ARN}, {"AWS": A}])
def test_across_accounts_both_sides_must_allow(principal):
    both = {"identity": ALL, "boundary": ALL}
    request = Request(ANN, "sqs:SendMessage", QUEUE, B, {})
    resource = names(principal)
    assert decide(request, Policies(resource=resource, **both)).allowed
    for layer in both:
        decision = decide(request, Policies(resource=resource, **{**both, layer: NOTHING}))
        assert (decision.allowed, decision.layer) == (False, layer)
    assert decide(request, Policies(**both)).layer == "resource"


@pytest.mark.rule("6.2")
def test_naming_the_session_does_not_lift_the_session_policy_across_accounts():
    request = Request(SESSION, "sqs:SendMessage", QUEUE, B, {})
    given = Policies(identity=ALL, resource=names({"AWS": SESSION_ARN}), session=NOTHING)
    assert decide(request, given).layer == "session"


@pytest.mark.rule("5.9", "5.10")
@pytest.mark.parametrize(
    ("caller", "principal", "allowed"),
    [
        (NOBODY, "*", True),
        (NOBODY, {"AWS": "*"}, True),
        (NOBODY, {"AWS": A}, False),
        (SERVICE, {"Service": "lambda.amazonaws.com"}, True),
        (SERVICE, {"AWS": A}, False),
    ],
)
def test_callers_without_an_account_need_the_resource_alone(caller, principal, allowed):
    unread = {"identity": DENY, "boundary": DENY, "session": DENY, "scp": (DENY,)}
    request = Request(caller, "sqs:SendMessage", QUEUE, A, {})
    assert decide(request, Policies(resource=names(principal), **unread)).allowed is allowed
    stopped = {"rcp": (names("*", "rcp", Effect="Deny"),), "endpoint": names("*", "endpoint")}
    decision = decide(request, Policies(resource=names(principal), **stopped))
    assert (decision.outcome, decision.layer) == ("ExplicitlyDenied", "rcp")
    assert decide(request, Policies(identity=ALL)).layer == "resource"


@pytest.mark.rule("6.6", "3.4/provider")
@pytest.mark.parametrize(
    ("principal", "allowed"),
    [({"Federated": "idp"}, True), ({"AWS": "*"}, False), ({"Federated": "other"}, False)],
)
@pytest.mark.parametrize("kind", [PrincipalKind.SAML, PrincipalKind.WEB_IDENTITY])
def test_federated_callers_need_their_provider_in_the_trust(kind, principal, allowed):
    caller = Principal(kind, "", A, provider="idp")
    request = Request(caller, "sts:AssumeRoleWithSAML", ROLE_ARN, A, {})
    assert decide(request, Policies(resource=names(principal, "trust"))).allowed is allowed


@pytest.mark.rule("7.1", "1.3")
def test_every_level_of_the_organization_must_allow():
    assert judge(identity=ALL, scp=(ALL, ALL)).allowed
    decision = judge(identity=ALL, scp=(ALL, NOTHING, ALL))
    assert (decision.layer, decision.reason) == ("scp", "level 2 of 3 from the root")
    assert judge(identity=ALL, scp=(ALL, (*NOTHING, *ALL))).allowed
    assert not judge(identity=ALL, scp=(ALL, ())).allowed


def test_an_endpoint_must_allow():
    assert judge(identity=ALL, endpoint=names("*", "endpoint")).allowed
    decision = judge(identity=ALL, endpoint=names({"AWS": B}, "endpoint"))
    assert (decision.outcome, decision.layer) == ("ImplicitlyDenied", "vpce")


@pytest.mark.rule("2.2")
def test_denials_are_reported_in_order():
    given = {
        "rcp": (names("*", "rcp", Effect="Deny"),),
        "scp": (DENY,),
        "endpoint": names("*", "endpoint", Effect="Deny"),
        "resource": names("*", Effect="Deny"),
        "boundary": DENY,
        "session": DENY,
        "identity": DENY,
    }
    request = Request(ANN, "sqs:SendMessage", QUEUE, A, {})
    for layer in ("rcp", "scp", "vpce", "resource", "boundary", "session", "identity"):
        assert decide(request, Policies(**given)).layer == layer
        del given["endpoint" if layer == "vpce" else layer]


@pytest.mark.rule("3.4/NotPrincipal", "3.4/NotPrincipal-bounded")
@pytest.mark.parametrize(
    ("listed", "bounded", "outcome"),
    [
        ([ANN_ARN], None, "Allowed"),
        ([f"arn:aws:iam::{A}:root"], None, "ExplicitlyDenied"),
        ([ANN_ARN], ALL, "ExplicitlyDenied"),
    ],
)
def test_a_deny_with_not_principal(listed, bounded, outcome):
    resource = (attached("resource", Effect="Deny", NotPrincipal={"AWS": listed}),)
    request = Request(ANN, "sqs:SendMessage", QUEUE, A, {})
    given = Policies(identity=ALL, resource=resource, boundary=bounded)
    assert decide(request, given).outcome == outcome


def test_an_allow_with_not_principal_grants_to_the_rest():
    resource = (attached("resource", NotPrincipal={"AWS": ANN_ARN}),)
    assert judge_with(SESSION, resource, {}).allowed
    assert not judge_with(ANN, resource, {}).allowed


@pytest.mark.rule("2.5")
@pytest.mark.parametrize(
    ("effect", "element", "outcome"),
    [
        ("Deny", "Principal", "ExplicitlyDenied"),
        ("Deny", "NotPrincipal", "ExplicitlyDenied"),
        ("Allow", "Principal", "ImplicitlyDenied"),
        ("Allow", "NotPrincipal", "ImplicitlyDenied"),
    ],
)
def test_a_type_of_principal_nobody_can_judge_fails_closed(effect, element, outcome):
    resource = (attached("resource", Effect=effect, **{element: {"CanonicalUser": "0a"}}),)
    decision = judge_with(ANN, resource, {})
    assert decision.outcome == outcome
    if effect == "Deny":
        assert decision.reason == "could not evaluate principal type CanonicalUser"


@pytest.mark.rule("4.6/unknown", "2.5")
@pytest.mark.parametrize("operator", ["Odd", "NullIfExists"])
def test_an_unknown_operator_fails_closed_and_is_named(operator):
    condition = {operator: {"aws:k": "v"}, "Bool": {"aws:b": "true"}}
    reason = f"could not evaluate operator {operator}"
    on, off = {"aws:b": "true"}, {"aws:b": "false"}
    deny = (*ALL, attached(Effect="Deny", Condition=condition))
    denied = judge(identity=deny, context=on)
    assert (denied.outcome, denied.reason) == ("ExplicitlyDenied", reason)
    assert judge(identity=deny, context=off).allowed
    allow = judge(identity=(attached(Condition=condition),), context=on)
    assert (allow.outcome, allow.reason) == ("ImplicitlyDenied", reason)


def test_the_decision_names_policy_and_statement():
    decision = judge(identity=(*NOTHING, attached(name="mine", Sid="Mine")))
    assert (decision.policy.name, decision.statement.sid) == ("mine", "Mine")
    assert (decision.outcome, decision.layer, decision.reason) == ("Allowed", "identity", "")


def test_the_same_policies_attached_elsewhere_keep_their_own_names():
    first, second = (attached(name="a", Sid="S"),), (attached(name="b", Sid="S"),)
    assert judge(identity=first).policy.name == "a"
    assert judge(identity=second).policy.name == "b"


def test_what_is_remembered_of_actions_has_a_bound():
    given = Policies(identity=ALL, boundary=ALL, scp=(ALL,))
    for number in range(300):
        assert decide(Request(ANN, f"x:A{number}", "*", A), given).allowed
        assert len(sides_of(given).plans) <= 128


def test_a_gate_that_allows_everything_is_not_asked_but_its_denials_are():
    deny = attached(Effect="Deny", Action="sqs:Purge*")
    given = {"identity": ALL, "boundary": (*ALL, deny), "session": (*ALL, deny), "scp": (ALL,)}
    assert judge(**given).allowed
    assert judge(action="sqs:PurgeQueue", **given).layer == "boundary"
    plan = sides_of(policies := Policies(**given)).plans
    assert decide(Request(ANN, "sqs:SendMessage", QUEUE, A), policies).allowed
    assert (plan["sqs:SendMessage"].scp, plan["sqs:SendMessage"].ceilings) == ((), ())


def test_a_context_is_folded_once():
    context = Context.of({"AWS:Username": "ann", "aws:TagKeys": ["a", "b"]})
    assert context == {"aws:username": "ann", "aws:tagkeys": ("a", "b")}
    assert Request(ANN, "a:B", "*", A, context).context is context
    assert Request(ANN, "a:B", "*", A, {"AWS:K": "v"}).context == {"aws:k": "v"}


ACTIONS = ("s3:GetObject", "S3:Get*", "s3:*", "*", "sqs:SendMessage")
RESOURCES = ("*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/x", "arn:aws:s3:::c/${aws:username}")
CONDITIONS = ({}, {"Bool": {"aws:b": "true"}}, {"StringNotEquals": {"aws:username": "ann"}})
PRINCIPALS = ("*", {"AWS": A}, {"AWS": ANN_ARN}, {"AWS": ROLE_ARN}, {"AWS": B})


@st.composite
def any_policy(draw, kind="identity", effects=("Allow", "Deny")):
    key = draw(st.sampled_from(["Action", "NotAction"]))
    area = draw(st.sampled_from(["Resource", "NotResource"]))
    elements = {
        "Effect": draw(st.sampled_from(effects)),
        key: draw(st.sampled_from(ACTIONS)),
        area: draw(st.sampled_from(RESOURCES)),
        "Condition": draw(st.sampled_from(CONDITIONS)),
    }
    if kind in {"resource", "rcp", "endpoint"}:
        elements["Principal"] = draw(st.sampled_from(PRINCIPALS))
    text = json.dumps({"Version": "2012-10-17", "Statement": elements})
    return Attached(Policy.parse(text, kind), "p")


def some(kind, **more):
    return st.lists(any_policy(kind, **more), max_size=3).map(tuple)


policies = st.builds(
    Policies,
    identity=some("identity"),
    resource=st.none() | some("resource"),
    boundary=st.none() | some("boundary"),
    session=st.none() | some("session"),
    endpoint=st.none() | some("endpoint"),
    scp=st.lists(some("scp"), max_size=2).map(tuple),
    rcp=st.lists(some("rcp", effects=("Deny",)), max_size=1).map(tuple),
)
requests = st.builds(
    Request,
    st.sampled_from([ANN, SESSION, FEDERATED, ROOT, SERVICE, NOBODY]),
    st.sampled_from(["s3:GetObject", "s3:PutObject", "sqs:SendMessage"]),
    st.sampled_from(["arn:aws:s3:::b/x", "arn:aws:s3:::c/ann", "*"]),
    st.sampled_from([A, B]),
    st.sampled_from([{}, {"aws:b": "true", "aws:username": "ann"}, {"aws:username": "bob"}]),
)
READ_BY_ALL = ("resource", "endpoint")


def changed(given, **more):
    fields = ("identity", "resource", "boundary", "session", "endpoint", "scp", "rcp")
    return Policies(**{**{name: getattr(given, name) for name in fields}, **more})


@pytest.mark.rule("2.6")
@given(requests, policies)
def test_order_never_matters(request, given_policies):
    def turned(rows):
        return None if rows is None else tuple(reversed(rows))

    other = changed(
        given_policies,
        **{name: turned(getattr(given_policies, name)) for name in ("identity", *READ_BY_ALL)},
        boundary=turned(given_policies.boundary),
        session=turned(given_policies.session),
        scp=tuple(map(turned, given_policies.scp)),
    )
    assert decide(request, other).outcome == decide(request, given_policies).outcome


@given(requests, policies, any_policy("identity", effects=("Deny",)))
def test_a_further_deny_never_allows(request, given_policies, deny):
    more = changed(given_policies, identity=(*given_policies.identity, deny))
    if decide(request, more).allowed:
        assert decide(request, given_policies).allowed


@pytest.mark.rule("1.2")
@given(requests, policies, st.sampled_from(["boundary", "scp", "rcp", "endpoint"]), st.data())
def test_ceilings_never_grant(request, given_policies, layer, data):
    kept = getattr(given_policies, layer) or ()
    one = data.draw(some(layer))
    more = (*kept, one) if layer in {"scp", "rcp"} else one
    if layer in {"boundary", "endpoint"} and kept:
        return
    if decide(request, changed(given_policies, **{layer: more})).allowed:
        assert decide(request, given_policies).allowed


@given(requests, policies, some("session"))
def test_a_session_policy_never_grants_more_than_one_that_allows_all(
    request, given_policies, session
):
    if decide(request, changed(given_policies, session=session)).allowed:
        assert decide(request, changed(given_policies, session=ALL)).allowed


@pytest.mark.rule("2.2")
@given(requests, policies)
def test_nothing_undoes_an_explicit_deny(request, given_policies):
    deny = names("*", Effect="Deny")
    more = changed(given_policies, resource=(*(given_policies.resource or ()), *deny))
    assert decide(request, more).outcome == "ExplicitlyDenied"


@given(requests, policies)
def test_every_denial_says_what_it_rests_on(request, given_policies):
    decision = decide(request, given_policies)
    rests = decision.policy is not None and decision.statement is not None
    assert rests is (
        decision.outcome == "ExplicitlyDenied" or (decision.allowed and (decision.layer != "root"))
    )
