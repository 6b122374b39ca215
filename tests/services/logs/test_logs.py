import json

import pytest
from tests.house import raises_aws

from doorward.services.logs import events, groups

TRAIL = "doorward/trail"
COUNT = {"metricName": "M", "metricNamespace": "N", "metricValue": "1"}


@pytest.fixture
def logs(house):
    return house.client("logs")


def put(logs, pattern="ERROR", group=TRAIL, name="f", **count):
    logs.put_metric_filter(
        logGroupName=group,
        filterName=name,
        filterPattern=pattern,
        metricTransformations=[COUNT | count],
    )


def test_the_trails_group_is_always_there_and_nobodys(house, logs):
    [group] = logs.describe_log_groups()["logGroups"]
    arn = f"arn:aws:logs:us-east-1:{house.account_id}:log-group:{TRAIL}"
    assert (group["logGroupName"], group["arn"], group["logGroupArn"]) == (TRAIL, f"{arn}:*", arn)
    with raises_aws("ResourceAlreadyExistsException"):
        logs.create_log_group(logGroupName=TRAIL)
    with raises_aws("InvalidParameterException"):
        logs.delete_log_group(logGroupName=TRAIL)
    with raises_aws("InvalidParameterException"):
        logs.put_log_events(
            logGroupName=TRAIL, logStreamName="management", logEvents=[line(house, "forged")]
        )


def test_groups_come_and_go(house, logs):
    logs.create_log_group(logGroupName="app", tags={"team": "blue"})
    with raises_aws("ResourceAlreadyExistsException", "The specified log group already exists"):
        logs.create_log_group(logGroupName="app")
    arn = f"arn:aws:logs:us-east-1:{house.account_id}:log-group:app"
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"team": "blue"}
    with raises_aws("ResourceNotFoundException"):
        logs.list_tags_for_resource(resourceArn=arn.replace("us-east-1", "eu-west-1"))
    found = logs.describe_log_groups(logGroupNamePrefix="ap")["logGroups"]
    assert [each["logGroupName"] for each in found] == ["app"]
    found = logs.describe_log_groups(logGroupNamePattern="PP")["logGroups"]
    assert [each["logGroupName"] for each in found] == ["app"]
    first = logs.describe_log_groups(limit=1)
    second = logs.describe_log_groups(limit=1, nextToken=first["nextToken"])
    assert [each["logGroups"][0]["logGroupName"] for each in (first, second)] == ["app", TRAIL]
    with raises_aws("InvalidParameterException"):
        logs.describe_log_groups(nextToken="made up")
    put(logs, group="app")
    logs.delete_log_group(logGroupName="app")
    assert logs.describe_metric_filters()["metricFilters"] == []
    with raises_aws("ResourceNotFoundException", "The specified log group does not exist."):
        put(logs, group="app")


@pytest.mark.parametrize(
    "more",
    [{"kmsKeyId": "k"}, {"logGroupClass": "DELIVERY"}, {"deletionProtectionEnabled": True}],
)
def test_what_a_group_cannot_be(logs, more):
    with raises_aws("InvalidParameterException"):
        logs.create_log_group(logGroupName="app", **more)


def test_filters_are_put_listed_and_deleted(logs):
    put(logs, defaultValue=0, unit="Count")
    put(logs, "{ $.a = 1 }", name="g", metricName="O", dimensions={"D": "$.a"})
    first, second = logs.describe_metric_filters(logGroupName=TRAIL)["metricFilters"]
    assert first["metricTransformations"] == [COUNT | {"defaultValue": 0.0, "unit": "Count"}]
    assert second["metricTransformations"][0]["dimensions"] == {"D": "$.a"}
    found = logs.describe_metric_filters(metricName="O", metricNamespace="N")["metricFilters"]
    assert [each["filterName"] for each in found] == ["g"]
    with raises_aws("InvalidParameterException"):
        logs.describe_metric_filters(metricName="O")
    logs.delete_metric_filter(logGroupName=TRAIL, filterName="g")
    with raises_aws("ResourceNotFoundException"):
        logs.delete_metric_filter(logGroupName=TRAIL, filterName="g")
    found = logs.describe_metric_filters(filterNamePrefix="f")["metricFilters"]
    assert [each["filterName"] for each in found] == ["f"]


@pytest.mark.practice("M-04")
def test_the_bare_form_is_refused_with_the_right_one(logs):
    with raises_aws("InvalidParameterException") as refused:
        put(logs, 'userIdentity.type = "Root"')
    assert (
        '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS'
        ' && $.eventType != "AwsServiceEvent" }'
    ) in refused.value.response["Error"]["Message"]


@pytest.mark.parametrize(
    "count",
    [
        {"metricValue": "x"},
        {"dimensions": {"D": "a"}},
        {"dimensions": {"D": "$.a"}, "defaultValue": 1},
        {"dimensions": dict.fromkeys("ABCD", "$.a")},
    ],
)
def test_what_a_filter_cannot_count(logs, count):
    with raises_aws("InvalidParameterException"):
        put(logs, **count)


def test_a_filter_of_transformed_logs_is_refused(logs):
    with raises_aws("InvalidParameterException"):
        logs.put_metric_filter(
            logGroupName=TRAIL,
            filterName="f",
            filterPattern="",
            metricTransformations=[COUNT],
            applyOnTransformedLogs=True,
        )


def test_a_hundred_filters_and_no_more(logs):
    for index in range(100):
        put(logs, name=f"f{index}")
    put(logs, name="f0")
    with raises_aws("LimitExceededException"):
        put(logs, name="one-more")


def test_a_pattern_is_tried(logs):
    lines = ["[ERROR 400]", '{"a": 1}', "fine"]
    found = logs.test_metric_filter(filterPattern="{ $.a = 1 }", logEventMessages=lines)
    assert found["matches"] == [
        {"eventNumber": 2, "eventMessage": '{"a": 1}', "extractedValues": {"$.a": "1"}}
    ]


def line(house, text, **ahead):
    at = house.clock()
    return {"timestamp": int(at.timestamp() * 1000) + ahead.get("ms", 0), "message": text}


def test_messages_are_taken_counted_and_found(house, logs):
    logs.create_log_group(logGroupName="app")
    with raises_aws("ResourceNotFoundException", "The specified log stream does not exist."):
        logs.put_log_events(logGroupName="app", logStreamName="s", logEvents=[line(house, "x")])
    logs.create_log_stream(logGroupName="app", logStreamName="s")
    with raises_aws("ResourceAlreadyExistsException"):
        logs.create_log_stream(logGroupName="app", logStreamName="s")
    put(logs, group="app")
    day = 86_400_000
    events = [
        line(house, "old", ms=-15 * day),
        line(house, "ERROR 1"),
        line(house, "fine", ms=1),
        line(house, "ERROR new", ms=3 * 3_600_000),
    ]
    told = logs.put_log_events(logGroupName="app", logStreamName="s", logEvents=events)
    assert told["rejectedLogEventsInfo"] == {
        "tooOldLogEventEndIndex": 1,
        "tooNewLogEventStartIndex": 3,
    }
    with raises_aws("InvalidParameterException"):
        logs.put_log_events(logGroupName="app", logStreamName="s", logEvents=[events[2], events[1]])
    found = logs.filter_log_events(logGroupName="app", filterPattern="ERROR")["events"]
    assert [(each["message"], each["logStreamName"]) for each in found] == [("ERROR 1", "s")]
    found = logs.filter_log_events(logGroupName="app", logStreamNamePrefix="other")["events"]
    assert found == []
    cloudwatch = house.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="a",
        MetricName="M",
        Namespace="N",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
    )
    house.run(house.house.recorder.flush())
    house.run(house.house.alarms.step())
    assert cloudwatch.describe_alarms()["MetricAlarms"][0]["StateValue"] == "ALARM"


def test_a_group_keeps_its_last_thousand_messages(house, logs):
    logs.create_log_group(logGroupName="app")
    logs.create_log_stream(logGroupName="app", logStreamName="s")
    events = [line(house, f"m{index}", ms=index) for index in range(1100)]
    logs.put_log_events(logGroupName="app", logStreamName="s", logEvents=events)
    found = logs.filter_log_events(logGroupName="app")["events"]
    assert (len(found), found[0]["message"]) == (1000, "m100")
    logs.put_log_events(
        logGroupName="app", logStreamName="s", logEvents=[line(house, "x" * 250_000, ms=2000)]
    )
    [group] = logs.describe_log_groups(logGroupNamePrefix="app")["logGroups"]
    assert group["storedBytes"] <= 262_144


def test_the_trail_is_searched(house, logs):
    for name in ("ann", "bob", "eve"):
        house.iam.create_user(UserName=name)
    house.run(house.house.recorder.flush())
    pattern = '{ $.eventName = "CreateUser" }'
    found = logs.filter_log_events(logGroupName=TRAIL, filterPattern=pattern)["events"]
    names = [json.loads(each["message"])["requestParameters"]["userName"] for each in found]
    assert names == ["ann", "bob", "eve"]
    page = logs.filter_log_events(logGroupName=TRAIL, filterPattern=pattern, limit=2)
    rest = logs.filter_log_events(
        logGroupName=TRAIL, filterPattern=pattern, limit=2, nextToken=page["nextToken"]
    )
    assert [len(each["events"]) for each in (page, rest)] == [2, 1]
    arn = f"arn:aws:logs:us-east-1:{house.account_id}:log-group:{TRAIL}"
    by_arn = logs.filter_log_events(logGroupIdentifier=arn, filterPattern=pattern)["events"]
    assert by_arn == found
    assert logs.filter_log_events(logGroupName=TRAIL, logStreamNames=["x"])["events"] == []
    for odd in (
        {},
        {"logGroupName": TRAIL, "logGroupIdentifier": arn},
        {"logGroupName": TRAIL, "nextToken": "made up"},
        {"logGroupName": TRAIL, "logStreamNames": ["a"], "logStreamNamePrefix": "a"},
        {"logGroupName": TRAIL, "filterPattern": "a.b"},
    ):
        with raises_aws("InvalidParameterException"):
            logs.filter_log_events(**odd)


def test_policies_name_the_log_group(house):
    house.iam.create_user(UserName="ann")
    arn = f"arn:aws:logs:us-east-1:{house.account_id}:log-group:{TRAIL}:*"
    statement = {"Effect": "Allow", "Action": "logs:FilterLogEvents", "Resource": arn}
    house.iam.put_user_policy(
        UserName="ann",
        PolicyName="p",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statement}),
    )
    ann = house.user_client("ann", "logs")
    ann.filter_log_events(logGroupName=TRAIL)
    with raises_aws("AccessDeniedException"):
        ann.filter_log_events(logGroupName="other")


def test_there_is_an_end_of_groups_streams_and_series(house, logs, monkeypatch):
    monkeypatch.setattr(groups, "MOST_GROUPS", 1)
    monkeypatch.setattr(groups, "MOST_STREAMS", 1)
    monkeypatch.setattr(events, "MOST_SERIES", 1)
    logs.create_log_group(logGroupName="app")
    logs.create_log_stream(logGroupName="app", logStreamName="s")
    with raises_aws("LimitExceededException"):
        logs.create_log_group(logGroupName="other")
    with raises_aws("LimitExceededException"):
        logs.create_log_stream(logGroupName="app", logStreamName="t")
    put(logs, group="app", name="f", metricName="M")
    put(logs, group="app", name="g", metricName="O")
    with raises_aws("LimitExceededException"):
        logs.put_log_events(logGroupName="app", logStreamName="s", logEvents=[line(house, "ERROR")])


def test_lists_of_groups_that_are_not_here(house, logs):
    for odd in (
        {"includeLinkedAccounts": True},
        {"logGroupNamePrefix": "a", "logGroupNamePattern": "a"},
    ):
        with raises_aws("InvalidParameterException"):
            logs.describe_log_groups(**odd)
    arn = f"arn:aws:logs:us-east-1:{house.account_id}:log-group:{TRAIL}"
    [found] = logs.describe_log_groups(logGroupIdentifiers=[arn])["logGroups"]
    assert found["logGroupName"] == TRAIL
    assert logs.describe_log_groups(logGroupClass="DELIVERY")["logGroups"] == []
