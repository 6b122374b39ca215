import string
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest
from botocore.auth import SigV4Auth
from hypothesis import given
from hypothesis import strategies as st

from doorward.authn.request import HttpRequest
from doorward.authn.sigv4 import DUMMY_KEY, read_signature, signing_key, verify
from doorward.errors import NotAuthentic

NO_MATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS"
    " Secret Access Key and signing method. Consult the service documentation for details."
)
TOKEN = "IQoJb3JpZ2luX2VjE+/=="


@pytest.fixture(scope="session")
def check(secret):
    """Verify at the moment of signing, or `after_s` later."""

    def run(request, *, after_s=0.0, key=None, **options):
        signature = read_signature(request)
        scope = (signature.date, signature.region, signature.service)
        now = signature.timestamp + timedelta(seconds=after_s)
        verify(request, signature, key or signing_key(secret, *scope), now, **options)

    return run


@pytest.fixture
def refused(check):
    def run(request, **options):
        with pytest.raises(NotAuthentic) as caught:
            check(request, **options)
        assert caught.value.access_key_id == "AKIAEXAMPLE"
        return caught.value.code, caught.value.message

    return run


# --- What real clients send ---------------------------------------------------------------------

ODD = st.sampled_from(["", ".", "..", "a b", "a/b", "~", "é", "*'()!", "%", "+", "日本", "a=b&c"])
WORDS = ODD | st.text(string.printable[:94], max_size=6)
VALUES = st.text(string.ascii_letters + string.digits + " ,;=\t", max_size=8)


@given(
    st.lists(WORDS, max_size=4),
    st.lists(st.tuples(WORDS, WORDS), max_size=4),
    st.lists(st.tuples(st.sampled_from(["X-A", "X-B", "Content-Type"]), VALUES), max_size=4),
    st.binary(max_size=20),
    st.sampled_from(["iam", "sts", "access-analyzer", "s3"]),
    st.sampled_from([None, TOKEN]),
)
def test_whatever_botocore_signs_holds(signed, check, path, query, headers, body, service, token):
    url = "http://localhost:4599/" + "/".join(quote(part, safe="~") for part in path)
    pairs = [f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in query]
    url += "?" + "&".join(pairs) if pairs else ""
    check(signed("PUT", url, body, headers, service=service, token=token), service=service)


@given(
    st.lists(st.tuples(st.text("abcXYZ-", min_size=1, max_size=4), WORDS), max_size=4),
    st.sampled_from(["iam", "sts", "s3"]),
    st.sampled_from([None, TOKEN]),
)
def test_whatever_botocore_presigns_holds(signed, check, query, service, token):
    pairs = {name: value for name, value in query if not name.startswith("X-")}
    url = "https://example.com/a?" + "&".join(f"{n}={quote(v, safe='~')}" for n, v in pairs.items())
    check(signed("GET", url, b"", service=service, token=token, presigned_s=60), service=service)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://localhost:4599/", "localhost:4599"),
        ("http://localhost:80/", "localhost"),
        ("https://iam.example:443/", "iam.example"),
    ],
)
def test_the_host_as_clients_send_it(signed, check, url, host):
    request = signed(url=url)
    sent = tuple((n, host if n == "host" else v) for n, v in request.headers)
    check(replace(request, headers=sent))


def test_a_date_header_instead_of_x_amz_date(signed, check):
    request = signed(headers=[("Date", "x")])
    assert request.header("x-amz-date") is None
    check(request)


@pytest.mark.parametrize(
    ("presigned_s", "name"), [(60, "x-k8s-aws-id"), (None, "X-Vault-AWS-IAM-Server-ID")]
)
def test_proof_of_identity_for_others_keeps_their_header(signed, check, refused, presigned_s, name):
    request = signed(
        "GET" if presigned_s else "POST",
        "https://sts.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15",
        b"",
        [(name, "cluster-1")],
        service="sts",
        presigned_s=presigned_s,
    )
    check(request)
    assert name.lower() in read_signature(request).signed_headers
    other = tuple((n, v.replace("cluster-1", "cluster-2")) for n, v in request.headers)
    assert refused(replace(request, headers=other)) == ("SignatureDoesNotMatch", NO_MATCH)
    gone = tuple((n, v) for n, v in request.headers if n != name.lower())
    assert refused(replace(request, headers=gone)) == ("SignatureDoesNotMatch", NO_MATCH)


def test_the_documented_example_of_aws(check):
    authorization = (
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request,"
        " SignedHeaders=content-type;host;x-amz-date, Signature="
        "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
    )
    headers = (
        ("host", "iam.amazonaws.com"),
        ("content-type", "application/x-www-form-urlencoded; charset=utf-8"),
        ("x-amz-date", "20150830T123600Z"),
        ("authorization", authorization),
    )
    check(HttpRequest("GET", "/", "Action=ListUsers&Version=2010-05-08", headers, b""))


@given(WORDS, WORDS, st.lists(st.tuples(WORDS, WORDS), max_size=3))
def test_nothing_unsigned_passes_and_nothing_breaks(signed, check, path, query, headers):
    request = signed(body=b"")
    forged = replace(
        request,
        path=f"/{path}x",
        query=f"x{query}",
        headers=(*request.headers, *headers),
    )
    with pytest.raises(NotAuthentic):
        check(forged)


# --- What does not hold -------------------------------------------------------------------------


def with_header(request, name, change):
    return replace(
        request, headers=tuple((n, change(v) if n == name else v) for n, v in request.headers)
    )


def flipped(text):
    return text[:-1] + ("0" if text[-1] != "0" else "1")


MUTATIONS = {
    "method": lambda r: replace(r, method="PUT"),
    "path": lambda r: replace(r, path=r.path + "x"),
    "query value": lambda r: replace(r, query=r.query.replace("a=1", "a=2")),
    "query added": lambda r: replace(r, query=r.query + "&c=3"),
    "body": lambda r: replace(r, body=r.body + b" "),
    "host": lambda r: with_header(r, "host", lambda _: "other"),
    "signed header": lambda r: with_header(r, "x-a", lambda _: "2"),
    "signed header twice": lambda r: replace(r, headers=(*r.headers, ("x-a", "1"))),
    "token": lambda r: with_header(r, "x-amz-security-token", flipped),
    "signature": lambda r: with_header(r, "authorization", flipped),
    "signature length": lambda r: with_header(r, "authorization", lambda v: v[:-1]),
    "signature case": lambda r: with_header(
        r, "authorization", lambda v: v[:-64] + v[-64:].upper()
    ),
    "signature charset": lambda r: with_header(r, "authorization", lambda v: v[:-1] + "é"),
    "region": lambda r: with_header(
        r, "authorization", lambda v: v.replace("us-east-1", "us-east-2")
    ),
    "service": lambda r: with_header(r, "authorization", lambda v: v.replace("/iam/", "/sts/")),
    "signed headers": lambda r: with_header(r, "authorization", lambda v: v.replace(";x-a;", ";")),
    "timestamp": lambda r: with_header(
        r, "x-amz-date", lambda v: v[:9] + ("000000" if v[9:15] != "000000" else "000001") + "Z"
    ),
}


@pytest.mark.parametrize("part", MUTATIONS)
def test_a_change_to_a_signed_part(signed, check, refused, part):
    request = signed("POST", "http://localhost:4599/p?b=2&a=1", headers=[("X-A", "1")], token=TOKEN)
    check(request)
    assert refused(MUTATIONS[part](request)) == ("SignatureDoesNotMatch", NO_MATCH)


@pytest.mark.parametrize(
    ("old", "new"),
    [("Action=a", "Action=b"), ("X-Amz-Expires=60", "X-Amz-Expires=61"), ("=b", "=b&y=1")],
)
def test_a_change_to_a_presigned_url(signed, refused, old, new):
    request = signed("GET", "https://h/?Action=a&x=b", b"", presigned_s=60)
    assert old in request.query
    changed = replace(request, query=request.query.replace(old, new))
    assert refused(changed) == ("SignatureDoesNotMatch", NO_MATCH)


def test_a_presigned_url_takes_no_body(signed, refused):
    request = signed("GET", "https://h/?Action=a", b"", presigned_s=60)
    assert refused(replace(request, body=b"x"))[0] == "SignatureDoesNotMatch"


def test_another_secret(signed, refused):
    assert refused(signed(), key=DUMMY_KEY) == ("SignatureDoesNotMatch", NO_MATCH)


def test_an_unsigned_payload_is_not_for_iam(signed, refused):
    request = signed(headers=[("X-Amz-Content-SHA256", "UNSIGNED-PAYLOAD")])
    assert refused(request) == ("SignatureDoesNotMatch", NO_MATCH)


def test_an_unsigned_payload_of_s3_needs_tls(signed, check, refused):
    headers = [("X-Amz-Content-SHA256", "UNSIGNED-PAYLOAD")]
    request = signed("PUT", "https://b/k", b"x", headers, service="s3", signer=SigV4Auth)
    check(request)
    assert refused(replace(request, secure=False)) == ("SignatureDoesNotMatch", NO_MATCH)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("host", "'Host' or ':authority'"),
        ("x-amz-security-token", "'X-Amz-Security-Token'"),
        ("x-amz-target", "'X-Amz-Target'"),
    ],
)
def test_headers_that_must_be_signed(signed, refused, name, shown):
    request = signed(headers=[("X-Amz-Target", "S.Op")], token=TOKEN)
    names = read_signature(request).signed_headers
    fewer = ";".join(each for each in names if each != name)
    request = with_header(request, "authorization", lambda v: v.replace(";".join(names), fewer))
    assert refused(request) == (
        "SignatureDoesNotMatch",
        f"{shown} must be a 'SignedHeader' in the AWS Authorization.",
    )


def test_the_trail_learns_which_signed_header_is_missing(signed, check):
    request = signed(headers=[("X-A", "1")])
    gone = replace(request, headers=tuple(h for h in request.headers if h[0] != "x-a"))
    with pytest.raises(NotAuthentic) as caught:
        check(gone)
    assert caught.value.reason == "the signed header 'x-a' did not arrive"


def test_an_explained_mismatch_shows_what_to_sign(signed, refused):
    code, message = refused(signed(body=b""), key=DUMMY_KEY, explain=True)
    assert code == "SignatureDoesNotMatch"
    assert message.startswith(
        NO_MATCH + "\n\nThe Canonical String for this request should have been\n'POST\n/\n\nhost:"
    )
    assert "'\n\nThe String-to-Sign should have been\n'AWS4-HMAC-SHA256\n2" in message


# --- Scope --------------------------------------------------------------------------------------


def test_another_service(signed, refused):
    assert refused(signed(service="sts"), service="iam") == (
        "SignatureDoesNotMatch",
        "Credential should be scoped to correct service: 'iam'.",
    )


def test_another_day_and_everything_else(signed, refused):
    request = with_header(signed(), "x-amz-date", lambda _: "20150830T122100Z")
    request = with_header(request, "authorization", lambda v: v.replace("us-east-1", "nowhere"))
    day = read_signature(request).date
    code, message = refused(request, service="sts")
    assert code == "SignatureDoesNotMatch"
    assert message == (
        "Credential should be scoped to a valid region, not 'nowhere'."
        " Credential should be scoped to correct service: 'sts'."
        " Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP:"
        f" '{day}' != '20150830', from '20150830T122100Z'."
    )


@pytest.mark.parametrize(
    "region", ["us-east-1", "eu-central-2", "us-gov-west-1", "us-isob-east-1", "eusc-de-east-1"]
)
def test_any_well_formed_region_will_do(signed, check, region):
    check(signed(region=region))


@pytest.mark.parametrize("region", ["aws-global", "", "US-EAST-1", "us-east-1\n", "us-east"])
def test_a_region_that_is_none(signed, refused, region):
    assert refused(signed(region=region)) == (
        "SignatureDoesNotMatch",
        f"Credential should be scoped to a valid region, not '{region}'.",
    )


def test_strict_regions(signed, check, refused):
    assert refused(signed(region="eu-west-1"), strict_regions=True) == (
        "SignatureDoesNotMatch",
        "Credential should be scoped to a valid region, not 'eu-west-1'.",
    )
    check(signed(region="us-east-1"), strict_regions=True)
    check(signed(region="eu-west-1", service="sts"), strict_regions=True)


# --- Time ---------------------------------------------------------------------------------------

WINDOWS = [("iam", 900), ("sts", 900), ("organizations", 300), ("access-analyzer", 300)]


@pytest.mark.parametrize(("service", "window_s"), [*WINDOWS, ("s3", 900)])
def test_the_clocks_may_differ_up_to_the_bound(signed, check, refused, service, window_s):
    request = signed(service=service)
    for after_s in (-window_s, window_s, window_s + 0.9):
        check(request, after_s=after_s)
    for after_s in (-window_s - 1, window_s + 1):
        code, _ = refused(request, after_s=after_s)
        wanted = "RequestTimeTooSkewed" if service == "s3" else "SignatureDoesNotMatch"
        assert code == wanted


def basic(moment):
    return f"{moment:%Y%m%dT%H%M%SZ}"


@pytest.mark.parametrize(("service", "window_s"), WINDOWS)
def test_the_sentences_name_all_three_times(signed, refused, service, window_s):
    request = signed(service=service)
    sent = read_signature(request).timestamp
    window = timedelta(seconds=window_s)
    now = sent + timedelta(hours=1)
    assert refused(request, after_s=3600)[1] == (
        f"Signature expired: {basic(sent)} is now earlier than {basic(now - window)}"
        f" ({basic(now)} - {window_s // 60} min.)"
    )
    now = sent - timedelta(hours=1)
    assert refused(request, after_s=-3600)[1] == (
        f"Signature not yet current: {basic(sent)} is still later than {basic(now + window)}"
        f" ({basic(now)} + {window_s // 60} min.)"
    )


def test_a_window_of_ones_own(signed, check, refused):
    check(signed(), after_s=90, window_s=90)
    assert refused(signed(), after_s=91, window_s=90)[1].endswith(" - 90 sec.)")


@pytest.mark.parametrize(
    ("service", "life_s", "code"),
    [
        ("iam", 60, "SignatureDoesNotMatch"),
        ("iam", 7200, "SignatureDoesNotMatch"),
        ("s3", 60, "AccessDenied"),
    ],
)
def test_a_presigned_url_holds_as_long_as_it_says(signed, check, refused, service, life_s, code):
    request = signed("GET", "https://h/?a=1", b"", service=service, presigned_s=life_s)
    check(request, after_s=life_s)
    assert refused(request, after_s=life_s + 1)[0] == code


@pytest.mark.parametrize("life_s", [60, 3600])
def test_sts_does_not_look_at_the_expiry(signed, check, refused, life_s):
    request = signed("GET", "https://h/?a=1", b"", service="sts", presigned_s=life_s)
    check(request, after_s=900)
    assert "15 min." in refused(request, after_s=901)[1]


def test_a_presigned_url_of_the_future(signed, refused):
    request = signed("GET", "https://h/?a=1", b"", service="s3", presigned_s=60)
    assert refused(request, after_s=-901)[0] == "RequestTimeTooSkewed"


def test_time_is_asked_before_the_signature(signed, refused):
    assert refused(signed(), key=DUMMY_KEY, after_s=901)[1].startswith("Signature expired: ")
