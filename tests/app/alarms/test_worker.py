"""From a call to the mail about it."""

import asyncio
import json
from dataclasses import replace

import pytest
from tests.app.signin.browser import Browser
from tests.house import TestHouse

from doorward.account.mfa import MfaDevice, MfaKind
from doorward.app.alarms import reading, worker
from doorward.app.alarms.worker import Alarms
from doorward.app.outbox import opened_post
from doorward.app.writer import Written
from doorward.store.errors import StoreUnavailable
from doorward.store.unit import RecordRow
from doorward.trail.filter_pattern import ROOT_PATTERN

MAIL = {"mail.host": "127.0.0.1", "mail.tls": "none"}


@pytest.fixture
def made():
    houses = []

    def make(**settings):
        houses.append(TestHouse(**MAIL | settings))
        return houses[-1]

    yield make
    for house in houses:
        house.close()


def step(house):
    house.run(house.house.recorder.flush())
    house.run(house.house.alarms.step())


def posts(house):
    now_ms = int(house.clock().timestamp() * 1000) + 1
    taken = house.house.store.take_posts(now_ms, 1, 1000)
    for post in taken:
        house.house.store.drop_post(post.id)
    return [(post.kind, opened_post(house.house.sealer, post)) for post in taken]


def a_topic(house, address="ops@example.com"):
    sns = house.client("sns")
    arn = sns.create_topic(Name="root")["TopicArn"]
    sns.subscribe(TopicArn=arn, Protocol="email", Endpoint=address)
    [(kind, mail)] = posts(house)
    assert (kind, mail["to"]) == ("mail", address)
    token = mail["text"].partition("--token ")[2].split()[0]
    sns.confirm_subscription(TopicArn=arn, Token=token)
    return arn


def an_alarm(house, topic, pattern, **more):
    house.client("logs").put_metric_filter(
        logGroupName="doorward/trail",
        filterName="f",
        filterPattern=pattern,
        metricTransformations=[
            {"metricName": "M", "metricNamespace": "N", "metricValue": "1"} | more
        ],
    )
    house.client("cloudwatch").put_metric_alarm(
        AlarmName="a",
        MetricName="M",
        Namespace="N",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        TreatMissingData="notBreaching",
        AlarmActions=[topic],
        OKActions=[topic],
    )


def state(house):
    [alarm] = house.client("cloudwatch").describe_alarms()["MetricAlarms"]
    return alarm["StateValue"]


def test_a_call_that_matches_sets_the_alarm_off_and_is_mailed_once(made):
    house = made()
    topic = a_topic(house)
    an_alarm(house, topic, '{ $.eventName = "CreateUser" }')
    step(house)
    assert (state(house), posts(house)) == ("INSUFFICIENT_DATA", [])
    house.iam.create_user(UserName="ann")
    step(house)
    step(house)
    assert state(house) == "ALARM"
    [(kind, mail)] = posts(house)
    assert (kind, mail["to"]) == ("mail", "ops@example.com")
    assert mail["subject"] == 'ALARM: "a" in us-east-1'
    told = json.loads(mail["text"].partition("\n\n--\n")[0])
    assert (told["NewStateValue"], told["OldStateValue"]) == ("ALARM", "INSUFFICIENT_DATA")
    assert told["Trigger"]["Threshold"] == 1
    house.clock.advance(minutes=2)
    step(house)
    assert state(house) == "OK"
    assert [mail["subject"] for _, mail in posts(house)] == ['OK: "a" in us-east-1']
    items = house.client("cloudwatch").describe_alarm_history(AlarmName="a")["AlarmHistoryItems"]
    assert [item["HistoryItemType"] for item in items] == [
        *("Action", "StateUpdate", "Action", "StateUpdate", "ConfigurationUpdate")
    ]


def test_a_state_set_by_hand_holds_until_the_minute_is_over(made):
    house = made()
    an_alarm(house, a_topic(house), '{ $.eventName = "Never" }')
    step(house)
    house.client("cloudwatch").set_alarm_state(
        AlarmName="a", StateValue="ALARM", StateReason="drill"
    )
    assert [mail["subject"] for _, mail in posts(house)] == ['ALARM: "a" in us-east-1']
    step(house)
    assert state(house) == "ALARM"
    house.clock.advance(minutes=1)
    step(house)
    assert state(house) == "OK"


def test_what_was_counted_survives_the_worker(made):
    house = made()
    an_alarm(house, a_topic(house), '{ $.eventName = "CreateUser" }')
    house.iam.create_user(UserName="ann")
    house.run(house.house.recorder.flush())
    house.house.alarms._read_on()
    house.house.alarms.forget_all()
    step(house)
    assert state(house) == "ALARM"
    assert len(posts(house)) == 1


def test_of_two_nodes_one_tells(made):
    house = made()
    topic = a_topic(house)
    an_alarm(house, topic, '{ $.eventName = "CreateUser" }')
    house.client("events").put_rule(
        Name="r", EventPattern='{"detail": {"eventName": ["CreateUser"]}}'
    )
    house.client("events").put_targets(Rule="r", Targets=[{"Id": "1", "Arn": topic}])
    house.iam.create_user(UserName="ann")
    house.run(house.house.recorder.flush())
    first, second = house.house.alarms, other_node(house)
    house.run(second.step())
    house.run(first.step())
    house.run(second.step())
    assert sorted(mail["subject"] for _, mail in posts(house)) == [
        'ALARM: "a" in us-east-1',
        "AWS Notification Message",
    ]


def other_node(house):
    mine = house.house
    return Alarms(
        store=mine.store,
        accounts=mine.accounts,
        writer=mine.writer,
        sealer=mine.sealer,
        clock=mine.clock,
        built_in=(),
        mails=True,
    )


def test_the_loser_of_a_race_reads_what_the_winner_made(made, monkeypatch):
    house = made()
    an_alarm(house, a_topic(house), '{ $.eventName = "CreateUser" }')
    step(house)
    house.iam.create_user(UserName="ann")
    house.run(house.house.recorder.flush())
    other, store = other_node(house), house.house.store
    put = store.put_setting
    raced = []

    def race(*args):
        if not raced:
            raced.append(True)
            other._read_on()
        return put(*args)

    monkeypatch.setattr(store, "put_setting", race)
    step(house)
    step(house)
    monkeypatch.undo()
    [(_, mail)] = posts(house)
    assert json.loads(mail["text"].partition("\n\n--\n")[0])["NewStateReason"].startswith(
        "Threshold Crossed: 1 datapoint out of the last 1 [1.0]"
    )


def test_an_event_rule_tells_a_topic(made):
    house = made()
    topic = a_topic(house)
    events = house.client("events")
    pattern = {"source": ["aws.iam"], "detail": {"eventName": [{"prefix": "Create"}]}}
    events.put_rule(Name="r", EventPattern=json.dumps(pattern))
    events.put_targets(
        Rule="r",
        Targets=[
            {"Id": "whole", "Arn": topic},
            {"Id": "part", "Arn": topic, "InputPath": "$.detail.eventName"},
            {"Id": "fixed", "Arn": topic, "Input": '"hello"'},
        ],
    )
    house.iam.create_user(UserName="ann")
    house.iam.list_users()
    step(house)
    texts = {mail["text"].partition("\n\n--\n")[0] for _, mail in posts(house)}
    assert len(texts) == 3
    assert {'"CreateUser"', '"hello"'} <= texts
    [event] = [json.loads(text) for text in texts if text.startswith("{")]
    assert event["detail-type"] == "AWS API Call via CloudTrail"
    assert event["detail"]["requestParameters"] == {"userName": "ann"}
    events.put_rule(Name="r", EventPattern=json.dumps(pattern), State="DISABLED")
    house.iam.create_user(UserName="bob")
    step(house)
    assert posts(house) == []


def reachable(house):
    """Root gets an address that is somebody's."""

    def job(live):
        profile = replace(live.account.profile, email="root@example.com")
        return Written(replace(live, account=live.account.put(profile)), None, ())

    house.run(house.house.writer.write(house.account_id, job))
    return house


def test_root_is_told_of_what_happens_once_a_minute(made):
    house = reachable(made())
    sign_in_failures(house, 4)
    step(house)
    assert posts(house) == []
    sign_in_failures(house, 1)
    step(house)
    [(kind, mail)] = posts(house)
    assert (kind, mail["to"]) == ("mail", "root@example.com")
    assert "Five sign-ins failed within five minutes" in mail["subject"]
    assert "192.0.2.1" in mail["text"]
    house.client("iam").delete_virtual_mfa_device(
        SerialNumber=house.iam.create_virtual_mfa_device(VirtualMFADeviceName="d")[
            "VirtualMFADevice"
        ]["SerialNumber"]
    )
    root_does(house, 3)
    step(house)
    assert posts(house) == []
    house.clock.advance(seconds=61)
    step(house)
    [(_, mail)] = posts(house)
    assert mail["subject"] == (
        f"Doorward: root user activity in account {house.account_id} (4 times)"
    )
    assert "An MFA device was deactivated or deleted: 1 since the last mail" in mail["text"]
    house.clock.advance(seconds=61)
    step(house)
    assert posts(house) == []


@pytest.mark.practice("S001-10", "S001-20")
def test_root_signs_in_and_a_mail_says_so(made):
    house = reachable(made())
    browser = Browser(house)
    step_on = browser.by_root(house.house.first.root_password)["step"]
    assert browser.post("/signin/enrol/skip", step=step_on)["session"]["kind"] == "root"
    step(house)
    told = {mail["to"]: mail for _, mail in posts(house) if "root user activity" in mail["subject"]}
    assert "ConsoleLogin" in told["root@example.com"]["text"]
    by_name = [{"AttributeKey": "Username", "AttributeValue": "root"}]
    found = house.cloudtrail.lookup_events(LookupAttributes=by_name)["Events"]
    assert "ConsoleLogin" in {event["EventName"] for event in found}


@pytest.mark.practice("S001-19")
def test_the_pattern_of_the_text_counts_root_and_not_aws_acting_for_it(made):
    house = reachable(made(**{"alarms.root_activity": "off"}))
    an_alarm(house, a_topic(house), ROOT_PATTERN)
    root = {"type": "Root", "arn": "arn:aws:iam::1:root"}
    a_record(house, "aws", "GetUser", root | {"invokedBy": "AWS Internal"})
    a_record(house, "service", "GetUser", root, eventType="AwsServiceEvent")
    step(house)
    assert state(house) == "INSUFFICIENT_DATA"
    root_does(house, 1)
    step(house)
    assert state(house) == "ALARM"


def test_a_made_up_address_is_mailed_nothing(made):
    house = made()
    root_does(house, 1)
    step(house)
    assert posts(house) == []


def test_what_is_switched_off_is_not_told(made):
    house = reachable(made(**{"alarms.root_activity": "off", "alarms.built_in": "assume-root"}))
    root_does(house, 1)
    sign_in_failures(house, 5)
    step(house)
    assert posts(house) == []


@pytest.mark.parametrize(("has_device", "mails"), [(False, 0), (True, 1)])
def test_a_sign_in_without_the_device_one_has_is_told(made, has_device, mails):
    house = reachable(made())
    user = house.iam.create_user(UserName="ann")["User"]
    if has_device:
        device = MfaDevice(
            serial=f"arn:aws:iam::{house.account_id}:mfa/ann",
            kind=MfaKind.VIRTUAL,
            device_id="d1",
            created=house.clock(),
            holder=user["UserId"],
        )
        house.run(
            house.house.writer.write(
                house.account_id,
                lambda live: Written(replace(live, account=live.account.put(device)), None, ()),
            )
        )
    sign_in(house, "ann", {"ConsoleLogin": "Success"}, {"MFAUsed": "No"})
    step(house)
    assert len(posts(house)) == mails


def root_does(house, count):
    for index in range(count):
        a_record(house, f"root-{index}", "GetUser", {"type": "Root", "arn": "arn:aws:iam::1:root"})


def sign_in_failures(house, count):
    for index in range(count):
        sign_in(house, "ann", {"ConsoleLogin": "Failure"}, {}, index)


def sign_in(house, name, elements, data, index=0):
    identity = {"type": "IAMUser", "userName": name}
    more = {"responseElements": elements, "additionalEventData": data}
    a_record(house, f"sign-in-{index}", "ConsoleLogin", identity, **more)


def a_record(house, event_id, name, identity, **more):
    now_ms = int(house.clock().timestamp() * 1000)
    body = {
        "eventName": name,
        "eventID": f"{now_ms}-{event_id}",
        "userIdentity": identity,
        "sourceIPAddress": "192.0.2.1",
        "eventType": "AwsApiCall",
    } | more
    row = RecordRow(
        account=house.account_id,
        at=now_ms,
        event_id=body["eventID"],
        event_name=name,
        event_source="",
        username="root" if identity.get("type") == "Root" else "",
        access_key_id="",
        read_only=False,
        resources=(),
        request_id="",
        body=json.dumps(body, separators=(",", ":")).encode(),
    )
    house.house.store.append([row])


def test_a_record_that_cannot_be_read_silences_no_other(made, monkeypatch, caplog):
    house = made()
    an_alarm(house, a_topic(house), '{ $.eventName = "CreateUser" }')
    step(house)
    held = reading.observation

    def break_once(*_):
        monkeypatch.setattr(reading, "observation", held)
        raise RuntimeError("a bug")

    monkeypatch.setattr(reading, "observation", break_once)
    house.iam.create_user(UserName="ann")
    house.iam.create_user(UserName="bob")
    step(house)
    assert "could not be held against the alarms" in caplog.text
    assert state(house) == "ALARM"


def test_an_alarm_that_cannot_be_judged_holds_no_other_up(made, monkeypatch, caplog):
    house = made()
    an_alarm(house, a_topic(house), '{ $.eventName = "CreateUser" }')
    house.iam.create_user(UserName="ann")
    judged = worker.judged

    def break_once(*_):
        monkeypatch.setattr(worker, "judged", judged)
        raise RuntimeError("a bug")

    monkeypatch.setattr(worker, "judged", break_once)
    step(house)
    assert "could not be judged" in caplog.text
    step(house)
    assert state(house) == "ALARM"


def test_the_store_being_away_is_waited_for(made, monkeypatch, caplog):
    house = made()
    store, tries = house.house.store, []
    get = store.get_setting

    def away(name):
        tries.append(name)
        if len(tries) == 1:
            raise StoreUnavailable("away")
        if len(tries) == 2:
            raise RuntimeError("a bug")
        return get(name)

    monkeypatch.setattr(store, "get_setting", away)
    monkeypatch.setattr(worker, "POLL_S", 0)
    house.run(until(house.house.alarms, lambda: len(tries) > 3))
    assert "the store does not answer" in caplog.text
    assert "alarms wait" in caplog.text


async def until(alarms, done):
    task = asyncio.create_task(alarms.run())
    while not done():  # noqa: ASYNC110 - it is done in a thread
        await asyncio.sleep(0)
    task.cancel()


def test_old_records_are_no_news(made):
    house = made()
    an_alarm(house, a_topic(house), '{ $.eventName = "CreateUser" }')
    house.iam.create_user(UserName="ann")
    house.run(house.house.recorder.flush())
    house.clock.advance(days=2)
    house.run(house.house.alarms.step())
    assert posts(house) == []
