"""What every check of errors says something about, and what it is silent about."""

from tests.analysis.validate.documents import (
    GOOGLE,
    SAML_ARN,
    Case,
    arn,
    condition,
    identity,
    on_resource,
    policy,
    rcp,
    resource,
    statement,
    trusting,
)

BUCKET = "arn:aws:s3:::box"
PLAIN = {"StringEquals": {"aws:username": "ann"}}
LONG = {"StringEquals": {"aws:username": ["a" * 60] * 100}}


def variable(trips, clean="${aws:username}"):
    return arn(f"{BUCKET}/{trips}", f"{BUCKET}/{clean}", "s3:GetObject")


STRUCTURE = {
    "INVALID_VERSION": Case(
        "identity",
        policy(statement(), Version="2012-10-71"),
        policy(statement(), Version="2008-10-17"),
    ),
    "MISSING_STATEMENT": Case("identity", '{"Version": "2012-10-17"}', policy(statement())),
    "INVALID_POLICY_ELEMENT": identity({"Actions": "s3:*"}, {"Sid": "one"}),
    "DATA_TYPE_MISMATCH": identity({"Action": 7}, {"Action": ["s3:GetObject"]}),
    "INVALID_EFFECT": identity({"Effect": "allow"}, {"Effect": "Deny"}),
    "MISSING_EFFECT": identity({"Effect": None}, {}),
    "MISSING_ACTION": identity({"Action": None}, {"Action": None, "NotAction": "iam:*"}),
    "MISSING_RESOURCE": identity(
        {"Resource": None}, {"Resource": None, "NotResource": f"{BUCKET}/*"}
    ),
    "MISSING_PRINCIPAL": resource({"Principal": None}, {}),
    "UNSUPPORTED_ELEMENT_COMBINATION": identity({"NotAction": "s3:PutObject"}, {}),
    "UNSUPPORTED_PRINCIPAL": identity({"Principal": "*"}, {}),
    "UNSUPPORTED_SID": identity({"Sid": "one two"}, {"Sid": "OneTwo3"}),
    "UNIQUE_SIDS_REQUIRED": Case(
        "identity",
        policy(statement(Sid="a"), statement(Sid="a")),
        policy(statement(Sid="a"), statement(Sid="A")),
    ),
    "not-storable": identity(
        {"Condition": {"ForAllValues:Null": {"aws:username": "true"}}}, {"Condition": PLAIN}
    ),
    "POLICY_SIZE_EXCEEDS_SCP_QUOTA": Case(
        "scp", policy(statement(Condition=LONG)), policy(statement())
    ),
    "POLICY_SIZE_EXCEEDS_RCP_QUOTA": rcp({"Condition": LONG}, {}),
}

ACTIONS_AND_ARNS = {
    "INVALID_ACTION": identity({"Action": "s3:GetObjct"}, {"Action": "s3:getobject"}),
    "INVALID_SERVICE_IN_ACTION": identity({"Action": "s4:GetObject"}, {"Action": "s3:Get*"}),
    "INVALID_ARN_PREFIX": arn("aws:s3:::box", BUCKET),
    "MISSING_ARN_FIELD": arn("arn:aws:s3:box/*", "arn:aws:dynamodb:*:table/box-*"),
    "INVALID_PARTITION": arn("arn:amazon:s3:::box", "arn:aws-cn:s3:::box"),
    "INVALID_ARN_SERVICE_CASE": arn("arn:aws:S3:::box", BUCKET),
    "INVALID_ARN_REGION": arn(
        "arn:aws:sqs:us-est-1:123456789012:box", "arn:aws:sqs:us-east-1:123456789012:box"
    ),
    "INVALID_ARN_ACCOUNT": arn("arn:aws:sqs:*:1234567890:box", "arn:aws:sqs:*:123456789012:box"),
    "INVALID_ARN_RESOURCE": arn("arn:aws:s3::::box/*", "arn:aws:s3:::box/*"),
    "ARN_REGION_NOT_ALLOWED": arn("arn:aws:s3:eu-west-1::box", BUCKET),
    "ARN_ACCOUNT_NOT_ALLOWED": arn("arn:aws:s3::123456789012:box", BUCKET),
    "MISSING_ARN_REGION": arn("arn:aws:sqs::123456789012:box", "arn:aws:sqs:*:123456789012:box"),
    "MISSING_ARN_ACCOUNT": arn("arn:aws:sqs:eu-west-1::box", "arn:aws:sqs:eu-west-1:*:box"),
}

PRINCIPALS = {
    "INVALID_PRINCIPAL_FORMAT": resource({"Principal": "123456789012"}, {"Principal": "*"}),
    "INVALID_PRINCIPAL_KEY": resource({"Principal": {"Aws": "123456789012"}}, {}),
    "UNSUPPORTED_WILDCARD_IN_PRINCIPAL": resource(
        {"Principal": {"AWS": "arn:aws:iam::123456789012:role/*"}}, {"Principal": {"AWS": "*"}}
    ),
    "INVALID_SERVICE_PRINCIPAL_FORMAT": trusting(
        {"Principal": {"Service": "ec2.example.com"}},
        {"Principal": {"Service": "ec2.amazonaws.com"}},
    ),
    "FEDERATED_PRINCIPAL_NOT_SUPPORTED": resource({"Principal": {"Federated": GOOGLE}}, {}),
    "ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL": trusting(
        {"Principal": None, "NotPrincipal": {"AWS": "123456789012"}}, {}
    ),
    "ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL": trusting(
        {"Principal": "*"}, {"Principal": {"AWS": "*"}}
    ),
    "ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE": trusting({"Resource": "*"}, {}),
    "INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY": trusting(
        {
            "Principal": {"Federated": "login.example.com"},
            "Action": "sts:AssumeRoleWithWebIdentity",
        },
        {"Principal": {"Federated": GOOGLE}, "Action": "sts:AssumeRoleWithWebIdentity"},
    ),
    "MISMATCHED_ACTION_FOR_PRINCIPAL": trusting(
        {"Principal": {"Federated": SAML_ARN}},
        {"Principal": {"Federated": SAML_ARN}, "Action": "sts:AssumeRoleWithSAML"},
    ),
    "MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY": trusting(
        {"Principal": {"Service": "rolesanywhere.amazonaws.com"}},
        {
            "Principal": {"Service": "rolesanywhere.amazonaws.com"},
            "Action": ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"],
        },
    ),
    "MISSING_ACTION_FOR_CONDITION_KEY": trusting(
        {"Condition": {"StringEquals": {"aws:RequestTag/team": "a"}}},
        {
            "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Condition": {"StringEquals": {"aws:RequestTag/team": "a"}},
        },
    ),
    "UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL": resource(
        {
            "Principal": {"Service": "sns.amazonaws.com"},
            "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-abcdef1234"}},
        },
        {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-abcdef1234"}}},
    ),
}

CONDITIONS = {
    "INVALID_CONDITION_OPERATOR": condition({"StringEqual": {"aws:username": "a"}}, PLAIN),
    "NULL_WITH_IF_EXISTS": condition(
        {"NullIfExists": {"aws:username": "true"}}, {"Null": {"aws:username": "true"}}
    ),
    "INVALID_CONDITION_DATA_TYPE": condition(
        {"StringEquals": {"aws:username": ["a", 1]}}, {"StringEquals": {"aws:username": ["a", "1"]}}
    ),
    "INVALID_CONDITION_MULTIPLE_BOOLEAN": condition(
        {"Bool": {"aws:SecureTransport": ["true", "false"]}},
        {"Bool": {"aws:SecureTransport": ["true"]}},
    ),
    "DUPLICATE_KEYS_WITH_DIFFERENT_CASE": condition(
        {"StringEquals": {"aws:username": "a", "aws:UserName": "b"}},
        {"StringEquals": {"aws:username": "a"}, "StringLike": {"aws:UserName": "b"}},
    ),
    "MISSING_QUALIFIER": condition(
        {"StringEquals": {"aws:TagKeys": "a"}}, {"ForAnyValue:StringEquals": {"aws:TagKeys": "a"}}
    ),
    "TYPE_MISMATCH_IP_RANGE": condition(
        {"IpAddress": {"aws:SourceIp": "203.0.113.0/33"}},
        {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"]}},
    ),
    "INVALID_CONDITION_KEY_FORMAT": condition({"StringEquals": {"username": "a"}}, PLAIN),
    "MISSING_TAG_KEY_IN_CONDITION": condition(
        {"StringEquals": {"aws:ResourceTag": "a"}}, {"StringEquals": {"aws:ResourceTag/team": "a"}}
    ),
    "UNSUPPORTED_GLOBAL_CONDITION_KEY": condition(
        {"ArnLike": {"aws:ARN": "*"}}, {"ArnLike": {"aws:PrincipalArn": "*"}}
    ),
    "INVALID_GLOBAL_CONDITION_KEY": condition({"StringEquals": {"aws:usrname": "a"}}, PLAIN),
    "INVALID_SERVICE": condition(
        {"StringEquals": {"s4:prefix": "a"}}, {"StringEquals": {f"{GOOGLE}:aud": "a"}}
    ),
    "INVALID_SERVICE_CONDITION_KEY": condition(
        {"StringEquals": {"s3:prefx": "a"}},
        {"StringEquals": {"s3:prefix": "a"}},
        Action="s3:ListBucket",
    ),
    "UNSUPPORTED_ACTION_FOR_CONDITION_KEY": condition(
        {"StringEquals": {"s3:prefix": "a"}}, {"StringEqualsIfExists": {"s3:prefix": "a"}}
    ),
}

VALUES = {
    "INVALID_REGION": condition(
        {"StringEquals": {"aws:RequestedRegion": "us-est-1"}},
        {"StringEquals": {"aws:RequestedRegion": "us-east-1"}},
    ),
    "INVALID_VPC_FORMAT": condition(
        {"StringEquals": {"aws:SourceVpc": "vpc-1"}},
        {"StringEquals": {"aws:SourceVpc": "vpc-0a1b2c3d"}},
    ),
    "INVALID_VPCE_FORMAT": condition(
        {"StringEquals": {"aws:SourceVpce": "vpc-0a1b2c3d"}},
        {"StringEquals": {"aws:SourceVpce": "vpce-0a1b2c3d"}},
    ),
    "INVALID_KMS_KEY_VALUE": condition(
        {"StringEquals": {"s3:x-amz-server-side-encryption-aws-kms-key-id": "my-key"}},
        {
            "StringEquals": {
                "s3:x-amz-server-side-encryption-aws-kms-key-id": (
                    "arn:aws:kms:eu-west-1:123456789012:key/1"
                )
            }
        },
        Action="s3:PutObject",
    ),
    "PRIVATE_IP_ADDRESS": condition(
        {"IpAddress": {"aws:SourceIp": "10.1.0.0/16"}},
        {"IpAddress": {"aws:VpcSourceIp": "10.1.0.0/16"}},
    ),
    "PRIVATE_NOT_IP_ADDRESS": condition(
        {"NotIpAddress": {"aws:SourceIp": ["192.168.1.1", "fd00::/8"]}},
        {"NotIpAddress": {"aws:SourceIp": "9.0.0.0/8"}},
    ),
    "WILDCARD_USAGE_TOO_PERMISSIVE": condition(
        {"StringLike": {"aws:userid": "*:ann"}}, {"StringLike": {"aws:userid": "AROAEXAMPLE:*"}}
    ),
    "VARIABLE_USAGE_TOO_PERMISSIVE": condition(
        {"StringLike": {"aws:SourceAccount": "123${aws:PrincipalTag/rest}"}},
        {"StringLike": {"aws:SourceAccount": "${aws:PrincipalAccount}"}},
    ),
    "MISSING_BRACE_IN_VARIABLE": variable("${aws:username"),
    "EMPTY_VARIABLE": variable("${}", "${*}"),
    "UNSUPPORTED_SPACE_IN_VARIABLE": variable(
        "${ aws:username}", "${aws:PrincipalTag/cost center}"
    ),
    "MISSING_QUOTE_IN_VARIABLE": variable("${aws:username, none}", "${aws:username, 'none'}"),
    "VARIABLE_UNSUPPORTED_IN_ELEMENT": identity(
        {"Action": "s3:${aws:username}"}, {"Resource": f"{BUCKET}/${{aws:username}}"}
    ),
    "VARIABLE_UNSUPPORTED_IN_VERSION": Case(
        "identity",
        policy(statement(Resource=f"{BUCKET}/${{aws:username}}"), Version="2008-10-17"),
        policy(statement(Resource=f"{BUCKET}/plain"), Version="2008-10-17"),
    ),
    "INVALID_VARIABLE_FOR_OPERATOR": condition(
        {"NumericEquals": {"s3:max-keys": "${aws:username}"}},
        {"StringLike": {"s3:prefix": "${aws:username}/"}},
        Action="s3:ListBucket",
    ),
}

ORGANIZATIONS = {
    "SCP_SYNTAX_ERROR_PRINCIPAL": Case("scp", policy(on_resource()), policy(statement())),
    "RCP_SYNTAX_ERROR_PRINCIPAL": rcp(
        {"Principal": {"AWS": "123456789012"}}, {"Principal": {"AWS": "*"}}
    ),
    "RCP_SYNTAX_ERROR_ALLOW": rcp(
        {"Effect": "Allow", "Action": "*", "Condition": PLAIN}, {"Effect": "Allow", "Action": "*"}
    ),
    "RCP_SYNTAX_ERROR_NOTACTION": rcp({"Action": None, "NotAction": "s3:*"}, {}),
    "RCP_SYNTAX_ERROR_ACTION": rcp({"Action": "iam:*"}, {"Action": ["s3:*", "sts:AssumeRole"]}),
}

ERRORS = STRUCTURE | ACTIONS_AND_ARNS | PRINCIPALS | CONDITIONS | VALUES | ORGANIZATIONS
