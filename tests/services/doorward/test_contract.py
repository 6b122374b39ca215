"""Every operation of our own service, held against its model."""

import inspect

import pytest

from doorward.catalog.models import OWN, service, snake
from doorward.services.registry import anything, operations

OURS = sorted(operations(OWN).values(), key=lambda each: each.name)
MODELS = {model.function_name: model for model in service(OWN).operations.values()}


def test_there_is_a_function_for_every_operation():
    assert {each.name for each in OURS} == set(MODELS)


@pytest.mark.parametrize("operation", OURS, ids=lambda each: each.name)
def test_parameters_are_the_models_members(operation):
    shape = MODELS[operation.name].input
    ours = dict(list(inspect.signature(operation.function).parameters.items())[1:])
    assert set(ours) == {snake(name) for name in shape.members}
    required = {name for name, each in ours.items() if each.default is each.empty}
    assert required == {snake(name) for name in shape.required}


@pytest.mark.parametrize("operation", OURS, ids=lambda each: each.name)
def test_none_is_free(operation):
    assert not operation.exempt
    assert not operation.unsigned
    assert operation.reads == (operation.name not in {"create_token", "delete_token"})


def test_only_what_names_nobody_is_a_right_on_everything():
    free = {each.name for each in OURS if each.on is anything}
    assert free <= {"authorize_forwarded", "evaluate_many", "list_tokens", "who_can"}


@pytest.mark.parametrize(
    ("operation", "member"),
    [
        ("Authorize", "request"),
        ("Authorize", "batch"),
        ("Authorize", "context"),
        ("EvaluateMany", "evaluations"),
        ("AuthorizeForwarded", "authorization"),
        ("AuthorizeForwarded", "uri"),
    ],
)
def test_what_may_hold_a_secret_is_marked(operation, member):
    assert service(OWN).operations[operation].input.members[member].sensitive
    assert service(OWN).operations["CreateToken"].output.members["token"].sensitive
