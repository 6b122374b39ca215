import gzip
import json
from pathlib import Path

import pytest

from doorward.policy import Attached, Policies, Policy, Principal, Request, decide

CASES = Path(__file__).parent / "data" / "decision-cases.jsonl.gz"


def attached(documents, kind):
    if documents is None:
        return None
    return tuple(
        Attached(Policy.parse(json.dumps(document), kind), f"{kind}-{number}")
        for number, document in enumerate(documents)
    )


def policies_of(given):
    resource = given["resource"]
    return Policies(
        identity=attached(given["identity"], "identity"),
        resource=attached(None if resource is None else [resource], "resource"),
        boundary=attached(given["boundary"], "boundary"),
        session=attached(given["session"], "session"),
        endpoint=attached(given["endpoint"], "endpoint"),
        scp=tuple(attached(level, "scp") for level in given["scp"]),
        rcp=tuple(attached(level, "rcp") for level in given["rcp"]),
    )


def request_of(given):
    return Request(
        Principal.from_arn(given["principal"]),
        given["action"],
        given["resource"],
        given["resource_account"],
        given["context"],
    )


def cases():
    with gzip.open(CASES, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def test_every_case_is_decided_as_an_independent_evaluator_did():
    wrong = {}
    for case in cases():
        decision = decide(request_of(case["request"]), policies_of(case["policies"]))
        if decision.outcome != case["expected"]:
            wrong[case["id"]] = (decision.outcome, case["expected"])
    assert wrong == {}


def test_there_are_as_many_cases_as_there_should_be():
    assert len(cases()) == 1200


@pytest.mark.parametrize("field", ["policy", "statement"])
def test_an_explicit_denial_always_names_what_denied(field):
    for case in cases():
        decision = decide(request_of(case["request"]), policies_of(case["policies"]))
        if decision.outcome == "ExplicitlyDenied":
            assert getattr(decision, field) is not None
