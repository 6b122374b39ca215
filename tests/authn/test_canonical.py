import string
from hashlib import sha256

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from doorward.authn.canonical import (
    canonical_path,
    canonical_query,
    canonical_request,
    joined_headers,
    s3_payload_hash,
)
from doorward.authn.request import HttpRequest

BOTOCORE = SigV4Auth(Credentials("AKIA", "s"), "iam", "us-east-1")
UNRESERVED = string.ascii_letters + string.digits + "-._~"

segments = st.lists(
    st.sampled_from(["", ".", "..", "...", "a", "a b", "%2F", "%2f", "~", "%20", "é", "*'()!", "+"])
    | st.text(UNRESERVED + "%", max_size=4),
    max_size=6,
)


@given(segments)
def test_paths_are_written_as_botocore_does(parts):
    path = "/" + "/".join(parts)
    ours = canonical_path(path.encode().decode("latin-1"))
    assert ours == BOTOCORE._normalize_url_path(path)


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("", "/"),
        ("/", "/"),
        ("//", "/"),
        ("/..", "/"),
        ("/a/../..//b/./", "/b/"),
        ("/a%20b", "/a%2520b"),
        ("/a%2Fb~", "/a%252Fb~"),
        ("/\u1234", "/%5Cu1234"),
    ],
)
def test_paths(path, canonical):
    assert canonical_path(path) == canonical


@given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5)), min_size=1, max_size=5))
def test_queries_are_written_as_botocore_does(pairs):
    query = BOTOCORE._canonical_query_string_params(pairs)
    assert canonical_query(query) == query
    assert canonical_query("&".join(reversed(query.split("&")))) == query


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("b=2&a=1", "a=1&b=2"),
        ("a", "a="),
        ("a=&a", "a=&a="),
        ("a=b=c", "a=b%3Dc"),
        ("a=%7e%2f", "a=~%2F"),
        ("a=x+y%2B", "a=x%20y%2B"),
        ("a=é".encode().decode("latin-1"), "a=%C3%A9"),
        ("a-=1&a=2", "a=2&a-=1"),
        ("%61=1", "a=1"),
        ("X-Amz-Signature=s&X-Amz-Date=d", "X-Amz-Date=d&X-Amz-Signature=s"),
    ],
)
def test_queries(query, canonical):
    assert canonical_query(query) == canonical


def test_the_signature_is_not_signed():
    assert canonical_query("X-Amz-Signature=s&X-Amz-Date=d", presigned=True) == "X-Amz-Date=d"


values = st.text(UNRESERVED + " \t,;é", max_size=10)


@given(st.lists(st.tuples(st.sampled_from(["a", "b-c", "x-amz-é"]), values), max_size=6))
def test_headers_are_written_as_botocore_does(headers):
    request = AWSRequest("GET", "http://h/")
    for name, value in headers:
        request.headers[name] = value
    signed = BOTOCORE.headers_to_sign(request)
    joined = joined_headers((("host", "h"), *headers))
    lines = "\n".join(f"{name}:{joined[name]}" for name in sorted(joined))
    assert lines == BOTOCORE.canonical_headers(signed)


def test_bytes_of_utf8_are_no_blanks():
    sent = "à  b".encode().decode("latin-1")
    assert joined_headers((("a", sent),))["a"] == "à b".encode().decode("latin-1")


def test_a_whole_request():
    request = HttpRequest("POST", "/a b", "b&a", (("host", "h"), ("x", "1"), ("y", "")), b"body")
    headers = joined_headers(request.headers)
    assert canonical_request(request, headers, ["host", "x"]) == (
        "POST\n/a%20b\na=&b=\nhost:h\nx:1\n\nhost;x\n" + sha256(b"body").hexdigest()
    )


def test_s3_leaves_the_path_alone():
    request = HttpRequest("GET", "/a//../b%20c", "", (("host", "h"),), b"")
    written = canonical_request(request, {"host": "h"}, ["host"], s3=True)
    assert written.split("\n")[1] == "/a//../b%20c"


STREAMING = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
EMPTY = sha256(b"").hexdigest()


@pytest.mark.parametrize(
    ("said", "secure", "presigned", "hashed"),
    [
        (None, True, False, EMPTY),
        (sha256(b"other").hexdigest(), True, False, EMPTY),
        ("UNSIGNED-PAYLOAD", True, False, "UNSIGNED-PAYLOAD"),
        ("UNSIGNED-PAYLOAD", False, False, EMPTY),
        (STREAMING, False, False, STREAMING),
        (None, False, True, "UNSIGNED-PAYLOAD"),
    ],
)
def test_the_payload_of_s3(said, secure, presigned, hashed):
    request = HttpRequest("PUT", "/k", "", (), b"", secure=secure)
    headers = {"x-amz-content-sha256": said} if said else {}
    assert s3_payload_hash(request, headers, presigned) == hashed
