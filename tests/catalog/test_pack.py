import json

import pytest

from doorward.catalog.pack import pack, parse, rows


def test_every_block_of_every_file_inflates_and_parses():
    for name in ("actions", "resource_types", "keys", "reference"):
        for block in pack(name):
            assert json.loads(pack(name).read(block)) == rows(name, block)


def test_an_unknown_block_has_no_rows():
    assert rows("actions", "no-such-service") is None


def test_reading_an_unknown_block_is_an_error():
    with pytest.raises(KeyError):
        pack("actions").read("no-such-service")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"DWP0\x00\x00\x00\x00"])
def test_other_files_are_refused(content):
    with pytest.raises(ValueError, match="not a catalogue data file"):
        parse(content)


def test_a_truncated_file_is_refused():
    import zlib

    with pytest.raises(zlib.error):
        parse(b"DWP1\x00\x00\x00\x10abc")
