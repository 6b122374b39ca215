import asyncio
import json

import pytest
from tests.app.asking import (
    admin_of,
    code_of,
    events,
    headers_of,
    new_key,
    signed,
    unsigned,
)
from tests.app.stores import TroubledStore
from tests.app.wire import LOCAL, QUERY_ERROR, Wire
from tests.house import TestHouse

from doorward.app.accounts import Accounts
from doorward.app.follower import Follower
from doorward.app.http import Application
from doorward.authn.request import HttpRequest
from doorward.wire.limits import DEFAULT_BODY_LIMIT, LARGEST_BODY


@pytest.fixture
def wire(house):
    return Wire(house)


@pytest.fixture
def metrics(wire):
    """The numbers that Prometheus would read."""

    def read():
        answer = wire.get("/metrics")
        assert headers_of(answer)["content-type"] == "text/plain; version=0.0.4"
        lines = answer.body.decode().splitlines()
        return dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))

    return read


def test_health(wire):
    answer = wire.get("/health")
    assert (answer.status, json.loads(answer.body)) == (200, {"status": "ok"})


def test_ready(wire):
    answer = wire.get("/ready")
    assert (answer.status, json.loads(answer.body)) == (200, {"status": "ready"})


def test_a_node_with_an_old_picture_is_not_ready(wire, monkeypatch, metrics):
    store = TroubledStore()
    follower = Follower(store, Accounts(store, 1))
    follower.confirmed -= 61
    monkeypatch.setattr(wire.house.house, "follower", follower)
    assert wire.get("/ready").status == 503
    assert wire.get("/health").status == 200
    assert float(metrics()["doorward_snapshot_age_seconds"]) >= 61


def test_answers_are_counted_and_timed(wire, metrics):
    wire.send(signed(admin_of(wire.house), "sts", "GetCallerIdentity"))
    wire.send(unsigned("iam", "ListUsers"))
    wire.get("/health")
    found = metrics()
    assert found['doorward_requests_total{status="200"}'] == "1"
    assert found['doorward_requests_total{status="403"}'] == "1"
    assert found["doorward_request_seconds_count"] == "2"
    assert found['doorward_request_seconds_bucket{le="+Inf"}'] == "2"
    assert found["doorward_accounts"] == "1"
    assert float(found["doorward_request_seconds_sum"]) > 0


def test_an_own_address_is_own_for_its_method_alone(wire):
    answer = wire.send(HttpRequest("POST", "/health", "", (LOCAL,), b""))
    assert answer.status != 200
    assert wire.get("/_doorward/reset").status != 200


def test_reset_is_the_first_start_again_with_the_same_keys(wire):
    house = wire.house
    ann = new_key(house, "ann")
    session = house.sts.get_session_token()["Credentials"]
    assert wire.reset().status == 200
    assert [user["UserName"] for user in house.iam.list_users()["Users"]] == ["admin"]
    assert [event["eventName"] for event in events(house)] == ["ListUsers"]
    assert code_of(wire.send(signed(ann, "sts", "GetCallerIdentity"))) == "InvalidClientTokenId"
    assert house.client_of(session, "sts").get_caller_identity()["Arn"].endswith("user/admin")
    house.iam.create_user(UserName="ann")


def test_reset_asks_the_store_nothing_that_grows(wire, monkeypatch):
    """Its 20 ms: no row is read or written, however much was made."""
    house = wire.house
    for number in range(30):
        house.iam.create_user(UserName=f"user{number}")
    asked = []
    for name in ("read", "commit", "append", "find_records", "find_row"):
        monkeypatch.setattr(
            house.house.store, name, lambda *_a, name=name, **_k: asked.append(name)
        )
    house.run(house.house.recorder.flush())
    asked.clear()
    assert wire.reset().status == 200
    assert asked == []


@pytest.mark.parametrize(
    "headers",
    [
        (("host", "evil.example"),),
        (LOCAL, ("origin", "http://evil.example")),
        (LOCAL, ("origin", "null")),
        (LOCAL, ("origin", "http://[")),
        (("x", "no host"),),
    ],
)
def test_a_page_elsewhere_cannot_reset(wire, headers):
    wire.house.iam.create_user(UserName="ann")
    assert wire.reset(*headers).status == 403
    assert wire.house.iam.get_user(UserName="ann")


def test_only_what_is_in_memory_can_be_reset(wire, monkeypatch):
    monkeypatch.setattr("doorward.app.http.MemoryStore", type("Other", (), {}))
    assert wire.reset().status == 404


def test_a_body_comes_in_pieces(wire):
    request = signed(admin_of(wire.house), "iam", "CreateUser", UserName="ann")
    pieces = [request.body[:5], b"", request.body[5:]]
    assert wire.send(request, pieces).status == 200


def test_no_piece_copies_those_before_it(wire):
    class Piece(bytes):
        def __radd__(self, before):
            raise AssertionError(f"{len(before)} bytes were copied")

    request = signed(admin_of(wire.house), "iam", "CreateUser", UserName="ann")
    pieces = [request.body[:5], Piece(request.body[5:9]), Piece(request.body[9:])]
    assert wire.send(request, pieces).status == 200


def test_a_client_that_goes_away_is_no_harm(wire):
    async def gone():
        return {"type": "http.disconnect"}

    sent = []

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "query_string": b"",
        "scheme": "http",
        "headers": [],
    }
    wire.house.run(wire.app(scope, gone, send))
    assert sent[0]["status"] in {400, 403}


def test_an_unsigned_body_that_is_too_large_is_refused_without_reading_it_all(wire):
    request = unsigned("sts", "AssumeRoleWithSAML", SAMLAssertion="a")
    pieces = [request.body + b"&Padding=", *[b"x" * 2**18] * 100]
    answer = wire.send(request, pieces)
    assert (answer.status, code_of(answer)) == (413, "RequestEntityTooLarge")
    assert wire.read <= 2 + DEFAULT_BODY_LIMIT // 2**18
    assert QUERY_ERROR.search(answer.body.decode())


def test_a_signed_body_is_measured_by_its_operation(wire):
    keys = admin_of(wire.house)
    padding = b"x" * DEFAULT_BODY_LIMIT
    answer = wire.send(signed(keys, "iam", "CreateUser", UserName=padding))
    assert (answer.status, code_of(answer)) == (413, "RequestEntityTooLarge")


def test_a_body_beyond_every_bound_is_too_large_whoever_signed_it(wire):
    request = signed(admin_of(wire.house), "iam", "CreateUser", UserName="ann")
    answer = wire.send(request, [b"x" * (LARGEST_BODY + 2)])
    assert (answer.status, code_of(answer)) == (413, "RequestEntityTooLarge")
    assert events(wire.house)[0]["errorCode"] == "RequestEntityTooLarge"


def test_start_and_stop_are_told_to_the_server():
    async def work():
        house = TestHouse()
        done = []

        class Recorded:
            settings = house.house.settings

            async def start(self):
                done.append("start")

            async def stop(self):
                done.append("stop")

        said = []

        async def receive():
            return {}

        async def send(message):
            said.append(message["type"])

        await Application(Recorded())({"type": "lifespan"}, receive, send)
        await asyncio.to_thread(house.close)
        return done, said

    done, said = asyncio.run(work())
    assert done == ["start", "stop"]
    assert said == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
