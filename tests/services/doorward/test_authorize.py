import json
import threading

import pytest
from tests.services.doorward.gateway import allow, deny, document

from doorward.policy import Outcome
from doorward.services.doorward import authorize
from doorward.services.doorward.judging import Verdict

OBJECT = "arn:aws:s3:::reports/2026.csv"
SSE = "s3:x-amz-server-side-encryption"
NOT_ITS_OWNER = {"resource": "arn:aws:sqs:eu-west-1:210987654321:q", "resource_account": "1" * 12}


async def of_the_loop():
    return threading.current_thread()


def names(answer):
    return answer["decision"], answer["reason"]


def test_what_a_policy_allows(gateway):
    ann = gateway.user("ann", allow("s3:GetObject", "arn:aws:s3:::reports/*"))
    answer = gateway.ask(principal=ann, action="s3:GetObject", resource=OBJECT)
    assert answer == {
        "decision": "Allowed",
        "allowed": True,
        "reason": f"allowed by identity-based policy own of {ann}, "
        "statement 0 at line 1, column 41",
        "principal": ann,
    }


@pytest.mark.parametrize(
    ("statements", "decision"),
    [([allow("s3:ListBucket")], "ImplicitlyDenied"), ([deny("s3:*")], "ExplicitlyDenied")],
)
def test_what_none_allows_and_what_one_forbids(gateway, statements, decision):
    ann = gateway.user("ann", *statements)
    answer = gateway.ask(principal=ann, action="s3:GetObject", resource=OBJECT)
    assert (answer["decision"], answer["allowed"]) == (decision, False)


def test_groups_and_boundaries_count_as_in_any_call(gateway):
    iam = gateway.house.iam
    ann = gateway.user("ann")
    iam.create_group(GroupName="readers")
    iam.put_group_policy(
        GroupName="readers", PolicyName="read", PolicyDocument=document(allow("s3:*"))
    )
    question = {"principal": ann, "action": "s3:GetObject", "resource": OBJECT}
    assert not gateway.ask(**question)["allowed"]
    iam.add_user_to_group(GroupName="readers", UserName="ann")
    assert gateway.ask(**question)["allowed"]
    iam.put_user_permissions_boundary(
        UserName="ann", PermissionsBoundary="arn:aws:iam::aws:policy/IAMReadOnlyAccess"
    )
    assert "boundary" in gateway.ask(**question)["reason"]


def test_the_trail_keeps_what_was_asked_and_told(gateway):
    ann = gateway.user("ann", deny("s3:*"))
    answer = gateway.ask(principal=ann, action="s3:GetObject", resource=OBJECT)
    gateway.ask(batch=[])
    batch, one = (json.loads(row.body) for row in gateway.house.records()[:2])
    asked = {"principal": ann, "action": "s3:GetObject", "resource": OBJECT}
    assert one["requestParameters"] == asked
    assert one["additionalEventData"] == {"Told": answer["reason"]}
    assert batch["requestParameters"] is None
    assert "additionalEventData" not in batch


def test_an_explanation_is_given_where_it_is_wanted(gateway):
    ann = gateway.user("ann", deny("s3:*"))
    question = {"principal": ann, "action": "s3:GetObject", "resource": OBJECT}
    assert "explain" not in gateway.ask(**question)
    told = gateway.ask(**question, explain=True)["explain"]
    assert told["decision"] == "ExplicitlyDenied"
    assert told["steps"]


@pytest.mark.parametrize(
    ("key", "value", "context"),
    [
        # The practice rows S002-50, S002-51 and S000-12.
        (SSE, "AES256", {SSE: "AES256"}),
        ("aws:CalledVia", "ec2.amazonaws.com", {"aws:CalledVia": ["ec2.amazonaws.com"]}),
        ("aws:ViaAWSService", "true", {"aws:ViaAWSService": True}),
        ("aws:MultiFactorAuthPresent", "true", {"aws:multifactorauthpresent": True}),
        ("s3:max-keys", "10", {"s3:max-keys": 10}),
        ("aws:SourceIp", "192.0.2.1", {"aws:SourceIp": "192.0.2.1"}),
        ("aws:SecureTransport", "true", {"aws:SecureTransport": True}),
        ("aws:RequestedRegion", "eu-west-1", {"aws:RequestedRegion": "eu-west-1"}),
        ("aws:CurrentTime", "2020-01-01T00:00:00Z", {"aws:CurrentTime": "2020-01-01T00:00:00Z"}),
    ],
)  # fmt: skip
def test_what_the_application_knows_it_says(gateway, key, value, context):
    condition = {"ForAnyValue:StringEquals": {key: value}}
    ann = gateway.user("ann", allow("s3:PutObject") | {"Condition": condition})
    question = {"principal": ann, "action": "s3:PutObject", "resource": OBJECT}
    assert not gateway.ask(**question)["allowed"]
    assert gateway.ask(**question, context=context)["allowed"]


@pytest.mark.parametrize(
    "key",
    [
        "aws:PrincipalArn",
        "AWS:principalarn",
        "aws:PrincipalAccount",
        "aws:PrincipalTag/team",
        "aws:username",
        "aws:userid",
        "aws:PrincipalType",
        "aws:PrincipalOrgID",
        "aws:ResourceAccount",
    ],
)
def test_what_follows_from_the_principal_nobody_else_says(gateway, key):
    body = {"principal": gateway.user("ann"), "action": "s3:GetObject", "resource": OBJECT}
    assert key.lower() in gateway.refused(body | {"context": {key: "x"}})


def test_tags_of_principal_and_resource(gateway):
    ann = gateway.user(
        "ann",
        allow("files:*", StringEquals={"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}),
        Tags=[{"Key": "team", "Value": "red"}],
    )
    question = {"principal": ann, "action": "files:Read", "resource": "arn:aws:files:::a"}
    assert gateway.ask(**question, resource_tags={"team": "red"})["allowed"]
    assert not gateway.ask(**question, resource_tags={"Team": "blue"})["allowed"]
    assert not gateway.ask(**question)["allowed"]
    body = question | {"resource_tags": {"team": "red"}, "context": {"aws:ResourceTag/Team": "x"}}
    assert "aws:resourcetag/team" in gateway.refused(body)


def only_if(operator, key, value):
    return allow("s3:PutObject", **{operator: {key: value}})


@pytest.mark.parametrize(
    ("statement", "context", "allowed"),
    [
        # A call brings a list of one for a key that may have many values, so an operator for one
        # value is false, negated or not.
        (only_if("StringEquals", "aws:TagKeys", "a"), {"aws:TagKeys": "a"}, False),
        (only_if("StringNotEquals", "aws:TagKeys", "a"), {"aws:tagkeys": "b"}, False),
        (only_if("StringEquals", "aws:CalledVia", "a"), {"aws:CalledVia": "a"}, False),
        (only_if("ForAnyValue:StringEquals", "aws:TagKeys", "a"), {"aws:TagKeys": "a"}, True),
        (only_if("ForAllValues:StringEquals", "aws:TagKeys", "a"), {"aws:TagKeys": "b"}, False),
        # It brings text for a key that has one.
        (only_if("StringEquals", "aws:SourceVpce", "a"), {"aws:SourceVpce": ["a"]}, True),
        (only_if("StringNotEquals", "aws:SourceVpce", "a"), {"aws:sourceVpce": ["a"]}, False),
        (only_if("Bool", "aws:SecureTransport", "true"), {"aws:SecureTransport": ["true"]}, True),
        (only_if("IpAddress", "aws:SourceIp", "::1"), {"aws:SourceIp": ["::1"]}, True),
        # Of a service's own key nobody but the service knows.
        (only_if("StringEquals", "files:Label", "a"), {"files:Label": "a"}, True),
        (only_if("StringEquals", "files:Label", "a"), {"files:Label": ["a"]}, False),
    ],
)
def test_one_value_or_many_follows_from_the_key(gateway, statement, context, allowed):
    question = {"principal": gateway.user("ann", statement), "action": "s3:PutObject"}
    assert gateway.ask(**question, resource=OBJECT, context=context)["allowed"] is allowed


@pytest.mark.parametrize("values", [[], ["a", "b"]])
@pytest.mark.parametrize("key", ["aws:SourceVpce", "AWS:SourceIp", "s3:x-amz-acl"])
def test_many_values_for_a_key_that_has_one(gateway, key, values):
    body = {"principal": gateway.user("ann"), "action": "s3:PutObject", "resource": OBJECT}
    wanted = f"context.{key}: expected one value"
    assert gateway.refused(body | {"context": {key: values}}) == wanted


@pytest.mark.parametrize("key", ["aws:ResourceTag/level", "IAM:resourcetag/level"])
def test_tags_a_kept_resource_does_not_have_are_not_said_either(gateway, key):
    bob = gateway.user("bob", Tags=[{"Key": "team", "Value": "red"}])
    ann = gateway.user("ann", allow("iam:GetUser", StringEquals={"iam:ResourceTag/level": "1"}))
    body = {"principal": ann, "action": "iam:GetUser", "resource": bob, "context": {key: "1"}}
    assert key.lower() in gateway.refused(body)


def test_tags_that_doorward_keeps_are_not_said_by_others(gateway):
    bob = gateway.user("bob", Tags=[{"Key": "team", "Value": "red"}])
    ann = gateway.user("ann", allow("iam:GetUser", StringEquals={"iam:ResourceTag/team": "red"}))
    question = {"principal": ann, "action": "iam:GetUser", "resource": bob}
    assert gateway.ask(**question)["allowed"]
    assert not gateway.ask(**question | {"resource": ann})["allowed"]
    assert "resource_tags" in gateway.refused(question | {"resource_tags": {"team": "red"}})


@pytest.mark.parametrize("form", [json.loads, str])
def test_the_resources_own_policy_has_a_say(gateway, form):
    ann = gateway.user("ann")
    named = allow("s3:GetObject", OBJECT) | {"Principal": {"AWS": ann}}
    question = {"principal": ann, "action": "s3:GetObject", "resource": OBJECT}
    answer = gateway.ask(**question, resource_policy=form(document(named)))
    assert answer["allowed"]
    assert "resource-based policy" in answer["reason"]


@pytest.mark.parametrize("policy", ["{", "[]", {"Statement": [{"Effect": "Perhaps"}]}, {}])
def test_a_policy_that_cannot_be_read_denies(gateway, policy):
    ann = gateway.user("ann", allow("s3:*"))
    answer = gateway.ask(
        principal=ann, action="s3:GetObject", resource=OBJECT, resource_policy=policy
    )
    assert answer["decision"] == "ExplicitlyDenied"
    assert "could not evaluate" in answer["reason"]


@pytest.mark.parametrize("policy", [" " * 131_073, {"Statement": ["x" * 131_072]}])
def test_a_policy_longer_than_any(gateway, policy):
    body = {"principal": gateway.user("ann"), "action": "s3:GetObject", "resource": OBJECT}
    said = gateway.refused(body | {"resource_policy": policy})
    assert said == "resource_policy: at most 131072 characters"
    said = gateway.refused({"batch": [body, body | {"resource_policy": policy}]})
    assert said.startswith("batch[1].resource_policy: ")


def test_a_role_and_its_sessions(gateway):
    gateway.may(allow(["doorward:*", "s3:GetObject"]))
    role = gateway.arn("role/gateway")
    session = f"arn:aws:sts::{gateway.account}:assumed-role/gateway/somebody"
    for principal in (role, session):
        answer = gateway.ask(principal=principal, action="s3:GetObject", resource=OBJECT)
        assert (answer["allowed"], answer["principal"]) == (True, principal)


def test_the_root_user_nobody_and_a_service(gateway):
    root = gateway.ask(principal=gateway.arn("root"), action="s3:GetObject", resource=OBJECT)
    assert names(root) == ("Allowed", "allowed by root rule: the root user in its own account")
    everybody = document(allow("s3:GetObject", OBJECT) | {"Principal": "*"})
    question = {"action": "s3:GetObject", "resource": OBJECT}
    nobody = gateway.ask(principal=None, **question, resource_policy=everybody)
    assert (nobody["allowed"], "principal" in nobody) == (True, False)
    assert not gateway.ask(principal=None, **question)["allowed"]
    service = document(
        allow("s3:GetObject", OBJECT) | {"Principal": {"Service": "logs.amazonaws.com"}}
    )
    for name, allowed in (("logs.amazonaws.com", True), ("ec2.amazonaws.com", False)):
        answer = gateway.ask(principal=name, **question, resource_policy=service)
        assert (answer["allowed"], answer["principal"]) == (allowed, name)


@pytest.mark.parametrize("resource", ["user/nobody", "role/nobody", "group/gateway", "user/x/ann"])
def test_a_principal_that_is_not_there_is_denied(gateway, resource):
    gateway.user("ann", allow("s3:*"))
    answer = gateway.ask(principal=gateway.arn(resource), action="s3:GetObject", resource=OBJECT)
    assert names(answer) == ("ImplicitlyDenied", "there is no such principal")


def test_a_trust_policy_is_read_where_a_role_is_assumed(gateway):
    iam = gateway.house.iam
    ann = gateway.user("ann")
    iam.create_role(
        RoleName="open",
        AssumeRolePolicyDocument=document(
            {"Effect": "Allow", "Principal": {"AWS": ann}, "Action": "sts:AssumeRole"}
        ),
    )
    question = {
        "principal": ann,
        "action": "sts:AssumeRole",
        "resource": gateway.arn("role/open"),
    }
    assert gateway.ask(**question)["allowed"]
    assert not gateway.ask(**question | {"resource": gateway.arn("role/gateway")})["allowed"]
    assert "trust policy" in gateway.refused(question | {"resource_policy": "{}"})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"action": 3}, "action: Expected `str`, got `int`"),
        ({"action": "s3"}, "action: required"),
        ({"action": "s3:*"}, "action: required"),
        ({"action": None}, "action: Expected `str`, got `null`"),
        ({"principal": 3}, "principal: Expected `str | null`, got `int`"),
        ({"principal": "ann"}, "principal: expected an ARN"),
        ({"resource": "x"}, "resource: expected an ARN, or *"),
        ({"resource": ["*"]}, "resource: Expected `str`"),
        ({"resource_account": "1"}, "resource_account: expected 12 digits"),
        (NOT_ITS_OWNER, "resource_account: the resource's ARN says another"),
        ({"context": []}, "context: Expected `object`"),
        ({"context": {"a:b": {"x": 1}}}, "context[...]"),
        ({"context": {"ab": "x"}}, "context.ab: a condition key has a colon"),
        ({"context": {"a:b": "x", "A:b": "x"}}, "context.A:b: given twice"),
        ({"context": {"aws:SourceIp": ["::1", "::2"]}}, "context.aws:SourceIp: expected one"),
        ({"resource_policy": 3}, "resource_policy: Expected"),
        ({"resource": "*", "resource_tags": {"a": "b"}}, "resource_tags: * is no resource"),
        ({"resource_tags": {"a": 1}}, "resource_tags[...]: Expected `str`"),
        ({"explain": "yes"}, "explain: Expected `bool`"),
        ({"princpal": "x"}, "Unknown member 'princpal'"),
    ],
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_refused_by_its_path(gateway, change, said):
    ann = gateway.user("ann")
    body = {"principal": ann, "action": "s3:GetObject", "resource": OBJECT} | change
    assert gateway.refused(body).startswith(said)
    assert gateway.refused({"batch": [body]}).startswith(("batch[0]", "batch"))


@pytest.mark.parametrize("missing", ["principal", "action", "resource"])
def test_nothing_is_taken_for_granted(gateway, missing):
    body = {"principal": None, "action": "s3:GetObject", "resource": OBJECT}
    del body[missing]
    assert gateway.refused(body).startswith(f"{missing}: required")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b"[" * 5000, b'{"a":' * 5000, b'{"\\ud800":1}'],
)
def test_a_body_that_is_no_question(gateway, body):
    assert gateway.send("/authorize", body)[0] == 400


def test_depth_that_would_exhaust_a_reader(gateway):
    deep = b'{"principal":null,"action":"s3:GetObject","resource":"*","resource_policy":%s}'
    nested = b'{"a":' * 5000 + b"1" + b"}" * 5000
    assert gateway.send("/authorize", deep % nested)[0] == 400


def test_ten_thousand_values(gateway):
    ann = gateway.user("ann", allow("s3:*", **{"ForAnyValue:StringEquals": {"my:key": "v9999"}}))
    values = [f"v{number}" for number in range(10_000)]
    question = {"principal": ann, "action": "s3:GetObject", "resource": OBJECT}
    assert gateway.ask(**question, context={"my:key": values})["allowed"]


# -- batches -------------------------------------------------------------------------------------


def test_a_batch_is_answered_in_order(gateway):
    ann = gateway.user("ann", allow("s3:GetObject"))
    batch = [
        {"principal": ann, "action": action, "resource": OBJECT}
        for action in ("s3:GetObject", "s3:PutObject", "s3:GetObject")
    ]
    answers = gateway.ask(batch=batch)["batch"]
    assert [answer["allowed"] for answer in answers] == [True, False, True]


def test_a_batch_has_its_bounds(gateway):
    one = {"principal": None, "action": "s3:GetObject", "resource": OBJECT}
    assert len(gateway.ask(batch=[one] * 1000)["batch"]) == 1000
    assert gateway.ask(batch=[])["batch"] == []
    assert "less than or equal to 1000" in gateway.refused({"batch": [one] * 1001})
    explained = one | {"explain": True}
    assert "explained" in gateway.refused({"batch": [explained] * 101})
    assert gateway.refused({"batch": [], "action": "s3:GetObject"}).startswith("action: ")
    assert gateway.refused({"batch": {}}).startswith("batch: ")


# -- who may ask about whom ----------------------------------------------------------------------


def test_the_right_to_ask_is_a_right_on_the_principal(gateway):
    ann, bob = gateway.user("ann", allow("s3:*")), gateway.user("bob", allow("s3:*"))
    gateway.may(allow("doorward:Authorize", ann))
    question = {"action": "s3:GetObject", "resource": OBJECT}
    assert gateway.ask(principal=ann, **question)["allowed"]
    for body in ({"principal": bob, **question}, {"batch": []}, {"principal": None, **question}):
        status, _, answer = gateway.send("/authorize", body)
        assert status == 403
        assert "doorward:Authorize" in answer["message"]


def test_the_right_on_everything_is_not_one_on_whom_it_is_denied(gateway):
    ann, bob = gateway.user("ann"), gateway.user("bob")
    gateway.may(allow("doorward:Authorize"), deny("doorward:Authorize", bob))
    question = {"action": "s3:GetObject", "resource": OBJECT}
    asked = [{"principal": who, **question} for who in (ann, None, "ec2.amazonaws.com")]
    assert len(gateway.ask(batch=asked)["batch"]) == 3
    status, _, answer = gateway.send("/authorize", {"batch": [*asked, {"principal": bob}]})
    assert status == 403
    assert bob in answer["message"]
    for odd in ([1], [{"principal": 1}]):
        assert gateway.send("/authorize", {"batch": odd})[0] == 400


@pytest.mark.parametrize(("values", "beside"), [(1, False), (5000, True)])
def test_a_large_question_holds_nobody_else_up(gateway, monkeypatch, values, beside):
    threads = set()
    monkeypatch.setattr(
        authorize,
        "verdict",
        lambda *_: threads.add(threading.current_thread()) or Verdict(Outcome.ALLOWED, "", ""),
    )
    gateway.ask(principal=None, context={"a:b": ["x"] * values})
    (thread,) = threads
    loop = gateway.house.run(of_the_loop())
    assert (thread is not loop) is beside
