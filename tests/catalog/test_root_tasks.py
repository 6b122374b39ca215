import pytest

from doorward.catalog import actions, models
from doorward.catalog.root_tasks import ROOT_TASKS, SAID_TO_BE_ROOTS
from doorward.services.registry import operations

ROWS = [*ROOT_TASKS, *SAID_TO_BE_ROOTS]
ACTIONS = [action for row in ROOT_TASKS for action in row.actions]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.task)
def test_every_row_says_where_and_when_it_was_read(row):
    assert row.source.startswith("https://docs.aws.amazon.com/")
    assert row.read == "2026-11"


@pytest.mark.parametrize("action", [action for row in ROWS for action in row.actions])
def test_every_action_is_one_of_aws(action):
    assert actions.exists(action)


@pytest.mark.practice("S001-22", "S001-24", "S001-21", "S001-23", "S001-25")
def test_what_older_lists_give_to_root_takes_a_policy():
    said = {action for row in SAID_TO_BE_ROOTS for action in row.actions}
    assert {"organizations:CreateOrganization", "supportplans:StartSupportPlanUpdate"} <= said
    assert said.isdisjoint(ACTIONS)
    assert {"account:CloseAccount", "billing:UpdateIAMAccessPreference"} <= set(ACTIONS)


@pytest.mark.parametrize("action", ACTIONS)
def test_none_of_them_is_served_so_that_none_can_be_done_by_others(action):
    service, name = action.split(":")
    if service not in models.SERVED:
        return
    model = models.service(service).operations.get(name)
    assert model is None or model.function_name not in operations(service)
