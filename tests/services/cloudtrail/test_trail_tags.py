import pytest
from tests.house import raises_aws


@pytest.fixture
def arn(trails):
    made = trails.create_trail(
        Name="main", S3BucketName="logs", TagsList=[{"Key": "a", "Value": "1"}, {"Key": "b"}]
    )
    return made["TrailARN"]


def tags(trails, arn):
    (listed,) = trails.list_tags(ResourceIdList=[arn])["ResourceTagList"]
    assert listed["ResourceId"] == arn
    return {tag["Key"]: tag["Value"] for tag in listed["TagsList"]}


def test_added_replaced_and_removed(trails, arn):
    assert tags(trails, arn) == {"a": "1", "b": ""}
    trails.add_tags(ResourceId=arn, TagsList=[{"Key": "b", "Value": "2"}, {"Key": "A"}])
    assert tags(trails, arn) == {"a": "1", "b": "2", "A": ""}
    trails.remove_tags(ResourceId=arn, TagsList=[{"Key": "a", "Value": "other"}, {"Key": "x"}])
    assert tags(trails, arn) == {"b": "2", "A": ""}


def test_several_trails_at_once(trails, arn):
    other = trails.create_trail(Name="two", S3BucketName="logs")["TrailARN"]
    listed = trails.list_tags(ResourceIdList=[arn, other])["ResourceTagList"]
    assert [each["ResourceId"] for each in listed] == [arn, other]
    assert listed[1]["TagsList"] == []
    assert trails.list_tags(ResourceIdList=[])["ResourceTagList"] == []


def test_each_trail_is_asked_for(house, trails, arn):
    other = trails.create_trail(Name="two", S3BucketName="logs")["TrailARN"]
    house.iam.create_user(UserName="ann")
    house.iam.put_user_policy(
        UserName="ann",
        PolicyName="p",
        PolicyDocument='{"Version": "2012-10-17", "Statement": {"Effect": "Allow", '
        f'"Action": "cloudtrail:ListTags", "Resource": "{arn}"}}}}',
    )
    ann = house.user_client("ann", "cloudtrail")
    assert tags(ann, arn) == {"a": "1", "b": ""}
    with raises_aws("AccessDeniedException"):
        ann.list_tags(ResourceIdList=[arn, other])


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ([{"Key": "aws:x"}], "InvalidTagParameterException"),
        ([{"Key": "x"}, {"Key": "x"}], "InvalidTagParameterException"),
        ([{"Key": str(each)} for each in range(49)], "TagsLimitExceededException"),
    ],
)
def test_tags_that_cannot_be(trails, arn, given, code):
    with raises_aws(code):
        trails.add_tags(ResourceId=arn, TagsList=given)
    assert tags(trails, arn) == {"a": "1", "b": ""}


def test_what_is_tagged_is_a_trail(trails, arn):
    with raises_aws("CloudTrailARNInvalidException"):
        trails.add_tags(ResourceId="main", TagsList=[{"Key": "x"}])
    with raises_aws("ResourceNotFoundException"):
        trails.list_tags(ResourceIdList=[f"{arn}x"])


@pytest.mark.usefixtures("trails")
def test_conditions_on_the_tags_of_a_request(house):
    house.iam.create_user(UserName="ann")
    house.iam.put_user_policy(
        UserName="ann",
        PolicyName="p",
        PolicyDocument='{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": '
        '["cloudtrail:CreateTrail", "cloudtrail:AddTags", "cloudtrail:RemoveTags"], '
        '"Resource": "*", "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": "team"}}}}',
    )
    ann = house.user_client("ann", "cloudtrail")
    team = [{"Key": "team", "Value": "blue"}]
    made = ann.create_trail(Name="main", S3BucketName="logs", TagsList=team)["TrailARN"]
    ann.remove_tags(ResourceId=made, TagsList=team)
    for operation in (ann.add_tags, ann.remove_tags):
        with raises_aws("AccessDeniedException"):
            operation(ResourceId=made, TagsList=[{"Key": "other"}])
    with raises_aws("AccessDeniedException"):
        ann.create_trail(Name="two", S3BucketName="logs", TagsList=[{"Key": "other"}])
