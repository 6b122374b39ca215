import pytest
from tools.resource_policies import DOCUMENT, document


def test_the_page_is_up_to_date():
    assert DOCUMENT.read_text() == document(), "run: python tools/resource_policies.py"


@pytest.mark.parametrize(
    ("service", "kinds"),
    [
        ("s3", "accessgrantsinstance, accesspoint, bucket, multiregionaccesspoint"),
        ("iam", "role"),
        ("kms", "key"),
        ("sqs", "queue"),
        ("dynamodb", "stream, table"),
    ],
)
def test_a_row_names_the_types_of_a_service(service, kinds):
    assert f"| {service} | {kinds} |" in document()


@pytest.mark.parametrize("service", ["autoscaling", "fms", "rds", "batch"])
def test_services_whose_policies_are_something_else_are_not_in_it(service):
    assert f"| {service} |" not in document()
