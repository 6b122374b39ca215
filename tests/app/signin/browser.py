"""A browser without a screen: it keeps its cookie, sends its CSRF token, and reads JSON."""

import json
from base64 import b32decode
from http.cookies import SimpleCookie

from doorward.app.http import Application
from doorward.authn.totp import code_at, step_at

HOST = "localhost:4599"
UNTOUCHED = object()


class Answer:
    """A status, headers and what the body says."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body
        self.cookies = [value for name, value in headers if name == "set-cookie"]

    @property
    def said(self):
        return json.loads(self.body)

    def __getitem__(self, name):
        return self.said[name]

    def __repr__(self):
        return f"{self.status} {self.body[:300]!r}"


class Browser:
    """One browser at one address."""

    def __init__(self, house, source="198.51.100.7", *, secure=False, host=HOST, app=None):
        self.house = house
        self.source = source
        self.secure = secure
        self.host = host
        self.app = app or Application(house.house)
        self.cookie = None
        self.csrf = None

    @property
    def origin(self):
        return f"{'https' if self.secure else 'http'}://{self.host}"

    def get(self, path):
        return self._keep(self.house.run(self.sent("GET", path)))

    def post(self, path, **form):
        return self._keep(self.house.run(self.posted(path, **form)))

    def posted(self, path, **form):
        return self.sent("POST", path, json.dumps(form).encode())

    async def sent(self, method, path, body=b"", headers=None):
        given = {"host": self.host, "origin": self.origin, "content-type": "application/json"}
        if self.cookie:
            given["cookie"] = f"{self.cookie[0]}={self.cookie[1]}"
        if self.csrf:
            given["x-csrf-token"] = self.csrf
        given.update(headers or {})
        scope = {
            "type": "http",
            "method": method,
            "path": path.partition("?")[0],
            "raw_path": path.partition("?")[0].encode("latin-1"),
            "query_string": path.partition("?")[2].encode("latin-1"),
            "scheme": "https" if self.secure else "http",
            "client": (self.source, 1),
            "headers": [
                (name.encode(), value.encode())
                for name, value in given.items()
                if value is not None
            ],
        }
        said = []

        async def receive():
            return {"type": "http.request", "body": body}

        async def send(message):
            said.append(message)

        await self.app(scope, receive, send)
        start, end = said
        kept = tuple((name.decode(), value.decode()) for name, value in start["headers"])
        return Answer(start["status"], kept, end["body"])

    def _keep(self, answer):
        for line in answer.cookies:
            name, morsel = next(iter(SimpleCookie(line).items()))
            self.cookie = (name, morsel.value) if morsel.value else None
        if answer.status == 200 and answer.said.get("next") == "done":
            self.csrf = answer["session"]["csrf"]
        elif answer.status == 200 and "csrf" in answer.said:
            self.csrf = answer["csrf"]
        return answer

    def by_root(self, password, email=None):
        return self.post(
            "/signin/root", email=email or self.house.house.root_email, password=password
        )

    def by_user(self, user, password, account=None):
        account = account or self.house.account_id
        return self.post("/signin/user", account=account, user=user, password=password)


class Phone:
    """An authenticator app with one device."""

    def __init__(self, house, serial, seed):
        self.house = house
        self.serial = serial
        self.seed = b32decode(seed)

    def code(self, steps=0):
        return code_at(self.seed, step_at(self.house.clock()) + steps)
