"""Condition keys any service's policies may use, and when a request carries them.

Source: AWS's IAM User Guide, "AWS global condition context keys", and requests AWS was recorded
deciding (2026). `aws:EpochTime` is a Date that numeric operators take as well.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KeyFact:
    """One condition key in AWS's spelling; `${...}` in it stands for any text.

    `type` is AWS's: String, ARN, Bool, Date, IPAddress or Numeric. `multi` keys always carry a
    list, also with one value or none. `present_when` is empty when AWS ties the key to actions.
    """

    name: str
    type: str
    multi: bool
    present_when: str = ""


def _one(name: str, kind: str, present_when: str) -> KeyFact:
    return KeyFact(name, kind, multi=False, present_when=present_when)


def _many(name: str, kind: str, present_when: str) -> KeyFact:
    return KeyFact(name, kind, multi=True, present_when=present_when)


_MEMBER = "the principal's account is in an organization"
_BY_SERVICE = "an AWS service principal makes the call itself"
_TEMPORARY = "temporary credentials signed the request"
_ENDPOINT = "the request came through a VPC endpoint"
_EC2_ROLE = "the credentials are those of a role on an EC2 instance"
_RESOURCE_MEMBER = "the resource's account is in an organization"
_FOR_RESOURCE = "an AWS service principal calls on behalf of a resource"
_FORWARDED = "a service that records it makes the call with the principal's credentials"
_ALWAYS = "always"

_PRINCIPAL = (
    _one("aws:PrincipalArn", "ARN", "signed requests; not while SAML or web identity assumes"),
    _one("aws:PrincipalAccount", "String", "signed requests"),
    _one("aws:PrincipalOrgID", "String", _MEMBER),
    _many("aws:PrincipalOrgPaths", "String", _MEMBER),
    _one("aws:PrincipalTag/${TagKey}", "String", "the user, role or session has the tag"),
    _one("aws:PrincipalIsAWSService", "Bool", "signed requests"),
    _one("aws:PrincipalServiceName", "String", _BY_SERVICE),
    _many("aws:PrincipalServiceNamesList", "String", _BY_SERVICE),
    _one("aws:PrincipalType", "String", _ALWAYS),
    _one("aws:userid", "String", _ALWAYS),
    _one("aws:username", "String", "an IAM user, also with its GetSessionToken credentials"),
)

_SESSION = (
    _one("aws:AssumedRoot", "Bool", "an AssumeRoot session; true"),
    _one("aws:FederatedProvider", "String", "a role session from SAML or web identity"),
    _one("aws:TokenIssueTime", "Date", _TEMPORARY),
    _one("aws:MultiFactorAuthAge", "Numeric", "temporary credentials made with MFA"),
    _one("aws:MultiFactorAuthPresent", "Bool", _TEMPORARY),
    _one("aws:ChatbotSourceArn", "ARN", "a session the chat service made"),
    _one("aws:Ec2InstanceSourceVpc", "String", _EC2_ROLE),
    _one("aws:Ec2InstanceSourcePrivateIPv4", "IPAddress", _EC2_ROLE),
    _one("aws:SourceIdentity", "String", "a role session that was given one"),
    _one("aws:SignInSessionArn", "ARN", "credentials made by `aws login`"),
    _one("aws:OriginIdentity/${Key}", "String", "Roles Anywhere with identity propagation"),
)

_NETWORK = (
    _one("aws:SourceIp", "IPAddress", "the request did not come through a VPC endpoint"),
    _one("aws:SourceVpc", "String", _ENDPOINT),
    _one("aws:SourceVpcArn", "ARN", _ENDPOINT),
    _one("aws:SourceVpce", "String", _ENDPOINT),
    _one("aws:VpceAccount", "String", _ENDPOINT),
    _one("aws:VpceOrgID", "String", _ENDPOINT),
    _many("aws:VpceOrgPaths", "String", _ENDPOINT),
    _one("aws:VpcSourceIp", "IPAddress", _ENDPOINT),
)

_RESOURCE = (
    _one("aws:ResourceAccount", "String", "most actions"),
    _one("aws:ResourceOrgID", "String", _RESOURCE_MEMBER),
    _many("aws:ResourceOrgPaths", "String", _RESOURCE_MEMBER),
    _one("aws:ResourceTag/${TagKey}", "String", "the resource has the tag"),
)

_REQUEST = (
    _one("aws:RequestTag/${TagKey}", "String", "the request passes the tag"),
    _many("aws:TagKeys", "String", "the request passes tags or tag keys"),
    _one("aws:CurrentTime", "Date", _ALWAYS),
    _one("aws:EpochTime", "Date", _ALWAYS),
    _one("aws:referer", "String", "a browser followed a link"),
    _one("aws:RequestedRegion", "String", "always; us-east-1 for global services"),
    _one("aws:SecureTransport", "Bool", _ALWAYS),
    _one("aws:UserAgent", "String", "the client sends one; anybody can make it up"),
    _one("aws:SourceAccount", "String", _FOR_RESOURCE),
    _one("aws:SourceArn", "ARN", _FOR_RESOURCE),
    _one("aws:SourceOrgID", "String", _FOR_RESOURCE),
    _many("aws:SourceOrgPaths", "String", _FOR_RESOURCE),
    _many("aws:CalledVia", "String", _FORWARDED),
    _one("aws:CalledViaFirst", "String", _FORWARDED),
    _one("aws:CalledViaLast", "String", _FORWARDED),
    _one("aws:ViaAWSService", "Bool", _ALWAYS),
    _one("aws:IsMcpServiceAction", "Bool", "MCP gateways; seen in third-party lists only"),
    _one("aws:CalledViaAWSMCP", "String", "MCP gateways; seen in third-party lists only"),
    _one("aws:ViaAWSMCPService", "Bool", "MCP gateways; seen in third-party lists only"),
)

GLOBAL_KEYS: tuple[KeyFact, ...] = (*_PRINCIPAL, *_SESSION, *_NETWORK, *_RESOURCE, *_REQUEST)
