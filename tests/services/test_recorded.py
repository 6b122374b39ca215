"""Answers of the real AWS, replayed call by call against a whole Doorward."""

import json
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError
from tests.house import TestHouse

from doorward.account.account import Account
from doorward.account.model import Profile
from doorward.errors import AwsError
from doorward.services.iam.documents import refuse_managed
from doorward.services.registry import operations

RECORDED = Path(__file__).parent.parent / "recorded"


def answers(name):
    return json.loads((RECORDED / f"{name}.json").read_text())["answers"]


def rows_of_iam(*, refused):
    """Rows of operations we do not have yet wait for them."""
    served = operations("iam")
    waits = pytest.mark.skip(reason="not served yet")
    return [
        pytest.param(row, id=named(row), marks=[] if row["call"][0] in served else [waits])
        for row in answers("iam-answers")
        if ("refused" in row) is refused
    ]


def named(row):
    call, params = row["call"]
    return f"{row['test']}-{call}-{'-'.join(map(str, params))[:60]}"


@pytest.fixture(scope="module")
def _plain_house():
    house = TestHouse(**{"decision.explain_in_message": "false"})
    yield house
    house.close()


@pytest.fixture
def house(_plain_house):
    """A Doorward that says no more than AWS says."""
    _plain_house.reset()
    return _plain_house


def filled(house, value):
    text = json.dumps(value).replace("{account}", house.account_id)
    return json.loads(text.replace("{caller}", house.sts.get_caller_identity()["Arn"]))


def do(house, call):
    name, params = filled(house, call)
    return getattr(house.iam, name)(**params)


@pytest.mark.parametrize("row", rows_of_iam(refused=True))
def test_iam_refuses_in_awss_words(house, row):
    for earlier in row["before"]:
        do(house, earlier)
    with pytest.raises(ClientError) as caught:
        do(house, row["call"])
    answer = caught.value.response
    error = answer["Error"]
    status = answer["ResponseMetadata"]["HTTPStatusCode"]
    assert [error["Code"], status, error["Message"]] == filled(house, row["refused"])


@pytest.mark.parametrize("row", rows_of_iam(refused=False))
def test_iam_answers_with_awss_members(house, row):
    for earlier in row["before"]:
        do(house, earlier)
    answer = do(house, row["call"])
    del answer["ResponseMetadata"]
    assert {name: sorted(inner) for name, inner in answer.items()} == row.get("members", {})


@pytest.mark.parametrize(("text", "refusal"), answers("policy-documents"))
def test_documents_are_refused_in_awss_words(text, refusal):
    profile = Profile(id="111122223333", email="", created=datetime(2026, 1, 1, tzinfo=UTC))
    call = SimpleNamespace(explain=False, account=Account.of(profile.id, [profile]))
    assert refusal_of(call, text) == refusal


def refusal_of(call, text):
    try:
        refuse_managed(call, text)
    except AwsError as error:
        return error.message
    return None
