"""Policies as people write them, in which there is nothing to find."""

import pytest
from tests.analysis.validate.documents import on_resource, policy, statement, trust

from doorward.analysis.validate import findings

HASH = "a" * 64
EKS = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"
OTHERS = ["iam:*", "sts:*", "route53:*", "cloudfront:*"]
SOUND = [
    (
        "resource",
        on_resource(
            Effect="Deny",
            Principal="*",
            Action="s3:*",
            Resource=["arn:aws:s3:::box", "arn:aws:s3:::box/*"],
            Condition={"Bool": {"aws:SecureTransport": "false"}},
        ),
    ),
    (
        "resource",
        on_resource(
            Sid="Enable IAM policies",
            Principal={"AWS": "arn:aws:iam::123456789012:root"},
            Action="kms:*",
            Resource="*",
        ),
    ),
    (
        "resource",
        on_resource(
            Principal={"Service": "logging.s3.amazonaws.com"},
            Action="s3:PutObject",
            Condition={"StringEquals": {"AWS:SourceAccount": "123456789012"}},
        ),
    ),
    ("resource", on_resource(Principal={"CanonicalUser": HASH})),
    (
        "resource",
        on_resource(
            Principal={
                "AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1ABC"
            }
        ),
    ),
    (
        "trust",
        trust(
            Principal={"Federated": f"arn:aws:iam::123456789012:oidc-provider/{EKS}"},
            Action="sts:AssumeRoleWithWebIdentity",
            Condition={
                "StringEquals": {
                    f"{EKS}:sub": "system:serviceaccount:default:app",
                    f"{EKS}:aud": "sts.amazonaws.com",
                }
            },
        ),
    ),
    (
        "trust",
        trust(
            Principal={"Federated": "arn:aws:iam::123456789012:saml-provider/ADFS"},
            Action=["sts:AssumeRoleWithSAML", "sts:TagSession"],
            Condition={"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
        ),
    ),
    (
        "trust",
        trust(
            Principal={"AWS": "arn:aws:iam::123456789012:role/ci"},
            Action=["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"],
            Condition={"StringLike": {"sts:SourceIdentity": "ann*"}},
        ),
    ),
    (
        "scp",
        statement(
            Effect="Deny",
            Action=None,
            NotAction=OTHERS,
            Resource="*",
            Condition={
                "StringNotEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]},
                "ArnNotLike": {"aws:PrincipalARN": "arn:aws:iam::*:role/break-glass"},
            },
        ),
    ),
    (
        "rcp",
        on_resource(
            Effect="Deny",
            Principal="*",
            Action=["s3:*", "kms:*", "sts:AssumeRole"],
            Resource="*",
            Condition={
                "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-abcdefghij"},
                "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
            },
        ),
    ),
    (
        "identity",
        statement(
            Action=["iam:*AccessKey*", "iam:ChangePassword", "iam:GetUser"],
            Resource="arn:aws:iam::*:user/${aws:username}",
        ),
    ),
    (
        "identity",
        statement(
            Action="execute-api:Invoke",
            Resource="arn:aws:execute-api:us-east-1:*:a123456789/test/POST/pets/*",
        ),
    ),
    (
        "identity",
        statement(
            Action="lambda:InvokeFunction",
            Resource="arn:aws:lambda:us-east-1:123456789012:function:thumbnails:*",
        ),
    ),
    ("session", statement(Action="*", Resource="*")),
    ("boundary", statement(Action="*", Resource="*")),
]


@pytest.mark.parametrize(("kind", "one"), SOUND)
def test_nothing_is_found(kind, one):
    assert findings(policy(one), kind) == ()
