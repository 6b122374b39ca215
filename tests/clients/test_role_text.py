"""A tutorial's role chapter, typed as printed: it works, or AWS's own error says why.

The documents are verbatim, their slips included.
"""

import json

import pytest
from tests.clients.server import Keys

from doorward.policy import Attached, Policies, Policy, Principal, Request, decide

EC2_TRUST_AS_PRINTED = """\
{
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
"""  # noqa: W291 - as printed

S3_READ_AS_PRINTED = """\
{
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
"""  # noqa: W291 - as printed

CROSS_ACCOUNT_AS_PRINTED = """\
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {
        "AWS": "arn:aws:iam::ACCOUNT-B-ID:root"
      },
      "Action": "sts:AssumeRole"
    }
  ]
}
"""

GOOGLE_AS_PRINTED = """\
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {
        "Federated": "accounts.google.com"
      },
      "Action": "sts:AssumeRoleWithWebIdentity"
    }
  ]
}
"""

EC2_TRUST = """\
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {
        "Service": "ec2.amazonaws.com"
      },
      "Action": "sts:AssumeRole"
    }
  ]
}
"""

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


@pytest.fixture
def aws(aws_1, tmp_path):
    """Type `aws …` in a folder of one's own; files are given as text."""

    def type_in(*words, keys=None, **files):
        for name, text in files.items():
            (tmp_path / f"{name.replace('_', '-')}.json").write_text(text)
        return aws_1.run(*words, "--output", "json", keys=keys, cwd=tmp_path)

    return type_in


def worked(done):
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if done.stdout else {}


def create_role(aws, trust, name="MyEC2Role"):
    file = "file://trust-policy.json"
    words = ("--role-name", name, "--assume-role-policy-document", file)
    return aws("iam", "create-role", *words, trust_policy=trust)


def test_the_role_is_created_attached_and_verified(aws, server):
    role = worked(create_role(aws, EC2_TRUST))["Role"]
    assert role["Arn"] == f"arn:aws:iam::{server.account}:role/MyEC2Role"
    assert role["AssumeRolePolicyDocument"] == json.loads(EC2_TRUST)
    arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    worked(aws("iam", "attach-role-policy", "--role-name", "MyEC2Role", "--policy-arn", arn))
    found = worked(aws("iam", "get-role", "--role-name", "MyEC2Role"))["Role"]
    assert found["RoleId"] == role["RoleId"]
    assert found["MaxSessionDuration"] == 3600


def test_assuming_a_role_returns_temporary_credentials(aws, server):
    trust = json.loads(EC2_TRUST)
    trust["Statement"][0]["Principal"] = {"AWS": f"arn:aws:iam::{server.account}:root"}
    arn = worked(create_role(aws, json.dumps(trust), "MyRole"))["Role"]["Arn"]
    words = ("--role-arn", arn, "--role-session-name", "Session1")
    given = worked(aws("sts", "assume-role", *words))
    assert given["Credentials"].keys() == {
        "AccessKeyId",
        "SecretAccessKey",
        "SessionToken",
        "Expiration",
    }
    assert given["AssumedRoleUser"]["Arn"].endswith("assumed-role/MyRole/Session1")


def test_the_account_placeholder_of_the_command_is_refused(aws):
    words = ("--role-arn", "arn:aws:iam::ACCOUNT-ID:role/MyRole", "--role-session-name", "Session1")
    done = aws("sts", "assume-role", *words)
    assert done.returncode != 0
    assert "(ValidationError)" in done.stderr


@pytest.mark.parametrize(
    ("trust", "words"),
    [
        (EC2_TRUST_AS_PRINTED, "line 6, column 5"),
        (
            CROSS_ACCOUNT_AS_PRINTED,
            'Invalid principal in policy: "AWS":"arn:aws:iam::ACCOUNT-B-ID:root"',
        ),
        (
            CROSS_ACCOUNT_AS_PRINTED.replace("ACCOUNT-B-ID", "1234567890"),
            'Invalid principal in policy: "AWS":"arn:aws:iam::1234567890:root"',
        ),
    ],
    ids=["missing comma", "account placeholder", "ten digits"],
)
def test_a_slip_in_a_trust_policy_is_said(aws, trust, words):
    done = create_role(aws, trust)
    assert done.returncode != 0
    assert "(MalformedPolicyDocument)" in done.stderr
    assert words in done.stderr


def test_another_account_may_be_trusted(aws):
    trust = CROSS_ACCOUNT_AS_PRINTED.replace("ACCOUNT-B-ID", "123456789012")
    role = worked(create_role(aws, trust, "Partner"))["Role"]
    assert role["AssumeRolePolicyDocument"] == json.loads(trust)


def test_google_is_trusted_as_printed(aws):
    role = worked(create_role(aws, GOOGLE_AS_PRINTED, "Google"))["Role"]
    assert role["AssumeRolePolicyDocument"] == json.loads(GOOGLE_AS_PRINTED)


def test_an_arn_with_four_colons_is_stored_and_matches_nothing(aws, server):
    words = ("--policy-name", "ReadS3", "--policy-document", "file://s3-read.json")
    policy = worked(aws("iam", "create-policy", *words, s3_read=S3_READ_AS_PRINTED))["Policy"]
    assert policy["Arn"] == f"arn:aws:iam::{server.account}:policy/ReadS3"
    assert not allowed(S3_READ_AS_PRINTED)
    assert allowed(S3_READ_AS_PRINTED.replace("s3::::", "s3:::"))


def allowed(document):
    """Whether the document lets its holder get an object of the bucket."""
    ann = Principal.from_arn("arn:aws:iam::123456789012:user/ann")
    asked = Request(ann, "s3:GetObject", "arn:aws:s3:::my-bucket/letter.txt", ann.account)
    held = Attached(Policy.parse(document), "ReadS3")
    return decide(asked, Policies(identity=(held,))).allowed


def test_enforcing_mfa_denies_a_user_without(aws, boto3, server):
    admin = server.admin
    boto3.call(admin, "iam", "CreateUser", {"UserName": "IAMUserName"})
    key = boto3.call(admin, "iam", "CreateAccessKey", {"UserName": "IAMUserName"})["AccessKey"]
    everything = "arn:aws:iam::aws:policy/AdministratorAccess"
    boto3.call(
        admin, "iam", "AttachUserPolicy", {"UserName": "IAMUserName", "PolicyArn": everything}
    )
    user = Keys(key["AccessKeyId"], key["SecretAccessKey"])
    worked(aws("iam", "list-users", keys=user))
    words = ("--user-name", "IAMUserName", "--policy-name", "EnforceMFA")
    document = ("--policy-document", "file://mfa-policy.json")
    worked(aws("iam", "put-user-policy", *words, *document, mfa_policy=ENFORCE_MFA))
    done = aws("iam", "list-users", keys=user)
    assert "with an explicit deny in an identity-based policy" in done.stderr
