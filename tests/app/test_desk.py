import json
from secrets import token_hex

import pytest
from tests.house import raises_aws


@pytest.fixture
def decoded(house):
    """What a refusal tells those who may decode it."""

    def decode(**headers):
        house.iam.create_user(UserName="ann", Tags=[{"Key": "Team", "Value": "blue"}])
        ann = house.user_client("ann")
        for name, value in headers.items():
            ann.meta.events.register(
                "before-send.iam",
                lambda request, name=name, value=value, **_: _set(request, name, value),
            )
        with raises_aws("AccessDenied") as caught:
            ann.tag_user(
                UserName="ann", Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]
            )
        sent = caught.value.response["ResponseMetadata"]["HTTPHeaders"]
        message = sent["x-doorward-authorization-message"]
        answer = house.sts.decode_authorization_message(EncodedMessage=message)
        return json.loads(answer["DecodedMessage"])["context"]["conditions"]["items"]

    return decode


def _set(request, name, value):
    request.headers[name] = value


def test_a_refusal_tells_the_keys_it_was_made_with(house, decoded):
    shown = {item["key"]: item["values"]["items"] for item in decoded()}
    assert shown["aws:username"] == [{"value": "ann"}]
    assert shown["aws:SecureTransport"] == [{"value": "false"}]
    assert shown["aws:PrincipalArn"] == [{"value": f"arn:aws:iam::{house.account_id}:user/ann"}]
    assert shown["aws:PrincipalTag/team"] == [{"value": "blue"}]
    assert shown["iam:ResourceTag/team"] == [{"value": "blue"}]
    assert shown["aws:RequestTag/a"] == [{"value": "1"}]
    assert shown["aws:TagKeys"] == [{"value": "a"}, {"value": "b"}]


def test_each_key_is_told_once_and_tags_are_told_last(decoded):
    keys = [item["key"].lower() for item in decoded()]
    assert keys == sorted(set(keys), key=lambda key: ("/" in key, key))


def test_a_refusal_stays_short_enough_for_a_header(house):
    tags = [{"Key": token_hex(64), "Value": token_hex(128)} for _ in range(50)]
    house.iam.create_user(UserName="ann", Tags=tags)
    with raises_aws("AccessDenied") as caught:
        house.user_client("ann").tag_user(UserName="ann", Tags=tags)
    sent = caught.value.response["ResponseMetadata"]["HTTPHeaders"]
    assert len(sent["x-doorward-authorization-message"]) < 8000


def test_a_referer_is_told_without_its_question(decoded):
    shown = {
        item["key"]: item["values"]["items"] for item in decoded(Referer="https://x/y?token=s")
    }
    assert shown["aws:referer"] == [{"value": "https://x/y"}]
