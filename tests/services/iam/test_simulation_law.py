"""The law: the simulator says what a real call is told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.services.iam.simulating import document, entry, of_user

USERS, GROUPS = "arn:aws:iam::000000000000:user/", "arn:aws:iam::000000000000:group/"
CALLS = {
    ("iam:GetUser", USERS + "ann"): lambda iam: iam.get_user(UserName="ann"),
    ("iam:GetUser", USERS + "team/eve"): lambda iam: iam.get_user(UserName="eve"),
    ("iam:ListUserPolicies", USERS + "ann"): lambda iam: iam.list_user_policies(UserName="ann"),
    ("iam:GetGroup", GROUPS + "dev"): lambda iam: iam.get_group(GroupName="dev"),
    ("iam:ListUsers", USERS): lambda iam: iam.list_users(),
    ("iam:GetAccountSummary", "*"): lambda iam: iam.get_account_summary(),
}
ENTRIES = [
    entry("boolean", "false", key="aws:SecureTransport"),
    entry("string", "us-east-1", key="aws:RequestedRegion"),
    entry("boolean", "false", key="aws:ViaAWSService"),
]
CONDITIONS = [
    None,
    {"StringEquals": {"aws:username": "ann"}},
    {"StringNotLike": {"aws:username": "a*"}},
    {"Bool": {"aws:SecureTransport": "true"}},
    {"Bool": {"aws:SecureTransport": "false"}},
    {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
    {"Null": {"aws:TokenIssueTime": "true"}},
    {"StringEqualsIfExists": {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}},
    {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/ann"}},
    {"DateGreaterThan": {"aws:CurrentTime": "2020-01-01"}},
    {"NumericGreaterThan": {"aws:EpochTime": "9999999999"}},
]
RESOURCES = ["*", USERS + "*", USERS + "${aws:username}", USERS + "team/?ve", GROUPS + "dev"]
ACTIONS = ["*", "iam:*", "iam:Get*", "iam:GetUser", "iam:List*", "s3:*"]


@st.composite
def documents(draw):
    found = []
    for _ in range(draw(st.integers(1, 3))):
        one = {"Effect": draw(st.sampled_from(["Allow", "Allow", "Allow", "Deny"]))}
        one[draw(st.sampled_from(["Action", "Action", "NotAction"]))] = draw(
            st.sampled_from(ACTIONS)
        )
        one[draw(st.sampled_from(["Resource", "Resource", "NotResource"]))] = draw(
            st.lists(st.sampled_from(RESOURCES), min_size=1, max_size=2)
        )
        condition = draw(st.sampled_from(CONDITIONS))
        found.append(one | ({"Condition": condition} if condition else {}))
    return found


def of_house(house, text):
    """The made-up account number becomes the house's."""
    return text.replace("000000000000", house.account_id)


def told(client, call):
    """What a real call is told, in the simulator's words."""
    try:
        call(client)
    except client.exceptions.ClientError as error:
        said = error.response["Error"]
        assert said["Code"] == "AccessDenied", said
        return "explicitDeny" if "explicit deny" in said["Message"] else "implicitDeny"
    return "allowed"


@pytest.fixture(scope="module")
def law_house(_shared_house):
    """The house of the session, which each example resets for itself."""
    return _shared_house


@settings(max_examples=25)
@given(documents(), documents(), st.none() | documents())
def test_the_simulator_says_what_a_real_call_is_told(law_house, own, groups, boundary):
    house = law_house
    house.reset()
    iam = house.iam
    iam.create_group(GroupName="dev")
    iam.put_group_policy(
        GroupName="dev", PolicyName="g", PolicyDocument=of_house(house, document(*groups))
    )
    limit = {}
    if boundary:
        made = iam.create_policy(
            PolicyName="b", PolicyDocument=of_house(house, document(*boundary))
        )
        limit = {"PermissionsBoundary": made["Policy"]["Arn"]}
    ann = iam.create_user(UserName="ann", **limit)["User"]["Arn"]
    iam.put_user_policy(
        UserName="ann", PolicyName="u", PolicyDocument=of_house(house, document(*own))
    )
    iam.add_user_to_group(GroupName="dev", UserName="ann")
    iam.create_user(UserName="eve", Path="/team/")
    client = house.user_client("ann")
    for (action, resource), call in CALLS.items():
        asked = {"ResourceArns": [of_house(house, resource)]}
        found = of_user(house, ann, action, ContextEntries=ENTRIES, **asked)
        assert found["EvalDecision"] == told(client, call), (action, resource)
