"""Every check has a policy that trips it and one that does not; its fixes mend."""

import json

import pytest
from tests.analysis.validate.error_cases import ERRORS
from tests.analysis.validate.other_cases import OTHERS

from doorward.analysis.validate import CHECKS, Severity, codes, findings

CASES = ERRORS | OTHERS
OF_AWS = {
    Severity.ERROR: 79,
    Severity.WARNING: 26,
    Severity.SECURITY_WARNING: 19,
    Severity.SUGGESTION: 29,
}


def found(text, kind):
    return {finding.code for finding in findings(text, kind)}


def test_no_check_is_without_its_two_policies():
    assert CASES.keys() == CHECKS.keys()


@pytest.mark.parametrize("code", CASES)
def test_a_check_speaks_of_what_it_is_about(code):
    case = CASES[code]
    assert code in found(case.trips, case.kind)
    assert code not in found(case.clean, case.kind)


@pytest.mark.parametrize("code", CASES)
def test_a_finding_points_at_something(code):
    case = CASES[code]
    for finding in findings(case.trips, case.kind):
        start, end = finding.span
        assert 0 <= start.offset < end.offset <= len(case.trips)
        assert (start.line, start.column) == (1, start.offset + 1)
        assert finding.message.endswith((".", "?"))
        assert case.kind in finding.kinds


@pytest.mark.parametrize("code", CASES)
def test_a_fix_mends(code):
    case = CASES[code]
    for finding in findings(case.trips, case.kind):
        for fix in finding.fixes if finding.code == code else ():
            mended = fix.applied(case.trips)
            json.loads(mended)
            assert code not in found(mended, case.kind), fix.title


@pytest.mark.parametrize("code", CASES)
def test_a_check_is_silent_in_other_kinds_of_policies(code):
    kinds = CHECKS[code].kinds
    for kind in {"identity", "resource", "trust", "scp", "rcp"} - set(kinds):
        assert code not in found(CASES[code].trips, kind)


def test_every_code_of_aws_is_there_once():
    aws = [code for code in codes() if code.is_aws]
    assert len({code.code for code in codes()}) == len(codes())
    for severity, count in OF_AWS.items():
        assert sum(code.severity is severity for code in aws) == count


def test_an_error_beside_a_refusal_is_told_once():
    case = CASES["INVALID_EFFECT"]
    assert found(case.trips, case.kind) == {"INVALID_EFFECT"}
