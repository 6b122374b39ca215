import subprocess
import sys

import botocore
import botocore.model
import botocore.session
import pytest

from doorward.catalog import models
from doorward.catalog.models import SERVED, Shape, service, snake

ALL = tuple(SERVED)


def every_structure(shape: Shape | None, seen: set[str]) -> None:
    if shape is None or shape.name in seen:
        return
    seen.add(shape.name)
    for member in shape.members.values():
        every_structure(member, seen)
    if shape.type == "list":
        every_structure(shape.member, seen)
    if shape.type == "map":
        every_structure(shape.key, seen)
        every_structure(shape.value, seen)


@pytest.mark.parametrize("name", ALL)
def test_names_are_spelt_as_boto3_spells_them(name):
    model = service(name)
    for operation in model.operations.values():
        assert operation.function_name == botocore.xform_name(operation.name)
        for shape in (operation.input, operation.output):
            for member in shape.members if shape else ():
                assert snake(member) == botocore.xform_name(member)


@pytest.mark.parametrize("name", ["already_snake", "ARNs", "MFADevices", "PolicyARNs", "SSHKeys"])
def test_odd_names_too(name):
    assert snake(name) == botocore.xform_name(name)


@pytest.mark.parametrize("name", ALL)
def test_the_served_table_is_what_the_models_say(name):
    model = service(name)
    assert SERVED[name] == (model.signing_name, model.target_prefix, model.api_version)


@pytest.mark.parametrize("name", ALL)
def test_every_shape_can_be_reached(name):
    seen: set[str] = set()
    for operation in service(name).operations.values():
        every_structure(operation.input, seen)
        every_structure(operation.output, seen)
        assert all(service(name).error(code) for code in operation.errors)
    assert seen


def test_services_are_found_by_what_a_request_carries():
    assert models.service_signed_as("sso") == "sso-admin"
    assert models.service_signed_as("s3") is None
    assert models.service_targeted("AWSOrganizationsV20161128") == "organizations"
    assert models.service_targeted("Nothing") is None
    assert models.service_versioned("2011-06-15") == "sts"
    assert models.service_versioned("2019-11-01") is None


@pytest.mark.parametrize("name", ["nothing", "../iam", "", "endpoints.json"])
def test_an_unknown_service_is_a_lookup_error(name):
    with pytest.raises(LookupError):
        service(name)


def test_errors_carry_status_and_fault():
    error = service("iam").error("NoSuchEntity")
    assert (error.status, error.sender_fault, error.message_member) == (404, True, "message")
    assert service("iam").error("NoSuchEntityException") is error
    assert service("iam").error("Nothing") is None
    assert service("iam").error("ServiceFailure").sender_fault is False
    assert service("organizations").error("AccessDeniedException").status == 400
    assert service("organizations").error("ServiceException").message_member == "Message"
    assert service("sso-oidc").error("SlowDownException").message_member == "message"


def test_an_operation_says_how_it_is_called():
    operation = service("accessanalyzer").operations["GetAnalyzer"]
    assert (operation.http_method, operation.uri) == ("GET", "/analyzer/{analyzerName}")
    assert operation.input.members["analyzerName"].location == "uri"
    assert "ResourceNotFoundException" in operation.errors
    assert service("iam").operations["DeleteUser"].output is None
    assert service("iam").operations["GetCredentialReport"].input is None
    assert service("iam").operations["ListUsers"].result_wrapper == "ListUsersResult"
    assert not service("sts").operations["AssumeRoleWithSAML"].signed
    assert len(service("sts").operations) >= 11


def test_traits_of_the_reference_win_over_those_of_the_shape():
    shape = service("iam").shape({"shape": "tagKeyType", "locationName": "here", "max": 3})
    assert (shape.max, shape.location_name) == (3, "here")
    assert service("iam").shape({"shape": "tagKeyType"}).max == 128


def test_policy_documents_leave_out_del_to_nbsp():
    pattern = service("iam").shape({"shape": "policyDocumentType"}).pattern
    assert pattern == r"[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]+"


def test_operations_are_built_once():
    operations = service("sts").operations
    assert operations["AssumeRole"] is operations["AssumeRole"]
    with pytest.raises(KeyError):
        operations["Nothing"]


def test_a_model_is_read_without_botocores_loaders():
    code = (
        "import sys; from doorward.catalog.models import service; service('iam').operations;"
        "sys.exit(any(m in sys.modules for m in ('botocore.session', 'botocore.loaders')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_our_own_model_is_found_by_botocore_too():
    loader = botocore.session.get_session().get_component("data_loader")
    loader.search_paths.append(str(models.OWN_MODELS))
    raw = loader.load_service_model(models.OWN, "service-2")
    assert set(raw["operations"]) == set(service(models.OWN).operations)
    for name in raw["operations"]:
        assert botocore.model.ServiceModel(raw, models.OWN).operation_model(name).input_shape
