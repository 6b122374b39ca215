import json

import pytest

from doorward.catalog.models import service
from doorward.errors import AwsError, NotAuthentic
from doorward.wire.error_names import JSON_NAMES, json_name, query_name
from doorward.wire.errors import InvalidAction, UnknownOperationException, ValidationError
from doorward.wire.render_error import render_error
from doorward.wire.route import Route


def to(name, operation):
    model = service(name)
    return Route(model, model.operations[operation])


IAM = to("iam", "GetUser")
STS = to("sts", "GetCallerIdentity")
ORGANIZATIONS = to("organizations", "ListRoots")
CLOUDTRAIL = to("cloudtrail", "GetTrail")
ANALYZER = to("accessanalyzer", "GetAnalyzer")


def an_error(code_, message="Why.", status_=None, **members):
    class RaisedError(AwsError):
        code = code_
        status = status_

    return RaisedError(message, **members)


def test_the_query_protocols_form(oracle):
    response = render_error(IAM, an_error("NoSuchEntity", "No <user>."), "the-id")
    assert response.status == 404
    assert response.headers == (("x-amzn-RequestId", "the-id"), ("Content-Type", "text/xml"))
    assert response.body.decode() == (
        '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error>'
        "<Type>Sender</Type><Code>NoSuchEntity</Code><Message>No &lt;user&gt;.</Message></Error>"
        "<RequestId>the-id</RequestId></ErrorResponse>"
    )
    error = oracle("iam").response("GetUser", response)["Error"]
    assert (error["Code"], error["Message"], error["Type"]) == (
        "NoSuchEntity",
        "No <user>.",
        "Sender",
    )


@pytest.mark.parametrize(
    ("route", "error", "status", "code"),
    [
        (IAM, an_error("AccessDenied"), 403, "AccessDenied"),
        (IAM, an_error("AccessDeniedException"), 403, "AccessDenied"),
        (IAM, an_error("ServiceFailure"), 500, "ServiceFailure"),
        (IAM, an_error("NoSuchEntityException"), 404, "NoSuchEntity"),
        (IAM, an_error("Invented", status_=418), 418, "Invented"),
        (IAM, an_error("Invented"), 400, "Invented"),
        (IAM, AwsError("Oops."), 500, "InternalFailure"),
        (IAM, ValidationError("No."), 400, "ValidationError"),
        (IAM, UnknownOperationException.anywhere(), 400, "InvalidAction"),
        (STS, an_error("ExpiredTokenException"), 400, "ExpiredTokenException"),
        (STS, NotAuthentic("ExpiredToken", "Late."), 403, "ExpiredToken"),
        (STS, NotAuthentic("SignatureDoesNotMatch", "No."), 403, "SignatureDoesNotMatch"),
        (STS, NotAuthentic("IncompleteSignature", "No."), 400, "IncompleteSignature"),
        (STS, NotAuthentic("InvalidClientTokenId", "No."), 403, "InvalidClientTokenId"),
        (
            CLOUDTRAIL,
            NotAuthentic("MissingAuthenticationToken", "No."),
            403,
            "MissingAuthenticationTokenException",
        ),
        (
            CLOUDTRAIL,
            NotAuthentic("InvalidClientTokenId", "No."),
            400,
            "UnrecognizedClientException",
        ),
        (CLOUDTRAIL, an_error("TrailNotFoundException"), 400, "TrailNotFoundException"),
        (CLOUDTRAIL, ValidationError("No."), 400, "ValidationException"),
        (CLOUDTRAIL, InvalidAction.named("A", None), 400, "UnknownOperationException"),
        (ORGANIZATIONS, an_error("AccessDenied"), 400, "AccessDeniedException"),
        (
            ORGANIZATIONS,
            NotAuthentic("SignatureDoesNotMatch", "No."),
            400,
            "InvalidSignatureException",
        ),
        (ORGANIZATIONS, AwsError("Oops."), 500, "InternalFailure"),
        (ANALYZER, an_error("AccessDenied"), 403, "AccessDeniedException"),
        (ANALYZER, an_error("ResourceNotFoundException"), 404, "ResourceNotFoundException"),
        (
            ANALYZER,
            NotAuthentic("InvalidClientTokenId", "No."),
            403,
            "UnrecognizedClientException",
        ),
    ],
)
def test_names_and_statuses(oracle, route, error, status, code):
    response = render_error(route, error, "id")
    parsed = oracle(route.service.name).response(route.operation.name, response)
    assert response.status == status
    assert parsed["Error"]["Code"] == code
    assert parsed["Error"]["Message"] == error.message
    assert parsed["ResponseMetadata"]["RequestId"] == "id"


def test_a_fault_of_ours_is_the_receivers():
    assert b"<Type>Receiver</Type>" in render_error(STS, AwsError("Oops."), "id").body
    assert b"<Type>Receiver</Type>" in render_error(IAM, an_error("ServiceFailure"), "id").body


def test_organizations_spell_message_with_a_capital_and_give_a_reason():
    error = an_error("InvalidInputException", "No.", Reason="INPUT_REQUIRED:TAGS")
    response = render_error(ORGANIZATIONS, error, "id")
    assert json.loads(response.body) == {
        "__type": "InvalidInputException",
        "Message": "No.",
        "Reason": "INPUT_REQUIRED:TAGS",
    }
    assert ("x-amzn-ErrorType", "InvalidInputException") in response.headers


def test_rest_json_names_the_error_in_a_header_only():
    error = an_error("ConflictException", "No.", resourceId="a", resourceType="ANALYZER")
    response = render_error(ANALYZER, error, "id")
    assert response.status == 409
    assert json.loads(response.body) == {
        "message": "No.",
        "resourceId": "a",
        "resourceType": "ANALYZER",
    }
    assert ("x-amzn-ErrorType", "ConflictException") in response.headers


def test_members_in_xml():
    body = render_error(IAM, an_error("NoSuchEntity", "No.", Count=1, Odd="<b>"), "id").body
    assert b"<Count>1</Count><Odd>&lt;b&gt;</Odd></Error>" in body


@pytest.mark.parametrize(
    ("protocol", "kind"),
    [
        ("query", "text/xml"),
        ("json", "application/x-amz-json-1.1"),
        ("rest-json", "application/json"),
    ],
)
def test_without_a_route_the_protocol_decides(protocol, kind):
    error = NotAuthentic("MissingAuthenticationToken", "No.")
    response = render_error(None, error, "id", protocol=protocol)
    assert response.status == 403
    assert ("Content-Type", kind) in response.headers
    assert b"MissingAuthenticationToken" in response.body + str(response.headers).encode()
    assert (b"http://webservices.amazon.com/AWSFault/" in response.body) is (protocol == "query")


@pytest.mark.parametrize("query_code", sorted(JSON_NAMES))
def test_names_map_back_and_forth(query_code):
    assert query_name(json_name(query_code)) == query_code
