"""The resources LookupEvents lists an event under; a table of CloudTrail's own.

It is not the event's `resources`: that of IAM is always absent. Source: recorded look-ups,
iam_history and service_management_events; rows beyond those follow their pattern.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Resource = tuple[str, str]

_ACCESS_KEY = "AWS::IAM::AccessKey"
_USER = "AWS::IAM::User"
_ROLE = "AWS::IAM::Role"
_GROUP = "AWS::IAM::Group"
_POLICY = "AWS::IAM::Policy"
_PROFILE = "AWS::IAM::InstanceProfile"
_MFA_DEVICE = "AWS::IAM::MfaDevice"
_CERTIFICATE = "AWS::IAM::ServerCertificate"
_SAML = "AWS::IAM::SAMLProvider"
_OIDC = "AWS::IAM::OIDCProvider"
_ASSUMED_ROLE = "AWS::STS::AssumedRole"
_FEDERATED_USER = "AWS::STS::FederatedUser"

# What a creation answers with: the member, and what of it names the new entity.
_CREATED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "user": (_USER, ("userName", "userId", "arn")),
    "role": (_ROLE, ("roleName", "roleId", "arn")),
    "group": (_GROUP, ("groupName", "groupId", "arn")),
    "policy": (_POLICY, ("policyName", "policyId", "arn")),
    "instanceProfile": (_PROFILE, ("instanceProfileName", "instanceProfileId", "arn")),
    "accessKey": (_ACCESS_KEY, ("accessKeyId",)),
    "virtualMFADevice": (_MFA_DEVICE, ("serialNumber",)),
}
# What a call names, in the order listed.
_NAMED: Mapping[str, str] = {
    "accessKeyId": _ACCESS_KEY,
    "policyArn": _POLICY,
    "permissionsBoundary": _POLICY,
    "policyName": _POLICY,
    "instanceProfileName": _PROFILE,
    "serialNumber": _MFA_DEVICE,
    "serverCertificateName": _CERTIFICATE,
    "sAMLProviderArn": _SAML,
    "openIDConnectProviderArn": _OIDC,
    "groupName": _GROUP,
    "roleName": _ROLE,
    "userName": _USER,
}


def resources_of(event: Mapping[str, Any]) -> tuple[Resource, ...]:
    """The (type, name) pairs of an event, each once."""
    source = event["eventSource"]
    response = event["responseElements"] or {}
    if source == "sts.amazonaws.com":
        return tuple(_of_session(response, event))
    if source != "iam.amazonaws.com" or event["readOnly"]:
        return ()
    named = event["requestParameters"] or {}
    return tuple(dict.fromkeys([*_created(response), *_of_names(response), *_of_names(named)]))


def _created(response: Mapping[str, Any]) -> Iterator[Resource]:
    for member, entity in response.items():
        if member not in _CREATED:
            continue
        kind, names = _CREATED[member]
        yield from ((kind, entity[name]) for name in names if name in entity)
        if member == "accessKey" and "userName" in entity:
            yield _USER, entity["userName"]


def _of_names(named: Mapping[str, Any]) -> Iterator[Resource]:
    for member, kind in _NAMED.items():
        if member in named:
            yield kind, named[member]


def _of_session(response: Mapping[str, Any], event: Mapping[str, Any]) -> Iterator[Resource]:
    credentials = response.get("credentials")
    if credentials:
        yield _ACCESS_KEY, credentials["accessKeyId"]
    assumed = response.get("assumedRoleUser")
    if assumed:
        yield _ASSUMED_ROLE, assumed["arn"]
        yield _ASSUMED_ROLE, assumed["assumedRoleId"]
        yield _ASSUMED_ROLE, assumed["assumedRoleId"].partition(":")[2]
    federated = response.get("federatedUser")
    if federated:
        yield _FEDERATED_USER, federated["arn"]
    yield from ((_ROLE, role["ARN"]) for role in event.get("resources", ()))
