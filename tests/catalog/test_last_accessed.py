import pytest

from doorward.catalog.actions import exists, service_prefixes
from doorward.catalog.last_accessed import _tracked, is_tracked, service_name


def test_every_service_has_a_name():
    assert all(map(service_name, service_prefixes()))


@pytest.mark.parametrize(
    ("prefix", "name"),
    [
        ("s3", "Amazon S3"),
        ("iam", "AWS Identity and Access Management"),
        ("apigateway", "Manage - Amazon API Gateway"),
        ("a4b", "Alexa for Business"),
        ("S3", None),
        ("nothing", None),
    ],
)
def test_the_names_reports_show(prefix, name):
    assert service_name(prefix) == name


@pytest.mark.parametrize("action", ["iam:GetUser", "kms:ListKeys", "lambda:ListFunctions"])
def test_actions_recorded_as_tracked(action):
    assert is_tracked(action)


@pytest.mark.parametrize(
    "action", ["s3:GetObject", "ec2:DescribeInstances", "sqs:SendMessage", "iam:PassRole"]
)
def test_actions_recorded_as_not_tracked(action):
    assert not is_tracked(action)


def test_what_is_tracked_exists():
    assert all(map(exists, _tracked()))
