"""The OpenID AuthZEN Authorization API 1.0, as its certification scenario asks for it."""

import json

import pytest
from tests.services.doorward.gateway import allow, deny, document

ONE = "/access/v1/evaluation"
MANY = "/access/v1/evaluations"
OBJECT = "arn:aws:s3:::records/1"
READ = {"name": "s3:GetObject"}
WRITE = {"name": "s3:PutObject"}
RECORD = {"type": "record", "id": OBJECT}
ARCHIVED = RECORD | {"properties": {"tags": {"status": "archived"}}}
ANN = {"type": "user", "id": "ann"}
ASKED = {"subject": ANN, "action": READ, "resource": RECORD}


@pytest.fixture
def pdp(gateway):
    gateway.user(
        "ann",
        allow("s3:GetObject"),
        allow("s3:DeleteObject", Bool={"records:soft": "true"}),
        allow("s3:PutObject", StringNotEquals={"aws:ResourceTag/status": "archived"}),
        deny("s3:*", Bool={"aws:MultiFactorAuthPresent": "false"}),
    )
    gateway.user("bob", allow("s3:GetObject"))
    return gateway


def decision(pdp, **changes):
    status, _, answer = pdp.send(ONE, ASKED | changes)
    assert status == 200, answer
    return answer["decision"]


def test_a_decision_and_why(pdp):
    status, headers, answer = pdp.send(ONE, ASKED)
    assert (status, headers["content-type"]) == (200, "application/json")
    assert answer["decision"] is True
    told = answer["context"]
    assert told["reason"]["id"] == "Allowed"
    assert told["reason"]["reason_admin"]["en"].startswith("allowed by identity-based policy own")
    assert told["principal"] == pdp.arn("user/ann")
    assert "ignored" not in told


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"action": WRITE}, True),
        ({"subject": {"type": "user", "id": "bob"}}, True),
        ({"subject": {"type": "user", "id": "bob"}, "action": WRITE}, False),
        ({"subject": {"type": "user", "id": "nobody"}}, False),
        ({"resource": ARCHIVED, "action": WRITE}, False),
        ({"action": {"name": "s3:DeleteObject", "properties": {"records:soft": True}}}, True),
        ({"action": {"name": "s3:DeleteObject", "properties": {"records:soft": False}}}, False),
        ({"subject": ANN | {"properties": {"aws:MultiFactorAuthPresent": False}}}, False),
        ({"context": {"aws:MultiFactorAuthPresent": "false"}}, False),
        ({"context": {"time": "1985-10-26T01:22-07:00", "ip": {"v": [4]}}}, True),
        ({"foo": "bar", "futureField": {"nested": True}}, True),
        ({"resource": RECORD | {"properties": {"account": "111122223333"}}}, False),
        ({"context": None}, True),
    ],
)  # fmt: skip
def test_decisions(pdp, changes, wanted):
    assert decision(pdp, **changes) is wanted


@pytest.mark.parametrize(
    ("subject", "principal"),
    [
        ({"type": "user", "id": "ann"}, "arn:aws:iam::{}:user/ann"),
        ({"type": "user", "id": "ANN"}, "arn:aws:iam::{}:user/ann"),
        ({"type": "user", "id": "arn:aws:iam::{}:user/ann"}, "arn:aws:iam::{}:user/ann"),
        ({"type": "arn", "id": "arn:aws:iam::{}:user/ann"}, "arn:aws:iam::{}:user/ann"),
        ({"type": "role", "id": "gateway"}, "arn:aws:iam::{}:role/gateway"),
        ({"type": "role", "id": "nothing"}, "arn:aws:iam::{}:role/nothing"),
        ({"type": "session", "id": "gateway/me"}, "arn:aws:sts::{}:assumed-role/gateway/me"),
        ({"type": "root", "id": "-"}, "arn:aws:iam::{}:root"),
        ({"type": "service", "id": "ec2.amazonaws.com"}, "ec2.amazonaws.com"),
        ({"type": "anonymous", "id": "-"}, None),
    ],
)
def test_subjects(pdp, subject, principal):
    named = subject | {"id": subject["id"].format(pdp.account)}
    _, _, answer = pdp.send(ONE, ASKED | {"subject": named})
    wanted = principal and principal.format(pdp.account)
    assert answer["context"].get("principal") == wanted


def test_what_is_no_condition_key_is_ignored_and_listed(pdp):
    asked = {
        "subject": ANN | {"properties": {"department": "Sales"}},
        "action": READ | {"properties": {"method": "GET"}},
        "resource": RECORD | {"properties": {"owner": "bob", "tags": {"a": "b"}}},
        "context": {"time": 1, "aws:CurrentTime": "2026-01-01T00:00:00Z"},
    }
    _, _, answer = pdp.send(ONE, asked)
    assert answer["context"]["ignored"] == [
        "subject.properties.department",
        "action.properties.method",
        "resource.properties.owner",
        "context.time",
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": None},
        {"action": None},
        {"resource": None},
        {"subject": {"id": "ann"}},
        {"subject": {"type": "user"}},
        {"subject": {"type": "spaceship", "id": "x"}},
        {"subject": "ann"},
        {"subject": ANN | {"properties": []}},
        {"action": {}},
        {"action": {"name": 123}},
        {"action": {"name": "read"}},
        {"resource": {"id": OBJECT}},
        {"resource": {"type": "record"}},
        {"resource": {"type": "record", "id": "record-1"}},
        {"resource": RECORD | {"properties": {"tags": {"a": 1}}}},
        {"resource": RECORD | {"properties": {"account": 1}}},
        {"context": []},
        {"context": {"a:b": {}}},
        {"context": {"aws:username": "x"}},
        {"subject": ANN | {"properties": {"a:b": 1}}, "context": {"a:b": 2}},
    ],
)
def test_what_cannot_be_understood(pdp, changes):
    body = {name: value for name, value in (ASKED | changes).items() if value is not None}
    status, headers, answer = pdp.send(ONE, body, ("x-request-id", "one"))
    assert status == 400
    assert answer["message"]
    assert headers["x-request-id"] == "one"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null"])
def test_what_is_no_evaluation(pdp, body):
    assert pdp.send(ONE, body)[0] == 400


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json", 200),
        ("Application/JSON; charset=utf-8", 200),
        ("text/plain", 400),
        ("application/x-www-form-urlencoded", 400),
    ],
)
def test_only_json_is_read(pdp, kind, status):
    for path in (ONE, MANY):
        assert pdp.send(path, ASKED, ("content-type", kind))[0] == status


def test_the_senders_id_comes_back(pdp):
    for status, path, body in ((200, ONE, ASKED), (200, MANY, ASKED), (400, ONE, {})):
        code, headers, _ = pdp.send(path, body, ("x-request-id", "bfe9eb29 ab"))
        assert (code, headers["x-request-id"]) == (status, "bfe9eb29 ab")
    assert "x-request-id" not in pdp.send(ONE, ASKED)[1]
    assert "x-request-id" not in pdp.send(ONE, ASKED, ("x-request-id", "x" * 300))[1]
    code, headers, _ = pdp.send(ONE, ASKED, ("x-request-id", "9"), token="nothing")
    assert (code, headers["x-request-id"]) == (401, "9")


def test_who_asks_must_be_known_and_allowed(pdp):
    status, headers, _ = pdp.send(ONE, ASKED, ("authorization", "Bearer x"))
    assert (status, headers["www-authenticate"].startswith("Bearer")) == (401, True)
    pdp.may(allow("doorward:Authorize", pdp.arn("user/bob")))
    assert pdp.send(ONE, ASKED)[0] == 403
    assert pdp.send(ONE, ASKED | {"subject": {"type": "user", "id": "bob"}})[0] == 200
    assert pdp.send(MANY, ASKED)[0] == 403


def test_nobody_at_all(house):
    from doorward.authn.request import HttpRequest

    answer = house.answer(HttpRequest("POST", ONE, "", (("host", "x"),), b"{}"))
    headers = dict(answer.headers)
    assert (answer.status, headers["WWW-Authenticate"]) == (401, 'Bearer realm="doorward"')
    assert json.loads(answer.body) == {"message": "Request is missing Authentication Token"}


# -- several at once -----------------------------------------------------------------------------


def decisions(pdp, **body):
    status, _, answer = pdp.send(MANY, body)
    assert status == 200, answer
    assert "decision" not in answer
    return [each["decision"] for each in answer["evaluations"]]


def test_defaults_are_laid_under_each(pdp):
    bob = {"type": "user", "id": "bob"}
    assert decisions(
        pdp, resource=RECORD, subject=bob, evaluations=[{"action": READ}, {"action": WRITE}]
    ) == [True, False]
    whole = [ASKED, {"subject": bob, "action": WRITE, "resource": RECORD}]
    assert decisions(pdp, evaluations=whole) == [True, False]
    parts = [{"resource": {"id": OBJECT}}, {"subject": {"id": "bob"}, "resource": {"id": OBJECT}}]
    assert decisions(
        pdp,
        subject=ANN | {"properties": {"aws:MultiFactorAuthPresent": "false"}},
        action=READ,
        resource={"type": "record"},
        evaluations=[*parts, {"subject": ANN, "resource": RECORD}],
    ) == [False, True, True]


def test_a_context_of_its_own_replaces_the_default(pdp):
    denied = {"aws:MultiFactorAuthPresent": "false"}
    assert decisions(pdp, **ASKED, context=denied, evaluations=[{}, {"context": {}}]) == [
        False,
        True,
    ]


def test_what_is_wrong_with_one_is_its_own_answer(pdp):
    status, _, answer = pdp.send(
        MANY, {"subject": ANN, "action": READ, "evaluations": [{"resource": RECORD}, {}]}
    )
    assert status == 200
    first, second = answer["evaluations"]
    assert (first["decision"], second["decision"]) == (True, False)
    assert second["context"]["error"]["status"] == 400
    assert "resource" in second["context"]["error"]["message"]


@pytest.mark.parametrize("evaluations", [{}, {"evaluations": []}, {"evaluations": None}])
def test_without_evaluations_it_is_one(pdp, evaluations):
    status, _, answer = pdp.send(MANY, ASKED | evaluations)
    assert (status, answer["decision"]) == (200, True)
    assert pdp.send(MANY, {"subject": ANN} | evaluations)[0] == 400


@pytest.mark.parametrize(
    ("semantic", "wanted"),
    [
        (None, [True, False, True]),
        ({}, [True, False, True]),
        ({"evaluations_semantic": "execute_all", "other": 1}, [True, False, True]),
        ({"evaluations_semantic": "deny_on_first_deny"}, [True, False]),
        ({"evaluations_semantic": "permit_on_first_permit"}, [True]),
    ],
)
def test_how_several_are_carried_out(pdp, semantic, wanted):
    bob = {"type": "user", "id": "bob"}
    actions = [{"action": action} for action in (READ, WRITE, READ)]
    assert (
        decisions(pdp, subject=bob, resource=RECORD, evaluations=actions, options=semantic)
        == wanted
    )


@pytest.mark.parametrize(
    "body",
    [
        {"evaluations": [ASKED] * 1001},
        {"evaluations": {}},
        {"evaluations": [1]},
        {"evaluations": [ASKED], "options": {"evaluations_semantic": "maybe"}},
        {"evaluations": [ASKED], "options": []},
        {"evaluations": [ASKED], "options": {"evaluations_semantic": 3}},
    ],
)
def test_a_request_that_is_wrong_as_a_whole(pdp, body):
    assert pdp.send(MANY, body)[0] == 400


def test_a_thousand(pdp):
    assert decisions(pdp, evaluations=[ASKED] * 1000) == [True] * 1000


def test_a_resource_policy_has_no_place_here_but_trust_does(pdp):
    pdp.house.iam.create_role(
        RoleName="open",
        AssumeRolePolicyDocument=document(
            {
                "Effect": "Allow",
                "Principal": {"AWS": pdp.arn("user/ann")},
                "Action": "sts:AssumeRole",
            }
        ),
    )
    role = {"type": "role", "id": pdp.arn("role/open")}
    assert decision(pdp, action={"name": "sts:AssumeRole"}, resource=role)


@pytest.mark.parametrize(
    "body",
    [
        {"evaluations": [ASKED]},
        {"evaluations": [{}, {"subject": {"type": "user", "id": "bob"}}, {"subject": 1}], **ASKED},
        {"subject": {"type": "user", "id": "bob"}, "evaluations": [{"subject": {"id": "ann"}}]},
        ASKED,
    ],
)
def test_the_right_on_everything_is_not_one_on_whom_it_is_denied(pdp, body):
    pdp.may(allow("doorward:Authorize"), deny("doorward:Authorize", pdp.arn("user/ann")))
    assert pdp.send(MANY, body)[0] == 403
    assert pdp.send(MANY, {"evaluations": [ASKED | {"subject": {"type": "x"}}]})[0] == 200
