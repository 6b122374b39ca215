"""The condition keys IAM's operations bring to their decision."""

from doorward.account.model import Role, User
from doorward.services.call import Call
from doorward.services.registry import Context, Params


def request_tags(_call: Call, params: Params) -> Context:
    """aws:RequestTag/KEY and aws:TagKeys; of a repeated key the last value counts."""
    tags = params.get("tags") or ()
    if not tags:
        return {}
    context: dict[str, str | tuple[str, ...]] = {
        f"aws:RequestTag/{tag['Key']}": tag["Value"] for tag in tags
    }
    context["aws:TagKeys"] = tuple(tag["Key"] for tag in tags)
    return context


def tag_keys(_call: Call, params: Params) -> Context:
    """aws:TagKeys of an untag operation."""
    keys = params.get("tag_keys") or ()
    return {"aws:TagKeys": tuple(keys)} if keys else {}


def permissions_boundary(_call: Call, params: Params) -> Context:
    """iam:PermissionsBoundary, the ARN asked for."""
    arn = params.get("permissions_boundary")
    return {"iam:PermissionsBoundary": arn} if arn else {}


def policy_arn(_call: Call, params: Params) -> Context:
    """iam:PolicyARN, the managed policy to attach or detach."""
    return {"iam:PolicyARN": params["policy_arn"]}


def boundary_of_holder(call: Call, params: Params) -> Context:
    """iam:PermissionsBoundary, the boundary the user or role acted on already has."""
    if "user_name" in params:
        holder: User | Role | None = call.account.user(params["user_name"])
    else:
        holder = call.account.role(params["role_name"])
    arn = holder.boundary if holder else None
    return {"iam:PermissionsBoundary": arn} if arn else {}
