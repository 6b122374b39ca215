"""What the operations on trails act on, the keys they bring, and what else must be asked."""

from collections.abc import Iterator, Mapping, Sequence

from doorward.account.model import Role
from doorward.account.trails import Trail
from doorward.services.call import Call
from doorward.services.cloudtrail.names import arn_of, looked_up, new_arn
from doorward.services.registry import Context, Params, Question, Target


def new_trail(call: Call, params: Params) -> Target:
    """The trail about to be made."""
    return Target(new_arn(call.account.id, call.region, params["name"]))


def trail_named(call: Call, params: Params) -> Target:
    """The trail of `Name` or `TrailName`."""
    return _trail(call, params["name"] if "name" in params else params["trail_name"])


def trail_tagged(call: Call, params: Params) -> Target:
    """The trail of `ResourceId`."""
    return _trail(call, params["resource_id"])


def trails_listed(call: Call, params: Params) -> Target:
    """The first trail of `ResourceIdList`; `further_trails` asks for the others."""
    named = params["resource_id_list"]
    return _trail(call, named[0]) if named else Target("*")


def further_trails(call: Call, params: Params) -> Iterator[Question]:
    """cloudtrail:ListTags on the other trails of `ResourceIdList`."""
    for name in params["resource_id_list"][1:]:
        yield Question("cloudtrail:ListTags", _trail(call, name), {})


def tag_new_trail(call: Call, params: Params) -> Iterator[Question]:
    """cloudtrail:AddTags, for a trail that is made with tags."""
    if params.get("tags_list"):
        context = request_tags(call, params)
        yield Question("cloudtrail:AddTags", new_trail(call, params), context)


def pass_log_role(call: Call, params: Params) -> Iterator[Question]:
    """iam:PassRole on the role CloudTrail is to write to a log group with."""
    arn = params.get("cloud_watch_logs_role_arn")
    if not arn:
        return
    role: Role | None = call.account.role(arn.rpartition("/")[2])
    known = role if role and call.account.arn(role) == arn else None
    target = Target(arn, tags=known.tags if known else ())
    yield Question("iam:PassRole", target, {"iam:PassedToService": "cloudtrail.amazonaws.com"})


def request_tags(_call: Call, params: Params) -> Context:
    """aws:RequestTag/KEY and aws:TagKeys."""
    tags: Sequence[Mapping[str, str]] = params.get("tags_list") or ()
    if not tags:
        return {}
    context: dict[str, str | tuple[str, ...]] = {
        f"aws:RequestTag/{tag['Key']}": tag.get("Value", "") for tag in tags
    }
    return context | {"aws:TagKeys": tuple(tag["Key"] for tag in tags)}


def tag_keys(_call: Call, params: Params) -> Context:
    """aws:TagKeys of the tags to remove."""
    keys = tuple(tag["Key"] for tag in params.get("tags_list") or ())
    return {"aws:TagKeys": keys} if keys else {}


def _trail(call: Call, name: str) -> Target:
    found: Trail | None = looked_up(call.account, call.region, name)
    if found is None:
        given = name if name.startswith("arn:") else new_arn(call.account.id, call.region, name)
        return Target(given)
    return Target(arn_of(call.account.id, found), tags=found.tags)
