from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorward.authn.request import HttpRequest
from doorward.authn.signature import read_signature
from doorward.errors import NotAuthentic

HASH = "f" * 64
CREDENTIAL = "Credential=AKIAX/20150830/us-east-1/iam/aws4_request"
SIGNED = "SignedHeaders=host;x-amz-date"
SIGNATURE = f"Signature={HASH}"
WHOLE = f"AWS4-HMAC-SHA256 {CREDENTIAL}, {SIGNED}, {SIGNATURE}"
DATE = ("x-amz-date", "20150830T123600Z")
QUERY = {
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": "AKIAX%2F20150830%2Fus-east-1%2Fsts%2Faws4_request",
    "X-Amz-Signature": HASH,
    "X-Amz-SignedHeaders": "host%3Bx-k8s-aws-id",
    "X-Amz-Date": "20150830T123600Z",
    "X-Amz-Expires": "60",
    "X-Amz-Security-Token": "a%2Bb%2F%3D",
}


def header_form(authorization=WHOLE, *more):
    headers = (("host", "h"), ("authorization", authorization), *(more or (DATE,)))
    return HttpRequest("POST", "/", "", headers, b"")


def query_form(*headers, **changes):
    parts = {**QUERY, **{name.replace("_", "-"): value for name, value in changes.items()}}
    query = "&".join(f"{name}={value}" for name, value in parts.items() if value is not None)
    return HttpRequest("GET", "/", f"Action=GetCallerIdentity&{query}", headers, b"")


def refusal(request):
    with pytest.raises(NotAuthentic) as caught:
        read_signature(request)
    return caught.value.code, caught.value.message


def test_the_header_form():
    signature = read_signature(header_form(WHOLE, DATE, ("x-amz-security-token", "T")))
    assert signature.access_key_id == "AKIAX"
    assert (signature.date, signature.region, signature.service) == ("20150830", "us-east-1", "iam")
    assert signature.signed_headers == ("host", "x-amz-date")
    assert signature.signature == HASH
    assert signature.timestamp == datetime(2015, 8, 30, 12, 36, tzinfo=UTC)
    assert signature.token == "T"
    assert not signature.presigned
    assert signature.expires_s is None


@pytest.mark.parametrize(
    "authorization",
    [
        f"AWS4-HMAC-SHA256 {CREDENTIAL},{SIGNED},{SIGNATURE}",
        f"AWS4-HMAC-SHA256 {SIGNATURE},   {CREDENTIAL} , {SIGNED}",
        f"  AWS4-HMAC-SHA256   {CREDENTIAL}, {SIGNED}, {SIGNATURE}, ",
        WHOLE.replace("host;x-amz-date", "Host;X-Amz-Date"),
    ],
)
def test_parts_in_any_order_with_any_blanks(authorization):
    assert read_signature(header_form(authorization)) == read_signature(header_form())


def test_the_query_form():
    signature = read_signature(query_form())
    assert (signature.access_key_id, signature.service) == ("AKIAX", "sts")
    assert signature.signed_headers == ("host", "x-k8s-aws-id")
    assert signature.presigned
    assert signature.expires_s == 60
    assert signature.token == "a+b/="


def test_the_query_form_needs_no_expiry_and_no_token():
    signature = read_signature(query_form(X_Amz_Expires=None, X_Amz_Security_Token=None))
    assert (signature.expires_s, signature.token) == (None, None)


@pytest.mark.parametrize(
    "query", ["", "Action=ListUsers&Version=2010-05-08", "X-Amz-Date=20150830T123600Z&X-Amz-Foo=1"]
)
def test_an_unsigned_request(query):
    assert read_signature(HttpRequest("GET", "/", query, (("host", "h"),), b"")) is None


@pytest.mark.parametrize(
    "date",
    [
        ("date", "Sun, 30 Aug 2015 12:36:00 GMT"),
        ("date", "Sun, 30 Aug 2015 12:36:00 -0000"),
        ("date", "20150830T123600Z"),
    ],
)
def test_the_date_header_will_do(date):
    assert read_signature(header_form(WHOLE, date)).timestamp == datetime(
        2015, 8, 30, 12, 36, tzinfo=UTC
    )


def test_x_amz_date_goes_before_date():
    both = (("date", "Sun, 30 Aug 2020 12:36:00 GMT"), DATE)
    assert read_signature(header_form(WHOLE, *both)).timestamp.year == 2015


ECHO = "(Hashed with SHA-256 and encoded with Base64) Authorization="


@pytest.mark.parametrize(
    ("authorization", "names"),
    [
        ("", ["Credential", "Signature", "SignedHeaders"]),
        ("AWS4-HMAC-SHA256", ["Credential", "Signature", "SignedHeaders"]),
        (f"AWS4-HMAC-SHA256 {CREDENTIAL}", ["Signature", "SignedHeaders"]),
        (f"AWS4-HMAC-SHA256 {CREDENTIAL}, {SIGNED}", ["Signature"]),
        (f"AWS4-HMAC-SHA256 {SIGNATURE}, {SIGNED}", ["Credential"]),
        (f"AWS4-HMAC-SHA256 {SIGNATURE}, {CREDENTIAL}, SignedHeaders=", ["SignedHeaders"]),
    ],
)
def test_every_missing_part_is_named(authorization, names):
    code, message = refusal(header_form(authorization))
    sentences = [f"Authorization header requires '{name}' parameter." for name in names]
    assert code == "IncompleteSignature"
    assert message.startswith(" ".join([*sentences, ECHO]))


def test_a_missing_date_is_named():
    code, message = refusal(header_form(WHOLE, ("x-other", "1")))
    assert code == "IncompleteSignature"
    assert message.startswith(
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
        + ECHO
    )


@pytest.mark.parametrize("authorization", ["Bearer eyJhbGciOi", "AWS4-HMAC-SHA256 Credential"])
def test_a_part_without_equal_sign_is_not_echoed(authorization):
    code, message = refusal(header_form(authorization))
    assert code == "IncompleteSignature"
    assert message.startswith("Invalid key=value pair (missing equal-sign) in Authorization header")
    assert authorization.split()[1] not in message


@pytest.mark.parametrize(
    ("request_", "name"),
    [
        (header_form(WHOLE, DATE, DATE), "X-Amz-Date"),
        (header_form(WHOLE, DATE, ("authorization", WHOLE)), "Authorization"),
        (
            header_form(WHOLE, DATE, ("x-amz-security-token", "1"), ("x-amz-security-token", "2")),
            "X-Amz-Security-Token",
        ),
        (header_form(f"{WHOLE}, {SIGNED}"), "SignedHeaders"),
        (query_form(X_Amz_Date="20150830T123600Z&X%2DAmz-Date=20160830T123600Z"), "X-Amz-Date"),
        (query_form(X_Amz_Signature=f"{HASH}&X-Amz-Signature={HASH}"), "X-Amz-Signature"),
    ],
)
def test_what_decides_comes_once(request_, name):
    assert refusal(request_) == (
        "IncompleteSignature",
        f"'{name}' must not be given more than once.",
    )


@pytest.mark.parametrize(
    ("missing", "named"),
    [
        (["X_Amz_Algorithm"], ["X-Amz-Algorithm"]),
        (["X_Amz_Credential", "X_Amz_Date"], ["X-Amz-Credential", "X-Amz-Date"]),
        (["X_Amz_Signature", "X_Amz_SignedHeaders"], ["X-Amz-Signature", "X-Amz-SignedHeaders"]),
    ],
)
def test_every_missing_parameter_is_named(missing, named):
    sentences = [f"AWS query-string parameters must include '{name}'." for name in named]
    assert refusal(query_form(**dict.fromkeys(missing))) == (
        "IncompleteSignature",
        " ".join([*sentences, "Re-examine the query-string parameters."]),
    )


def test_two_carriers():
    code, message = refusal(query_form(("authorization", WHOLE), DATE))
    assert code == "IncompleteSignature"
    assert message.startswith("Found both 'X-Amz-Algorithm' as a query-string param")


@pytest.mark.parametrize("name", ["AWS4-ECDSA-P256-SHA256", "AWS4-HMAC-SHA1", "aws4-hmac-sha256"])
def test_other_algorithms(name):
    wanted = ("IncompleteSignature", f"Unsupported AWS 'algorithm': '{name}'.")
    assert refusal(header_form(WHOLE.replace("AWS4-HMAC-SHA256", name))) == wanted
    assert refusal(query_form(X_Amz_Algorithm=name)) == wanted


@pytest.mark.parametrize("credential", ["AKIAX", "AKIAX/20150830/us-east-1/iam", "a/b/c/d/e/f"])
def test_a_credential_has_five_elements(credential):
    wanted = (
        "Credential must have exactly 5 slash-delimited elements,"
        f" e.g. keyid/date/region/service/term, got '{credential}'"
    )
    header = header_form(WHOLE.replace(CREDENTIAL, f"Credential={credential}"))
    for request in (header, query_form(X_Amz_Credential=credential)):
        assert refusal(request) == ("IncompleteSignature", wanted)


def test_the_terminator():
    assert refusal(header_form(WHOLE.replace("aws4_request", "aws5_request"))) == (
        "SignatureDoesNotMatch",
        "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'.",
    )


@pytest.mark.parametrize(
    "date",
    [
        "201508",
        "20150830T123600",
        "20150230T123600Z",
        "20150830T250000Z",
        "2015-08-30T12:36:00Z",
        "\u09680150830T123600Z",
        "Sun, 30 Xxx 2015 12:36:00 GMT",
        "Sun, 30 Gse 2015 12:36:00 GMT",
        "Sun, 31 Feb 2015 12:36:00 GMT",
    ],
)
def test_a_date_that_is_none(date):
    wanted = f"Date must be in ISO-8601 'basic format'. Got '{date}'."
    code, message = refusal(header_form(WHOLE, ("x-amz-date", date)))
    assert code == "IncompleteSignature"
    assert message.startswith(wanted)
    assert refusal(query_form(X_Amz_Date=date)) == (code, message)


@pytest.mark.parametrize("seconds", ["0", "604801", "-1", "", "1.5", "ten", "9999999"])
def test_an_expiry_out_of_range(seconds):
    assert refusal(query_form(X_Amz_Expires=seconds)) == (
        "IncompleteSignature",
        "X-Amz-Expires must be between 1 and 604800 seconds.",
    )


@pytest.mark.parametrize("seconds", [1, 604_800])
def test_an_expiry_in_range(seconds):
    assert read_signature(query_form(X_Amz_Expires=str(seconds))).expires_s == seconds


PARTS = st.sampled_from(
    [WHOLE, "AWS4-HMAC-SHA256 ", CREDENTIAL, SIGNED, SIGNATURE, ",", "=", "/", ";", " ", "%", "&"]
    + [f"{name}={value}" for name, value in QUERY.items()]
)
CLAIMS = st.lists(PARTS | st.text(max_size=5), max_size=8).map("".join)


@given(CLAIMS, CLAIMS, st.text(max_size=20) | st.just(DATE[1]))
def test_whatever_is_claimed_is_read_or_refused(authorization, query, date):
    headers = (("authorization", authorization), ("x-amz-date", date))
    refusals = {None, "IncompleteSignature", "SignatureDoesNotMatch"}
    assert outcome(HttpRequest("GET", "/", "", headers, b"")) in refusals
    assert outcome(HttpRequest("GET", "/", query, (), b"")) in refusals


def outcome(request):
    try:
        read_signature(request)
    except NotAuthentic as refused:
        return refused.code
    return None
