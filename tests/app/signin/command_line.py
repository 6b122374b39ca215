"""The AWS command line as `aws login` makes it speak, without its process."""

import base64
import hashlib
import json
import re
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import uuid4

from tests.app.signin.proofs import Prover, plain

SAME = "arn:aws:signin:::devtools/same-device"
CROSS = "arn:aws:signin:::devtools/cross-device"
CALLBACK = "http://127.0.0.1:40123/oauth/callback"


class CommandLine:
    """One `aws login`, with the browser it opens."""

    def __init__(self, browser, client=SAME):
        self.browser = browser
        self.house = browser.house
        self.client = client
        self.key = Prover()
        self.state = str(uuid4())
        self.verifier = "v" * 63 + "~"
        remote = f"{browser.origin}/v1/sessions/confirmation"
        self.redirect_uri = CALLBACK if client == SAME else remote

    def target(self, **other):
        digest = hashlib.sha256(self.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self.client,
            "state": self.state,
            "code_challenge_method": "SHA-256",
            "scope": "openid",
            "redirect_uri": self.redirect_uri,
            "code_challenge": plain(digest),
        } | other
        given = {name: value for name, value in asked.items() if value is not None}
        return f"/v1/authorize?{urlencode(given)}"

    def opened(self, **other):
        """The page that asks, or what stands in its place."""
        target = self.target(**other)
        return self.house.run(self.browser.sent("GET", target, headers={"origin": None}))

    def answered(self, page, answer="allow", **headers):
        """What comes of the form of that page."""
        text = page.body.decode()
        action = unescape(re.search(r'action="([^"]+)"', text)[1])
        csrf = unescape(re.search(r'name="csrf" value="([^"]+)"', text)[1])
        body = urlencode({"csrf": csrf, "answer": answer}).encode()
        given = {"content-type": "application/x-www-form-urlencoded"} | headers
        return self.house.run(self.browser.sent("POST", action, body, given))

    def code(self):
        answer = self.answered(self.opened())
        if self.client == CROSS:
            shown = re.findall(r"<code>([A-Za-z0-9+/=]{40,})</code>", answer.body.decode())[0]
            said = dict(parse_qsl(base64.b64decode(shown).decode()))
        else:
            said = dict(parse_qsl(urlsplit(dict(answer.headers)["location"]).query))
        assert said["state"] == self.state
        return said["code"]

    def asks(self, **form):
        """What comes of a request for tokens."""
        return self.house.run(self.asking(**form))

    async def asking(self, *, proof=None, key=None, proofs=1, **form):
        address = f"{self.browser.origin}/v1/token"
        made = (key or self.key).proof(address, self.house.clock(), proof_id=str(uuid4()))
        headers = {"origin": None, "dpop": made if proof is None else proof}
        if not proofs:
            headers.pop("dpop")
        body = json.dumps({"clientId": self.client, **form}).encode()
        return await self.browser.sent("POST", "/v1/token", body, headers)

    def exchanged(self, code, /, **other):
        return self.house.run(self.exchanging(code, **other))

    async def exchanging(self, code, /, **other):
        return await self.asking(
            **(
                {
                    "grantType": "authorization_code",
                    "code": code,
                    "codeVerifier": self.verifier,
                    "redirectUri": self.redirect_uri,
                }
                | other
            )
        )

    def refreshed(self, token, **other):
        return self.asks(**({"grantType": "refresh_token", "refreshToken": token} | other))


def sub_of(id_token):
    payload = id_token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["sub"]


def client_of(house, answer, service="sts"):
    token = answer["accessToken"]
    return house.client(
        service, token["accessKeyId"], token["secretAccessKey"], token["sessionToken"]
    )
