import pytest
from tests.policy.explain.made import ACCOUNT, allow, asked, attached, cases, deny, document

from doorward.policy import Policies
from doorward.policy.conditions import compile_condition
from doorward.policy.explain import explain
from doorward.policy.explain.allowed_if import _Question
from doorward.policy.explain.as_json import formula_json
from doorward.policy.explain.as_text import formula_text
from doorward.policy.explain.formula import FALSE, TRUE, AllOf, AnyOf, Met, all_of, any_of
from doorward.policy.fields import Condition

MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
HOME = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
A, B, C = (Met(Condition("Bool", key, ("true",))) for key in "abc")


def true(formula, context):
    if isinstance(formula, Met):
        test = compile_condition(formula.condition, "2012-10-17", deny=formula.negated)
        return test(context) is not formula.negated
    parts = [true(part, context) for part in formula.parts]
    return all(parts) if isinstance(formula, AllOf) else any(parts)


def keys_of(explanation):
    reads = [read for step in explanation.steps for read in step.reads]
    return frozenset(one.condition.key.lower() for read in reads for one in read.conditions)


def test_the_formula_is_the_decision_on_every_case():
    for request, policies in cases():
        explanation = explain(request, policies)
        question = _Question(request, explanation.steps, keys_of(explanation))
        whole = question.whole()
        assert true(whole, request.context) is explanation.decision.allowed
        told = explanation.allowed_if
        assert told is None or not true(told, request.context)


def identity(*statements):
    return Policies(identity=(attached(document(*statements)),))


@pytest.mark.parametrize(
    ("policies", "context", "text"),
    [
        (
            identity(allow(Condition=MFA)),
            {},
            'Bool aws:MultiFactorAuthPresent "true"',
        ),
        (
            identity(allow(Condition=MFA | HOME)),
            {"aws__SourceIp": "10.1.1.1"},
            'Bool aws:MultiFactorAuthPresent "true"',
        ),
        (
            identity(allow(Condition=MFA | HOME)),
            {},
            'Bool aws:MultiFactorAuthPresent "true" and IpAddress aws:SourceIp "10.0.0.0/8"',
        ),
        (
            identity(allow(Condition=MFA), allow(Condition=HOME)),
            {},
            'Bool aws:MultiFactorAuthPresent "true" or IpAddress aws:SourceIp "10.0.0.0/8"',
        ),
        (
            identity(allow(), deny(Condition={"BoolIfExists": {"aws:SecureTransport": "false"}})),
            {},
            'not BoolIfExists aws:SecureTransport "false"',
        ),
        (
            identity(
                allow(Condition={"StringEquals": {"aws:username": ["ann", "bob"]}}),
                deny(Condition={"StringLike": {"aws:username": "c*"}} | HOME),
            ),
            {"aws__username": "carol", "aws__SourceIp": "10.0.0.1"},
            (
                '(not StringLike aws:username "c*" or not IpAddress aws:SourceIp "10.0.0.0/8")'
                ' and StringEquals aws:username ["ann", "bob"]'
            ),
        ),
    ],
)
def test_what_would_have_to_be_met(policies, context, text):
    assert formula_text(explain(asked(**context), policies).allowed_if) == text


@pytest.mark.parametrize(
    "policies",
    [
        identity(allow()),
        identity(),
        identity(allow(), deny()),
        identity(allow(Condition={"StringEqual": {"aws:username": "ann"}})),
        identity(allow(), deny(Condition={"StringEqual": {"aws:username": "ann"}})),
    ],
)
def test_where_no_context_helps_nothing_is_told(policies):
    assert explain(asked(), policies).allowed_if is None


def test_both_sides_are_asked_across_accounts():
    policies = Policies(
        identity=(attached(document(allow(Condition=MFA))),),
        resource=(
            attached(document(allow(Principal={"AWS": ACCOUNT}, Condition=HOME)), "resource"),
        ),
        boundary=(attached(document(allow())),),
        session=(attached(document(allow())),),
        endpoint=(attached(document(allow(Principal="*")), "endpoint"),),
    )
    explanation = explain(asked(account="999988887777"), policies)
    assert formula_json(explanation.allowed_if) == {
        "all": [
            {"operator": "IpAddress", "key": "aws:SourceIp", "values": ["10.0.0.0/8"], "met": True},
            {
                "operator": "Bool",
                "key": "aws:MultiFactorAuthPresent",
                "values": ["true"],
                "met": True,
            },
        ]
    }


def test_root_depends_on_a_foreign_resources_policy_alone():
    own = attached(document(allow(Principal={"AWS": ACCOUNT}, Condition=HOME)), "resource")
    root = asked(f"arn:aws:iam::{ACCOUNT}:root", account="999988887777")
    told = explain(root, Policies(resource=(own,))).allowed_if
    assert formula_text(told) == 'IpAddress aws:SourceIp "10.0.0.0/8"'


@pytest.mark.parametrize(
    ("formula", "short"),
    [
        (all_of([]), TRUE),
        (any_of([]), FALSE),
        (all_of([A]), A),
        (all_of([A, FALSE]), FALSE),
        (any_of([A, TRUE]), TRUE),
        (all_of([A, TRUE, all_of([B, A])]), AllOf((A, B))),
        (any_of([A, FALSE, any_of([B, A])]), AnyOf((A, B))),
        (any_of([all_of([A, B]), all_of([A, B, C])]), AllOf((A, B))),
        (all_of([any_of([A, B]), A]), A),
    ],
)
def test_formulas_are_as_short_as_can_be(formula, short):
    assert formula == short


def test_very_many_alternatives_are_not_compared():
    many = [Met(Condition("Bool", f"k{at}", ())) for at in range(101)]
    assert any_of([*many, all_of([many[0], A])]) == AnyOf((*many, AllOf((many[0], A))))
