"""What the operations on roles and instance profiles act on, and the role they hand over."""

from collections.abc import Iterator

from doorward.account.model import InstanceProfile, Role
from doorward.catalog.service_linked_roles import service_linked_role
from doorward.services.call import Call
from doorward.services.iam.targets import under_path
from doorward.services.registry import Context, Params, Question, Target


def new_role(call: Call, params: Params) -> Target:
    """The role about to be made."""
    return _arn(call, f"role{params.get('path', '/')}{params['role_name']}")


def roles_under_path(call: Call, params: Params) -> Target:
    """Every role under `PathPrefix`."""
    return under_path(call, "role", params)


def new_linked_role(call: Call, params: Params) -> Target:
    """The service-linked role about to be made."""
    service = params["aws_service_name"]
    known = service_linked_role(service)
    name = known.role_name if known else "*"
    suffix = params.get("custom_suffix")
    full = f"{name}_{suffix}" if suffix else name
    return _arn(call, f"role/aws-service-role/{service}/{full}")


def role_of_deletion(call: Call, params: Params) -> Target:
    """The role a deletion task is about, by the id of the task."""
    path = params["deletion_task_id"].removeprefix("task/").rpartition("/")[0]
    return _arn(call, f"role/{path}")


def instance_profile_named(call: Call, params: Params) -> Target:
    """The instance profile of `InstanceProfileName`."""
    name = params["instance_profile_name"]
    found: InstanceProfile | None = call.account.instance_profile(name)
    if found is None:
        return _arn(call, f"instance-profile/{name}")
    return Target(call.account.arn(found), tags=found.tags)


def new_instance_profile(call: Call, params: Params) -> Target:
    """The instance profile about to be made."""
    path, name = params.get("path", "/"), params["instance_profile_name"]
    return _arn(call, f"instance-profile{path}{name}")


def instance_profiles_under_path(call: Call, params: Params) -> Target:
    """Every instance profile under `PathPrefix`."""
    return under_path(call, "instance-profile", params)


def pass_role_to_ec2(call: Call, params: Params) -> Iterator[Question]:
    """iam:PassRole on the role that machines will get.

    AWS: the machine is not known yet, so its ARN stands for every instance of the account
    (API reference, AddRoleToInstanceProfile).
    """
    context: Context = {
        "iam:PassedToService": "ec2.amazonaws.com",
        "iam:AssociatedResourceArn": f"arn:aws:ec2:*:{call.account.id}:instance/*",
    }
    yield Question("iam:PassRole", _role(call, params["role_name"]), context)


def linked_service(_call: Call, params: Params) -> Context:
    """iam:AWSServiceName, the service a role is to be linked to."""
    return {"iam:AWSServiceName": params["aws_service_name"]}


def _role(call: Call, name: str) -> Target:
    found: Role | None = call.account.role(name)
    if found is None:
        return _arn(call, f"role/{name}")
    return Target(call.account.arn(found), tags=found.tags)


def _arn(call: Call, resource: str) -> Target:
    return Target(f"arn:aws:iam::{call.account.id}:{resource}")
