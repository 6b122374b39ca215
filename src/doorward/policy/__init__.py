"""The policy language and its decision: pure, standard library only, usable alone."""

from doorward.policy.arn import Arn
from doorward.policy.decision import Decision, Layer, Outcome, decide
from doorward.policy.document import Policy, Statement
from doorward.policy.fields import Condition
from doorward.policy.request import (
    Attached,
    Context,
    Policies,
    Principal,
    PrincipalKind,
    Request,
)

__all__ = [
    "Arn",
    "Attached",
    "Condition",
    "Context",
    "Decision",
    "Layer",
    "Outcome",
    "Policies",
    "Policy",
    "Principal",
    "PrincipalKind",
    "Request",
    "Statement",
    "decide",
]
