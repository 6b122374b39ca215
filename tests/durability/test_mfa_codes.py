"""A code of an MFA device opens one session, and tries are counted once, on however many nodes."""

import os
import threading
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from time import monotonic

import pyotp
import pytest
from tests.durability.server import started

NAME = "kim"
BUDGET = 9
USED = "MultiFactorAuthentication failed with invalid MFA one time pass code."
UNABLE = "MultiFactorAuthentication failed, unable to validate MFA code."


@pytest.fixture(scope="module")
def nodes(postgres_cluster, tmp_path_factory):
    """Two nodes on one store."""
    home = tmp_path_factory.mktemp("nodes")
    key = b64encode(os.urandom(32)).decode()
    options = ("--database", postgres_cluster.database())
    with (
        started(home / "one", *options, DOORWARD_MASTER_KEY=key) as one,
        started(home / "two", *options, DOORWARD_MASTER_KEY=key) as two,
    ):
        yield one, two


@pytest.fixture(scope="module")
def user(nodes):
    """The keys of a user whom both nodes know, and what makes devices for it."""
    with nodes[0].client(*nodes[0].facts["admin"].values()) as admin:
        admin.call("iam", "CreateUser", UserName=NAME)
        made = admin.call("iam", "CreateAccessKey", UserName=NAME)
        yield made.member("AccessKeyId"), made.member("SecretAccessKey"), admin


class Device:
    """A virtual device of the user, enabled, and known at both nodes."""

    def __init__(self, nodes, user, name):
        self.nodes, self.keys = nodes, user[:2]
        admin = user[2]
        made = admin.call("iam", "CreateVirtualMFADevice", VirtualMFADeviceName=name)
        self.serial = made.member("SerialNumber")
        self.seed = b64decode(made.member("Base32StringSeed")).decode()
        codes = {"AuthenticationCode1": self.code(-1), "AuthenticationCode2": self.code(0)}
        admin.call("iam", "EnableMFADevice", UserName=NAME, SerialNumber=self.serial, **codes)
        deadline = monotonic() + 30
        while self.serial not in self.known_at(nodes[1]):
            assert monotonic() < deadline, "the second node never heard of it"

    def code(self, offset):
        return pyotp.HOTP(self.seed).at(int(datetime.now(UTC).timestamp()) // 30 + offset)

    def known_at(self, node):
        with node.client(*self.nodes[0].facts["admin"].values()) as admin:
            return admin.call("iam", "ListMFADevices", UserName=NAME).text

    def show(self, node, code):
        with node.client(*self.keys) as client:
            given = {"SerialNumber": self.serial, "TokenCode": code}
            return client.call("sts", "GetSessionToken", **given)


@pytest.fixture
def device(nodes, user, request):
    """A fresh device."""
    return Device(nodes, user, request.node.name)


def window():
    """The three minutes in which tries are counted."""
    return int(datetime.now(UTC).timestamp()) // 180


def test_a_code_used_on_one_node_is_used_on_the_other(nodes, device):
    code = device.code(0)
    assert device.show(nodes[0], code).status == 200
    for node in nodes:
        again = device.show(node, code)
        assert again.status == 403
        assert USED in again.text
    assert device.show(nodes[1], device.code(1)).status == 200


def test_of_many_at_once_one_opens(nodes, device):
    code, answers = device.code(0), []
    together = threading.Barrier(6)

    def show(node):
        together.wait(30)
        answers.append(device.show(node, code).status)

    threads = [threading.Thread(target=show, args=(node,)) for node in nodes for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200] + [403] * 5


def test_tries_are_counted_over_both(nodes, device):
    began = None
    # Where the three minutes end in between, the next ones have just begun.
    while began != window():
        began = window()
        wrong = "000000" if "000000" not in {device.code(at) for at in range(-3, 4)} else "000001"
        answers = [device.show(nodes[number % 2], wrong).text for number in range(BUDGET)]
        answers += [device.show(node, device.code(0)).text for node in nodes]
    assert all(USED in answer for answer in answers[:BUDGET])
    assert all(UNABLE in answer for answer in answers[BUDGET:])
