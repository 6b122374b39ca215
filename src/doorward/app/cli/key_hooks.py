"""Hand a new key pair to whatever keeps secrets: a command's stdin, or the body of a POST.

INVARIANT: the secret stands in no argument, environment or log; other users of a machine read
those.
"""

import json
import shlex
import subprocess
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

PATIENCE_S = 60


@dataclass(frozen=True, slots=True)
class NewPair:
    """What a hook is told.

    Attributes:
        replaces: The id of the key that goes once this one is in place.
    """

    user: str
    access_key_id: str
    secret_access_key: str
    replaces: str


class HookFailed(Exception):  # noqa: N818 - what happened, read aloud
    """The pair was not taken; says why, without the pair."""


Hook = Callable[[NewPair], None]


def command_hook(command: str) -> Hook:
    """A command that reads one JSON object from stdin and ends with 0 once it is kept.

    Its stdout is thrown away, its stderr shown.

    Raises:
        HookFailed: the command line cannot be read.
    """
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise HookFailed(f"--hook-exec {command!r}: {error}") from None
    if not words:
        raise HookFailed("--hook-exec names no command")

    def run(pair: NewPair) -> None:
        try:
            done = subprocess.run(  # noqa: S603 - the user's own command, without a shell
                words,
                input=_body(pair),
                stdout=subprocess.DEVNULL,
                timeout=PATIENCE_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise HookFailed(f"{words[0]}: {_reason(error)}") from None
        if done.returncode:
            raise HookFailed(f"{words[0]} ended with {done.returncode}")

    return run


def url_hook(url: str) -> Hook:
    """An address that takes one JSON object and answers 2xx once it is kept.

    Raises:
        HookFailed: it is no https address, nor one of this machine.
    """
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    here = parts.hostname in {"127.0.0.1", "::1", "localhost"}
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and here)):
        raise HookFailed(f"{url}: a secret goes to https addresses, or to this machine")
    return lambda pair: _post(url, pair)


def _post(url: str, pair: NewPair) -> None:
    from urllib.error import HTTPError
    from urllib.request import ProxyHandler, Request, build_opener

    request = Request(url, _body(pair), {"Content-Type": "application/json"}, method="POST")  # noqa: S310 - checked above
    try:
        # A proxy sees what is not https, so this machine is reached without one.
        direct = [ProxyHandler({})] if url.startswith("http:") else []
        with build_opener(_no_redirects(), *direct).open(request, timeout=PATIENCE_S):
            return
    except HTTPError as error:
        error.close()
        raise HookFailed(f"{url} answered {error.code}") from None
    except (OSError, ValueError) as error:
        raise HookFailed(f"{url}: {_reason(error)}") from None


def _no_redirects() -> Any:
    """INVARIANT: the secret goes where the user sent it and nowhere else."""
    from urllib.request import HTTPRedirectHandler

    class NoRedirects(HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            return None

    return NoRedirects()


def _body(pair: NewPair) -> bytes:
    return json.dumps(asdict(pair)).encode()


def _reason(error: Exception) -> str:
    if isinstance(error, subprocess.TimeoutExpired):
        return f"no answer within {PATIENCE_S} seconds"
    return str(getattr(error, "reason", None) or getattr(error, "strerror", None) or error)
