import json
from datetime import UTC, datetime

from doorward.account.account import Account
from doorward.account.alarm_changes import moved
from doorward.account.alarms import (
    MOST_HISTORY,
    Actions,
    AlarmHistory,
    AlarmState,
    HistoryItem,
    MetricAlarm,
    MetricName,
    MetricPoints,
)
from doorward.account.event_rules import EventRule
from doorward.account.log_groups import LogGroup, LogLines, MetricFilter, Transformation
from doorward.account.topics import Subscription, Topic, deliveries, topic_of
from doorward.trail.alarms import Threshold, Verdict

NOW = datetime(2026, 9, 11, tzinfo=UTC)
ID = "111122223333"
TOPIC = Topic(region="us-east-1", name="t", account=ID, created=NOW)


def a_subscription(**more):
    return Subscription(
        **{
            "topic": TOPIC.arn,
            "id": "s",
            "protocol": "email",
            "endpoint": "a@example.com",
            "owner": ID,
            "created": NOW,
            "confirmed": True,
        }
        | more
    )


def an_alarm(**more):
    return MetricAlarm(
        **{
            "metric": MetricName("us-east-1", "N", "M"),
            "name": "a",
            "configured": NOW,
            "threshold": Threshold(
                statistic="Sum",
                period_s=60,
                periods=1,
                datapoints=1,
                order="GreaterThanThreshold",
                value=0,
            ),
            "state": AlarmState("OK", "", "", NOW, NOW),
            "actions": Actions(alarm=(TOPIC.arn,)),
        }
        | more
    )


def test_each_kind_says_where_it_is():
    metric = MetricName("us-east-1", "N", "M", (("D", "x"),))
    made = Transformation("N", "M", "1")
    kinds = [
        LogGroup(region="us-east-1", name="g", created=NOW),
        LogLines(region="us-east-1", group="g"),
        MetricFilter(
            region="us-east-1", group="g", name="f", pattern="", created=NOW, transformation=made
        ),
        an_alarm(),
        AlarmHistory(region="us-east-1", name="a"),
        MetricPoints(metric=metric, points={}),
        TOPIC,
        a_subscription(),
        EventRule(region="us-east-1", name="r", created=NOW, pattern="{}"),
    ]
    assert [(each.key, each.resource, each.ids) for each in kinds] == [
        ("us-east-1/g", "log-group:g", ()),
        ("us-east-1/g", "log-group:g", ()),
        ("us-east-1/g:f", "log-group:g:metric-filter:f", ()),
        ("us-east-1/a", "alarm:a", ()),
        ("us-east-1/a", "alarm:a", ()),
        ("us-east-1\x1eN\x1eM\x1eD\x1fx", "metric/N/M", ()),
        ("us-east-1/t", "t", ()),
        ("s", "s", ()),
        ("us-east-1/r", "rule/r", ()),
    ]


def test_a_history_forgets_the_oldest():
    history = AlarmHistory(region="us-east-1", name="a")
    for number in range(MOST_HISTORY + 5):
        history = history.with_item(HistoryItem(NOW, "StateUpdate", str(number), "{}"))
    assert (len(history.items), history.items[0].summary) == (MOST_HISTORY, "104")


def test_a_publication_reaches_who_confirmed():
    account = Account.of(ID, [TOPIC, a_subscription(), a_subscription(id="p", confirmed=False)])
    [told] = deliveries(account, TOPIC.arn, "m", NOW, "id")
    assert (told.id, told.kind, told.body["to"]) == ("id/s", "mail", "a@example.com")
    assert told.body["subject"] == "AWS Notification Message"
    assert deliveries(account, f"{TOPIC.arn}x", "m", NOW, "id") == []
    assert topic_of(account, "no ARN") is None
    assert topic_of(account, TOPIC.arn.replace(ID, "444455556666")) is None


def test_an_alarm_that_moves_tells_and_remembers():
    account = Account.of(ID, [TOPIC, a_subscription(), an_alarm()])
    verdict = Verdict("ALARM", "why", '{"version": "1.0"}')
    after, told = moved(account, an_alarm(), verdict, NOW)
    assert after.at(("alarm", "us-east-1/a")).state == AlarmState(*verdict, NOW, NOW)
    message = json.loads(told[0].body["text"].partition("\n\n--\n")[0])
    assert (message["OldStateValue"], message["NewStateReason"]) == ("OK", "why")
    kinds = [item.kind for item in after.at(("alarm-history", "us-east-1/a")).items]
    assert kinds == ["Action", "StateUpdate"]
    assert moved(account, an_alarm(), verdict, NOW)[1] == told


def test_an_alarm_whose_actions_are_off_only_remembers():
    account = Account.of(ID, [TOPIC, a_subscription(), an_alarm(enabled=False)])
    after, told = moved(account, an_alarm(enabled=False), Verdict("ALARM", "why", ""), NOW)
    assert told == []
    assert len(after.at(("alarm-history", "us-east-1/a")).items) == 1


def test_each_state_has_its_own_topics():
    for state in ("OK", "INSUFFICIENT_DATA"):
        account = Account.of(ID, [TOPIC, a_subscription(), an_alarm()])
        assert moved(account, an_alarm(), Verdict(state, "", ""), NOW)[1] == []
