import json
import sys
import threading
from contextlib import nullcontext
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import boto3
import pytest
from botocore.exceptions import ClientError
from tests.house import raises_aws

from doorward.app.cli import key_client
from doorward.app.cli.key_hooks import HookFailed, command_hook
from doorward.app.cli.key_rotation import Patience, Rotation, Unrotatable

NO_TIME = timedelta()
KEEP = "import sys; open({!r}, 'w').write(sys.stdin.read())"
LISTEN = "import sys, json; json.load(sys.stdin); sys.exit(3)"


@pytest.fixture
def svc(house, monkeypatch):
    """A user with one key, and the command that is about this house."""

    def client(_args, pair=None):
        return house.client("iam", *(pair or ()))

    monkeypatch.setattr(key_client, "iam_client", client)
    house.iam.create_user(UserName="svc")
    house.first = house.iam.create_access_key(UserName="svc")["AccessKey"]
    house.clock.advance(seconds=1)
    return house


def keys_of(house):
    listed = house.iam.list_access_keys(UserName="svc")["AccessKeyMetadata"]
    return {key["AccessKeyId"]: key["Status"] for key in listed}


def use(house, key):
    house.client("sts", key["access_key_id"], key["secret_access_key"]).get_caller_identity()


def hook(path):
    return f'{sys.executable} -c "{KEEP.format(str(path))}"'


@pytest.mark.practice("S000-03", "S000-04", "S004-05")
def test_one_command_makes_hands_over_and_ends(run, svc, tmp_path):
    words = ("keys", "rotate", "--user", "svc", "--hook-exec", hook(tmp_path / "kept"))
    told = run(*words, "--wait", "0")
    assert told.code == 0, told.err
    pair = json.loads((tmp_path / "kept").read_text())
    old = svc.first["AccessKeyId"]
    assert pair["replaces"] == old
    assert keys_of(svc) == {pair["access_key_id"]: "Active"}
    use(svc, pair)
    new = pair["access_key_id"]
    said = [f"made {new}", f"handed {new} over", f"deactivated {old}", f"deleted {old}"]
    assert told.out.splitlines()[1:-1] == [f"- {each}" for each in said]
    assert pair["secret_access_key"] not in told.out + told.err


@pytest.mark.parametrize("command", ["no-such-command", f'{sys.executable} -c "{LISTEN}"'])
def test_a_hook_that_fails_leaves_the_old_key_alone(run, svc, command):
    told = run("keys", "rotate", "--user", "svc", "--hook-exec", command, "--wait", "0")
    assert told.code == 2
    assert "is deleted again" in told.err
    assert keys_of(svc) == {svc.first["AccessKeyId"]: "Active"}


@pytest.mark.parametrize("command", ["", "'"])
def test_a_hook_that_is_no_command(run, svc, command):
    told = run("keys", "rotate", "--user", "svc", "--hook-exec", command)
    assert told.code == 2
    assert "--hook-exec" in told.err
    assert keys_of(svc) == {svc.first["AccessKeyId"]: "Active"}


class Sink(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, json.loads(body)))
        self.send_response(self.server.status)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def sink():
    """Takes posts and answers with its status."""
    server = HTTPServer(("127.0.0.1", 0), Sink)
    server.got, server.status = [], 204
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_pair_may_go_to_an_address(run, svc, sink, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    url = f"http://127.0.0.1:{sink.server_port}/keep"
    told = run("keys", "rotate", "--user", "svc", "--hook-url", url, "--wait", "0", "--json")
    ((path, pair),) = sink.got
    assert path == "/keep"
    assert told.json["state"] == "rotated"
    assert told.json["new"] == pair["access_key_id"]
    use(svc, pair)


@pytest.mark.parametrize("status", [302, 307, 500])
def test_an_address_that_does_not_take_it(run, svc, sink, status):
    sink.status = status
    url = f"http://127.0.0.1:{sink.server_port}/keep"
    told = run("keys", "rotate", "--user", "svc", "--hook-url", url, "--wait", "0")
    assert told.code == 2
    assert f"answered {status}" in told.err
    assert [path for path, _ in sink.got] == ["/keep"]
    assert keys_of(svc) == {svc.first["AccessKeyId"]: "Active"}


@pytest.mark.parametrize("url", ["http://example.com/", "ftp://127.0.0.1/", "https:///x", "x"])
def test_a_secret_goes_to_no_open_address(run, svc, url):
    told = run("keys", "rotate", "--user", "svc", "--hook-url", url)
    assert told.code == 2
    assert "https addresses" in told.err
    assert keys_of(svc) == {svc.first["AccessKeyId"]: "Active"}


def test_nobody_at_the_address(run, svc, sink):
    port = sink.server_port
    sink.server_close()
    url = f"http://127.0.0.1:{port}/"
    told = run("keys", "rotate", "--user", "svc", "--hook-url", url, "--wait", "0")
    assert (told.code, len(keys_of(svc))) == (2, 1)


def test_without_a_hook_the_pair_is_shown_and_the_next_run_goes_on(run, svc):
    words = ("keys", "rotate", "--user", "svc", "--wait", "0")
    made = run(*words, "--json").json
    assert made["state"] == "made"
    assert len(keys_of(svc)) == 2
    idle = run(*words)
    assert idle.code == 1
    assert f"{made['new']} was never used" in idle.out
    use(svc, {"access_key_id": made["new"], "secret_access_key": made["secret_access_key"]})
    told = run(*words)
    assert told.code == 0, told.err + told.out
    assert keys_of(svc) == {made["new"]: "Active"}


@pytest.mark.usefixtures("svc")
def test_without_a_hook_a_person_is_told_what_comes_next(run):
    told = run("keys", "rotate", "--user", "svc")
    assert told.code == 0
    assert "It is not shown again" in told.out


def test_a_run_that_was_cut_off_begins_again(run, svc, tmp_path):
    lost = svc.iam.create_access_key(UserName="svc")["AccessKey"]["AccessKeyId"]
    words = ("keys", "rotate", "--user", "svc", "--hook-exec", hook(tmp_path / "kept"))
    told = run(*words, "--wait", "0", "--json").json
    assert told["done"][0] == f"deleted {lost} whose hand-over was never seen to succeed"
    assert told["old"] == svc.first["AccessKeyId"]
    assert keys_of(svc) == {told["new"]: "Active"}


def test_a_run_that_only_had_to_delete(run, svc):
    new = svc.iam.create_access_key(UserName="svc")["AccessKey"]["AccessKeyId"]
    old = svc.first["AccessKeyId"]
    svc.iam.update_access_key(UserName="svc", AccessKeyId=old, Status="Inactive")
    told = run("keys", "rotate", "--user", "svc", "--json").json
    assert told["done"] == [f"deleted {old}"]
    assert keys_of(svc) == {new: "Active"}


def test_which_is_the_new_one_of_two_of_a_second(run, svc):
    svc.iam.delete_access_key(UserName="svc", AccessKeyId=svc.first["AccessKeyId"])
    svc.at(svc.clock().replace(microsecond=0))
    for _ in range(2):
        svc.iam.create_access_key(UserName="svc")
    told = run("keys", "rotate", "--user", "svc")
    assert told.code == 2
    assert "are of the same second: delete one of them" in told.err
    assert len(keys_of(svc)) == 2


def test_what_no_rotation_begins_with(run, svc):
    new = svc.iam.create_access_key(UserName="svc")["AccessKey"]["AccessKeyId"]
    svc.iam.update_access_key(UserName="svc", AccessKeyId=new, Status="Inactive")
    told = run("keys", "rotate", "--user", "svc")
    assert told.code == 2
    assert f"{new}, the newer of svc's keys, is inactive" in told.err
    for key_id in keys_of(svc):
        svc.iam.delete_access_key(UserName="svc", AccessKeyId=key_id)
    assert "svc has no access key" in run("keys", "rotate", "--user", "svc").err
    assert "nobody cannot be found" in run("keys", "rotate", "--user", "nobody").err


class Watch:
    """Time that passes only while somebody sleeps; what happens meanwhile is told before."""

    def __init__(self, house, events=()):
        self.house = house
        self.events = list(events)
        self.slept = 0

    def now(self):
        return self.house.clock()

    def sleep(self, seconds):
        self.slept += seconds
        self.house.clock.advance(seconds=seconds)
        if self.events:
            self.events.pop(0)()


def rotation(house, watch, **given):
    patience = Patience(timedelta(minutes=15), timedelta(minutes=2))
    return Rotation(
        **{
            "iam": house.iam,
            "client_of": lambda pair: house.client("iam", *pair),
            "user": "svc",
            "hook": lambda _: None,
            "patience": patience,
            "now": watch.now,
            "sleep": watch.sleep,
        }
        | given
    )


def busy(house):
    return lambda: house.client(
        "sts", house.first["AccessKeyId"], house.first["SecretAccessKey"]
    ).get_caller_identity()


@pytest.mark.practice("S000-03")
def test_the_old_key_goes_once_it_has_been_silent(svc):
    watch = Watch(svc, [busy(svc)] * 20)
    assert rotation(svc, watch).run()["state"] == "rotated"
    assert 20 * 15 <= watch.slept < 20 * 15 + 121
    assert len(keys_of(svc)) == 1


def test_a_key_that_is_never_silent_stays(svc):
    watch = Watch(svc, [busy(svc)] * 100)
    told = rotation(svc, watch).run()
    assert told["state"] == "in use"
    assert told["last_use"]["ServiceName"] == "sts"
    assert watch.slept == pytest.approx(15 * 60, abs=1)
    assert list(keys_of(svc).values()) == ["Active", "Active"]


def test_the_command_says_where_a_busy_key_is_used(run, svc, monkeypatch):
    told = rotation(svc, Watch(svc, [busy(svc)] * 100)).run()
    monkeypatch.setattr(Rotation, "run", lambda _self: told)
    said = run("keys", "rotate", "--user", "svc")
    assert said.code == 1
    assert f"{told['old']} is still in use, last at 20" in said.out
    assert "for sts in us-east-1. Both keys work" in said.out
    assert run("keys", "rotate", "--user", "svc", "--json").json["last_use"]["Region"]


def test_whoever_rotates_its_own_key_goes_on_with_the_new_one(svc):
    allowed = {"Effect": "Allow", "Action": "iam:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": allowed})
    svc.iam.put_user_policy(UserName="svc", PolicyName="p", PolicyDocument=document)
    itself = svc.client("iam", svc.first["AccessKeyId"], svc.first["SecretAccessKey"])
    taken = []
    told = rotation(svc, Watch(svc), iam=itself, hook=taken.append).run()
    assert told["state"] == "rotated"
    assert keys_of(svc) == {taken[0].access_key_id: "Active"}
    with raises_aws("InvalidClientTokenId"):
        itself.list_access_keys()


class Late:
    """A client whose key is known only after some calls."""

    def __init__(self, client, calls):
        self.client = client
        self.calls = calls

    def list_access_keys(self, **params):
        if self.calls:
            self.calls -= 1
            told = {"Error": {"Code": "InvalidClientTokenId", "Message": ""}}
            raise ClientError(told, "ListAccessKeys")
        return self.client.list_access_keys(**params)

    def __getattr__(self, name):
        return getattr(self.client, name)


@pytest.mark.parametrize(("calls", "left"), [(2, 1), (99, 2)])
def test_a_new_key_may_take_a_while_to_be_known(svc, calls, left):
    allowed = {"Effect": "Allow", "Action": "iam:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": allowed})
    svc.iam.put_user_policy(UserName="svc", PolicyName="p", PolicyDocument=document)
    itself = svc.client("iam", svc.first["AccessKeyId"], svc.first["SecretAccessKey"])
    begun = rotation(
        svc,
        Watch(svc),
        iam=itself,
        client_of=lambda pair: Late(svc.client("iam", *pair), calls),
    )
    with nullcontext() if left == 1 else pytest.raises(Unrotatable, match="does not work yet"):
        begun.run()
    assert len(keys_of(svc)) == left


def test_a_key_does_not_end_itself_without_the_new_one(run, svc, monkeypatch):
    made = run("keys", "rotate", "--user", "svc", "--json").json
    use(svc, {"access_key_id": made["new"], "secret_access_key": made["secret_access_key"]})
    allowed = {"Effect": "Allow", "Action": "iam:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": allowed})
    svc.iam.put_user_policy(UserName="svc", PolicyName="p", PolicyDocument=document)
    itself = svc.client("iam", svc.first["AccessKeyId"], svc.first["SecretAccessKey"])
    monkeypatch.setattr(key_client, "iam_client", lambda *_: itself)
    told = run("keys", "rotate", "--user", "svc", "--wait", "0")
    assert told.code == 2
    assert f"sign with {made['new']}" in told.err


def test_an_interrupted_hook_leaves_one_key(svc):
    def interrupted(_pair):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotation(svc, Watch(svc), hook=interrupted).run()
    assert len(keys_of(svc)) == 1


def test_a_command_that_cannot_be_read():
    with pytest.raises(HookFailed):
        command_hook("'")


@pytest.mark.parametrize("text", ["", "m", "1.5m", "-1s", "1w", "9999999999999999999d", "4000d"])
def test_what_is_no_length_of_time(run, text):
    with pytest.raises(SystemExit):
        run("keys", "rotate", "--user", "svc", f"--wait={text}")


def test_over_a_real_connection_by_data_directory_and_by_profile(run, server, tmp_path):
    facts = server("--data", tmp_path / "data").facts
    signing = {
        "aws_access_key_id": facts["admin"]["access_key_id"],
        "aws_secret_access_key": facts["admin"]["secret_access_key"],
    }
    iam = boto3.client("iam", endpoint_url=facts["endpoint"], region_name="us-east-1", **signing)
    iam.create_user(UserName="svc")
    iam.create_access_key(UserName="svc")
    words = ("keys", "rotate", "--user", "svc", "--wait", "0", "--json", "--hook-exec", "cat")
    by_data = run(*words, "--data", tmp_path / "data")
    assert by_data.json["state"] == "rotated"
    assert run("profile", "write", "door", "--data", tmp_path / "data").code == 0
    by_profile = run(*words, "--aws-profile", "door")
    assert by_profile.json["old"] == by_data.json["new"]
    lost = run(*words, "--aws-profile", "none")
    assert lost.code == 2
