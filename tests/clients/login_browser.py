"""A browser that signs a user in, allows `aws login`, and follows it back to the command line.

As a program it is what the AWS CLI opens: `login_browser.py ADDRESS`, the rest in the environment.
"""

import json
import os
import re
import ssl
import sys
from html import unescape
from http.cookiejar import CookieJar
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPSHandler, Request, build_opener


class Browser:
    """Keeps its cookies, trusts one authority, follows redirects."""

    def __init__(self, authority):
        context = ssl.create_default_context(cafile=authority)
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        self.jar = CookieJar()
        self._opener = build_opener(HTTPSHandler(context=context), HTTPCookieProcessor(self.jar))

    def get(self, address):
        with self._opener.open(address, timeout=20) as answer:
            return answer.read().decode()

    def post(self, address, body, kind, **headers):
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(address))
        request = Request(
            address,
            data=body.encode(),
            headers={"origin": origin, "content-type": kind, **headers},
        )
        with self._opener.open(request, timeout=20) as answer:
            return answer.read().decode()

    def json(self, address, form, **headers):
        return json.loads(self.post(address, json.dumps(form), "application/json", **headers))


def signed_in(endpoint, authority, account, user, password):
    browser = Browser(authority)
    form = {"account": account, "user": user, "password": password}
    done = browser.json(f"{endpoint}/signin/user", form)
    assert done["next"] == "done", done
    return browser, done["session"]["csrf"]


def allow(browser, address):
    """Press the button; what the browser then shows."""
    page = browser.get(address)
    csrf = unescape(re.search(r'name="csrf" value="([^"]+)"', page)[1])
    body = urlencode({"csrf": csrf, "answer": "allow"})
    return browser.post(address, body, "application/x-www-form-urlencoded")


if __name__ == "__main__":
    asked = sys.argv[1]
    here = "{0.scheme}://{0.netloc}".format(urlsplit(asked))
    who = (os.environ["LOGIN_ACCOUNT"], os.environ["LOGIN_USER"], os.environ["LOGIN_PASSWORD"])
    opened, _ = signed_in(here, os.environ["AWS_CA_BUNDLE"], *who)
    allow(opened, asked)
