import json
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from doorward.account.model import (
    Group,
    InlinePolicy,
    InstanceProfile,
    ManagedPolicy,
    PolicyVersion,
    Profile,
    Role,
    User,
)
from doorward.account.snapshot import SnapshotError, read_authorization_details
from doorward.account.tags import Tag
from doorward.authz.gather import principal_in
from doorward.policy import Request, decide

ID = "111122223333"
IAM = f"arn:aws:iam::{ID}"
WHEN = "2024-05-01T10:00:00+00:00"
AT = datetime(2024, 5, 1, 10, tzinfo=UTC)
ALLOW = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}
TEXT = json.dumps(ALLOW)
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "ec2.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
AWSS = {"PolicyName": "ReadOnlyAccess", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}
OWN = f"{IAM}:policy/p/own"


def a_user(name="ann", **more):
    return {
        "Path": "/x/",
        "UserName": name,
        "UserId": f"AIDA{name}",
        "Arn": f"{IAM}:user/x/{name}",
        "CreateDate": WHEN,
        "GroupList": [],
        "AttachedManagedPolicies": [],
        "Tags": [],
        **more,
    }


def a_group(**more):
    return {
        "Path": "/",
        "GroupName": "g",
        "GroupId": "AGPA1",
        "Arn": f"{IAM}:group/g",
        "CreateDate": WHEN,
        "GroupPolicyList": [{"PolicyName": "gi", "PolicyDocument": ALLOW}],
        "AttachedManagedPolicies": [AWSS],
        **more,
    }


def a_role(**more):
    return {
        "Path": "/",
        "RoleName": "r",
        "RoleId": "AROA1",
        "Arn": f"{IAM}:role/r",
        "CreateDate": WHEN,
        "AssumeRolePolicyDocument": TRUST,
        "InstanceProfileList": [
            {
                "Path": "/",
                "InstanceProfileName": "machine",
                "InstanceProfileId": "AIPA1",
                "Arn": f"{IAM}:instance-profile/machine",
                "CreateDate": WHEN,
                "Roles": [{"RoleName": "r"}],
            }
        ],
        "RolePolicyList": [],
        "AttachedManagedPolicies": [],
        "RoleLastUsed": {},
        **more,
    }


def a_policy(**more):
    versions = [
        {"Document": ALLOW, "VersionId": "v10", "IsDefaultVersion": True, "CreateDate": WHEN},
        {"Document": TRUST, "VersionId": "v9", "IsDefaultVersion": False, "CreateDate": WHEN},
    ]
    return {
        "PolicyName": "own",
        "PolicyId": "ANPA1",
        "Arn": OWN,
        "Path": "/p/",
        "DefaultVersionId": "v10",
        "AttachmentCount": 1,
        "CreateDate": WHEN,
        "UpdateDate": WHEN,
        "PolicyVersionList": versions,
        **more,
    }


def a_page(users=(), groups=(), roles=(), policies=(), **more):
    return {
        "UserDetailList": users,
        "GroupDetailList": groups,
        "RoleDetailList": roles,
        "Policies": policies,
        **more,
    }


def read(*pages):
    return read_authorization_details(json.dumps(page).encode() for page in pages)


def test_a_user_with_all_it_has():
    held = {
        "UserPolicyList": [{"PolicyName": "i", "PolicyDocument": ALLOW}],
        "GroupList": ["g"],
        "AttachedManagedPolicies": [{"PolicyName": "own", "PolicyArn": OWN}],
        "PermissionsBoundary": {
            "PermissionsBoundaryType": "Policy",
            "PermissionsBoundaryArn": OWN,
        },
        "Tags": [{"Key": "Team", "Value": "blue"}],
    }
    account = read(a_page([a_user(**held)], [a_group()], policies=[a_policy()]))
    assert account.id == ID
    assert account.user("ann") == User(
        name="ann",
        path="/x/",
        user_id="AIDAann",
        created=AT,
        boundary=OWN,
        tags=(Tag("Team", "blue"),),
        attached=(OWN,),
        inline=(InlinePolicy("i", TEXT),),
        groups=("g",),
    )


def test_a_group_and_the_account_itself():
    account = read(a_page(groups=[a_group()]))
    assert account.group("g") == Group(
        name="g",
        group_id="AGPA1",
        created=AT,
        attached=(AWSS["PolicyArn"],),
        inline=(InlinePolicy("gi", TEXT),),
    )
    assert account.profile == Profile(id=ID, email="", created=AT)


def test_a_role_and_its_instance_profile():
    account = read(a_page(roles=[a_role()]))
    role = Role(name="r", role_id="AROA1", created=AT, trust=json.dumps(TRUST))
    assert account.role("r") == role
    assert account.instance_profile("machine") == InstanceProfile(
        name="machine", profile_id="AIPA1", created=AT, role="r"
    )


def test_a_role_linked_to_a_service():
    path = "/aws-service-role/x.amazonaws.com/"
    account = read(a_page(roles=[a_role(Path=path, Arn=f"{IAM}:role{path}r")]))
    assert account.role("r").service == "x.amazonaws.com"


def test_a_policy_with_its_versions_oldest_first():
    account = read(a_page(policies=[a_policy(Description="d")]))
    assert account.policy(OWN) == ManagedPolicy(
        name="own",
        path="/p/",
        policy_id="ANPA1",
        created=AT,
        updated=AT,
        description="d",
        versions=(
            PolicyVersion("v9", json.dumps(TRUST), AT),
            PolicyVersion("v10", TEXT, AT),
        ),
        default="v10",
        issued=10,
    )


def test_an_instance_profile_may_be_empty_and_stand_with_two_roles():
    inside = {**a_role()["InstanceProfileList"][0], "Roles": []}
    roles = [
        a_role(InstanceProfileList=[inside]),
        a_role(RoleName="s", RoleId="AROA2", Arn=f"{IAM}:role/s", InstanceProfileList=[inside]),
    ]
    assert read(a_page(roles=roles)).instance_profile("machine").role is None


def test_aws_s_own_policies_are_not_the_account_s():
    aws = a_policy(PolicyName="ReadOnlyAccess", Arn=AWSS["PolicyArn"], Path="/")
    account = read(a_page([a_user()], policies=[aws]))
    assert account.count(ManagedPolicy) == 0


@pytest.mark.parametrize(
    "document",
    [ALLOW, TEXT, quote(TEXT), quote(TEXT, safe=""), f" {TEXT}"],
    ids=["object", "text", "encoded", "all encoded", "blank first"],
)
def test_a_document_is_read_in_every_form(document):
    inline = [{"PolicyName": "i", "PolicyDocument": document}]
    (policy,) = read(a_page([a_user(UserPolicyList=inline)])).user("ann").inline
    assert json.loads(policy.text) == ALLOW


def test_a_document_keeps_its_signs():
    text = TEXT.replace('"*"', '"a%20b+c/é"', 1)
    for document in (text, quote(text)):
        inline = [{"PolicyName": "i", "PolicyDocument": document}]
        (policy,) = read(a_page([a_user(UserPolicyList=inline)])).user("ann").inline
        assert policy.text == text


def test_pages_are_one_account_in_any_order():
    first = a_page([a_user(GroupList=["g"])], IsTruncated=True, Marker="m")
    last = a_page([a_user("bob")], [a_group()], IsTruncated=False)
    for pages in ((first, last), (last, first)):
        account = read(*pages)
        assert [user.name for user in account.all(User)] == ["ann", "bob"]
        assert [group.name for group in account.groups_of(account.user("ann"))] == ["g"]


def test_what_stands_twice_in_one_form_is_one():
    assert read(a_page([a_user()]), a_page([a_user()])).count(User) == 1


def test_lists_may_be_missing_and_unknown_members_are_passed_over():
    account = read({"UserDetailList": [a_user(New=1)], "Newer": {}})
    assert account.count(User) == 1


def test_an_account_read_so_can_be_asked():
    account = read(a_page([a_user(GroupList=["g"])], [a_group()]))
    principal, policies = principal_in(account, f"{IAM}:user/x/ann")
    assert decide(Request(principal, "s3:GetObject", "arn:aws:s3:::b/k", ID), policies).allowed


BAD_INLINE = [{"PolicyName": "i", "PolicyDocument": "nonsense"}]


@pytest.mark.parametrize(
    ("page", "path", "reason"),
    [
        (a_page([{**a_user(), "UserName": 1}]), "$.UserDetailList[0].UserName", "Expected `str`"),
        (a_page([a_user(CreateDate="2024")]), "$.UserDetailList[0].CreateDate", "Invalid"),
        (a_page([{"Path": "/"}]), "$.UserDetailList[0]", "missing required field"),
        (
            a_page([a_user(UserPolicyList=BAD_INLINE)]),
            "$.UserDetailList[0].UserPolicyList[0].PolicyDocument",
            "a policy document is a JSON object",
        ),
        (
            a_page([a_user(UserPolicyList=[{"PolicyName": "i", "PolicyDocument": []}])]),
            "$.UserDetailList[0].UserPolicyList[0].PolicyDocument",
            "a policy document is a JSON object",
        ),
        (
            a_page(groups=[a_group(GroupPolicyList=BAD_INLINE)]),
            "$.GroupDetailList[0].GroupPolicyList[0].PolicyDocument",
            "a policy document is a JSON object",
        ),
        (
            a_page(roles=[a_role(AssumeRolePolicyDocument="%7B")]),
            "$.RoleDetailList[0].AssumeRolePolicyDocument",
            "a policy document is a JSON object",
        ),
        (
            a_page(policies=[a_policy(DefaultVersionId="v7")]),
            "$.Policies[0].PolicyVersionList",
            "the version in force, v7, is not there",
        ),
        (
            a_page([a_user(), a_user("bob", Arn="arn:aws:iam::999999999999:user/x/bob")]),
            "$.UserDetailList[1].Arn",
            f"expected {IAM}:user/x/bob",
        ),
        (a_page([a_user(), a_user(UserId="other")]), "$.UserDetailList[1]", "stands twice"),
        (
            a_page([a_user(GroupList=["g"])]),
            "$.UserDetailList[0].GroupList[0]",
            "the group g is on no page",
        ),
        (
            a_page([a_user(AttachedManagedPolicies=[AWSS, {"PolicyArn": OWN}])]),
            "$.UserDetailList[0].AttachedManagedPolicies[1]",
            f"{OWN} is on no page",
        ),
        (
            a_page(roles=[a_role(PermissionsBoundary={"PermissionsBoundaryArn": OWN})]),
            "$.RoleDetailList[0].PermissionsBoundary",
            f"{OWN} is on no page",
        ),
        ({"Users": []}, "", "the page holds no authorization details"),
    ],
)
def test_what_is_wrong_is_named_with_its_page_and_place(page, path, reason):
    good = a_page(groups=[a_group(GroupName="other", GroupId="AGPA9", Arn=f"{IAM}:group/other")])
    with pytest.raises(SnapshotError) as caught:
        read(good, page)
    assert (caught.value.page, caught.value.path) == (2, path)
    assert reason in caught.value.reason


@pytest.mark.parametrize("version", ["1", "v0", "v1.0", "v1\n", "v" + "9" * 5000])
def test_a_version_is_numbered(version):
    one = {"Document": ALLOW, "VersionId": version, "CreateDate": WHEN}
    with pytest.raises(SnapshotError, match="VersionId"):
        read(a_page(policies=[a_policy(PolicyVersionList=[one], DefaultVersionId=version)]))


@pytest.mark.parametrize("arn", ["ann", f"arn:aws-cn:iam::{ID}:user/x/ann"])
def test_the_first_arn_names_the_account(arn):
    with pytest.raises(SnapshotError, match=r"page 1, \$\.UserDetailList\[0\]\.Arn: .* is no ARN"):
        read(a_page([a_user(Arn=arn)]))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "page 1: Input data was truncated"),
        (b'{"UserDetailList": [{"Path": "\xff"}]}', "page 1: the page is not UTF-8"),
        (b'{"UserDetailList": "\\ud800"}', "page 1"),
        (b'{"Policies": [], "x": ' + b"[" * 100_000, "page 1: "),
        (b"[]", "page 1: Expected `object`, got `array`"),
    ],
)
def test_what_is_no_page(content, said):
    with pytest.raises(SnapshotError) as caught:
        read_authorization_details([content])
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize("document", [b'"\xff"', b'{"a": "\xff"', b'{"a":}', b'"\\ud800"', b"1"])
def test_a_document_of_bad_bytes(document):
    user = json.dumps(a_user(UserPolicyList=[{"PolicyName": "i", "PolicyDocument": "HERE"}]))
    page = b'{"UserDetailList": [' + user.encode().replace(b'"HERE"', document) + b"]}"
    with pytest.raises(SnapshotError, match="page 1"):
        read_authorization_details([page])


def test_an_account_without_a_name():
    for pages in ((), (a_page(),)):
        with pytest.raises(SnapshotError, match="nothing here says which account it is"):
            read(*pages)


def test_the_last_page_may_not_be_missing():
    with pytest.raises(SnapshotError, match="the last page is missing"):
        read(a_page([a_user()], IsTruncated=True))


def test_what_a_real_answer_says_is_what_the_account_holds(house):
    document = json.dumps(ALLOW)
    arn = house.iam.create_policy(PolicyName="own", PolicyDocument=document)["Policy"]["Arn"]
    house.iam.create_group(GroupName="g")
    house.iam.attach_group_policy(GroupName="g", PolicyArn=arn)
    house.iam.create_user(UserName="ann", Path="/x/", Tags=[{"Key": "a", "Value": "b"}])
    house.iam.put_user_policy(UserName="ann", PolicyName="i", PolicyDocument=document)
    house.iam.add_user_to_group(GroupName="g", UserName="ann")
    house.iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(TRUST))
    pages = house.iam.get_paginator("get_account_authorization_details").paginate(
        PaginationConfig={"PageSize": 2}
    )
    contents = [
        json.dumps({k: v for k, v in page.items() if k != "ResponseMetadata"}, default=str).encode()
        for page in pages
    ]
    account = read_authorization_details(contents)
    ann = account.user("ann")
    assert (ann.path, ann.groups, ann.tags) == ("/x/", ("g",), (Tag("a", "b"),))
    assert json.loads(ann.inline[0].text) == ALLOW
    assert account.policy(arn).text
    assert json.loads(account.role("r").trust) == TRUST
    assert len(contents) > 1
