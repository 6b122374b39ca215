"""What the served models leave out but the formats allow: flattened lists, names, recursion."""

import botocore.model
import botocore.parsers
import botocore.serialize
import pytest

from doorward.authn.request import HttpRequest
from doorward.catalog.models import ServiceModel
from doorward.errors import AwsError
from doorward.wire.parse import parse
from doorward.wire.render import render
from doorward.wire.route import Route
from doorward.wire.validate import validate

SHAPES = {
    "Text": {"type": "string", "max": 3},
    "Number": {"type": "double"},
    "Free": {"type": "string"},
    "Texts": {"type": "list", "member": {"shape": "Text", "locationName": "Item"}},
    "Flat": {"type": "list", "member": {"shape": "Text"}, "flattened": True},
    "FlatMap": {
        "type": "map",
        "key": {"shape": "Text", "locationName": "Name"},
        "value": {"shape": "Text", "locationName": "Value"},
        "flattened": True,
    },
    "Trees": {"type": "map", "key": {"shape": "Free"}, "value": {"shape": "Tree"}},
    "Forest": {"type": "list", "member": {"shape": "Trees"}},
    "Tree": {
        "type": "structure",
        "required": ["Leaf"],
        "members": {
            "Leaf": {"shape": "Text"},
            "Child": {"shape": "Tree"},
            "Named": {"shape": "Text", "locationName": "Other"},
            "Texts": {"shape": "Texts"},
            "Flat": {"shape": "Flat"},
            "FlatMap": {"shape": "FlatMap"},
            "Trees": {"shape": "Trees"},
            "Forest": {"shape": "Forest"},
            "Number": {"shape": "Number"},
        },
    },
}
TREE = {
    "Leaf": "a",
    "Child": {"Leaf": "b", "Child": {"Leaf": "c"}},
    "Named": "d",
    "Texts": ["e", "f"],
    "Flat": ["g", "h"],
    "FlatMap": {"i": "j", "k": "l"},
    "Trees": {"m": {"Leaf": "n"}},
    "Forest": [{"o": {"Leaf": "p"}}],
    "Number": 1.5,
}


def raw(protocol):
    metadata = {
        "apiVersion": "2026-01-01",
        "endpointPrefix": "toy",
        "protocol": protocol,
        "targetPrefix": "Toy",
        "jsonVersion": "1.1",
        "xmlNamespace": "https://toy/",
        "serviceId": "Toy",
    }
    grow = {
        "name": "Grow",
        "http": {"method": "POST", "requestUri": "/"},
        "input": {"shape": "Tree"},
        "output": {"shape": "Tree", "resultWrapper": "GrowResult"},
    }
    return {"metadata": metadata, "operations": {"Grow": grow}, "shapes": SHAPES}


def a_route(protocol, fields=None):
    model = ServiceModel("toy", raw(protocol))
    return Route(model, model.operations["Grow"], fields or {})


def written(protocol):
    operation = botocore.model.ServiceModel(raw(protocol), "toy").operation_model("Grow")
    serializer = botocore.serialize.create_serializer(protocol, False)
    return serializer.serialize_to_request(TREE, operation)["body"]


def plain(value):
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    return [plain(part) for part in value] if isinstance(value, tuple | list) else value


def top(value):
    names = {"FlatMap": "flat_map"}
    return {names.get(key, key.lower()): part for key, part in value.items()}


def test_a_query_request():
    fields = {name: str(text) for name, text in written("query").items()}
    found = parse(a_route("query", fields), HttpRequest("POST", "/", "", (), b""))
    assert plain(found) == top(TREE)


def test_a_json_request():
    body = written("json")
    found = parse(a_route("json"), HttpRequest("POST", "/", "", (), body))
    assert plain(found) == top(TREE)


@pytest.mark.parametrize("protocol", ["query", "json"])
def test_results(protocol):
    response = render(a_route(protocol), TREE, "id")
    output = botocore.model.ServiceModel(raw(protocol), "toy").operation_model("Grow").output_shape
    received = {"status_code": 200, "headers": {}, "body": response.body}
    found = botocore.parsers.create_parser(protocol).parse(received, output)
    assert {key: part for key, part in found.items() if key != "ResponseMetadata"} == TREE


@pytest.mark.parametrize(
    ("params", "place"),
    [
        ({"leaf": "a", "child": {"Leaf": "long"}}, "Value 'long' at 'child.leaf'"),
        ({"leaf": "a", "child": {"Leaf": "a", "Child": {}}}, "Value null at 'child.child.leaf'"),
        ({"leaf": "a", "trees": {"m": {}}}, "Value null at 'trees.m.member.leaf'"),
        ({"leaf": "a", "trees": {"m": None}}, "Value null at 'trees.m.member'"),
        ({"leaf": "a", "forest": ({"o": {}},)}, "Value null at 'forest.1.member.o.member.leaf'"),
        ({"leaf": "a", "flat_map": {"k": "long"}}, "Value '{k=long}' at 'flatMap'"),
        ({"leaf": "a", "flat_map": {"k": None}}, "Value '{k=null}' at 'flatMap'"),
        ({"leaf": "a", "trees": {str(n): {} for n in range(20)}}, "10 validation errors"),
    ],
)
def test_constraints_deep_inside(params, place):
    with pytest.raises(AwsError) as caught:
        validate(a_route("query"), params)
    assert place in caught.value.message


def test_nesting_without_end():
    deep = {"Leaf": "a"}
    for _ in range(5000):
        deep = {"Leaf": "a", "Child": deep}
    with pytest.raises(AwsError) as caught:
        validate(a_route("query"), {"leaf": "a", "child": deep})
    assert caught.value.code == "SerializationException"
    fields = {".".join(["Child"] * 5000): "a"}
    with pytest.raises(AwsError) as caught:
        parse(a_route("query", fields), HttpRequest("POST", "/", "", (), b""))
    assert caught.value.code == "MalformedInput"
