import pytest

from doorward.policy import Arn
from doorward.policy.arn import without_path


def test_the_resource_keeps_its_colons():
    arn = Arn.parse("arn:aws:lambda:eu-west-1:111122223333:function:resize:prod")
    assert arn == Arn("aws", "lambda", "eu-west-1", "111122223333", "function:resize:prod")
    assert (arn.resource_type, arn.resource_id) == ("function", "resize:prod")


@pytest.mark.parametrize(
    ("text", "kind", "identifier", "name"),
    [
        ("arn:aws:iam::1:user/staff/ann", "user", "staff/ann", "ann"),
        ("arn:aws:iam::1:root", "", "root", "root"),
        ("arn:aws:s3:::bucket/a:b", "bucket", "a:b", "a:b"),
    ],
)
def test_parts_of_the_resource(text, kind, identifier, name):
    arn = Arn.parse(text)
    assert (arn.resource_type, arn.resource_id, arn.name) == (kind, identifier, name)
    assert str(arn) == text


@pytest.mark.parametrize("text", ["", "arn:aws:s3", "*", "nra:aws:s3:::b"])
def test_what_is_no_arn(text):
    assert Arn.parse(text) is None


@pytest.mark.parametrize(
    ("arn", "bare"),
    [
        ("arn:aws:iam::1:role/data/etl", "arn:aws:iam::1:role/etl"),
        ("arn:aws:iam::1:role/etl", "arn:aws:iam::1:role/etl"),
        ("arn:aws:iam::1:root", "arn:aws:iam::1:root"),
    ],
)
def test_a_path_can_be_left_out(arn, bare):
    assert without_path(arn) == bare
