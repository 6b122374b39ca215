import pytest
from tests.house import raises_aws

ROLE_TRUST = """{"Version": "2012-10-17", "Statement": {"Effect": "Allow",
"Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "sts:AssumeRole"}}"""


def create(trails, name="main", **given):
    return trails.create_trail(Name=name, **{"S3BucketName": "logs"} | given)


def plain(answer):
    answer.pop("ResponseMetadata")
    return answer


def arn(house, name="main", region="us-east-1"):
    return f"arn:aws:cloudtrail:{region}:{house.account_id}:trail/{name}"


def test_what_create_answers(house, trails):
    assert plain(create(trails, S3KeyPrefix="p", EnableLogFileValidation=True)) == {
        "Name": "main",
        "S3BucketName": "logs",
        "S3KeyPrefix": "p",
        "IncludeGlobalServiceEvents": True,
        "IsMultiRegionTrail": False,
        "TrailARN": arn(house),
        "LogFileValidationEnabled": True,
        "IsOrganizationTrail": False,
    }


def test_what_get_adds(house, trails):
    made = plain(create(trails))
    wanted = made | {
        "HomeRegion": "us-east-1",
        "HasCustomEventSelectors": False,
        "HasInsightSelectors": False,
    }
    assert trails.get_trail(Name="main")["Trail"] == wanted
    assert trails.get_trail(Name=arn(house))["Trail"] == wanted
    assert trails.describe_trails()["trailList"] == [wanted]
    assert trails.describe_trails(trailNameList=["main"])["trailList"] == [wanted]
    listed = {"TrailARN": arn(house), "Name": "main", "HomeRegion": "us-east-1"}
    assert trails.list_trails()["Trails"] == [listed]


def test_no_such_trail(house, trails):
    sentence = f"Unknown trail: none for the user: {house.account_id}"
    for operation in ("get_trail", "get_trail_status", "delete_trail", "start_logging"):
        with raises_aws("TrailNotFoundException", sentence):
            getattr(trails, operation)(Name="none")
    with raises_aws(
        "TrailNotFoundException",
        f"Unknown trail: {arn(house, 'none')} for the user: {house.account_id}",
    ):
        trails.get_trail(Name=arn(house, "none"))
    with raises_aws("TrailNotFoundException"):
        trails.get_trail(Name="arn:aws:cloudtrail:us-east-1:999999999999:trail/main")
    assert trails.describe_trails(trailNameList=["none"])["trailList"] == []


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "ab",
            (
                "Trail name too short. Minimum allowed length: 3 characters. "
                "Specified name length: 2 characters."
            ),
        ),
        (
            "a" * 129,
            (
                "Trail name too long. Maximum allowed length: 128 characters. "
                "Specified name length: 129 characters."
            ),
        ),
        (
            "a b",
            (
                "Trail name or ARN can only contain uppercase letters, lowercase letters, "
                "numbers, periods (.), hyphens (-), and underscores (_)."
            ),
        ),
        ("-ab", "Trail name must starts with a letter or number."),
        ("ab-", "Trail name must ends with a letter or number."),
        ("a--b", None),
        ("a._b", None),
        ("192.168.5.4", None),
        ("../../x", None),
        ("añb", None),
    ],
)
def test_names_no_trail_can_have(trails, name, sentence):
    with raises_aws("InvalidTrailNameException", sentence):
        create(trails, name)


@pytest.mark.parametrize("name", ["abc", "a" * 128, "A-1.b_C"])
def test_names_a_trail_can_have(trails, name):
    assert create(trails, name)["Name"] == name


def test_an_arn_that_is_none(trails):
    with raises_aws("CloudTrailARNInvalidException"):
        trails.get_trail(Name="arn:aws:cloudtrail:us-east-1:1:channel/x")


def test_a_name_is_taken(house, trails):
    create(trails)
    sentence = f"Trail main already exists for customer: {house.account_id}"
    with raises_aws("TrailAlreadyExistsException", sentence):
        create(trails)


@pytest.mark.parametrize("bucket", ["none", "lo"])
def test_no_such_bucket(trails, bucket):
    code = "S3BucketDoesNotExistException" if bucket == "none" else "InvalidS3BucketNameException"
    sentence = "S3 bucket none does not exist!" if bucket == "none" else None
    with raises_aws(code, sentence):
        create(trails, S3BucketName=bucket)
    assert trails.list_trails()["Trails"] == []


@pytest.mark.parametrize(
    "bucket", ["Logs", "-logs", "../logs", "a..b", "/etc", "192.168.5.4", "a" * 64, "lo\\gs"]
)
def test_buckets_there_cannot_be(trails, bucket):
    with raises_aws("InvalidS3BucketNameException"):
        create(trails, S3BucketName=bucket)


def test_a_missing_bucket_is_told_before_the_organization(trails):
    with raises_aws("S3BucketDoesNotExistException"):
        create(trails, S3BucketName="none", IsOrganizationTrail=True)
    with raises_aws("OrganizationsNotInUseException"):
        create(trails, IsOrganizationTrail=True)


def test_a_bucket_that_cannot_be_written_to(house, trails, monkeypatch):
    monkeypatch.setattr(house.house.target, "fault", lambda _bucket: "refused")
    sentence = "Incorrect S3 bucket policy is detected for bucket: logs"
    with raises_aws("InsufficientS3BucketPolicyException", sentence):
        create(trails)


@pytest.mark.parametrize(
    "prefix", ["/a", "a/", "a//b", "..", "a/../../b", ".", "a\\b", "a\0b", "x" * 201]
)
def test_prefixes_there_cannot_be(trails, prefix):
    with raises_aws("InvalidS3PrefixException"):
        create(trails, S3KeyPrefix=prefix)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"SnsTopicName": "none"}, "InsufficientSnsTopicPolicyException"),
        ({"KmsKeyId": "alias/none"}, "KmsKeyNotFoundException"),
        (
            {"IsMultiRegionTrail": True, "IncludeGlobalServiceEvents": False},
            "InvalidParameterCombinationException",
        ),
        ({"CloudWatchLogsLogGroupArn": "x"}, "InvalidCloudWatchLogsLogGroupArnException"),
        ({"CloudWatchLogsRoleArn": "x"}, "InvalidCloudWatchLogsLogGroupArnException"),
        ({"TagsList": [{"Key": "aws:x", "Value": "1"}]}, "InvalidTagParameterException"),
        ({"TagsList": [{"Key": "x", "Value": "1"}] * 2}, "InvalidTagParameterException"),
    ],
)
def test_what_cannot_be_asked_for(trails, given, code):
    with raises_aws(code):
        create(trails, **given)
    assert trails.list_trails()["Trails"] == []


def test_five_trails_in_a_region(house, trails):
    for number in range(5):
        create(trails, f"trail-{number}")
    with raises_aws("MaximumNumberOfTrailsExceededException"):
        create(trails, "one-more")
    elsewhere = house.client("cloudtrail", region="eu-west-1")
    assert create(elsewhere, "one-more")["TrailARN"] == arn(house, "one-more", "eu-west-1")
    # It may not come into a region that is full.
    with raises_aws("TrailAlreadyExistsException"):
        create(elsewhere, "trail-1", IsMultiRegionTrail=True)


def test_other_regions_see_shadows_of_trails_of_all_regions(house, trails):
    create(trails, "wide", IsMultiRegionTrail=True)
    create(trails, "here")
    elsewhere = house.client("cloudtrail", region="eu-west-1")
    assert [each["Name"] for each in elsewhere.describe_trails()["trailList"]] == ["wide"]
    assert elsewhere.describe_trails(includeShadowTrails=False)["trailList"] == []
    assert elsewhere.get_trail(Name="wide")["Trail"]["HomeRegion"] == "us-east-1"
    assert [each["Name"] for each in elsewhere.list_trails()["Trails"]] == ["here", "wide"]
    with raises_aws("TrailNotFoundException"):
        elsewhere.get_trail(Name="here")
    assert elsewhere.get_trail(Name=arn(house, "here"))["Trail"]["Name"] == "here"
    with raises_aws("InvalidHomeRegionException"):
        elsewhere.update_trail(Name="wide", IsMultiRegionTrail=False)
    with raises_aws("TrailAlreadyExistsException"):
        create(elsewhere, "wide")


def test_update_changes_what_is_given(house, trails):
    create(trails, S3KeyPrefix="p")
    house.house.target.make("other")
    changed = trails.update_trail(
        Name="main", S3BucketName="other", IsMultiRegionTrail=True, EnableLogFileValidation=True
    )
    assert (changed["S3BucketName"], changed["S3KeyPrefix"]) == ("other", "p")
    assert changed["IsMultiRegionTrail"]
    assert changed["LogFileValidationEnabled"]
    again = trails.update_trail(Name="main", S3KeyPrefix="", EnableLogFileValidation=False)
    assert "S3KeyPrefix" not in again
    assert not again["LogFileValidationEnabled"]
    assert again["S3BucketName"] == "other"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"S3BucketName": "none"}, "S3BucketDoesNotExistException"),
        ({"S3KeyPrefix": ".."}, "InvalidS3PrefixException"),
        ({"KmsKeyId": "x"}, "KmsKeyNotFoundException"),
        ({"IsOrganizationTrail": True}, "OrganizationsNotInUseException"),
        (
            {"IsMultiRegionTrail": True, "IncludeGlobalServiceEvents": False},
            "InvalidParameterCombinationException",
        ),
    ],
)
def test_what_update_refuses(trails, given, code):
    create(trails)
    before = trails.get_trail(Name="main")["Trail"]
    with raises_aws(code):
        trails.update_trail(Name="main", **given)
    assert trails.get_trail(Name="main")["Trail"] == before


def test_a_trail_that_comes_into_regions_where_its_name_is_taken(house, trails):
    create(trails)
    create(house.client("cloudtrail", region="eu-west-1"))
    with raises_aws("TrailAlreadyExistsException"):
        trails.update_trail(Name="main", IsMultiRegionTrail=True)


def test_a_log_group_and_its_role(house, trails):
    role = house.iam.create_role(RoleName="r", AssumeRolePolicyDocument=ROLE_TRUST)["Role"]["Arn"]
    group = f"arn:aws:logs:us-east-1:{house.account_id}:log-group:trail:*"
    both = {"CloudWatchLogsLogGroupArn": group, "CloudWatchLogsRoleArn": role}
    made = create(trails, **both)
    assert {name: made[name] for name in both} == both
    changed = trails.update_trail(Name="main", S3KeyPrefix="p")
    assert changed["CloudWatchLogsLogGroupArn"] == group
    gone = trails.update_trail(Name="main", CloudWatchLogsLogGroupArn="", CloudWatchLogsRoleArn="")
    assert "CloudWatchLogsLogGroupArn" not in gone
    with raises_aws("InvalidCloudWatchLogsRoleArnException"):
        create(trails, "two", CloudWatchLogsLogGroupArn=group, CloudWatchLogsRoleArn=f"{role}x")
    for odd in (group.replace("us-east-1", "eu-west-1"), group[:-2]):
        with raises_aws("InvalidCloudWatchLogsLogGroupArnException"):
            create(trails, "two", **both | {"CloudWatchLogsLogGroupArn": odd})


@pytest.mark.usefixtures("trails")
def test_a_role_is_handed_over_only_by_who_may(house):
    role = house.iam.create_role(RoleName="r", AssumeRolePolicyDocument=ROLE_TRUST)["Role"]["Arn"]
    group = f"arn:aws:logs:us-east-1:{house.account_id}:log-group:trail:*"
    house.iam.create_user(UserName="ann")
    house.iam.put_user_policy(
        UserName="ann",
        PolicyName="p",
        PolicyDocument='{"Version": "2012-10-17", "Statement": {"Effect": "Allow", '
        '"Action": "cloudtrail:*", "Resource": "*"}}',
    )
    ann = house.user_client("ann", "cloudtrail")
    with raises_aws("AccessDeniedException") as caught:
        create(ann, CloudWatchLogsLogGroupArn=group, CloudWatchLogsRoleArn=role)
    assert "iam:PassRole" in str(caught.value)
    assert create(ann)["Name"] == "main"


def test_deleted_is_gone_and_its_name_free(trails):
    create(trails)
    trails.start_logging(Name="main")
    trails.delete_trail(Name="main")
    assert trails.list_trails()["Trails"] == []
    assert trails.describe_trails()["trailList"] == []
    with raises_aws("TrailNotFoundException"):
        trails.get_trail(Name="main")
    create(trails)
    assert trails.get_trail_status(Name="main")["IsLogging"] is False
    trails.delete_trail(Name="main")


def test_a_token_of_another_list(trails):
    with raises_aws("InvalidNextTokenException"):
        trails.list_trails(NextToken="made-up")


def test_policies_reach_one_trail(house, trails):
    create(trails, "mine", TagsList=[{"Key": "team", "Value": "blue"}])
    create(trails, "theirs")
    house.iam.create_user(UserName="ann")
    house.iam.put_user_policy(
        UserName="ann",
        PolicyName="p",
        PolicyDocument=f"""{{"Version": "2012-10-17", "Statement": [
        {{"Effect": "Allow", "Action": "cloudtrail:StopLogging",
        "Resource": "{arn(house, "mine")}"}},
        {{"Effect": "Allow", "Action": "cloudtrail:StartLogging", "Resource": "*",
        "Condition": {{"StringEquals": {{"aws:ResourceTag/team": "blue"}}}}}}]}}""",
    )
    ann = house.user_client("ann", "cloudtrail")
    ann.stop_logging(Name="mine")
    ann.start_logging(Name="mine")
    for operation in (ann.stop_logging, ann.start_logging):
        with raises_aws("AccessDeniedException"):
            operation(Name="theirs")


def test_a_trail_that_never_logged_leaves_nothing_behind(house, trails):
    create(trails)
    trails.delete_trail(Name="main")
    assert house.house.store.accounts_with("trail") == []
