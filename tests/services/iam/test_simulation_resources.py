import pytest

from doorward.services.iam.errors import InvalidSimulation
from doorward.services.iam.simulation_resources import (
    MOST_RESOURCES,
    SCENARIOS,
    is_of_another_service,
    refuse_bad_resources,
    refuse_bad_scenario,
    several,
)

BUCKET = "arn:aws:s3:::b"
USER = "arn:aws:iam::111122223333:user/ann"


# AWS: the first seven recorded, simulation, 2026-09-11.
@pytest.mark.parametrize(
    ("action", "name"),
    [
        ("s3:GetObject", "arn:aws:s3:::${BucketName}/${KeyName}"),
        ("IAM:getuser", "arn:aws:iam::${Account}:${ResourceType}/${ResourceName}"),
        ("sts:AssumeRole", "arn:aws:iam::${Account}:${RelativeId}"),
        ("sqs:SendMessage", "arn:aws:sqs:${Region}:${Account}:${QueueName}"),
        ("kms:Decrypt", "arn:aws:kms:${Region}:${Account}:${ResourceType}/${Id}"),
        (
            "lambda:InvokeFunction",
            "arn:aws:lambda:${Region}:${Account}:${ResourceType}:${ResourceId}",
        ),
        ("ec2:RunInstances", "arn:aws:ec2:${Region}:${Account}:${ResourceType}/${ResourcePath}"),
        ("sns:Publish", "arn:aws:sns:${Region}:${Account}:${TopicName}"),
        ("sns:ListTopics", "*"),
        ("madeup:Action", "*"),
    ],
)
def test_several_resources_have_one_name(action, name):
    assert several(action) == name


# AWS: recorded, simulation_inputs, 2026-09-11.
@pytest.mark.parametrize(
    ("action", "resource", "another"),
    [
        ("s3:GetObject", USER, True),
        ("s3:ListAllMyBuckets", USER, True),
        ("iam:ListUsers", BUCKET, True),
        ("sts:GetCallerIdentity", BUCKET, True),
        ("ec2:DescribeInstances", BUCKET, True),
        ("s3:GetObject", BUCKET, False),
        ("S3:GetObject", BUCKET, False),
        ("sts:AssumeRole", "arn:aws:iam::111122223333:role/r", False),
        ("madeup:Action", "arn:aws:madeup:::x", False),
        ("madeup:Action", BUCKET, True),
        ("s3:GetObject", "*", False),
    ],
)
def test_an_action_is_about_resources_of_its_service(action, resource, another):
    assert is_of_another_service(action, resource) is another


@pytest.mark.parametrize("resource", ["not-an-arn", "arn:aws:s3", ""])
def test_a_resource_is_an_arn_or_everything(resource):
    refuse_bad_resources([BUCKET, "*"])
    with pytest.raises(InvalidSimulation) as refused:
        refuse_bad_resources([BUCKET, resource])
    assert str(refused.value) == f"ResourceNames are not in a valid ARN format: {resource}."


def test_there_is_a_bound_to_resources():
    refuse_bad_resources([BUCKET] * MOST_RESOURCES)
    with pytest.raises(InvalidSimulation, match="at most 1000 resources"):
        refuse_bad_resources([BUCKET] * (MOST_RESOURCES + 1))


@pytest.mark.parametrize("scenario", [None, *SCENARIOS])
def test_a_scenario_is_for_starting_instances(scenario):
    refuse_bad_scenario(scenario, ["ec2:RunInstances"], ["arn:aws:ec2:r:a:instance/i"])


@pytest.mark.parametrize("scenario", ["fictional", "EC2-VPC-EBS"])
def test_a_scenario_is_for_no_other_action_on_resources(scenario):
    refuse_bad_scenario(scenario, ["s3:GetObject"], [])
    with pytest.raises(InvalidSimulation) as refused:
        refuse_bad_scenario(scenario, ["s3:GetObject"], [BUCKET])
    assert str(refused.value) == (
        "Invalid input resource handling options. Action does not support resource handling "
        "options: s3:GetObject. Please refer to the documentation for more details: "
        "https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html"
    )
