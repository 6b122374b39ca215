import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PolicyError
from doorward.policy import Layer, Outcome, PrincipalKind, decide
from doorward.policy.cases import case_id, read_case

ALLOW = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}


def a_case(**changes):
    """A case that is allowed; dots in a name lead inside, `None` as `...` removes the field."""
    case = {
        "id": "one",
        "request": {
            "principal": "arn:aws:iam::111122223333:user/ann",
            "action": "s3:GetObject",
            "resource": "arn:aws:s3:::letters/1",
            "resource_account": "111122223333",
            "context": {},
        },
        "policies": {
            "identity": [ALLOW],
            "resource": None,
            "boundary": None,
            "session": None,
            "endpoint": None,
            "scp": [],
            "rcp": [],
        },
    }
    for path, value in changes.items():
        *outer, name = path.split("__")
        place = case
        for step in outer:
            place = place[step]
        if value is ...:
            del place[name]
        else:
            place[name] = value
    return json.dumps(case)


def outcome(line):
    case = read_case(line)
    return decide(case.request, case.policies).outcome


def test_a_case_is_a_request_and_its_policies():
    case = read_case(a_case(request__context={"aws:TagKeys": ["a"], "aws:SourceIp": "10.0.0.1"}))
    assert case.id == "one"
    assert case.request.principal.kind is PrincipalKind.USER
    assert case.request.context == {"aws:tagkeys": ("a",), "aws:sourceip": "10.0.0.1"}
    assert case.policies.identity[0].name == "identity[0]"
    assert decide(case.request, case.policies).allowed


def test_what_is_null_is_not_there():
    case = read_case(a_case(request__principal=None))
    assert case.request.principal.kind is PrincipalKind.ANONYMOUS
    for kind in ("resource", "boundary", "session", "endpoint"):
        assert getattr(case.policies, kind) is None


@pytest.mark.parametrize(
    ("changes", "decided"),
    [
        ({"policies__boundary": [{**ALLOW, "Statement": []}]}, Outcome.IMPLICITLY_DENIED),
        ({"policies__session": []}, Outcome.IMPLICITLY_DENIED),
        ({"policies__endpoint": [{**ALLOW, "Statement": []}]}, Outcome.IMPLICITLY_DENIED),
        ({"policies__scp": [[ALLOW], []]}, Outcome.IMPLICITLY_DENIED),
        ({"policies__scp": [[ALLOW], [ALLOW]]}, Outcome.ALLOWED),
        ({"policies__rcp": [[]]}, Outcome.ALLOWED),
        ({"policies__identity": []}, Outcome.IMPLICITLY_DENIED),
    ],
)
def test_every_type_of_policy_has_its_say(changes, decided):
    assert outcome(a_case(**changes)) is decided


def test_a_level_of_policies_is_named_by_its_place():
    case = read_case(a_case(policies__scp=[[ALLOW], [ALLOW, ALLOW]]))
    assert [[one.name for one in level] for level in case.policies.scp] == [
        ["scp[0][0]"],
        ["scp[1][0]", "scp[1][1]"],
    ]


@pytest.mark.parametrize(
    ("action", "layer"), [("sts:AssumeRole", Layer.TRUST), ("kms:Decrypt", Layer.RESOURCE)]
)
def test_the_policy_of_a_role_is_a_trust_policy(action, layer):
    policy = {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "x:y"}}
    line = a_case(
        request__action=action,
        request__resource="arn:aws:iam::444455556666:role/r",
        request__resource_account="444455556666",
        policies__resource=policy,
    )
    case = read_case(line)
    assert decide(case.request, case.policies).layer is layer


def test_an_action_that_takes_no_resource_is_asked_of_everything():
    line = a_case(request__wildcard_only_action=True)
    assert read_case(line).request.resource == "*"
    line = a_case(request__wildcard_only_action=False)
    assert read_case(line).request.resource == "arn:aws:s3:::letters/1"


UNREADABLE = [
    "no policy",
    7,
    None,
    {},
    {"Version": "2030-01-01", "Statement": []},
    {"Statement": {"Effect": "Perhaps", "Action": "*", "Resource": "*"}},
]


@pytest.mark.parametrize("document", UNREADABLE)
@pytest.mark.parametrize("kind", ["identity", "boundary", "session", "endpoint"])
def test_a_policy_that_cannot_be_read_denies(document, kind):
    case = read_case(a_case(**{f"policies__{kind}": [document]}))
    decision = decide(case.request, case.policies)
    assert decision.outcome is Outcome.EXPLICITLY_DENIED
    assert "could not evaluate" in decision.reason


def test_a_name_that_stands_twice_in_a_policy_denies():
    doubled = '{"Statement": [], "Statement": {"Effect":"Allow","Action":"*","Resource":"*"}}'
    line = a_case(policies__identity=["HERE"]).replace('"HERE"', doubled)
    assert outcome(line) is Outcome.EXPLICITLY_DENIED


def test_a_policy_keeps_its_own_text():
    text = '{ "Version":"2012-10-17", "Statement" : [ ] , "Id":1.50 }'
    line = a_case(policies__identity=["HERE"]).replace('"HERE"', text)
    assert read_case(line).policies.identity[0].policy.text == text


def test_blanks_are_no_part_of_a_case():
    line = json.dumps(json.loads(a_case(policies__scp=[[ALLOW], [ALLOW]])), indent="\t")
    assert outcome(f" {line}\r\n") is Outcome.ALLOWED


NO_CASES = [
    ({"id": 7}, "id", "expected a string"),
    ({"id": ...}, "id", "missing"),
    ({"request": []}, "request", "expected an object"),
    ({"request": ...}, "request", "missing"),
    ({"request__principal": 7}, "request.principal", "expected a string or null"),
    ({"request__principal": "ann"}, "request.principal", "'ann' is not a principal"),
    ({"request__principal": ...}, "request.principal", "missing"),
    ({"request__action": "GetObject"}, "request.action", "expected service:Action"),
    ({"request__action": "s3:*"}, "request.action", "expected service:Action"),
    ({"request__action": 7}, "request.action", "expected service:Action"),
    ({"request__resource": "letters"}, "request.resource", "expected an ARN or *"),
    ({"request__resource_account": "1"}, "request.resource_account", "expected twelve digits"),
    ({"request__resource_account": None}, "request.resource_account", "expected twelve digits"),
    ({"request__context": []}, "request.context", "expected an object"),
    (
        {"request__context": {"a:b": 7}},
        "request.context.a:b",
        "expected a string or a list of strings",
    ),
    (
        {"request__context": {"a:b": ["x", True]}},
        "request.context.a:b",
        "expected a string or a list of strings",
    ),
    (
        {"request__context": {"a:b": "1", "A:B": "2"}},
        "request.context.A:B",
        "the key stands twice",
    ),
    (
        {"request__wildcard_only_action": "yes"},
        "request.wildcard_only_action",
        "expected true or false",
    ),
    ({"request__principle": "x"}, "request.principle", "unknown field"),
    ({"policies__scps": []}, "policies.scps", "unknown field"),
    ({"policies__scp": ...}, "policies.scp", "missing"),
    ({"policies__scp": None}, "policies.scp", "expected a list"),
    ({"policies__scp": [ALLOW]}, "policies.scp[0]", "expected a list"),
    ({"policies__identity": None}, "policies.identity", "expected a list"),
    ({"policies__identity": ALLOW}, "policies.identity", "expected a list"),
    ({"policies__boundary": []}, "policies.boundary", "expected null or a list of one"),
    ({"policies__endpoint": [ALLOW] * 2}, "policies.endpoint", "expected null or a list of one"),
    ({"settings": {"strict": True}}, "settings", "there are no settings"),
    ({"note": "x"}, "note", "unknown field"),
]


@pytest.mark.parametrize(("changes", "path", "reason"), NO_CASES)
def test_what_is_no_case_is_said_with_its_place(changes, path, reason):
    with pytest.raises(PolicyError) as caught:
        read_case(a_case(**changes))
    assert (caught.value.path, caught.value.reason) == (path, reason)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "not JSON"),
        ("[]", "expected an object"),
        ("{", "not JSON"),
        ('{"id": NaN}', "not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ('{"id": "a", "id": "b"}', "stands twice"),
    ],
)
def test_a_line_that_is_no_object_is_no_case(line, reason):
    with pytest.raises(PolicyError, match=reason):
        read_case(line)


@pytest.mark.parametrize(
    "optional", [{"settings": None}, {"settings": {}}, {"tags": ["x"], "expected": "Allowed"}]
)
def test_what_may_be_there_may(optional):
    assert outcome(a_case(**optional)) is Outcome.ALLOWED


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (a_case(note=1), "one"),
        (a_case(id=7), None),
        ("[]", None),
        ("{", None),
        ("[" * 100_000, None),
    ],
)
def test_a_line_that_is_no_case_may_still_say_its_id(line, found):
    assert case_id(line) == found


@given(st.text() | st.text(alphabet='{}[]":,\\ id1 tn', max_size=40))
def test_any_text_is_a_case_or_refused(line):
    try:
        read_case(line)
    except PolicyError:
        return
    raise AssertionError("no such text is a case")
