import json

from tests.house import TestHouse

from doorward.app.records import LARGEST_READ

PADDED = '{"Version":"2012-10-17","Statement":[]' + " " * LARGEST_READ + "}"


def only_record(house: TestHouse, name: str):
    rows = [one for one in house.records() if one.event_name == name]
    return json.loads(rows[0].body)


def test_a_huge_question_is_not_kept_whole(house):
    house.iam.get_context_keys_for_custom_policy(PolicyInputList=[PADDED])
    kept = only_record(house, "GetContextKeysForCustomPolicy")["requestParameters"]
    assert kept["omitted"] is True
    assert kept["originalSize"] > LARGEST_READ
    assert kept["reason"] == "requestParameters too large"
    assert len(json.dumps(kept)) < 200


def test_a_change_is_kept_whole_however_large(house):
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": statement})
    text = document[:-1] + " " * LARGEST_READ + "}"
    house.iam.create_policy(PolicyName="P", PolicyDocument=text)
    assert only_record(house, "CreatePolicy")["requestParameters"]["policyDocument"] == text
