"""How AWS's refusals name what a call acts on."""

import pytest
from botocore import xform_name
from tests.house import raises_aws

DENIED = (
    "User: arn:aws:iam::{account}:user/ann is not authorized to perform: iam:{action} on resource:"
    " {shown} because no identity-based policy allows the iam:{action} action"
)


@pytest.mark.parametrize(
    ("action", "params", "shown"),
    [
        ("GetUser", {}, "user ann"),
        ("GetUser", {"UserName": "ann"}, "user ann"),
        ("GetUser", {"UserName": "nobody"}, "user nobody"),
        ("CreateUser", {"UserName": "bob"}, "arn:aws:iam::{account}:user/bob"),
        ("GetRole", {"RoleName": "nothing"}, "role nothing"),
        ("GetGroup", {"GroupName": "nothing"}, "group nothing"),
    ],
)
def test_a_refusal_names_the_resource_as_iam_does(house, action, params, shown):
    house.iam.create_user(UserName="ann")
    ann = house.user_client("ann")
    with raises_aws("AccessDenied") as caught:
        getattr(ann, xform_name(action))(**params)
    expected = DENIED.format(
        account=house.account_id, action=action, shown=shown.format(account=house.account_id)
    )
    assert caught.value.response["Error"]["Message"].startswith(expected)
