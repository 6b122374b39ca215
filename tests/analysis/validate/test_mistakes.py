"""Mistakes that texts about IAM print, as they print them, and what they are told."""

import json

import pytest

from doorward.analysis.validate import findings, kind_guess

MFA_FRAGMENT = """"Condition": {
  "BoolIfExists": {
    "aws:MultiFactorAuthPresent": "true"
  }
}
"""
DENY_WITHOUT_MFA = """{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Deny",
      "Action": "*",
      "Resource": "*",
      "Condition": {
        "BoolIfExists": {
          "aws:MultiFactorAuthPresent": false
        }
      }
    }
  ]
}
"""
NO_COMMA = """{
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
}
"""
FOUR_COLONS = """{
  "Version": "2012-10-17",
  "Statement": [
  {
    "Effect": "Allow",
    "Action": [
      "s3:ListBucket",
      "s3:GetObject"
    ],
    "Resource": "arn:aws:s3::::my-bucket/*"
    }
  ]
}
"""
TRUST = """{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {
        %s
      },
      "Action": "%s"
    }
  ]
}
"""
PLACEHOLDER = TRUST % ('"AWS": "arn:aws:iam::ACCOUNT-B-ID:root"', "sts:AssumeRole")
TEN_DIGITS = TRUST % ('"AWS": "arn:aws:iam::1234567890:root"', "sts:AssumeRole")
CROSS_ACCOUNT = TRUST % ('"AWS": "arn:aws:iam::123456789012:root"', "sts:AssumeRole")
GOOGLE = TRUST % ('"Federated": "accounts.google.com"', "sts:AssumeRoleWithWebIdentity")


def one(text, code):
    (finding,) = [each for each in findings(text, kind_guess(text)) if each.code == code]
    return finding


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (MFA_FRAGMENT, ["JSON_SYNTAX_ERROR"]),
        (DENY_WITHOUT_MFA, ["mfa-enforce-lockout", "use-string-for-bool"]),
        (NO_COMMA, ["JSON_SYNTAX_ERROR"]),
        (FOUR_COLONS, ["action-resource-mismatch", "INVALID_ARN_RESOURCE"]),
        (PLACEHOLDER, ["INVALID_ARN_ACCOUNT", "role-trust-no-external-id-or-mfa"]),
        (TEN_DIGITS, ["INVALID_ARN_ACCOUNT", "role-trust-no-external-id-or-mfa"]),
        (CROSS_ACCOUNT, ["role-trust-no-external-id-or-mfa"]),
        (GOOGLE, ["MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL"]),
    ],
)
def test_a_printed_mistake_is_told_and_nothing_else(text, codes):
    assert [finding.code for finding in findings(text, kind_guess(text))] == codes


def test_a_missing_comma_is_placed():
    finding = one(NO_COMMA, "JSON_SYNTAX_ERROR")
    assert finding.message == "Not JSON: expected ',' before \"Principal\"."
    assert finding.span.start[:2] == (6, 5)
    (fix,) = finding.fixes
    assert '"Effect": "Allow",\n' in fix.applied(NO_COMMA)
    assert not findings(fix.applied(NO_COMMA), "trust")


@pytest.mark.practice("M-02")
def test_a_fragment_is_wrapped_in_a_statement_and_its_own_mistake_shows():
    finding = one(MFA_FRAGMENT, "JSON_SYNTAX_ERROR")
    assert finding.span.start[:2] == (1, 12)
    (fix,) = finding.fixes
    wrapped = fix.applied(MFA_FRAGMENT)
    (statement,) = json.loads(wrapped)["Statement"]
    assert list(statement) == ["Effect", "Action", "Resource", "Condition"]
    assert one(wrapped, "mfa-condition-fails-open").fixes


@pytest.mark.practice("M-01", "S000-16")
def test_mfa_that_is_not_required_is_shown_in_two_forms_that_require_it():
    text = one(MFA_FRAGMENT, "JSON_SYNTAX_ERROR").fixes[0].applied(MFA_FRAGMENT)
    fixes = one(text, "mfa-condition-fails-open").fixes
    allow, deny = (json.loads(fix.applied(text))["Statement"][0] for fix in fixes)
    assert allow["Condition"] == {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    assert deny["Condition"] == {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
    assert (allow["Effect"], deny["Effect"]) == ("Allow", "Deny")


@pytest.mark.practice("M-10")
def test_a_deny_without_mfa_is_offered_with_what_sets_mfa_up_left_out():
    (fix,) = one(DENY_WITHOUT_MFA, "mfa-enforce-lockout").fixes
    (statement,) = json.loads(fix.applied(DENY_WITHOUT_MFA))["Statement"]
    assert "Action" not in statement
    assert {"iam:EnableMFADevice", "sts:GetSessionToken"} <= set(statement["NotAction"])


def test_a_colon_too_many_is_taken_out():
    finding = one(FOUR_COLONS, "INVALID_ARN_RESOURCE")
    assert finding.practice == "invalid-arn"
    assert finding.fixes[0].text == '"arn:aws:s3:::my-bucket/*"'


def test_an_action_on_a_bucket_is_parted_from_one_on_its_objects():
    (fix,) = one(FOUR_COLONS, "action-resource-mismatch").fixes
    mended = fix.applied(FOUR_COLONS)
    listing, getting = json.loads(mended)["Statement"]
    assert (listing["Action"], listing["Resource"]) == ("s3:ListBucket", "arn:aws:s3:::my-bucket")
    assert (getting["Action"], getting["Resource"]) == ("s3:GetObject", "arn:aws:s3:::my-bucket/*")
    assert not findings(mended, "identity")


def test_a_placeholder_is_named():
    assert '"ACCOUNT-B-ID"' in one(PLACEHOLDER, "INVALID_ARN_ACCOUNT").message
    assert '"1234567890"' in one(TEN_DIGITS, "INVALID_ARN_ACCOUNT").message


def test_google_is_trusted_for_one_application():
    finding = one(GOOGLE, "MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL")
    assert finding.practice == "oidc-trust-without-audience"
    assert not findings(finding.fixes[0].applied(GOOGLE), "trust")
