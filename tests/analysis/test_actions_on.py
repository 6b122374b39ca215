import pytest

from doorward.analysis.actions_on import actions_on
from doorward.catalog.actions import actions_of

ID = "111122223333"


@pytest.mark.parametrize(
    ("resource", "some", "none"),
    [
        ("arn:aws:s3:::b/k", "s3:GetObject", "s3:ListBucket"),
        ("arn:aws:s3:::b", "s3:ListBucket", "s3:GetObject"),
        (f"arn:aws:iam::{ID}:role/p/r", "sts:AssumeRole", "iam:GetUser"),
        (f"arn:aws:iam::{ID}:role/p/r", "iam:PassRole", "sts:GetCallerIdentity"),
        (f"arn:aws:iam::{ID}:user/u", "iam:GetUser", "iam:GetRole"),
        (f"arn:aws:kms:eu-west-1:{ID}:key/1", "kms:Decrypt", "kms:ListKeys"),
        (f"arn:aws:dynamodb:eu-west-1:{ID}:table/t/index/i", "dynamodb:Query", "dynamodb:PutItem"),
        ("*", "s3:ListAllMyBuckets", "s3:GetObject"),
    ],
)
def test_a_resource_has_the_actions_that_take_it(resource, some, none):
    found = actions_on(resource)
    assert some in found
    assert none not in found
    assert list(found) == sorted(set(found), key=lambda name: name.split(":"))


def test_where_no_form_fits_the_service_is_asked_in_full():
    assert actions_on("arn:aws:s3:eu-west-1::x") == actions_of("s3")


@pytest.mark.parametrize("resource", ["", "bucket", "arn:aws:own:::x"])
def test_what_nobody_knows_has_no_actions(resource):
    assert actions_on(resource) == ()
