"""The questions of docs/authorize.md get the answers printed below them."""

import json
import re
from pathlib import Path

import pytest
from tests.services.doorward.gateway import Gateway

PAGE = (Path(__file__).parents[2] / "docs" / "authorize.md").read_text()
PRINTED = "111122223333"
POLICY = re.search(r"^```json ann\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)[1]
PAIRS = re.findall(
    r"^```http\nPOST (\S+)\n.*?\n\n(.*?)^```\n+^```json\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE
)


@pytest.mark.parametrize(("path", "question", "answer"), PAIRS, ids=range(len(PAIRS)))
def test_the_question_gets_the_answer(house, path, question, answer):
    gateway = Gateway(house)
    gateway.user("ann")
    house.iam.put_user_policy(UserName="ann", PolicyName="own", PolicyDocument=POLICY)
    status, _, told = gateway.send(path, question.replace(PRINTED, gateway.account).encode())
    assert status == 200
    assert told == json.loads(answer.replace(PRINTED, gateway.account))


def test_the_page_shows_some():
    assert len(PAIRS) == 4
