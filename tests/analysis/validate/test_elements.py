import json

import pytest
from tests.analysis.validate.documents import ROLE, on_resource, policy, statement, trust

from doorward.analysis.validate import CHECKS, Severity, findings
from doorward.analysis.validate.likeness import nearest
from doorward.analysis.validate.networks import cleaned, is_private
from doorward.analysis.validate.registry import check

NO_RESOURCE = "arn:aws:s3::::"


def errors(text, kind="identity"):
    return [each for each in findings(text, kind) if each.severity is Severity.ERROR]


def on(arn, action="*"):
    return policy(statement(Action=action, Resource=arn))


@pytest.mark.parametrize(
    "arn",
    [
        "*",
        "arn:aws:s3*",
        "arn:aws:s3:::box/${aws:username}",
        "arn:aws:s3:us-west-2:123456789012:accesspoint/in",
        "arn:aws:sqs:us-east-2:*:${aws:username}-queue",
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
        "arn:aws:iam::123456789012:role/path/to/app",
        "arn:aws-cn:ec2:cn-north-1:123456789012:instance/*",
        "arn:aws:ec2:eu-south-9:123456789012:instance/i-1",
        "arn:aws:ssm:eu-west-1::document/AWS-RunShellScript",
        "arn:aws:codestar:eu-west-1:123456789012:project/x",
        "arn:aws:kms:*:*:key/*",
    ],
)
def test_an_arn_that_is_right_is_no_error(arn):
    assert errors(on(arn)) == []


@pytest.mark.parametrize(
    ("arn", "code", "mended"),
    [
        ("arn:aws:s3:box", "MISSING_ARN_FIELD", "arn:aws:s3:::box"),
        ("arn:aws:sqs:box", "MISSING_ARN_FIELD", None),
        ("arn:aws:iam::ann", "MISSING_ARN_FIELD", None),
        ("arn:amazon:s3:::box", "INVALID_PARTITION", "arn:aws:s3:::box"),
        ("arn:aw:s3:${a}::box", "INVALID_PARTITION", None),
        ("arn:aws-cn:sqs:eu-west-1:123456789012:q", "INVALID_ARN_REGION", None),
        ("arn:aws:sqs:us-est-1:123456789012:q", "INVALID_ARN_REGION", "-1:123456789012:q"),
        (NO_RESOURCE, "INVALID_ARN_RESOURCE", None),
        ("arn:aws:dynamodb:*:*:tabel/x", "INVALID_ARN_RESOURCE", None),
        ("arn:aws:iam::123456789012::user/ann", "INVALID_ARN_RESOURCE", "12:user/ann"),
        ("arn:aws:sqs:*:*::q:w:e", "INVALID_ARN_RESOURCE", ":*:*:q:w:e"),
        ("box", "INVALID_ARN_PREFIX", None),
    ],
)
def test_an_arn_that_is_wrong_is_told_in_one_way(arn, code, mended):
    first = errors(on(arn))[0]
    assert first.code == code
    assert bool(first.fixes) is (mended is not None)
    assert mended is None or mended in first.fixes[0].text


def test_several_regions_are_offered_where_several_are_alike():
    (finding,) = errors(on("arn:aws:sqs:us-est-1:123456789012:q"))
    offered = [fix.text.split(":")[3] for fix in finding.fixes]
    assert {"us-east-1", "us-west-1"} <= set(offered)


def test_an_action_begins_with_its_service():
    (finding,) = errors(on("*", "GetObject"))
    assert (finding.code, finding.fixes) == ("INVALID_ACTION", ())


@pytest.mark.parametrize(
    ("action", "resource", "mismatch"),
    [
        ("s3:ListBucket", "arn:aws:s3:::box/*", True),
        ("s3:ListBucket", "arn:aws:s3:::box*", False),
        ("s3:GetObject", "arn:aws:s3:::box", True),
        ("s3:GetObject", "arn:aws:s3:::*", False),
        ("s3:GetObject", "*", False),
        ("s3:ListAllMyBuckets", "arn:aws:s3:::box", True),
        ("s3:ListBucket", "arn:aws:codestar:::x", False),
        ("s3:*", "arn:aws:iam::123456789012:role/app", False),
    ],
)
def test_which_actions_act_on_what(action, resource, mismatch):
    codes = [each.code for each in findings(on(resource, action), "identity")]
    assert ("action-resource-mismatch" in codes) is mismatch


def test_a_statement_alone_is_parted_into_a_list_and_its_name_stays_unique():
    one = statement(Sid="Read", Action=["s3:ListAllMyBuckets", "s3:GetObject"])
    text = json.dumps({"Version": "2012-10-17", "Statement": one})
    (finding,) = findings(text, "identity")
    listing, getting = json.loads(finding.fixes[0].applied(text))["Statement"]
    assert (listing["Sid"], listing["Resource"]) == ("Read2", "*")
    assert (getting["Sid"], getting["Action"]) == ("Read", "s3:GetObject")


def test_there_is_no_second_statement_without_a_second_action():
    (finding,) = findings(on("arn:aws:s3:::box/*", "s3:ListBucket"), "identity")
    assert finding.fixes == ()


@pytest.mark.parametrize(
    ("text", "kind", "paths"),
    [
        ("[]", "identity", [""]),
        (
            '{"Version": 1, "Id": [], "Statement": [7]}',
            "identity",
            ["Version", "Id", "Statement[0]"],
        ),
        (
            policy(statement(Sid=1, Effect=[])),
            "identity",
            ["Statement[0].Effect", "Statement[0].Sid"],
        ),
        (policy(statement(Resource={})), "identity", ["Statement[0].Resource"]),
        (policy(on_resource(Principal={"AWS": 7})), "resource", ["Statement[0].Principal.AWS"]),
        (policy(statement(Condition=[])), "identity", ["Statement[0].Condition"]),
        (policy(statement(Condition={"Bool": 1})), "identity", ["Statement[0].Condition.Bool"]),
        (
            policy(statement(Condition={"Bool": {"aws:SecureTransport": [None, {}]}})),
            "identity",
            [
                "Statement[0].Condition.Bool.aws:SecureTransport[0]",
                "Statement[0].Condition.Bool.aws:SecureTransport[1]",
            ],
        ),
    ],
)
def test_a_wrong_type_is_told_where_it_stands(text, kind, paths):
    found = [each for each in findings(text, kind) if each.code == "DATA_TYPE_MISMATCH"]
    assert sorted(each.where for each in found) == sorted(paths)


def test_a_statement_without_a_policy_is_wrapped():
    text = json.dumps(statement())
    finding = next(each for each in findings(text, "identity") if each.code == "MISSING_STATEMENT")
    assert findings(finding.fixes[0].applied(text), "identity") == ()


def test_an_object_that_is_no_statement_is_not_wrapped():
    codes = {each.code: each.fixes for each in findings('{"Stament": []}', "identity")}
    assert codes["MISSING_STATEMENT"] == ()
    assert codes["INVALID_POLICY_ELEMENT"][0].text == '"Statement"'


def test_an_empty_list_of_statements_is_none():
    (finding,) = errors('{"Version": "2012-10-17", "Statement": []}')
    assert (finding.code, finding.where) == ("MISSING_STATEMENT", "Statement")


@pytest.mark.parametrize("operator", ["StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"])
def test_no_operator_ignores_case_and_takes_wildcards(operator):
    text = policy(statement(Condition={operator: {"aws:username": "a*"}}))
    (finding,) = findings(text, "identity")
    assert (finding.code, finding.fixes) == ("WILDCARD_WITHOUT_LIKE_OPERATOR", ())


def test_a_variable_without_version_is_plain_text():
    text = policy(statement(Resource="arn:aws:s3:::box/${aws:username}/${tag}"), Version=None)
    (finding,) = errors(text)
    assert (finding.code, finding.fixes) == ("VARIABLE_UNSUPPORTED_IN_VERSION", ())


def test_a_wildcard_is_no_service_of_an_arn():
    codes = [each.code for each in findings(on("arn:aws:s*:::box"), "identity")]
    assert "WILDCARD_IN_SERVICE_NAME" in codes


def test_a_session_is_beside_its_role_only_where_that_is_a_role():
    text = policy(trust(Principal={"AWS": ["x:role/app", "x:assumed-role/app/one", ROLE]}))
    codes = [each.code for each in findings(text, "trust")]
    assert "REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY" not in codes


@pytest.mark.parametrize(
    ("text", "private", "mended"),
    [
        ("10.0.0.0/8", True, None),
        ("10.1.2.3", True, None),
        ("172.31.0.0/16", True, None),
        ("172.16.0.0/11", False, "172.0.0.0/11"),
        ("fd00::/8", True, None),
        ("2001:db8::/32", False, None),
        ("9.1.2.3/8", False, "9.0.0.0/8"),
        ("no range", False, None),
    ],
)
def test_ranges(text, private, mended):
    assert is_private(text) is private
    assert cleaned(text) == mended


@pytest.mark.parametrize(
    ("word", "found"), [("alow", "Allow"), ("DENY", "Deny"), ("maybe", None), ("x" * 99, None)]
)
def test_the_nearest_word(word, found):
    assert nearest(word, ("Allow", "Deny")) == found


def test_a_code_is_entered_once_and_with_a_meaning():
    def nothing(_):
        """Say nothing."""

    with pytest.raises(TypeError, match="entered twice"):
        check("INVALID_ACTION", Severity.ERROR)(nothing)
    nothing.__doc__ = None
    with pytest.raises(TypeError, match="without a docstring"):
        check("NO_SUCH_CODE", Severity.ERROR)(nothing)
    assert "NO_SUCH_CODE" not in CHECKS
