import json

import cbor2
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from tests.house import ENDPOINT, raises_aws

from doorward.authn.request import HttpRequest
from doorward.services.cloudwatch import alarms

BASE = {
    "AlarmName": "a",
    "MetricName": "M",
    "Namespace": "N",
    "Statistic": "Sum",
    "Period": 300,
    "EvaluationPeriods": 2,
    "Threshold": 1.5,
    "ComparisonOperator": "GreaterThanThreshold",
}


@pytest.fixture
def cloudwatch(house):
    return house.client("cloudwatch")


@pytest.fixture
def topic(house):
    return house.client("sns").create_topic(Name="t")["TopicArn"]


def names(answer):
    return [each["AlarmName"] for each in answer["MetricAlarms"]]


def test_an_alarm_is_put_shown_and_replaced(house, cloudwatch, topic):
    dimensions = [{"Name": "b", "Value": "2"}, {"Name": "a", "Value": "1"}]
    cloudwatch.put_metric_alarm(
        **BASE,
        AlarmDescription="d",
        AlarmActions=[topic],
        Dimensions=dimensions,
        DatapointsToAlarm=1,
        TreatMissingData="breaching",
        Tags=[{"Key": "team", "Value": "blue"}],
    )
    [shown] = cloudwatch.describe_alarms(AlarmNames=["a"])["MetricAlarms"]
    arn = f"arn:aws:cloudwatch:us-east-1:{house.account_id}:alarm:a"
    assert shown["AlarmArn"] == arn
    assert shown["StateValue"] == "INSUFFICIENT_DATA"
    assert (shown["Period"], shown["Threshold"], shown["DatapointsToAlarm"]) == (300, 1.5, 1)
    assert shown["Dimensions"] == dimensions[::-1]
    cloudwatch.set_alarm_state(AlarmName="a", StateValue="OK", StateReason="r")
    cloudwatch.put_metric_alarm(**BASE, Tags=[{"Key": "team", "Value": "red"}])
    [shown] = cloudwatch.describe_alarms()["MetricAlarms"]
    assert (shown["StateValue"], shown["AlarmActions"]) == ("OK", [])
    assert "DatapointsToAlarm" not in shown
    tags = cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"]
    assert tags == [{"Key": "team", "Value": "blue"}]
    with raises_aws("ResourceNotFoundException"):
        cloudwatch.list_tags_for_resource(ResourceARN=f"{arn}x")
    assert names(house.client("cloudwatch", region="eu-west-1").describe_alarms()) == []


def test_alarms_are_listed(cloudwatch, topic):
    for name in ("a", "ab", "b"):
        actions = [topic] if name == "b" else []
        cloudwatch.put_metric_alarm(**BASE | {"AlarmName": name, "OKActions": actions})
    assert names(cloudwatch.describe_alarms(AlarmNamePrefix="a")) == ["a", "ab"]
    assert names(cloudwatch.describe_alarms(StateValue="OK")) == []
    assert names(cloudwatch.describe_alarms(ActionPrefix="arn:aws:sns")) == ["b"]
    assert names(cloudwatch.describe_alarms(AlarmTypes=["CompositeAlarm"])) == []
    page = cloudwatch.describe_alarms(MaxRecords=2)
    assert names(cloudwatch.describe_alarms(NextToken=page["NextToken"])) == ["b"]
    with raises_aws("InvalidNextToken"):
        cloudwatch.describe_alarms(NextToken="made up")
    found = cloudwatch.describe_alarms_for_metric(MetricName="M", Namespace="N", Period=300)
    assert names(found) == ["a", "ab", "b"]
    assert names(cloudwatch.describe_alarms_for_metric(MetricName="M", Namespace="X")) == []


@pytest.mark.parametrize(
    "more",
    [
        {"Statistic": None},
        {"MetricName": None},
        {"Period": 45},
        {"Period": 3600, "EvaluationPeriods": 169},
        {"EvaluationPeriods": 1000},
        {"DatapointsToAlarm": 3},
        {"TreatMissingData": "x"},
        {"ComparisonOperator": "GreaterThanUpperThreshold"},
        {"Statistic": None, "ExtendedStatistic": "p99"},
        {"Metrics": [{"Id": "m", "Expression": "1"}]},
        {"EvaluateLowSampleCountPercentile": "ignore"},
        {"AlarmActions": ["arn:aws:automate:us-east-1:ec2:stop"]},
        {"AlarmActions": ["arn:aws:sns:us-east-1:000000000000:t"]},
    ],
)
def test_what_an_alarm_cannot_be(cloudwatch, more):
    asked = {name: value for name, value in (BASE | more).items() if value is not None}
    with raises_aws("ValidationError"):
        cloudwatch.put_metric_alarm(**asked)


def test_a_state_is_set_by_hand_and_remembered(cloudwatch):
    with raises_aws("ResourceNotFound"):
        cloudwatch.set_alarm_state(AlarmName="a", StateValue="ALARM", StateReason="r")
    cloudwatch.put_metric_alarm(**BASE)
    with raises_aws("InvalidFormat"):
        cloudwatch.set_alarm_state(
            AlarmName="a", StateValue="ALARM", StateReason="r", StateReasonData="{"
        )
    for reason in ("drill", "again"):
        cloudwatch.set_alarm_state(
            AlarmName="a", StateValue="ALARM", StateReason=reason, StateReasonData='{"a": 1}'
        )
    [shown] = cloudwatch.describe_alarms()["MetricAlarms"]
    assert (shown["StateReason"], json.loads(shown["StateReasonData"])) == ("again", {"a": 1})
    items = cloudwatch.describe_alarm_history(HistoryItemType="StateUpdate")["AlarmHistoryItems"]
    assert [each["HistorySummary"] for each in items] == [
        "Alarm updated from INSUFFICIENT_DATA to ALARM"
    ]
    cloudwatch.delete_alarms(AlarmNames=["a"])
    with raises_aws("ResourceNotFound"):
        cloudwatch.delete_alarms(AlarmNames=["a"])
    items = cloudwatch.describe_alarm_history(AlarmName="a", ScanBy="TimestampAscending")
    assert [each["HistorySummary"] for each in items["AlarmHistoryItems"]] == [
        'Alarm "a" created',
        "Alarm updated from INSUFFICIENT_DATA to ALARM",
        'Alarm "a" deleted',
    ]
    page = cloudwatch.describe_alarm_history(MaxRecords=2)
    rest = cloudwatch.describe_alarm_history(NextToken=page["NextToken"])
    assert len(rest["AlarmHistoryItems"]) == 1
    with raises_aws("InvalidNextToken"):
        cloudwatch.describe_alarm_history(NextToken="made up")


def test_every_alarm_to_be_deleted_is_asked_for(house, cloudwatch):
    for name in ("a", "b"):
        cloudwatch.put_metric_alarm(**BASE | {"AlarmName": name})
    house.iam.create_user(UserName="ann")
    arn = f"arn:aws:cloudwatch:us-east-1:{house.account_id}:alarm:a"
    statement = {"Effect": "Allow", "Action": "cloudwatch:DeleteAlarms", "Resource": arn}
    house.iam.put_user_policy(
        UserName="ann",
        PolicyName="p",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statement}),
    )
    ann = house.user_client("ann", "cloudwatch")
    with raises_aws("AccessDenied"):
        ann.delete_alarms(AlarmNames=["a", "b"])
    ann.delete_alarms(AlarmNames=["a"])
    assert names(cloudwatch.describe_alarms()) == ["b"]


def signed_cbor(house, operation, params):
    """A call as the newest clients send it."""
    path = f"/service/GraniteServiceVersion20100801/operation/{operation}"
    headers = {"smithy-protocol": "rpc-v2-cbor", "content-type": "application/cbor"}
    request = AWSRequest("POST", f"{ENDPOINT}{path}", headers, cbor2.dumps(params))
    keys = Credentials(house.admin.access_key_id, house.admin.secret_access_key)
    SigV4Auth(keys, "monitoring", "us-east-1").add_auth(request)
    sent = [(name.lower(), str(value)) for name, value in request.headers.items()]
    sent.append(("host", ENDPOINT.partition("//")[2]))
    return house.answer(HttpRequest("POST", path, "", tuple(sent), request.body))


def test_the_newest_clients_speak_cbor(house):
    assert signed_cbor(house, "PutMetricAlarm", BASE).status == 200
    answer = signed_cbor(house, "DescribeAlarms", {})
    [shown] = cbor2.loads(answer.body)["MetricAlarms"]
    assert (shown["AlarmName"], shown["Threshold"]) == ("a", 1.5)
    assert shown["StateUpdatedTimestamp"].tzinfo is not None
    refused = signed_cbor(house, "DeleteAlarms", {"AlarmNames": ["x"]})
    assert refused.status == 404
    assert dict(refused.headers)["x-amzn-query-error"] == "ResourceNotFound;Sender"
    broken = signed_cbor(house, "PutMetricAlarm", BASE | {"Threshold": float("inf")})
    assert cbor2.loads(broken.body)["__type"] == "ValidationException"
    names_of = [json.loads(row.body)["eventSource"] for row in house.records()]
    assert names_of[0] == "monitoring.amazonaws.com"


def test_there_is_an_end_of_alarms(cloudwatch, monkeypatch):
    monkeypatch.setattr(alarms, "MOST_ALARMS", 1)
    cloudwatch.put_metric_alarm(**BASE)
    cloudwatch.put_metric_alarm(**BASE)
    with raises_aws("LimitExceeded"):
        cloudwatch.put_metric_alarm(**BASE | {"AlarmName": "b"})
