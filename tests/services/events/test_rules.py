import json

import pytest
from tests.house import raises_aws

from doorward.services.events import rules

PATTERN = json.dumps({"source": ["aws.iam"]})


@pytest.fixture
def events(house):
    return house.client("events")


@pytest.fixture
def topic(house):
    return house.client("sns").create_topic(Name="t")["TopicArn"]


def test_rules_come_and_go(house, events, topic):
    arn = f"arn:aws:events:us-east-1:{house.account_id}:rule/r"
    tags = [{"Key": "team", "Value": "blue"}]
    assert events.put_rule(Name="r", EventPattern=PATTERN, Tags=tags)["RuleArn"] == arn
    events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": topic}])
    events.put_rule(Name="r", EventPattern=PATTERN, State="DISABLED", Description="d")
    shown = events.describe_rule(Name="r")
    assert (shown["Arn"], shown["State"], shown["Description"]) == (arn, "DISABLED", "d")
    assert events.list_tags_for_resource(ResourceARN=arn)["Tags"] == tags
    assert [each["Name"] for each in events.list_rules(NamePrefix="r")["Rules"]] == ["r"]
    assert events.list_rules(NamePrefix="x")["Rules"] == []
    assert events.list_targets_by_rule(Rule="r")["Targets"] == [{"Id": "1", "Arn": topic}]
    with raises_aws("ValidationException", "Rule can't be deleted since it has targets."):
        events.delete_rule(Name="r")
    told = events.remove_targets(Rule="r", Ids=["1", "2"])
    assert [each["TargetId"] for each in told["FailedEntries"]] == ["2"]
    events.delete_rule(Name="r")
    events.delete_rule(Name="r")
    with raises_aws("ResourceNotFoundException", "Rule r does not exist on EventBus default."):
        events.describe_rule(Name="r")
    with raises_aws("ResourceNotFoundException"):
        events.list_tags_for_resource(ResourceARN=arn)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({}, "ValidationException"),
        ({"ScheduleExpression": "rate(1 minute)"}, "ValidationException"),
        ({"EventPattern": PATTERN, "RoleArn": "arn:aws:iam::1:role/r"}, "ValidationException"),
        ({"EventPattern": "{"}, "InvalidEventPatternException"),
        ({"EventPattern": '{"a": "b"}'}, "InvalidEventPatternException"),
        ({"EventPattern": PATTERN, "EventBusName": "other"}, "ResourceNotFoundException"),
    ],
)
def test_what_a_rule_cannot_be(events, more, code):
    with raises_aws(code):
        events.put_rule(Name="r", **more)


def test_targets_are_topics(events, topic):
    events.put_rule(Name="r", EventPattern=PATTERN)
    for odd in (
        {"Arn": "arn:aws:lambda:us-east-1:1:function:f"},
        {"Arn": topic, "RoleArn": "arn:aws:iam::1:role/r"},
        {"Arn": topic, "InputTransformer": {"InputTemplate": "x"}},
        {"Arn": topic, "Input": "1", "InputPath": "$.a"},
        {"Arn": topic, "InputPath": "a"},
    ):
        with raises_aws("ValidationException"):
            events.put_targets(Rule="r", Targets=[{"Id": "1"} | odd])
    targets = [{"Id": str(index), "Arn": topic} for index in range(6)]
    with raises_aws("LimitExceededException"):
        events.put_targets(Rule="r", Targets=targets)
    events.put_targets(Rule="r", Targets=targets[:5])
    page = events.list_targets_by_rule(Rule="r", Limit=3)
    rest = events.list_targets_by_rule(Rule="r", NextToken=page["NextToken"])
    assert [each["Id"] for each in rest["Targets"]] == ["3", "4"]
    with raises_aws("ValidationException"):
        events.list_targets_by_rule(Rule="r", NextToken="made up")


def test_policies_are_asked_about_source_and_target(house, events, topic):
    house.iam.create_user(UserName="ann")
    arn = f"arn:aws:events:us-east-1:{house.account_id}:rule/*"
    statements = [
        {
            "Effect": "Allow",
            "Action": "events:PutRule",
            "Resource": arn,
            "Condition": {"ForAllValues:StringEquals": {"events:source": "aws.iam"}},
        },
        {
            "Effect": "Allow",
            "Action": "events:PutTargets",
            "Resource": arn,
            "Condition": {"ForAllValues:ArnLike": {"events:TargetArn": topic}},
        },
    ]
    house.iam.put_user_policy(
        UserName="ann",
        PolicyName="p",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statements}),
    )
    ann = house.user_client("ann", "events")
    ann.put_rule(Name="r", EventPattern=PATTERN)
    with raises_aws("AccessDeniedException"):
        ann.put_rule(Name="s", EventPattern='{"source": ["aws.sts"]}')
    ann.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": topic}])
    with raises_aws("AccessDeniedException"):
        ann.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": f"{topic}x"}])
    assert len(events.list_targets_by_rule(Rule="r")["Targets"]) == 1


def test_there_is_an_end_of_rules(events, monkeypatch):
    monkeypatch.setattr(rules, "MOST_RULES", 1)
    events.put_rule(Name="r", EventPattern=PATTERN)
    with raises_aws("LimitExceededException"):
        events.put_rule(Name="s", EventPattern=PATTERN)
