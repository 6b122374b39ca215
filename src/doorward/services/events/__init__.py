"""Amazon EventBridge, version 2015-10-07: rules on the records of the trail."""

from doorward.services.events import rule_targets, rules

__all__ = ["rule_targets", "rules"]
