"""The policy that makes MFA the rule and lets each user set up their own, and two that do not.

Each user may see the rules, change their password and enrol their own device; whatever else they
are allowed waits for a session opened with MFA.
"""

import json
from typing import Any, NamedTuple

POLICY = "DoorwardSelfServiceMFA"

_OWN_USER = ["arn:aws:iam::*:user/${aws:username}", "arn:aws:iam::*:user/*/${aws:username}"]
_OF_A_USER = (
    "iam:ChangePassword",
    "iam:EnableMFADevice",
    "iam:GetMFADevice",
    "iam:GetUser",
    "iam:ListMFADevices",
    "iam:ResyncMFADevice",
)
_OF_THE_ACCOUNT = ("iam:GetAccountPasswordPolicy", "iam:ListVirtualMFADevices")
_NEW_DEVICE = "iam:CreateVirtualMFADevice"
_SESSION = "sts:GetSessionToken"
# AWS: long-term keys carry no aws:MultiFactorAuthPresent; only BoolIfExists in a Deny meets them.
_WITHOUT_MFA = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}


def document() -> dict[str, Any]:
    """The policy."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            _statement("SeeTheRules", Action=[*_OF_THE_ACCOUNT], Resource="*"),
            _statement("MakeADevice", Action=_NEW_DEVICE, Resource="arn:aws:iam::*:mfa/*"),
            _statement(
                "OwnPasswordAndDevices",
                Action=sorted([*_OF_A_USER, "iam:DeactivateMFADevice"]),
                Resource=_OWN_USER,
            ),
            _statement(
                "NothingElseWithoutMFA",
                Effect="Deny",
                NotAction=sorted([*_OF_A_USER, *_OF_THE_ACCOUNT, _NEW_DEVICE, _SESSION]),
                Resource="*",
                Condition=_WITHOUT_MFA,
            ),
            _statement(
                "NobodyElseWithoutMFA",
                Effect="Deny",
                Action=sorted(_OF_A_USER),
                NotResource=_OWN_USER,
                # Whoever has no user name is no user, and has nobody to be but itself.
                Condition=_WITHOUT_MFA | {"Null": {"aws:username": "false"}},
            ),
        ],
    }


def _statement(sid: str, *, Effect: str = "Allow", **elements: Any) -> dict[str, Any]:  # noqa: N803 - a policy's own word
    return {"Sid": sid, "Effect": Effect, **elements}


def text() -> str:
    """The policy as it is stored and printed."""
    return json.dumps(document(), indent=2)


class Misprint(NamedTuple):
    """A policy people copy that does not do what it says.

    Attributes:
        title: What it is meant for.
        printed: As it stands in the texts.
        judged: The smallest whole policy that holds it.
        wrong: What happens instead.
    """

    title: str
    printed: str
    judged: str
    wrong: str


_SNIPPET = """\
"Condition": {
  "BoolIfExists": {
    "aws:MultiFactorAuthPresent": "true"
  }
}"""
_AROUND = '{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", {} {}}}]}}'
_SAMPLE = """\
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
}"""
MISPRINTS = (
    Misprint(
        "A condition that is to ask for MFA, in an Allow",
        _SNIPPET,
        _AROUND.format('"Action": "s3:DeleteObject", "Resource": "*",', _SNIPPET),
        "A long-term access key has no such key in its context, and BoolIfExists lets what is "
        "missing through: without MFA it is allowed. In an Allow write Bool.",
    ),
    Misprint(
        'A policy that denies everything "unless the user has MFA enabled"',
        _SAMPLE,
        _SAMPLE,
        "Whoever has no device can never make one: what sets it up is denied too. And the key "
        "asks whether this session was opened with MFA, not whether the user has a device: a "
        "device alone changes nothing for an access key, only sts get-session-token with a code "
        "does.",
    ),
)
