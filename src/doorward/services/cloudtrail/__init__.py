"""AWS CloudTrail, version 2013-11-01."""

from doorward.services.cloudtrail import lookup_events

__all__ = ["lookup_events"]
