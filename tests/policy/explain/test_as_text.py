# ruff: noqa: E501 - text as it is printed
import json

import pytest
from tests.policy.explain.made import ANN, allow, asked, attached, cases, deny, document

from doorward.policy import Attached, Policies, Policy
from doorward.policy.explain import as_json, as_text, explain
from doorward.policy.explain.places import place_in

NO_ROLES = """{
  "Version": "2012-10-17",
  "Statement": [{
    "Sid": "NotRoles",
    "Effect": "Deny",
    "Action": "s3:*",
    "Resource": "*",
    "Condition": {"StringLike": {"aws:username": ["a*", "b*", "c*", "d*", "e*", "f*"]}}
  }]
}"""


def test_a_denial_shows_the_statement_its_conditions_and_the_way_out():
    held = Attached(Policy.parse(NO_ROLES), "NoRoles", None, "arn:aws:iam::111122223333:group/G")
    all_of_s3 = attached(document(allow("s3:*")))
    text = as_text(explain(asked(aws__username="ann"), Policies(identity=(held, all_of_s3))))
    assert (
        text
        == f"""DENIED: {ANN}  s3:GetObject  on arn:aws:s3:::b/k
  denied explicitly by identity-based policy NoRoles of arn:aws:iam::111122223333:group/G, statement "NotRoles" at line 3, column 17
       3 |   "Statement": [{{
       4 |     "Sid": "NotRoles",
       5 |     "Effect": "Deny",
       6 |     "Action": "s3:*",
       7 |     "Resource": "*",
       8 |     "Condition": {{"StringLike": {{"aws:username": ["a*", "b*", "c*", "d*", "e*", "f*"]}}}}
       9 |   }}]
  met: StringLike aws:username wants ["a*", "b*", "c*", "d*", "e*", … 1 more], the request has "ann"

To allow it:
  1. remove or narrow statement "NotRoles" of identity-based policy NoRoles of arn:aws:iam::111122223333:group/G
Or, with the policies as they are, if:
  not StringLike aws:username ["a*", "b*", "c*", "d*", "e*", … 1 more]"""
    )


def test_an_implicit_denial_shows_what_came_near_and_what_is_lacking():
    statements = [
        allow("s3:Get*", resource="arn:aws:s3:::${aws:userid}/*"),
        allow("s3:Get*", Sid="Mfa", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
        *(allow("s3:Get*", resource=f"arn:aws:s3:::other{at}/*") for at in range(2)),
    ]
    policies = Policies(identity=(attached(document(*statements)),))
    text = as_text(explain(asked(aws__MultiFactorAuthPresent="false"), policies))
    assert (
        text
        == f"""DENIED: {ANN}  s3:GetObject  on arn:aws:s3:::b/k
  denied, nothing allows it (identity-based policy)
  Near: statement "Mfa" of P allows the action, but its Condition (line 1, column 212) does not match
    not met: Bool aws:MultiFactorAuthPresent wants "true", the request has "false"
  Near: statement 0 of P allows the action, but its Resource (line 1, column 94) does not match
    no value for aws:userid
  Near: statement 2 of P allows the action, but its Resource (line 1, column 316) does not match
  Near: 1 more statements

To allow it:
  1. add to an identity-based policy:
     {{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/k"}}
Or, with the policies as they are, if:
  Bool aws:MultiFactorAuthPresent "true"
An MFA device may well be registered; the key says whether this session was started with it,
and long-term access keys carry no such key at all."""
    )


def test_what_no_policy_can_allow_is_said():
    request = asked(None, "iam:DeletePolicy", "arn:aws:iam::aws:policy/ReadOnlyAccess")
    everyone = attached(document(allow("*", Principal="*")), "resource")
    text = as_text(explain(request, Policies(resource=(everyone,))))
    assert text.startswith("DENIED: an anonymous caller  iam:DeletePolicy")
    assert text.endswith("No policy can allow this.")


def test_an_allowed_request_shows_what_allows_it():
    wants = {
        "StringEquals": {"aws:username": "${aws:username}"},
        "ForAnyValue:StringEquals": {"aws:TagKeys": ["a"]},
    }
    held = attached(document(allow(Condition=wants, Sid="S" * 200)))
    text = as_text(
        explain(asked(aws__username="a", aws__TagKeys=["a"]), Policies(identity=(held,)))
    )
    head, _, rest = text.partition("\n")
    assert head.startswith("ALLOWED: ")
    assert '      "Effect": "Allow",' in rest
    assert 'met: ForAnyValue:StringEquals aws:TagKeys wants "a", the request has ["a"]' in text
    assert "To allow it" not in text


def test_unreadable_documents_have_no_lines():
    broken = as_text(explain(asked(), Policies(identity=(attached("{"),))))
    assert "could not evaluate the document" in broken


def test_many_denials_conditions_and_alternatives_fit_on_a_screen():
    wants = {"StringEquals": {f"aws:PrincipalTag/t{at}": "x" for at in range(30)}}
    denials = [
        deny(Sid=f"D{at}", Condition={"StringNotEquals": {f"aws:PrincipalTag/d{at}": "x"}})
        for at in range(40)
    ]
    near = [allow(Condition=wants | {"Bool": {"aws:SecureTransport": f"{at}"}}) for at in range(40)]
    policies = Policies(
        identity=(attached(document(*near)), attached(document(*denials), name="D"))
    )
    text = as_text(explain(asked(), policies))
    assert len(text.splitlines()) <= 40
    assert max(map(len, text.splitlines())) < 2_000
    assert (
        '  5. remove or narrow statement "D4" of identity-based policy D\n  … and 35 more statements that deny\n'
        in text
    )
    assert "  41. add to an identity-based policy:\n" in text
    assert " and … 36 more" in text


def test_a_statement_with_many_conditions_shows_some():
    wants = {"StringNotEquals": {f"aws:PrincipalTag/t{at}": "x" for at in range(7)}}
    allowed = as_text(
        explain(asked(), Policies(identity=(attached(document(allow(Condition=wants))),)))
    )
    assert allowed.count("met: StringNotEquals") == 5
    assert allowed.endswith("  … 2 more conditions")


@pytest.mark.parametrize("level", [0, 1])
def test_a_level_is_named(level):
    full = (attached(document(allow("*")), "scp"),)
    none = (attached(document(allow("ec2:*")), "scp"),)
    levels = (none, full) if level == 0 else (full, none)
    text = as_text(explain(asked(), Policies(scp=levels, identity=full)))
    assert f"add to a service control policy at level {level + 1} from the root:" in text


def test_every_case_has_text_and_json_that_say_the_same():
    for request, policies in cases():
        explanation = explain(request, policies)
        found = json.loads(json.dumps(as_json(explanation)))
        assert found["decision"] == explanation.decision.outcome
        assert found["text"] in as_text(explanation)
        assert [step["layer"] for step in found["steps"]] == [
            step.layer for step in explanation.steps
        ]


def test_json_names_every_part():
    policies = Policies(
        identity=(attached(document(deny(Sid="No"))),),
        scp=((attached(document(allow("*")), "scp"),),),
    )
    found = as_json(explain(asked(aws__TagKeys=["a"]), policies))
    assert found["changes"] == [
        {
            "layer": "identity",
            "level": None,
            "policy": {"name": "P", "arn": None, "type": "identity", "attached_to": None},
            "remove": {"sid": "No", "index": 0, "effect": "Deny", "line": 1, "column": 41},
            "add": None,
        },
        {
            "layer": "identity",
            "level": None,
            "policy": None,
            "remove": None,
            "add": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/k"},
        },
    ]
    assert found["allowed_if"] is None
    assert found["missing_context_keys"] == []


def test_json_says_where_conditions_and_failing_elements_stand():
    wants = {"Bool": {"aws:SecureTransport": "true"}}
    held = attached(json.dumps(document(allow(Condition=wants), allow(resource="x")), indent=1))
    one, two = as_json(explain(asked(), Policies(identity=(held,))))["steps"][0]["statements"]
    assert one["failed"] == {"element": "Condition", "line": 8, "column": 17}
    assert (one["conditions"][0]["line"], one["conditions"][0]["column"]) == (10, 29)
    assert two["failed"] == {"element": "Resource", "line": 17, "column": 16}


@pytest.mark.parametrize(
    ("text", "path", "place"),
    [
        ('{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}', ("Resource",), (1, 56)),
        ('{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}', ("Sid",), None),
        ('{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}', ("Action", "x"), None),
        ("{", ("Action",), None),
    ],
)
def test_what_is_not_there_has_no_place(text, path, place):
    assert place_in(attached(text).policy.statements[0], *path) == place


def test_missing_keys_are_those_that_are_asked_and_not_there():
    wants = {
        "StringEquals": {"aws:username": "${aws:userid}"},
        "Null": {"AWS:TokenIssueTime": "true"},
        "NoSuch": {"aws:SourceIp": "x"},
    }
    statements = [allow(Condition=wants), allow(resource="arn:aws:s3:::${aws:PrincipalTag/a}")]
    policies = Policies(identity=(attached(document(*statements)),))
    found = explain(asked(aws__username="ann"), policies).missing
    assert found == ("aws:userid", "aws:tokenissuetime", "aws:principaltag/a")
