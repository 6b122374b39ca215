"""AWS CloudTrail, version 2013-11-01."""

from doorward.services.cloudtrail import (
    event_selectors,
    logging,
    lookup_events,
    public_keys,
    tags,
    trails,
)

__all__ = ["event_selectors", "logging", "lookup_events", "public_keys", "tags", "trails"]
