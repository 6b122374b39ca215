"""Whatever the document: findings, never an exception; and no refusal goes untold."""

import json
from functools import cache

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.analysis.validate.error_cases import ERRORS
from tests.analysis.validate.other_cases import OTHERS

from doorward.analysis.validate import Severity, findings, gaps, kind_guess
from doorward.catalog.managed_policies import facts
from doorward.errors import PolicyError
from doorward.policy.document import KINDS
from doorward.policy.grammar import check

QUICK = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
NAMES = [
    "Version",
    "Statement",
    "Effect",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Principal",
    "NotPrincipal",
    "Condition",
    "Sid",
    "Id",
    "AWS",
    "Service",
    "Federated",
    "StringLike",
    "ForAllValues:StringEquals",
    "BoolIfExists",
    "Null",
    "IpAddress",
    "ArnLike",
    "NumericLessThan",
    "aws:SourceIp",
    "aws:PrincipalTag",
    "aws:MultiFactorAuthPresent",
    "aws:userid",
    "s3:prefix",
    "aws:TagKeys",
]
TEXTS = [
    "Allow",
    "Deny",
    "*",
    "iam:*",
    "s3:",
    ":",
    "arn",
    "arn:",
    "arn:aws:s3:::",
    "arn:aws:iam::*:",
]
TEXTS += [
    "2012-10-17",
    "${",
    "${}",
    "${*",
    "${a, 'b}",
    "10.0.0.0/8",
    "1/1",
    "sts:AssumeRole",
    "",
    "true",
]
KIND = st.sampled_from(sorted(KINDS))
TEXT = st.sampled_from(TEXTS) | st.text(max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES) | TEXT, inner, max_size=5)
    ),
    max_leaves=12,
)
STATEMENTS = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6)


@cache
def documents():
    """Policies of AWS, and those of the checks' own tests."""
    own = [
        text for case in (*ERRORS.values(), *OTHERS.values()) for text in (case.trips, case.clean)
    ]
    return own + [fact.document for fact in facts()[::16] if len(fact.document) < 3000]


def judged(text, kind):
    found = findings(text, kind)
    for finding in found:
        start, end = finding.span
        assert 0 <= start.offset <= end.offset <= len(text)
        for fix in finding.fixes:
            fix.applied(text)
    gaps(text, kind)
    kind_guess(text)
    return found


@QUICK
@given(VALUES, KIND)
def test_any_json_gives_findings(value, kind):
    judged(json.dumps(value), kind)


@QUICK
@given(st.lists(STATEMENTS, max_size=3), KIND, st.sampled_from(["2012-10-17", "2008-10-17"]))
def test_anything_like_a_policy_gives_findings(statements, kind, version):
    judged(json.dumps({"Version": version, "Statement": statements}), kind)


@QUICK
@given(st.data(), KIND, TEXT)
def test_a_policy_with_a_piece_replaced_gives_findings(data, kind, piece):
    text = data.draw(st.sampled_from(documents()))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 20)))
    judged(text[:start] + piece + text[end:], kind)


@QUICK
@given(st.lists(STATEMENTS, min_size=1, max_size=2), KIND)
def test_what_storing_refuses_is_an_error(statements, kind):
    text = json.dumps({"Version": "2012-10-17", "Statement": statements})
    told = any(finding.severity is Severity.ERROR for finding in judged(text, kind))
    try:
        check(text, kind)
    except PolicyError:
        assert told


@QUICK
@given(st.text(max_size=40), KIND)
def test_any_text_gives_findings(text, kind):
    judged(text, kind)
