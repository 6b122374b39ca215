import json

import pytest
from tests.house import raises_aws

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
SQS = "arn:aws:iam::aws:policy/AmazonSQSFullAccess"


def document(action, effect="Allow"):
    statement = {"Effect": effect, "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": statement})


@pytest.fixture
def ann(house):
    house.iam.create_user(UserName="ann")
    house.iam.put_user_policy(
        UserName="ann", PolicyName="direct", PolicyDocument=document(["s3:*", "iam:GetUser"])
    )
    house.iam.create_group(GroupName="g")
    house.iam.put_group_policy(
        GroupName="g", PolicyName="of-group", PolicyDocument=document("iam:*")
    )
    house.iam.attach_group_policy(GroupName="g", PolicyArn=SQS)
    house.iam.attach_user_policy(UserName="ann", PolicyArn=SQS)
    house.iam.add_user_to_group(GroupName="g", UserName="ann")
    return house


def granting(house, *namespaces, of="user/ann", **more):
    found = house.iam.list_policies_granting_service_access(
        Arn=f"arn:aws:iam::{house.account_id}:{of}", ServiceNamespaces=namespaces, **more
    )
    assert found["IsTruncated"] is False
    return {
        each["ServiceNamespace"]: each["Policies"]
        for each in found["PoliciesGrantingServiceAccess"]
    }


def test_each_policy_says_where_it_stands(ann):
    assert granting(ann, "iam", "s3", "sqs", "dynamodb") == {
        "iam": [
            {
                "PolicyName": "direct",
                "PolicyType": "INLINE",
                "EntityType": "USER",
                "EntityName": "ann",
            },
            {
                "PolicyName": "of-group",
                "PolicyType": "INLINE",
                "EntityType": "GROUP",
                "EntityName": "g",
            },
        ],
        "s3": [
            {
                "PolicyName": "direct",
                "PolicyType": "INLINE",
                "EntityType": "USER",
                "EntityName": "ann",
            }
        ],
        "sqs": [
            {"PolicyName": "AmazonSQSFullAccess", "PolicyType": "MANAGED", "PolicyArn": SQS},
        ],
        "dynamodb": [],
    }


def test_namespaces_come_as_asked_and_once(ann):
    assert list(granting(ann, "sqs", "iam", "sqs", "a2c")) == ["sqs", "iam", "a2c"]


def test_a_group_has_its_own_alone(ann):
    found = granting(ann, "s3", "iam", of="group/g")
    assert (found["s3"], [each["PolicyName"] for each in found["iam"]]) == ([], ["of-group"])


def test_a_deny_elsewhere_and_a_boundary_hide_nothing(ann):
    before = granting(ann, "s3")
    ann.iam.put_user_policy(
        UserName="ann", PolicyName="deny", PolicyDocument=document("s3:*", "Deny")
    )
    ann.iam.put_user_permissions_boundary(UserName="ann", PermissionsBoundary=READ_ONLY)
    assert granting(ann, "s3") == before


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["S3", "IAM"], "[S3, IAM]"),
        (["s3", "nothing"], "[nothing]"),
        (["with_underscore"], "[with_underscore]"),
    ],
)
def test_unknown_services_are_named(ann, asked, said):
    with raises_aws("InvalidInput", f"Invalid service namespace: {said}"):
        granting(ann, *asked)


@pytest.mark.parametrize("namespace", ["s3:GetObject", "x" * 65])
def test_what_no_service_is_called(ann, namespace):
    with raises_aws("ValidationError") as caught:
        granting(ann, namespace)
    assert "serviceNamespaces" in caught.value.response["Error"]["Message"]


def test_too_many_services(ann):
    message = (
        "1 validation error detected: Value at 'serviceNamespaces' failed to satisfy constraint: "
        "Member must have length less than or equal to 200"
    )
    with raises_aws("ValidationError", message):
        granting(ann, *["s3"] * 201)


def test_no_marker_was_ever_handed_out(ann):
    with raises_aws("ValidationError", "Invalid Marker."):
        granting(ann, "s3", Marker="invalid")
