"""Amazon CloudWatch Logs, version 2014-03-28: the trail as a log group, and metric filters."""

from doorward.services.logs import events, groups, metric_filters, searches

__all__ = ["events", "groups", "metric_filters", "searches"]
