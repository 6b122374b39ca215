import pytest
from tests.house import raises_aws

SERVICE = "autoscaling.amazonaws.com"
NAME = "AWSServiceRoleForAutoScaling_probe"
PROTECTED = (
    f"Cannot perform the operation on the protected role '{NAME}'"
    " - this role is only modifiable by AWS"
)
TRUST = (
    '{"Version":"2012-10-17","Statement":'
    '{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}}'
)
GRANT = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}'
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


@pytest.fixture(name="role")
def _role(house):
    made = house.iam.create_service_linked_role(AWSServiceName=SERVICE, CustomSuffix="probe")
    return made["Role"]


def test_a_linked_role_as_aws_makes_it(house, role):
    path = f"/aws-service-role/{SERVICE}/"
    assert (role["RoleName"], role["Path"]) == (NAME, path)
    assert role["Arn"] == f"arn:aws:iam::{house.account_id}:role{path}{NAME}"
    assert role["AssumeRolePolicyDocument"]["Statement"] == [
        {"Effect": "Allow", "Principal": {"Service": SERVICE}, "Action": "sts:AssumeRole"}
    ]
    found = house.iam.get_role(RoleName=NAME)["Role"]
    assert (found["MaxSessionDuration"], found["RoleLastUsed"]) == (3600, {})
    attached = house.iam.list_attached_role_policies(RoleName=NAME)["AttachedPolicies"]
    assert [policy["PolicyName"] for policy in attached] == ["AutoScalingServiceRolePolicy"]


@pytest.mark.usefixtures("role")
def test_a_name_is_taken_once(house):
    message = (
        f"Service role name {NAME} has been taken in this account, please try a different suffix."
    )
    with raises_aws("InvalidInput", message):
        house.iam.create_service_linked_role(AWSServiceName=SERVICE, CustomSuffix="probe")
    house.iam.create_service_linked_role(AWSServiceName=SERVICE)
    assert house.iam.get_role(RoleName="AWSServiceRoleForAutoScaling")


@pytest.mark.parametrize("service", ["ecs", "rds", "elasticloadbalancing"])
def test_services_that_allow_no_suffix(house, service):
    principal = f"{service}.amazonaws.com"
    with raises_aws("InvalidInput", f"Custom suffix is not allowed for {principal}"):
        house.iam.create_service_linked_role(AWSServiceName=principal, CustomSuffix="x")


def test_a_service_without_such_a_role(house):
    with raises_aws("InvalidInput"):
        house.iam.create_service_linked_role(AWSServiceName="nothing.amazonaws.com")


CHANGES = [
    ("update_assume_role_policy", {"PolicyDocument": TRUST}),
    ("put_role_policy", {"PolicyName": "p", "PolicyDocument": GRANT}),
    ("delete_role_policy", {"PolicyName": "p"}),
    ("attach_role_policy", {"PolicyArn": READ_ONLY}),
    ("detach_role_policy", {"PolicyArn": READ_ONLY}),
    ("put_role_permissions_boundary", {"PermissionsBoundary": READ_ONLY}),
    ("delete_role_permissions_boundary", {}),
    ("delete_role", {}),
]


@pytest.mark.parametrize(("operation", "more"), CHANGES)
@pytest.mark.usefixtures("role")
def test_nobody_else_changes_it(house, operation, more):
    with raises_aws("UnmodifiableEntity", PROTECTED):
        getattr(house.iam, operation)(RoleName=NAME, **more)


@pytest.mark.parametrize(
    "operation", ["add_role_to_instance_profile", "remove_role_from_instance_profile"]
)
@pytest.mark.usefixtures("role")
def test_it_goes_into_no_instance_profile(house, operation):
    house.iam.create_instance_profile(InstanceProfileName="p")
    with raises_aws("UnmodifiableEntity", PROTECTED):
        getattr(house.iam, operation)(InstanceProfileName="p", RoleName=NAME)


@pytest.mark.usefixtures("role")
def test_its_duration_stays(house):
    message = f"{NAME} is an AWS service linked role, max session duration cannot be changed."
    with raises_aws("UnmodifiableEntity", message):
        house.iam.update_role(RoleName=NAME, MaxSessionDuration=7200)


@pytest.mark.usefixtures("role")
def test_description_and_tags_are_free(house):
    house.iam.update_role(RoleName=NAME, Description="one")
    house.iam.update_role_description(RoleName=NAME, Description="two")
    house.iam.tag_role(RoleName=NAME, Tags=[{"Key": "a", "Value": "b"}])
    found = house.iam.get_role(RoleName=NAME)["Role"]
    assert (found["Description"], found["Tags"]) == ("two", [{"Key": "a", "Value": "b"}])


def delete(house, name=NAME):
    return house.iam.delete_service_linked_role(RoleName=name)["DeletionTaskId"]


def status(house, task):
    found = house.iam.get_service_linked_role_deletion_status(DeletionTaskId=task)
    return found["Status"]


@pytest.mark.usefixtures("role")
def test_deletion_is_a_task_that_ends(house):
    task = delete(house)
    assert task.startswith(f"task/aws-service-role/{SERVICE}/{NAME}/")
    assert delete(house) == task
    assert status(house, task) == "IN_PROGRESS"
    house.clock.advance(seconds=1)
    assert status(house, task) == "SUCCEEDED"
    with raises_aws("NoSuchEntity", f"The role with name {NAME} cannot be found."):
        house.iam.get_role(RoleName=NAME)
    with raises_aws("NoSuchEntity", f"The role with name {NAME} cannot be found."):
        delete(house)


def test_an_ordinary_role_is_no_linked_one(house):
    house.iam.create_role(RoleName="plain", AssumeRolePolicyDocument=TRUST)
    with raises_aws("NoSuchEntity", "plain exists but is not a service role."):
        delete(house, "PLAIN")


@pytest.mark.parametrize(
    ("task", "code", "message"),
    [
        (
            f"task/aws-service-role/{SERVICE}/{NAME}/00000000-0000-4000-8000-000000000000",
            "NoSuchEntity",
            "Cannot find deletion status for given id.",
        ),
        ("nonsense", "InvalidInput", "Invalid task id"),
    ],
)
def test_tasks_that_are_none(house, task, code, message):
    with raises_aws(code, message):
        status(house, task)


def test_a_policy_may_limit_which_service(house):
    grant = GRANT.replace("s3:*", "iam:CreateServiceLinkedRole").replace(
        '"Resource"',
        f'"Condition":{{"StringEquals":{{"iam:AWSServiceName":"{SERVICE}"}}}},"Resource"',
    )
    house.iam.create_user(UserName="ann")
    house.iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=grant)
    ann = house.user_client("ann")
    ann.create_service_linked_role(AWSServiceName=SERVICE)
    with raises_aws("AccessDenied"):
        ann.create_service_linked_role(AWSServiceName="ecs.amazonaws.com")
