import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.catalog.managed_policies import facts
from doorward.errors import PolicyError
from doorward.policy import Policy
from doorward.policy.document import KINDS
from doorward.policy.faults import phase
from doorward.policy.grammar import check

ROLE = "arn:aws:iam::111122223333:role/a"
ORIGIN = "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1ABC"
IDENTITY = {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::b/*"}
RESOURCE = {**IDENTITY, "Principal": "*"}
TRUST = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": ROLE}}
RCP = {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Principal": "*"}
GOOD = {"trust": TRUST, "rcp": RCP, "resource": RESOURCE, "endpoint": RESOURCE}


def refusal(statement, kind="identity", **top):
    text = json.dumps({"Version": "2012-10-17", "Statement": statement, **top})
    with pytest.raises(PolicyError) as caught:
        check(text, kind)
    assert caught.value.line == 1
    return caught.value


def accepts(statement, kind="identity", version="2012-10-17"):
    check(json.dumps({"Version": version, "Statement": statement}), kind)
    return True


def without(statement, name):
    return {key: value for key, value in statement.items() if key != name}


def test_a_missing_comma_is_pointed_at():
    text = """{
  "Version": "2012-10-17",
  "Statement": [
    {
    "Effect": "Allow"
    "Principal": {
      "Service": "ec2.amazonaws.com"
      },
      "Action": "sts:AssumeRole"
    }
]
}"""
    with pytest.raises(PolicyError) as caught:
        check(text, "trust")
    error = caught.value
    assert (error.reason, error.line, error.column) == ("expected ',' before \"Principal\"", 6, 5)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_good_document_of_each_kind(kind):
    statement = GOOD.get(kind, IDENTITY)
    assert accepts([statement, {**statement, "Sid": ""}, {**statement, "Sid": ""}], kind)
    check(Policy.parse(json.dumps({"Statement": statement}), kind))


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize(
    "name", ["Effect", "Action", "Resource", "Principal"], ids=lambda name: f"without {name}"
)
def test_what_a_statement_needs(kind, name):
    statement = GOOD.get(kind, IDENTITY)
    if name in statement:
        assert refusal(without(statement, name), kind).reason == f"a statement needs {name}"


@pytest.mark.rule("3")
@pytest.mark.parametrize(
    ("kind", "change", "reason", "path"),
    [
        ("identity", {"Principal": "*"}, "does not belong", "Principal"),
        ("scp", {"NotPrincipal": "*"}, "does not belong", "NotPrincipal"),
        ("trust", {"Resource": "*"}, "does not belong", "Resource"),
        ("trust", {"NotPrincipal": "*"}, "does not belong", "NotPrincipal"),
        ("rcp", {"NotAction": "s3:*"}, "does not belong", "NotAction"),
        ("rcp", {"NotPrincipal": "*"}, "does not belong", "NotPrincipal"),
        ("identity", {"NotAction": "s3:*"}, "excludes Action", "NotAction"),
        ("identity", {"NotResource": "*"}, "excludes Resource", "NotResource"),
        ("resource", {"NotPrincipal": {"AWS": ROLE}}, "excludes Principal", "NotPrincipal"),
        ("identity", {"Effect": "allow"}, 'Effect is "Allow" or "Deny"', "Effect"),
        ("identity", {"Effect": []}, 'Effect is "Allow" or "Deny"', "Effect"),
        ("rcp", {"Effect": "Allow"}, 'Effect is "Deny"', "Effect"),
        ("identity", {"Sid": "a b"}, "letters and digits", "Sid"),
        ("identity", {"Sid": 1}, "Sid is a string", "Sid"),
        ("identity", {"Effects": 1}, 'unknown element "Effects"', "Effects"),
        ("identity", {"Action": []}, "a list of at least one", "Action"),
        ("identity", {"Action": {}}, "a list of at least one", "Action"),
        ("identity", {"Action": 1}, "a string or a list", "Action"),
        ("identity", {"Action": "*x"}, "begins with its service", "Action"),
        ("identity", {"Action": "*:*"}, "is not a service", "Action"),
        ("identity", {"Action": "s3:"}, "not the name of an action", "Action"),
        ("identity", {"Action": "s3:Get:x"}, "not the name of an action", "Action"),
        ("identity", {"Action": ":Get"}, "is not a service", "Action"),
        ("identity", {"Action": "\u212ams:*"}, "is not a service", "Action"),
        ("identity", {"Resource": "arn:aws:\u017f3:::b"}, "is written out", "Resource"),
        ("trust", {"Action": "iam:*"}, "actions of sts only", "Action"),
        ("trust", {"Action": "*"}, "actions of sts only", "Action"),
        ("rcp", {"Action": "*"}, "control policies act on", "Action"),
        ("rcp", {"Action": "iam:*"}, "control policies act on", "Action"),
        ("identity", {"Resource": "bucket"}, "begins with arn:", "Resource"),
        ("identity", {"Resource": "arn:aws"}, "begins with arn:", "Resource"),
        ("identity", {"Resource": "arn:foo:s3:::b"}, "not a partition", "Resource"),
        ("identity", {"Resource": "arn:aws:s*:::b"}, "written out", "Resource"),
        ("identity", {"Resource": "arn:aws::::b"}, "written out", "Resource"),
        ("identity", {"Resource": "arn:aws:${a}:::b"}, "before the account", "Resource"),
        ("identity", {"Resource": "arn"}, "begins with arn:", "Resource"),
        ("identity", {"Resource": "a:aws:s3:::b"}, "begins with arn:", "Resource"),
        ("identity", {"Resource": "arn:aws:"}, "written out", "Resource"),
        ("identity", {"Resource": "arn:aws:sqs::q"}, "has all six parts", "Resource"),
        ("identity", {"Resource": "arn:aws:s3:eu-west-1:1:b/*"}, "no region", "Resource"),
        ("identity", {"Resource": "arn:aws:s3:b"}, "no region", "Resource"),
        ("identity", {"Resource": "arn:aws:iam:x::user/a"}, "no region", "Resource"),
        ("identity", {"Resource": "arn:aws:iam::*:*/a"}, 'no resource "*/a"', "Resource"),
        ("identity", {"Resource": "arn:aws:iam::*:role"}, 'no resource "role"', "Resource"),
        ("identity", {"Resource": "arn:aws:iam:::"}, 'no resource ""', "Resource"),
        ("trust", {"Principal": "*"}, 'may not name "*" alone', "Principal"),
        ("resource", {"Principal": []}, '"*" or an object', "Principal"),
        ("resource", {"Principal": {}}, "names at least one", "Principal"),
        ("resource", {"Principal": {"AWS": []}}, "a list of at least one", "Principal.AWS"),
        ("resource", {"Principal": {"Who": "x"}}, "not a type", "Principal.Who"),
        ("resource", {"Principal": {"AWS": "arn:aws:iam::1:user/*"}}, "", "Principal.AWS"),
        ("resource", {"Principal": {"AWS": "1234567890"}}, "not a principal", "Principal.AWS"),
        ("trust", {"Principal": {"AWS": ORIGIN}}, "not a principal", "Principal.AWS"),
        ("resource", {"Principal": {"Service": "*"}}, "not a service", "Principal.Service"),
        ("trust", {"Principal": {"Federated": "*"}}, "a domain name", "Principal.Federated"),
        ("trust", {"Principal": {"CanonicalUser": "a" * 64}}, "64", "Principal.CanonicalUser"),
        ("rcp", {"Principal": {"AWS": ROLE}}, '"*" or {"AWS": "*"}', "Principal"),
        ("rcp", {"Principal": {"AWS": ["*"]}}, '"*" or {"AWS": "*"}', "Principal"),
        ("rcp", {"Principal": ["*"]}, '"*" or an object', "Principal"),
        ("identity", {"Condition": []}, "an object of operators", "Condition"),
        (
            "identity",
            {"Condition": {"Odd": {"k": []}}},
            "not a condition operator",
            "Condition.Odd",
        ),
        ("identity", {"Condition": {"NullIfExists": {"k": "1"}}}, "", "Condition.NullIfExists"),
        ("identity", {"Condition": {"Bool": 1}}, "object of condition keys", "Condition.Bool"),
        ("identity", {"Condition": {"Bool": {"k": {}}}}, "expected a value", "Condition.Bool.k"),
        ("identity", {"Condition": {"Bool": {"k": [[]]}}}, "a string", "Condition.Bool.k"),
        ("identity", {"Condition": {"Bool": {"a:k": None}}}, "a boolean", "Condition.Bool.a:k"),
    ],
)
def test_what_is_refused(kind, change, reason, path):
    error = refusal([{**GOOD.get(kind, IDENTITY), **change}], kind)
    assert reason in error.reason
    assert error.path == f"Statement[0].{path}"
    assert error.column > 1


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("identity", {"Action": "*"}),
        ("identity", {"Action": ["IAM:get?ser", "s3:*", "s3.s:Get", "iam: as it is "]}),
        ("identity", {"Resource": ["*", "arn:aws:s3*", "arn:*:s3:::b", "arn:aws-cn:s3:::b"]}),
        ("identity", {"Resource": "arn:aws:s3:::${aws:username}/*"}),
        ("identity", {"Resource": "arn:aws:kms:*:${aws:PrincipalAccount}:key/*"}),
        ("identity", {"Resource": "arn:aws:iam::${aws:PrincipalAccount}:role/a"}),
        ("identity", {"Resource": ["arn:aws:iam", "arn:aws:iam:*", "arn:aws:iam:*:*:*"]}),
        ("identity", {"Resource": ["arn:aws:iam::1:root", "arn:aws:iam:*:1:mfa/*"]}),
        ("identity", {"Resource": "arn:aws:dynamodb:*:table/prod-*"}),
        ("identity", {"Resource": ["arn:aws:s3::::b/*", "arn:aws:s3:*:*:b"]}),
        ("identity", {"Resource": "arn:aws:s3:eu-west-1:111122223333:accesspoint/a"}),
        ("identity", {"Condition": {"Odd": {}, "Bool": {"k": "true", "l": []}}}),
        ("identity", {"Condition": {}}),
        ("identity", {"Condition": {"Null": {"aws:k": "yes"}, "Bool": {"aws:k": True}}}),
        ("identity", {"Condition": {"NumericEquals": {"aws:k": [1, "01", "1e0"]}}}),
        ("identity", {"Condition": {"ForAnyValue:StringLikeIfExists": {"aws:k": "*"}}}),
        ("identity", {"Condition": {"ArnLike": {"aws:k": ["*", "${aws:x}", ROLE]}}}),
        ("resource", {"Sid": "With blanks"}),
        ("resource", {"Effect": "Deny", "Principal": "*"}),
        ("resource", {"Principal": {"AWS": ["*", "111122223333", ROLE, "AROAEXAMPLE"]}}),
        ("resource", {"Principal": {"CanonicalUser": "0a" * 32}}),
        ("trust", {"Principal": {"AWS": "*"}}),
        ("trust", {"Principal": {"Service": ["ec2.amazonaws.com"]}}),
        ("trust", {"Principal": {"Federated": "accounts.google.com"}}),
        ("trust", {"Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/x"}}),
        ("rcp", {"Principal": {"AWS": "*"}}),
        ("rcp", {"Action": "S3:Nothing"}),
    ],
)
def test_what_is_accepted(kind, change):
    assert accepts({**GOOD.get(kind, IDENTITY), **change}, kind)


def test_more_that_is_accepted():
    assert accepts({**without(RCP, "Resource"), "NotResource": "arn:aws:s3:::b"}, "rcp")
    assert accepts({**IDENTITY, "Resource": "arn:aws:sqs:${a}::b"}, version="2008-10-17")
    deny = {**without(RESOURCE, "Principal"), "Effect": "Deny", "NotPrincipal": {"AWS": ROLE}}
    assert accepts(deny, "resource")


@pytest.mark.rule("3.4/NotPrincipal-allow")
def test_an_allow_may_not_name_everyone_but_somebody():
    allow = {**without(RESOURCE, "Principal"), "NotPrincipal": {"AWS": ROLE}}
    assert refusal(allow, "resource").reason == "NotPrincipal stands in a Deny only"


LATER = [
    ("effect-case", {"Effect": "allow"}),
    ("value", {"Condition": {"DateLessThan": {"aws:CurrentTime": "soon"}}}),
    ("resource-legacy", {"Resource": "arn:aws:s3::b"}),
    ("sid-form", {"Sid": "a b"}),
    ("principal-not-allowed", {"Principal": "*"}),
    ("no-action", {"Action": []}),
    ("no-resource", {"Resource": []}),
    ("resource-form", {"Resource": "b"}),
    ("resource-partition", {"Resource": "arn:b"}),
    ("resource-vendor", {"Resource": "arn:aws"}),
    ("resource-region", {"Resource": "arn:aws:s3:x::b"}),
    ("resource-region-iam", {"Resource": "arn:aws:iam:x::b"}),
    ("resource-path", {"Resource": "arn:aws:iam:::b"}),
    ("action-vendor", {"Action": "Get"}),
    ("action-colons", {"Action": "s3:Get:x"}),
    ("vendor", {"Action": "a a:Get"}),
]


@given(st.lists(st.sampled_from(LATER), min_size=1, max_size=6))
def test_the_first_fault_of_the_earliest_phase_is_told(faults):
    told = min(faults, key=lambda each: phase(each[0]))
    error = refusal([{**IDENTITY, **change} for _, change in faults])
    assert error.fault == told[0]
    assert error.path.startswith(f"Statement[{faults.index(told)}]")


@pytest.mark.parametrize(("word", "change"), LATER)
def test_wrong_syntax_is_told_before_anything_else(word, change):
    assert refusal({**IDENTITY, **change}).fault == word
    error = refusal([{**IDENTITY, **change}, {**IDENTITY, "Effects": 1}])
    assert (error.fault, error.value) == ("element", "Effects")


def test_actions_are_missed_before_resources():
    assert refusal({"Effect": "Allow", "Action": []}).fault == "no-action"


def test_the_text_at_fault_goes_with_the_error():
    error = refusal({**IDENTITY, "Resource": ["*", 'a "b"']})
    assert error.value == 'a "b"'
    assert refusal(without(IDENTITY, "Action")).value == ""


def test_what_aws_itself_stores_is_accepted():
    documents = [fact.document for fact in facts()]
    assert len(documents) > 1500
    for document in documents:
        check(document, "identity")


@pytest.mark.rule("10/sid")
def test_sids_are_unique_in_iam():
    twice = [{**IDENTITY, "Sid": "A"}] * 2
    assert refusal(twice).path == "Statement[1].Sid"
    assert accepts([{**RESOURCE, "Sid": "A"}] * 2, "resource")


@pytest.mark.parametrize(
    ("text", "kind", "reason"),
    [
        ("[]", "identity", "a policy is a JSON object"),
        ('{"Version": "2012-10-17"}', "identity", "a policy needs a Statement"),
        ('{"Statement": []}', "identity", "a list of at least one"),
        ('{"Statement": 1}', "identity", "a list of at least one"),
        ('{"Statement": [[]]}', "identity", "a statement is an object"),
        ('{"Version": "2013-10-17"}', "identity", "Version is 2012-10-17 or"),
        ('{"Version": 2012}', "identity", "Version is 2012-10-17 or"),
        ('{"Versions": 1}', "identity", 'unknown element "Versions"'),
        ('{"Id": 1}', "identity", "Id is a string"),
        ('{"Id": "a", "Id": "b"}', "identity", "stands twice"),
        ("{}", "nonsense", "is not a kind"),
    ],
)
def test_whole_documents(text, kind, reason):
    with pytest.raises(PolicyError) as caught:
        check(text, kind)
    assert reason in caught.value.reason


@pytest.mark.parametrize(
    ("operator", "value", "identity", "session"),
    [
        ("NumericEquals", "NaN", False, True),
        ("NumericEquals", "text", False, True),
        ("NumericEquals", "01", True, True),
        ("DateEquals", "text", False, True),
        ("ArnLike", "text", False, True),
        ("IpAddress", "text", False, True),
        ("BinaryEquals", "text!", False, False),
        ("BinaryEquals", "YQ==", True, True),
        ("Bool", "TRUE", True, True),
        ("Bool", "yes", True, True),
        ("Null", "TRUE", True, True),
        ("Null", "yes", True, True),
        ("IpAddress", "192.000.002.0/24", True, True),
        ("IpAddress", "192.0.2.0/024", True, True),
        ("IpAddress", "192.0.2.0/+24", True, True),
        ("IpAddress", "192.0.2.5/24", True, True),
        ("IpAddress", "2001:DB8::/064", True, True),
        ("IpAddress", "::ffff:c000:200/120", True, True),
        ("IpAddress", "2001:db8:::1/128", True, True),
        ("IpAddress", "2001:db8::1:/128", True, True),
        ("IpAddress", "192.0.2.0/33", False, True),
        ("IpAddress", "2001:db8::/129", False, True),
        ("IpAddress", "::ffff:192.0.2.0/120", False, True),
        ("IpAddress", "2001:db8::5/64", False, True),
        ("IpAddress", "2001:db8::1/0", False, True),
    ],
)
def test_typed_values(operator, value, identity, session):
    for kind, stored in (("identity", identity), ("session", session)):
        statement = {**IDENTITY, "Condition": {operator: {"aws:k": value}}}
        if stored:
            assert accepts(statement, kind)
        else:
            error = refusal(statement, kind)
            assert error.path == f"Statement.Condition.{operator}.aws:k"


def test_a_buckets_policy_may_name_an_origin_access_identity():
    accepts({**RESOURCE, "Principal": {"AWS": ORIGIN}}, "resource")
