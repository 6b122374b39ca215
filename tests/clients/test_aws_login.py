"""`aws login` of the real AWS CLI v2: no access key, a browser, and credentials of minutes."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tests.clients import installs
from tests.clients.conftest import had
from tests.clients.login_browser import allow, signed_in
from tests.clients.server import Server, started

from doorward.app.tls import tls_files

USER, PASSWORD = "ann", "correct horse 7 Battery"
SEED = f"""
users:
- name: {USER}
  password: {PASSWORD}
  policies: ["arn:aws:iam::aws:policy/SignInLocalDevelopmentAccess"]
"""
AUTHORIZE = re.compile(r"https://\S+/v1/authorize\?\S+")
PROGRAM = Path(__file__).with_name("login_browser.py")


@dataclass
class Cli:
    """The AWS CLI with a home of its own, and no key at all."""

    server: Server
    binary: Path
    authority: Path
    home: Path

    @property
    def environment(self):
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "AWS_ENDPOINT_URL": self.server.endpoint,
            "AWS_CA_BUNDLE": str(self.authority),
            "AWS_REGION": "us-east-1",
            "AWS_PAGER": "",
            "AWS_EC2_METADATA_DISABLED": "true",
            "BROWSER": str(self.home / "browser"),
            "LOGIN_ACCOUNT": self.server.account,
            "LOGIN_USER": USER,
            "LOGIN_PASSWORD": PASSWORD,
            "PYTHONPATH": str(PROGRAM.parents[2]),
        }

    def run(self, *words, said=""):
        return subprocess.run(
            [str(self.binary), *words, "--profile", "dev"],
            env=self.environment,
            input=said,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def arn(self):
        done = self.run("sts", "get-caller-identity")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)["Arn"]

    @property
    def cache(self):
        return sorted((self.home / ".aws/login/cache").glob("*.json"))

    def kept(self):
        (file,) = self.cache
        return json.loads(file.read_text())

    def let_expire(self):
        """Make the CLI believe that its credentials are over."""
        (file,) = self.cache
        kept = self.kept()
        kept["accessToken"]["expiresAt"] = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        file.write_text(json.dumps(kept))


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return tls_files(tmp_path_factory.mktemp("tls"), "127.0.0.1", datetime.now(UTC))


@pytest.fixture(scope="module")
def secure_server(authority, tmp_path_factory):
    seed = tmp_path_factory.mktemp("seed") / "seed.yaml"
    seed.write_text(SEED)
    tls = ("--tls-cert", str(authority.chain), "--tls-key", str(authority.key))
    with started(*tls, "--seed", str(seed)) as server:
        yield server


@pytest.fixture
def cli(secure_server, authority, tmp_path):
    browser = tmp_path / "browser"
    # The CLI waits for the browser to start, not to end.
    browser.write_text(
        f'#!/bin/sh\n"{sys.executable}" "{PROGRAM}" "$1" >"{tmp_path}/browser.log" 2>&1 &\n'
    )
    browser.chmod(0o755)
    return Cli(secure_server, had(installs.aws_cli_2), authority.authority, tmp_path)


@pytest.fixture
def logged_in(cli):
    done = cli.run("login")
    log = cli.home / "browser.log"
    assert done.returncode == 0, done.stdout + done.stderr + log.read_text()
    return cli


def test_a_user_logs_in_with_a_browser_and_calls_without_a_key(logged_in):
    account = logged_in.server.account
    assert logged_in.arn() == f"arn:aws:iam::{account}:user/{USER}"


def test_credentials_are_renewed_without_a_browser(logged_in):
    before = logged_in.kept()
    logged_in.let_expire()
    assert logged_in.arn().endswith(f":user/{USER}")
    after = logged_in.kept()
    assert after["refreshToken"] != before["refreshToken"]
    assert after["accessToken"]["accessKeyId"] != before["accessToken"]["accessKeyId"]


def test_a_copied_refresh_token_is_worth_nothing_without_the_key(logged_in):
    kept = logged_in.kept()
    other = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()
    )
    (file,) = logged_in.cache
    file.write_text(json.dumps(kept | {"dpopKey": other.decode()}))
    logged_in.let_expire()
    done = logged_in.run("sts", "get-caller-identity")
    assert done.returncode != 0
    assert "aws login" in done.stderr


def test_logging_out_forgets_it(logged_in):
    done = logged_in.run("logout")
    assert done.returncode == 0, done.stderr
    assert logged_in.cache == []
    assert logged_in.run("sts", "get-caller-identity").returncode != 0


def logged_in_by_hand(cli):
    """`aws login --remote`: the address goes to a browser elsewhere, a code comes back."""
    process = subprocess.Popen(
        [str(cli.binary), "login", "--remote", "--profile", "dev"],
        env=cli.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines = iter(process.stdout.readline, "")
    address = next(found[0] for line in lines if (found := AUTHORIZE.search(line)))
    server = cli.server
    browser, csrf = signed_in(server.endpoint, cli.authority, server.account, USER, PASSWORD)
    code = re.search(r"<code>([A-Za-z0-9+/=]{60,})</code>", allow(browser, address))[1]
    said, _ = process.communicate(f"{code}\n", timeout=60)
    assert process.returncode == 0, said
    return browser, csrf


def test_a_code_is_carried_to_another_machine_by_hand(cli):
    logged_in_by_hand(cli)
    assert cli.arn().endswith(f":user/{USER}")


def test_signing_out_in_the_browser_ends_it(cli):
    browser, csrf = logged_in_by_hand(cli)
    address = f"{cli.server.endpoint}/signin/sign-out"
    browser.json(address, {}, **{"x-csrf-token": csrf})
    cli.let_expire()
    done = cli.run("sts", "get-caller-identity")
    assert done.returncode != 0
    assert "aws login" in done.stderr
