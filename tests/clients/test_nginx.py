"""Real nginx, configured by our example, in front of an application; Doorward decides."""

import hashlib
import http.client
import re
import shutil
import socket
import subprocess
import threading
import time
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import boto3
import botocore.auth
import pytest
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from tests.clients.conftest import had
from tests.clients.installs import Unavailable
from tests.clients.server import Keys, started

from doorward.catalog.models import OWN_MODELS

EXAMPLE = Path(__file__).parents[2] / "examples" / "nginx" / "nginx.conf"
HOST = "files.example.com"
UP_WITHIN_S = 10
TRUST = """{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
    "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}"""
MAY_ASK = """{"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "doorward:Authorize", "Resource": "*"}]}"""
MAY_READ = """{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
    "Action": ["files:GetFile", "files:PutFile"], "Resource": "arn:aws:files:::public/*",
    "Condition": {"IpAddress": {"aws:SourceIp": "127.0.0.1/32"}}}]}"""


class Application(BaseHTTPRequestHandler):
    """Says what it was told about the caller."""

    def _answer(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        said = self.headers.get_all("X-Doorward-Principal") or ["nobody"]
        body = ",".join(said).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PUT = _answer  # noqa: N815 - http.server's names

    def log_message(self, *_args):
        pass


class Gateway:
    """nginx, the client's side of it, and the things a test turns."""

    def __init__(self, port, server, ann, token, tokens):
        self.port = port
        self.server = server
        self.ann = ann
        self.token = token
        self.tokens = tokens

    def send(self, method, target, headers, body=None):
        """Exactly this request: status, headers, text."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            for name, value in headers:
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            connection.close()

    def signed(self, method, target, body=None, *, host=HOST, keys=None, digest=True, more=()):
        """Headers of a signed request."""
        request = AWSRequest(method, f"http://{host}{target}", dict(more), data=body or b"")
        if body is not None and digest:
            request.headers["X-Amz-Content-SHA256"] = hashlib.sha256(body).hexdigest()
        SigV4Auth(Credentials(*(keys or self.ann)), "files", "eu-west-1").add_auth(request)
        return [("Host", host), *request.headers.items()]

    def ask(self, method, target, body=None, **how):
        return self.send(method, target, self.signed(method, target, body, **how), body)


def nginx():
    found = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if not found:
        raise Unavailable("nginx is not installed")
    return found


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def application():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Application)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def nginx_running(folder, doorward, account, token):
    """The example with the addresses of this test put in, and nothing else changed."""
    port = free_port()
    with application() as upstream:
        text = EXAMPLE.read_text()
        for ours, theirs in (
            ("127.0.0.1:8080", f"127.0.0.1:{port}"),
            ("127.0.0.1:8081", f"127.0.0.1:{upstream}"),
            ("127.0.0.1:4599", doorward),
            ("111122223333", account),
        ):
            assert ours in text
            text = text.replace(ours, theirs)
        (folder / "nginx.conf").write_text(text)
        (folder / "token.conf").write_text(f'set $doorward_token "{token}";\n')
        words = [had(nginx), "-p", f"{folder}/", "-c", "nginx.conf", "-g", "daemon off;"]
        with (folder / "errors").open("wb") as errors:
            process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stderr=errors)
        try:
            _wait_for(port, process, folder / "errors")
            yield port
        finally:
            process.terminate()
            process.wait(UP_WITHIN_S)


def _wait_for(port, process, errors):
    ends = time.monotonic() + UP_WITHIN_S
    while time.monotonic() < ends:
        assert process.poll() is None, errors.read_text()
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(errors.read_text())


def client(server, service):
    session = boto3.session.Session()
    session._session.get_component("data_loader").search_paths.append(str(OWN_MODELS))
    return session.client(
        service,
        region_name="us-east-1",
        endpoint_url=server.endpoint,
        aws_access_key_id=server.admin.key_id,
        aws_secret_access_key=server.admin.secret,
    )


def people(server):
    """Ann, who may read, and a token for the gateway."""
    iam, own = client(server, "iam"), client(server, "doorward")
    iam.create_user(UserName="ann")
    iam.put_user_policy(UserName="ann", PolicyName="read", PolicyDocument=MAY_READ)
    iam.create_role(RoleName="gateway", AssumeRolePolicyDocument=TRUST)
    iam.put_role_policy(RoleName="gateway", PolicyName="ask", PolicyDocument=MAY_ASK)
    key = iam.create_access_key(UserName="ann")["AccessKey"]
    made = own.create_token(role="gateway")
    return Keys(key["AccessKeyId"], key["SecretAccessKey"]), made, own


@contextmanager
def gateway_of(server, folder):
    folder.mkdir()
    ann, made, tokens = people(server)
    doorward = server.endpoint.removeprefix("http://")
    with nginx_running(folder, doorward, server.account, made["token"]) as port:
        yield Gateway(port, server, ann, made["details"]["id"], tokens)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    with (
        started() as server,
        gateway_of(server, tmp_path_factory.mktemp("gateway") / "nginx") as found,
    ):
        yield found


def test_who_may_reaches_the_application_under_its_own_name(gateway):
    status, _, text = gateway.ask("GET", "/public/a.txt?version=1")
    assert (status, text) == (200, f"arn:aws:iam::{gateway.server.account}:user/ann")


def test_who_may_not_is_refused(gateway):
    status, _, text = gateway.ask("GET", "/secret/a.txt")
    assert status == 403
    assert "ann" not in text


def test_a_name_the_client_claims_does_not_reach_the_application(gateway):
    claimed = ("X-Doorward-Principal", "arn:aws:iam::111122223333:root")
    headers = [*gateway.signed("GET", "/public/a.txt"), claimed]
    status, _, text = gateway.send("GET", "/public/a.txt", headers)
    assert (status, text) == (200, f"arn:aws:iam::{gateway.server.account}:user/ann")


def test_an_unsigned_request_is_told_how(gateway):
    status, headers, _ = gateway.send("GET", "/public/a.txt", [("Host", HOST)])
    assert status == 401
    assert headers["WWW-Authenticate"].startswith("AWS4-HMAC-SHA256")


@pytest.mark.parametrize("target", ["/public/b.txt", "/public/a.txt?x=1", "/public/A.txt"])
def test_a_signature_for_another_address(gateway, target):
    headers = gateway.signed("GET", "/public/a.txt")
    assert gateway.send("GET", target, headers)[0] == 401


def test_a_signature_for_another_method(gateway):
    assert gateway.send("HEAD", "/public/a.txt", gateway.signed("GET", "/public/a.txt"))[0] == 401


def test_a_signed_header_that_was_changed(gateway):
    headers = gateway.signed("GET", "/public/a.txt", more={"X-Amz-Meta-Purpose": "reading"})
    assert gateway.send("GET", "/public/a.txt", headers)[0] == 200
    changed = [(n, "writing" if n == "X-Amz-Meta-Purpose" else v) for n, v in headers]
    assert gateway.send("GET", "/public/a.txt", changed)[0] == 401


def test_another_host(gateway):
    headers = [("Host", "other.example.com"), *gateway.signed("GET", "/public/a.txt")[1:]]
    with pytest.raises(http.client.RemoteDisconnected):
        gateway.send("GET", "/public/a.txt", headers)


@pytest.mark.parametrize("host", ["other.example.com", "files.example.com:81", "x"])
def test_another_host_behind_an_address_that_names_ours(gateway, host):
    """nginx chooses its server by the request line, and hands on the Host header beside it."""
    headers = gateway.signed("GET", "/public/a.txt", host=host)
    assert gateway.send("GET", f"http://{HOST}/public/a.txt", headers)[0] == 421


@pytest.mark.parametrize("host", [HOST, f"{HOST}:8080"])
def test_our_own_host_behind_an_address_that_names_it(gateway, host):
    headers = gateway.signed("GET", "/public/a.txt", host=host)
    assert gateway.send("GET", f"http://{HOST}/public/a.txt", headers)[0] == 200


@pytest.mark.parametrize(("minutes", "status"), [(4, 200), (6, 401), (-6, 401)])
def test_a_replay_outside_the_window(gateway, monkeypatch, minutes, status):
    then = datetime.now(UTC) - timedelta(minutes=minutes)
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: then)
    assert gateway.ask("GET", "/public/a.txt")[0] == status


def test_an_unknown_key_and_a_wrong_secret(gateway):
    for keys in (Keys("AKIAQNZGKIQY56JQ7WML", "x" * 40), Keys(gateway.ann.key_id, "x" * 40)):
        assert gateway.ask("GET", "/public/a.txt", keys=keys)[0] == 401


def test_a_presigned_address(gateway):
    request = AWSRequest("GET", f"http://{HOST}/public/a.txt")
    SigV4QueryAuth(Credentials(*gateway.ann), "files", "eu-west-1", 60).add_auth(request)
    target = request.url.partition(HOST)[2]
    assert gateway.send("GET", target, [("Host", HOST)])[0] == 200
    assert gateway.send("GET", f"{target}0", [("Host", HOST)])[0] == 401


def test_a_body_is_covered_by_its_signed_digest(gateway):
    assert gateway.ask("PUT", "/public/a.txt", b"hello")[0] == 200
    headers = gateway.signed("PUT", "/public/a.txt", b"hello")
    other = hashlib.sha256(b"other").hexdigest()
    changed = [(n, other if n == "X-Amz-Content-SHA256" else v) for n, v in headers]
    assert gateway.send("PUT", "/public/a.txt", changed, b"other")[0] == 401


@pytest.mark.parametrize("body", [b"", b"hello"])
def test_a_body_nobody_vouches_for(gateway, body):
    assert gateway.ask("PUT", "/public/a.txt", body, digest=False)[0] in {401, 403}
    # Signed as if there was no body, sent with one.
    headers = gateway.signed("PUT", "/public/a.txt")
    assert gateway.send("PUT", "/public/a.txt", headers, body)[0] == 403


@pytest.mark.parametrize(
    "header",
    [
        ("X-Doorward-Action", "files:GetFile"),
        ("X-Doorward-Resource", "arn:aws:files:::public/a.txt"),
        ("X-Doorward-Resource-Account", "111122223333"),
        ("X-Original-URI", "/public/a.txt"),
        ("X-Original-Method", "GET"),
        ("X-Original-Host", HOST),
        ("X-Original-IP", "127.0.0.1"),
    ],
)
def test_what_the_configuration_says_no_client_can_say(gateway, header):
    headers = [*gateway.signed("GET", "/secret/a.txt"), header]
    assert gateway.send("GET", "/secret/a.txt", headers)[0] == 403


@pytest.mark.parametrize(
    "target",
    [
        "/public/../secret/a.txt",
        "/public/%2e%2e/secret/a.txt",
        "/public//a.txt",
        "/public/a%0d%0aX-Doorward-Action:%20files:GetFile",
        "/public/*",
        "/",
    ],
)
def test_addresses_that_two_readers_could_read_differently(gateway, target):
    assert gateway.ask("GET", target)[0] == 404


def test_headers_that_are_too_many(gateway):
    many = {f"X-Filler-{number}": "x" * 4000 for number in range(5)}
    assert gateway.ask("GET", "/public/a.txt", more=many)[0] in {400, 401, 500}


def test_a_revoked_token_lets_nobody_through(tmp_path):
    with started() as server, gateway_of(server, tmp_path / "nginx") as gateway:
        assert gateway.ask("GET", "/public/a.txt")[0] == 200
        gateway.tokens.delete_token(id=gateway.token)
        assert gateway.ask("GET", "/public/a.txt")[0] == 401


def test_without_doorward_nobody_comes_through(tmp_path):
    with ExitStack() as late:
        with started() as server:
            gateway = late.enter_context(gateway_of(server, tmp_path / "nginx"))
            assert gateway.ask("GET", "/public/a.txt")[0] == 200
        assert gateway.ask("GET", "/public/a.txt")[0] == 500


def test_the_example_sets_every_header_the_operation_knows():
    from doorward.catalog.models import service

    members = service("doorward").operations["AuthorizeForwarded"].input.members.values()
    said = set(re.findall(r"proxy_set_header (\S+)", EXAMPLE.read_text()))
    assert {member.location_name for member in members} <= said
