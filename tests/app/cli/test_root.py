import json
from pathlib import Path

import pytest

DOCUMENT = Path(__file__).parents[3] / "docs" / "root-user.md"


@pytest.mark.practice("S001-21", "S001-22", "S001-23", "S001-24", "S001-25")
def test_the_tasks_are_shown_with_their_sources(run):
    told = run("root", "tasks").out
    assert "- Close the account\n    actions: account:CloseAccount\n    besides root: " in told
    assert "Said to be root's alone, and allowed by a policy:\n- Change the support plan" in told
    assert "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html (read 2026-" in told
    facts = run("root", "tasks", "--json").json
    assert {"task", "actions", "besides", "source", "read"} == set(facts["root_only"][0])


def test_the_document_has_every_task(run):
    facts = json.loads(run("root", "tasks", "--json").out)
    shown = DOCUMENT.read_text()
    for row in facts["root_only"]:
        actions = ", ".join(f"`{each}`" for each in row["actions"]) or "-"
        assert f"| {row['task']} | {actions} | {row['besides'] or 'nobody'} |" in shown
    for row in facts["not_root_only"]:
        actions = ", ".join(f"`{each}`" for each in row["actions"])
        assert f"| {row['task']} | {actions} |" in shown
    for source in {row["source"] for part in facts.values() for row in part}:
        assert source in shown
