import pytest
from tests.house import raises_aws
from tests.services.iam.simulating import (
    ALLOW,
    ALLOW_PUT,
    ANN,
    A,
    asking,
    bucket,
    decision,
    document,
    entry,
    matched,
    of_user,
    result,
    statement,
)

from doorward.policy import Attached, Policies, Policy
from doorward.services.iam.simulation import _asked

NO_ENTITY = "Invalid Entity Arn: {} does not clearly define entity type and name."


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
