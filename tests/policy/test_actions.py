import json

import pytest

from doorward.policy import Policy
from doorward.policy.actions import action_index, action_test


def index(**elements):
    statement = {"Effect": "Allow", "Resource": "*", **elements}
    return action_index(Policy.parse(json.dumps({"Statement": [statement]})))


@pytest.mark.rule("3.1", "3.1/blanks", "3.1/NotAction")
@pytest.mark.parametrize(
    ("pattern", "action", "result"),
    [
        ("*", "s3:getobject", True),
        ("S3:GETobject", "s3:getobject", True),
        ("s3:*", "s3:getobject", True),
        ("s3:Get?bject", "s3:getobject", True),
        ("s3:*Object", "s3:getobject", True),
        ("s3:Get*", "s3:putobject", False),
        ("s3:*", "s3x:getobject", False),
        ("s*:GetObject", "s3:getobject", False),
        ("s*:*", "s3:getobject", False),
        ("s3:Get Object", "s3:get object", False),
        ("s3:Get *", "s3:get object", False),
        ("s3", "s3:getobject", False),
        ("Get*", "getobject", False),
    ],
)
def test_patterns_mean_the_same_in_the_index_and_alone(pattern, action, result):
    assert bool(index(Action=pattern).find(action)) is result
    assert action_test(pattern)(action) is result
    assert bool(index(NotAction=pattern).find(action)) is not result


def test_a_statement_is_found_once_and_in_order():
    made = Policy.parse(
        json.dumps(
            {
                "Statement": [
                    {"Effect": "Allow", "Action": "*", "Resource": "*"},
                    {"Effect": "Deny", "Action": ["s3:*", "s3:Get*", "s3:Get"], "Resource": "*"},
                    {"Effect": "Allow", "Action": ["s3:Get"], "Resource": "*"},
                ]
            }
        )
    )
    assert [one.index for one in action_index(made).find("s3:get")] == [0, 1, 2]
    assert action_index(made) is action_index(made)
