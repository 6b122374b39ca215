import pytest

from doorward.catalog.actions import action, actions_of, service_prefixes
from doorward.catalog.resource_types import resource_type, resource_types


@pytest.mark.parametrize(
    ("service", "name", "pattern"),
    [
        ("iam", "user", "arn:${Partition}:iam::${Account}:user/${UserNameWithPath}"),
        ("IAM", "ROLE", "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}"),
        ("s3", "bucket", "arn:${Partition}:s3:::${BucketName}"),
    ],
)
def test_patterns(service, name, pattern):
    assert resource_type(service, name).arn_pattern == pattern


def test_condition_keys_belong_to_the_type():
    assert "iam:ResourceTag/${TagKey}" in resource_type("iam", "role").condition_keys


@pytest.mark.parametrize(("service", "name"), [("iam", "bucket"), ("nope", "user"), ("iam", "")])
def test_unknown_types(service, name):
    assert resource_type(service, name) is None


def test_an_unknown_service_has_none():
    assert resource_types("nope") == ()


def test_every_resource_an_action_of_iam_or_sts_names_is_described():
    for service in ("iam", "sts", "organizations"):
        for name in actions_of(service):
            for use in action(name).resource_types:
                assert resource_type(service, use.name) is not None, (name, use.name)


def test_every_pattern_is_an_arn_or_a_star():
    for service in service_prefixes():
        for kind in resource_types(service):
            assert kind.arn_pattern.startswith(("arn:", "*", "${")), kind
