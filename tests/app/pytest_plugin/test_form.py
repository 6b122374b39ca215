import json
from pathlib import Path

import msgspec
import pytest

from doorward.app.pytest_plugin.form import BadPolicyTest, PolicyTestForm, read_policy_test

ROOT = Path(__file__).parents[3]
CASE = "cases:\n- {principal: ann, action: s3:GetObject, expect: allowed}\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "line 1: expected `object`, got `null`"),
        ("- 1", "line 1: expected `object`, got `array`"),
        ("a: [\n", "line 2: while parsing a flow node did not find expected node content"),
        ("account: x\n", "line 1: object missing required field `cases`"),
        ("\ncases: []\n", "line 2, cases: expected `array` of length >= 1"),
        (f"colour: red\n{CASE}", "line 1, colour: object contains unknown field `colour`"),
        (
            "cases:\n- principal: ann\n  action: s3:GetObject\n  expct: allowed\n",
            "line 4, cases[0].expct: object contains unknown field `expct`",
        ),
        (
            "cases:\n- principal: ann\n  expect: allowed\n",
            "line 2, cases[0]: object missing required field `action`",
        ),
        (
            "cases:\n- principal: ann\n  action: a:b\n  expect: permitted\n",
            "line 4, cases[0].expect: invalid enum value 'permitted'",
        ),
        (
            "principals:\n  ann:\n    identty: []\n" + CASE,
            "line 3, principals.ann.identty: object contains unknown field `identty`",
        ),
        (
            "principals:\n  ann: {identity: []}\n  bob: {identity: P}\n" + CASE,
            "line 1, principals: expected `array`, got `str`",
        ),
        (
            "principals:\n  ann:\n    context: {a: {}}\n" + CASE,
            "line 1, principals: expected `str | array`, got `object`",
        ),
        (
            "account: seed.yaml\nprincipals: {ann: {}}\n" + CASE,
            "line 2, principals: the account has the principals; leave one of them out",
        ),
    ],
)
def test_a_fault_is_told_with_its_line(text, told):
    with pytest.raises(BadPolicyTest) as caught:
        read_policy_test(text)
    assert str(caught.value) == told


def test_scalars_are_text():
    test = read_policy_test(
        "policies: {P: {Version: 2012-10-17}}\n"
        "cases:\n- principal: null\n  action: s3:GetObject\n  expect: denied\n"
        "  resource_account: 111122223333\n  context: {a: 1, b: [yes, no]}\n"
    )
    case = test.form.cases[0]
    assert test.form.policies == {"P": {"Version": "2012-10-17"}}
    assert case.resource_account == "111122223333"
    assert case.principal is None
    assert case.context == {"a": "1", "b": ("yes", "no")}


def test_the_schema_in_the_docs_is_the_one_that_is_checked():
    written = json.loads((ROOT / "docs" / "policytest.schema.json").read_text())
    assert written == msgspec.json.schema(PolicyTestForm)
