"""A small S3 on the loopback: it believes no request whose signature does not prove it."""

import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import md5, sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

from doorward.authn.request import HttpRequest
from doorward.authn.sigv4 import read_signature, signing_key, verify
from doorward.errors import NotAuthentic

KEY_ID, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
LISTED_AT_ONCE = 1000


class S3Server(ThreadingHTTPServer):
    """Buckets are made with `make`; objects are (data, headers) by (bucket, name).

    `refuse`, once set, is the error code every PUT gets; `secrets` are whose signatures count.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.buckets = set()
        self.objects = {}
        self.refuse = ""
        self.secrets = {KEY_ID: SECRET}
        self.grew = threading.Condition()

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.server_port}"

    def make(self, bucket):
        self.buckets.add(bucket)

    def names(self, kind):
        return sorted(name for _, name in list(self.objects) if f"_{kind}_" in name)

    def wait_for(self, is_there, timeout=30):
        with self.grew:
            assert self.grew.wait_for(lambda: is_there(self), timeout)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args):
        pass

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self._is_proven(body):
            return
        bucket, name = self._place()
        if bucket not in self.server.buckets:
            self._error(404, "NoSuchBucket")
        elif self.server.refuse:
            self._error(403, self.server.refuse)
        else:
            kept = {
                header.lower(): value
                for header, value in self.headers.items()
                if header.lower().startswith(("x-amz-meta-", "content-type", "content-encoding"))
            }
            with self.server.grew:
                self.server.objects[bucket, name] = (body, kept)
                self.server.grew.notify_all()
            self._answer(200, b"", {"ETag": f'"{md5(body).hexdigest()}"'})

    def do_HEAD(self):
        if self._is_proven(b""):
            bucket, _ = self._place()
            self._answer(200 if bucket in self.server.buckets else 404, b"", {})

    def do_GET(self):
        if not self._is_proven(b""):
            return
        bucket, name = self._place()
        asked = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        if "location" in asked:
            xml = '<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>'
            self._answer(200, xml.encode(), {"Content-Type": "application/xml"})
        elif not name:
            self._answer(200, self._listed(bucket, asked), {"Content-Type": "application/xml"})
        elif (bucket, name) in self.server.objects:
            data, kept = self.server.objects[bucket, name]
            self._answer(200, data, kept)
        else:
            self._error(404, "NoSuchKey")

    def _listed(self, bucket, asked):
        prefix, marker = asked.get("prefix", [""])[0], asked.get("marker", [""])[0]
        names = sorted(
            name
            for held, name in list(self.server.objects)
            if held == bucket and name.startswith(prefix) and name > marker
        )
        rows = "".join(
            f"<Contents><Key>{escape(name)}</Key><Size>1</Size>"
            "<LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>"
            for name in names[:LISTED_AT_ONCE]
        )
        return (
            f"<ListBucketResult><Name>{bucket}</Name><IsTruncated>false</IsTruncated>{rows}"
            "</ListBucketResult>"
        ).encode()

    def _place(self):
        bucket, _, name = unquote(urlsplit(self.path).path).lstrip("/").partition("/")
        return bucket, name

    def _is_proven(self, body):
        place = urlsplit(self.path)
        headers = tuple((name.lower(), value) for name, value in self.headers.items())
        request = HttpRequest(self.command, place.path, place.query, headers, body)
        signature = read_signature(request)
        try:
            assert signature is not None
            secret = self.server.secrets[signature.access_key_id]
            key = signing_key(secret, signature.date, signature.region, "s3")
            verify(request, signature, key, datetime.now(UTC), service="s3")
            assert request.header("x-amz-content-sha256") == sha256(body).hexdigest()
        except (NotAuthentic, AssertionError, KeyError):
            self._error(403, "SignatureDoesNotMatch")
            return False
        return True

    def _error(self, status, code):
        body = f"<Error><Code>{code}</Code><Message>{code}.</Message></Error>"
        self._answer(status, body.encode(), {"Content-Type": "application/xml"})

    def _answer(self, status, body, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@contextmanager
def s3_server():
    """Serve until the block ends."""
    server = S3Server()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
