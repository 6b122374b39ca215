"""What `doorward trail verify` finds, and that it finds nothing where nothing is wrong."""

import gzip
import json
import shutil

import pytest
from tests.app.delivery.delivering import Delivering, read, write

from doorward.app.delivery.checking import Checker, Span
from doorward.app.delivery.known import Known, KnownByStore

NAMES = ["ann", "bob", "eve", "dan"]


@pytest.fixture(scope="module")
def _delivered():
    """Three hours of a trail, each with a file, and the newest file in no digest yet."""
    made = Delivering()
    made.start()
    for hour, name in enumerate(NAMES):
        made.user(name)
        made.user(f"{name}-2")
        made.round()
        if hour < 3:
            made.round(hours=1)
    yield made
    made.close()


@pytest.fixture
def bucket(_delivered, tmp_path):
    """A copy of the bucket, to be spoilt."""
    return shutil.copytree(_delivered.bucket, tmp_path / "logs")


@pytest.fixture
def known(_delivered):
    return KnownByStore(_delivered.house.house.store)


def check(bucket, known, span=None, keys=None):
    return Checker(
        bucket,
        known.keys() if keys is None else keys,
        known,
        span or Span(),
        lambda _text: None,
    ).run()


def kinds(found):
    return [each.kind for each in found.troubles]


def logs(bucket):
    return sorted(each for each in bucket.rglob("*.json.gz") if "_CloudTrail_" in each.name)


def digests(bucket):
    return sorted(each for each in bucket.rglob("*.json.gz") if "Digest" in each.name)


def side(place):
    return place.with_name(place.name + ".metadata.json")


@pytest.mark.practice("S004-17")
def test_nothing_is_wrong(bucket, known):
    found = check(bucket, known)
    assert found.troubles == []
    assert found.notes == []
    assert (found.digests, found.files) == (4, 4)
    assert found.records == sum(len(read(each)["Records"]) for each in logs(bucket)) == 9


def test_a_folder_of_buckets_is_looked_through_as_well(bucket, known):
    assert check(bucket.parent, known).troubles == []


def test_a_copy_proves_itself_without_a_store(bucket, known):
    found = check(bucket, Known(), keys=known.keys())
    # The newest file waits for its digest, and only the store knows of it.
    assert kinds(found) == ["unlisted-file"]


def records_of(place):
    return read(place)["Records"]


def spoilt(place, spoil):
    records = records_of(place)
    write(place, {"Records": spoil(records)})
    return records


def renamed(records):
    return [records[0] | {"eventName": "ListUsers"}, *records[1:]]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda records: records[1:], ["record 1 was removed: CreateUser {0}"]),
        (lambda records: records[:-1], ["record 2 was removed: CreateUser {1}"]),
        (renamed, ["record 1 was changed: CreateUser {0}"]),
        (
            lambda records: records[::-1],
            ["records are in another order from record 1 on: CreateUser {0}"],
        ),
        (lambda records: [*records, records[0]], ["record 1 stands there again: CreateUser {0}"]),
        (
            lambda records: [*records, {"eventID": "e", "eventName": "Forged"}],
            ["record 3 was added: Forged e"],
        ),
        (
            lambda _records: [],
            ["record 1 was removed: CreateUser {0}", "record 2 was removed: CreateUser {1}"],
        ),
    ],
)
@pytest.mark.parametrize("which", [1, 3])
@pytest.mark.practice("S004-17")
def test_a_spoilt_record_is_named(bucket, known, which, spoil, said):
    place = logs(bucket)[which]
    ids = [record["eventID"] for record in spoilt(place, spoil)]
    found = check(bucket, known)
    (trouble,) = found.troubles
    assert trouble.kind == "changed-file"
    assert trouble.file == place.relative_to(bucket).as_posix()
    assert list(trouble.records) == [each.format(*ids) for each in said]


def test_without_the_store_the_file_alone_is_named(bucket, known):
    place = logs(bucket)[0]
    spoilt(place, lambda records: records[1:])
    found = check(bucket, Known(), keys=known.keys())
    assert kinds(found)[0] == "changed-file"
    assert found.troubles[0].records == ()


def test_a_missing_file(bucket, known):
    place = logs(bucket)[0]
    place.unlink()
    (trouble,) = check(bucket, known).troubles
    assert trouble.kind == "missing-file"
    assert trouble.file == place.relative_to(bucket).as_posix()
    assert trouble.records == ("the store still has its 3 records",)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "its end is missing"),
        (b"no gzip", "it is no gzip file, or a damaged one"),
        (gzip.compress(b"\xff\xfe{mojibake"), None),
        (gzip.compress(b"a" * 100)[:-4], "its end is missing"),
        (gzip.compress(b"a" * 100) + b"more", "there are bytes behind its end"),
    ],
)
@pytest.mark.practice("M-03")
def test_bytes_that_are_no_file_of_records(bucket, known, data, what):
    place = logs(bucket)[0]
    place.write_bytes(data)
    (trouble,) = check(bucket, known).troubles
    assert trouble.kind in {"damaged-file", "changed-file"}
    if what:
        assert trouble.what.startswith(what)


def test_a_folder_where_a_file_should_be(bucket, known):
    place = logs(bucket)[0]
    place.unlink()
    place.mkdir()
    assert kinds(check(bucket, known)) == ["missing-file"]


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_missing_digest(bucket, known, which):
    place = digests(bucket)[which]
    gone = [each["s3Object"] for each in read(place)["logFiles"]]
    place.unlink()
    found = check(bucket, known)
    assert kinds(found) == ["missing-digest", *["unlisted-file"] * len(gone)]
    assert found.troubles[0].file == place.relative_to(bucket).as_posix()


def test_the_newest_digest_is_missed_by_the_store_alone(bucket, known):
    digests(bucket)[-1].unlink()
    found = check(bucket, known)
    assert "missing-digest" in kinds(found)
    assert "missing-digest" not in kinds(check(bucket, Known(), keys=known.keys()))


def test_a_chain_of_which_nothing_is_left(bucket, known):
    for place in digests(bucket):
        place.unlink()
    found = check(bucket, known)
    assert kinds(found) == ["missing-digest"]


def test_everything_was_removed(bucket, known):
    shutil.rmtree(bucket / "AWSLogs")
    assert kinds(check(bucket, known)) == ["missing-digest"]


def test_a_digest_was_changed(bucket, known):
    place = digests(bucket)[1]
    write(place, read(place) | {"logFiles": []})
    found = check(bucket, known)
    assert kinds(found)[0] == "changed-digest"


def test_the_newest_digest_was_changed(bucket, known):
    place = digests(bucket)[-1]
    write(place, read(place) | {"digestEndTime": "2099-01-01T00:00:00Z"})
    assert "changed-digest" in kinds(check(bucket, known))
    assert "forged-digest" in kinds(check(bucket, Known(), keys=known.keys()))


def test_a_forger_without_the_key(bucket, known):
    """A file is changed, and digests and links after it are made to fit."""
    import hashlib

    place = logs(bucket)[-2]
    spoilt(place, lambda records: records[:1])
    digest = digests(bucket)[-1]
    said = read(digest)
    text = gzip.decompress(place.read_bytes())
    said["logFiles"][0]["hashValue"] = hashlib.sha256(text).hexdigest()
    write(digest, said)
    assert "forged-digest" in kinds(check(bucket, Known(), keys=known.keys()))


def test_a_digest_signed_with_another_key(bucket, known):
    found = check(bucket, Known(), keys={})
    assert kinds(found).count("unknown-key") == 4
    strangers = dict.fromkeys(known.keys(), b"no key at all")
    assert kinds(check(bucket, Known(), keys=strangers)).count("forged-digest") == 4


def test_signatures_that_are_lost_stand_in_the_next_digest(bucket, known):
    for place in digests(bucket):
        side(place).unlink()
    assert check(bucket, known).troubles == []
    found = check(bucket, Known(), keys=known.keys())
    assert kinds(found) == ["unsigned-digest", "unlisted-file"]


def test_a_side_file_that_is_none(bucket, known):
    side(digests(bucket)[-1]).write_bytes(b"\xff\x00")
    found = check(bucket, Known(), keys=known.keys())
    assert "unsigned-digest" in kinds(found)


def test_a_wrong_signature(bucket, known):
    side(digests(bucket)[0]).write_text(json.dumps({"signature": "zz"}))
    assert kinds(check(bucket, known)) == ["forged-digest"]


def test_a_digest_in_another_place(bucket, known):
    place = digests(bucket)[0]
    there = place.with_name(place.name.replace("_main_", "_other_"))
    place.rename(there)
    assert kinds(check(bucket, known)) == ["moved-digest", "missing-digest"]


@pytest.mark.parametrize("data", [b"", b"\x1f\x8b", gzip.compress(b"[]"), gzip.compress(b"\xff")])
def test_bytes_that_are_no_digest(bucket, known, data):
    digests(bucket)[0].write_bytes(data)
    assert kinds(check(bucket, known))[:2] == ["damaged-digest", "missing-digest"]


def test_a_file_nobody_lists(bucket, known):
    place = logs(bucket)[0]
    there = place.with_name(place.name.replace(".json.gz", "X.json.gz"))
    shutil.copy(place, there)
    (trouble,) = check(bucket, known).troubles
    assert trouble.kind == "unlisted-file"
    assert trouble.file == there.relative_to(bucket).as_posix()


def test_a_part_of_the_time(bucket, known):
    ends = [read(each)["digestEndTime"] for each in digests(bucket)]
    digests(bucket)[0].unlink()
    found = check(bucket, known, Span(start=ends[1]))
    assert (found.troubles, found.digests) == ([], 3)
    found = check(bucket, known, Span(end=ends[2]))
    assert (kinds(found), found.digests) == (["missing-digest"], 2)


def test_a_trail_made_anew_is_noted(delivering):
    delivering.start()
    delivering.round()
    delivering.round(hours=1)
    delivering.trail.delete_trail(Name="main")
    delivering.round()
    delivering.round(hours=2)
    delivering.start()
    delivering.round()
    delivering.round(hours=1)
    known = KnownByStore(delivering.house.house.store)
    found = check(delivering.bucket, known)
    assert found.troubles == []
    assert len(found.notes) == 1
    assert "made anew" in found.notes[0]


def test_logs_in_another_bucket_than_their_digest(delivering):
    delivering.start()
    delivering.user("ann")
    delivering.round()
    delivering.target.make("second")
    delivering.trail.update_trail(Name="main", S3BucketName="second")
    delivering.round(hours=1)
    delivering.round(hours=1)
    known = KnownByStore(delivering.house.house.store)
    found = check(delivering.target.directory, known)
    assert found.troubles == []
    assert found.files == 2


ODD = ["", "..", "../../../etc/passwd", "/etc/passwd", "a\0b", "x" * 5000, "é\ud800"]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("member", ["s3Object", "s3Bucket", "hashValue", "oldestEventTime"])
def test_whatever_a_forger_writes_is_reported(bucket, known, odd, member):
    place = digests(bucket)[-1]
    said = read(place)
    said["logFiles"] = [said["logFiles"][0] | {member: odd}]
    place.write_bytes(gzip.compress(json.dumps(said).encode()))
    found = check(bucket, known)
    assert {"changed-digest", "damaged-digest"} & set(kinds(found))


@pytest.mark.parametrize("odd", ODD)
def test_odd_times_of_a_file_that_is_gone(bucket, known, odd):
    place = digests(bucket)[-1]
    said = read(place)
    listed = said["logFiles"][0]
    (bucket / listed["s3Object"]).unlink()
    said["logFiles"] = [listed | {"oldestEventTime": odd}]
    place.write_bytes(gzip.compress(json.dumps(said).encode()))
    assert check(bucket, known).troubles != []


def test_digests_that_cannot_be_read(bucket, known, monkeypatch):
    monkeypatch.setattr("doorward.app.delivery.checking._read", lambda _place: None)
    assert kinds(check(bucket, known)).count("damaged-digest") == 4


def test_a_file_two_digests_list(bucket, known):
    place = digests(bucket)[-1]
    said = read(place)
    said["logFiles"] += read(digests(bucket)[-2])["logFiles"]
    write(place, said)
    assert "listed-twice" in kinds(check(bucket, known))


def test_a_digest_beside_the_chain(bucket, known):
    place = digests(bucket)[1]
    said = read(place)
    stamp = int(place.name[-11:-9])
    later = place.with_name(f"{place.name[:-11]}{stamp + 1:02}Z.json.gz")
    said["digestS3Object"] = later.relative_to(bucket).as_posix()
    said["digestEndTime"] = f"{said['digestEndTime'][:-3]}{stamp + 1:02}Z"
    write(later, said)
    assert "stray-digest" in kinds(check(bucket, known))


def test_a_trail_the_store_no_longer_knows(delivering):
    delivering.start()
    delivering.round()
    delivering.trail.delete_trail(Name="main")
    delivering.round(hours=1)
    delivering.round(hours=1)
    place = logs(delivering.bucket)[0]
    spoilt(place, lambda records: records[1:])
    known = KnownByStore(delivering.house.house.store)
    (trouble,) = check(delivering.bucket, known).troubles
    assert (trouble.kind, trouble.records) == ("changed-file", ())


def test_records_the_store_has_pruned_cannot_be_named(delivering):
    delivering.start()
    delivering.round()
    delivering.round(hours=1)
    spoilt(logs(delivering.bucket)[0], lambda records: records[1:])
    delivering.house.house.store.prune_records(10**15)
    known = KnownByStore(delivering.house.house.store)
    (trouble,) = check(delivering.bucket, known).troubles
    assert (trouble.kind, trouble.records) == ("changed-file", ())
