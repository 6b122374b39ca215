"""No request, however odd, is answered with a 500.

About half a minute; `DOORWARD_FUZZ=20` makes it twenty times as long.
"""

import os
from urllib.parse import quote

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError, ParamValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fuzz.shapes import ALLOW, TRUST, params, text
from tests.house import ENDPOINT, TestHouse, Transport, _session

from doorward.authn.request import HttpRequest
from doorward.catalog.models import SERVED
from doorward.services.registry import operations

TIMES = int(os.environ.get("DOORWARD_FUZZ", "1"))
QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture)


def examples(count):
    return settings(max_examples=count * TIMES, deadline=None, suppress_health_check=QUIET)


@pytest.fixture(scope="module")
def house():
    """A house of its own: what is stored here is odd on purpose."""
    house = TestHouse()
    yield house
    house.close()


@pytest.fixture(scope="module")
def unchecked(house):
    """Clients that send whatever they are given."""
    checks = Config(parameter_validation=False, retries={"total_max_attempts": 1})

    def client(service):
        made = _session().create_client(
            service,
            region_name="us-east-1",
            endpoint_url=ENDPOINT,
            aws_access_key_id=house.admin.access_key_id,
            aws_secret_access_key=house.admin.secret_access_key,
            config=checks,
        )
        made._endpoint.http_session = Transport(house)
        return made

    return {service: client(service) for service in SERVED if operations(service)}


CALLS = [(service, name) for service in SERVED for name in sorted(operations(service))]


def people(house):
    """Put someone there to act on."""
    iam = house.iam
    iam.create_user(UserName="ann")
    iam.create_group(GroupName="ann")
    iam.create_role(RoleName="ann", AssumeRolePolicyDocument=TRUST)
    iam.create_policy(PolicyName="ann", PolicyDocument=ALLOW)


def call(client, name, given):
    """Make the call; the status it was answered with, 0 when it could not even be written."""
    try:
        return getattr(client, name)(**given)["ResponseMetadata"]["HTTPStatusCode"]
    except ClientError as error:
        return error.response["ResponseMetadata"]["HTTPStatusCode"]
    except (
        ParamValidationError,
        TypeError,
        AttributeError,
        KeyError,
        ValueError,
        OverflowError,
    ):
        return 0


def shape_of(client, name):
    operation = client.meta.method_to_api_mapping[name]
    return client.meta.service_model.operation_model(operation).input_shape


@given(data=st.data())
@examples(250)
def test_any_calls_in_any_order(house, unchecked, data):
    house.reset()
    people(house)
    for _ in range(data.draw(st.integers(1, 8))):
        service, name = data.draw(st.sampled_from(CALLS))
        client = unchecked[service]
        sent = data.draw(params(shape_of(client, name), house.account_id))
        assert call(client, name, sent) != 500, (name, sent)


header_text = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40)
header_names = st.sampled_from(
    ["authorization", "host", "x-amz-date", "x-amz-target", "content-type", "x-amz-security-token",
     "x-amz-content-sha256", "content-length", "x-forwarded-for", "user-agent", "date"]
)  # fmt: skip


@st.composite
def anything(draw):
    """Whatever an HTTP server may hand on."""
    return HttpRequest(
        method=draw(st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS"])),
        path="/" + quote(draw(text), safe=draw(st.sampled_from(["/", "/%"]))),
        query=draw(header_text.filter(lambda found: "#" not in found)),
        headers=tuple(draw(st.lists(st.tuples(header_names, header_text), max_size=6))),
        body=draw(st.binary(max_size=200)),
    )


@given(request=anything())
@examples(600)
def test_anything_at_all(house, request):
    assert house.answer(request).status not in {200, 500}


def signed(house, body, headers, query=""):
    """A request with a true signature over whatever it says."""
    request = AWSRequest("POST", f"{ENDPOINT}/?{query}", dict(headers), body)
    keys = Credentials(house.admin.access_key_id, house.admin.secret_access_key)
    SigV4Auth(keys, "iam", "us-east-1").add_auth(request)
    sent = [(name.lower(), str(value)) for name, value in request.headers.items()]
    return HttpRequest("POST", "/", query, (*sent, ("host", "127.0.0.1:4599")), body)


FORM = (
    b"Action=CreateUser&Version=2010-05-08&UserName=ann&Tags.member.1.Key=a&Tags.member.1.Value=b"
)


@given(data=st.data())
@examples(400)
def test_a_signed_body_with_bytes_changed(house, data):
    body = bytearray(FORM)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body)))
        body[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=6))
    assert house.answer(signed(house, bytes(body), {})).status != 500


@given(data=st.data())
@examples(400)
def test_a_signature_with_characters_changed(house, data):
    whole = signed(house, FORM.replace(b"ann", b"nobody"), {})
    place = data.draw(st.integers(0, len(whole.headers) - 1))
    name, value = whole.headers[place]
    at = data.draw(st.integers(0, len(value)))
    odd = value[:at] + data.draw(header_text) + value[at + data.draw(st.integers(0, 5)) :]
    headers = (*whole.headers[:place], (name, odd), *whole.headers[place + 1 :])
    answered = house.answer(HttpRequest("POST", "/", "", headers, whole.body))
    assert answered.status != 500
    assert odd == value or " ".join(odd.split()) == value or answered.status >= 400
