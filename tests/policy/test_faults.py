import pytest

from doorward.errors import PolicyError
from doorward.policy.faults import Fault, Phase, Place, phase
from doorward.policy.source import read

TEXT = '{\n "a": ["b"]}'


def the_list():
    return read(TEXT).value.get("a")


def test_wrong_syntax_is_refused_at_once():
    place = Place(TEXT, "identity", "2012-10-17", []).inside("a", 0)
    (node,) = the_list().value
    with pytest.raises(PolicyError) as caught:
        place.report(node, Fault("operator", "no operator"))
    error = caught.value
    assert (error.path, error.line, error.column) == ("a[0]", 2, 8)
    assert (error.fault, error.reason, error.value) == ("operator", "no operator", "b")


def test_a_later_fault_is_kept_with_its_place():
    place = Place(TEXT, "identity", "2012-10-17", [])
    place.inside("a").report(the_list(), Fault("vendor", "no vendor"))
    place.report(the_list(), None)
    (kept,) = place.found
    assert kept.place.path == ("a",)
    assert kept.place.fault(kept.node, "no vendor").value == ""


def test_what_has_no_phase_is_syntax():
    assert phase("") is Phase.SYNTAX
    assert Phase.SYNTAX < phase("value") < phase("sid-form") < phase("no-action")
    assert phase("no-action") < phase("resource-form") < phase("vendor")
