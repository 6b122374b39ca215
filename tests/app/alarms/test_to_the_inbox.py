"""The whole way: a call, the trail, an alarm, a topic, a mail in somebody's inbox."""

import asyncio

import pytest
from tests.app.sinks import Sink, mail_sink
from tests.house import TestHouse

# Half a second on a quiet machine; a busy one is given time.
PATIENCE_S = 60


@pytest.mark.practice("S001-20")
def test_a_matching_call_is_mailed_within_seconds():
    asyncio.run(_mailed())


async def _mailed():
    settings = {"mail.host": "127.0.0.1", "mail.tls": "none", "alarms.confirm_email": "off"}
    sink = Sink()
    async with mail_sink(sink) as port:
        house = await asyncio.to_thread(TestHouse, **settings | {"mail.port": port})
        try:
            await asyncio.to_thread(_arrange, house)
            house.run(house.house.start())
            await asyncio.to_thread(house.iam.create_user, UserName="ann")
            await asyncio.wait_for(sink.came.wait(), PATIENCE_S)
        finally:
            await asyncio.to_thread(house.close)
    [mail] = sink.mails
    assert mail["subject"] == 'ALARM: "a" in us-east-1'
    assert sink.recipients == [["ops@example.com"]]
    assert '"AlarmName": "a"' in mail.get_content()


def _arrange(house):
    sns = house.client("sns")
    topic = sns.create_topic(Name="t")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="ops@example.com")
    house.client("logs").put_metric_filter(
        logGroupName="doorward/trail",
        filterName="f",
        filterPattern='{ $.eventName = "CreateUser" }',
        metricTransformations=[{"metricName": "M", "metricNamespace": "N", "metricValue": "1"}],
    )
    house.client("cloudwatch").put_metric_alarm(
        AlarmName="a",
        MetricName="M",
        Namespace="N",
        Statistic="Sum",
        Period=300,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        AlarmActions=[topic],
    )
