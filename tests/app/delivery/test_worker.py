"""Rounds of delivery: everything once, in files that follow from their plan."""

import asyncio
import errno
import json
import re
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from tests.app.delivery.delivering import Delivering, event_ids, read

from doorward.account.trails import DigestKey, Trail
from doorward.app.delivery import course, folder, worker
from doorward.app.delivery.checking import Checker, Span
from doorward.app.delivery.known import KnownByStore
from doorward.app.delivery.target import NotDelivered
from doorward.app.exports import exported
from doorward.app.imports import imported
from doorward.app.live import read_live
from doorward.app.vault import AccountVault
from doorward.app.writer import Written
from doorward.store.memory import MemoryStore
from doorward.store.sealed import MasterKeys, Sealer

NAMES = ["ann", "bob", "eve"]


@pytest.fixture
def daily():
    """As `delivering`, with one digest a day."""
    made = Delivering(**{"trail.digest_s": 86_400})
    yield made
    made.close()


def stored_ids(delivering, **wanted):
    """The ids of the records in the store, oldest first, that have these members."""
    records = [json.loads(row.body) for row in reversed(delivering.house.records())]
    return [
        record["eventID"]
        for record in records
        if all(record[name] == value for name, value in wanted.items())
    ]


def test_a_trail_that_does_not_log_delivers_nothing(delivering):
    delivering.trail.create_trail(Name="main", S3BucketName="logs")
    delivering.user("ann")
    delivering.round()
    assert delivering.names() == []
    assert delivering.status()["IsLogging"] is False
    assert delivering.status()["TimeLoggingStarted"] == ""


def test_everything_since_logging_began_is_delivered_once(delivering):
    delivering.user("before")
    delivering.start()
    for name in NAMES:
        delivering.user(name)
        delivering.round(minutes=5)
    records = delivering.records()
    names = [record["eventName"] for record in records]
    assert names == ["StartLogging", "CreateUser", "CreateUser", "CreateUser"]
    assert len(set(event_ids(records))) == 4
    assert event_ids(records) == stored_ids(delivering)[-4:]


def test_the_name_of_a_file(delivering):
    with delivering.house.clock.at(datetime(2026, 3, 1, 12, 33, 7, tzinfo=UTC)):
        delivering.start()
        delivering.round()
    account = delivering.house.account_id
    place = delivering.places()[0].relative_to(delivering.bucket).as_posix()
    folder_name = f"AWSLogs/{account}/CloudTrail/us-east-1/2026/03/01"
    pattern = (
        rf"{folder_name}/{account}_CloudTrail_us-east-1_20260301T1230Z_[A-Z0-9]{{16}}\.json\.gz"
    )
    assert re.fullmatch(pattern, place)


def test_digests_name_every_file_and_the_digest_before(delivering):
    delivering.start()
    delivering.user("ann")
    delivering.round()
    delivering.round(minutes=61)
    first, second = delivering.digests()
    assert first["previousDigestS3Object"] is None
    assert first["logFiles"] == []
    assert second["previousDigestS3Object"] == first["digestS3Object"]
    assert second["digestStartTime"] == first["digestEndTime"]
    (listed,) = second["logFiles"]
    assert (delivering.bucket / listed["s3Object"]).is_file()


def test_the_first_digest_is_of_the_hour_before_logging_began(delivering):
    with delivering.house.clock.at(datetime(2026, 3, 1, 12, 33, 7, tzinfo=UTC)):
        delivering.start()
        delivering.round()
    (digest,) = delivering.digests()
    assert digest["digestStartTime"] == "2026-03-01T11:33:07Z"
    assert digest["digestEndTime"] == "2026-03-01T12:33:07Z"
    assert {name for name, value in digest.items() if value is None} == {
        "newestEventTime",
        "oldestEventTime",
        "previousDigestS3Bucket",
        "previousDigestS3Object",
        "previousDigestHashValue",
        "previousDigestHashAlgorithm",
        "previousDigestSignature",
    }


def test_hours_in_which_nobody_delivered_get_their_digests(delivering):
    delivering.start()
    delivering.round()
    delivering.round(hours=5)
    ends = [digest["digestEndTime"] for digest in delivering.digests()]
    starts = [digest["digestStartTime"] for digest in delivering.digests()]
    assert len(ends) == 6
    assert starts[1:] == ends[:-1]


def test_a_round_with_nothing_new_writes_nothing(delivering):
    delivering.start()
    delivering.round()
    before, names = delivering.state(), delivering.names()
    delivering.round(minutes=1)
    assert delivering.state() == before
    assert delivering.names() == names


def test_status_after_a_delivery(delivering):
    delivering.start()
    delivering.round()
    status = delivering.status()
    assert status["IsLogging"] is True
    assert "LatestDeliveryError" not in status
    assert status["LatestDeliveryTime"] == status["LatestDigestDeliveryTime"]
    moment = status["LatestDeliveryTime"].astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert status["LatestDeliveryAttemptSucceeded"] == moment
    assert status["TimeLoggingStarted"][:10] == moment[:10]
    assert status["TimeLoggingStopped"] == ""


def test_what_was_logged_until_stop_logging_is_delivered(delivering):
    delivering.start()
    delivering.user("ann")
    delivering.trail.stop_logging(Name="main")
    delivering.house.clock.advance(seconds=1)
    delivering.user("bob")
    delivering.round()
    delivering.round(hours=3)
    names = [record["eventName"] for record in delivering.records()]
    assert names == ["StartLogging", "CreateUser", "StopLogging"]
    assert len(delivering.digests()) == 2
    assert delivering.status()["TimeLoggingStopped"] != ""


def test_between_stop_and_start_nothing_is_delivered_and_the_chain_goes_on(delivering):
    delivering.start()
    delivering.round()
    delivering.trail.stop_logging(Name="main")
    delivering.round(hours=5)
    delivering.user("ann")
    delivering.round(hours=5)
    delivering.trail.start_logging(Name="main")
    delivering.user("bob")
    delivering.round(hours=2)
    delivering.round(hours=1)
    names = [record["eventName"] for record in delivering.records()]
    assert names == ["StartLogging", "StopLogging", "StartLogging", "CreateUser"]
    digests = delivering.digests()
    links = [digest["previousDigestS3Object"] for digest in digests]
    assert links == [None, *(digest["digestS3Object"] for digest in digests[:-1])]
    assert sum(len(digest["logFiles"]) for digest in digests) == 3


def test_a_deleted_trail_delivers_its_end_and_is_forgotten(delivering):
    delivering.start()
    delivering.user("ann")
    delivering.trail.delete_trail(Name="main")
    assert delivering.trail.list_trails()["Trails"] == []
    delivering.house.clock.advance(seconds=1)
    delivering.user("bob")
    delivering.round()
    names = [record["eventName"] for record in delivering.records()]
    assert names == ["StartLogging", "CreateUser", "DeleteTrail"]
    delivering.round(hours=2)
    listed = [each for digest in delivering.digests() for each in digest["logFiles"]]
    assert len(listed) == 1
    assert delivering.house.house.store.accounts_with("trail") == []


def test_a_deleted_trail_that_cannot_deliver_is_given_up_after_a_day(delivering, caplog):
    delivering.start()
    delivering.trail.delete_trail(Name="main")
    delivering.bucket.rmdir()
    delivering.round(hours=23)
    assert delivering.house.house.store.accounts_with("trail") == [delivering.house.account_id]
    delivering.round(hours=2)
    assert delivering.house.house.store.accounts_with("trail") == []
    assert "was deleted undelivered" in caplog.text


def test_a_trail_of_a_taken_name_begins_anew(delivering):
    delivering.start()
    delivering.round()
    delivering.trail.delete_trail(Name="main")
    delivering.start()
    delivering.round(hours=1)
    names = [record["eventName"] for record in delivering.records()]
    # Both trails saw what happened when the name changed hands.
    assert names.count("DeleteTrail") == 1
    assert names.count("StartLogging") == 2


def test_regions_have_files_of_their_own(delivering):
    delivering.start(IsMultiRegionTrail=True)
    elsewhere = delivering.house.client("sts", region="eu-west-1")
    elsewhere.get_caller_identity()
    delivering.round()
    delivering.round(hours=2)
    regions = [name.split("_")[2] for name in delivering.names()]
    assert sorted(regions) == ["eu-west-1", "us-east-1"]
    digests = [name.split("_")[2] for name in delivering.names("CloudTrail-Digest")]
    assert digests.count("eu-west-1") == 2
    assert digests.count("us-east-1") == 3


def test_a_regional_trail_sees_its_region_alone(delivering):
    delivering.start()
    delivering.house.client("sts", region="eu-west-1").get_caller_identity()
    delivering.round()
    assert {record["awsRegion"] for record in delivering.records()} == {"us-east-1"}


def test_selectors_choose(delivering):
    delivering.start()
    selectors = [{"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True}]
    delivering.trail.put_event_selectors(TrailName="main", EventSelectors=selectors)
    delivering.house.iam.list_users()
    delivering.user("ann")
    delivering.round()
    assert all(record["readOnly"] is False for record in delivering.records())
    assert delivering.records()[-1]["eventName"] == "CreateUser"


def test_a_prefix(delivering):
    delivering.start(S3KeyPrefix="a/b")
    delivering.round()
    assert (delivering.bucket / "a" / "b" / "AWSLogs" / delivering.house.account_id).is_dir()
    assert delivering.digests()[0]["digestS3Object"].startswith("a/b/AWSLogs/")


def test_without_validation_there_are_no_digests_until_it_is_wanted(delivering):
    delivering.start(EnableLogFileValidation=False)
    delivering.round(hours=3)
    assert delivering.names("CloudTrail-Digest") == []
    assert delivering.trail.list_public_keys()["PublicKeyList"] == []
    delivering.trail.update_trail(Name="main", EnableLogFileValidation=True)
    delivering.round(minutes=1)
    delivering.round(hours=1)
    assert len(delivering.digests()) == 2
    delivering.user("ann")
    delivering.round(minutes=1)
    delivering.trail.update_trail(Name="main", EnableLogFileValidation=False)
    delivering.round(hours=5)
    # What was delivered until then is listed once more, then the chain ends.
    assert len(delivering.digests()) == 3


def test_the_target_is_away_and_comes_back(delivering, caplog):
    delivering.start()
    delivering.round()
    away = delivering.bucket.rename(delivering.bucket.with_name("away"))
    delivering.user("ann")
    delivering.round(hours=1)
    delivering.user("bob")
    delivering.round(minutes=5)
    status = delivering.status()
    assert status["LatestDeliveryError"] == status["LatestDigestDeliveryError"] == "NoSuchBucket"
    assert status["LatestDeliveryAttemptTime"] > status["LatestDeliveryAttemptSucceeded"]
    assert f"trail main of account {delivering.house.account_id} waits: NoSuchBucket" in caplog.text
    away.rename(delivering.bucket)
    delivering.round(minutes=5)
    assert not {"LatestDeliveryError", "LatestDigestDeliveryError"} & set(delivering.status())
    records = delivering.records()
    assert len(set(event_ids(records))) == len(records)
    created = [record for record in records if record["eventName"] == "CreateUser"]
    assert [each["requestParameters"]["userName"] for each in created] == ["ann", "bob"]


def test_a_full_disk_is_told_and_nothing_is_dropped(delivering, monkeypatch):
    delivering.start(EnableLogFileValidation=False)
    full = OSError(errno.ENOSPC, "No space left on device")

    def write(_handle):
        raise full

    with monkeypatch.context() as patched:
        patched.setattr(folder.os, "fsync", write)
        delivering.round()
    assert delivering.status()["LatestDeliveryError"] == "InternalError"
    assert delivering.names() == []
    assert list(delivering.bucket.rglob("*.part")) == []
    delivering.round()
    assert "StartLogging" in [record["eventName"] for record in delivering.records()]


def test_two_trails_and_the_trouble_of_one(delivering):
    delivering.start("lost", EnableLogFileValidation=False)
    other = delivering.target.make("other")
    delivering.start("kept", S3BucketName="other", EnableLogFileValidation=False)
    delivering.bucket.rmdir()
    delivering.round()
    assert delivering.status("lost")["LatestDeliveryError"] == "NoSuchBucket"
    assert next(each["eventName"] for each in delivering.records(other)) == "StartLogging"


def test_a_bug_with_one_trail_holds_up_no_other(delivering, monkeypatch, caplog):
    delivering.start("broken", EnableLogFileValidation=False)
    other = delivering.target.make("other")
    delivering.start("kept", S3BucketName="other", EnableLogFileValidation=False)
    put = delivering.target.put

    def broken(file):
        if file.bucket == "logs":
            raise RuntimeError("a bug")
        put(file)

    monkeypatch.setattr(delivering.target, "put", broken)
    delivering.round()
    assert len(delivering.records(other)) == 1
    assert "trail broken" in caplog.text


@pytest.mark.parametrize("after", range(5))
def test_a_batch_that_was_cut_short_is_written_again_as_it_was(delivering, monkeypatch, after):
    """Whatever was written before the blow, the same files with the same bytes come again."""
    delivering.start(IsMultiRegionTrail=True)
    delivering.round()
    delivering.user("ann")
    delivering.house.client("sts", region="eu-west-1").get_caller_identity()
    put, left, seen = delivering.target.put, [after], {}

    def cut(file):
        if not left[0]:
            raise NotDelivered("InternalError", "the end")
        left[0] -= 1
        seen[file.name] = file.data
        put(file)

    with monkeypatch.context() as patched:
        patched.setattr(delivering.target, "put", cut)
        delivering.round(hours=2)
    delivering.trail.put_event_selectors(
        TrailName="main",
        EventSelectors=[{"ReadWriteType": "ReadOnly", "IncludeManagementEvents": True}],
    )
    delivering.user("bob")
    delivering.round()
    for name, data in seen.items():
        assert (delivering.bucket / name).read_bytes() == data
    ids = event_ids(delivering.records())
    assert len(set(ids)) == len(ids)
    assert "ann" in str(delivering.records())
    delivering.round(hours=2)
    listed = [each["s3Object"] for digest in delivering.digests() for each in digest["logFiles"]]
    assert sorted(listed) == sorted(
        each.relative_to(delivering.bucket).as_posix() for each in delivering.places()
    )


def test_many_records_make_several_files(delivering, monkeypatch):
    monkeypatch.setattr(course, "MOST_RECORDS", 2)
    monkeypatch.setattr("doorward.app.delivery.pages.PAGE", 2)
    delivering.start(EnableLogFileValidation=False)
    for name in NAMES:
        delivering.user(name)
    delivering.round()
    assert len(delivering.names()) >= 2
    assert event_ids(delivering.records()) != []
    assert sorted(event_ids(delivering.records())) == sorted(stored_ids(delivering)[-4:])


def test_the_beginning_is_found_among_many(delivering, monkeypatch):
    monkeypatch.setattr(course, "READ_AT_ONCE", 2)
    delivering.start(EnableLogFileValidation=False)
    for name in NAMES:
        delivering.user(name)
    delivering.round()
    assert len(delivering.records()) == 4


def test_a_key_signs_for_thirty_days(daily):
    daily.start()
    daily.round()
    daily.round(days=30, hours=1)
    start, end = (
        daily.house.clock() - timedelta(days=90),
        daily.house.clock() + timedelta(days=90),
    )
    keys = daily.trail.list_public_keys(StartTime=start, EndTime=end)["PublicKeyList"]
    assert len(keys) == 2
    assert [key["ValidityEndTime"] - key["ValidityStartTime"] for key in keys] == [
        timedelta(days=30)
    ] * 2
    account = daily.house.house.accounts.get(daily.house.account_id)
    assert len([name for name in account.secrets if name.startswith("digest-key/")]) == 2
    daily.round(days=30, hours=1)
    account = daily.house.house.accounts.get(daily.house.account_id)
    assert len([name for name in account.secrets if name.startswith("digest-key/")]) == 2


def test_a_key_that_lost_its_private_half_is_replaced(delivering):
    delivering.start()
    delivering.round()
    house = delivering.house.house
    (key,) = delivering.trail.list_public_keys()["PublicKeyList"]

    def drop(live):
        return Written(live.with_secret(f"digest-key/{key['Fingerprint']}", None), None, ())

    delivering.house.run(house.writer.write(delivering.house.account_id, drop))
    delivering.round(hours=1)
    assert len(delivering.digests()) == 2
    assert len(delivering.trail.list_public_keys()["PublicKeyList"]) == 2


def test_a_key_that_went_while_the_target_was_away_is_replaced(daily, monkeypatch):
    daily.start()

    def cut(_file):
        raise NotDelivered("InternalError", "the end")

    with monkeypatch.context() as patched:
        patched.setattr(daily.target, "put", cut)
        daily.round()
        daily.round(days=70)
        daily.round(days=1)
    daily.round(minutes=1)
    account = daily.house.house.accounts.get(daily.house.account_id).account
    known = {key.fingerprint for key in account.all(DigestKey)}
    named = {digest["digestPublicKeyFingerprint"] for digest in daily.digests()}
    assert len(known) == 2
    assert len(named) == 1
    assert named < known


def test_without_any_key_the_records_still_come(delivering, monkeypatch):
    delivering.start()

    def cut(_file):
        raise NotDelivered("InternalError", "the end")

    with monkeypatch.context() as patched:
        patched.setattr(delivering.target, "put", cut)
        delivering.round()
    delivering.trail.update_trail(Name="main", EnableLogFileValidation=False)
    (key,) = delivering.trail.list_public_keys()["PublicKeyList"]

    def drop(live):
        return Written(live.with_secret(f"digest-key/{key['Fingerprint']}", None), None, ())

    house = delivering.house.house
    delivering.house.run(house.writer.write(delivering.house.account_id, drop))
    delivering.round()
    assert delivering.digests() == []
    # Two files of one moment stand in no order.
    assert "StartLogging" in {record["eventName"] for record in delivering.records()}


def test_a_trail_moves_to_another_store_with_its_keys(delivering):
    delivering.start()
    delivering.round()
    house = delivering.house.house
    moved, sealer = MemoryStore(), Sealer(MasterKeys.fresh())
    export = msgspec.json.encode(exported(house.store, house.sealer, house.clock(), "a passphrase"))
    imported(moved, sealer, export, "a passphrase")
    account_id = delivering.house.account_id
    there = read_live(account_id, *moved.read(account_id))
    here = house.accounts.get(account_id)
    for kind in (Trail, DigestKey):
        assert there.account.all(kind) == here.account.all(kind) != []
    place = f"digest-key/{there.account.all(DigestKey)[0].fingerprint}"
    kept = AccountVault(there, sealer).get(place)
    assert kept == AccountVault(here, house.sealer).get(place)


def test_a_trail_that_began_long_ago_elsewhere_gets_no_digests_of_years(delivering):
    delivering.start()
    delivering.round(days=400)
    assert len(delivering.digests()) == 25


def test_two_nodes_at_once(delivering):
    """Whoever is first delivers; nothing comes twice."""
    delivering.start()
    house = delivering.house.house

    async def both():
        await asyncio.gather(house.delivery.round(), house.delivery.round())

    for name in NAMES:
        delivering.user(name)
        delivering.house.records()
        delivering.house.clock.advance(minutes=61)
        delivering.house.run(both())
    delivering.round(hours=1)
    ids = event_ids(delivering.records())
    assert len(set(ids)) == len(ids) == 4
    known = KnownByStore(house.store)
    found = Checker(delivering.bucket, known.keys(), known, Span(), lambda _text: None).run()
    assert found.troubles == []


def test_pruning_leaves_what_is_not_delivered(delivering, caplog):
    delivering.start()
    delivering.user("ann")
    delivering.house.records()
    delivering.bucket.rmdir()
    delivering.house.clock.advance(days=200)
    house = delivering.house.house
    delivering.house.run(house._prune())
    assert "a trail has not delivered" in caplog.text
    delivering.round()
    delivering.house.run(house._prune())
    assert len(stored_ids(delivering, eventName="CreateUser")) == 1
    delivering.target.make("logs")
    delivering.round()
    delivering.house.run(house._prune())
    assert stored_ids(delivering, eventName="CreateUser") == []
    assert "CreateUser" in [record["eventName"] for record in delivering.records()]


def test_another_node_that_was_first_is_no_trouble(delivering, monkeypatch, caplog):
    caplog.set_level("INFO")
    delivering.start()
    store = delivering.house.house.store
    put_setting = store.put_setting

    def lost(name, value, expected, posts=()):
        return not name.startswith("trail-delivery/") and put_setting(name, value, expected, posts)

    with monkeypatch.context() as patched:
        patched.setattr(store, "put_setting", lost)
        delivering.round()
    assert delivering.names() == []
    assert "another node delivers" in caplog.text
    delivering.round()
    assert len(delivering.names()) == 1


def test_records_that_went_missing_are_told(delivering, monkeypatch, caplog):
    delivering.start(EnableLogFileValidation=False)

    def cut(_file):
        raise NotDelivered("InternalError", "the end")

    with monkeypatch.context() as patched:
        patched.setattr(delivering.target, "put", cut)
        delivering.round()
    delivering.house.house.store.prune_records(10**15)
    delivering.round()
    assert "0 of 1 planned records are in the store" in caplog.text


def test_files_are_for_their_owner_alone(delivering):
    delivering.start()
    delivering.round()
    for place in delivering.bucket.rglob("*"):
        assert place.stat().st_mode & 0o077 == 0


def test_without_trails_a_round_reads_next_to_nothing(delivering, monkeypatch):
    monkeypatch.setattr(worker, "Pages", None)
    delivering.round()


def test_houses_of_other_settings():
    made = Delivering(**{"trail.digest_s": 60, "trail.buckets": "one, two"})
    try:
        assert sorted(each.name for each in made.target.directory.iterdir()) == [
            "logs",
            "one",
            "two",
        ]
        made.start()
        made.round(seconds=61)
        assert len(made.digests()) == 2
    finally:
        made.close()


def test_a_side_file_holds_what_s3_calls_metadata(delivering):
    delivering.start()
    delivering.round()
    place = delivering.places("CloudTrail-Digest")[0]
    side = place.with_name(place.name + ".metadata.json")
    kept = json.loads(side.read_text())
    assert set(kept) == {"signature", "signature-algorithm"}
    assert kept["signature-algorithm"] == "SHA256withRSA"
    assert len(bytes.fromhex(kept["signature"])) == 256
    assert read(place)["digestSignatureAlgorithm"] == "SHA256withRSA"
