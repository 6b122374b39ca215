"""Amazon CloudWatch, version 2010-08-01: alarms on what metric filters count."""

from doorward.services.cloudwatch import alarms, history, listings

__all__ = ["alarms", "history", "listings"]
