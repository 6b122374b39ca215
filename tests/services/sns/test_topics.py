import json

import pytest
from botocore import UNSIGNED
from botocore.config import Config
from tests.house import ENDPOINT, Transport, _session, raises_aws

from doorward.app.outbox import opened_post
from doorward.services.sns import subscriptions, topics


@pytest.fixture
def sns(house):
    return house.client("sns")


@pytest.fixture
def topic(sns):
    return sns.create_topic(Name="t")["TopicArn"]


@pytest.fixture
def posts(house):
    def take():
        now_ms = int(house.clock().timestamp() * 1000) + 1
        taken = house.house.store.take_posts(now_ms, 1, 1000)
        for post in taken:
            house.house.store.drop_post(post.id)
        return [(post.kind, opened_post(house.house.sealer, post)) for post in taken]

    return take


def nobody(house):
    client = _session().create_client(
        "sns",
        region_name="us-east-1",
        endpoint_url=ENDPOINT,
        config=Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1}),
    )
    client._endpoint.http_session = Transport(house)
    return client


def confirmed(sns, posts, topic, protocol="email", endpoint="a@example.com", **more):
    sns.subscribe(TopicArn=topic, Protocol=protocol, Endpoint=endpoint, **more)
    [(_, body)] = posts()
    if "body" in body:
        token = json.loads(body["body"])["Token"]
    elif protocol == "email-json":
        token = json.loads(body["text"])["Token"]
    else:
        token = body["text"].partition("--token ")[2].split()[0]
    return sns.confirm_subscription(TopicArn=topic, Token=token)["SubscriptionArn"]


def test_the_same_name_is_the_same_topic(house, sns, topic):
    assert topic == f"arn:aws:sns:us-east-1:{house.account_id}:t"
    assert sns.create_topic(Name="t")["TopicArn"] == topic
    assert sns.list_topics()["Topics"] == [{"TopicArn": topic}]
    assert house.client("sns", region="eu-west-1").list_topics()["Topics"] == []
    with raises_aws("InvalidParameter"):
        sns.create_topic(Name="t", Tags=[{"Key": "a", "Value": "b"}])
    with raises_aws("InvalidParameter"):
        sns.create_topic(Name="t", Attributes={"DisplayName": "x"})
    sns.delete_topic(TopicArn=topic)
    sns.delete_topic(TopicArn=topic)
    with raises_aws("NotFound", "Topic does not exist"):
        sns.get_topic_attributes(TopicArn=topic)


@pytest.mark.parametrize(
    "more",
    [
        {"Name": "a b"},
        {"Name": "t.fifo"},
        {"Name": "x", "Attributes": {"KmsMasterKeyId": "k"}},
        {"Name": "x", "Attributes": {"DisplayName": "x" * 101}},
        {"Name": "x", "DataProtectionPolicy": "{}"},
    ],
)
def test_what_a_topic_cannot_be(sns, more):
    with raises_aws("InvalidParameter"):
        sns.create_topic(**more)


def test_attributes_and_tags(sns):
    topic = sns.create_topic(
        Name="t", Attributes={"DisplayName": "T"}, Tags=[{"Key": "a", "Value": "b"}]
    )["TopicArn"]
    shown = sns.get_topic_attributes(TopicArn=topic)["Attributes"]
    assert (shown["DisplayName"], shown["SubscriptionsPending"]) == ("T", "0")
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=shown["Policy"])
    sns.set_topic_attributes(TopicArn=topic, AttributeName="DisplayName", AttributeValue="U")
    assert sns.get_topic_attributes(TopicArn=topic)["Attributes"]["DisplayName"] == "U"
    for name, value in (
        ("FifoTopic", "false"),
        ("SQSSuccessFeedbackSampleRate", "0"),
        ("HTTPFailureFeedbackRoleArn", ""),
    ):
        sns.set_topic_attributes(TopicArn=topic, AttributeName=name, AttributeValue=value)
        assert name not in sns.get_topic_attributes(TopicArn=topic)["Attributes"]
    for name, value in (
        ("FifoTopic", "true"),
        ("Policy", "{}"),
        ("Policy", "x"),
        ("DeliveryPolicy", "{}"),
    ):
        with raises_aws("InvalidParameter"):
            sns.set_topic_attributes(TopicArn=topic, AttributeName=name, AttributeValue=value)
    assert sns.list_tags_for_resource(ResourceArn=topic)["Tags"] == [{"Key": "a", "Value": "b"}]
    with raises_aws("ResourceNotFound"):
        sns.list_tags_for_resource(ResourceArn=f"{topic}x")


def test_nobody_is_told_before_they_agreed(house, sns, topic, posts):
    asked = {"TopicArn": topic, "Protocol": "email", "Endpoint": "a@example.com"}
    assert sns.subscribe(**asked)["SubscriptionArn"] == "pending confirmation"
    [(kind, mail)] = posts()
    assert (kind, mail["to"]) == ("mail", "a@example.com")
    sns.publish(TopicArn=topic, Message="m")
    assert posts() == []
    [listed] = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert listed["SubscriptionArn"] == "PendingConfirmation"
    token = mail["text"].partition("--token ")[2].split()[0]
    assert token not in json.dumps(sns.list_subscriptions())
    with raises_aws("InvalidParameter"):
        nobody(house).confirm_subscription(TopicArn=topic, Token="0" * 64)
    arn = nobody(house).confirm_subscription(TopicArn=topic, Token=token)["SubscriptionArn"]
    assert sns.subscribe(**asked)["SubscriptionArn"] == arn
    assert posts() == []
    sns.publish(TopicArn=topic, Message="hello", Subject="Hi")
    [(kind, mail)] = posts()
    assert (kind, mail["subject"]) == ("mail", "Hi")
    assert mail["text"].startswith("hello\n")
    shown = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert (shown["PendingConfirmation"], shown["Endpoint"]) == ("false", "a@example.com")
    sns.unsubscribe(SubscriptionArn=arn)
    sns.unsubscribe(SubscriptionArn=arn)
    assert sns.list_subscriptions()["Subscriptions"] == []
    with raises_aws("NotFound", "Subscription does not exist"):
        sns.get_subscription_attributes(SubscriptionArn=arn)


def test_the_link_of_the_mail_confirms_it(house, sns, topic, posts):
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="a@example.com")
    [(_, mail)] = posts()
    url = next(word for word in mail["text"].split() if "Action=ConfirmSubscription" in word)
    assert url.startswith(ENDPOINT)
    from doorward.authn.request import HttpRequest

    answer = house.answer(HttpRequest("GET", "/", url.partition("?")[2], (), b""))
    assert answer.status == 200
    assert sns.get_topic_attributes(TopicArn=topic)["Attributes"]["SubscriptionsConfirmed"] == "1"


def test_webhooks_and_json_get_the_whole_notification(sns, topic, posts):
    confirmed(sns, posts, topic, "https", "https://hook.example.com/x")
    confirmed(
        sns,
        posts,
        topic,
        "http",
        "http://raw.example.com/",
        Attributes={"RawMessageDelivery": "true"},
    )
    confirmed(sns, posts, topic, "email-json", "j@example.com")
    message = json.dumps({"default": "d", "email-json": "j", "http": "h"})
    sent = sns.publish(TopicArn=topic, Message=message, MessageStructure="json")
    told = {body.get("url") or body["to"]: body.get("body") or body["text"] for _, body in posts()}
    assert told["http://raw.example.com/"] == "h"
    whole = json.loads(told["https://hook.example.com/x"])
    assert whole["MessageId"] == sent["MessageId"]
    assert (whole["Type"], whole["Message"], whole["TopicArn"]) == ("Notification", "d", topic)
    assert json.loads(told["j@example.com"])["Message"] == "j"


@pytest.mark.parametrize(
    ("protocol", "endpoint"),
    [
        ("email", "no address"),
        ("email", "a@b.example\r\nBcc: x@y.example"),
        ("email", "a@b,c@d"),
        ("https", "http://a.example/"),
        ("https", "https://"),
        ("https", "https://[::1"),
        ("https", "https://a.example/ b"),
        ("http", "http://a.example:0/"),
        ("sms", "+1"),
        ("sqs", "arn:aws:sqs:us-east-1:1:q"),
    ],
)
def test_endpoints_that_cannot_be_told(sns, topic, protocol, endpoint):
    with raises_aws("InvalidParameter"):
        sns.subscribe(TopicArn=topic, Protocol=protocol, Endpoint=endpoint)


def test_attributes_of_a_subscription_that_would_be_ignored(sns, topic):
    for name, value in (("FilterPolicy", "{}"), ("RawMessageDelivery", "x")):
        with raises_aws("InvalidParameter"):
            sns.subscribe(
                TopicArn=topic,
                Protocol="https",
                Endpoint="https://a.example/",
                Attributes={name: value},
            )


@pytest.mark.parametrize(
    "more",
    [
        {"Message": ""},
        {"Message": "é" * 140_000},
        {"Message": "m", "Subject": ""},
        {"Message": "m", "Subject": "a\nb"},
        {"Message": "m", "Subject": "x" * 101},
        {"Message": "m", "MessageStructure": "xml"},
        {"Message": "m", "MessageStructure": "json"},
        {"Message": "{}", "MessageStructure": "json"},
        {"Message": "m", "MessageGroupId": "g"},
        {"Message": "m", "TargetArn": "arn:aws:sns:us-east-1:1:t"},
        {"Message": "m", "PhoneNumber": "+1"},
    ],
)
def test_what_cannot_be_published(sns, topic, more):
    with raises_aws("InvalidParameter"):
        sns.publish(TopicArn=topic, **more)


def test_policies_are_asked_about_protocol_and_endpoint(house, topic):
    house.iam.create_user(UserName="ann")
    statement = {
        "Effect": "Allow",
        "Action": "sns:Subscribe",
        "Resource": topic,
        "Condition": {"StringLike": {"sns:Endpoint": "*@example.com", "sns:Protocol": "email"}},
    }
    house.iam.put_user_policy(
        UserName="ann",
        PolicyName="p",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statement}),
    )
    ann = house.user_client("ann", "sns")
    ann.subscribe(TopicArn=topic, Protocol="email", Endpoint="a@example.com")
    with raises_aws("AuthorizationError"):
        ann.subscribe(TopicArn=topic, Protocol="email", Endpoint="a@evil.example")
    with raises_aws("AuthorizationError"):
        ann.publish(TopicArn=topic, Message="m")


def test_lists_come_in_pages(sns):
    for index in range(101):
        sns.create_topic(Name=f"t{index:03}")
    page = sns.list_topics()
    rest = sns.list_topics(NextToken=page["NextToken"])
    assert [len(each["Topics"]) for each in (page, rest)] == [100, 1]
    with raises_aws("InvalidParameter", "Invalid parameter: NextToken"):
        sns.list_topics(NextToken="made up")


def test_there_is_an_end_of_topics_and_subscriptions(sns, topic, monkeypatch):
    monkeypatch.setattr(topics, "MOST_TOPICS", 1)
    with raises_aws("TopicLimitExceeded"):
        sns.create_topic(Name="one-more")
    monkeypatch.setattr(subscriptions, "MOST_SUBSCRIPTIONS", 1)
    asked = {"TopicArn": topic, "Protocol": "email"}
    sns.subscribe(**asked, Endpoint="a@example.com")
    sns.subscribe(**asked, Endpoint="a@example.com")
    with raises_aws("SubscriptionLimitExceeded"):
        sns.subscribe(**asked, Endpoint="b@example.com")


def test_an_arn_that_is_none_cannot_be_unsubscribed(sns):
    with raises_aws("InvalidParameter"):
        sns.unsubscribe(SubscriptionArn="PendingConfirmation")


def test_the_trail_holds_no_address_of_a_webhook_and_no_token(house, sns, topic):
    url = "https://hooks.example/a-secret"
    sns.subscribe(TopicArn=topic, Protocol="https", Endpoint=url)
    with raises_aws("InvalidParameter"):
        sns.confirm_subscription(TopicArn=topic, Token="0" * 64)
    bodies = {row.event_name: row.body.decode() for row in house.records()}
    assert "a-secret" not in bodies["Subscribe"]
    assert "0" * 64 not in bodies["ConfirmSubscription"]
    assert '"protocol":"https"' in bodies["Subscribe"]


def test_a_confirmation_leads_where_the_setting_says(house, sns, topic, posts, monkeypatch):
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="a@example.com")
    [(_, before)] = posts()
    assert f"\n{ENDPOINT}/?Action=ConfirmSubscription" in before["text"]
    settings = house.house.settings.values | {"http.public_url": "https://iam.example.com"}
    monkeypatch.setattr(house.house.pipeline, "settings", settings)
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="a@example.com")
    [(_, after)] = posts()
    assert "\nhttps://iam.example.com/?Action=ConfirmSubscription" in after["text"]
