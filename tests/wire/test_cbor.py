"""The protocol smithy-rpc-v2-cbor, and a service that speaks three."""

import copy
from contextlib import suppress
from datetime import UTC, datetime

import botocore.parsers
import botocore.serialize
import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorward.authn.request import HttpRequest
from doorward.catalog.models import service
from doorward.errors import AwsError
from doorward.wire.cbor import cbor_body, decode_cbor
from doorward.wire.errors import SerializationException, ValidationException
from doorward.wire.parse import parse
from doorward.wire.render import render
from doorward.wire.render_error import render_error
from doorward.wire.route import CBOR, Route, protocol_of, route
from doorward.wire.validate import validate

MODEL = service("cloudwatch")
PREFIX = "/service/GraniteServiceVersion20100801/operation/"
MOMENT = datetime(2026, 9, 11, 10, 0, tzinfo=UTC)


class ResourceNotFound(AwsError):  # noqa: N818 - AWS's name
    code = "ResourceNotFound"


def a_cbor(operation, body, *, prefix=PREFIX, method="POST"):
    headers = (("smithy-protocol", "rpc-v2-cbor"), ("content-type", "application/cbor"))
    return HttpRequest(method, prefix + operation, "", headers, body)


@pytest.fixture
def client(oracle):
    """botocore, made to speak this protocol."""
    found = copy.copy(oracle("cloudwatch"))
    found.serializer = botocore.serialize.create_serializer(CBOR, include_validation=False)
    found.parser = botocore.parsers.create_parser(CBOR)
    return found


def read(request):
    found = route(request, "monitoring")
    params = parse(found, request)
    validate(found, params)
    return found, params


def test_a_request_of_the_real_client_is_read(client):
    sent = {"AlarmName": "a", "StartDate": MOMENT, "MaxRecords": 5, "AlarmTypes": ["MetricAlarm"]}
    found, params = read(client.request("DescribeAlarmHistory", sent))
    assert (found.operation.name, found.protocol) == ("DescribeAlarmHistory", "smithy-rpc-v2-cbor")
    assert params == {
        "alarm_name": "a",
        "start_date": MOMENT,
        "max_records": 5,
        "alarm_types": ("MetricAlarm",),
    }


def test_an_answer_is_read_by_the_real_client(client):
    found = Route(MODEL, MODEL.operations["DescribeAlarms"], spoken=CBOR)
    alarm = {
        "AlarmName": "a",
        "Threshold": 1,
        "StateUpdatedTimestamp": MOMENT,
        "Period": 60,
        "ActionsEnabled": True,
        "AlarmActions": (),
        "Unit": None,
    }
    response = render(found, {"MetricAlarms": [alarm]}, "the-id")
    told = client.response("DescribeAlarms", response)["MetricAlarms"]
    assert told == [{k: v for k, v in alarm.items() if v is not None} | {"AlarmActions": []}]
    assert dict(response.headers)["smithy-protocol"] == "rpc-v2-cbor"


@pytest.mark.parametrize("protocol", [CBOR, "json", "query"])
def test_a_time_is_the_same_in_every_protocol(oracle, protocol):
    found = Route(MODEL, MODEL.operations["DescribeAlarms"], spoken=protocol)
    at = MOMENT.replace(microsecond=250_999)
    answer = render(found, {"MetricAlarms": ({"StateUpdatedTimestamp": at},)}, "r")
    shape = oracle("cloudwatch").model.operation_model("DescribeAlarms").output_shape
    raw = {"status_code": 200, "headers": dict(answer.headers), "body": answer.body}
    [alarm] = botocore.parsers.create_parser(protocol).parse(raw, shape)["MetricAlarms"]
    assert alarm["StateUpdatedTimestamp"] == MOMENT.replace(microsecond=250_000)


def test_an_operation_without_a_result_has_no_body():
    found = Route(MODEL, MODEL.operations["DeleteAlarms"], spoken=CBOR)
    assert render(found, {}, "the-id").body == b""


def test_an_error_is_read_by_the_real_client(client):
    found = Route(MODEL, MODEL.operations["SetAlarmState"], spoken=CBOR)
    response = render_error(found, ResourceNotFound("gone"), "the-id")
    assert response.status == 404
    error = client.response("SetAlarmState", response)["Error"]
    assert (error["Code"], error["Message"]) == ("ResourceNotFound", "gone")
    assert dict(response.headers)["x-amzn-query-error"] == "ResourceNotFound;Sender"


@pytest.mark.parametrize(
    ("headers", "body", "protocol"),
    [
        ((), b"Action=DescribeAlarms&Version=2010-08-01&AlarmNames.member.1=a", "query"),
        (
            (("x-amz-target", "GraniteServiceVersion20100801.DescribeAlarms"),),
            b'{"AlarmNames": ["a"]}',
            "json",
        ),
    ],
)
def test_older_clients_speak_query_or_json(headers, body, protocol):
    found, params = read(HttpRequest("POST", "/", "", headers, body))
    assert (found.protocol, found.operation.name) == (protocol, "DescribeAlarms")
    assert params == {"alarm_names": ("a",)}
    assert protocol_of(HttpRequest("POST", "/", "", headers, body), "monitoring") == protocol


@pytest.mark.parametrize(
    "request_",
    [
        a_cbor("NoSuch", b"\xa0"),
        a_cbor("DescribeAlarms", b"\xa0", prefix="/service/Other/operation/"),
        a_cbor("DescribeAlarms", b"\xa0", prefix="/x/"),
        a_cbor("DescribeAlarms", b"", method="GET"),
    ],
)
def test_paths_nobody_serves(request_):
    with pytest.raises(AwsError) as refused:
        route(request_, "monitoring")
    response = render_error(None, refused.value, "id", protocol=protocol_of(request_, "monitoring"))
    assert cbor2.loads(response.body)["__type"] == "UnknownOperationException"
    assert dict(response.headers)["Content-Type"] == "application/cbor"


@pytest.mark.parametrize(
    "body",
    [
        b"\xff",
        b"\xa1",
        b"\xa0\xa0",
        b"\xa1\x01\x02",
        b"\xa1\x41a\x02",
        b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x9b\x00\x00\x00\x10\x00\x00\x00\x00",
        b"\x5b\x7f\xff\xff\xff\xff\xff\xff\xff",
        b"\x81" * 100_000,
        b"\xd8\x1c\x81\xd8\x1d\x00",
        b"\xd8\x23\x61a",
        b"\xc2\x49" + b"\xff" * 9,
        b"\xc4\x82\x1b\x7f\xff\xff\xff\xff\xff\xff\xff\x01",
        b"\xd9\x03\xe8\x00",
        b"\xc0\x74" + b"2026-09-11T10:00:00Z",
        b"\xf8\x20",
        b"\x61\xff",
    ],
)
def test_what_the_protocol_does_not_have_is_refused(body):
    with pytest.raises(SerializationException):
        decode_cbor(body)


def test_indefinite_lengths_undefined_and_no_body():
    assert decode_cbor(b"") == {}
    assert decode_cbor(b"\xbf\x61a\x9f\x01\xff\x61b\xf7\xff") == {"a": [1], "b": None}


def test_every_tag_the_library_knows_is_decided_here():
    for tag in range(70_000):
        if tag == 1:
            continue
        with pytest.raises(SerializationException):
            decode_cbor(cbor2.dumps(cbor2.CBORTag(tag, "1")))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
NAMES = st.sampled_from(sorted(MODEL.operations["PutMetricAlarm"].input.members))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60) | st.dictionaries(NAMES, VALUES).map(cbor2.dumps))
def test_whatever_comes_is_read_or_refused(body):
    refusal = (SerializationException, ValidationException)
    with suppress(*refusal):
        found, _ = read(a_cbor("PutMetricAlarm", body))
        assert found.operation.name == "PutMetricAlarm"


@settings(max_examples=100, deadline=None)
@given(
    st.one_of(st.floats(), st.integers()).map(lambda value: cbor2.dumps({"StartDate": value}))
    | st.floats().map(lambda value: cbor2.dumps({"StartDate": cbor2.CBORTag(1, value)}))
)
def test_any_number_is_a_time_or_refused(body):
    try:
        _, params = read(a_cbor("DescribeAlarmHistory", body))
    except SerializationException:
        return
    assert params["start_date"].tzinfo is UTC


def test_a_result_must_fit_the_model():
    shape = MODEL.operations["DescribeAlarms"].output
    with pytest.raises(TypeError):
        cbor_body(shape, {"Nothing": 1})
    with pytest.raises(TypeError):
        cbor_body(shape, {"MetricAlarms": {}})


def test_a_map_is_sent_as_it_is():
    shape = service("sns").operations["GetTopicAttributes"].output
    assert cbor2.loads(cbor_body(shape, {"Attributes": {"a": "b"}})) == {"Attributes": {"a": "b"}}
