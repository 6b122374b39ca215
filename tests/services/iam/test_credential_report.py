import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from tests.house import raises_aws

from doorward.account.activity import Use, password_id

DESCRIPTION = "No report exists. Starting a new report generation task"


@pytest.fixture
def noon(house):
    house.at(datetime(2026, 9, 11, 12, 0, 0, tzinfo=UTC))
    return house


def fetch(house):
    return house.iam.get_credential_report()


def rows(house):
    house.iam.generate_credential_report()
    text = fetch(house)["Content"].decode()
    return {row["user"]: row for row in csv.DictReader(io.StringIO(text))}


def test_there_is_none_before_one_is_asked_for(house):
    with raises_aws("ReportNotPresent", "Unknown") as caught:
        fetch(house)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 410


def test_the_first_time_it_is_started_and_then_complete(noon):
    started = noon.iam.generate_credential_report()
    assert (started["State"], started["Description"]) == ("STARTED", DESCRIPTION)
    again = noon.iam.generate_credential_report()
    assert again["State"] == "COMPLETE"
    assert "Description" not in again
    report = fetch(noon)
    assert report["ReportFormat"] == "text/csv"
    made = datetime(2026, 9, 11, 12, 0, 0, tzinfo=UTC)
    assert timedelta() <= report["GeneratedTime"] - made < timedelta(minutes=1)


def test_a_report_never_changes(house):
    house.iam.create_user(UserName="ann")
    assert "ann" in rows(house)
    house.iam.delete_user(UserName="ann")
    assert "ann" in rows(house)


def test_after_four_hours_it_is_gone_and_made_again(house):
    house.iam.create_user(UserName="ann")
    assert "ann" in rows(house)
    house.iam.delete_user(UserName="ann")
    house.clock.advance(hours=4)
    with raises_aws("ReportExpired"):
        fetch(house)
    assert house.iam.generate_credential_report()["State"] == "STARTED"
    assert "ann" not in rows(house)


def test_the_file_is_root_then_users_whatever_their_case_without_a_last_line_end(house):
    for name in ("bob", "Ann", "charlie", "Bea"):
        house.iam.create_user(UserName=name)
    house.iam.generate_credential_report()
    lines = fetch(house)["Content"].decode().split("\n")
    assert [line.partition(",")[0] for line in lines] == [
        "user",
        "<root_account>",
        "admin",
        "Ann",
        "Bea",
        "bob",
        "charlie",
    ]
    assert {line.count(",") for line in lines} == {21}


def test_it_is_for_whoever_may(house):
    house.iam.create_user(UserName="ann")
    ann = house.user_client("ann")
    with raises_aws("AccessDenied"):
        ann.generate_credential_report()
    with raises_aws("AccessDenied"):
        ann.get_credential_report()


def test_the_trail_calls_making_it_a_read(house):
    house.iam.generate_credential_report()
    (record,) = [row for row in house.records() if row.event_name == "GenerateCredentialReport"]
    assert b'"readOnly":true' in record.body


def test_the_use_of_a_password_is_shown(noon):
    noon.iam.create_user(UserName="ann")
    noon.iam.create_login_profile(UserName="ann", Password="Correct-Horse-7-battery")
    user_id = noon.iam.get_user(UserName="ann")["User"]["UserId"]
    assert rows(noon)["ann"]["password_last_used"] == "no_information"
    at = datetime(2026, 9, 11, 11, 0, 0, tzinfo=UTC)
    noon.house.uses.note(noon.account_id, password_id(user_id), Use(at, "us-east-1", "signin"))
    noon.clock.advance(hours=4)
    assert rows(noon)["ann"]["password_last_used"] == "2026-09-11T11:00:00Z"
    assert noon.iam.get_user(UserName="ann")["User"]["PasswordLastUsed"] == at
    (ann,) = [each for each in noon.iam.list_users()["Users"] if each["UserName"] == "ann"]
    assert ann["PasswordLastUsed"] == at
