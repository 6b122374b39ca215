"""Who has which key: the table of principal key values in AWS's guide, row by row."""

import pytest
from tests.authz.samples import (
    ACCOUNT,
    CALLERS,
    HERE,
    PROVIDER,
    READER,
    ROOT_ARN,
    context_of,
    names,
)

from doorward.catalog.global_keys import GLOBAL_KEYS
from doorward.catalog.keys import key_fact

EVERY_CALL = {
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:PrincipalType",
    "aws:referer",
    "aws:RequestedRegion",
    "aws:SecureTransport",
    "aws:SourceIp",
    "aws:UserAgent",
    "aws:ViaAWSService",
}
NAMED = {"aws:userid", "aws:PrincipalAccount"}
SIGNED = NAMED | {"aws:PrincipalIsAWSService", "aws:PrincipalArn"}
TEMPORARY = {"aws:TokenIssueTime", "aws:MultiFactorAuthPresent"}
TAGGED = {"aws:PrincipalTag/${TagKey}"}
OF_A_USER = SIGNED | TAGGED | {"aws:username"}

KEYS = {
    "user": OF_A_USER,
    "user, temporary": OF_A_USER | TEMPORARY,
    "user, temporary, with MFA": OF_A_USER | TEMPORARY | {"aws:MultiFactorAuthAge"},
    "root": SIGNED,
    "root, temporary": SIGNED | TEMPORARY,
    "role session": SIGNED | TAGGED | TEMPORARY | {"aws:SourceIdentity"},
    "federated role session": SIGNED | TAGGED | TEMPORARY | {"aws:FederatedProvider"},
    "federated user": SIGNED | TAGGED | TEMPORARY,
    "assumed root": SIGNED | TEMPORARY | {"aws:AssumedRoot"},
    "SAML": NAMED,
    "web identity": NAMED,
    "service": {
        "aws:PrincipalIsAWSService",
        "aws:PrincipalServiceName",
        "aws:PrincipalServiceNamesList",
    },
    "anonymous": NAMED,
}

WHO = {
    # who: aws:username, aws:userid, aws:PrincipalType, aws:PrincipalArn
    "user": ("ann", "AIDA1", "User", f"arn:aws:iam::{ACCOUNT}:user/x/ann"),
    "user, temporary": ("ann", "AIDA1", "User", f"arn:aws:iam::{ACCOUNT}:user/x/ann"),
    "user, temporary, with MFA": ("ann", "AIDA1", "User", f"arn:aws:iam::{ACCOUNT}:user/x/ann"),
    "root": (None, ACCOUNT, "Account", ROOT_ARN),
    "root, temporary": (None, ACCOUNT, "Account", ROOT_ARN),
    "assumed root": (None, ACCOUNT, "Account", ROOT_ARN),
    "role session": (None, "AROA1:work", "AssumedRole", HERE.arn(READER)),
    "federated role session": (None, "AROA1:work", "AssumedRole", HERE.arn(READER)),
    "federated user": (
        None,
        f"{ACCOUNT}:bob",
        "FederatedUser",
        f"arn:aws:sts::{ACCOUNT}:federated-user/bob",
    ),
    "SAML": (None, PROVIDER, "User", None),
    "web identity": (None, PROVIDER, "User", None),
    "service": (None, None, "AWSService", None),
    "anonymous": (None, "anonymous", "Anonymous", None),
}


@pytest.mark.rule(
    "9/PrincipalArn",
    "9/PrincipalAccount",
    "9/PrincipalType",
    "9/userid",
    "9/username",
    "9/TokenIssueTime",
    "9/MultiFactorAuthPresent",
    "9/MultiFactorAuthAge",
    "9/PrincipalTag",
    "9/always",
    "9/federation",
)
@pytest.mark.parametrize("who", CALLERS)
def test_which_keys_a_caller_has(who):
    assert names(context_of(CALLERS[who])) == EVERY_CALL | KEYS[who]


@pytest.mark.rule("9/PrincipalArn", "9/PrincipalType", "9/userid", "9/username")
@pytest.mark.parametrize("who", CALLERS)
def test_what_the_keys_of_a_caller_say(who):
    context = context_of(CALLERS[who])
    told = ("aws:username", "aws:userid", "aws:principaltype", "aws:principalarn")
    assert tuple(context.get(key) for key in told) == WHO[who]


@pytest.mark.parametrize("who", CALLERS)
def test_a_key_is_a_list_where_aws_says_so_and_text_everywhere_else(who):
    for key, value in context_of(CALLERS[who]).items():
        assert isinstance(value, tuple if key_fact(key).multi else str), key


def test_no_key_is_unknown_to_the_catalogue():
    known = {fact.name for fact in GLOBAL_KEYS}
    assert known.issuperset(EVERY_CALL.union(*KEYS.values()))
