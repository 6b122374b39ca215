"""What an error is called in each protocol, and its status where no model says (spec: ERR-02)."""

from collections.abc import Mapping
from types import MappingProxyType

JSON_NAMES: Mapping[str, str] = MappingProxyType(
    {
        # query protocol: JSON protocols
        "AccessDenied": "AccessDeniedException",
        "ExpiredToken": "ExpiredTokenException",
        "IncompleteSignature": "IncompleteSignatureException",
        "InvalidAction": "UnknownOperationException",
        "InvalidClientTokenId": "UnrecognizedClientException",
        "MalformedInput": "SerializationException",
        "MissingAction": "MissingActionException",
        "MissingAuthenticationToken": "MissingAuthenticationTokenException",
        "ServiceUnavailable": "ServiceUnavailableException",
        "SignatureDoesNotMatch": "InvalidSignatureException",
        "Throttling": "ThrottlingException",
        "ValidationError": "ValidationException",
    }
)
QUERY_NAMES: Mapping[str, str] = MappingProxyType(
    {json: query for query, json in JSON_NAMES.items()}
)

# AWS: SNS has a word of its own for a refusal.
OWN_NAMES: Mapping[tuple[str, str], str] = MappingProxyType(
    {("sns", "AccessDenied"): "AuthorizationError"}
)

STATUSES: Mapping[str, int] = MappingProxyType(
    {
        # By the query protocol's name.
        "AccessDenied": 403,
        "ExpiredToken": 403,
        "InternalFailure": 500,
        "InvalidClientTokenId": 403,
        "MissingAuthenticationToken": 403,
        "OptInRequired": 403,
        "ServiceUnavailable": 503,
        "SignatureDoesNotMatch": 403,
    }
)
BAD_REQUEST = 400

# AWS: every refusal of these is 400, whatever its code (recorded September 2026).
ALWAYS_BAD_REQUEST = frozenset({"organizations"})
# AWS: KMS, a service of the JSON protocol, answers a wrong token with 400, STS and SQS with 403.
JSON_BAD_REQUEST = frozenset({"InvalidClientTokenId"})


def query_name(code: str) -> str:
    """The query protocol's name for an error."""
    return QUERY_NAMES.get(code, code)


def json_name(code: str) -> str:
    """The JSON protocols' name for an error."""
    return JSON_NAMES.get(code, code)
