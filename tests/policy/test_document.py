import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.errors import PolicyError
from doorward.policy import Attached, Policies, Policy, Principal, Request, decide
from doorward.policy.document import KINDS
from doorward.policy.grammar import check

ALLOW = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def text_of(statement=ALLOW, **top):
    return json.dumps({"Version": "2012-10-17", "Statement": statement, **top})


def test_the_same_text_is_one_value():
    assert Policy.parse(text_of()) is Policy.parse(text_of())
    assert Policy.parse(text_of()) is not Policy.parse(text_of(), "boundary")
    large = text_of([{**ALLOW, "Sid": "x" * 9000}])
    assert Policy.parse(large) is Policy.parse(large)


@pytest.mark.rule("3", "4.6")
def test_elements_are_kept():
    made = Policy.parse(
        text_of(
            {
                "Sid": "One",
                "Effect": "Deny",
                "NotPrincipal": {"AWS": "1", "Service": ["a.b"]},
                "NotAction": "s3:Get",
                "NotResource": ["a", "b"],
                "Condition": {"Bool": {"k": True}, "NumericEquals": {"n": [1, "2", 1.50]}},
                "Unknown": {},
            },
            Id="doc",
        ),
        "resource",
    )
    (one,) = made.statements
    assert (made.id, made.version, made.kind) == ("doc", "2012-10-17", "resource")
    assert (one.sid, one.index, one.effect) == ("One", 0, "Deny")
    assert (one.actions, one.not_actions) == (None, ("s3:Get",))
    assert (one.resources, one.not_resources) == (None, ("a", "b"))
    assert one.principals is None
    assert one.not_principals == {"AWS": ("1",), "Service": ("a.b",)}
    assert [c.values for c in one.conditions] == [("true",), ("1", "2", "1.5")]
    assert one.raw["Unknown"] == {}
    assert (one.line, one.column, one.end_line) == (1, 41, 1)
    assert one.end_column == len(made.text) - len(', "Id": "doc"}') + 1
    assert "One" in repr(one)
    assert "resource" in repr(made)


@pytest.mark.rule("8.1")
def test_a_missing_version_is_the_oldest():
    assert Policy.parse(json.dumps({"Statement": ALLOW})).version == "2008-10-17"


@pytest.mark.rule("3")
@pytest.mark.parametrize(
    ("text", "kind", "reason", "path", "line", "column"),
    [
        ("[]", "identity", "a policy is a JSON object", "", 1, 1),
        ("{", "identity", "expected a name in double quotes", "", 1, 2),
        ('{"a":NaN}', "identity", "expected a value before NaN", "", 1, 6),
        ('{"a":1,"a":1}', "identity", "stands twice", "", 1, 8),
        ("[" * 100_000, "identity", "nested deeper", "", 1, 33),
        ('{"Version":"2099-01-01"}', "identity", "Version is", "Version", 1, 12),
        ('{"Version":[]}', "identity", "Version is", "Version", 1, 12),
        ("{}", "identity", "a policy needs a Statement", "Statement", 1, 1),
        ('{"Statement":[1]}', "identity", "a statement is an object", "Statement[0]", 1, 15),
        ('{"Statement":{}}', "identity", "Effect is", "Statement.Effect", 1, 14),
        ('{"Statement":{"Effect":[]}}', "identity", "Effect is", "Statement.Effect", 1, 24),
        (text_of({**ALLOW, "NotAction": "x"}), "identity", "exclude each other", None, 1, None),
        (text_of({"Effect": "Allow"}), "identity", "needs Action or NotAction", None, 1, None),
        (text_of({"Effect": "Allow", "Action": "*"}), "scp", "needs Resource", None, 1, None),
        (text_of(), "resource", "needs Principal or NotPrincipal", None, 1, None),
        (text_of({**ALLOW, "Principal": []}), "resource", '"*" or an object', None, 1, None),
        (
            text_of({**ALLOW, "Principal": {"*": []}}),
            *("resource", "no type of principal", "Statement.Principal.*", 1, None),
        ),
        (text_of({**ALLOW, "Action": 1}), "identity", "Action is a string", None, 1, None),
        (text_of({**ALLOW, "Action": [1]}), "identity", "Action is a string", None, 1, None),
        (text_of({**ALLOW, "Action": None}), "identity", "Action is a string", None, 1, None),
        (text_of({**ALLOW, "Condition": []}), "identity", "Condition is an object", None, 1, None),
        (text_of({**ALLOW, "Condition": {"Bool": 1}}), "identity", "condition keys", None, 1, None),
        (
            text_of({**ALLOW, "Condition": {"Bool": {"k": [None]}}}),
            *("identity", "a string, a number or a boolean", "Statement.Condition.Bool.k", 1, None),
        ),
        (text_of(), "nonsense", "is not a kind", "", 0, 0),
    ],
)
def test_what_cannot_be_evaluated_is_refused_with_its_place(text, kind, reason, path, line, column):
    with pytest.raises(PolicyError) as caught:
        Policy.parse(text, kind)
    error = caught.value
    assert reason in error.reason
    assert path is None or error.path == path
    assert error.line == line
    assert column is None or error.column == column


@pytest.mark.rule("4.6/unreadable")
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_an_unreadable_document_denies_everything(kind):
    broken = Policy.parse_or_deny("{", kind)
    (one,) = broken.statements
    assert (one.line, one.end_column) == (0, 0)
    attached = (Attached(broken, "broken"),)
    every = (Attached(Policy.parse(text_of()), "all"),)
    layer = "resource" if kind == "trust" else kind
    given = {"identity": every, layer: (attached,) if kind in {"scp", "rcp"} else attached}
    ann = Principal.from_arn("arn:aws:iam::111122223333:user/ann")
    decision = decide(Request(ann, "s3:Get", "*", "111122223333", {}), Policies(**given))
    assert decision.outcome == "ExplicitlyDenied"
    assert decision.reason.startswith("could not evaluate the document: line 1")


def test_text_that_only_the_fast_reader_refuses_is_refused(monkeypatch):
    monkeypatch.setattr("doorward.policy.document.read", lambda text: text)
    with pytest.raises(PolicyError, match="the document is not JSON"):
        Policy.parse("{{")


def test_a_readable_document_is_simply_read():
    assert Policy.parse_or_deny(text_of()) is Policy.parse(text_of())


words = st.sampled_from(
    [
        "Version",
        "2012-10-17",
        "Statement",
        "Effect",
        "Allow",
        "Deny",
        "Action",
        "Resource",
        "*",
        "Principal",
        "NotAction",
        "Condition",
        "ArnLike",
        "Null",
        "s3:Get?",
        "arn:aws:s3:::${a}",
    ]
)
documents = st.recursive(
    words | st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=5),
    max_leaves=20,
)
statements = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Deny"]), "Action": words, "Resource": words},
    optional={
        "Principal": documents,
        "Condition": st.dictionaries(
            st.sampled_from(["ArnLike", "IpAddress", "Null", "NumericEquals", "Odd"]),
            st.dictionaries(words, st.text(max_size=5) | st.lists(st.text(max_size=3)), max_size=2),
            max_size=2,
        ),
        "Other": documents,
    },
)
texts = (
    st.text(max_size=30)
    | documents.map(json.dumps)
    | statements.map(lambda one: json.dumps({"Version": "2012-10-17", "Statement": one}))
)


@given(texts, st.sampled_from(sorted(KINDS)), st.text(max_size=5))
def test_no_input_raises_anything_but_a_policy_error(text, kind, asked):
    for strict in (Policy.parse, check):
        with contextlib.suppress(PolicyError):
            strict(text, kind)
    made = (Attached(Policy.parse_or_deny(text, kind), "p"),)
    request = Request(Principal.from_arn(None), asked, asked, asked, {"s3:Get?": asked})
    assert decide(request, Policies(resource=made)).outcome


@given(statements)
def test_what_may_be_stored_can_be_evaluated(statement):
    text = json.dumps({"Statement": statement})
    try:
        check(text)
    except PolicyError:
        return
    assert Policy.parse(text).statements
