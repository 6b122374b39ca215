import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.house import raises_aws

from doorward.policy import Attached, Policies, Policy
from doorward.services.iam.simulation import _asked

A = "arn:aws:s3:::photos/a"
ANN = "arn:aws:iam::111122223333:user/team/ann"


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def statement(effect="Allow", action="s3:GetObject", resource="*", **more):
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


ALLOW, ALLOW_PUT = document(statement()), document(statement(action="s3:PutObject"))
DENY = document(statement("Deny"))


def entry(kind, *values, key="our:key"):
    return {"ContextKeyName": key, "ContextKeyType": kind, "ContextKeyValues": list(values)}


def result(house, policies=(), action="s3:GetObject", resources=(), **more):
    answer = house.iam.simulate_custom_policy(
        PolicyInputList=list(policies), ActionNames=[action], ResourceArns=list(resources), **more
    )
    (found,) = answer["EvaluationResults"]
    return found


def decision(house, *args, **more):
    return result(house, *args, **more)["EvalDecision"]


def asking(operator, value, key="our:key", effect="Allow"):
    return document(statement(effect, Condition={operator: {key: value}}))


NO_ENTITY = "Invalid Entity Arn: {} does not clearly define entity type and name."


# -- a resource's policy -------------------------------------------------------------------------


def bucket(principal, effect="Allow", resource="arn:aws:s3:::photos/*"):
    return document(statement(effect, resource=resource, Principal={"AWS": principal}))


def matched(found):
    return sorted(one["SourcePolicyId"] for one in found["MatchedStatements"])


# AWS: recorded, simulation (composition), 2026-09-11.
@pytest.mark.parametrize(
    "caller", [ANN, ANN.replace("user/", "role/"), ANN.replace("user/", "group/")]
)
def test_a_resource_policy_for_everyone_allows_anybody_of_the_account(house, caller):
    found = result(house, resources=[A], ResourcePolicy=bucket("*"), CallerArn=caller)
    assert (found["EvalDecision"], matched(found)) == ("allowed", ["ResourcePolicy"])
    assert found["MatchedStatements"][0]["SourcePolicyType"] == "Resource Policy"
    assert found["EvalDecisionDetails"] == {}


@pytest.mark.parametrize(
    ("identity", "boundary", "policy", "word", "told"),
    [
        ([], None, bucket(ANN), "allowed", ["ResourcePolicy"]),
        ([ALLOW], None, bucket(ANN), "allowed", ["PolicyInputList.1", "ResourcePolicy"]),
        ([], ALLOW_PUT, bucket(ANN), "allowed", ["ResourcePolicy"]),
        ([], DENY, bucket(ANN), "explicitDeny", ["PermissionsBoundaryPolicyInputList.1"]),
        ([ALLOW], None, bucket(ANN, "Deny"), "explicitDeny", ["ResourcePolicy"]),
        ([ALLOW], None, bucket("111122223333"), "allowed", ["PolicyInputList.1", "ResourcePolicy"]),
        (
            [ALLOW],
            None,
            bucket("arn:aws:iam::111122223333:user/bob"),
            "allowed",
            ["PolicyInputList.1"],
        ),
    ],
)
def test_a_resource_policy_joins_in(house, identity, boundary, policy, word, told):
    found = result(
        house,
        identity,
        resources=[A],
        ResourcePolicy=policy,
        CallerArn=ANN,
        PermissionsBoundaryPolicyInputList=[boundary] if boundary else [],
    )
    assert (found["EvalDecision"], matched(found)) == (word, told)


def test_what_is_left_to_the_account_is_decided_as_a_real_call_is(house):
    # AWS's simulator was recorded as allowing this, which AWS itself does not.
    policy = bucket("arn:aws:iam::111122223333:root")
    assert decision(house, resources=[A], ResourcePolicy=policy, CallerArn=ANN) == "implicitDeny"


ACROSS = {"ResourcePolicy": bucket(ANN), "ResourceOwner": "arn:aws:iam::999999999999:root"}


@pytest.mark.parametrize(
    ("identity", "boundary", "word", "details"),
    [
        ([], None, "implicitDeny", {"Resource Policy": "allowed", "IAM Policy": "implicitDeny"}),
        ([ALLOW], None, "allowed", {"Resource Policy": "allowed", "IAM Policy": "allowed"}),
        (
            [ALLOW],
            ALLOW_PUT,
            "implicitDeny",
            {
                "Permissions Boundary Policy": "implicitDeny",
                "Resource Policy": "allowed",
                "IAM Policy": "allowed",
            },
        ),
        (
            [ALLOW],
            DENY,
            "explicitDeny",
            {
                "Permissions Boundary Policy": "explicitDeny",
                "Resource Policy": "allowed",
                "IAM Policy": "allowed",
            },
        ),
    ],
)
def test_across_accounts_each_type_is_told(house, identity, boundary, word, details):
    found = result(
        house,
        identity,
        resources=[A],
        CallerArn=ANN,
        PermissionsBoundaryPolicyInputList=[boundary] if boundary else [],
        **ACROSS,
    )
    assert (found["EvalDecision"], found["EvalDecisionDetails"]) == (word, details)
    (specific,) = found["ResourceSpecificResults"]
    assert specific["EvalDecisionDetails"] == details


def test_over_several_resources_the_strictest_of_each_type_is_told(house):
    found = result(
        house,
        [document(statement(resource=A))],
        resources=[A, "arn:aws:s3:::photos/b"],
        CallerArn=ANN,
        **ACROSS,
    )
    assert found["EvalDecisionDetails"] == {
        "Resource Policy": "allowed",
        "IAM Policy": "implicitDeny",
    }


def test_the_owner_in_an_arn_is_the_owner(house):
    queue = "arn:aws:sqs:us-east-1:999999999999:q"
    policy = document(statement(action="sqs:*", resource=queue, Principal={"AWS": "*"}))
    asked = {"ResourcePolicy": policy, "CallerArn": ANN, "resources": [queue]}
    assert decision(house, [], "sqs:SendMessage", **asked) == "implicitDeny"
    assert (
        decision(house, [document(statement(action="sqs:*"))], "sqs:SendMessage", **asked)
        == "allowed"
    )


def test_an_scp_ends_it_all(house):
    found = result(
        house,
        [ALLOW],
        resources=[A],
        CallerArn=ANN,
        OrderedOrganizationPolicyInputList=[{"ServiceControlPolicyInputList": [DENY]}],
        **ACROSS,
    )
    assert found["EvalDecision"] == "explicitDeny"
    assert found["MatchedStatements"] == []
    assert found["EvalDecisionDetails"] == {}
    assert found["ResourceSpecificResults"] == [
        {"EvalResourceName": A, "EvalResourceDecision": "explicitDeny"}
    ]


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("sts:AssumeRole", "arn:aws:iam::111122223333:role/r"),
        ("sts:AssumeRole", "arn:aws:iam::999999999999:role/r"),
        ("kms:Decrypt", "arn:aws:kms:us-east-1:111122223333:key/k"),
        ("s3:GetObject", A),
    ],
)
def test_without_the_resources_policy_the_callers_own_decide(house, action, resource):
    for caller in ({}, {"CallerArn": ANN}):
        allowed = result(house, [document(statement(action="*"))], action, [resource], **caller)
        assert (allowed["EvalDecision"], matched(allowed)) == ("allowed", ["PolicyInputList.1"])
        denied = result(house, [], action, [resource], **caller)
        assert (denied["EvalDecision"], denied["MatchedStatements"]) == ("implicitDeny", [])


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"CallerArn": None}, "Invalid caller - Caller cannot be null or empty."),
        ({"resources": []}, NO_ENTITY.format("*")),
        (
            {"resources": ["*"]},
            NO_ENTITY.format("*"),
        ),
        (
            {"ResourcePolicy": bucket("*", resource="*")},
            "ResourceNames are not in a valid ARN format: *.",
        ),
        ({"ResourceOwner": "not-an-arn"}, "'not-an-arn' is not a valid as a Resource Owner."),
        ({"ResourceOwner": "111122223333"}, "'111122223333' is not a valid as a Resource Owner."),
        (
            {"CallerArn": "arn:aws:sts::111122223333:assumed-role/r/s"},
            NO_ENTITY.format("arn:aws:sts::111122223333:assumed-role/r/s"),
        ),
        ({"policies": ["{"]}, "Policy input list item 1 has invalid content"),
        (
            {"ContextEntries": [entry("numeric", "x")]},
            "Invalid context value for key our:key: expected numeric format.",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(house, asked, sentence):
    good = {"ResourcePolicy": bucket("*"), "CallerArn": ANN, "resources": [A]}
    given = {name: value for name, value in (good | asked).items() if value is not None}
    with raises_aws("InvalidInput", sentence):
        result(house, **given)


# -- the context -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operator", "wanted", "given", "word"),
    [
        ("StringEquals", "1.00", entry("numeric", "01.00"), "allowed"),
        ("NumericEquals", "1", entry("numeric", "01.00"), "allowed"),
        ("DateEquals", "2035-01-02", entry("date", "2051308800"), "allowed"),
        ("Bool", "true", entry("boolean", "TRUE"), "allowed"),
        ("Bool", "true", entry("boolean", "yes"), "implicitDeny"),
        ("Bool", "false", entry("string", "yes"), "allowed"),
        ("IpAddress", "192.0.2.0/24", entry("ip", "192.000.002.1"), "allowed"),
        ("BinaryEquals", "YQ==", entry("binary", "YQ=="), "allowed"),
        ("StringLike", "*", entry("stringList", "x"), "implicitDeny"),
        ("ForAnyValue:StringLike", "*", entry("stringList", "x"), "allowed"),
        ("ForAllValues:StringEquals", "known", entry("stringList", "", "known"), "implicitDeny"),
        ("Null", "false", entry("string", ""), "allowed"),
        ("NumericEquals", "1", entry("string", "bad"), "implicitDeny"),
        ("DateNotEquals", "2035-01-02", entry("string", "bad"), "allowed"),
    ],
)
def test_entries_are_what_conditions_see(house, operator, wanted, given, word):
    found = result(house, [asking(operator, wanted)], ContextEntries=[given])
    assert (found["EvalDecision"], found["MissingContextValues"]) == (word, [])


# AWS: true in AWS itself, false in the simulator; recorded, condition_values, 2026-09.
@pytest.mark.parametrize("operator", ["NumericNotEquals", "numericnotequalsIfExists"])
def test_what_is_no_number_is_not_unequal_to_one(house, operator):
    bad, number = [entry("string", "bad")], [entry("string", "2")]
    allows, denies = asking(operator, "1"), asking(operator, "1", effect="Deny")
    assert decision(house, [allows], ContextEntries=bad) == "implicitDeny"
    assert decision(house, [allows], ContextEntries=number) == "allowed"
    assert decision(house, [allows]) == "allowed"
    assert decision(house, [ALLOW, denies], ContextEntries=bad) == "allowed"
    assert decision(house, [ALLOW, denies], ContextEntries=number) == "explicitDeny"
    everywhere = {
        "resources": [A],
        "ContextEntries": bad,
        "CallerArn": ANN,
        "ResourcePolicy": bucket("*"),
        "PermissionsBoundaryPolicyInputList": [ALLOW],
        "OrderedOrganizationPolicyInputList": [{"ServiceControlPolicyInputList": [allows]}],
    }
    assert decision(house, [ALLOW], **everywhere) == "implicitDeny"


@pytest.mark.parametrize(
    ("caller", "key", "value", "word"),
    [
        (None, "aws:userid", "STUB_PRINCIPAL_FOR_POLICY_SIMULATOR", "allowed"),
        (None, "aws:PrincipalAccount", "{account}", "allowed"),
        (None, "aws:PrincipalArn", "*", "implicitDeny"),
        (None, "aws:username", "*", "implicitDeny"),
        (ANN, "aws:userid", ANN, "allowed"),
        (ANN, "aws:PrincipalArn", ANN, "allowed"),
        (ANN, "aws:PrincipalAccount", "111122223333", "allowed"),
        (ANN, "aws:username", "ann", "allowed"),
        (ANN.replace("user/", "role/"), "aws:username", "*", "implicitDeny"),
        (ANN.replace("user/", "group/"), "aws:username", "*", "implicitDeny"),
        (None, "aws:CurrentTime", "20*", "allowed"),
    ],
)
def test_a_simulated_call_knows_who_calls(house, caller, key, value, word):
    wanted = value.format(account=house.account_id)
    more = {"CallerArn": caller} if caller else {}
    found = result(house, [asking("StringLike", wanted, key)], **more)
    assert found["EvalDecision"] == word
    assert found["MissingContextValues"] == ([] if word == "allowed" else [key])


def test_an_entry_goes_before_a_default_whatever_its_case(house):
    given = [entry("string", "else", key="AWS:UserName")]
    policy = asking("StringEquals", "else", "aws:username")
    assert decision(house, [policy], CallerArn=ANN, ContextEntries=given) == "allowed"


# -- a principal -----------------------------------------------------------------------------------


def of_user(house, arn, action="s3:GetObject", **more):
    answer = house.iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=[action], **more)
    (found,) = answer["EvaluationResults"]
    return found


def test_the_source_is_the_caller_unless_another_is_named(house):
    bob = house.iam.create_user(UserName="bob", Path="/x/")["User"]["Arn"]
    added = {"PolicyInputList": [asking("StringEquals", bob, "aws:PrincipalArn")]}
    assert of_user(house, bob, **added)["EvalDecision"] == "allowed"
    assert of_user(house, bob.replace("/x/", "/y/"), **added)["EvalDecision"] == "allowed"
    assert of_user(house, bob, CallerArn=ANN, **added)["EvalDecision"] == "implicitDeny"


def test_a_resource_policy_names_the_source(house):
    bob = house.iam.create_user(UserName="bob")["User"]["Arn"]
    asked = {"ResourceArns": [A], "ResourcePolicy": bucket(bob)}
    assert of_user(house, bob, **asked)["EvalDecision"] == "allowed"
    assert of_user(house, bob, CallerArn=ANN, **asked)["EvalDecision"] == "implicitDeny"


def test_what_is_handed_in_joins_what_is_stored(house):
    bob = house.iam.create_user(UserName="bob")["User"]["Arn"]
    house.iam.put_user_policy(UserName="bob", PolicyName="own", PolicyDocument=ALLOW)
    assert matched(of_user(house, bob, PolicyInputList=[ALLOW_PUT])) == ["user_bob_own"]
    added = of_user(house, bob, PolicyInputList=[ALLOW_PUT, ALLOW], action="s3:PutObject")
    assert matched(added) == ["PolicyInputList.1"]


def test_a_stored_policy_that_cannot_be_read_asks_for_no_keys():
    unreadable = Attached(Policy.parse_or_deny("{"), "own")
    readable = Attached(Policy.parse(asking("StringEquals", "x")), "other")
    assert _asked(Policies(identity=(unreadable, readable))) == ["our:key"]


def test_a_boundary_alone_grants_nothing_and_effective_is_the_intersection(house):
    boundary = document(statement(action=["s3:GetObject", "s3:ListBucket"]))
    arn = house.iam.create_policy(PolicyName="max", PolicyDocument=boundary)["Policy"]["Arn"]
    bob = house.iam.create_user(UserName="bob", PermissionsBoundary=arn)["User"]["Arn"]

    def decided():
        actions = ["s3:GetObject", "s3:ListBucket", "s3:PutObject"]
        answer = house.iam.simulate_principal_policy(PolicySourceArn=bob, ActionNames=actions)
        return [
            (
                one["EvalDecision"],
                one["PermissionsBoundaryDecisionDetail"]["AllowedByPermissionsBoundary"],
            )
            for one in answer["EvaluationResults"]
        ]

    assert decided() == [("implicitDeny", True), ("implicitDeny", True), ("implicitDeny", False)]
    both = document(statement(action=["s3:GetObject", "s3:PutObject"]))
    house.iam.put_user_policy(UserName="bob", PolicyName="own", PolicyDocument=both)
    assert decided() == [("allowed", True), ("implicitDeny", True), ("implicitDeny", False)]


def test_nothing_without_mfa_and_everything_with_it(house):
    without = document(
        statement(action="*"),
        statement("Deny", "*", Condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}),
    )
    bob = house.iam.create_user(UserName="bob")["User"]["Arn"]
    house.iam.put_user_policy(UserName="bob", PolicyName="mfa", PolicyDocument=without)

    def given(value):
        return {"ContextEntries": [entry("boolean", value, key="aws:MultiFactorAuthPresent")]}

    assert of_user(house, bob)["EvalDecision"] == "explicitDeny"
    assert of_user(house, bob, **given("false"))["EvalDecision"] == "explicitDeny"
    assert of_user(house, bob, **given("true"))["EvalDecision"] == "allowed"


def test_a_deny_with_plain_bool_spares_who_has_long_term_keys(house):
    plain = document(
        statement(action="*"),
        statement("Deny", "*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}}),
    )
    bob = house.iam.create_user(UserName="bob")["User"]["Arn"]
    house.iam.put_user_policy(UserName="bob", PolicyName="mfa", PolicyDocument=plain)
    assert of_user(house, bob)["EvalDecision"] == "allowed"


def test_custom_policies_need_a_permission_of_their_own(house):
    house.iam.create_user(UserName="bob")
    client = house.user_client("bob")
    with raises_aws("AccessDenied"):
        client.simulate_custom_policy(PolicyInputList=[], ActionNames=["s3:GetObject"])


# -- the law: the simulator says what a real call is told ------------------------------------------

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
