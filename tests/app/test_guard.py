import pytest

from doorward.app.config import read_settings
from doorward.app.guard import Guard
from doorward.authn.request import HttpRequest

PROXY, CLIENT, SPOOFED = "10.0.0.7", "203.0.113.9", "198.51.100.1"


def guard(**settings):
    return Guard(
        read_settings(arguments=[f"http.{name}={value}" for name, value in settings.items()])
    )


def scope(headers=(), *, source=PROXY, **given):
    usual = {
        "method": "POST",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "scheme": "http",
        "client": (source, 1234),
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers],
    }
    return usual | given


def seen(headers, *, source=PROXY, trusted="10.0.0.0/8", **given):
    """Where the request came from, and whether over TLS, to a node behind that proxy."""
    made = guard(trusted_proxies=trusted)
    request = made.request_of(scope(headers, source=source, **given), b"")
    return request.source, request.secure


def test_a_request_is_read_as_it_was_sent():
    headers = (("host", "a"), ("x", "1"), ("x", "\xe9"))
    request = guard().request_of(scope(headers, raw_path=b"/a%2Fb", query_string=b"q=%20"), b"body")
    assert request == HttpRequest("POST", "/a%2Fb", "q=%20", headers, b"body", PROXY, False)


def test_a_path_that_came_without_its_raw_form():
    assert guard().request_of(scope(raw_path=None, path="/x"), b"").path == "/x"


def test_a_unix_socket_is_this_machine():
    assert guard().request_of(scope(client=None), b"").source == "127.0.0.1"


@pytest.mark.parametrize(
    ("forwarded", "source"),
    [
        (CLIENT, CLIENT),
        (f"{SPOOFED}, {CLIENT}", CLIENT),
        (f"{SPOOFED}, {CLIENT}, 10.1.1.1", CLIENT),
        (f"{SPOOFED},{CLIENT} ,10.1.1.1,", CLIENT),
        ("10.1.1.1, 10.2.2.2", "10.1.1.1"),
        ("unknown", "unknown"),
        ("2001:db8::1", "2001:db8::1"),
        ("", PROXY),
        (" , ", PROXY),
    ],
)
def test_the_nearest_address_that_is_no_proxy_of_ours_is_the_source(forwarded, source):
    assert seen([("x-forwarded-for", forwarded)]) == (source, False)


def test_a_proxy_may_add_a_line_of_its_own():
    """HAProxy does; what the client wrote stands above it and counts for nothing."""
    lines = [("x-forwarded-for", SPOOFED), ("x-forwarded-for", CLIENT)]
    assert seen(lines) == (CLIENT, False)
    assert seen([*lines, ("x-forwarded-for", "10.1.1.1")]) == (CLIENT, False)


@pytest.mark.parametrize("trusted", ["", "10.0.0.8", "192.168.0.0/16,10.0.0.7", "::1"])
def test_nobody_else_is_believed(trusted):
    headers = [
        ("x-forwarded-for", SPOOFED),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "elsewhere"),
        ("host", "here"),
    ]
    request = guard(trusted_proxies=trusted).request_of(scope(headers, source="10.0.0.9"), b"")
    assert (request.source, request.secure, request.header("host")) == ("10.0.0.9", False, "here")


def test_a_client_that_is_no_address_is_no_proxy():
    assert seen([("x-forwarded-for", SPOOFED)], source="testclient") == ("testclient", False)


@pytest.mark.parametrize(
    ("scheme", "forwarded", "secure"),
    [
        ("http", "https", True),
        ("https", "http", False),
        ("https", None, True),
        ("http", None, False),
        ("http", "HTTPS?", False),
    ],
)
def test_the_proxy_says_whether_it_was_tls(scheme, forwarded, secure):
    headers = [("x-forwarded-proto", forwarded)] if forwarded else []
    assert seen(headers, scheme=scheme)[1] is secure


def test_the_host_the_client_signed_for_takes_the_place_of_ours():
    headers = [("host", "inner:4599"), ("x-forwarded-host", "iam.example.com"), ("x", "1")]
    request = guard(trusted_proxies=PROXY).request_of(scope(headers), b"")
    assert [value for name, value in request.headers if name == "host"] == ["iam.example.com"]
    assert request.header("x") == "1"


def own_page(headers, **settings):
    return guard(**settings).is_own_page(HttpRequest("POST", "/", "", tuple(headers), b""))


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("localhost:4599", True),
        ("127.0.0.1:4599", True),
        ("127.0.0.1", True),
        ("[::1]:4599", True),
        ("LOCALHOST", True),
        ("evil.example", False),
        ("evil.example:4599", False),
        ("localhost.evil.example", False),
        ("127.0.0.1@evil.example", False),
        ("evil.example@localhost", False),
        ("evil.example\\@localhost", False),
        ("localhost#.evil.example", False),
        ("localhost?evil", False),
        ("localhost/evil", False),
        ("localhost:4599:evil", False),
        ("localhost:port", False),
        ("[::1]evil.example", False),
        ("[::1", False),
        ("", False),
    ],
)
def test_a_name_that_was_pointed_at_us_is_not_ours(host, own):
    assert own_page([("host", host)]) is own


def test_a_request_without_a_host_is_not_ours():
    assert own_page([]) is False


def test_further_names_are_a_setting():
    assert own_page([("host", "iam.example.com:443")], allowed_hosts="a, iam.example.com")
    assert not own_page([("host", "b")], allowed_hosts="a, iam.example.com")


@pytest.mark.parametrize(
    ("origin", "own"),
    [
        ("http://localhost:4599", True),
        ("https://localhost:4599", True),
        ("http://localhost", False),
        ("http://localhost:4600", False),
        ("http://evil.example", False),
        ("null", False),
        ("", False),
        ("http://[", False),
    ],
)
def test_a_page_of_another_origin_is_not_ours(origin, own):
    assert own_page([("host", "localhost:4599"), ("origin", origin)]) is own


@pytest.mark.parametrize(
    ("origin", "own"), [("https://localhost", True), ("http://localhost", False)]
)
def test_over_tls_a_page_that_came_in_the_clear_is_not_ours(origin, own):
    headers = (("host", "localhost"), ("origin", origin))
    request = HttpRequest("POST", "/", "", headers, b"", secure=True)
    assert guard().is_own_page(request) is own
