import pytest
from tests.analysis.validate.documents import on_resource, policy, statement, trust

from doorward.analysis.validate import findings, gaps, kind_guess, not_checked
from doorward.errors import PolicyError


def test_there_are_kinds_and_no_others():
    with pytest.raises(PolicyError, match="not a kind"):
        findings(policy(statement()), "group")


def test_every_fault_is_told_and_in_the_order_of_the_text():
    text = policy(statement(Effect="allow", Action="s3:GetObjct", Resource="box"), Version="2013")
    codes = [finding.code for finding in findings(text, "identity")]
    assert codes == ["INVALID_VERSION", "INVALID_EFFECT", "INVALID_ACTION", "INVALID_ARN_PREFIX"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (policy(statement()), "identity"),
        (policy(on_resource()), "resource"),
        (policy(statement(NotPrincipal={"AWS": "123456789012"})), "resource"),
        (policy(trust()), "trust"),
        (policy(trust(Action="STS:assumerolewithsaml")), "trust"),
        (policy(statement(Action="sts:AssumeRole")), "identity"),
        ("no policy", "identity"),
        ("[]", "identity"),
    ],
)
def test_the_kind_is_guessed(text, kind):
    assert kind_guess(text) == kind


@pytest.mark.parametrize(
    ("elements", "unknown"),
    [
        ({}, ()),
        ({"Action": "*", "Resource": "*"}, ()),
        ({"Action": "CodeStar:*"}, ("actions of CodeStar",)),
        ({"Action": "s4:Get"}, ()),
        ({"Action": None, "NotAction": "codestar:*"}, ("actions of codestar",)),
        ({"Resource": "arn:aws:codestar:*:*:x"}, ("resources of codestar",)),
        ({"Resource": "arn:aws:*:*:*:x"}, ()),
    ],
)
def test_what_nothing_is_known_about_is_named(elements, unknown):
    assert gaps(policy(statement(**elements)), "identity") == unknown


def test_a_service_principal_that_is_not_known_is_named():
    text = policy(on_resource(Principal={"Service": "logging.s3.amazonaws.com"}))
    assert gaps(text, "resource") == ("the service principal logging.s3.amazonaws.com",)


def test_text_that_is_no_json_has_no_gaps():
    assert gaps("{", "identity") == ()


def test_what_is_not_checked_depends_on_the_kind():
    assert "UNSUPPORTED_ACTION_IN_POLICY" in not_checked("resource")
    assert "UNSUPPORTED_ACTION_IN_POLICY" not in not_checked("identity")
