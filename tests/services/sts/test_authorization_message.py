import json
from datetime import timedelta

import pytest
from tests.house import raises_aws

MESSAGE = {"allowed": False, "explicitDeny": True, "context": {"action": "iam:CreateUser"}}


def sealed(house, *, account=None, lasts=timedelta(hours=24)):
    text = json.dumps({"expires": int((house.clock() + lasts).timestamp()), "message": MESSAGE})
    desk = house.house.pipeline.desk
    return desk.seal(f"authorization-message/{account or house.account_id}", text)


def test_a_message_of_ours(house):
    decoded = house.sts.decode_authorization_message(EncodedMessage=sealed(house))
    assert json.loads(decoded["DecodedMessage"]) == MESSAGE


def test_the_message_of_a_refusal(house, ann):
    with raises_aws("AccessDenied") as caught:
        ann.get_access_key_info(AccessKeyId="AKIAIOSFODNN7EXAMPLE")
    headers = caught.value.response["ResponseMetadata"]["HTTPHeaders"]
    sent = headers["x-doorward-authorization-message"]
    decoded = house.sts.decode_authorization_message(EncodedMessage=sent)["DecodedMessage"]
    shown = json.loads(decoded)
    assert (shown["allowed"], shown["explicitDeny"]) == (False, False)
    assert shown["context"]["principal"]["arn"].endswith(":user/ann")
    assert shown["context"]["action"] == "sts:GetAccessKeyInfo"


def test_a_message_lives_until_it_expires(house):
    message = sealed(house)
    house.clock.advance(hours=23, minutes=59)
    assert house.sts.decode_authorization_message(EncodedMessage=message)
    house.clock.advance(minutes=2)
    with raises_aws("InvalidAuthorizationMessageException", "Message is not valid"):
        house.sts.decode_authorization_message(EncodedMessage=message)


@pytest.mark.parametrize("length", [1, 10240])
def test_a_message_that_is_not_ours(house, length):
    with raises_aws("InvalidAuthorizationMessageException", "Message is not valid"):
        house.sts.decode_authorization_message(EncodedMessage="x" * length)


@pytest.mark.parametrize("length", [0, 10241])
def test_lengths_outside(unchecked, length):
    with raises_aws("ValidationError"):
        unchecked.decode_authorization_message(EncodedMessage="x" * length)


def test_a_message_of_another_account(house):
    with raises_aws("InvalidAuthorizationMessageException"):
        house.sts.decode_authorization_message(EncodedMessage=sealed(house, account="444455556666"))


def test_a_session_token_is_no_message(house):
    token = house.sts.get_session_token()["Credentials"]["SessionToken"]
    with raises_aws("InvalidAuthorizationMessageException"):
        house.sts.decode_authorization_message(EncodedMessage=token)


def test_it_needs_permission(house, ann):
    with raises_aws("AccessDenied"):
        ann.decode_authorization_message(EncodedMessage=sealed(house))
