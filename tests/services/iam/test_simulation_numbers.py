import pytest
from tests.services.iam.simulating import ALLOW, ANN, A, asking, bucket, decision, entry


# AWS: true in AWS itself, false in the simulator; recorded, condition_values, 2026-09.
@pytest.mark.parametrize("operator", ["NumericNotEquals", "numericnotequalsIfExists"])
def test_what_is_no_number_is_not_unequal_to_one(house, operator):
    bad, number = [entry("string", "bad")], [entry("string", "2")]
    allows, denies = asking(operator, "1"), asking(operator, "1", effect="Deny")
    assert decision(house, [allows], ContextEntries=bad) == "implicitDeny"
    assert decision(house, [allows], ContextEntries=number) == "allowed"
    assert decision(house, [allows]) == "allowed"
    assert decision(house, [ALLOW, denies], ContextEntries=bad) == "allowed"
    assert decision(house, [ALLOW, denies], ContextEntries=number) == "explicitDeny"
    everywhere = {
        "resources": [A],
        "ContextEntries": bad,
        "CallerArn": ANN,
        "ResourcePolicy": bucket("*"),
        "PermissionsBoundaryPolicyInputList": [ALLOW],
        "OrderedOrganizationPolicyInputList": [{"ServiceControlPolicyInputList": [allows]}],
    }
    assert decision(house, [ALLOW], **everywhere) == "implicitDeny"
