import json

import pytest
from tests.house import raises_aws


def document(text, *, ascii_only):
    condition = {"StringEquals": {"aws:RequestTag/name": text}}
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition}
    whole = {"Version": "2012-10-17", "Statement": statement}
    return json.dumps(whole, ensure_ascii=ascii_only, indent="\t")


@pytest.mark.rule("10/characters")
@pytest.mark.parametrize(("text", "stored"), [("ÿé~", True), ("Ā", False), ("\U0001f600", False)])
def test_a_policy_is_written_in_latin_characters_and_escapes(house, text, stored):
    given = {"PolicyName": "p", "PolicyDocument": document(text, ascii_only=False)}
    if stored:
        house.iam.create_policy(**given)
    else:
        with raises_aws("ValidationError"):
            house.iam.create_policy(**given)
    escaped = document(text, ascii_only=True)
    house.iam.create_policy(PolicyName="escaped", PolicyDocument=escaped)
