"""Write docs/conditions.md's table: the global keys, and which of them a call here carries.

python -m tests.authz.conditions_document
"""

from pathlib import Path

from tests.authz.samples import HERE, LIVE, context_of, names

from doorward.catalog.global_keys import GLOBAL_KEYS
from doorward.services.registry import operations

DOCUMENT = Path(__file__).parents[2] / "docs" / "conditions.md"
BEGIN = "<!-- global keys: written by tests/authz/conditions_document.py -->\n"
END = "<!-- end of global keys -->"

_ENDPOINT = "never: there are no VPC endpoints"
_INSTANCE = "never: there are no instances"
_SERVICE = "only in a question about a service"
_FORWARDED = "only in a question about a forwarded call"
_MCP = "never: there is no such gateway"

BY_OPERATION = {
    "aws:ResourceAccount": "every call",
    "aws:ResourceTag/${TagKey}": "calls on a resource with tags",
    "aws:RequestTag/${TagKey}": "calls that pass tags",
    "aws:TagKeys": "calls that pass tags or tag keys",
}
"""Held by the operations, shown to be there in test_operation_keys.py."""

BY_HEADER = {
    "aws:referer": "calls that send `Referer`",
    "aws:UserAgent": "calls that send `User-Agent`",
}

NEVER = {
    "aws:PrincipalServiceName": _SERVICE,
    "aws:PrincipalServiceNamesList": _SERVICE,
    "aws:SourceAccount": _SERVICE,
    "aws:SourceArn": _SERVICE,
    "aws:SourceOrgID": _SERVICE,
    "aws:SourceOrgPaths": _SERVICE,
    "aws:CalledVia": _FORWARDED,
    "aws:CalledViaFirst": _FORWARDED,
    "aws:CalledViaLast": _FORWARDED,
    "aws:ChatbotSourceArn": "never: there is no chat service",
    "aws:Ec2InstanceSourceVpc": _INSTANCE,
    "aws:Ec2InstanceSourcePrivateIPv4": _INSTANCE,
    "aws:SourceVpc": _ENDPOINT,
    "aws:SourceVpcArn": _ENDPOINT,
    "aws:SourceVpce": _ENDPOINT,
    "aws:VpceAccount": _ENDPOINT,
    "aws:VpceOrgID": _ENDPOINT,
    "aws:VpceOrgPaths": _ENDPOINT,
    "aws:VpcSourceIp": _ENDPOINT,
    "aws:IsMcpServiceAction": _MCP,
    "aws:CalledViaAWSMCP": _MCP,
    "aws:ViaAWSMCPService": _MCP,
}

UNTIL = {
    # key: the operation it waits for, by service and function
    "aws:PrincipalOrgID": ("organizations", "create_organization"),
    "aws:PrincipalOrgPaths": ("organizations", "create_organization"),
    "aws:ResourceOrgID": ("organizations", "create_organization"),
    "aws:ResourceOrgPaths": ("organizations", "create_organization"),
    "aws:AssumedRoot": ("sts", "assume_root"),
    "aws:FederatedProvider": ("sts", "assume_role_with_saml"),
    "aws:SignInSessionArn": ("signin", "create_oauth2_token"),
    "aws:OriginIdentity/${Key}": ("rolesanywhere", "create_profile"),
}
"""The operation that lands takes its key from here, and brings a caller to samples.LIVE."""


def table():
    """One row a key, in AWS's spelling, sorted."""
    has = {who: names(context_of(caller, HERE)) for who, caller in LIVE.items()}
    head = "| key | type | when AWS gives it | who has it here |\n|---|---|---|---|\n"
    facts = sorted(GLOBAL_KEYS, key=lambda fact: fact.name.lower())
    return head + "".join(_row(fact, has) for fact in facts)


def _row(fact, has):
    kind = f"{fact.type}, many values" if fact.multi else fact.type
    return f"| `{fact.name}` | {kind} | {fact.present_when} | {_here(fact.name, has)} |\n"


def _here(name, has):
    if name in BY_HEADER:
        return BY_HEADER[name]
    who = [each for each in has if name in has[each]]
    if len(who) == len(has):
        return "every call"
    if who:
        return "; ".join(who)
    if name in UNTIL:
        return "nobody yet"
    return BY_OPERATION.get(name) or NEVER[name]


def with_table(text):
    head, rest = text.split(BEGIN)
    return f"{head}{BEGIN}{table()}{rest[rest.index(END) :]}"


def arrived():
    """Keys that are said to wait for an operation which is there."""
    return {key for key, (service, name) in UNTIL.items() if name in operations(service)}


if __name__ == "__main__":
    DOCUMENT.write_text(with_table(DOCUMENT.read_text()))
