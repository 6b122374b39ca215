"""A whole Doorward in memory, and real boto3 clients that reach it without a port."""

import asyncio
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from urllib.parse import urlsplit

import botocore.session
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError

from doorward.app.config import read_settings
from doorward.app.house import House, Plan
from doorward.authn.request import HttpRequest

ENDPOINT = "http://127.0.0.1:4599"


@cache
def _session():
    return botocore.session.get_session()


@contextmanager
def raises_aws(code, message=None):
    """The call is refused with this code and, where given, exactly this message."""
    with pytest.raises(ClientError) as caught:
        yield caught
    error = caught.value.response["Error"]
    assert error["Code"] == code, error
    if message is not None:
        assert error["Message"] == message


class Clock:
    """The real time, plus what a test adds."""

    def __init__(self):
        self.ahead = timedelta()

    def __call__(self):
        return datetime.now(UTC) + self.ahead

    def advance(self, **kwargs):
        self.ahead += timedelta(**kwargs)


class Transport:
    """Stands where botocore keeps its HTTP session."""

    def __init__(self, house):
        self.house = house

    def send(self, request):
        url = urlsplit(request.url)
        headers = [
            (name.lower(), value.decode("latin-1") if isinstance(value, bytes) else str(value))
            for name, value in request.headers.items()
        ]
        if "host" not in dict(headers):
            headers.append(("host", url.netloc))
        body = request.body or b""
        sent = HttpRequest(
            request.method,
            url.path or "/",
            url.query,
            tuple(headers),
            body.encode() if isinstance(body, str) else bytes(body),
        )
        answer = self.house.answer(sent)
        return AWSResponse(request.url, answer.status, _Headers(answer.headers), _Raw(answer.body))

    def close(self):
        pass


class _Headers(dict):
    def __init__(self, pairs):
        super().__init__((name.lower(), value) for name, value in pairs)

    def get(self, name, default=None):
        return super().get(name.lower(), default)

    def __getitem__(self, name):
        return super().__getitem__(name.lower())


class _Raw:
    def __init__(self, body):
        self.body = body

    def stream(self, *_args, **_kwargs):
        yield self.body

    def read(self, *_args, **_kwargs):
        return self.body


class TestHouse:
    """One house, its event loop in a thread of its own."""

    __test__ = False

    def __init__(self, **settings):
        self.clock = Clock()
        chosen = {"signature.window_s": 10**9} | settings
        self.house = House(
            Plan(
                settings=read_settings(
                    arguments=[f"{name}={value}" for name, value in chosen.items()]
                ),
                clock=self.clock,
            )
        )
        self.account_id = self.house.main_account
        self.admin = self.house.first.admin
        self._clients = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(30)

    def answer(self, request):
        """Send one raw request down the straight line."""
        return self.run(self.house.pipeline.answer(request))

    def reset(self):
        self.clock.ahead = timedelta()
        self.run(self.house.reset())

    def close(self):
        self.run(self.house.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def client(self, service, key=None, secret=None, token=None, region="us-east-1"):
        """A boto3-style client with these keys; the administrator's without any."""
        place = (service, key, secret, token, region)
        if place not in self._clients:
            self._clients[place] = self._new_client(*place)
        return self._clients[place]

    def _new_client(self, service, key, secret, token, region):
        client = _session().create_client(
            service,
            region_name=region,
            endpoint_url=ENDPOINT,
            aws_access_key_id=key or self.admin.access_key_id,
            aws_secret_access_key=secret or self.admin.secret_access_key,
            aws_session_token=token,
            config=Config(retries={"total_max_attempts": 1}),
        )
        client._endpoint.http_session = Transport(self)
        return client

    def client_of(self, credentials, service="iam"):
        """A client with the Credentials STS returned."""
        return self.client(
            service,
            credentials["AccessKeyId"],
            credentials["SecretAccessKey"],
            credentials["SessionToken"],
        )

    def user_client(self, name, service="iam"):
        """A client with a fresh access key of that user."""
        key = self.iam.create_access_key(UserName=name)["AccessKey"]
        return self.client(service, key["AccessKeyId"], key["SecretAccessKey"])

    def records(self):
        """Every record of the main account, newest first, as stored."""
        self.run(self.house.recorder.flush())
        found = self.house.store.find_records(
            self.account_id, start_ms=0, end_ms=10**15, attribute=None, limit=10_000, before=None
        )
        return [row for _, row in found]

    @property
    def iam(self):
        return self.client("iam")

    @property
    def sts(self):
        return self.client("sts")

    @property
    def cloudtrail(self):
        return self.client("cloudtrail")
