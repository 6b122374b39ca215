"""One way to call AWS operations through clients that differ: parameters in, answer or refusal out.

Parameters and answers are the operation's members in AWS's spelling, whatever the client.
"""

import json
import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from tests.clients.server import Keys, Server

RUNNER = Path(__file__).with_name("caller.mjs")
SAID = re.compile(
    r"An error occurred \((\w+)\) when calling the \w+ operation(?: \(.*?\))?: (.*)", re.DOTALL
)
CALL_S = 120


class Refused(Exception):  # noqa: N818 - an answer of the server, as AWS words it
    """The server said no: AWS's code and message, as the client shows them."""

    def __init__(self, code: str, message: str):
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class Caller(Protocol):
    """A client."""

    def call(self, keys: Keys, service: str, operation: str, params: dict[str, Any]) -> Any:
        """One operation."""

    def pages(
        self, keys: Keys, service: str, operation: str, size: int, member: str
    ) -> list[dict[str, Any]]:
        """Every item of a list, by the client's own paging, `size` at a time."""


@dataclass(frozen=True, slots=True)
class Boto3:
    """The SDK for Python."""

    server: Server

    def call(self, keys, service, operation, params):
        client = self._client(keys, service)
        try:
            answer = getattr(client, snake(operation))(**params)
        except ClientError as error:
            said = error.response["Error"]
            raise Refused(said["Code"], said["Message"]) from None
        return answer

    def pages(self, keys, service, operation, size, member):
        found = self._client(keys, service).get_paginator(snake(operation))
        pages = found.paginate(PaginationConfig={"PageSize": size})
        return [item for page in pages for item in page[member]]

    def _client(self, keys, service):
        return boto3.session.Session().client(
            service,
            region_name="us-east-1",
            endpoint_url=self.server.endpoint,
            aws_access_key_id=keys.key_id,
            aws_secret_access_key=keys.secret,
            aws_session_token=keys.token,
            config=Config(retries={"total_max_attempts": 1}),
        )


@dataclass(frozen=True, slots=True)
class AwsCli:
    """The AWS CLI, either generation: `words` start it."""

    server: Server
    words: tuple[str, ...]
    extra: dict[str, str] = field(default_factory=dict)

    def call(self, keys, service, operation, params):
        options = [word for name, value in params.items() for word in option(name, value)]
        return self._json(keys, service, kebab(operation), *options)

    def pages(self, keys, service, operation, size, member):
        return self._json(keys, service, kebab(operation), "--page-size", str(size))[member]

    def _json(self, keys, *words):
        done = self.run(*words, "--output", "json", keys=keys)
        if done.returncode:
            said = SAID.search(done.stderr)
            assert said, done.stderr
            raise Refused(said[1], said[2].strip())
        return json.loads(done.stdout) if done.stdout.strip() else {}

    def run(self, *words, keys=None, cwd=None):
        """Run `aws …` as a person would."""
        return subprocess.run(
            [*self.words, *words],
            env=self.server.environment(keys) | self.extra,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=CALL_S,
            check=False,
        )


class JsSdk:
    """The SDK for JavaScript v3, in one Node process that takes a call a line."""

    def __init__(self, server: Server, folder: Path):
        self._server = server
        # A module is found from the file that imports it, so the runner stands beside them.
        runner = folder / RUNNER.name
        runner.write_text(RUNNER.read_text())
        self._node = subprocess.Popen(
            ["node", str(runner)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PATH": os.environ["PATH"], "AWS_ENDPOINT_URL": server.endpoint},
            text=True,
        )

    def close(self):
        self._node.stdin.close()
        self._node.wait(CALL_S)
        self._node.stdout.close()

    def call(self, keys, service, operation, params):
        return self._ask(keys, service=service, operation=operation, params=params)

    def pages(self, keys, service, operation, size, member):
        pages = self._ask(keys, service=service, operation=operation, params={}, pageSize=size)
        return [item for page in pages for item in page[member]]

    def _ask(self, keys, **asked):
        asked |= {"keys": keys._asdict()}
        self._node.stdin.write(json.dumps(asked) + "\n")
        self._node.stdin.flush()
        said = json.loads(self._node.stdout.readline())
        if "code" in said:
            raise Refused(said["code"], said["message"])
        return said["answer"]


def snake(name: str) -> str:
    """`ListMFADevices` as botocore spells it: list_mfa_devices."""
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    return re.sub(r"([A-Z])([A-Z][a-z])", r"\1_\2", spaced).lower()


def kebab(name: str) -> str:
    return snake(name).replace("_", "-")


def option(name: str, value: Any) -> list[str]:
    """A parameter as the words a person would type."""
    flag = f"--{kebab(name)}"
    match value:
        case bool():
            return [flag if value else f"--no-{kebab(name)}"]
        case list():
            return [flag, *(_shorthand(item) for item in value)]
        case _:
            return [flag, str(value)]


def _shorthand(item: Any) -> str:
    if isinstance(item, str):
        return item
    return ",".join(f"{name}={value}" for name, value in item.items())
