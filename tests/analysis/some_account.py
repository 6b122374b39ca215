"""Small generated accounts in which everything that matters for a decision happens often."""

import json
from datetime import UTC, datetime

from hypothesis import strategies as st

from doorward.account.account import Account
from doorward.account.model import (
    Group,
    InlinePolicy,
    ManagedPolicy,
    PolicyVersion,
    Profile,
    Role,
    User,
)
from doorward.account.tags import Tag

NOW = datetime(2026, 9, 11, tzinfo=UTC)
ID = "111122223333"
OTHER = "444455556666"
IAM = f"arn:aws:iam::{ID}"
USERS = ("ann", "Bob", "cy")
ROLES = ("reader", "writer")
ARNS = (*(f"{IAM}:user/p/{name}" for name in USERS), *(f"{IAM}:role/{name}" for name in ROLES))
MANAGED = (f"{IAM}:policy/m0", f"{IAM}:policy/m1", "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")

ACTIONS = (
    *("*", "*", "s3:*", "s3:Get*", "S3:GetObject", "s3:List*", "s3:?etObject", "s3: *"),
    *("iam:*", "sts:*", "sts:AssumeRole", "kms:*", "own:Thing"),
)
RESOURCES = (
    *("*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/ann/k", "arn:aws:s3:::b/${aws:username}/*"),
    *("arn:aws:s3:::b/${aws:PrincipalTag/team}/*", f"{IAM}:role/*", "arn:aws:s3:::*", "arn:aws:*"),
    f"arn:aws:iam::{OTHER}:role/*",
)
CONDITIONS = (
    {},
    {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}},
    {"StringEquals": {"aws:username": ["ann", "cy"]}},
    {"StringEquals": {"s3:prefix": "${aws:username}"}},
    {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/*"}},
    {"StringNotEquals": {"aws:PrincipalTag/team": "red"}},
    {"StringEquals": {"aws:PrincipalAccount": ID}},
    {"StringMaybe": {"aws:username": "ann"}},
    {"Maybe": {"s3:prefix": "x"}},
)
PRINCIPALS = (
    "*",
    *({"AWS": one} for one in ("*", ID, *ARNS, f"{IAM}:root", "AIDA0", "AROA1", OTHER)),
    {"Service": "s3.amazonaws.com"},
)
ASKED = ("s3:GetObject", "s3:ListAllMyBuckets", "sts:AssumeRole", "iam:PassRole", "kms:Decrypt")
ASKED_TOO = ("own:Thing", "S3:GETOBJECT", "sts:GetCallerIdentity", "sts:GetSessionToken")
TARGETS = (
    *("*", "arn:aws:s3:::b/ann/k", "arn:aws:s3:::b/x", *ARNS, f"arn:aws:iam::{OTHER}:role/x"),
    f"arn:aws:kms:us-east-1:{ID}:key/1",
    f"arn:aws:kms:us-east-1:{OTHER}:key/1",
    f"{IAM}:role/aws-service-role/x.amazonaws.com/linked",
)
CONTEXTS = ({}, {"aws:MultiFactorAuthPresent": "true", "s3:Prefix": "ann"}, {"aws:username": "cy"})


@st.composite
def statements(draw, *, naming=False):
    made = {"Effect": draw(st.sampled_from(("Allow", "Allow", "Deny")))}
    some = st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=3)
    made[draw(st.sampled_from(("Action", "Action", "NotAction")))] = draw(some)
    places = st.lists(st.sampled_from(RESOURCES), min_size=1, max_size=2)
    made[draw(st.sampled_from(("Resource", "Resource", "NotResource")))] = draw(places)
    condition = draw(st.sampled_from(CONDITIONS))
    if condition:
        made["Condition"] = condition
    if naming:
        element = draw(st.sampled_from(("Principal", "Principal", "Principal", "NotPrincipal")))
        made[element] = draw(st.sampled_from(PRINCIPALS))
    return made


@st.composite
def documents(draw, *, naming=False):
    if draw(st.integers(0, 30)) == 30:
        return "nonsense"
    most = draw(st.sampled_from((2, 2, 2, 15)))
    listed = draw(st.lists(statements(naming=naming), min_size=1, max_size=most))
    version = draw(st.sampled_from(("2012-10-17", "2012-10-17", "2008-10-17")))
    return json.dumps({"Version": version, "Statement": listed})


ATTACHED = st.lists(st.sampled_from(MANAGED), max_size=2, unique=True).map(tuple)
BOUNDARY = st.sampled_from((None, None, *MANAGED))
TAGS = st.sampled_from(((), (Tag("Team", "red"),), (Tag("team", "ann"),)))
GROUPS = st.lists(st.sampled_from(("g0", "g1")), unique=True, max_size=2).map(tuple)


@st.composite
def accounts(draw):
    """Few documents for many holders, so that several hold the same."""
    texts = st.sampled_from(draw(st.lists(documents(), min_size=1, max_size=4)))
    inline = st.lists(st.builds(InlinePolicy, st.just("inline"), texts), max_size=1).map(tuple)
    holding = {"inline": inline, "attached": ATTACHED, "created": st.just(NOW)}
    entity = {**holding, "boundary": BOUNDARY, "tags": TAGS}
    alike = draw(st.booleans())
    like = draw(st.fixed_dictionaries(entity)) if alike else {}
    entity |= {key: st.just(value) for key, value in like.items() if key != "tags"}
    users = [
        User(
            **draw(st.fixed_dictionaries(entity)),
            name=name,
            path="/p/",
            user_id=f"AIDA{number}",
            groups=() if alike else draw(GROUPS),
        )
        for number, name in enumerate(USERS)
    ]
    roles = [
        Role(
            **draw(st.fixed_dictionaries(entity)),
            name=name,
            role_id=f"AROA{number}",
            trust=draw(documents(naming=True)),
        )
        for number, name in enumerate(ROLES)
    ]
    groups = [
        Group(**draw(st.fixed_dictionaries(holding)), name=name, group_id=name)
        for name in ("g0", "g1")
    ]
    managed = [
        ManagedPolicy(
            name=f"m{number}",
            policy_id=f"ANPA{number}",
            created=NOW,
            updated=NOW,
            versions=(PolicyVersion("v1", draw(texts), NOW),),
        )
        for number in range(2)
    ]
    profile = Profile(id=ID, email="e", created=NOW)
    return Account.of(ID, [profile, *users, *roles, *groups, *managed])
