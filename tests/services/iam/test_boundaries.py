import pytest
from tests.house import raises_aws

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
TRUST = (
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow",'
    '"Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}'
)


class Holder:
    """One user or role, and the same calls on each."""

    def __init__(self, iam, kind):
        self.iam, self.kind = iam, kind
        self.key = f"{kind.capitalize()}Name"
        more = {"AssumeRolePolicyDocument": TRUST} if kind == "role" else {}
        getattr(iam, f"create_{kind}")(**{self.key: "Ann"}, **more)

    def put(self, arn, name="Ann"):
        call = getattr(self.iam, f"put_{self.kind}_permissions_boundary")
        call(**{self.key: name}, PermissionsBoundary=arn)

    def delete(self, name="Ann"):
        getattr(self.iam, f"delete_{self.kind}_permissions_boundary")(**{self.key: name})

    def boundary(self):
        found = getattr(self.iam, f"get_{self.kind}")(**{self.key: "Ann"})
        return found[self.kind.capitalize()].get("PermissionsBoundary")


@pytest.fixture(params=["user", "role"])
def holder(request, house):
    return Holder(house.iam, request.param)


@pytest.mark.rule("10/boundary")
def test_a_boundary_is_put_replaced_and_taken_away(holder):
    assert holder.boundary() is None
    for arn in (READ_ONLY, ADMIN):
        holder.put(arn, name="ANN")
        assert holder.boundary() == {
            "PermissionsBoundaryType": "Policy",
            "PermissionsBoundaryArn": arn,
        }
    holder.delete()
    assert holder.boundary() is None


def test_an_absent_boundary_is_not_taken_away(holder):
    with raises_aws("NoSuchEntity"):
        holder.delete()


@pytest.mark.parametrize(
    ("arn", "code", "message"),
    [
        (
            "arn:aws:iam::aws:policy/NoSuch",
            "NoSuchEntity",
            "Scope ARN: {} does not exist or is not attachable.",
        ),
        (
            "arn:aws:iam::aws:policy/aws-service-role/AmazonECSServiceRolePolicy",
            "PolicyNotAttachable",
            "Cannot attach a Service Role Policy to a Customer Role.",
        ),
        ("arn:aws:iam::aws:role/not-a-policy", "InvalidInput", "ARN {} is not valid."),
    ],
)
def test_a_boundary_is_a_managed_policy(holder, arn, code, message):
    with raises_aws(code, message.format(arn)):
        holder.put(arn)
    assert holder.boundary() is None


def test_the_holder_must_be_there(holder):
    message = f"The {holder.kind} with name nobody cannot be found."
    with raises_aws("NoSuchEntity", message):
        holder.put(READ_ONLY, name="nobody")
    with raises_aws("NoSuchEntity", message):
        holder.delete(name="nobody")


def test_a_boundary_limits_at_once(house):
    house.iam.create_user(UserName="ann")
    house.iam.attach_user_policy(UserName="ann", PolicyArn=ADMIN)
    ann = house.user_client("ann")
    ann.create_group(GroupName="before")
    house.iam.put_user_permissions_boundary(UserName="ann", PermissionsBoundary=READ_ONLY)
    assert ann.list_groups()["Groups"]
    with raises_aws("AccessDenied"):
        ann.create_group(GroupName="after")


def test_conditions_may_ask_for_the_boundary_put_and_the_one_taken_away(house):
    house.iam.create_user(UserName="ann")
    house.iam.create_user(UserName="bob")
    house.iam.put_user_policy(
        UserName="bob",
        PolicyName="only",
        PolicyDocument=(
            '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:*","Resource":"*",'
            f'"Condition":{{"StringEquals":{{"iam:PermissionsBoundary":"{READ_ONLY}"}}}}}}}}'
        ),
    )
    bob = house.user_client("bob")
    with raises_aws("AccessDenied"):
        bob.put_user_permissions_boundary(UserName="ann", PermissionsBoundary=ADMIN)
    bob.put_user_permissions_boundary(UserName="ann", PermissionsBoundary=READ_ONLY)
    bob.delete_user_permissions_boundary(UserName="ann")
    house.iam.put_user_permissions_boundary(UserName="ann", PermissionsBoundary=ADMIN)
    with raises_aws("AccessDenied"):
        bob.delete_user_permissions_boundary(UserName="ann")


@pytest.mark.parametrize("call", ["put", "delete"])
def test_a_role_linked_to_a_service_has_no_boundary(house, call):
    house.iam.create_service_linked_role(AWSServiceName="autoscaling.amazonaws.com")
    more = {"PermissionsBoundary": READ_ONLY} if call == "put" else {}
    with raises_aws("UnmodifiableEntity"):
        getattr(house.iam, f"{call}_role_permissions_boundary")(
            RoleName="AWSServiceRoleForAutoScaling", **more
        )
