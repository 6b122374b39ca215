import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.trail.delivery import log_body, packed
from doorward.trail.delivery_check import MOST_NAMED, bodies_of, differences, file_checked, id_of
from doorward.trail.digest import LogFile, hashed


def body(event_id, name="CreateUser"):
    return f'{{"eventID":"{event_id}","eventName":"{name}"}}'.encode()


ONE, TWO, THREE = (body(each) for each in "123")
TEXT = log_body([ONE, TWO])
LISTED = LogFile(bucket="b", name="n", hash=hashed(TEXT), newest="", oldest="")


def test_bodies_are_as_they_stand():
    assert bodies_of(TEXT) == [ONE, TWO]


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b"\xff\xfe", b'{"Records":1}', b"[" * 100_000])
def test_what_holds_no_records(text):
    with pytest.raises(ValueError, match="it holds no records"):
        bodies_of(text)


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b"\xff", b'{"eventID":1}'])
def test_a_record_without_an_id(text):
    assert id_of(text) == ""


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (packed(TEXT), None),
        (None, "missing-file"),
        (b"x", "damaged-file"),
        (packed(TEXT + b" "), "changed-file"),
    ],
)
def test_troubles_of_a_file(data, kind):
    count, found = file_checked("place", data, LISTED)
    assert (found and found.kind) == kind
    assert found is None or found.file == "place"
    assert count == (0 if found else 2)


def test_a_file_as_listed_that_holds_no_records():
    listed = LogFile(bucket="b", name="n", hash=hashed(b"[]"), newest="", oldest="")
    count, found = file_checked("place", packed(b"[]"), listed)
    assert (count, found.kind) == (0, "damaged-file")


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([ONE, TWO, THREE], ()),
        ([ONE, THREE], ("record 2 was removed: CreateUser 2",)),
        ([ONE, body("2", "X"), THREE], ("record 2 was changed: CreateUser 2",)),
        ([ONE, THREE, TWO], ("records are in another order from record 2 on: CreateUser 2",)),
        ([ONE, ONE, TWO, THREE], ("record 1 stands there again: CreateUser 1",)),
        ([ONE, TWO, THREE, b"1"], ("record 4 was added: not a record",)),
        ([ONE, TWO, THREE, b"{}"], ("record 4 was added: a record",)),
        ([], tuple(f"record {each} was removed: CreateUser {each}" for each in (1, 2, 3))),
    ],
)
def test_what_happened_to_records(found, said):
    assert differences([ONE, TWO, THREE], found) == said


def test_a_long_list_is_cut():
    many = [body(str(each)) for each in range(MOST_NAMED + 5)]
    said = differences(many, [])
    assert len(said) == MOST_NAMED + 1
    assert said[-1] == "and 5 more"


some_bodies = st.lists(st.sampled_from([ONE, TWO, THREE, body("1", "X"), b"{}", b"7"]), max_size=6)


@given(st.permutations([ONE, TWO, THREE]), some_bodies)
def test_it_says_something_when_and_only_when_something_happened(delivered, found):
    assert bool(differences(delivered, found)) == (delivered != found)
