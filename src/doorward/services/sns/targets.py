"""What each SNS operation acts on, and the condition keys it brings."""

from doorward.account.topics import Subscription, Topic, topic_of
from doorward.services.call import Call
from doorward.services.registry import Context, Params, Target
from doorward.services.sns.errors import NotFound


def topic(call: Call, params: Params) -> Target:
    """The topic of `TopicArn`."""
    return _target(call, params["topic_arn"])


def new_topic(call: Call, params: Params) -> Target:
    """The topic about to be made, or that there is."""
    return _target(call, f"arn:aws:sns:{call.region}:{call.account.id}:{params['name']}")


def published_to(call: Call, params: Params) -> Target:
    """The topic of `TopicArn` or `TargetArn`."""
    arn = params.get("topic_arn") or params.get("target_arn")
    return _target(call, arn) if arn else Target("*")


def topic_of_subscription(call: Call, params: Params) -> Target:
    """The topic a subscription is of."""
    return _target(call, params["subscription_arn"].rpartition(":")[0])


def tagged(call: Call, params: Params) -> Target:
    """The topic of `ResourceArn`."""
    return _target(call, params["resource_arn"])


def _target(call: Call, arn: str) -> Target:
    found = topic_of(call.account, arn)
    return Target(arn, tags=found.tags if found else ())


def subscribed(_call: Call, params: Params) -> Context:
    """sns:Protocol and sns:Endpoint."""
    named = {"sns:Protocol": params["protocol"], "sns:Endpoint": params.get("endpoint")}
    return {key: value for key, value in named.items() if value is not None}


def find_topic(call: Call, arn: str) -> Topic:
    """The topic of that ARN.

    Raises:
        NotFound: there is none in the account.
    """
    found = topic_of(call.account, arn)
    if found is None:
        raise NotFound.topic()
    return found


def find_subscription(call: Call, arn: str) -> Subscription:
    """The subscription of that ARN.

    Raises:
        NotFound: there is none in the account.
    """
    found = call.account.at(("subscription", arn.rpartition(":")[2]))
    if not isinstance(found, Subscription) or found.arn != arn:
        raise NotFound.subscription()
    return found
