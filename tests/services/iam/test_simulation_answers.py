"""The answer's shape, case by case as AWS was recorded answering (simulation, 2026-09-11)."""

import json

import pytest
from tests.house import raises_aws

A, B = "arn:aws:s3:::photos/a", "arn:aws:s3:::photos/b"
OBJECTS = "arn:aws:s3:::${BucketName}/${KeyName}"


def document(*statements, version="2012-10-17"):
    return json.dumps({"Version": version, "Statement": list(statements)}, separators=(",", ":"))


def statement(effect="Allow", action="s3:GetObject", resource="*", **more):
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


ALLOW, DENY = document(statement()), document(statement("Deny"))
ALLOW_ALL = document(statement(action="*"))
ALLOW_PUT = document(statement(action="s3:PutObject"))


def simulated(house, policies=(), actions=("s3:GetObject",), resources=(), **more):
    return house.iam.simulate_custom_policy(
        PolicyInputList=list(policies),
        ActionNames=list(actions),
        ResourceArns=list(resources),
        **more,
    )


def result(house, *args, **more):
    (found,) = simulated(house, *args, **more)["EvaluationResults"]
    return found


def told(end, policy_id="PolicyInputList.1", policy_type="IAM Policy"):
    return {
        "SourcePolicyId": policy_id,
        "SourcePolicyType": policy_type,
        "StartPosition": {"Line": 1, "Column": 38},
        "EndPosition": {"Line": 1, "Column": end},
    }


GATE = "PermissionsBoundaryDecisionDetail", "AllowedByPermissionsBoundary"
SCPS = "OrganizationsDecisionDetail", "AllowedByOrganizations"


def gate(of, allowed):
    return {of[0]: {of[1]: allowed}}


def test_without_resources_there_is_one_plain_result(house):
    wanted = {
        "EvalActionName": "s3:GetObject",
        "EvalResourceName": "*",
        "EvalDecision": "allowed",
        "MatchedStatements": [told(95)],
        "MissingContextValues": [],
    }
    assert result(house, [ALLOW]) == wanted
    assert result(house, [ALLOW], resources=["*"]) == wanted


def test_one_resource_is_echoed(house):
    assert result(house, [ALLOW], resources=[A]) == {
        "EvalActionName": "s3:GetObject",
        "EvalResourceName": A,
        "EvalDecision": "allowed",
        "MatchedStatements": [told(95)],
        "MissingContextValues": [],
        "EvalDecisionDetails": {},
        "ResourceSpecificResults": [
            {
                "EvalResourceName": A,
                "EvalResourceDecision": "allowed",
                "MatchedStatements": [told(95)],
            }
        ],
    }


def test_of_several_resources_the_strictest_decides_and_all_statements_are_told(house):
    policy = document(statement(resource=A))
    assert result(house, [policy], resources=[A, B]) == {
        "EvalActionName": "s3:GetObject",
        "EvalResourceName": OBJECTS,
        "EvalDecision": "implicitDeny",
        "MatchedStatements": [told(115)],
        "MissingContextValues": [],
        "EvalDecisionDetails": {},
        "ResourceSpecificResults": [
            {
                "EvalResourceName": A,
                "EvalResourceDecision": "allowed",
                "MatchedStatements": [told(115)],
            },
            {"EvalResourceName": B, "EvalResourceDecision": "implicitDeny"},
        ],
    }
    denied = document(statement("Deny", resource=B))
    found = result(house, [policy, denied], resources=[A, B, "arn:aws:s3:::photos/c"])
    assert found["EvalDecision"] == "explicitDeny"
    assert [one["SourcePolicyId"] for one in found["MatchedStatements"]] == [
        "PolicyInputList.1",
        "PolicyInputList.2",
    ]


def test_the_same_resource_twice_is_two(house):
    found = result(house, [ALLOW], resources=[A, A])
    assert found["EvalResourceName"] == OBJECTS
    assert found["MatchedStatements"] == [told(95)]
    assert [one["EvalResourceName"] for one in found["ResourceSpecificResults"]] == [A, A]


SINGLE = json.dumps({"Statement": statement(action="s3:*")}, indent=2)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        (SINGLE, (2, 17), (6, 4)),
        ('{"Id": "café", "Statement": [' + json.dumps(statement()) + "]}", (1, 30), (1, 92)),
        (json.dumps(json.loads(ALLOW), indent=2), (3, 17), (8, 6)),
    ],
)
def test_positions_are_lines_and_columns_from_one(house, text, start, end):
    (found,) = result(house, [text])["MatchedStatements"]
    place = {"Line", "Column"}
    assert place == set(found["StartPosition"]) == set(found["EndPosition"])
    assert (found["StartPosition"]["Line"], found["StartPosition"]["Column"]) == start
    assert (found["EndPosition"]["Line"], found["EndPosition"]["Column"]) == end


@pytest.mark.parametrize(
    ("action", "policy", "decision"),
    [
        ("s3:*", ALLOW, "implicitDeny"),
        ("s3:*", ALLOW_ALL, "allowed"),
        ("madeup:Action", ALLOW, "implicitDeny"),
        ("madeup:Action", ALLOW_ALL, "allowed"),
        ("s3:MadeUp", ALLOW, "implicitDeny"),
        ("s3:MadeUp", ALLOW_ALL, "allowed"),
        ("S3:gEtObJeCt", ALLOW, "allowed"),
        ("s3:", ALLOW_ALL, "allowed"),
        ("s3:Get Object", ALLOW, "implicitDeny"),
        ("s3:Get Object", ALLOW_ALL, "allowed"),
    ],
)
def test_any_action_with_a_service_may_be_asked(house, action, policy, decision):
    found = result(house, [policy], [action])
    assert (found["EvalActionName"], found["EvalDecision"]) == (action, decision)


def test_an_action_has_a_service(house):
    with raises_aws("InvalidInput", "The action is invalid since it is missing names"):
        simulated(house, [ALLOW], ["s3:GetObject", "GetObject"])


def test_resources_are_arns(house):
    with raises_aws("InvalidInput", "ResourceNames are not in a valid ARN format: arn:aws:s3."):
        simulated(house, [ALLOW], resources=["arn:aws:s3"])


@pytest.mark.parametrize(
    "action",
    ["s3:ListAllMyBuckets", "sts:GetCallerIdentity", "ec2:DescribeInstances", "s3:GetObject"],
)
def test_resources_of_another_service_are_denied_whatever_is_allowed(house, action):
    user = "arn:aws:sqs:us-east-1:111122223333:q"
    assert result(
        house,
        [ALLOW_ALL],
        [action],
        [user],
        PermissionsBoundaryPolicyInputList=[ALLOW_ALL],
        OrderedOrganizationPolicyInputList=levels([ALLOW_ALL]),
    ) == {
        "EvalActionName": action,
        "EvalResourceName": user,
        "EvalDecision": "implicitDeny",
        "MatchedStatements": [],
        "MissingContextValues": [],
        **gate(GATE, False),
        **gate(SCPS, False),
        "EvalDecisionDetails": {},
        "ResourceSpecificResults": [
            {
                "EvalResourceName": user,
                "EvalResourceDecision": "implicitDeny",
                **gate(GATE, False),
            }
        ],
    }


# -- keys that are missing -------------------------------------------------------------------


def asking(operator, key, value, **more):
    return statement(Condition={operator: {key: value}}, **more)


PRESENT = [{"ContextKeyName": "our:present", "ContextKeyType": "string", "ContextKeyValues": ["x"]}]


@pytest.mark.parametrize(
    ("statements", "decision", "missing"),
    [
        ([asking("StringEquals", "our:key", "x")], "implicitDeny", ["our:key"]),
        (
            [asking("StringEquals", "our:key", "x", action="s3:PutObject")],
            "implicitDeny",
            ["our:key"],
        ),
        ([asking("StringEquals", "our:key", "x", resource=B)], "implicitDeny", ["our:key"]),
        ([asking("StringEquals", "our:key", "x", effect="Deny")], "implicitDeny", ["our:key"]),
        ([asking("Null", "our:key", "false")], "implicitDeny", ["our:key"]),
        ([asking("Null", "our:key", "true", action="s3:PutObject")], "implicitDeny", ["our:key"]),
        ([asking("ForAnyValue:StringEquals", "our:key", "x")], "implicitDeny", ["our:key"]),
        ([statement(resource=f"{A}/${{our:key}}")], "implicitDeny", ["our:key"]),
        ([statement(action="s3:Put*", resource=f"{A}/${{our:key}}")], "implicitDeny", ["our:key"]),
        (
            [statement(resource="arn:aws:s3:::photos/${our:key, 'z'}/${*}")],
            "implicitDeny",
            ["our:key"],
        ),
        ([asking("StringEquals", "our:present", "${our:key}")], "implicitDeny", ["our:key"]),
        (
            [asking("StringEquals", "OUR:key", "x"), asking("StringEquals", "our:key", "x")],
            "implicitDeny",
            ["OUR:key", "our:key"],
        ),
        (
            [
                statement(
                    Condition={
                        "StringEqualsIfExists": {"our:key": "x"},
                        "StringEquals": {"OUR:Present": "y"},
                    }
                )
            ],
            "implicitDeny",
            ["our:key"],
        ),
        ([statement(), asking("StringEquals", "our:key", "x", effect="Deny")], "allowed", []),
        ([statement("Deny"), asking("StringEquals", "our:key", "x")], "explicitDeny", []),
        ([asking("StringEqualsIfExists", "our:key", "x")], "allowed", []),
        ([asking("StringNotEquals", "our:key", "x")], "allowed", []),
        ([asking("Null", "our:key", "true")], "allowed", []),
        ([asking("ForAllValues:StringEquals", "our:key", "x")], "allowed", []),
        ([statement(resource="arn:aws:s3:::photos/${our:key, 'a'}")], "allowed", []),
    ],
)
def test_an_implicit_denial_tells_the_keys_nobody_gave(house, statements, decision, missing):
    found = result(house, [document(*statements)], resources=[A], ContextEntries=PRESENT)
    (specific,) = found["ResourceSpecificResults"]
    assert found["EvalDecision"] == decision
    assert found["MissingContextValues"] == missing
    assert specific.get("MissingContextValues", []) == missing
    assert ("MissingContextValues" in specific) is bool(missing)


def test_a_default_that_is_not_what_a_condition_wants_counts_as_missing(house):
    found = result(house, [document(asking("Null", "aws:userid", "true"))])
    assert (found["EvalDecision"], found["MissingContextValues"]) == (
        "implicitDeny",
        ["aws:userid"],
    )


# -- a boundary --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("identity", "boundary", "decision", "matched", "allowed"),
    [
        (ALLOW, ALLOW, "allowed", [told(95)], True),
        (ALLOW, ALLOW_PUT, "implicitDeny", [], False),
        (
            ALLOW,
            DENY,
            "explicitDeny",
            [told(94, "PermissionsBoundaryPolicyInputList.1", "Permissions Boundary Policy")],
            False,
        ),
        (
            DENY,
            DENY,
            "explicitDeny",
            [
                told(94, "PermissionsBoundaryPolicyInputList.1", "Permissions Boundary Policy"),
                told(94),
            ],
            False,
        ),
        (ALLOW_PUT, ALLOW, "implicitDeny", [], True),
    ],
)
def test_a_boundary_limits(house, identity, boundary, decision, matched, allowed):
    found = result(house, [identity], PermissionsBoundaryPolicyInputList=[boundary])
    assert found["EvalDecision"] == decision
    assert found["MatchedStatements"] == matched
    assert found[GATE[0]] == {GATE[1]: allowed}


def test_a_boundarys_keys_may_be_missing_too(house):
    boundary = document(asking("StringEquals", "our:key", "x"))
    found = result(house, [ALLOW], PermissionsBoundaryPolicyInputList=[boundary])
    assert found["MissingContextValues"] == ["our:key"]


def test_there_is_one_boundary_at_most(house):
    sentence = "The list of Permissions Boundary policies cannot exceed 1 items."
    with raises_aws("InvalidInput", sentence):
        simulated(house, [ALLOW], PermissionsBoundaryPolicyInputList=[ALLOW, ALLOW])


# -- organizations -----------------------------------------------------------------------------


def levels(*texts):
    return [{"ServiceControlPolicyInputList": list(each)} for each in texts]


@pytest.mark.parametrize(
    ("scps", "decision", "allowed"),
    [
        (levels([ALLOW_ALL], [ALLOW_ALL]), "allowed", True),
        (levels([ALLOW_ALL], [DENY]), "explicitDeny", False),
        (levels([ALLOW_ALL], [ALLOW_PUT]), "implicitDeny", False),
        (levels([ALLOW_PUT, ALLOW], [ALLOW_ALL]), "allowed", True),
        (levels([DENY, ALLOW_ALL], [ALLOW_ALL]), "explicitDeny", False),
    ],
)
def test_every_level_must_allow(house, scps, decision, allowed):
    identity = document(statement(), asking("StringEquals", "our:key", "x", action="s3:Other"))
    found = result(house, [identity], resources=[A], OrderedOrganizationPolicyInputList=scps)
    assert found["EvalDecision"] == decision
    assert bool(found["MatchedStatements"]) is allowed
    assert found["MissingContextValues"] == []
    assert found[SCPS[0]] == {SCPS[1]: allowed}
    assert SCPS[0] not in found["ResourceSpecificResults"][0]


def test_a_level_has_a_policy(house):
    sentence = "Organization policy at index 1 must contain at least one service control policy"
    with raises_aws("InvalidInput", sentence):
        simulated(house, [ALLOW], OrderedOrganizationPolicyInputList=levels([]))


# -- pages -------------------------------------------------------------------------------------

PAGED = {
    "policies": [ALLOW_ALL],
    "actions": ["s3:PutObject", "iam:GetUser", "s3:GetObject"],
    "resources": [A, B],
}


def names(page):
    return [one["EvalActionName"] for one in page["EvaluationResults"]]


def test_pages_count_actions(house):
    first = simulated(house, **PAGED, MaxItems=1)
    assert names(first) == ["s3:PutObject"]
    assert first["IsTruncated"] is True
    rest = simulated(house, **PAGED, MaxItems=2, Marker=first["Marker"])
    assert names(rest) == ["iam:GetUser", "s3:GetObject"]
    assert rest["IsTruncated"] is False
    assert "Marker" not in rest


@pytest.mark.parametrize(
    ("changed", "shown"),
    [
        ({"actions": ["s3:DeleteObject"]}, []),
        ({"actions": ["s3:GetObject", "iam:GetUser", "s3:PutObject"]}, ["iam:GetUser"]),
        ({"policies": [DENY]}, ["iam:GetUser"]),
        ({"resources": [B]}, ["iam:GetUser"]),
    ],
)
def test_a_marker_goes_on_whatever_else_has_changed(house, changed, shown):
    marker = simulated(house, **PAGED, MaxItems=1)["Marker"]
    assert names(simulated(house, **PAGED | changed, MaxItems=1, Marker=marker)) == shown


def test_a_marker_is_handed_out_by_the_same_operation(house):
    with raises_aws("InvalidInput", "Invalid marker for pagination."):
        simulated(house, [ALLOW], Marker="not-a-simulation-marker")
    other = house.iam.list_policies(Scope="AWS", MaxItems=1)["Marker"]
    with raises_aws("InvalidInput", "Invalid marker for pagination."):
        simulated(house, [ALLOW], Marker=other)


def test_a_page_of_many_resources_has_fewer_actions(house):
    actions = [f"s3:Action{number}" for number in range(30)]
    page = simulated(house, [], actions, [A] * 1000, MaxItems=1000)
    assert names(page) == actions[:10]
    assert page["IsTruncated"] is True


def test_items_have_a_bound(house):
    with raises_aws(
        "ValidationError",
        "1 validation error detected: Value at 'maxItems' failed to "
        "satisfy constraint: Member must have value less than or equal to 1000",
    ):
        simulated(house, [ALLOW], MaxItems=1001)


def test_no_policies_allow_nothing(house):
    assert result(house)["EvalDecision"] == "implicitDeny"
