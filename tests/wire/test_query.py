"""Lexical rules of the query protocol, as recorded from AWS."""

import pytest

from doorward.catalog.models import service
from doorward.wire.errors import MalformedInput
from doorward.wire.query import read_query
from doorward.wire.route import Route
from doorward.wire.validate import validate


def read(name, operation, text):
    fields = dict(pair.split("=", 1) for pair in text.split("&") if pair)
    return read_query(service(name).operations[operation].input, fields)


@pytest.mark.parametrize(
    ("text", "value"),
    [("900", 900), ("0900", 900), ("+900", 900), ("-1", -1), ("2147483647", 2**31 - 1)],
)
def test_integers(text, value):
    assert read("sts", "GetSessionToken", f"DurationSeconds={text}") == {"duration_seconds": value}


@pytest.mark.parametrize(
    "text", [" 900", "900 ", "900.0", "9e2", "2147483648", "", "1" * 9000, "٣"]
)
def test_integers_of_the_wrong_form(text):
    with pytest.raises(MalformedInput):
        read("sts", "GetSessionToken", f"DurationSeconds={text}")


@pytest.mark.parametrize(
    ("text", "value"), [("true", True), ("false", False), ("1", True), ("0", False)]
)
def test_booleans(text, value):
    assert read("iam", "CreateLoginProfile", f"PasswordResetRequired={text}") == {
        "password_reset_required": value
    }


@pytest.mark.parametrize("text", ["True", "FALSE", "", "null", "yes", " true"])
def test_booleans_of_the_wrong_form(text):
    with pytest.raises(MalformedInput):
        read("iam", "CreateLoginProfile", f"PasswordResetRequired={text}")


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("Tags.member.1.Key=a&Tags.member.1.Value=b", ({"Key": "a", "Value": "b"},)),
        ("Tags.member.01.Key=a&Tags.member.1.Value=b", ({"Key": "a", "Value": "b"},)),
        ("Tags.member.1.Key=a&Tags.member.01.Value=b", ({"Key": "a", "Value": "b"},)),
        ("Tags.member.1.Key=a&Tags.member.1.Nested.Deep=b", ({"Key": "a"},)),
        ("Tags.member.2.Key=a", (None, {"Key": "a"})),
        ("Tags.member.one.Key=a", ({},)),
        ("Tags.member.+1.Key=a", ({},)),
        ("Tags.member.1=", ({},)),
        ("Tags=", ()),
        ("Tags.member=", ()),
        ("Tags.member.11.Key=a", (*[None] * 10, {"Key": "a"})),
    ],
)
def test_lists_of_structures(text, tags):
    assert read("iam", "TagUser", text) == {"tags": tags}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("TagKeys.member.0=a", "0 is not a valid index"),
        ("TagKeys.member.00=a", "0 is not a valid index"),
        ("TagKeys.member.99999999999=a", "9999999999 is not a valid index"),
        ("TagKeys.member.-1=a", "Key -1 may not have a leading '-'"),
        ("Tags.member.1.0.Key=a", "Two index elements may not occur back to back"),
        ("TagKeys.member.one=a", "Start of list found where not expected"),
        ("TagKeys.member.+1=a", "Start of list found where not expected"),
        (
            "TagKeys.member.12=a",
            "Excessively sparse input would skip 11 list elements",
        ),
        (
            "TagKeys.member.1=a&TagKeys.member.12=a",
            "Excessively sparse input would skip 11 list elements",
        ),
        (
            "&".join(f"TagKeys.member.{n}=a" for n in (*range(1, 11), 21)),
            "Excessively sparse input would skip 11 list elements",
        ),
        ("TagKeys=a", None),
        ("TagKeys.member=a", None),
        ("TagKeys.1=a", None),
        ("UserName.First=a", "Start of structure or map found where not expected."),
        ("UserName=b&UserName.First=a", "Start of structure or map found where not expected."),
        ("TagKeys.member.1.Key=a", "Start of structure or map found where not expected."),
    ],
)
def test_bad_lists(text, message):
    with pytest.raises(MalformedInput) as caught:
        read("iam", "UntagUser" if "TagKeys" in text or "UserName" in text else "TagUser", text)
    assert message is None or caught.value.message == message


def test_small_gaps_reach_validation():
    text = "&".join(f"TagKeys.member.{n}=k" for n in (1, 8, 15))
    params = read("iam", "UntagUser", "UserName=ann&" + text)
    assert params["tag_keys"] == tuple("k" if n in {1, 8, 15} else None for n in range(1, 16))
    model = service("iam")
    with pytest.raises(Exception, match="1 validation error detected: Value at 'tagKeys'"):
        validate(Route(model, model.operations["UntagUser"]), params)


def test_the_last_spelling_of_an_index_wins():
    found = read("iam", "UntagUser", "TagKeys.member.1=a&TagKeys.member.01=b")
    assert found == {"tag_keys": ("b",)}


def test_unknown_parameters_are_ignored():
    assert read("sts", "GetCallerIdentity", "Action=x&X-Amz-Date=1&Odd.member.1=2") == {}
    assert read("iam", "GetCredentialReport", "UserName=a") == {}


def test_maps():
    text = "Properties.entry.1.key=a&Properties.entry.1.value=true"
    operation = service("iam").operations["PutAccountProperties"]
    name = next(n for n, m in operation.input.members.items() if m.type == "map")
    fields = dict(pair.split("=") for pair in text.replace("Properties", name).split("&"))
    assert list(read_query(operation.input, fields).values()) == [{"a": "true"}]
    with pytest.raises(MalformedInput, match="without a key"):
        read_query(operation.input, {f"{name}.entry.1.value": "true"})
    assert list(read_query(operation.input, {f"{name}.entry.1.key": "a"}).values()) == [{"a": None}]
