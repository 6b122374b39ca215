"""The test clock: set, put forward, and signed by."""

from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.exceptions import ClientError

from doorward.app.in_process import Clock, InProcess

LATER = datetime(2031, 5, 1, 12, 0, tzinfo=UTC)
MOMENT = timedelta(seconds=30)


@pytest.fixture
def doorward():
    with InProcess() as made:
        yield made


def created(doorward, name):
    return doorward.client("iam").create_user(UserName=name)["User"]["CreateDate"]


def test_a_clock_that_is_set_goes_on_and_is_put_back():
    clock = Clock()
    with clock.at(LATER):
        assert LATER <= clock() < LATER + MOMENT
        clock.advance(days=1)
        assert clock() >= LATER + timedelta(days=1)
    assert abs(clock() - datetime.now(UTC)) < MOMENT


def test_without_a_block_it_stays_set():
    clock = Clock()
    clock.at(LATER)
    assert clock() >= LATER


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="aware"):
        Clock().at(datetime(2031, 5, 1))  # noqa: DTZ001 - that is the fault


def test_its_clients_sign_by_the_same_clock(doorward):
    client = doorward.client("sts")
    with doorward.at(LATER):
        assert client.get_caller_identity()["Account"] == doorward.account_id
        assert LATER <= created(doorward, "ann") + timedelta(seconds=1) < LATER + MOMENT
    assert created(doorward, "bob") < LATER - timedelta(days=365)


def test_so_do_sessions_and_clients_begun_meanwhile(doorward):
    with doorward.at(LATER), doorward.everywhere():
        assert boto3.client("sts").get_caller_identity()["Account"] == doorward.account_id
        assert doorward.session().client("iam").list_users()["Users"]


def test_temporary_credentials_end_by_that_clock(doorward):
    with doorward.at(LATER):
        given = doorward.client("sts").get_session_token(DurationSeconds=900)["Credentials"]
        names = ("AccessKeyId", "SecretAccessKey", "SessionToken")
        session = doorward._botocore.create_client(
            "sts",
            region_name="us-east-1",
            aws_access_key_id=given[names[0]],
            aws_secret_access_key=given[names[1]],
            aws_session_token=given[names[2]],
        )
        assert session.get_caller_identity()["Account"] == doorward.account_id
        doorward.clock.advance(seconds=901)
        with pytest.raises(ClientError, match="expired"):
            session.get_caller_identity()


def test_the_usual_window_holds(doorward):
    """A signature of another time is as old as it is on any server."""
    client = doorward.client("sts")
    signed = []
    client.meta.events.register("before-send", lambda request, **_: signed.append(request))
    client.get_caller_identity()
    from doorward.app.in_process.transport import request_of

    doorward.clock.advance(minutes=20)
    answer = doorward.answer(request_of(signed[0]))
    assert answer.status == 403
    assert b"Signature expired" in answer.body
