"""A Doorward in a process of its own, and clients that speak HTTP to it and nothing more."""

import json
import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

STOP_S = 20
ANSWER_S = 30
VERSIONS = {"iam": "2010-05-08", "sts": "2011-06-15"}
COMMAND = Path(sys.executable).with_name("doorward")


class Answer(NamedTuple):
    """What came back."""

    status: int
    request_id: str
    text: str

    def member(self, name):
        """The text of the first XML element of that name."""
        return re.search(rf"<{name}>(.*?)</{name}>", self.text).group(1)

    @property
    def code(self):
        """AWS's error code."""
        return self.member("Code")


@dataclass
class Client:
    """Signs and sends, over one connection that is kept."""

    endpoint: str
    credentials: Credentials
    connection: HTTPConnection = field(init=False)

    def __post_init__(self):
        self.connection = HTTPConnection(urlsplit(self.endpoint).netloc, timeout=ANSWER_S)

    def call(self, service, action, **parameters):
        """Call an operation of the query protocol.

        Raises:
            OSError, HTTPException: the server went away before its answer.
        """
        self.send(service, action, **parameters)
        answer = self.connection.getresponse()
        return Answer(answer.status, answer.headers["x-amzn-RequestId"], answer.read().decode())

    def send(self, service, action, **parameters):
        """Only ask."""
        body = urlencode({"Action": action, "Version": VERSIONS[service], **parameters})
        request = AWSRequest(
            "POST",
            f"{self.endpoint}/",
            data=body,
            headers={"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"},
        )
        SigV4Auth(self.credentials, service, "us-east-1").add_auth(request)
        self.connection.request("POST", "/", body, dict(request.headers.items()))

    def close(self):
        self.connection.close()


@dataclass(frozen=True)
class Server:
    """One running node."""

    process: "subprocess.Popen[str]"
    facts: dict
    log: Path

    @property
    def endpoint(self):
        return self.facts["endpoint"]

    @property
    def account(self):
        return self.facts["account"]

    @contextmanager
    def client(self, key_id, secret, token=None):
        client = Client(self.endpoint, Credentials(key_id, secret, token))
        try:
            yield client
        finally:
            client.close()

    def get(self, path):
        """Ask one of the unsigned addresses."""
        connection = HTTPConnection(urlsplit(self.endpoint).netloc, timeout=ANSWER_S)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def stop(self):
        """Ask it to stop, as a service manager does; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_S)

    def kill(self):
        """Kill it as the kernel would: nothing is finished, nothing is told."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(STOP_S)


def command(directory, *options):
    return [str(COMMAND), "up", "--data", str(directory), "--port", "0", "--json", *options]


def environment(directory, **more):
    """Nothing of the machine's own settings."""
    return {"PATH": os.environ["PATH"], "HOME": str(directory), "LANG": "C.UTF-8", **more}


@contextmanager
def started(directory, *options, **variables):
    """A node on that data directory; it is told to stop when the block ends."""
    log = Path(f"{directory}.log")
    with log.open("a") as errors:
        process = subprocess.Popen(
            command(directory, *options),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment(directory, **variables),
            text=True,
        )
    try:
        line = process.stdout.readline()
        assert line, log.read_text()
        yield Server(process, json.loads(line), log)
    finally:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        process.wait(STOP_S)
        process.stdout.close()
    assert "Traceback" not in log.read_text(), log.read_text()


def refused(directory, *options, **variables):
    """Start a node that will not: its exit code and what it says."""
    done = subprocess.run(
        command(directory, *options),
        capture_output=True,
        env=environment(directory, **variables),
        text=True,
        timeout=STOP_S,
        check=False,
    )
    return done.returncode, done.stderr
