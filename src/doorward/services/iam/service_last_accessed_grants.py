"""ListPoliciesGrantingServiceAccess: which policies grant what of a service."""

from collections.abc import Iterable, Sequence
from typing import Any

from doorward.analysis.granted_services import grants_service
from doorward.authz.gather import identity_policies
from doorward.catalog.last_accessed import service_name
from doorward.policy import Arn, Attached
from doorward.services.call import Call
from doorward.services.iam.errors import InvalidInput
from doorward.services.iam.service_last_accessed_subject import entity_of_arn, holder
from doorward.services.paging import BadMarker
from doorward.services.registry import operation


@operation("iam", on=entity_of_arn, reads=True)
def list_policies_granting_service_access(
    call: Call, *, arn: str, service_namespaces: Sequence[str], marker: str | None = None
) -> dict[str, Any]:
    """List, service by service, the policies of a user, group or role that grant some of it."""
    of = holder(call, arn)
    if marker is not None:
        # The list is never cut, so no marker was handed out.
        raise BadMarker("Invalid Marker.")
    unknown = [name for name in service_namespaces if service_name(name) is None]
    if unknown:
        raise InvalidInput.services(unknown)
    policies = _shown_once(identity_policies(call.account, of))
    granting = [
        {
            "ServiceNamespace": name,
            "Policies": [_policy(each) for each in policies if grants_service(each.policy, name)],
        }
        for name in dict.fromkeys(service_namespaces)
    ]
    return {"PoliciesGrantingServiceAccess": granting, "IsTruncated": False}


def _shown_once(policies: Iterable[Attached]) -> list[Attached]:
    """A managed policy attached in several places is one."""
    return list({each.arn or (each.attached_to, each.name): each for each in policies}.values())


def _policy(of: Attached) -> dict[str, Any]:
    if of.arn is not None:
        return {"PolicyName": of.name, "PolicyType": "MANAGED", "PolicyArn": of.arn}
    place = Arn.parse(of.attached_to or "")
    assert place is not None  # noqa: S101 - an inline policy knows whose it is
    return {
        "PolicyName": of.name,
        "PolicyType": "INLINE",
        "EntityType": place.resource_type.upper(),
        "EntityName": place.name,
    }
