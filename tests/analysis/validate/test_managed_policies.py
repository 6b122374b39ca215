"""AWS's own policies are right, but for a few."""

from doorward.analysis.validate import CHECKS, Severity, findings
from doorward.analysis.validate.reading import Document
from doorward.catalog.managed_policies import facts

ODD = {
    # A colon too many, or nothing, where the resource stands.
    ("AmazonBedrockFullAccess", "INVALID_ARN_RESOURCE"),
    ("AmazonBedrockLimitedAccess", "INVALID_ARN_RESOURCE"),
    ("AmazonDevOpsGuruOrganizationsAccess", "INVALID_ARN_RESOURCE"),
    ("AWSManagedServices_DetectiveControlsConfig_ServiceRolePolicy", "INVALID_ARN_RESOURCE"),
    # events:detail-type is documented to hold many values.
    ("AWSAuditManagerAdministratorAccess", "MISSING_QUALIFIER"),
    ("CloudTrailEventContext", "MISSING_QUALIFIER"),
    ("SageMakerStudioProjectProvisioningRolePolicy", "MISSING_QUALIFIER"),
}


def test_no_policy_of_aws_has_an_error_but_odd_ones():
    errors = [each for each in CHECKS.values() if each.severity is Severity.ERROR]
    found = {
        (fact.name, finding.code)
        for fact in facts()
        for document in [Document.of(fact.document, "identity")]
        for each in errors
        for finding in each.findings(document)
    }
    assert found == ODD


def test_administrators_are_warned_of_what_a_star_holds():
    (admin,) = [fact for fact in facts() if fact.name == "AdministratorAccess"]
    assert {finding.code for finding in findings(admin.document, "identity")} == {
        "PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE",
        "CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE",
    }
