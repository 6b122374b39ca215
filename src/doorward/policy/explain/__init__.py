"""A decision made plain: the steps behind it, and what would have to be otherwise."""

from doorward.policy.explain.as_json import as_json, decision_json
from doorward.policy.explain.as_text import as_text
from doorward.policy.explain.changes import applied
from doorward.policy.explain.explanation import Explanation, explain
from doorward.policy.explain.steps import steps
from doorward.policy.explain.words import denial, describe

__all__ = [
    "Explanation",
    "applied",
    "as_json",
    "as_text",
    "decision_json",
    "denial",
    "describe",
    "explain",
    "steps",
]
