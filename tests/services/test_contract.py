"""Every operation we have, held against botocore's model and the catalogue of actions."""

import inspect

import pytest

from doorward.catalog import actions, models
from doorward.services.registry import anything, operations

SERVICES = ("iam", "sts", "cloudtrail", "logs", "cloudwatch", "sns", "events")
OURS = [(name, each) for name in SERVICES for each in operations(name).values()]
# The catalogue calls these writes; they change nothing in the account.
MINT_ONLY = {"assume_role", "get_federation_token", "decode_authorization_message"}
# The catalogue calls these reads; the report they make is kept.
REPORTS = {"generate_credential_report", "generate_service_last_accessed_details"}
# The catalogue gives them no resource; AWS's refusals name the path that was asked for.
BY_PATH = "_under_path"


def model_of(operation):
    model = models.service(operation.service)
    return next(each for each in model.operations.values() if each.function_name == operation.name)


def fact_of(operation):
    action = operation.action or f"{operation.service}:{model_of(operation).name}"
    fact = actions.action(action)
    assert fact, action
    return fact


@pytest.mark.parametrize("operation", [each for _, each in OURS], ids=lambda each: each.name)
def test_parameters_are_the_models_members(operation):
    shape = model_of(operation).input
    wanted = {models.snake(name) for name in shape.members} if shape else set()
    required = {models.snake(name) for name in shape.required} if shape else set()
    ours = dict(list(inspect.signature(operation.function).parameters.items())[1:])
    assert set(ours) == wanted
    assert {name for name, each in ours.items() if each.default is each.empty} == required


@pytest.mark.parametrize("operation", [each for _, each in OURS], ids=lambda each: each.name)
def test_it_acts_on_a_resource_when_the_action_has_one(operation):
    if operation.on.__name__.endswith(BY_PATH):
        return
    assert (operation.on is anything) == (not fact_of(operation).resource_types)


@pytest.mark.parametrize("operation", [each for _, each in OURS], ids=lambda each: each.name)
def test_only_reads_change_nothing(operation):
    is_read = fact_of(operation).access_level in {"Read", "List"}
    changes_nothing = is_read and operation.name not in REPORTS
    assert operation.reads == (changes_nothing or operation.name in MINT_ONLY)


def test_an_unknown_service_has_no_operations():
    assert operations("nothing-of-ours") == {}
