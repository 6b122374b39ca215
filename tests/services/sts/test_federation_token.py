import pytest
from tests.house import raises_aws
from tests.services.sts.conftest import document

READ_USERS = document({"Effect": "Allow", "Action": "cloudtrail:*", "Resource": "*"})
FEDERATED = (
    "The security token included in the request is invalid "
    "(Cannot call IAM operations with federated user credentials)"
)


def federated(house, service, **given):
    credentials = house.sts.get_federation_token(Name="guest", **given)["Credentials"]
    return house.client_of(credentials, service)


def test_its_members(house):
    answer = house.sts.get_federation_token(Name="guest")
    answer.pop("ResponseMetadata")
    size = len(answer.pop("Credentials")["SessionToken"])
    assert answer == {
        "FederatedUser": {
            "FederatedUserId": f"{house.account_id}:guest",
            "Arn": f"arn:aws:sts::{house.account_id}:federated-user/guest",
        },
        "PackedPolicySize": 9,
        "SessionTokenSize": size,
        "SessionTokenUtilization": size * 100 // 4096,
    }


@pytest.mark.parametrize(
    ("asked", "granted"),
    [({}, 43200), ({"DurationSeconds": 900}, 900), ({"DurationSeconds": 129600}, 129600)],
)
def test_how_long(house, asked, granted):
    credentials = house.sts.get_federation_token(Name="guest", **asked)["Credentials"]
    assert round((credentials["Expiration"] - house.clock()).total_seconds(), -1) == granted


@pytest.mark.parametrize("duration_s", [0, 899, 129601])
def test_durations_outside(unchecked, duration_s):
    with raises_aws("ValidationError"):
        unchecked.get_federation_token(Name="guest", DurationSeconds=duration_s)


@pytest.mark.parametrize(("length", "accepted"), [(1, False), (2, True), (32, True), (33, False)])
def test_lengths_of_the_name(unchecked, length, accepted):
    if accepted:
        assert unchecked.get_federation_token(Name="n" * length)
    else:
        with raises_aws("ValidationError"):
            unchecked.get_federation_token(Name="n" * length)


def test_without_policies_it_may_do_nothing(house):
    with raises_aws("AccessDeniedException"):
        federated(house, "cloudtrail").lookup_events()


def test_with_a_policy_it_may_do_what_both_allow(house):
    assert "Events" in federated(house, "cloudtrail", Policy=READ_USERS).lookup_events()


def test_a_managed_policy_will_do(house):
    arns = [{"arn": "arn:aws:iam::aws:policy/AdministratorAccess"}]
    assert "Events" in federated(house, "cloudtrail", PolicyArns=arns).lookup_events()


def test_iam_is_closed(house):
    arns = [{"arn": "arn:aws:iam::aws:policy/AdministratorAccess"}]
    with raises_aws("InvalidClientTokenId", FEDERATED):
        federated(house, "iam", PolicyArns=arns).list_users()


def test_it_assumes_no_role(house, roles):
    roles.make("deploy")
    with raises_aws("AccessDenied", "Cannot call AssumeRole with session credentials"):
        roles.assume("deploy", federated(house, "sts", Policy=READ_USERS))


def test_it_needs_permission_on_the_federated_user(house, ann):
    arn = f"arn:aws:sts::{house.account_id}:federated-user/guest"
    with raises_aws("AccessDenied") as caught:
        ann.get_federation_token(Name="guest")
    assert f"sts:GetFederationToken on resource: {arn}" in str(caught.value)


def test_tags_need_permission_of_their_own(house, ann):
    allow = document({"Effect": "Allow", "Action": "sts:GetFederationToken", "Resource": "*"})
    house.iam.put_user_policy(UserName="ann", PolicyName="may", PolicyDocument=allow)
    assert ann.get_federation_token(Name="guest")
    with raises_aws("AccessDenied") as caught:
        ann.get_federation_token(Name="guest", Tags=[{"Key": "a", "Value": "b"}])
    assert "perform: sts:TagSession" in str(caught.value)
