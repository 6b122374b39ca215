import json
import os
import socket
import stat

import pytest
from tests.house import TestHouse

from doorward.app.cli import main
from doorward.app.control import ROTATE, SOCKET, Control, NotRunning, Request, ask


@pytest.fixture
def place(house, tmp_path):
    control = Control(house.house, tmp_path)
    yield from _served(house, control, tmp_path)


def _served(house, control, directory):
    async def begin():
        return house._loop.create_task(control.run())

    async def end(task):
        task.cancel()
        try:
            await task
        except BaseException:  # noqa: BLE001 - the cancellation comes back
            return

    task = house.run(begin())
    _wait_for(house, directory)
    yield directory
    house.run(end(task))
    assert not os.path.exists(directory / SOCKET)  # noqa: PTH110 - a broken link would count


def _wait_for(house, directory):
    async def turn():
        return (directory / SOCKET).exists()

    for _ in range(1000):
        if house.run(turn()):
            return
    raise AssertionError("the socket never came")


def test_the_socket_is_its_owners_alone(place):
    assert stat.S_IMODE((place / SOCKET).stat().st_mode) == 0o600


def test_a_deed_is_done_by_the_running_house(house, place):
    house.iam.create_user(UserName="ann")
    ann = house.user_client("ann", "sts")
    ann.get_caller_identity()
    answer = ask(place, Request(deed="offboard", name="ann", by="ops"))
    assert answer["user"] == "ann"
    keys = house.iam.list_access_keys(UserName="ann")["AccessKeyMetadata"]
    assert [key["Status"] for key in keys] == ["Inactive"]
    with pytest.raises(ann.exceptions.ClientError, match="InvalidClientTokenId"):
        ann.get_caller_identity()
    assert "OffboardUser" in [row.event_name for row in house.records()]


def test_the_command_line_asks_the_running_house(house, place, capsys):
    house.iam.create_user(UserName="ann")
    assert main(["offboard", "ann", "--data", str(place), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["done"] == ["ended all sessions"]
    assert main(["offboard", "bob", "--data", str(place)]) == 2
    assert "bob cannot be found" in capsys.readouterr().err
    assert not (place / "doorward.db").exists()


def test_revoked_sessions_are_refused_at_once(house, place):
    trust = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"AWS": house.account_id},
            "Action": "sts:AssumeRole",
        },
    }
    role = house.iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(trust))["Role"]
    held = house.sts.assume_role(RoleArn=role["Arn"], RoleSessionName="session")["Credentials"]
    session = house.client_of(held, "sts")
    session.get_caller_identity()
    ask(place, Request(deed="revoke-sessions", name="r"))
    with pytest.raises(session.exceptions.ClientError):
        session.get_caller_identity()


def test_a_recovered_key_signs(house, place):
    pair = ask(place, Request(deed="recover-admin"))["admin"]
    client = house.client("sts", pair["access_key_id"], pair["secret_access_key"])
    assert client.get_caller_identity()["Account"] == house.account_id


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (Request(deed="offboard", name="nobody"), "cannot be found"),
        (Request(deed="dance"), "knows no dance"),
        (Request(deed="offboard", name="ann", account="999999999999"), "no account 999999999999"),
    ],
)
def test_what_cannot_be_done_is_said(place, request_, reason):
    with pytest.raises(LookupError, match=reason):
        ask(place, request_)


def test_what_is_no_request_is_answered_all_the_same(place):
    for line in (b"{}\n", b"nonsense\n", b'{"deed": "offboard", "more": 1}\n'):
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(place / SOCKET))
            client.sendall(line)
            assert "error" in json.loads(client.makefile().readline())


def test_a_client_that_says_nothing_or_too_much_stops_nobody(place):
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(place / SOCKET))
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(place / SOCKET))
        client.sendall(b"x" * 200_000 + b"\n")
        assert client.recv(10) == b""
    with pytest.raises(LookupError, match="knows no"):
        ask(place, Request(deed="dance"))


def test_an_unexpected_fault_stays_inside(house, place, monkeypatch):
    def broken(*_args):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(house.house, "clock", broken)
    with pytest.raises(LookupError, match="failed inside"):
        ask(place, Request(deed="recover-root"))


def test_nobody_listens(tmp_path):
    with pytest.raises(NotRunning):
        ask(tmp_path, Request(deed="recover-root"))
    dead = socket.socket(socket.AF_UNIX)
    dead.bind(str(tmp_path / SOCKET))
    dead.close()
    with pytest.raises(NotRunning):
        ask(tmp_path, Request(deed="recover-root"))


def test_a_long_path_is_reached_too(house, tmp_path):
    deep = tmp_path / ("d" * 120)
    deep.mkdir()
    (deep / SOCKET).touch()
    for directory in _served(house, Control(house.house, deep), deep):
        with pytest.raises(LookupError, match="knows no"):
            _eventually(directory)


def _eventually(directory):
    for _ in range(1000):
        try:
            return ask(directory, Request(deed="dance"))
        except (NotRunning, OSError):
            continue
    raise AssertionError("nobody came to listen")


def test_without_a_socket_the_house_goes_on(house, tmp_path):
    house.run(Control(house.house, tmp_path / "none").run())
    assert house.sts.get_caller_identity()


def test_the_master_key_is_rotated_while_calls_are_served(tmp_path):
    house = TestHouse()
    try:
        for directory in _served(house, Control(house.house, tmp_path), tmp_path):
            before = house.house.sealer.keys.current.id
            moved = ask(directory, Request(deed=ROTATE, by="ops"))["resealed"]
            assert moved >= 3
            assert house.house.sealer.keys.current.id != before
            house.iam.create_user(UserName="after")
            assert house.user_client("after", "sts").get_caller_identity()
            assert "RotateMasterKey" in [row.event_name for row in house.records()]
    finally:
        house.close()
