import json

import pytest
from tests.policy.explain.made import ACCOUNT, ANN, allow, asked, attached, cases, deny, document

from doorward.policy import Attached, Layer, Outcome, Policies, PrincipalKind, Request
from doorward.policy.explain import applied, explain
from doorward.policy.request import Principal

ROLE = f"arn:aws:iam::{ACCOUNT}:role/Reader"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/Reader/s1"
FEDERATED = f"arn:aws:sts::{ACCOUNT}:federated-user/bob"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
ABROAD = "999988887777"
EMPTY = ()
ALL = (attached(document(allow("*"))),)
NOTHING = (attached(document(allow("ec2:*"))),)
OWN = (attached(document(allow("ec2:*", Principal="*")), "resource", "own"),)
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1234"
TRUST = (attached(document(allow("ec2:*", Principal="*")), "trust", "trust"),)


def layers(request, **policies):
    explanation = explain(request, Policies(**policies))
    changes = explanation.changes
    if changes is None:
        return None
    after = applied(explanation.policies, changes)
    assert explain(request, after).decision.allowed
    assert all(
        not explain(
            request, applied(explanation.policies, [*changes[:at], *changes[at + 1 :]])
        ).decision.allowed
        for at in range(len(changes))
    ), "one of the changes is not needed"
    return [change.layer.value for change in changes]


@pytest.mark.parametrize(
    ("request_", "policies", "wanted"),
    [
        (asked(), {"identity": ALL}, []),
        (asked(), {}, ["identity"]),
        (asked(), {"boundary": NOTHING}, ["boundary", "identity"]),
        (asked(), {"boundary": NOTHING, "identity": ALL}, ["boundary"]),
        (asked(), {"resource": OWN}, ["identity"]),
        (asked(), {"resource": OWN, "boundary": NOTHING}, ["resource"]),
        (asked(SESSION), {"session": NOTHING}, ["session", "identity"]),
        (asked(SESSION), {"resource": OWN, "session": NOTHING}, ["session", "identity"]),
        (asked(account=ABROAD), {}, ["identity", "resource"]),
        (asked(account=ABROAD), {"resource": OWN, "identity": ALL}, ["resource"]),
        (asked(account=ABROAD), {"resource": OWN, "boundary": NOTHING}, None),
        (asked(FEDERATED), {"identity": ALL}, ["session"]),
        (asked(FEDERATED), {"identity": ALL, "session": NOTHING}, ["session"]),
        (asked(FEDERATED), {"resource": OWN}, ["resource"]),
        (asked(ROOT, account=ABROAD), {}, ["resource"]),
        (asked(ROOT, "kms:Decrypt", KEY), {"resource": OWN}, ["resource"]),
        (asked(None), {}, ["resource"]),
        (asked(ANN, "kms:Decrypt", KEY), {"boundary": NOTHING}, ["resource"]),
        (asked(SESSION, "kms:Decrypt", KEY), {"boundary": NOTHING}, ["boundary", "resource"]),
        (asked("events.amazonaws.com"), {"resource": OWN}, ["resource"]),
        (asked(ANN, "kms:Decrypt", KEY), {"identity": ALL, "resource": OWN}, ["resource"]),
        (asked(SESSION, "kms:Decrypt", KEY), {"identity": ALL, "resource": OWN}, ["resource"]),
        (asked(ANN, "sts:AssumeRole", ROLE), {"identity": ALL}, ["trust"]),
        (asked(ANN, "sts:AssumeRole", ROLE), {"resource": TRUST}, ["trust"]),
        (asked(ROLE, "sts:AssumeRole", ROLE), {"resource": TRUST}, ["trust"]),
        (asked(), {"identity": ALL, "scp": (ALL, NOTHING)}, ["scp"]),
        (asked(), {"identity": ALL, "endpoint": EMPTY}, ["vpce"]),
        (asked(resource="*", action="s3:ListAllMyBuckets"), {}, ["identity"]),
        (asked(resource="arn:aws:s3:::b/${aws:username}"), {}, ["identity"]),
    ],
)
def test_the_fewest_changes_that_allow_it(request_, policies, wanted):
    if wanted is None:
        wanted = ["boundary", "identity", "resource"]
    assert layers(request_, **policies) == wanted


@pytest.mark.parametrize(
    ("named", "request_", "wanted"),
    [
        ({"AWS": ROLE}, asked(SESSION), ["boundary"]),
        ({"AWS": SESSION}, asked(SESSION), []),
        ({"AWS": ACCOUNT}, asked(SESSION), ["boundary", "identity"]),
        ({"AWS": ACCOUNT}, asked(SESSION, account=ABROAD), ["boundary", "identity"]),
        ({"AWS": ROLE}, asked(ROLE), ["boundary"]),
        ({"AWS": ROOT}, asked(ROOT, account=ABROAD), []),
        ("*", asked(None), []),
    ],
)
def test_a_resource_policy_spares_what_it_spares_in_the_decision(named, request_, wanted):
    own = (attached(document(allow(Principal=named)), "resource"),)
    assert layers(request_, resource=own, boundary=NOTHING) == wanted


def test_each_denial_in_the_way_is_told():
    policies = Policies(
        identity=(attached(document(allow("*"), deny(Sid="No"))),),
        scp=((attached(document(allow("*"), deny()), "scp"),),),
        rcp=((attached(document(deny(Principal="*")), "rcp"),),),
    )
    changes = explain(asked(), policies).changes
    told = [(change.layer, change.level, change.remove.index) for change in changes]
    assert told == [(Layer.RCP, 1, 0), (Layer.SCP, 1, 1), (Layer.IDENTITY, 0, 1)]


def test_two_denials_of_one_policy_are_both_told():
    held = attached(document(allow("*"), deny(), deny("s3:*")))
    explanation = explain(asked(), Policies(identity=(held,)))
    assert [change.remove.index for change in explanation.changes] == [1, 2]


def test_policies_of_one_name_are_told_apart():
    one, two = (attached(document(deny(Sid=sid))) for sid in ("One", "Two"))
    explanation = explain(asked(), Policies(identity=(*ALL, one, two)))
    assert [change.remove.sid for change in explanation.changes] == ["One", "Two"]


@pytest.mark.parametrize(("arn", "told"), [("arn:aws:iam::aws:policy/P", 1), (None, 2)])
def test_a_managed_policy_attached_twice_is_mended_once(arn, told):
    held = attached(document(deny()))
    places = tuple(Attached(held.policy, "P", arn, where) for where in ("user/a", "group/g"))
    explanation = explain(asked(), Policies(identity=(*ALL, *places)))
    assert len(explanation.changes) == told
    assert explain(asked(), applied(explanation.policies, explanation.changes)).decision.allowed


def test_an_allowed_request_needs_no_change_and_a_services_rule_none_helps():
    assert explain(asked(), Policies(identity=ALL)).changes == ()
    aws = asked(action="iam:DeletePolicy", resource="arn:aws:iam::aws:policy/ReadOnlyAccess")
    explanation = explain(aws, Policies(identity=ALL))
    assert explanation.decision.layer is Layer.SERVICE
    assert explanation.changes is None
    assert explanation.allowed_if is None


def test_a_web_identity_is_named_by_its_provider():
    provider = f"arn:aws:iam::{ACCOUNT}:oidc-provider/idp.example"
    caller = Principal(PrincipalKind.WEB_IDENTITY, "", ACCOUNT, provider=provider)
    request = Request(caller, "sts:AssumeRoleWithWebIdentity", ROLE, ACCOUNT)
    (change,) = explain(request, Policies()).changes
    assert change.layer is Layer.TRUST
    assert change.statement == {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": "sts:AssumeRoleWithWebIdentity",
    }


def test_the_policy_to_extend_is_named_where_there_is_one():
    (boundary, identity) = explain(asked(), Policies(boundary=NOTHING)).changes
    assert boundary.attached is NOTHING[0]
    assert identity.attached is None


def test_on_every_case_the_changes_allow_it_and_none_is_idle():
    for request, policies in cases():
        explanation = explain(request, policies)
        changes = explanation.changes
        assert changes is not None
        if explanation.decision.outcome is not Outcome.ALLOWED:
            assert changes
            assert explain(request, applied(policies, changes)).decision.allowed
            for at in range(len(changes)):
                fewer = applied(policies, [*changes[:at], *changes[at + 1 :]])
                assert not explain(request, fewer).decision.allowed, json.dumps(request.action)
