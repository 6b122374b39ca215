import pytest
from tests.root import root_client
from tests.services.iam.phone import Phone

from doorward.app.outbox import opened_post


def mails(house):
    posts = house.house.store.take_posts(10**15, 0, 100)
    return [opened_post(house.house.sealer, post) for post in posts]


@pytest.mark.practice("S001-16")
def test_root_is_told_of_a_device_that_is_added(house):
    root = root_client(house)
    phone = Phone.new(house, "root-account-mfa-device", root).enable(house.account_id, root)
    (mail,) = mails(house)
    assert mail["to"] == house.house.root_email
    assert mail["subject"] == "Doorward: MFA added to root"
    assert phone.serial in mail["text"]
    assert "doorward root reset-mfa" in mail["text"]


def test_nobody_is_told_of_a_users_device(house):
    house.iam.create_user(UserName="ann")
    Phone.new(house).enable("ann")
    assert mails(house) == []
