"""Where other evaluators go another way than AWS's pages or AWS's recorded answers.

Each test's first line says what AWS does, the second where it says so or was seen doing it.
"""

import json

import pytest

from doorward.authz.guardrails import Membership, rcp_applies, scp_applies
from doorward.policy import Attached, Policies, Policy, Principal, PrincipalKind, Request, decide

A, MANAGEMENT = "111122223333", "444455556666"
ANN_ARN = f"arn:aws:iam::{A}:user/ann"
ROLE_ARN = f"arn:aws:iam::{A}:role/app"
SESSION_ARN = f"arn:aws:sts::{A}:assumed-role/app/run"
QUEUE = f"arn:aws:sqs:eu-west-1:{A}:q"
ANN, SESSION = Principal.from_arn(ANN_ARN), Principal.from_arn(SESSION_ARN)
ROOT = Principal.from_arn(f"arn:aws:iam::{A}:root")
FEDERATED = Principal.from_arn(f"arn:aws:sts::{A}:federated-user/carol")


def attached(kind="identity", version="2012-10-17", **elements):
    statement = {"Effect": "Allow", "Action": "*", **elements}
    if "NotResource" not in elements:
        statement.setdefault("Resource", "*")
    text = json.dumps({"Version": version, "Statement": statement})
    return Attached(Policy.parse(text, kind), kind)


ALL, NOTHING = (attached(),), (attached(Action="x:Nothing"),)


def asked(caller=ANN, action="sqs:SendMessage", resource=QUEUE, **context):
    keys = {key.replace("__", ":"): value for key, value in context.items()}
    return Request(caller, action, resource, A, keys)


def met(operator, wanted, came, version="2012-10-17", **context):
    """Whether a condition is met, as it counts in an Allow and in a Deny."""
    condition = {operator: {"aws:k": wanted}}
    request = asked(aws__k=came, **context)
    allow = attached(version=version, Condition=condition)
    deny = attached(version=version, Condition=condition, Effect="Deny")
    denied = decide(request, Policies(identity=(*ALL, deny))).outcome == "ExplicitlyDenied"
    return decide(request, Policies(identity=(allow,))).allowed, denied


YES, NO = (True, True), (False, False)


@pytest.mark.rule("5.2/session")
def test_a_grant_to_the_session_is_not_limited_by_its_session_policy():
    """A resource policy that names the session is not limited by an implicit deny elsewhere.

    Evaluation logic, permissions boundaries, policies and permissions: three pages say so.
    """
    named = (attached("resource", Principal={"AWS": SESSION_ARN}),)
    limits = Policies(resource=named, session=NOTHING, boundary=NOTHING)
    assert decide(asked(SESSION), limits).allowed


@pytest.mark.rule("5.5")
def test_a_federated_user_without_a_session_policy_has_nothing():
    """It has none of its user's permissions unless a policy is passed.

    Permissions for GetFederationToken.
    """
    assert not decide(asked(FEDERATED), Policies(identity=ALL)).allowed
    assert decide(asked(FEDERATED), Policies(identity=ALL, session=ALL)).allowed


@pytest.mark.rule("5.6")
def test_root_needs_no_policy_in_its_own_account():
    """Root has full access by default; no identity policy can be attached to it.

    Evaluation logic; policies and permissions.
    """
    assert decide(asked(ROOT), Policies()).allowed


@pytest.mark.rule("3.4/NotPrincipal")
@pytest.mark.parametrize(
    ("caller", "denied"),
    [(ANN, True), (SESSION, True), (ROOT, False)],
    ids=["user", "role", "root"],
)
def test_an_account_in_not_principal_spares_its_root_only(caller, denied):
    """With the account listed beside Bob, everyone but Bob is denied.

    NotPrincipal, its example.
    """
    listed = {"AWS": f"arn:aws:iam::{A}:root"}
    deny = (attached("resource", Effect="Deny", NotPrincipal=listed),)
    found = decide(asked(caller), Policies(identity=ALL, resource=deny))
    assert (found.outcome == "ExplicitlyDenied") is denied


@pytest.mark.rule("3.2/run-on")
def test_a_star_at_the_end_of_a_segment_runs_on():
    """`arn:aws:dynamodb:*:table/prod-*` matches a table's whole ARN.

    Resource, current text.
    """
    pattern = attached(Resource="arn:aws:dynamodb:*:table/prod-*")
    request = asked(resource=f"arn:aws:dynamodb:us-east-1:{A}:table/prod-x")
    assert decide(request, Policies(identity=(pattern,))).allowed


@pytest.mark.rule("8.6")
def test_a_variable_may_be_the_whole_resource_part():
    """The colon inside the variable separates nothing.

    Variables and tags: `arn:aws:sqs:us-east-2:*:${aws:username}-queue` is AWS's own example.
    """
    pattern = attached(Resource="arn:aws:sqs:us-east-2:*:${aws:username}-queue")
    request = asked(resource=f"arn:aws:sqs:us-east-2:{A}:ann-queue", aws__username="ann")
    assert decide(request, Policies(identity=(pattern,))).allowed


@pytest.mark.rule("8.5")
@pytest.mark.parametrize("operator", ["StringNotEquals", "StringNotLike"])
def test_a_negated_operator_is_true_where_its_variable_has_no_value(operator):
    """Text that cannot be filled in is equal to nothing.

    Variables and tags.
    """
    assert met(operator, "${aws:none}", "ann") == YES
    assert met(operator.replace("Not", ""), "${aws:none}", "ann") == NO


@pytest.mark.rule("8.1")
def test_the_old_version_has_no_variables():
    """Under 2008-10-17 `${aws:username}` is plain text.

    Version; recorded in 2026-09 by GetContextKeysForCustomPolicy.
    """
    own = attached(version="2008-10-17", Resource="arn:aws:s3:::${aws:username}")
    request = asked(resource="arn:aws:s3:::ann", aws__username="ann")
    assert not decide(request, Policies(identity=(own,))).allowed
    text = "${aws:username}"
    assert met("StringEquals", text, text, "2008-10-17", aws__username="ann") == YES


@pytest.mark.rule("4.6/Date")
def test_digits_are_seconds():
    """A date of digits only counts seconds since 1970, not milliseconds.

    Global condition keys, aws:EpochTime; recorded in 2026-09.
    """
    assert met("DateEquals", "2030-01-01T00:00:00Z", "1893456000") == YES
    assert met("DateLessThan", "2030-01-01T00:00:01Z", "1893456000000") == NO


@pytest.mark.rule("4.6/wrong-type")
@pytest.mark.parametrize(
    ("operator", "wanted", "came", "counts"),
    [
        ("NumericEquals", "1", "x", NO),
        ("NumericNotEquals", "1", "x", YES),
        ("NumericNotEquals", "x", "1", YES),
        ("DateEquals", "2030", "x", NO),
        ("DateNotEquals", "2030", "x", YES),
        ("DateNotEquals", "x", "2030", YES),
        ("IpAddress", "10.0.0.0/8", "10.0.0.1/32", NO),
        ("NotIpAddress", "10.0.0.0/8", "10.0.0.1/32", NO),
        ("NotIpAddress", "x", "10.0.0.1", YES),
        ("NotIpAddress", "x", "y", NO),
        ("ArnLike", ROLE_ARN, "x", NO),
        ("ArnNotLike", ROLE_ARN, "", NO),
        ("ArnLike", "x", ROLE_ARN, (False, True)),
        ("ArnNotLike", "x", ROLE_ARN, (False, True)),
        ("ArnLike", [ROLE_ARN, "x"], ROLE_ARN, YES),
        ("ArnLike", ["x", ROLE_ARN], ROLE_ARN, (False, True)),
    ],
)
def test_operands_of_another_type(operator, wanted, came, counts):
    """Numbers and dates are unequal to garbage; addresses and ARNs cannot be compared with it.

    Recorded in 2026-09 with session policies, in Allow and in Deny.
    """
    assert met(operator, wanted, came) == counts


@pytest.mark.rule("4.6/Numeric")
@pytest.mark.parametrize("text", ["10abc", "0x10", " 10", "NaN", "Infinity"])
def test_a_number_has_nothing_behind_it(text):
    """Text that only begins with a number is none.

    Condition operators; recorded in 2026-09 for hexadecimal, blanks, NaN and Infinity.
    """
    assert met("NumericEquals", text, text) == NO


@pytest.mark.rule("4.6/StringLike")
def test_a_question_mark_is_one_utf_16_unit():
    """A character beyond U+FFFF needs two question marks.

    Recorded in 2026-09, in StringLike, ArnLike, Resource and NotResource.
    """
    assert met("StringLike", "?", "\U00010400") == NO
    assert met("StringLike", "??", "\U00010400") == YES
    pattern = attached(Resource="arn:aws:s3:::b/??")
    request = asked(resource="arn:aws:s3:::b/\U00010400")
    assert decide(request, Policies(identity=(pattern,))).allowed


@pytest.mark.rule("4.6/StringEqualsIgnoreCase")
@pytest.mark.parametrize(
    ("left", "right", "counts"),
    [("K", "\u212a", YES), ("ß", "SS", NO), ("s", "\u017f", NO), ("ΟΣ", "ος", YES)],
)
def test_case_is_ignored_by_lower_case(left, right, counts):
    """Both sides are put in lower case; they are not case-folded.

    Recorded in 2026-09: thirteen pairs.
    """
    assert met("StringEqualsIgnoreCase", left, right) == counts


@pytest.mark.rule("4.6/IpAddress")
def test_an_ipv6_network_with_host_bits_matches_nothing():
    """Not even its own address, while IPv4 host bits are ignored.

    Recorded in 2026-09.
    """
    assert met("IpAddress", "2001:db8::5/64", "2001:db8::5") == NO
    assert met("IpAddress", "192.0.2.5/24", "192.0.2.77") == YES


@pytest.mark.rule("8.5/multi-valued")
def test_the_default_of_a_multi_valued_variable_is_not_used():
    """A variable that is a multi-valued key has no value at all.

    Recorded in 2026-09 with aws:TagKeys.
    """
    given = {"aws__TagKeys": ("team",)}
    assert met("StringEquals", "${aws:TagKeys, 'x'}", "x", **given) == NO
    assert met("StringNotEquals", "${aws:TagKeys, 'x'}", "x", **given) == YES


@pytest.mark.rule("3.2/NotResource")
def test_not_resource_with_a_valueless_variable_fails_closed():
    """An Allow does not apply, a Deny does; other evaluators let neither apply.

    AWS's wording leaves it open: ours, on the safe side.
    """
    pattern = "arn:aws:s3:::${aws:none}/*"
    assert not decide(asked(), Policies(identity=(attached(NotResource=pattern),))).allowed
    deny = attached(Effect="Deny", NotResource=pattern)
    assert decide(asked(), Policies(identity=(*ALL, deny))).outcome == "ExplicitlyDenied"


@pytest.mark.rule("4.6/unknown")
def test_an_unknown_operator_in_a_deny_denies():
    """A Deny that cannot be evaluated applies; other evaluators skip it.

    Ours, on the safe side: IAM stores no such document, and nothing is silently skipped.
    """
    assert met("StringIsh", "a", "a") == (False, True)


@pytest.mark.rule("4.7")
def test_an_empty_string_is_a_value():
    """A tag with an empty value is there, and is one element of a set.

    Recorded in 2026-09; the page on conditions calls it null.
    """
    assert met("Null", "true", "") == NO
    assert met("StringEquals", "", "") == YES
    assert met("ForAllValues:StringEquals", "a", "") == NO


@pytest.mark.rule("4.5")
@pytest.mark.parametrize("operator", ["StringEquals", "StringNotEquals", "StringEqualsIfExists"])
def test_a_multi_valued_key_without_a_set_operator_is_false(operator):
    """Even with one value, negated or not: what counts is the key, not the number of values.

    Recorded in 2026-09 with aws:TagKeys; the page only says that a set operator is needed.
    """
    assert met(operator, "a", ("a",)) == NO


@pytest.mark.rule("7.6")
def test_who_is_bound_by_organization_policies_is_not_left_to_the_caller():
    """RCPs do not reach ec2, SCPs do not reach service-linked roles.

    Organizations: resource control policies, service control policies.
    """
    member = Membership("o-abcdefghij", A, MANAGEMENT)
    linked = f"arn:aws:iam::{A}:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"
    own = f"arn:aws:sts::{A}:assumed-role/AWSServiceRoleForX/s"
    session = Principal(PrincipalKind.SESSION, own, A, linked, "AROA1")
    assert not rcp_applies(asked(action="ec2:RunInstances"), member)
    assert rcp_applies(asked(), member)
    assert not scp_applies(asked(session), member)
    assert scp_applies(asked(), member)


@pytest.mark.rule("3.2/star-request")
def test_listing_buckets_is_granted_on_every_bucket():
    """`s3:ListAllMyBuckets` takes no resource, yet is granted on `arn:aws:s3:::*`.

    Evaluation logic of 2023, its own example; no other action is.
    """
    buckets = Policies(identity=(attached(Resource="arn:aws:s3:::*"),))
    assert decide(asked(action="s3:ListAllMyBuckets", resource="*"), buckets).allowed
    assert not decide(asked(action="s3:CreateJob", resource="*"), buckets).allowed
