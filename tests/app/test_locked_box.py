import pytest

from doorward.app.locked_box import CannotUnlock, locked, unlocked


def test_what_was_locked_opens_with_passphrase_and_label():
    box = locked(b"content", "a passphrase", "label")
    assert unlocked(box, "a passphrase", "label") == b"content"
    for passphrase, label in (("another", "label"), ("a passphrase", "other")):
        with pytest.raises(CannotUnlock):
            unlocked(box, passphrase, label)


@pytest.mark.parametrize(
    "change",
    [
        {"content": "AAAA"},
        {"nonce": "AAAA"},
        {"salt": "not base64"},
        {"kdf": "scrypt-1-1-1"},
        {"more": "x"},
    ],
)
def test_an_altered_box_does_not_open(change):
    with pytest.raises(CannotUnlock):
        unlocked(locked(b"content", "a passphrase", "label") | change, "a passphrase", "label")


def test_two_boxes_of_one_content_share_nothing():
    one, two = (locked(b"content", "a passphrase", "label") for _ in range(2))
    assert all(one[part] != two[part] for part in ("salt", "nonce", "content"))
