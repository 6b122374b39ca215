"""Amazon SNS, version 2010-03-31: topics, and who is told of what is published."""

from doorward.services.sns import attributes, publish, subscriptions, topics

__all__ = ["attributes", "publish", "subscriptions", "topics"]
