import pytest
from tests.policy.explain.made import allow, asked, attached, cases, deny, document

from doorward.policy import Outcome, Policies, decide
from doorward.policy.explain import explain, steps

ONE = {"Bool": {"aws:SecureTransport": "true"}}
OTHER = {"AWS": "arn:aws:iam::111122223333:user/bob"}


def only_read(request, **policies):
    found = [read for step in steps(request, Policies(**policies)) for read in step.reads]
    assert len(found) == 1
    return found[0]


def identity(*statements):
    return {"identity": (attached(document(*statements)),)}


def resource(statement):
    return {"resource": (attached(document(statement), "resource"),)}


@pytest.mark.parametrize(
    ("policies", "failed"),
    [
        (identity(allow()), ""),
        (identity(allow(resource="arn:aws:s3:::other/*")), "Resource"),
        (
            identity({"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::b/*"}),
            "NotResource",
        ),
        (identity(allow(Condition=ONE)), "Condition"),
        (resource(allow(Principal=OTHER)), "Principal"),
        (
            resource({"NotPrincipal": "*", **allow()}),
            "NotPrincipal",
        ),
        (resource(allow(Principal=OTHER, Condition=ONE)), "Principal"),
        (identity(allow(resource="arn:aws:s3:::other/*", Condition=ONE)), "Resource"),
    ],
)
def test_the_first_element_that_fails_is_told(policies, failed):
    read = only_read(asked(), **policies)
    assert read.failed == failed
    assert read.applies is not bool(failed)


def test_a_condition_is_told_with_what_was_wanted_and_what_came():
    wants = {
        "StringEquals": {"aws:PrincipalTag/team": ["${aws:username}", "x${aws:userid}${*}"]},
        "Bool": {"aws:SecureTransport": "true"},
    }
    read = only_read(
        asked(aws__username="ann", aws__SecureTransport="true"), **identity(allow(Condition=wants))
    )
    team, secure = read.conditions
    assert (team.holds, team.came, team.wanted) == (False, None, ("ann", "x${aws:userid}*"))
    assert team.unresolved == ("aws:userid",)
    assert (secure.holds, secure.came, secure.wanted) == (True, "true", ("true",))


def test_a_dollar_in_a_value_without_variables_stays_as_it_is():
    wants = {"NumericEquals": {"aws:EpochTime": "${aws:username}"}}
    (one,) = only_read(asked(), **identity(allow(Condition=wants))).conditions
    assert (one.wanted, one.unresolved) == (("${aws:username}",), ())


def test_variables_without_a_value_are_named_in_resources():
    read = only_read(asked(), **identity(allow(resource="arn:aws:s3:::${aws:username}/${*}x")))
    assert (read.failed, read.unresolved) == ("Resource", ("aws:username",))


@pytest.mark.parametrize(("make", "applies"), [(allow, False), (deny, True)])
def test_an_unknown_operator_fails_closed_and_is_named(make, applies):
    read = only_read(asked(), **identity(make(Condition={"StringEqual": {"aws:username": "a"}})))
    assert read.applies is applies
    assert read.doubt == "could not evaluate operator StringEqual"
    assert read.conditions[0].doubt == read.doubt


@pytest.mark.parametrize(("make", "applies"), [(allow, False), (deny, True)])
def test_a_principal_of_unknown_type_fails_closed_and_is_named(make, applies):
    read = only_read(asked(), **resource(make(Principal={"CanonicalUser": "79a59df900b949e55d96"})))
    assert read.applies is applies
    assert read.doubt == "could not evaluate principal type CanonicalUser"


def test_a_document_that_cannot_be_read_denies_and_says_so():
    read = only_read(asked(), identity=(attached("{"),))
    assert read.applies
    assert read.doubt.startswith("could not evaluate the document")


def test_levels_are_counted_from_the_root_and_stand_in_the_order_of_the_decision():
    level = (attached(document(allow("*")), "scp"),)
    guard = (attached(document(deny("s3:Put*", Principal="*")), "rcp"),)
    policies = Policies(
        scp=(level, level),
        rcp=(guard,),
        endpoint=(attached(document(allow("*", Principal="*")), "endpoint"),),
        boundary=level,
        session=level,
        **identity(allow()),
    )
    found = steps(asked(), policies)
    assert [(step.layer, step.level) for step in found] == [
        *(("rcp", 1), ("scp", 1), ("scp", 2), ("vpce", 0)),
        *(("boundary", 0), ("session", 0), ("identity", 0)),
    ]
    assert {step.verdict for step in found} == {Outcome.ALLOWED}


def test_an_outsider_is_read_no_policies_of_its_own():
    policies = Policies(scp=((),), **identity(allow()), **resource(allow(Principal="*")))
    found = steps(asked(principal="events.amazonaws.com"), policies)
    assert [step.layer for step in found] == ["resource"]


def test_what_needs_no_permission_has_no_steps():
    assert steps(asked(action="sts:GetCallerIdentity", resource="*"), Policies()) == ()


def test_the_steps_agree_with_the_decision_on_every_case():
    for request, policies in cases():
        decision = decide(request, policies)
        found = steps(request, policies)
        denied = any(step.verdict is Outcome.EXPLICITLY_DENIED for step in found)
        assert denied is (decision.outcome is Outcome.EXPLICITLY_DENIED)
        deciding = explain(request, policies).deciding
        assert (deciding is None) is (decision.statement is None)
        assert deciding is None or deciding.applies
