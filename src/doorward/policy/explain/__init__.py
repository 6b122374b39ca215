"""A decision made plain: the steps behind it, and what would have to be otherwise."""

from doorward.policy.explain.steps import steps
from doorward.policy.explain.words import denial, describe

__all__ = ["denial", "describe", "steps"]
