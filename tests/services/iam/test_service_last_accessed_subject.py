import pytest
from tests.house import raises_aws

NOT_THERE = "ARN {arn} does not exist."
NOT_SUPPORTED = "Invalid Entity Arn: {arn} is not supported."
OTHER = "User: {caller} is not authorized to perform the operation on {arn}"


@pytest.fixture
def ann(house):
    house.iam.create_user(UserName="ann", Path="/dev/")
    house.iam.create_group(GroupName="g")
    house.iam.create_role(
        RoleName="r",
        AssumeRolePolicyDocument=(
            '{"Version":"2012-10-17","Statement":'
            '{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}}'
        ),
    )
    return house


def generate(house, arn):
    return house.iam.generate_service_last_accessed_details(Arn=arn)


def grants(house, arn):
    return house.iam.list_policies_granting_service_access(Arn=arn, ServiceNamespaces=["s3"])


BOTH = pytest.mark.parametrize("ask", [generate, grants])


@BOTH
@pytest.mark.parametrize("what", ["user/dev/ann", "user/ann", "user/x/ANN", "group/g", "role/r"])
def test_the_path_is_not_compared(ann, ask, what):
    assert ask(ann, f"arn:aws:iam::{ann.account_id}:{what}")


@BOTH
@pytest.mark.parametrize(
    ("arn", "code", "message"),
    [
        ("arn:aws:iam::{account}:user/dev/bob", "NoSuchEntity", NOT_THERE),
        ("arn:aws:iam::{account}:role/none", "NoSuchEntity", NOT_THERE),
        ("arn:aws:iam::{account}:group/none", "NoSuchEntity", NOT_THERE),
        ("arn:aws:iam::{account}:mfa/something", "InvalidInput", NOT_SUPPORTED),
        ("arn:aws:iam::999999999999:user/dev/ann", "AccessDenied", OTHER),
        ("arn:aws:s3::{account}:user/dev/ann", "ValidationError", "Invalid service in ARN"),
        ("arn:aws-cn:iam::{account}:user/ann", "ValidationError", "Invalid ARN partition"),
        ("no-arn-but-twenty-letters", "ValidationError", "ARN {arn} is not valid."),
    ],
)
def test_what_cannot_be_asked_about(ann, ask, arn, code, message):
    asked = arn.format(account=ann.account_id)
    caller = f"arn:aws:iam::{ann.account_id}:user/admin"
    with raises_aws(code, message.format(arn=asked, caller=caller)):
        ask(ann, asked)


def test_root_is_refused_by_each_in_its_own_words(ann):
    root = f"arn:aws:iam::{ann.account_id}:root"
    with raises_aws("InvalidInput", NOT_SUPPORTED.format(arn=root)):
        generate(ann, root)
    with raises_aws("InvalidInput", f"Could not extract entity from ARN : {root}"):
        grants(ann, root)


@pytest.mark.parametrize("account", ["aws", None])
def test_an_unknown_policy(ann, account):
    arn = f"arn:aws:iam::{account or ann.account_id}:policy/NoSuchPolicy"
    with raises_aws("NoSuchEntity", NOT_THERE.format(arn=arn)):
        generate(ann, arn)


def test_a_policy_has_no_policies_that_grant(ann):
    arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    with raises_aws("InvalidInput", NOT_SUPPORTED.format(arn=arn)):
        grants(ann, arn)


def test_the_path_of_a_policy_is_not_compared(ann):
    document = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'
    ann.iam.create_policy(PolicyName="p", Path="/a/", PolicyDocument=document)
    assert generate(ann, f"arn:aws:iam::{ann.account_id}:policy/b/p")
