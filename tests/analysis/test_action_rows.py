import json

import pytest

from doorward.analysis import action_rows
from doorward.catalog.actions import actions_of
from doorward.policy import Policy
from doorward.policy.actions import action_index


def a_policy(**elements):
    statement = {"Effect": "Allow", "Resource": "*", **elements}
    return Policy.parse(json.dumps({"Version": "2012-10-17", "Statement": statement}))


def found(row):
    return set(action_rows.members(row))


def test_every_action_has_its_bit():
    assert found(action_rows.every()) == set(action_rows.names())
    assert len(action_rows.names()) == len(set(action_rows.names())) > 20_000
    assert list(action_rows.members(0)) == []


@pytest.mark.parametrize(
    "elements",
    [
        {"Action": "*"},
        {"Action": "s3:*"},
        {"Action": ["S3:getobject", "iam:Get*", "ec2:?tartInstances"]},
        {"Action": ["s3: GetObject", "s3", "s*:GetObject", "own:Thing", "s3:Nothing"]},
        {"NotAction": ["iam:*", "s3:Get*"]},
        {"NotAction": "*"},
    ],
)
def test_a_statement_has_the_actions_the_engine_finds(elements):
    policy = a_policy(**elements)
    index = action_index(policy)
    wanted = {name for name in action_rows.names() if index.find(name.lower())}
    assert found(action_rows.of_statement(policy.statements[0])) == wanted


def test_actions_by_the_service_whose_resources_they_take():
    iam = found(action_rows.acting_on("iam"))
    assert {"iam:PassRole", "sts:AssumeRole", "iam:ListUsers"} <= iam
    assert "sts:GetCallerIdentity" not in iam
    assert "s3:GetObject" not in iam


def test_a_resource_of_any_service_counts_everywhere():
    assert "backup:DeleteRecoveryPoint" in found(action_rows.acting_on("own"))


def test_an_action_without_a_resource_counts_for_its_service():
    assert set(actions_of("sqs")) <= found(action_rows.acting_on("sqs"))
