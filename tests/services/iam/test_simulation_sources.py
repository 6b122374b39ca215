import json

import pytest
from tests.house import raises_aws

from doorward.policy import Attached, Policy
from doorward.services.iam import simulation_sources
from doorward.services.iam.errors import InvalidInput, InvalidSimulation

ACCOUNT = "111122223333"


def allow(action):
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": statement})


NOTHING = Policy.parse(allow("s3:Nothing"))
USER, GROUP = f"arn:aws:iam::{ACCOUNT}:user/team/ann", f"arn:aws:iam::{ACCOUNT}:group/dev"
OF_USER = Attached(NOTHING, "own", None, USER)
OF_GROUP = Attached(NOTHING, "own", None, GROUP)
MANAGED = Attached(NOTHING, "m", f"arn:aws:iam::{ACCOUNT}:policy/team/m", USER)
AWSS = Attached(NOTHING, "ReadOnlyAccess", "arn:aws:iam::aws:policy/ReadOnlyAccess", GROUP)
JOB = Attached(NOTHING, "Billing", "arn:aws:iam::aws:policy/job-function/Billing", USER)
EVERY = (OF_USER, OF_GROUP, MANAGED, AWSS, JOB)


def inline(policy, kind, holder):
    return {
        "InlinePolicyIdentifier": {
            "PolicyName": policy,
            "AttachmentType": kind,
            "AttachmentName": holder,
        }
    }


# AWS: recorded, simulation, 2026-09-11; wildcards in ARNs from the API reference.
@pytest.mark.parametrize(
    ("identifier", "excluded"),
    [
        ({"PolicyType": "inline"}, {OF_USER, OF_GROUP}),
        ({"PolicyType": "aws-managed"}, {AWSS, JOB}),
        ({"PolicyType": "user-managed"}, {MANAGED}),
        ({"PolicyType": "permission-boundary"}, set()),
        ({"PolicyType": "scp"}, set()),
        ({"PolicyType": "rcp"}, set()),
        ({"PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/m"}, {MANAGED}),
        ({"PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/team/m"}, set()),
        ({"PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/wrong/m"}, set()),
        ({"PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/missing"}, set()),
        ({"PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/*"}, {MANAGED}),
        ({"PolicyArn": "arn:aws:iam::aws:policy/ReadOnly*"}, {AWSS}),
        ({"PolicyArn": "arn:aws:iam::aws:policy/??lling"}, {JOB}),
        (inline("own", "user", "ann"), {OF_USER}),
        (inline("own", "user", "a*"), {OF_USER}),
        (inline("own", "user", "an?"), {OF_USER}),
        (inline("own", "group", "dev"), {OF_GROUP}),
        (inline("own", "user", "dev"), set()),
        (inline("own", "role", "ann"), set()),
        (inline("other", "user", "ann"), set()),
        (inline("m", "user", "ann"), set()),
    ],
)
def test_an_exclusion_leaves_out_what_it_names(identifier, excluded):
    excludes = simulation_sources._exclusion(identifier)
    assert {one for one in EVERY if excludes(one)} == excluded


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::*:policy/m",
        f"arn:aws:iam::{ACCOUNT}:user/m",
        f"arn:aws:iam::{ACCOUNT}:policy/t*m/m",
        f"arn:aws:iam::{ACCOUNT}:policy/*m*",
        "not-an-arn-but-long-enough",
    ],
)
def test_an_excluded_arn_is_one_of_a_policy(arn):
    with pytest.raises(InvalidInput) as refused:
        simulation_sources._exclusion({"PolicyArn": arn})
    assert str(refused.value) == f"ARN {arn} is not valid."


@pytest.mark.parametrize(
    "identifier",
    [inline("o?n", "user", "ann"), inline("o*", "user", "ann"), inline("own", "user", "*n*")],
)
def test_an_excluded_inline_policy_has_a_plain_name(identifier):
    with pytest.raises(InvalidSimulation) as refused:
        simulation_sources._exclusion(identifier)
    assert str(refused.value) == (
        "Invalid inline policy exclusion: policyName, attachmentType, and attachmentName are "
        "required"
    )


@pytest.mark.parametrize(
    "arn",
    [
        "*",
        "user/ann",
        f"arn:aws:iam::{ACCOUNT}:root",
        f"arn:aws:iam::{ACCOUNT}:policy/ann",
        f"arn:aws:iam::{ACCOUNT}:user/",
        f"arn:aws:iam::{ACCOUNT}:user/ann/",
        "arn:aws:iam::12:user/ann",
        f"arn:aws:sts::{ACCOUNT}:assumed-role/r/s",
        f"arn:aws:sts::{ACCOUNT}:federated-user/f",
        "lambda.amazonaws.com",
    ],
)
def test_what_is_no_entity_is_refused(arn):
    with pytest.raises(InvalidSimulation) as refused:
        simulation_sources.entity_arn(arn)
    assert str(refused.value) == (
        f"Invalid Entity Arn: {arn} does not clearly define entity type and name."
    )


@pytest.fixture
def ann(house):
    """A user with an inline policy, a group's, and a boundary that is attached as well."""
    iam = house.iam
    everything = iam.create_policy(PolicyName="all", PolicyDocument=allow("*"))["Policy"]["Arn"]
    iam.create_group(GroupName="dev")
    iam.put_group_policy(GroupName="dev", PolicyName="g", PolicyDocument=allow("s3:PutObject"))
    iam.attach_group_policy(GroupName="dev", PolicyArn="arn:aws:iam::aws:policy/IAMReadOnlyAccess")
    user = iam.create_user(UserName="ann", Path="/team/", PermissionsBoundary=everything)["User"]
    iam.put_user_policy(UserName="ann", PolicyName="u", PolicyDocument=allow("s3:GetObject"))
    iam.add_user_to_group(UserName="ann", GroupName="dev")
    return user["Arn"]


def decided(house, source, *actions, **more):
    answer = house.iam.simulate_principal_policy(
        PolicySourceArn=source, ActionNames=list(actions), **more
    )
    return {
        one["EvalActionName"]: (
            one["EvalDecision"],
            [matched["SourcePolicyId"] for matched in one["MatchedStatements"]],
        )
        for one in answer["EvaluationResults"]
    }


def test_a_user_has_its_own_policies_and_its_groups(house, ann):
    assert decided(
        house, ann, "s3:GetObject", "s3:PutObject", "iam:GetUser", "s3:DeleteObject"
    ) == {
        "s3:GetObject": ("allowed", ["user_ann_u"]),
        "s3:PutObject": ("allowed", ["group_dev_g"]),
        "iam:GetUser": ("allowed", ["IAMReadOnlyAccess"]),
        "s3:DeleteObject": ("implicitDeny", []),
    }


def test_a_group_has_its_own(house, ann):
    group = ann.replace("user/team/ann", "group/dev")
    assert decided(house, group, "s3:GetObject", "s3:PutObject", "iam:GetUser") == {
        "s3:GetObject": ("implicitDeny", []),
        "s3:PutObject": ("allowed", ["group_dev_g"]),
        "iam:GetUser": ("allowed", ["IAMReadOnlyAccess"]),
    }


def test_a_role_has_its_own(house):
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}}
    document = json.dumps(
        {"Version": "2012-10-17", "Statement": trust | {"Action": "sts:AssumeRole"}}
    )
    role = house.iam.create_role(RoleName="etl", Path="/job/", AssumeRolePolicyDocument=document)
    house.iam.put_role_policy(RoleName="etl", PolicyName="r", PolicyDocument=allow("s3:*"))
    assert decided(house, role["Role"]["Arn"], "s3:GetObject") == {
        "s3:GetObject": ("allowed", ["role_etl_r"])
    }


def test_a_wrong_path_finds_the_entity_and_a_wrong_name_does_not(house, ann):
    wrong = ann.replace("/team/", "/wrong/")
    assert decided(house, wrong, "s3:GetObject")["s3:GetObject"] == ("allowed", ["user_ann_u"])
    with raises_aws("NoSuchEntity", "The user with name bob cannot be found."):
        decided(house, ann.replace("/ann", "/bob"), "s3:GetObject")
    with raises_aws("NoSuchEntity", "The group with name ann cannot be found."):
        decided(house, ann.replace("user/", "group/"), "s3:GetObject")


def test_what_is_excluded_grants_nothing(house, ann):
    assert decided(
        house, ann, "s3:GetObject", "s3:PutObject", PolicyExclusionList=[inline("u", "user", "ann")]
    ) == {"s3:GetObject": ("implicitDeny", []), "s3:PutObject": ("allowed", ["group_dev_g"])}


def test_a_boundary_is_excluded_by_its_type_only(house, ann):
    nobody = {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": nobody})
    arn = house.iam.create_policy(PolicyName="none", PolicyDocument=document)["Policy"]["Arn"]
    house.iam.put_user_permissions_boundary(UserName="ann", PermissionsBoundary=arn)
    by_arn = decided(house, ann, "s3:GetObject", PolicyExclusionList=[{"PolicyArn": arn}])
    assert by_arn["s3:GetObject"] == ("explicitDeny", ["none"])
    by_type = [{"PolicyType": "permission-boundary"}]
    assert decided(house, ann, "s3:GetObject", PolicyExclusionList=by_type) == {
        "s3:GetObject": ("allowed", ["user_ann_u"])
    }
    # One that is handed in stands in for the attached one and is no exclusion's business.
    handed = decided(
        house,
        ann,
        "s3:GetObject",
        PolicyExclusionList=by_type,
        PermissionsBoundaryPolicyInputList=[document],
    )
    assert handed["s3:GetObject"] == ("explicitDeny", ["PermissionsBoundaryPolicyInputList.1"])


def test_it_is_authorised_on_the_stored_arn_of_the_source(house, ann):
    bob = house.iam.create_user(UserName="bob", Path="/x/")["User"]["Arn"]
    statement = {"Effect": "Allow", "Action": "iam:SimulatePrincipalPolicy", "Resource": bob}
    document = json.dumps({"Version": "2012-10-17", "Statement": statement})
    house.iam.put_user_policy(UserName="bob", PolicyName="self", PolicyDocument=document)
    client = house.user_client("bob")
    allowed = client.simulate_principal_policy(
        PolicySourceArn=bob.replace("/x/", "/"), ActionNames=["iam:GetUser"]
    )
    assert allowed["EvaluationResults"][0]["EvalDecision"] == "implicitDeny"
    for arn in (ann, "arn:aws:iam::999999999999:user/bob"):
        with raises_aws("AccessDenied"):
            client.simulate_principal_policy(PolicySourceArn=arn, ActionNames=["iam:GetUser"])
