"""What each operation of CloudWatch Logs acts on, and the log groups there are."""

from doorward.account.log_groups import TRAIL_GROUP, TRAIL_STREAM, LogGroup
from doorward.services.call import Call
from doorward.services.logs.errors import InvalidParameter, ResourceNotFound
from doorward.services.registry import Context, Params, Target


def group_arn(call: Call, name: str) -> str:
    """The ARN of a log group."""
    return f"arn:aws:logs:{call.region}:{call.account.id}:log-group:{name}"


def group(call: Call, params: Params) -> Target:
    """The log group of `logGroupName` or `logGroupIdentifier`; any where none is named."""
    name = params.get("log_group_name") or name_of(params.get("log_group_identifier") or "*")
    found = find_own(call, name)
    # AWS: refusals name a log group with the stream's part of the ARN empty.
    return Target(f"{group_arn(call, name)}:log-stream:", tags=found.tags if found else ())


def stream(call: Call, params: Params) -> Target:
    """The log stream."""
    place = group_arn(call, params["log_group_name"])
    return Target(f"{place}:log-stream:{params['log_stream_name']}")


def tagged(_call: Call, params: Params) -> Target:
    """The resource of `resourceArn`."""
    return Target(params["resource_arn"])


def request_tags(_call: Call, params: Params) -> Context:
    """aws:RequestTag/KEY and aws:TagKeys."""
    tags = params.get("tags") or {}
    if not tags:
        return {}
    context: dict[str, str | tuple[str, ...]] = {
        f"aws:RequestTag/{key}": value for key, value in tags.items()
    }
    return context | {"aws:TagKeys": tuple(tags)}


def name_of(identifier: str) -> str:
    """A log group's name, given it or its ARN."""
    return identifier.split(":", 6)[6].removesuffix(":*") if _is_arn(identifier) else identifier


def _is_arn(identifier: str) -> bool:
    return identifier.startswith("arn:") and identifier.count(":log-group:") == 1


def find_own(call: Call, name: str) -> LogGroup | None:
    """The account's own log group of that name."""
    found = call.account.at(("log-group", f"{call.region}/{name}"))
    return found if isinstance(found, LogGroup) else None


def find_group(call: Call, name: str) -> LogGroup:
    """The log group of that name; that of the trail is always there.

    Raises:
        ResourceNotFound: there is none.
    """
    if name == TRAIL_GROUP:
        return trail_group(call)
    found = find_own(call, name)
    if found is None:
        raise ResourceNotFound.group()
    return found


def find_written(call: Call, name: str) -> LogGroup:
    """The log group of that name, to be changed.

    Raises:
        AwsError: there is none, or it is the trail's.
    """
    if name == TRAIL_GROUP:
        raise InvalidParameter.of_the_trail()
    return find_group(call, name)


def trail_group(call: Call) -> LogGroup:
    """The log group of the trail."""
    created = call.account.profile.created
    return LogGroup(
        region=call.region, name=TRAIL_GROUP, created=created, streams=((TRAIL_STREAM, created),)
    )
