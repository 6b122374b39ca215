"""What every check of warnings and suggestions speaks of, and what it is silent about."""

from tests.analysis.validate.documents import (
    GITHUB,
    GITHUB_ARN,
    GOOGLE,
    ROLE,
    Case,
    condition,
    identity,
    on_resource,
    policy,
    rcp,
    resource,
    statement,
    trusting,
)

BOX = "arn:aws:s3:::box"
ROLES = "arn:aws:iam::123456789012:role/app/*"
WEB = {"Principal": {"Federated": GOOGLE}, "Action": "sts:AssumeRoleWithWebIdentity"}
HUB = {"Principal": {"Federated": GITHUB_ARN}, "Action": "sts:AssumeRoleWithWebIdentity"}
WITHOUT_MFA = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}


def asking(operator, key, *values):
    return {"Condition": {operator: {key: values[0] if len(values) == 1 else list(values)}}}


def far(codes, action, key):
    """The six ways in which one action reaches too far, and what narrows each."""
    narrowed = asking("StringEquals", key, "ec2.amazonaws.com")
    service = action.partition(":")[0] + ":*"
    rest = {"Resource": None, "NotResource": ROLE}
    star = {"Resource": "*"}
    but = {"Action": None, "NotAction": "s3:*"}
    ways = [
        {"Action": action} | rest,
        {"Action": service} | rest,
        but | rest,
        {"Action": action} | star,
        {"Action": service} | star,
        but | star,
    ]
    return {code: identity(way, way | narrowed) for code, way in zip(codes, ways, strict=True)}


REACH = far(
    (
        "PASS_ROLE_WITH_NOT_RESOURCE",
        "PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
        "PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE",
        "PASS_ROLE_WITH_STAR_IN_RESOURCE",
        "PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE",
        "PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
    ),
    "iam:PassRole",
    "iam:PassedToService",
) | far(
    (
        "CREATE_SLR_WITH_NOT_RESOURCE",
        "CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
        "CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE",
        "CREATE_SLR_WITH_STAR_IN_RESOURCE",
        "CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE",
        "CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
    ),
    "iam:CreateServiceLinkedRole",
    "iam:AWSServiceName",
)

SECURITY = {
    "mfa-condition-fails-open": identity(
        asking("BoolIfExists", "aws:MultiFactorAuthPresent", "true"),
        asking("Bool", "aws:MultiFactorAuthPresent", "true"),
    ),
    "MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL": trusting(
        WEB, WEB | asking("StringEquals", f"{GOOGLE}:aud", "me")
    ),
    "MISSING_GITHUB_REPO_CONDITION_KEY": trusting(
        HUB | asking("StringEquals", f"{GITHUB}:aud", "sts.amazonaws.com"),
        HUB | asking("StringEquals", f"{GITHUB}:sub", "repo:me/app:ref:refs/heads/main"),
    ),
    "role-trust-no-external-id-or-mfa": trusting(
        {"Principal": {"AWS": "123456789012"}},
        {"Principal": {"AWS": "123456789012"}} | asking("StringEquals", "sts:ExternalId", "x"),
    ),
    "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL": resource(
        {"Principal": {"Service": "sns.amazonaws.com"}},
        {"Principal": {"Service": "sns.amazonaws.com"}}
        | asking("StringEquals", "aws:SourceAccount", "123456789012"),
    ),
    "ALLOW_WITH_NOT_PRINCIPAL": resource(
        {"Principal": None, "NotPrincipal": {"AWS": "123456789012"}},
        {"Effect": "Deny", "Principal": None, "NotPrincipal": {"AWS": "123456789012"}},
    ),
    "UNTRUSTWORTHY_CONDITION_KEY": identity(
        asking("StringLike", "aws:Referer", "https://me/*"),
        {"Effect": "Deny"} | asking("StringNotLike", "aws:Referer", "https://me/*"),
    ),
    "FORALLVALUES_WITH_SINGLE_VALUED_KEY": identity(
        asking("ForAllValues:StringEquals", "aws:username", "a"),
        asking("ForAllValues:StringEquals", "aws:TagKeys", "a"),
    ),
    "MISSING_PAIRED_CONDITION_KEYS": condition(
        {"IpAddress": {"aws:VpcSourceIp": "10.0.0.1"}},
        {
            "IpAddress": {"aws:VpcSourceIp": "10.0.0.1"},
            "StringEquals": {"aws:SourceVpc": "vpc-0a1b2c3d"},
        },
    ),
    "STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS": identity(
        asking("StringLike", "aws:PrincipalArn", ROLES),
        asking("ArnLike", "aws:PrincipalArn", ROLES),
    ),
    "DYNAMODB_ATTRIBUTES_WITHOUT_SELECT": condition(
        {"ForAllValues:StringEquals": {"dynamodb:Attributes": "a"}},
        {
            "ForAllValues:StringEquals": {"dynamodb:Attributes": "a"},
            "StringEquals": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"},
        },
        Action="dynamodb:Query",
        Resource="*",
    ),
    "S3_PREFIX_IN_NEGATIVE_CONTEXT": identity(
        {"Effect": "Deny", "Action": "s3:ListBucket"} | asking("StringLike", "s3:prefix", "hr/*"),
        {"Action": "s3:ListBucket"} | asking("StringLike", "s3:prefix", "it/*"),
    ),
    "FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE": trusting(
        WEB | asking("ForAnyValue:StringEquals", f"{GOOGLE}:aud", "me"),
        WEB | asking("StringEquals", f"{GOOGLE}:aud", "me"),
    ),
    "DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE": identity(
        {"Effect": "Deny", "Action": "tag:*"} | asking("StringEquals", "aws:RequestTag/a", "b"),
        {"Effect": "Deny", "Action": "ec2:*"} | asking("StringEquals", "aws:RequestTag/a", "b"),
    ),
    "DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE": identity(
        {"Effect": "Deny", "Action": None, "NotAction": "iam:*"}
        | asking("StringEquals", "aws:ResourceTag/a", "b"),
        {"Effect": "Deny", "Action": None, "NotAction": "iam:*"}
        | asking("StringNotEquals", "aws:ResourceTag/a", "b"),
    ),
}

WARNINGS = {
    "MISSING_VERSION": Case("identity", policy(statement(), Version=None), policy(statement())),
    "UNIQUE_SIDS_RECOMMENDED": Case(
        "resource",
        policy(on_resource(Sid="a"), on_resource(Sid="a")),
        policy(on_resource(Sid="a"), on_resource(Sid="b")),
    ),
    "INVALID_ROLE_REFERENCE": resource(
        {"Principal": {"AWS": "AROAEXAMPLEEXAMPLE123"}}, {"Principal": {"AWS": ROLE}}
    ),
    "INVALID_USER_REFERENCE": resource(
        {"Principal": {"AWS": "AIDAEXAMPLEEXAMPLE123"}}, {"Principal": {"AWS": ROLE}}
    ),
    "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA": identity(
        asking("StringEquals", "aws:username", "a" * 6200),
        asking("StringEquals", "aws:username", "a" + " " * 6200),
    ),
    "POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA": trusting(
        asking("StringEquals", "aws:username", "a" * 2100),
        asking("StringEquals", "aws:username", "a"),
    ),
    "TYPE_MISMATCH": identity(
        asking("StringEquals", "aws:SecureTransport", "true"),
        asking("Bool", "aws:SecureTransport", "true"),
    ),
    "TYPE_MISMATCH_BOOLEAN": identity(
        asking("Bool", "aws:SecureTransport", "yes"), asking("Bool", "aws:SecureTransport", "True")
    ),
    "TYPE_MISMATCH_NUMBER": identity(
        asking("NumericLessThan", "aws:MultiFactorAuthAge", "1h"),
        asking("NumericLessThan", "aws:MultiFactorAuthAge", "3600"),
    ),
    "TYPE_MISMATCH_DATE": identity(
        asking("DateLessThan", "aws:CurrentTime", "tomorrow"),
        asking("DateLessThan", "aws:CurrentTime", "2030-01-31T00:00:00Z"),
    ),
    "INVALID_DATE_VALUE": identity(
        asking("DateLessThan", "aws:CurrentTime", "1893456000"),
        asking("DateLessThan", "aws:CurrentTime", "2030"),
    ),
    "TYPE_MISMATCH_STRING": identity(
        asking("BinaryEquals", "aws:username", "?"), asking("BinaryEquals", "aws:username", "YQ==")
    ),
    "WILDCARD_WITHOUT_LIKE_OPERATOR": identity(
        asking("StringEquals", "aws:username", "a*"), asking("StringLike", "aws:username", "a*")
    ),
    "SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED": trusting(
        HUB | asking("StringLike", f"{GITHUB}:sub", "repo:me/*"),
        HUB | asking("StringLike", f"{GITHUB}:sub", "repo:me/app:ref:refs/heads/main"),
    ),
    "RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY": rcp(
        asking("StringNotEquals", "aws:PrincipalOrgID", "o-abcdef1234"),
        {
            "Condition": {
                "StringNotEquals": {"aws:PrincipalOrgID": "o-abcdef1234"},
                "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
            }
        },
    ),
    "RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY": rcp(
        asking("StringNotEquals", "aws:SourceOrgID", "o-abcdef1234"),
        {
            "Condition": {
                "StringNotEquals": {"aws:SourceOrgID": "o-abcdef1234"},
                "BoolIfExists": {"aws:PrincipalIsAWSService": "true"},
            }
        },
    ),
    "RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK": rcp(
        asking("StringNotEquals", "aws:SourceOrgID", "o-abcdef1234"),
        {
            "Condition": {
                "StringNotEquals": {"aws:SourceOrgID": "o-abcdef1234"},
                "Null": {"aws:SourceAccount": "false"},
            }
        },
    ),
    "mfa-enforce-lockout": identity(
        {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": WITHOUT_MFA},
        {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": WITHOUT_MFA},
    ),
    "action-resource-mismatch": identity(
        {"Action": "s3:ListBucket"}, {"Action": "s3:ListBucket", "Resource": [BOX, f"{BOX}/*"]}
    ),
}

SUGGESTIONS = {
    "use-string-for-bool": identity(
        asking("Bool", "aws:SecureTransport", True), asking("Bool", "aws:SecureTransport", "true")
    ),
    "NULL_WITH_QUALIFIER": identity(
        asking("ForAllValues:Null", "aws:TagKeys", "true"), asking("Null", "aws:TagKeys", "true")
    ),
    "EQUIVALENT_TO_NULL_FALSE": identity(
        asking("StringLike", "aws:username", "*"), asking("StringLike", "aws:username", "a*")
    ),
    "EQUIVALENT_TO_NULL_TRUE": identity(
        asking("StringNotLike", "aws:username", "*"), asking("StringNotLike", "aws:username", "a*")
    ),
    "REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION": identity(
        asking("StringLikeIfExists", "aws:username", "*"), asking("StringLike", "aws:username", "*")
    ),
    "REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION": identity(
        asking("ForAnyValue:StringNotLike", "aws:TagKeys", "*"),
        asking("ForAnyValue:StringNotLike", "aws:TagKeys", "a*"),
    ),
    "IMPROVE_IP_RANGE": identity(
        asking("IpAddress", "aws:SourceIp", "9.1.2.3/8"),
        asking("IpAddress", "aws:SourceIp", "9.0.0.0/8", "9.1.2.3", "2001:db8::/32"),
    ),
    "PRIVATE_IP_ADDRESS_SUBSET": identity(
        asking("IpAddress", "aws:SourceIp", "9.0.0.0/8", "10.0.0.0/8"),
        asking("IpAddress", "aws:SourceIp", "9.0.0.0/8", "8.0.0.0/7"),
    ),
    "PRIVATE_NOT_IP_ADDRESS_SUBSET": identity(
        asking("NotIpAddress", "aws:SourceIp", "9.0.0.0/8", "10.0.0.0/8"),
        asking("NotIpAddress", "aws:VpcSourceIp", "9.0.0.0/8", "10.0.0.0/8"),
    ),
    "CONFIRM_AUDIENCE_CLAIM_TYPE": trusting(
        HUB | asking("ForAnyValue:StringEquals", f"{GITHUB}:aud", "sts.amazonaws.com"),
        HUB | asking("StringEquals", f"{GITHUB}:aud", "sts.amazonaws.com"),
    ),
    "EMPTY_ARRAY_ACTION": identity({"Action": []}, {}),
    "EMPTY_ARRAY_RESOURCE": identity({"Resource": []}, {}),
    "EMPTY_ARRAY_PRINCIPAL": resource({"Principal": {"AWS": []}}, {}),
    "EMPTY_OBJECT_PRINCIPAL": resource({"Principal": {}}, {}),
    "EMPTY_OBJECT_CONDITION": identity(
        {"Condition": {}}, asking("StringEquals", "aws:username", "a")
    ),
    "EMPTY_SID_VALUE": identity({"Sid": ""}, {"Sid": "a"}),
    "EMPTY_ARRAY_CONDITION": condition(
        {"StringEquals": {"aws:username": []}}, {"StringEquals": {"aws:username": ["a"]}}
    ),
    "EMPTY_ARRAY_CONDITION_FORALLVALUES": condition(
        {"ForAllValues:StringEquals": {"aws:TagKeys": []}},
        {"ForAllValues:StringEquals": {"aws:TagKeys": ["a"]}},
    ),
    "EMPTY_ARRAY_CONDITION_FORANYVALUE": condition(
        {"ForAnyValue:StringEquals": {"aws:TagKeys": []}},
        {"ForAnyValue:StringEquals": {"aws:TagKeys": ["a"]}},
    ),
    "EMPTY_ARRAY_CONDITION_IFEXISTS": condition(
        {"StringEqualsIfExists": {"aws:username": []}},
        {"StringEqualsIfExists": {"aws:username": ["a"]}},
    ),
    "REDUNDANT_ACTION": identity(
        {"Action": ["s3:Get*", "s3:getobject"]}, {"Action": ["s3:Get*", "s3:PutObject"]}
    ),
    "REDUNDANT_RESOURCE": identity(
        {"Resource": [f"{BOX}/*", f"{BOX}/a"]}, {"Resource": [f"{BOX}/A*", f"{BOX}/a"]}
    ),
    "REDUNDANT_STATEMENT": Case(
        "identity",
        policy(statement(Sid="a"), statement(Sid="b")),
        policy(statement(), statement(Effect="Deny")),
    ),
    "REDUNDANT_CONDITION_VALUE_NUM": identity(
        asking("NumericLessThan", "aws:MultiFactorAuthAge", "10", "20"),
        asking("NumericLessThan", "aws:MultiFactorAuthAge", "10"),
    ),
    "REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY": trusting(
        {"Principal": {"AWS": [ROLE, "arn:aws:sts::123456789012:assumed-role/app/one"]}},
        {"Principal": {"AWS": [ROLE, "arn:aws:sts::123456789012:assumed-role/other/one"]}},
    ),
    "WILDCARD_IN_SERVICE_NAME": identity({"Action": "s*:GetObject"}, {"Action": "s3:*"}),
    "ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE": identity(
        {"Action": "tag:*"} | asking("StringEquals", "aws:RequestTag/a", "b"),
        {"Action": "ec2:*"} | asking("StringEquals", "aws:RequestTag/a", "b"),
    ),
    "ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE": identity(
        {"Action": None, "NotAction": "iam:*"} | asking("StringEquals", "aws:RequestTag/a", "b"),
        {"Action": None, "NotAction": "iam:*"} | asking("StringEquals", "aws:username", "b"),
    ),
    "RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL": resource(
        {"Principal": {"Service": "sns.amazonaws.com"}}
        | asking("StringEquals", "aws:Referer", "123456789012"),
        {"Principal": {"Service": "sns.amazonaws.com"}}
        | asking("ArnLike", "aws:SourceArn", "arn:aws:sns:*:123456789012:*"),
    ),
}

OTHERS = REACH | SECURITY | WARNINGS | SUGGESTIONS
