"""A whole Doorward in memory, and real boto3 clients that reach it without a port."""

from contextlib import contextmanager
from datetime import timedelta
from functools import cache

import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from doorward.app.config import read_settings
from doorward.app.house import House, Plan
from doorward.app.in_process import Clock, signing
from doorward.app.in_process.loop_thread import LoopThread
from doorward.app.in_process.transport import sent
from doorward.catalog.models import OWN_MODELS

ENDPOINT = "http://127.0.0.1:4599"


@cache
def _session():
    session = botocore.session.get_session()
    session.get_component("data_loader").search_paths.append(str(OWN_MODELS))
    return session


@contextmanager
def raises_aws(code, message=None):
    """The call is refused with this code and, where given, exactly this message."""
    with pytest.raises(ClientError) as caught:
        yield caught
    error = caught.value.response["Error"]
    assert error["Code"] == code, error
    if message is not None:
        assert error["Message"] == message


class Transport:
    """Stands where botocore keeps its HTTP session."""

    def __init__(self, house):
        self.house = house

    def send(self, request):
        return sent(self.house.answer, request)

    def close(self):
        pass


class TestHouse:
    """One house, its event loop in a thread of its own."""

    __test__ = False

    def __init__(self, **settings):
        self.clock = Clock()
        chosen = {
            "signature.window_s": 10**9,
            "password.memory_kib": 64,
            "password.time_cost": 1,
        } | settings
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
        self._thread = LoopThread()
        self._loop = self._thread.loop

    def run(self, coroutine):
        return self._thread.run(coroutine)

    def answer(self, request):
        """Send one raw request down the straight line."""
        return self.run(self.house.pipeline.answer(request))

    def reset(self):
        self.clock.ahead = timedelta()
        self.run(self.house.reset())

    def close(self):
        self.run(self.house.stop())
        self._thread.close()

    def at(self, time):
        """Set the clock; its clients sign by it."""
        return self.clock.at(time)

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
        client.meta.events.register_first(signing.EVENT, signing.ByClock(self.clock))
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
