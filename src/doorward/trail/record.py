"""The record of one call, in the form of a CloudTrail event, version 1.11.

Source: recorded events, service_management_events and iam_history; CloudTrail guide, "CloudTrail
record contents". A record is plain JSON values, in the order AWS prints them.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from doorward.catalog import models
from doorward.trail.members import iso, printed_parameters, printed_result
from doorward.trail.resources import Resource, resources_of

Event = dict[str, Any]

SOURCES: Mapping[str, str] = {
    "accessanalyzer": "access-analyzer.amazonaws.com",
    "sso-admin": "sso.amazonaws.com",
    "sso-oidc": "sso.amazonaws.com",
    "cloudwatch": "monitoring.amazonaws.com",
    "doorward": "doorward",
}
GLOBAL = frozenset({"iam", "organizations", "account"})

# AWS: these change nothing in the account, and CloudTrail calls them writes.
_WRITES = frozenset({"GetSessionToken", "GetFederationToken", "GetWebIdentityToken", "AssumeRoot"})
# Unverified: their actions are reads in AWS's reference; they leave a report behind.
_READS = frozenset({"GenerateCredentialReport", "GenerateServiceLastAccessedDetails"})
_ANSWERED = frozenset(
    {
        "AssumeRole",
        "AssumeRoleWithSAML",
        "AssumeRoleWithWebIdentity",
        "AssumeRoot",
        "GetFederationToken",
        "GetSessionToken",
    }
)


class Indexed(NamedTuple):
    """What LookupEvents finds an event by; absent text is empty."""

    username: str
    access_key_id: str
    resources: tuple[Resource, ...]


def event(
    *,
    identity: Mapping[str, Any],
    account: str,
    at: datetime,
    event_id: str,
    request_id: str,
    service: str,
    operation: str,
    region: str,
    source_ip: str,
    user_agent: str | None,
    read_only: bool,
    parameters: Mapping[str, Any] | None = None,
    response: Mapping[str, Any] | None = None,
    error_code: str | None = None,
    error_message: str | None = None,
    shared_event_id: str | None = None,
    tls: Mapping[str, str] | None = None,
) -> Event:
    """Make the record of a call.

    Args:
        identity: The userIdentity, as `authn.identity` gives it.
        account: Whose trail the record goes to.
        at: When the call came; aware.
        event_id: A UUID, new for every record.
        request_id: The x-amzn-RequestId of the answer.
        service: botocore's name of the service.
        operation: AWS's name of the operation.
        region: As signed; global services are recorded in us-east-1 all the same.
        source_ip: The client's address, or the name of the AWS service that called.
        user_agent: As sent.
        read_only: It changes nothing; where AWS sees that otherwise, AWS wins.
        parameters: As the wire parsed them, top-level names in snake case.
        response: As the operation answered, in AWS's member names; secrets included.
        error_code: The code the client got.
        error_message: The sentence the client got.
        shared_event_id: The same for the records of one call in two accounts.
        tls: tlsVersion, cipherSuite and clientProvidedHostHeader, where known.
    """
    reads = read_only and not (service == "sts" and operation in _WRITES)
    reads = reads or (service == "iam" and operation in _READS)
    made: Event = {
        "eventVersion": "1.11",
        "userIdentity": identity,
        "eventTime": iso(at),
        "eventSource": SOURCES.get(service) or f"{service}.amazonaws.com",
        "eventName": operation,
        "awsRegion": "us-east-1" if service in GLOBAL else region,
        "sourceIPAddress": source_ip,
    }
    if user_agent is not None:
        made["userAgent"] = user_agent
    if error_code is not None:
        made["errorCode"] = _class_name(service, error_code)
        made["errorMessage"] = error_message
    made["requestParameters"] = (
        printed_parameters(service, operation, parameters) if parameters else None
    )
    made["responseElements"] = (
        printed_result(service, operation, response)
        if response and _is_answered(service, operation, reads=reads)
        else None
    )
    if service == "sts" and error_code is None:
        details = {"endpointType": "regional", "awsServingRegion": region}
        made["additionalEventData"] = {"RequestDetails": details}
    made["requestID"] = request_id
    made["eventID"] = event_id
    made["readOnly"] = reads
    if service == "sts" and error_code is None and parameters and "role_arn" in parameters:
        made["resources"] = [_role(parameters["role_arn"])]
    made["eventType"] = "AwsApiCall"
    made["managementEvent"] = True
    made["recipientAccountId"] = account
    if shared_event_id is not None:
        made["sharedEventID"] = shared_event_id
    made["eventCategory"] = "Management"
    if tls:
        made["tlsDetails"] = dict(tls)
    return made


def index(made: Event) -> Indexed:
    """What the event is to be found by."""
    identity = made["userIdentity"]
    return Indexed(_username(identity), identity.get("accessKeyId", ""), resources_of(made))


def _username(identity: Mapping[str, Any]) -> str:
    kind = identity["type"]
    if kind == "Root":
        return "root"
    if kind in {"AssumedRole", "FederatedUser"}:
        name: str = identity["principalId"].rpartition(":")[2]
        return name
    return str(identity.get("userName", ""))


def _role(arn: str) -> dict[str, str]:
    return {"accountId": arn.split(":")[4], "type": "AWS::IAM::Role", "ARN": arn}


def _is_answered(service: str, operation: str, *, reads: bool) -> bool:
    """AWS keeps the answer of this operation in the record."""
    if service == "iam":
        return operation.startswith("Create")
    if service == "sts":
        return operation in _ANSWERED
    return not reads


def _class_name(service: str, code: str) -> str:
    """The error as records name it: IAM's by their class, NoSuchEntityException."""
    declared = models.service("iam").error(code) if service == "iam" else None
    return declared.shape.name if declared else code
