import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.app.secret_scan.places import Report
from doorward.app.secret_scan.text import Hit, hits, is_binary, masked
from doorward.authn.key_ids import access_key_id, secret_access_key

KEY = access_key_id("AKIA", "111122223333", b"\x01" * 5)
SECRET = secret_access_key(bytes(range(100, 130)))
OTHER = secret_access_key(bytes(range(30)))


def found(text):
    return list(hits(text.encode()))


@pytest.mark.parametrize(
    "text",
    [
        f"aws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\n",
        f'{{"key": "{KEY}", "secret": "{SECRET}"}}',
        f"export SECRET='{SECRET}' KEY='{KEY}'",
        f"{KEY}:{SECRET}",
    ],
)
def test_an_id_with_its_secret(text):
    ((key, secret, line),) = found(text)
    assert (key, secret, line) == (KEY, SECRET, 1)


@pytest.mark.parametrize("prefix", ["AKIA", "ASIA", "ABIA", "ACCA"])
def test_every_kind_of_id_and_its_line(prefix):
    assert found(f"\n\n  {prefix}{'Q' * 16};\n") == [Hit(f"{prefix}{'Q' * 16}", None, 3)]


@pytest.mark.parametrize(
    "text",
    [
        "AKIAIOSFODNN7EXAMPLE",
        f"X{KEY}",
        f"{KEY}2",
        KEY.lower(),
        KEY[:-1],
        "AKIA" + "1" * 16,
        "nothing of the kind",
    ],
)
def test_what_is_no_id(text):
    assert found(text) == []


@pytest.mark.parametrize(
    "beside",
    [
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",  # a digest in hex
        "A" * 40,
        "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709",
        "aB" * 20,
        f"{SECRET}x",
        f"{SECRET[:-1]}",
        " " * 500 + SECRET,
    ],
)
def test_what_stands_beside_an_id_and_is_no_secret_of_it(beside):
    assert found(f"{KEY} {beside}")[0].secret is None


def test_of_two_secrets_the_nearer():
    assert found(f"{OTHER}\n\n\n\n{KEY}\n{SECRET}")[0].secret == SECRET


def test_a_secret_is_shown_by_its_first_letters():
    assert masked(SECRET) == f"{SECRET[:4]}…"


@pytest.mark.parametrize(("content", "answer"), [(b"a\0b", True), (b"ab" * 9000 + b"\0", False)])
def test_what_is_binary(content, answer):
    assert is_binary(content) is answer


@given(
    before=st.text(alphabet=string.printable),
    random=st.binary(min_size=35, max_size=35),
    gap=st.text(alphabet=" \n\t=:,'\"", min_size=1, max_size=50),
    after=st.text(alphabet=string.printable),
)
def test_no_key_of_ours_is_overlooked(before, random, gap, after):
    key = access_key_id("AKIA", "111122223333", random[30:])
    text = f"{before} {key}{gap}{secret_access_key(random[:30])} {after}"
    assert key in [hit.key_id for hit in found(text)]


def test_a_file_of_nothing_but_keys_is_read_in_linear_time():
    report, started = Report(), time.process_time()
    for hit in hits(f"{KEY}\n".encode() * 50_000):
        report.add(hit, "f")
    assert report.found[KEY].places[-1] == "f:50000"
    assert len(report.found[KEY].places) == 50_000
    assert time.process_time() - started < 5
