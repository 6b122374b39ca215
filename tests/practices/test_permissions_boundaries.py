"""Permissions boundaries: the most one may have, nothing by themselves, and a way to delegate."""

import pytest
from tests.house import raises_aws
from tests.practices.conftest import a_role, a_user, document

pytestmark = pytest.mark.practice("S002-59")

ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
TRUST_EC2 = (
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow",'
    '"Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}'
)


@pytest.fixture
def boundary(house):
    """A managed policy: read users, and nothing else."""
    text = document({"Action": ["iam:GetUser", "iam:ListUsers"]})
    return house.iam.create_policy(PolicyName="most", PolicyDocument=text)["Policy"]["Arn"]


def bound(house, boundary, *statements):
    """A client of a user with this policy below that boundary."""
    a_user(house.iam, "ann", *statements)
    house.iam.put_user_permissions_boundary(UserName="ann", PermissionsBoundary=boundary)
    return house.user_client("ann")


def test_a_boundary_alone_grants_nothing(house, boundary):
    house.iam.create_user(UserName="ann", PermissionsBoundary=boundary)
    with raises_aws("AccessDenied") as caught:
        house.user_client("ann").list_users()
    assert "no identity-based policy allows the iam:ListUsers action" in str(caught.value)


def test_what_both_allow_is_allowed_and_nothing_more(house, boundary):
    ann = bound(house, boundary, {"Action": ["iam:ListUsers", "iam:ListRoles"]})
    assert ann.list_users()
    with raises_aws("AccessDenied") as caught:
        ann.list_roles()
    assert "no permissions boundary allows the iam:ListRoles action" in str(caught.value)
    with raises_aws("AccessDenied") as caught:
        ann.get_user(UserName="ann")
    assert "no identity-based policy allows the iam:GetUser action" in str(caught.value)


def test_an_administrator_below_a_boundary_is_none(house, boundary):
    ann = bound(house, boundary)
    house.iam.attach_user_policy(UserName="ann", PolicyArn=ADMIN)
    assert ann.list_users()
    with raises_aws("AccessDenied"):
        ann.create_user(UserName="bob")


def test_a_session_of_a_role_is_below_the_roles_boundary(house, boundary):
    arn = a_role(house.iam, house.account_id, "r", {}, PermissionsBoundary=boundary)
    session = house.sts.assume_role(RoleArn=arn, RoleSessionName="s1")
    iam = house.client_of(session["Credentials"])
    assert iam.list_users()
    with raises_aws("AccessDenied"):
        iam.list_roles()


@pytest.fixture
def delegate(house, boundary):
    """May make and furnish roles, if they get the boundary; may not touch the boundary itself."""
    may = ["iam:CreateRole", "iam:AttachRolePolicy", "iam:PutRolePolicy"]
    a_user(
        house.iam,
        "lead",
        {
            "Action": [*may, "iam:PutRolePermissionsBoundary"],
            "Condition": {"StringEquals": {"iam:PermissionsBoundary": boundary}},
        },
        {"Effect": "Deny", "Action": "iam:DeleteRolePermissionsBoundary"},
        {"Effect": "Deny", "Action": "iam:*Policy*", "Resource": boundary},
    )
    return house.user_client("lead")


def make(iam, name, **more):
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST_EC2, **more)


def test_a_delegate_makes_roles_with_the_boundary_alone(delegate, boundary):
    make(delegate, "app", PermissionsBoundary=boundary)
    for other in ({}, {"PermissionsBoundary": ADMIN}):
        with raises_aws("AccessDenied"):
            make(delegate, "escape", **other)


def test_a_delegate_furnishes_no_role_without_the_boundary(house, delegate, boundary):
    make(delegate, "app", PermissionsBoundary=boundary)
    delegate.attach_role_policy(RoleName="app", PolicyArn=ADMIN)
    make(house.iam, "free")
    with raises_aws("AccessDenied"):
        delegate.attach_role_policy(RoleName="free", PolicyArn=ADMIN)


def test_a_delegate_neither_lifts_nor_widens_the_boundary(delegate, boundary):
    make(delegate, "app", PermissionsBoundary=boundary)
    with raises_aws("AccessDenied"):
        delegate.delete_role_permissions_boundary(RoleName="app")
    with raises_aws("AccessDenied"):
        delegate.put_role_permissions_boundary(RoleName="app", PermissionsBoundary=ADMIN)
    with raises_aws("AccessDenied"):
        delegate.create_policy_version(
            PolicyArn=boundary, PolicyDocument=document({}), SetAsDefault=True
        )
