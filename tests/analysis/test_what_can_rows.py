from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.some_account import ARNS, CONTEXTS, IAM, ID, accounts

from doorward.analysis import action_rows
from doorward.analysis.question import Question, holder_of
from doorward.analysis.what_can_rows import Known, reach_of
from doorward.policy import Context

ASKED = (
    ("s3:GetObject", "arn:aws:s3:::b/ann/k"),
    ("s3:GetObject", "arn:aws:s3:::other/k"),
    ("s3:ListBucket", "arn:aws:s3:::b"),
    ("s3:ListAllMyBuckets", "*"),
    ("iam:GetRole", f"{IAM}:role/reader"),
    ("iam:ListUsers", f"{IAM}:user/"),
    ("sts:GetFederationToken", f"arn:aws:sts::{ID}:federated-user/x"),
    ("kms:ListKeys", "*"),
)
OF_A_CALL = CONTEXTS[:2]
"""No call brings a name that its principal does not have."""
MAY_BE_ALLOWED = {"always": {True}, "sometimes": {True, False}, "never": {False}}


def state(reach, action):
    row = action_rows.of_pattern(action.lower())
    return "always" if reach.always & row else "sometimes" if reach.sometimes & row else "never"


@settings(max_examples=50, deadline=timedelta(seconds=2))
@given(
    accounts(),
    st.sampled_from(ARNS),
    st.sampled_from(ASKED),
    st.sampled_from(CONTEXTS),
    st.sampled_from(OF_A_CALL),
)
def test_always_and_never_are_certain(account, arn, asked, fixed, further):
    holder = holder_of(account, arn)
    reach = reach_of(holder.policies, Known.of(holder, Context.of(fixed)))
    action, resource = asked
    question = Question.of(account, action, resource, context={**further, **fixed})
    allowed = question.decide(holder).allowed
    assert allowed in MAY_BE_ALLOWED[state(reach, action)]


@settings(max_examples=15)
@given(accounts(), st.sampled_from(ARNS))
def test_no_action_has_two_states(account, arn):
    holder = holder_of(account, arn)
    reach = reach_of(holder.policies, Known.of(holder, Context()))
    assert reach.always & reach.sometimes == 0
