import pytest
from tests.house import raises_aws

DOCUMENT = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}'
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def create(iam, name, **more):
    made = iam.create_policy(PolicyName=name, PolicyDocument=DOCUMENT, **more)
    return made["Policy"]["Arn"]


def listed(iam, **filters):
    pages = iam.get_paginator("list_policies").paginate(**filters)
    return [policy["PolicyName"] for page in pages for policy in page["Policies"]]


def test_a_new_policy_has_exactly_these_members(house):
    made = house.iam.create_policy(
        PolicyName="Read",
        Path="/data/",
        PolicyDocument=DOCUMENT,
        Description="reads",
        Tags=[{"Key": "Team", "Value": "a"}],
    )["Policy"]
    assert made.pop("CreateDate") == made.pop("UpdateDate")
    assert made.pop("PolicyId").startswith("ANPA")
    assert made == {
        "PolicyName": "Read",
        "Arn": f"arn:aws:iam::{house.account_id}:policy/data/Read",
        "Path": "/data/",
        "DefaultVersionId": "v1",
        "AttachmentCount": 0,
        "PermissionsBoundaryUsageCount": 0,
        "IsAttachable": True,
        "Tags": [{"Key": "Team", "Value": "a"}],
    }


def test_a_new_policy_without_tags_has_no_tags_member(house):
    made = house.iam.create_policy(PolicyName="Read", PolicyDocument=DOCUMENT)
    assert "Tags" not in made["Policy"]


def test_get_adds_description_and_tags(house):
    arn = create(house.iam, "Read", Description="reads")
    found = house.iam.get_policy(PolicyArn=arn)["Policy"]
    assert (found["Description"], found["Tags"]) == ("reads", [])


def test_lists_have_neither_description_nor_tags(house):
    create(house.iam, "Read", Description="reads", Tags=[{"Key": "a", "Value": "b"}])
    (found,) = house.iam.list_policies(Scope="Local")["Policies"]
    assert {"Description", "Tags"}.isdisjoint(found)


def test_a_policy_name_is_taken_whatever_its_case_and_path(house):
    create(house.iam, "Read", Path="/a/")
    message = "A policy called READ already exists. Duplicate names are not allowed."
    with raises_aws("EntityAlreadyExists", message):
        create(house.iam, "READ", Path="/b/")


@pytest.mark.parametrize(
    ("arn", "code", "message"),
    [
        ("arn:aws:iam::aws:policy/NoSuch", "NoSuchEntity", "Policy {} was not found."),
        ("arn:aws:iam::999999999999:policy/p", "NoSuchEntity", "Policy {} was not found."),
        ("arn:aws:iam::{}:policy/wrong/Read", "NoSuchEntity", "Policy {} was not found."),
        ("arn:aws:iam::aws:role/not-a-policy", "InvalidInput", "ARN {} is not valid."),
        ("not-an-arn-but-long-enough", "ValidationError", "ARN {} is not valid."),
    ],
)
def test_a_policy_is_found_by_its_exact_arn(house, arn, code, message):
    create(house.iam, "Read")
    arn = arn.format(house.account_id)
    with raises_aws(code, message.format(arn)):
        house.iam.get_policy(PolicyArn=arn)


def test_a_policy_of_aws_is_shown_like_any_other(house):
    found = house.iam.get_policy(PolicyArn=READ_ONLY)["Policy"]
    assert found["PolicyName"] == "ReadOnlyAccess"
    assert found["PolicyId"].startswith("ANPA")
    assert (found["Path"], found["IsAttachable"], found["Tags"]) == ("/", True, [])
    assert "Description" not in found


def test_a_policy_aws_has_withdrawn_is_not_attachable(house):
    arn = "arn:aws:iam::aws:policy/AWSOpsWorks_FullAccess"
    assert house.iam.get_policy(PolicyArn=arn)["Policy"]["IsAttachable"] is False


def test_scopes(house):
    create(house.iam, "Mine")
    assert listed(house.iam, Scope="Local") == ["Mine"]
    of_aws = listed(house.iam, Scope="AWS")
    assert len(of_aws) == 1594
    assert of_aws == sorted(of_aws, key=str.lower)
    everything = listed(house.iam)
    assert everything == sorted([*of_aws, "Mine"], key=str.lower)


def test_a_policy_may_share_its_name_with_one_of_aws(house):
    create(house.iam, "ReadOnlyAccess")
    pages = house.iam.get_paginator("list_policies").paginate(PaginationConfig={"PageSize": 1000})
    arns = [policy["Arn"] for page in pages for policy in page["Policies"]]
    assert [arn for arn in arns if arn.endswith("/ReadOnlyAccess")] == [
        f"arn:aws:iam::{house.account_id}:policy/ReadOnlyAccess",
        READ_ONLY,
    ]


def test_a_path_prefix_holds_for_both_owners(house):
    create(house.iam, "Mine", Path="/job-function/")
    found = listed(house.iam, PathPrefix="/job-function/")
    assert "Mine" in found
    assert "SupportUser" in found
    assert len(found) == 12


@pytest.fixture
def used(house):
    """Policies by how they are used: attached, bounding, both, not at all."""
    iam = house.iam
    arns = {name: create(iam, name) for name in ("Attached", "Bounding", "Both", "Idle")}
    iam.create_user(UserName="ann", PermissionsBoundary=arns["Bounding"])
    iam.create_user(UserName="bob", PermissionsBoundary=arns["Both"])
    iam.attach_user_policy(UserName="ann", PolicyArn=arns["Attached"])
    iam.attach_user_policy(UserName="ann", PolicyArn=arns["Both"])
    iam.create_group(GroupName="devs")
    iam.attach_group_policy(GroupName="devs", PolicyArn=arns["Both"])
    return iam


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"OnlyAttached": True}, ["Attached", "Both", "Bounding"]),
        (
            {"OnlyAttached": True, "PolicyUsageFilter": "PermissionsPolicy"},
            ["Attached", "Both"],
        ),
        (
            {"OnlyAttached": True, "PolicyUsageFilter": "PermissionsBoundary"},
            ["Both", "Bounding"],
        ),
        ({"PolicyUsageFilter": "PermissionsBoundary"}, ["Attached", "Both", "Bounding", "Idle"]),
        ({"OnlyAttached": False}, ["Attached", "Both", "Bounding", "Idle"]),
    ],
)
def test_the_usage_filter_counts_only_with_only_attached(used, filters, found):
    assert listed(used, Scope="Local", **filters) == found


def test_attachments_and_boundary_uses_are_counted_apart(used):
    found = used.list_policies(Scope="Local")["Policies"]
    counts = {
        policy["PolicyName"]: (policy["AttachmentCount"], policy["PermissionsBoundaryUsageCount"])
        for policy in found
    }
    assert counts == {"Attached": (1, 0), "Bounding": (0, 1), "Both": (2, 1), "Idle": (0, 0)}


@pytest.mark.parametrize("name", ["Attached", "Bounding", "Both"])
def test_a_policy_in_use_is_not_deleted(house, used, name):
    with raises_aws("DeleteConflict", "Cannot delete a policy attached to entities."):
        used.delete_policy(PolicyArn=f"arn:aws:iam::{house.account_id}:policy/{name}")


def test_a_policy_with_versions_is_not_deleted(house):
    arn = create(house.iam, "Read")
    house.iam.create_policy_version(PolicyArn=arn, PolicyDocument=DOCUMENT)
    message = (
        "This policy has more than one version. Before you delete a policy, you must delete the "
        "policy's versions. The default version is deleted with the policy."
    )
    with raises_aws("DeleteConflict", message):
        house.iam.delete_policy(PolicyArn=arn)


def test_a_deleted_policy_is_gone_and_its_name_is_free(house):
    arn = create(house.iam, "Read")
    house.iam.delete_policy(PolicyArn=arn)
    with raises_aws("NoSuchEntity", f"Policy {arn} was not found."):
        house.iam.get_policy(PolicyArn=arn)
    assert create(house.iam, "READ").endswith("/READ")


def test_tag_keys_of_policies_keep_their_case(house):
    arn = create(house.iam, "Read")
    for key, value in (("Team", "One"), ("team", "Two"), ("Team", "Three")):
        house.iam.tag_policy(PolicyArn=arn, Tags=[{"Key": key, "Value": value}])
    house.iam.untag_policy(PolicyArn=arn, TagKeys=["TEAM"])
    assert house.iam.list_policy_tags(PolicyArn=arn)["Tags"] == [
        {"Key": "Team", "Value": "Three"},
        {"Key": "team", "Value": "Two"},
    ]
    house.iam.untag_policy(PolicyArn=arn, TagKeys=["team"])
    assert [tag["Key"] for tag in house.iam.get_policy(PolicyArn=arn)["Policy"]["Tags"]] == ["Team"]


def test_the_tags_of_a_policy_come_in_pages(house):
    tags = [{"Key": key, "Value": ""} for key in "cab"]
    arn = create(house.iam, "Read", Tags=tags)
    pages = house.iam.get_paginator("list_policy_tags").paginate(
        PolicyArn=arn, PaginationConfig={"PageSize": 2}
    )
    assert [[tag["Key"] for tag in page["Tags"]] for page in pages] == [["a", "b"], ["c"]]


def test_a_policy_of_aws_has_no_tags(house):
    assert house.iam.list_policy_tags(PolicyArn=READ_ONLY)["Tags"] == []


@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        ("create_policy_version", {"PolicyDocument": DOCUMENT}),
        ("set_default_policy_version", {"VersionId": "v1"}),
        ("delete_policy_version", {"VersionId": "v1"}),
        ("delete_policy", {}),
        ("tag_policy", {"Tags": [{"Key": "a", "Value": "b"}]}),
        ("untag_policy", {"TagKeys": ["a"]}),
    ],
)
def test_nobody_changes_a_policy_of_aws(house, call, arguments):
    with raises_aws("AccessDenied"):
        getattr(house.iam, call)(PolicyArn=READ_ONLY, **arguments)


@pytest.mark.rule("10/managed")
def test_a_policy_measures_6144_characters_without_white_space(house):
    start = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:Get'
    end = '","Resource":"*"}}'
    full = start + "x" * (6144 - len(start) - len(end)) + end
    house.iam.create_policy(PolicyName="Full", PolicyDocument=full.replace(":{", " : \n\t {"))
    with raises_aws("LimitExceeded", "Cannot exceed quota for PolicySize: 6144"):
        house.iam.create_policy(PolicyName="More", PolicyDocument=full.replace("Get", "Gett"))


def test_conditions_may_ask_for_the_tags_of_a_new_policy(house):
    house.iam.create_user(UserName="ann")
    house.iam.put_user_policy(
        UserName="ann",
        PolicyName="only-tagged",
        PolicyDocument=(
            '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:CreatePolicy",'
            '"Resource":"*","Condition":{"StringEquals":{"aws:RequestTag/team":"a"}}}}'
        ),
    )
    ann = house.user_client("ann")
    create(ann, "Tagged", Tags=[{"Key": "team", "Value": "a"}])
    with raises_aws("AccessDenied"):
        create(ann, "Untagged")
