"""A sign-in over sockets, its steps on two nodes of one PostgreSQL."""

import json
import os
from base64 import b64encode
from contextlib import closing
from datetime import UTC, datetime
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from time import monotonic
from urllib.parse import urlsplit

import pytest
from tests.app.signin.browser import Phone
from tests.durability.server import started

from doorward.authn.totp import code_at, step_at

# A quarter of a second on a quiet machine; a busy one is given time.
WITHIN_S = 10.0


@pytest.fixture(scope="module")
def nodes(postgres_cluster, tmp_path_factory):
    home = tmp_path_factory.mktemp("sign-in")
    key = b64encode(os.urandom(32)).decode()
    options = ("--database", postgres_cluster.database())
    with (
        started(home / "one", *options, DOORWARD_MASTER_KEY=key) as one,
        started(home / "two", *options, DOORWARD_MASTER_KEY=key) as two,
    ):
        yield one, two


class Browser:
    """Speaks to any node, as behind a balancer."""

    def __init__(self):
        self.cookie = self.csrf = None

    def ask(self, node, method, path, **form):
        place = urlsplit(node.endpoint)
        headers = {"content-type": "application/json", "host": f"localhost:{place.port}"}
        if self.cookie:
            headers |= {"cookie": self.cookie, "x-csrf-token": self.csrf or ""}
        with closing(HTTPConnection(place.netloc, timeout=30)) as connection:
            connection.request(method, path, json.dumps(form), headers)
            answer = connection.getresponse()
            said = json.loads(answer.read())
        if line := answer.headers["set-cookie"]:
            ((name, morsel),) = SimpleCookie(line).items()
            self.cookie = f"{name}={morsel.value}" if morsel.value else None
        session = said.get("session") or said
        self.csrf = session.get("csrf", self.csrf)
        return answer.status, said

    def post(self, node, path, **form):
        return self.ask(node, "POST", path, **form)

    def status(self, node):
        return self.ask(node, "GET", "/signin/session")[0]


class World:
    """What a phone tells the time by."""

    def __init__(self):
        self.house = self

    def clock(self):
        return datetime.now(UTC)


@pytest.fixture(scope="module")
def phone(nodes):
    """Root enrols, each step at the other node; the first also makes its hash anew."""
    one, two = nodes
    browser, facts = Browser(), one.facts
    form = {"email": facts["root_email"], "password": facts["root_password"]}
    status, asked = browser.post(one, "/signin/root", **form)
    assert (status, asked["next"], asked["days_left"]) == (200, "enrol", 35)
    status, made = browser.post(two, "/signin/enrol/app", step=asked["step"])
    assert status == 200, made
    phone = Phone(World(), made["serial"], made["seed"])
    codes = {"code1": phone.code(-1), "code2": phone.code()}
    status, done = browser.post(one, "/signin/enrol/app/codes", step=made["step"], **codes)
    assert (status, done["next"]) == (200, "done")
    assert browser.status(two) == 200
    return phone


@pytest.fixture
def fresh(phone, used):
    """A code that was not used yet, whatever the time it is by now."""

    def take():
        now = step_at(datetime.now(UTC))
        step = next(now + off for off in (0, 1, -1, 2) if now + off not in used)
        used.add(step)
        return code_at(phone.seed, step)

    return take


@pytest.fixture(scope="module")
def used():
    """The steps whose codes were used."""
    return set()


def sign_in(nodes, code):
    """Root's password at the first node, its code at the second."""
    one, two = nodes
    browser, facts = Browser(), one.facts | two.facts
    facts["root_password"] = one.facts.get("root_password") or two.facts["root_password"]
    form = {"email": facts["root_email"], "password": facts["root_password"]}
    _, asked = browser.post(one, "/signin/root", **form)
    assert asked["next"] == "mfa", asked
    return browser, browser.post(two, "/signin/mfa", step=asked["step"], code=code)


def test_a_code_used_on_one_is_used_on_the_other(nodes, fresh):
    code = fresh()
    browser, (status, done) = sign_in(nodes, code)
    assert (status, done["next"]) == (200, "done")
    _, (status, refused) = sign_in(nodes[::-1], code)
    assert (status, refused["error"]) == (401, "WrongCode")
    assert browser.status(nodes[0]) == browser.status(nodes[1]) == 200


def test_signing_out_on_one_ends_it_on_the_other_at_once(nodes, fresh):
    browser, (_, done) = sign_in(nodes, fresh())
    assert done["next"] == "done"
    cookie = browser.cookie
    assert browser.status(nodes[1]) == 200
    assert browser.post(nodes[0], "/signin/sign-out")[0] == 200
    browser.cookie = cookie
    assert browser.status(nodes[1]) == 401


def test_signing_out_everywhere_reaches_the_other_soon(nodes, fresh):
    browser, (_, done) = sign_in(nodes, fresh())
    assert done["next"] == "done"
    other, (_, also) = sign_in(nodes, fresh())
    assert also["next"] == "done"
    assert browser.post(nodes[0], "/signin/sign-out-everywhere")[0] == 200
    deadline = monotonic() + WITHIN_S
    while other.status(nodes[1]) == 200:
        assert monotonic() < deadline, f"not within {WITHIN_S} s"
