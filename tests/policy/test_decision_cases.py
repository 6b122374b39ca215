import gzip
import json
from pathlib import Path

import pytest

from doorward.policy import decide
from doorward.policy.cases import read_case

CASES = Path(__file__).parent / "data" / "decision-cases.jsonl.gz"


def lines():
    with gzip.open(CASES, "rt", encoding="utf-8") as file:
        return file.read().splitlines()


@pytest.mark.rule("2.7")
def test_every_case_is_decided_as_an_independent_evaluator_did():
    wrong = {}
    for line in lines():
        case = read_case(line)
        decision, expected = decide(case.request, case.policies), json.loads(line)["expected"]
        if decision.outcome != expected:
            wrong[case.id] = (decision.outcome, expected)
    assert wrong == {}


def test_there_are_as_many_cases_as_there_should_be():
    assert len(lines()) == 1200


@pytest.mark.parametrize("field", ["policy", "statement"])
def test_an_explicit_denial_always_names_what_denied(field):
    for case in map(read_case, lines()):
        decision = decide(case.request, case.policies)
        if decision.outcome == "ExplicitlyDenied":
            assert getattr(decision, field) is not None
