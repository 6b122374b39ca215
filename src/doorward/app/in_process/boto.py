"""AWS's SDK for Python, led to a Doorward in the same process."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from botocore import handlers
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.loaders import Loader
from botocore.session import Session

from doorward.app.in_process import signing
from doorward.app.in_process.keys import Keys
from doorward.app.in_process.signing import ByClock
from doorward.app.in_process.transport import Answer, sent

if TYPE_CHECKING:
    import boto3

EVENT = "before-send"
"""botocore sends nothing where somebody answers this event."""

# What a machine has set up for its owner is none of a test's business.
_OWN_SETUP: dict[str, Any] = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
    "region": (None, None, None, None),
}


class Led:
    """Leads botocore's requests to whoever answers them; they are signed by its clock."""

    def __init__(self, answer: Answer, clock: Callable[[], datetime]) -> None:
        self._answer = answer
        self.signing = ByClock(clock)

    def __call__(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        """Handle the event."""
        return sent(self._answer, request)


def session(led: Led, region: str, keys: Keys | None = None) -> Session:
    """A botocore session whose every client is led."""
    made = Session(session_vars=_OWN_SETUP)
    made.register_component("data_loader", _loader())
    made.set_config_variable("region", region)
    if keys:
        made.set_credentials(*keys)
    made.register(EVENT, led)
    made.get_component("event_emitter").register_first(signing.EVENT, led.signing)
    return made


def boto3_session(led: Led, region: str, keys: Keys) -> "boto3.Session":
    """The same for boto3."""
    from boto3 import Session as Boto3Session

    made = Boto3Session(botocore_session=session(led, region, keys))
    # boto3 has added its own directory, each time anew.
    paths = _loader().search_paths
    paths[:] = dict.fromkeys(paths)
    return made


@cache
def _loader() -> Loader:
    # SPEED: a loader remembers the models it has read; without it a session's first client takes
    # 100 ms instead of 10.
    return Loader()


@contextmanager
def everywhere(led: Led, region: str, keys: Keys) -> Iterator[None]:
    """Lead every session that is begun in the meantime, boto3's default one included."""
    environment = dict(os.environ)
    led_there = [(EVENT, led), (signing.EVENT, led.signing, handlers.REGISTER_FIRST)]
    handlers.BUILTIN_HANDLERS.extend(led_there)
    try:
        _set_up(region, keys)
        with _own_default_session():
            yield
    finally:
        for handler in led_there:
            handlers.BUILTIN_HANDLERS.remove(handler)
        os.environ.clear()
        os.environ.update(environment)


def _set_up(region: str, keys: Keys) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ |= {
        "AWS_ACCESS_KEY_ID": keys.access_key_id,
        "AWS_SECRET_ACCESS_KEY": keys.secret_access_key,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    if keys.session_token:
        os.environ["AWS_SESSION_TOKEN"] = keys.session_token


@contextmanager
def _own_default_session() -> Iterator[None]:
    """boto3 makes its default session anew, and has its old one back afterwards."""
    try:
        import boto3
    except ImportError:
        yield
        return
    before, boto3.DEFAULT_SESSION = boto3.DEFAULT_SESSION, None
    try:
        yield
    finally:
        boto3.DEFAULT_SESSION = before
