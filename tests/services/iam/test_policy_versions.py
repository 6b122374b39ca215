import json

import pytest
from tests.house import raises_aws

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def document(action):
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture
def arn(house):
    made = house.iam.create_policy(PolicyName="Read", PolicyDocument=document("s3:Get1"))
    return made["Policy"]["Arn"]


def add(house, arn, number, **more):
    return house.iam.create_policy_version(
        PolicyArn=arn, PolicyDocument=document(f"s3:Get{number}"), **more
    )["PolicyVersion"]


def versions(house, arn):
    found = house.iam.list_policy_versions(PolicyArn=arn)["Versions"]
    return [(version["VersionId"], version["IsDefaultVersion"]) for version in found]


def test_a_new_version_is_not_in_force_unless_asked(house, arn):
    version = add(house, arn, 2)
    assert version.pop("CreateDate")
    assert version == {"VersionId": "v2", "IsDefaultVersion": False}
    assert add(house, arn, 3, SetAsDefault=True)["IsDefaultVersion"] is True
    assert house.iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"] == "v3"


def test_versions_are_listed_newest_first_without_documents(house, arn):
    add(house, arn, 2, SetAsDefault=True)
    add(house, arn, 3)
    assert versions(house, arn) == [("v3", False), ("v2", True), ("v1", False)]
    first = house.iam.list_policy_versions(PolicyArn=arn, MaxItems=2)
    assert "Document" not in first["Versions"][0]
    rest = house.iam.list_policy_versions(PolicyArn=arn, Marker=first["Marker"])
    assert [version["VersionId"] for version in rest["Versions"]] == ["v1"]


def test_a_version_is_returned_with_its_document(house, arn):
    add(house, arn, 2)
    found = house.iam.get_policy_version(PolicyArn=arn, VersionId="v2")["PolicyVersion"]
    assert found["Document"] == json.loads(document("s3:Get2"))
    assert (found["VersionId"], found["IsDefaultVersion"]) == ("v2", False)


@pytest.mark.rule("10/versions")
def test_a_sixth_version_is_refused_and_ids_are_never_used_again(house, arn):
    for number in range(2, 6):
        add(house, arn, number)
    message = (
        "A managed policy can have up to 5 versions. Before you create a new version, you must "
        "delete an existing version."
    )
    with raises_aws("LimitExceeded", message):
        add(house, arn, 6)
    house.iam.delete_policy_version(PolicyArn=arn, VersionId="v5")
    assert add(house, arn, 6)["VersionId"] == "v6"
    assert [name for name, _ in versions(house, arn)] == ["v6", "v4", "v3", "v2", "v1"]


def test_ten_versions_and_more_are_still_newest_first(house, arn):
    for number in range(2, 12):
        add(house, arn, number, SetAsDefault=True)
        house.iam.delete_policy_version(PolicyArn=arn, VersionId=f"v{number - 1}")
    add(house, arn, 12)
    assert versions(house, arn) == [("v12", False), ("v11", True)]


def test_another_version_may_be_put_in_force(house, arn):
    add(house, arn, 2, SetAsDefault=True)
    house.iam.set_default_policy_version(PolicyArn=arn, VersionId="v1")
    assert versions(house, arn) == [("v2", False), ("v1", True)]


def test_the_version_in_force_is_not_deleted(house, arn):
    with raises_aws("DeleteConflict", "Cannot delete the default version of a policy."):
        house.iam.delete_policy_version(PolicyArn=arn, VersionId="v1")


@pytest.mark.parametrize(
    "call", ["get_policy_version", "set_default_policy_version", "delete_policy_version"]
)
@pytest.mark.parametrize("name", ["Read", "Nothing"])
def test_a_version_that_is_not_there_is_named(house, arn, call, name):
    arn = f"{arn.rpartition('/')[0]}/{name}"
    message = f"Policy {arn} version v9 does not exist or is not attachable."
    with raises_aws("NoSuchEntity", message):
        getattr(house.iam, call)(PolicyArn=arn, VersionId="v9")


def test_a_policy_of_aws_has_the_version_in_force(house):
    policy = house.iam.get_policy(PolicyArn=READ_ONLY)["Policy"]
    assert versions(house, READ_ONLY) == [(policy["DefaultVersionId"], True)]
    found = house.iam.get_policy_version(PolicyArn=READ_ONLY, VersionId=policy["DefaultVersionId"])[
        "PolicyVersion"
    ]
    assert found["Document"]["Statement"][0]["Effect"] == "Allow"


def test_a_new_version_decides_at_once(house, arn):
    house.iam.create_user(UserName="ann")
    house.iam.attach_user_policy(UserName="ann", PolicyArn=arn)
    ann = house.user_client("ann")
    with raises_aws("AccessDenied"):
        ann.list_users()
    house.iam.create_policy_version(
        PolicyArn=arn, PolicyDocument=document("iam:ListUsers"), SetAsDefault=True
    )
    assert ann.list_users()["Users"]
    house.iam.set_default_policy_version(PolicyArn=arn, VersionId="v1")
    with raises_aws("AccessDenied"):
        ann.list_users()


def test_the_update_date_is_that_of_the_newest_version(house, arn):
    version = add(house, arn, 2)
    policy = house.iam.get_policy(PolicyArn=arn)["Policy"]
    assert policy["UpdateDate"] == version["CreateDate"]
