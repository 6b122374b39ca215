import json
from contextlib import suppress
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.house import raises_aws

from doorward.policy.faults import Phase, phase
from doorward.services.iam.documents import _IDENTITY, refuse_malformed
from doorward.services.iam.errors import MalformedPolicyDocument

GOOD = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
TRUST = {
    "Effect": "Allow",
    "Principal": {"Service": "ec2.amazonaws.com"},
    "Action": "sts:AssumeRole",
}
SYNTAX = "Syntax errors in policy."
LEGACY = "The policy failed legacy parsing"
VENDOR = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
RESOURCE_FORM = 'Resource b must be in ARN format or "*".'
SID_FORM = (
    "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular "
    "expression [0-9A-Za-z]*"
)
MISSING_COMMA = """{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow"
      "Principal": {"Service": "ec2.amazonaws.com"},
      "Action": "sts:AssumeRole"
    }
  ]
}"""


def document(*statements, **top):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)} | top)


def but(statement, *gone, **changed):
    return {name: value for name, value in (statement | changed).items() if name not in gone}


def refusal(text, kind="identity", *, explain=False):
    with pytest.raises(MalformedPolicyDocument) as caught:
        refuse_malformed(SimpleNamespace(explain=explain), text, kind)
    return caught.value.message


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("This is not a json document", SYNTAX),
        ("{}", SYNTAX),
        (document(), SYNTAX),
        (document(GOOD, Version="2013-10-17"), SYNTAX),
        (document(GOOD, Extra="value"), SYNTAX),
        (document(but(GOOD, Extra="value")), SYNTAX),
        (document(but(GOOD, "Effect")), SYNTAX),
        (document(but(GOOD, Effect="Maybe")), SYNTAX),
        (document(but(GOOD, Effect="allow")), LEGACY),
        (document(but(GOOD, NotAction="s3:*")), SYNTAX),
        (document(but(GOOD, "Action")), "Policy statement must contain actions."),
        (document(but(GOOD, Action=[])), "Policy statement must contain actions."),
        (document(but(GOOD, "Resource")), "Policy statement must contain resources."),
        (document(but(GOOD, Resource=[])), "Policy statement must contain resources."),
        (document(but(GOOD, "Action", NotAction=[])), "Policy statement must contain actions."),
        (document(but(GOOD, Action="invalid")), VENDOR),
        (document(but(GOOD, Action=["s3:*", "invalid"])), VENDOR),
        (
            document(but(GOOD, Action="s3:Get:Object")),
            "Actions/Condition can contain only one colon.",
        ),
        (document(but(GOOD, Action="a a:Get")), "Vendor a a is not valid"),
        (
            document(but(GOOD, Action="s*:Get")),
            "Action vendors (e.g., aws, ec2, etc.) must not contain wildcards.",
        ),
        (
            document(but(GOOD, Resource="my-bucket")),
            'Resource my-bucket must be in ARN format or "*".',
        ),
        (
            document(but(GOOD, Resource=["*", "{value}"])),
            'Resource {value} must be in ARN format or "*".',
        ),
        (document(but(GOOD, Resource="")), 'Resource  must be in ARN format or "*".'),
        (
            document(but(GOOD, Resource="arn:error:s3:::b")),
            'Partition "error" is not valid for resource "arn:error:s3:::b".',
        ),
        (
            document(but(GOOD, Resource="arn:aws")),
            "Resource vendor must be fully qualified and cannot contain regexes.",
        ),
        (
            document(but(GOOD, Resource="arn:aws:s*:::b")),
            "Resource vendor must be fully qualified and cannot contain regexes.",
        ),
        (
            document(but(GOOD, Resource="x:{y}:s3")),
            'Partition "{y}" is not valid for resource "arn:{y}:s3:*:*:*".',
        ),
        (
            document(but(GOOD, Resource="arn:aws:s3:eu-west-1:1:b")),
            "Resource arn:aws:s3:eu-west-1:1:b can not contain region information.",
        ),
        (document(but(GOOD, Resource="arn:aws:s3::b")), LEGACY),
        (document(but(GOOD, "Action", Effect="allow")), LEGACY),
        (document(but(GOOD, Action="a a:Get", Resource="b")), RESOURCE_FORM),
        (document(TRUST | GOOD), "Policy document should not specify a principal."),
        (
            document(GOOD | {"NotPrincipal": {"AWS": "*"}}),
            "Policy document should not specify a principal.",
        ),
        (
            document(but(GOOD, Sid="not-good")),
            SID_FORM,
        ),
        (
            document(but(GOOD, Sid="a"), but(GOOD, Sid="a")),
            "Statement IDs (SID) in a single policy must be unique.",
        ),
        (document(but(GOOD, Condition={"Bogus": {"aws:username": "a"}})), SYNTAX),
        (
            document(but(GOOD, Condition={"DateLessThan": {"aws:CurrentTime": "soon"}})),
            LEGACY,
        ),
        (
            document(but(GOOD, Condition={"NumericEquals": {"s3:max-keys": "NaN"}})),
            LEGACY,
        ),
    ],
)
def test_each_fault_of_an_identity_policy_has_awss_sentence(text, sentence):
    assert refusal(text) == sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "This policy contains invalid Json"),
        (MISSING_COMMA, "This policy contains invalid Json"),
        (document(but(TRUST, Resource="*")), "Has prohibited field Resource"),
        (document(but(TRUST, NotResource="*")), "Has prohibited field NotResource"),
        (
            document(but(TRUST, "Principal", NotPrincipal={"AWS": "*"})),
            "Has prohibited field NotPrincipal",
        ),
        (document(but(TRUST, "Principal")), "Missing required field Principal"),
        (document(but(TRUST, "Effect")), "Missing required field Effect"),
        (document(but(TRUST, "Action")), "Missing required field Action"),
        (document(but(TRUST, **{"Odd.Name": 1})), "Unknown field Odd.Name"),
        (document(TRUST, Comment="why"), "Unknown field Comment"),
    ],
)
def test_each_fault_of_a_trust_policy_has_awss_sentence(text, sentence):
    assert refusal(text, "trust") == sentence


def test_a_prohibited_field_may_span_lines():
    text = json.dumps({"Version": "2012-10-17", "Statement": TRUST | {"Resource": ["*"]}}, indent=2)
    assert refusal(text, "trust") == "Has prohibited field Resource"


def test_the_place_of_the_fault_follows_the_sentence():
    assert refusal(MISSING_COMMA, "trust", explain=True) == (
        "This policy contains invalid Json (line 6, column 7: expected ',' before \"Principal\")"
    )


def test_a_good_document_is_let_through():
    refuse_malformed(SimpleNamespace(explain=True), document(GOOD))
    refuse_malformed(SimpleNamespace(explain=True), document(TRUST), "trust")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["Effect", "Action", "Resource", "Sid", "AWS", "{x}", "Condition"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@given(VALUES | st.builds(lambda s: {"Version": "2012-10-17", "Statement": s}, VALUES))
def test_no_document_makes_anything_but_this_error(value):
    for kind in ("identity", "trust"):
        with suppress(MalformedPolicyDocument):
            refuse_malformed(SimpleNamespace(explain=True), json.dumps(value), kind)


@pytest.mark.parametrize("version", ["2008-10-17", None])
def test_a_managed_policy_is_of_the_newer_version(house, version):
    old = {"Statement": [GOOD]} | ({"Version": version} if version else {})
    message = "Policy document must be version 2012-10-17 or greater."
    with raises_aws("MalformedPolicyDocument", message):
        house.iam.create_policy(PolicyName="Old", PolicyDocument=json.dumps(old))


@pytest.mark.parametrize("word", sorted(_IDENTITY))
def test_a_fault_with_a_sentence_of_its_own_comes_after_the_version(word):
    assert phase(word) is not Phase.SYNTAX


def test_a_client_is_told_the_place(house):
    with raises_aws(
        "MalformedPolicyDocument",
        "Policy statement must contain actions. (line 1, column 41: a statement needs Action)",
    ):
        house.iam.create_policy(PolicyName="p", PolicyDocument=document(but(GOOD, "Action")))
