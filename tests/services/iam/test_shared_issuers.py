import pytest

from doorward.services.iam.errors import MalformedPolicyDocument
from doorward.services.iam.shared_issuers import CLAIMS, refuse_open

GITHUB = "token.actions.githubusercontent.com"
GITLAB = "gitlab.com"
GOOGLE = "accounts.google.com"


def statement(issuer, condition=None, **more):
    federated = issuer if issuer == GOOGLE else f"arn:aws:iam::111122223333:oidc-provider/{issuer}"
    return {
        "Effect": "Allow",
        "Principal": {"Federated": federated},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": condition or {},
    } | more


OPEN = [
    (GITLAB, {}),
    (GITLAB, {"StringEquals": {"gitlab.com:aud": "x"}}),
    (GITLAB, {"StringLike": {"gitlab.com:sub": "*"}}),
    (GITLAB, {"StringLike": {"gitlab.com:sub": ["project_path:a/*", "*"]}}),
    (GITLAB, {"StringEqualsIfExists": {"gitlab.com:sub": "x"}}),
    (GITLAB, {"StringNotEquals": {"gitlab.com:sub": "x"}}),
    (GITLAB, {"Null": {"gitlab.com:sub": "false"}}),
    (GITHUB, {"StringLike": {f"{GITHUB}:sub": "*:ref:refs/heads/main"}}),
    (GITHUB, {"StringLike": {f"{GITHUB}:sub": " "}}),
    (GITHUB, {"StringLike": {f"{GITHUB}:sub": "repo:a/b", f"{GITHUB}:job_workflow_ref": "*"}}),
    (f"{GITHUB}/acme", {"StringLike": {f"{GITHUB}:sub": "repo:a/b"}}),
    ("sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d", {}),
]


@pytest.mark.parametrize(("issuer", "condition"), OPEN)
def test_open_to_every_tenant(issuer, condition):
    with pytest.raises(MalformedPolicyDocument):
        refuse_open(statement(issuer, condition))


CLOSED = [
    ("idp.example.com", {}),
    (GITLAB, {"StringEquals": {"GitLab.com:SUB": "x"}}),
    (GITLAB, {"ForAnyValue:StringLike": {"gitlab.com:sub": ["a*", "**"]}}),
    (GITHUB, {"StringLike": {f"{GITHUB}:sub": "repo:a/*"}}),
    (GITHUB, {"StringLike": {f"{GITHUB}:job_workflow_ref": "a/b/.github/workflows/c.yml@*"}}),
    (
        GITHUB,
        {"StringLike": {f"{GITHUB}:sub": "*"}, "StringEquals": {f"{GITHUB}:sub": "repo:a/b:x"}},
    ),
    (f"{GITHUB}/acme", {"StringLike": {f"{GITHUB}/acme:sub": "repo:a/b"}}),
    (
        "sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d",
        {"StringEquals": {"sts:RoleSessionName": "MicrosoftSentinel_x"}},
    ),
    (GOOGLE, {}),
]


@pytest.mark.parametrize(("issuer", "condition"), CLOSED)
def test_closed_enough_for_aws(issuer, condition):
    refuse_open(statement(issuer, condition))


@pytest.mark.parametrize("issuer", CLAIMS)
def test_every_shared_issuer_has_its_rule(issuer):
    claim = CLAIMS[issuer]
    key = claim if ":" in claim else f"{issuer}:{claim}"
    with pytest.raises(MalformedPolicyDocument, match=key):
        refuse_open(statement(issuer))
    refuse_open(statement(issuer, {"StringEquals": {key: "mine"}}))


@pytest.mark.parametrize(
    "more",
    [
        {"Effect": "Deny"},
        {"Action": "sts:TagSession"},
        {"Principal": {"Service": "ec2.amazonaws.com"}},
    ],
)
def test_statements_the_rule_is_not_about(more):
    refuse_open(statement(GITLAB, **more))


@pytest.mark.parametrize("action", ["sts:*", ["sts:TagSession", "STS:AssumeRoleWithW?bIdentity"]])
def test_wildcards_in_actions_count(action):
    with pytest.raises(MalformedPolicyDocument):
        refuse_open(statement(GITLAB, Action=action))


@pytest.mark.parametrize(
    ("excepted", "refused"), [("sts:TagSession", True), ("sts:AssumeRoleWith*", False)]
)
def test_not_action_allows_what_it_does_not_name(excepted, refused):
    odd = statement(GITLAB, NotAction=excepted)
    del odd["Action"]
    if not refused:
        return refuse_open(odd)
    with pytest.raises(MalformedPolicyDocument):
        refuse_open(odd)
    return None
