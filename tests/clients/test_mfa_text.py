"""A tutorial's chapters on MFA and password rules, typed into the stock CLI, slips included."""

import json
import time
from base64 import b32decode

import pyotp
import pytest
import zxingcpp
from PIL import Image
from tests.clients.server import Keys

ENFORCE_MFA = """\
{
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

ONLY_WITH_MFA = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "iam:ListMFADevices", "Resource": "*"},
            {
                "Effect": "Allow",
                "Action": ["iam:CreateUser", "iam:DeleteUser"],
                "Resource": "*",
                "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
            },
        ],
    }
)


# The second generation spells these two otherwise.
SPELT_BY_V2 = {
    "--authentication-code-1": "--authentication-code1",
    "--authentication-code-2": "--authentication-code2",
}


@pytest.fixture
def cli(request, tmp_path):
    """Type `aws …`, of either generation, in a folder of one's own."""
    second = getattr(request, "param", "v1") == "v2"
    made = request.getfixturevalue("aws_2" if second else "aws_1")

    def type_in(*words, keys=None):
        typed = [SPELT_BY_V2.get(word, word) if second else word for word in words]
        return made.run(*typed, "--output", "json", keys=keys, cwd=tmp_path)

    return type_in


both_generations = pytest.mark.parametrize("cli", ["v1", "v2"], indirect=True)


def worked(done):
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if done.stdout.strip() else {}


def refused(done, code):
    assert done.returncode != 0
    assert f"({code})" in done.stderr, done.stderr
    return done.stderr


def a_user(cli, name, policy):
    worked(cli("iam", "create-user", "--user-name", name))
    words = ("--user-name", name, "--policy-name", "p", "--policy-document", policy)
    worked(cli("iam", "put-user-policy", *words))
    key = worked(cli("iam", "create-access-key", "--user-name", name))["AccessKey"]
    return Keys(key["AccessKeyId"], key["SecretAccessKey"])


def a_device(cli, tmp_path, name, method="Base32StringSeed"):
    """The serial number and the seed of a new device."""
    file = tmp_path / "seed"
    words = ("--virtual-mfa-device-name", name, "--outfile", str(file))
    made = worked(cli("iam", "create-virtual-mfa-device", *words, "--bootstrap-method", method))
    return made["VirtualMFADevice"]["SerialNumber"], file


def two_codes(seed):
    """What the device showed half a minute ago, and what it shows now."""
    device = pyotp.TOTP(seed)
    now = int(time.time())
    return device.at(now - 30), device.at(now)


def enabled(cli, name, serial, seed):
    first, second = two_codes(seed)
    words = ("--user-name", name, "--serial-number", serial)
    codes = ("--authentication-code-1", first, "--authentication-code-2", second)
    return cli("iam", "enable-mfa-device", *words, *codes)


@pytest.mark.practice("S003-02", "S003-12", "S003-13", "S003-14", "S000-12", "S003-11")
@both_generations
def test_a_call_that_asks_for_mfa_passes_after_get_session_token_alone(cli, server, tmp_path):
    worked(cli("iam", "list-users"))
    ann = a_user(cli, "IAMUserName", ONLY_WITH_MFA)
    serial, file = a_device(cli, tmp_path, "MyMFADevice")
    assert serial == f"arn:aws:iam::{server.account}:mfa/MyMFADevice"
    seed = file.read_text()
    assert len(b32decode(seed)) == 40
    worked(enabled(cli, "IAMUserName", serial, seed))
    create = ("iam", "create-user", "--user-name", "made-with-mfa")
    refused(cli(*create, keys=ann), "AccessDenied")
    code = pyotp.TOTP(seed).now()
    token = ("sts", "get-session-token", "--serial-number", serial, "--token-code", code)
    given = worked(cli(*token, keys=ann))["Credentials"]
    session = Keys(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
    worked(cli(*create, keys=session))
    assert "invalid MFA one time pass code" in refused(cli(*token, keys=ann), "AccessDenied")


@pytest.mark.practice("S000-11", "S003-03", "S003-08")
def test_the_qr_code_reads_back_as_what_an_authenticator_wants(cli, tmp_path):
    serial, file = a_device(cli, tmp_path, "phone", "QRCodePNG")
    (read,) = zxingcpp.read_barcodes(Image.open(file))
    device = pyotp.parse_uri(read.text)
    assert (device.digits, device.interval) == (6, 30)
    worked(cli("iam", "create-user", "--user-name", "bob"))
    worked(enabled(cli, "bob", serial, device.secret))
    listed = worked(cli("iam", "list-mfa-devices", "--user-name", "bob"))["MFADevices"]
    assert [each["SerialNumber"] for each in listed] == [serial]


@pytest.mark.practice("M-08")
def test_the_printed_command_lacks_what_the_cli_demands(cli):
    done = cli("iam", "create-virtual-mfa-device", "--virtual-mfa-device-name", "MyMFADevice")
    assert done.returncode != 0
    assert "--outfile" in done.stderr
    assert "--bootstrap-method" in done.stderr


@pytest.mark.practice("M-21", "S003-13")
def test_the_printed_codes_are_refused(cli, tmp_path):
    worked(cli("iam", "create-user", "--user-name", "IAMUserName"))
    serial, _ = a_device(cli, tmp_path, "MyMFADevice")
    words = ("--user-name", "IAMUserName", "--serial-number", serial)
    codes = ("--authentication-code-1", "123456", "--authentication-code-2", "789012")
    said = refused(cli("iam", "enable-mfa-device", *words, *codes), "InvalidAuthenticationCode")
    assert "Authentication code for device is not valid." in said


@pytest.mark.practice("S003-15", "S003-17", "M-09", "M-10")
def test_the_sample_policy_is_taken_and_shuts_out_enrolment_too(cli, tmp_path):
    everything = json.dumps(
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
    )
    ann = a_user(cli, "ann", everything)
    (tmp_path / "mfa-policy.json").write_text(ENFORCE_MFA)
    words = ("--user-name", "ann", "--policy-name", "EnforceMFA")
    worked(cli("iam", "put-user-policy", *words, "--policy-document", "file://mfa-policy.json"))
    stored = worked(cli("iam", "get-user-policy", *words))["PolicyDocument"]
    assert stored == json.loads(ENFORCE_MFA)
    for call in (("list-users",), ("list-mfa-devices",)):
        said = refused(cli("iam", *call, keys=ann), "AccessDenied")
        assert "with an explicit deny in an identity-based policy" in said


RULES = (
    "--minimum-password-length",
    "12",
    "--require-uppercase-characters",
    "--require-lowercase-characters",
    "--require-numbers",
    "--require-numbers",
)
MORE_RULES = (
    "--password-reuse-prevention",
    "5",
    "--max-password-age",
    "90",
    "--allow-users-to-change-password",
)


@pytest.mark.practice("S003-26", "S003-27", "S003-28", "S003-29", "S003-30", "M-13", "M-23")
def test_password_rules_are_set_read_and_deleted(cli):
    refused(cli("iam", "get-account-password-policy"), "NoSuchEntity")
    update = ("iam", "update-account-password-policy", *RULES)
    slipped = cli(*update, "--requires-symbols", *MORE_RULES)
    assert slipped.returncode != 0
    assert "--requires-symbols" in slipped.stderr
    worked(cli(*update, *MORE_RULES))
    rules = worked(cli("iam", "get-account-password-policy"))["PasswordPolicy"]
    assert rules == {
        "MinimumPasswordLength": 12,
        "RequireSymbols": False,
        "RequireNumbers": True,
        "RequireUppercaseCharacters": True,
        "RequireLowercaseCharacters": True,
        "AllowUsersToChangePassword": True,
        "ExpirePasswords": True,
        "MaxPasswordAge": 90,
        "PasswordReusePrevention": 5,
    } | ({"HardExpiry": rules["HardExpiry"]} if "HardExpiry" in rules else {})
    worked(cli("iam", "update-account-password-policy", "--minimum-password-length", "10"))
    rules = worked(cli("iam", "get-account-password-policy"))["PasswordPolicy"]
    assert not any(rules[name] for name in rules if name.startswith("Require"))
    assert not rules["AllowUsersToChangePassword"]
    worked(cli("iam", "delete-account-password-policy"))
    refused(cli("iam", "get-account-password-policy"), "NoSuchEntity")


@pytest.mark.practice("S003-20", "S003-21", "S003-24", "S002-24", "S004-18")
def test_a_user_changes_its_password_by_the_rules(cli):
    worked(cli("iam", "update-account-password-policy", *RULES, "--allow-users-to-change-password"))
    worked(cli("iam", "create-user", "--user-name", "eve"))
    profile = ("iam", "create-login-profile", "--user-name", "eve", "--password")
    refused(cli(*profile, "alllowercaseletters"), "PasswordPolicyViolation")
    worked(cli(*profile, "Correct7Horse7Battery"))
    key = worked(cli("iam", "create-access-key", "--user-name", "eve"))["AccessKey"]
    eve = Keys(key["AccessKeyId"], key["SecretAccessKey"])
    change = ("iam", "change-password", "--old-password")
    refused(cli(*change, "Wrong7Wrong7Wrong", "--new-password", "x", keys=eve), "AccessDenied")
    old = "Correct7Horse7Battery"
    refused(cli(*change, old, "--new-password", "Short7", keys=eve), "PasswordPolicyViolation")
    worked(cli(*change, old, "--new-password", "Another7Horse7Battery", keys=eve))
    worked(cli("iam", "update-account-password-policy", *RULES))
    again = cli(*change, "Another7Horse7Battery", "--new-password", "Third7Horse7Battery", keys=eve)
    refused(again, "AccessDenied")
