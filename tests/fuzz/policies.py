"""Documents, contexts and requests from bytes: for Hypothesis and for a coverage-guided fuzzer."""

import json
from random import Random

from doorward.catalog import managed_policies
from doorward.errors import PolicyError
from doorward.policy import Attached, Policies, Policy, Principal, Request, decide
from doorward.policy.document import KINDS
from doorward.policy.explain import as_json, as_text, describe, explain
from doorward.policy.grammar import check

A = "111122223333"
CALLERS = (
    f"arn:aws:iam::{A}:user/ann",
    f"arn:aws:iam::{A}:role/app",
    f"arn:aws:sts::{A}:assumed-role/app/run",
    f"arn:aws:sts::{A}:federated-user/carol",
    f"arn:aws:iam::{A}:root",
    "lambda.amazonaws.com",
    None,
)
PIECES = (
    *('"', "\\", "\\ud800", "\x00", "{", "}", "[", "]", ",", ":", "null", "1e999", "NaN", "-0"),
    *("*", "?", "${", "}", "${aws:k}", "${*}", "${aws:k, 'd'}", "arn:", "::::::", "\ufeff", "😀"),
    *("ForAllValues:", "IfExists", "Null", "Not", "Condition", "2008-10-17", "\u0130", "' '"),
)
KINDS_IN_ORDER = sorted(KINDS)
WIDE = Attached(
    Policy.parse('{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'), "wide"
)


def real():
    """Every tenth policy that AWS manages, and one that has everything."""
    yield from (one.document for one in managed_policies.facts()[::10])
    yield json.dumps(
        {
            "Version": "2012-10-17",
            "Id": "all",
            "Statement": {
                "Sid": "A",
                "Effect": "Deny",
                "NotPrincipal": {"AWS": [A, CALLERS[0]], "Service": "x.amazonaws.com"},
                "NotAction": ["s3:Get*", "iam:?et"],
                "NotResource": "arn:aws:s3:::${aws:k, 'x'}/*",
                "Condition": {
                    "ForAllValues:StringLikeIfExists": {"aws:k": ["a*", "${aws:k}"]},
                    "NumericLessThan": {"aws:n": 1},
                    "IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "2001:db8::/32"]},
                    "DateGreaterThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"},
                    "ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/?"},
                    "BinaryEquals": {"b": "YQ=="},
                    "Bool": {"b": True},
                    "Null": {"b": "true"},
                },
            },
        }
    )


def changed_text(text, chance):
    """The text with a few pieces put in, taken out or repeated."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(text))
        put = chance.choice([chance.choice(PIECES), "", text[at : at + chance.randint(0, 40)]])
        text = text[:at] + put + text[at + chance.choice((0, 1, len(put), 9)) :]
    return text


def changed_value(value, chance):
    """The JSON value with one of its parts turned into something else."""
    if isinstance(value, dict) and value and chance.random() < 0.8:
        key = chance.choice(sorted(value))
        name = key if chance.random() < 0.8 else changed_text(key, chance)
        rest = {other: one for other, one in value.items() if other != key}
        return {**rest, name: changed_value(value[key], chance)}
    if isinstance(value, list) and value and chance.random() < 0.8:
        at = chance.randrange(len(value))
        return [*value[:at], changed_value(value[at], chance), *value[at + 1 :]]
    if isinstance(value, str) and chance.random() < 0.7:
        return changed_text(value, chance)
    return chance.choice((None, True, 0, 1.5, "", [], {}, [value], {"AWS": value}, [[]], "Deny"))


def examine(text, chance):
    """Read, judge and explain this text as a policy; only a `PolicyError` may come out of it."""
    kind = chance.choice(KINDS_IN_ORDER)
    stored, read = is_taken(check, text, kind), is_taken(Policy.parse, text, kind)
    assert read or not stored, "what may be stored can be judged"
    judge(text, kind, chance)


def is_taken(read, text, kind):
    """Whether it is taken; a refusal has its place."""
    refusal = None
    try:
        read(text, kind)
    except PolicyError as error:
        refusal = error
    assert refusal is None or refusal.line >= 1, refusal
    return refusal is None


def judge(text, kind, chance):
    """A decision with this policy in some place; what cannot be read denies all."""
    odd = Attached(Policy.parse_or_deny(text, kind), "odd", "arn:aws:iam::aws:policy/odd", A)
    policies = placed(odd, kind)
    request = asked(chance)
    decision = decide(request, policies)
    unread = any(one.fault for one in odd.policy.statements)
    if unread and is_read(request, kind):
        assert decision.outcome == "ExplicitlyDenied", decision
    explanation = explain(request, policies)
    assert describe(decision)
    assert as_text(explanation)
    json.dumps(as_json(explanation))


def placed(odd, kind):
    """The policy where its kind belongs, beside an identity policy that allows everything."""
    if kind in {"scp", "rcp"}:
        return Policies(identity=(WIDE,), **{kind: ((odd,),)})
    layer = "resource" if kind == "trust" else kind
    return Policies(**{"identity": (WIDE,), layer: (odd,)})


def is_read(request, kind):
    """Whether policies of this kind are read for such a caller and action."""
    outside = request.principal.kind in {"service", "anonymous"}
    if request.folded == "sts:getcalleridentity" and not outside:
        return False
    return not outside or kind in {"resource", "trust", "endpoint", "rcp"}


def asked(chance):
    """A request that is odd in every part now and then."""
    actions = ("s3:GetObject", "iam:PassRole", "sts:GetCallerIdentity", "kms:Decrypt", ":", "", "*")
    resources = ("*", "arn:aws:s3:::b/x", "arn:aws:iam::1:role/a", "arn", "", ":" * 9, "\ud800?")
    values = ("a", "", "1", "10.0.0.1", "2030", "\ud800", "x" * 99, ("a", ""), (), "arn:aws:x")
    keys = ("aws:k", "aws:n", "b", "aws:SourceIp", "aws:CurrentTime", "aws:PrincipalArn", "")
    context = {key: chance.choice(values) for key in keys if chance.random() < 0.6}
    caller = Principal.from_arn(chance.choice(CALLERS))
    return Request(caller, chance.choice(actions), chance.choice(resources), A, context)


def from_bytes(data):
    """One examination from a fuzzer's bytes: some choose the request, the rest are the text."""
    chance = Random(int.from_bytes(data[:4], "little"))
    examine(data[4:].decode("utf-8", "surrogateescape"), chance)
