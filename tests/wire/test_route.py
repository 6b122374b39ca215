import pytest

from doorward.authn.request import HttpRequest
from doorward.errors import AwsError
from doorward.wire.route import protocol_of, route


def refused(request, signing_name=None):
    with pytest.raises(AwsError) as caught:
        route(request, signing_name)
    return caught.value.code, caught.value.message


def rest(method, path, query=""):
    return HttpRequest(method, path, query, (), b"")


@pytest.mark.parametrize("signing_name", ["sts", None])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_query_services_take_a_query_string_or_a_form(query, signing_name, method):
    text = "Action=GetCallerIdentity&Version=2011-06-15"
    request = query(text) if method == "POST" else query("", method="GET", query=text)
    found = route(request, signing_name)
    assert (found.service.name, found.operation.name) == ("sts", "GetCallerIdentity")


def test_the_body_wins_over_the_query_string(query):
    request = query(
        "Action=ListUsers&Version=2010-05-08", query="Action=ListRoles&PathPrefix=%2Fa%2F"
    )
    found = route(request, "iam")
    assert found.operation.name == "ListUsers"
    assert found.fields["PathPrefix"] == "/a/"


@pytest.mark.parametrize(
    ("text", "signing_name", "answer"),
    [
        (
            "Action=Nope&Version=2010-05-08",
            "iam",
            ("InvalidAction", "Could not find operation Nope for version 2010-05-08"),
        ),
        (
            "Action=ListUsers&Version=2099-01-01",
            "iam",
            ("InvalidAction", "Could not find operation ListUsers for version 2099-01-01"),
        ),
        (
            "Action=ListUsers&Version=2099-01-01",
            None,
            ("InvalidAction", "Could not find operation ListUsers for version 2099-01-01"),
        ),
        (
            "Action=ListUsers",
            "iam",
            (
                "InvalidAction",
                "Could not find operation ListUsers for version NO_VERSION_SPECIFIED",
            ),
        ),
        (
            "Action=ListUsers&Version=2010-05-08",
            "sts",
            ("InvalidAction", "Could not find operation ListUsers for version 2010-05-08"),
        ),
    ],
)
def test_unknown_actions_and_versions(query, text, signing_name, answer):
    assert refused(query(text), signing_name) == answer


@pytest.mark.parametrize("signing_name", ["iam", None])
def test_a_missing_action(query, signing_name):
    assert refused(query("Version=2010-05-08"), signing_name)[0] == "MissingAction"


@pytest.mark.parametrize("signing_name", ["organizations", None])
def test_json_services_go_by_target(target, signing_name):
    found = route(target("AWSOrganizationsV20161128.ListRoots"), signing_name)
    assert found.operation.name == "ListRoots"


@pytest.mark.parametrize("dots", ["", "com.amazonaws.cloudtrail.v20131101."])
def test_a_target_may_lack_what_stands_before_its_last_dot(target, dots):
    found = route(target(f"{dots}CloudTrail_20131101.LookupEvents"), "cloudtrail")
    assert found.operation.name == "LookupEvents"


@pytest.mark.parametrize(
    ("name", "signing_name"),
    [
        ("AWSOrganizationsV20161128.Nope", "organizations"),
        ("other.cloudtrail.CloudTrail_20131101.LookupEvents", "cloudtrail"),
        ("AWSOrganizationsV20161128.ListRoots", "cloudtrail"),
        ("Nothing.ListRoots", None),
        ("Nothing.ListRoots", "organizations"),
        ("AWSOrganizationsV20161128.ListRoots", "s3"),
        ("", "organizations"),
    ],
)
def test_unknown_targets(target, name, signing_name):
    assert refused(target(name), signing_name)[0] == "UnknownOperationException"


def test_paths_and_their_labels():
    found = route(rest("GET", "/analyzer/a%20b%2Fc/archive-rule/r"), "access-analyzer")
    assert found.operation.name == "GetArchiveRule"
    assert found.labels == {"analyzerName": "a b/c", "ruleName": "r"}


def test_constants_in_a_templates_query_string_decide():
    request = rest("POST", "/v1/token", "x-amz-client-auth-method=iam")
    assert route(request, "signin").operation.name == "CreateOAuth2TokenWithIAM"
    assert route(rest("POST", "/v1/token"), "signin").operation.name == "CreateOAuth2Token"


def test_unsigned_rest_services_are_found_by_path():
    assert route(rest("POST", "/device_authorization"), None).service.name == "sso-oidc"
    assert route(rest("GET", "/federation/credentials"), None).service.name == "sso"
    assert refused(rest("GET", "/nowhere"))[0] == "UnknownOperationException"
    assert refused(rest("GET", "/nowhere"), "rolesanywhere")[0] == "UnknownOperationException"
    assert refused(rest("TRACE", "/analyzer"), "access-analyzer")[0] == "UnknownOperationException"


def test_paths_that_are_not_utf_8():
    assert refused(rest("GET", "/analyzer/%ff"), "access-analyzer")[0] == "SerializationException"


@pytest.mark.parametrize(
    ("request_", "signing_name", "protocol"),
    [
        (rest("GET", "/"), None, "query"),
        (rest("GET", "/"), "s3", "query"),
        (rest("GET", "/token"), None, "rest-json"),
        (rest("GET", "/"), "organizations", "json"),
        (rest("GET", "/"), "iam", "query"),
        (HttpRequest("POST", "/", "", (("x-amz-target", "No.No"),), b""), None, "json"),
        (
            HttpRequest("POST", "/", "", (("content-type", "application/x-amz-json-1.1"),), b""),
            None,
            "json",
        ),
    ],
)
def test_the_protocol_to_answer_in(request_, signing_name, protocol):
    assert protocol_of(request_, signing_name) == protocol
