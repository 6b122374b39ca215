import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.analysis.action_rows import members
from doorward.analysis.granted_services import (
    granted,
    grants_service,
    services,
    tracked_actions,
)
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

ID = "123456789012"
A = "arn:aws:s3:::a/*"
USER = "arn:aws:iam::123456789012:user/nobody"
NOBODY = {"StringEquals": {"aws:username": "nobody"}}


def allow(action="s3:GetObject", resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource} | more


def deny(action="s3:*", resource="*", **more):
    return {"Effect": "Deny", "Action": action, "Resource": resource} | more


def policy(*statements):
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return Policy.parse(json.dumps(document), "identity")


def without(statement, member, **more):
    return {name: value for name, value in statement.items() if name != member} | more


# (statements, listed in a report, listed by ListPoliciesGrantingServiceAccess); [REC] where the
# recording last_access has the answer.
CASES = {
    "allow": ([allow()], True, True),  # [REC]
    "deny only": ([deny()], False, False),  # [REC]
    "allow and deny": ([allow(), deny()], False, False),  # [REC]
    "condition nobody meets": ([allow(Condition=NOBODY)], True, True),  # [REC] report
    "condition, and a deny": ([allow(Condition=NOBODY), deny()], False, False),  # [REC] list
    "deny under a condition": ([allow(), deny(Condition=NOBODY)], True, True),  # [REC] list
    "resource of another service": ([allow(resource=USER)], False, False),
    "unknown action": ([allow("s3:NoSuchThing")], False, True),  # [REC] report
    "unknown action, one resource": ([allow("s3:NoSuchThing", A)], False, False),
    "unknown service": ([allow("nothing:Read")], False, False),
    "wildcard": ([allow("s3:Get*")], True, True),
    "upper case": ([allow("S3:GETOBJECT")], True, True),
    "everything": ([allow("*")], True, True),
    "everything else": ([without(allow(), "Action", NotAction="s3:*")], False, False),
    "all but another": ([without(allow(), "Action", NotAction="iam:*")], True, True),
    "no resource": ([without(allow(), "Resource", NotResource="*")], False, False),
    "all but a resource": ([without(allow(), "Resource", NotResource=A)], True, True),
    "the same resource denied": ([allow(resource=A), deny(resource=A)], False, True),  # [REC]
    "more denied": (
        [allow(resource=A), deny(resource="arn:aws:s3:::*")],
        False,
        True,
    ),  # [REC] list
    "less denied": ([allow(resource=A), deny(resource="arn:aws:s3:::a/b")], True, True),
    "the action denied": ([allow(resource=A), deny("s3:GetObject")], False, True),  # [REC] list
    "another action denied": ([allow(), deny("s3:PutObject")], True, True),
    "all others denied": (
        [allow(resource=A), without(deny(), "Resource", NotResource="arn:aws:s3:::b/*")],
        False,
        True,  # [REC] list
    ),
    "all others but it denied": (
        [allow(resource=A), without(deny(), "Resource", NotResource=A)],
        True,
        True,
    ),
    "not action denied": ([allow(), without(deny(), "Action", NotAction="iam:*")], False, True),
    "deny of everything": ([allow(), deny("*")], False, False),
}


@pytest.mark.parametrize("case", CASES)
def test_whether_a_report_lists_the_service(case):
    statements, listed, _ = CASES[case]
    assert ("s3" in services(granted([policy(*statements)]))) is listed


@pytest.mark.parametrize("case", CASES)
def test_whether_a_policy_is_listed_as_granting_the_service(case):
    statements, _, listed = CASES[case]
    assert grants_service(policy(*statements), "s3") is listed


def test_a_deny_in_another_policy_takes_the_service_out_of_a_report():
    assert list(services(granted([policy(allow()), policy(deny())]))) == []


def test_services_come_by_name():
    row = granted([policy(allow(["sqs:*", "iam:*", "s3:*"]))])
    assert list(services(row)) == ["iam", "s3", "sqs"]


def test_tracked_actions_are_those_granted():
    row = granted([policy(allow(["iam:GetUser", "iam:PassRole", "s3:GetObject", "kms:ListKeys"]))])
    assert tracked_actions(row) == {"iam": ["GetUser"], "kms": ["ListKeys"]}


def test_nothing_grants_nothing():
    assert granted([]) == 0


PATTERNS = st.sampled_from(["*", "s3:*", "s3:Get*", "s3:GetObject", "iam:GetUser"])
RESOURCES = st.sampled_from(["*", A, "arn:aws:s3:::a/b", "arn:aws:s3:::*", USER, f"{USER[:-6]}*"])
QUESTIONS = [
    ("s3:GetObject", "arn:aws:s3:::a/b"),
    ("s3:GetObject", "arn:aws:s3:::c"),
    ("iam:GetUser", USER),
]
STATEMENTS = st.builds(
    lambda effect, act, action, place, resource: {"Effect": effect, act: action, place: resource},
    st.sampled_from(["Allow", "Allow", "Deny"]),
    st.sampled_from(["Action", "Action", "NotAction"]),
    PATTERNS,
    st.sampled_from(["Resource", "Resource", "NotResource"]),
    RESOURCES,
)


@given(st.lists(STATEMENTS, min_size=1, max_size=4), st.sampled_from(QUESTIONS))
def test_what_the_engine_allows_is_granted(statements, question):
    action, resource = question
    held = policy(*statements)
    caller = Principal(PrincipalKind.USER, USER, ID, USER, "AIDA")
    request = Request(caller, action, resource, ID, Context.of({}))
    if decide(request, Policies(identity=(Attached(held, "p"),))).allowed:
        assert action in set(members(granted([held])))
