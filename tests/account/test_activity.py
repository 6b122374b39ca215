from datetime import UTC, datetime, timedelta

import pytest

from doorward.account.accesses import Access, ServiceAccess
from doorward.account.activity import Activity, First, Use, password_id

NOW = datetime(2026, 9, 11, 10, 30, tzinfo=UTC)
IAM = {"iam": ServiceAccess(7, "us-east-1", {"GetUser": Access(7, "us-east-1")})}


def use(minutes, region="us-east-1"):
    return Use(NOW + timedelta(minutes=minutes), region, "iam")


def after(used_id, *minutes):
    activity = Activity()
    for each in minutes:
        activity = activity.noted(used_id, use(each))
    return activity.last_use(used_id)


@pytest.mark.parametrize(
    ("used_id", "minutes", "reported"),
    [
        ("AKIA", (0,), 0),
        ("AKIA", (0, 14), 0),
        ("AKIA", (0, 14, 15), 15),
        (password_id("AIDA"), (0, 4), 0),
        (password_id("AIDA"), (0, 4, 5), 5),
    ],
)
def test_of_a_span_the_first_use_is_reported_and_the_last_is_exact(used_id, minutes, reported):
    found = after(used_id, *minutes)
    assert found.at == use(minutes[-1]).at
    assert found.reported == First(use(reported).at, "us-east-1", "iam")


def test_a_use_told_late_changes_nothing():
    activity = Activity().noted("AKIA", use(5))
    assert activity.noted("AKIA", use(3, "eu-west-1")) is activity


def test_accesses_are_kept_by_principal():
    activity = Activity().with_accesses({"AIDA": IAM})
    assert activity.accesses_of("AIDA") == IAM
    assert activity.accesses_of("AROA") == {}
    assert activity.accesses_touched == {"AIDA"}
    assert activity.settled().accesses_touched == frozenset()
    assert activity.with_accesses({"AIDA": IAM}) is activity


def test_who_is_gone_is_forgotten():
    activity = Activity().with_accesses({"AIDA": IAM, "AROA": IAM}).settled()
    left = activity.without(lambda principal_id: principal_id == "AIDA")
    assert (left.accesses_of("AIDA"), left.accesses_of("AROA")) == ({}, IAM)
    assert left.accesses_touched == {"AIDA"}
    assert activity.without(lambda _: False) is activity
