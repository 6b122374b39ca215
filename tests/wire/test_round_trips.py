"""Against botocore: what its clients write we read, what we write its clients read."""

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from doorward.catalog.models import service, snake
from doorward.wire.parse import parse
from doorward.wire.render import render
from doorward.wire.route import Route, route

SERVICES = (
    "iam",
    "sts",
    "organizations",
    "cloudtrail",
    "accessanalyzer",
    "identitystore",
    "sso-admin",
    "rolesanywhere",
    "signin",
)
CHEAP = settings(
    max_examples=40,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
MOMENTS = st.integers(0, 4_000_000_000).map(lambda n: datetime.fromtimestamp(n, UTC))
# XML has no way to say most control characters, and clients read a line end as a line feed.
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"))

NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1)


def values(shape, depth=0, least=0):
    if shape.document:
        return st.dictionaries(TEXTS, st.integers(-5, 5), max_size=2)
    if shape.type == "structure":
        return structures(shape, depth + 1)
    if shape.type == "list":
        most = 2 if depth < 4 else 0
        inner = st.deferred(lambda: values(shape.member, depth + 1))
        return st.lists(inner, min_size=least, max_size=most)
    if shape.type == "map":
        inner = st.deferred(lambda: values(shape.value, depth + 1))
        return st.dictionaries(NAMES, inner, max_size=2 if depth < 4 else 0)
    return {
        "string": NAMES if least else TEXTS,
        "integer": st.integers(-(2**31), 2**31 - 1),
        "long": st.integers(-(2**53), 2**53),
        "boolean": st.booleans(),
        "double": st.floats(-1e9, 1e9),
        "float": st.floats(-1e9, 1e9),
        "timestamp": MOMENTS,
        "blob": st.binary(max_size=20),
    }[shape.type]


def structures(shape, depth=0):
    if shape is None:
        return st.just({})
    required = {n: m for n, m in shape.members.items() if m.location == "uri" or n == shape.payload}
    if shape.union:
        one = st.sampled_from(sorted(shape.members))
        return one.flatmap(
            lambda name: values(shape.members[name], depth).map(lambda value: {name: value})
        )
    if depth > 4:
        return st.just({})
    optional = {n: m for n, m in shape.members.items() if n not in required}
    return st.fixed_dictionaries(
        {n: values(m, depth, least=1) for n, m in required.items()},
        optional={n: values(m, depth, least=1 if m.location else 0) for n, m in optional.items()},
    )


@st.composite
def calls(draw, name, part):
    model = service(name)
    operation = model.operations[draw(st.sampled_from(sorted(model.operations)))]
    return operation, draw(structures(getattr(operation, part)))


def tidy(value):
    """Values in one form: lists as lists, nothing where botocore sends nothing."""
    if isinstance(value, dict):
        return {key: tidy(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [tidy(part) for part in value]
    return value


def sent(value, shape):
    """What of a parameter can be seen on the wire of the query protocol.

    botocore writes nothing for an empty structure or map, and leaves out the element that was one.
    """
    if shape.type == "structure":
        found = {n: sent(part, shape.members[n]) for n, part in value.items()}
        return {n: part for n, part in found.items() if part is not None} or None
    if shape.type == "list":
        if not value:
            return []
        found = [sent(part, shape.member) for part in value]
        while found and found[-1] is None:
            found.pop()
        return found or None
    if shape.type == "map":
        return {k: sent(part, shape.value) for k, part in value.items()} or None
    return value


@pytest.mark.parametrize("name", SERVICES)
def test_requests_are_read_as_botocore_writes_them(name, oracle):
    @CHEAP
    @given(calls(name, "input"))
    def check(call):
        operation, params = call
        request = oracle(name).request(operation.name, params)
        found = route(request, service(name).signing_name)
        assert found.operation is operation
        wanted = params
        if service(name).protocol == "query":
            wanted = (sent(params, operation.input) if operation.input else None) or {}
        assert tidy(parse(found, request)) == {snake(k): tidy(v) for k, v in wanted.items()}

    check()


@pytest.mark.parametrize("name", SERVICES)
def test_results_are_written_as_botocore_reads_them(name, oracle):
    @CHEAP
    @given(calls(name, "output"))
    def check(call):
        operation, result = call
        response = render(Route(service(name), operation), result, "the-id")
        found = oracle(name).response(operation.name, response)
        metadata = found.pop("ResponseMetadata")
        assert metadata["RequestId"] == "the-id"
        assert tidy(found) == tidy(result)

    check()


def test_base64_stands_for_bytes():
    operation = service("iam").operations["GetCredentialReport"]
    response = render(Route(service("iam"), operation), {"Content": b"a,b"}, "id")
    assert b"<Content>" + base64.b64encode(b"a,b") + b"</Content>" in response.body
