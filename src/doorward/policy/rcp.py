"""What resource control policies act on."""

from typing import Final

from doorward.policy.faults import Fault

RCP_SERVICES: Final = frozenset(
    """appconfig appstream aoss autoscaling autoscaling-plans budgets clouddirectory cloudfront
    cloudsearch cloudtrail-data codeartifact codebuild codecommit codepipeline cognito-identity
    cognito-idp comprehend comprehendmedical compute-optimizer cost-optimization-hub dax dsql
    dynamodb ecr ecr-public events firehose fis fms gamelift health inspector-scan kendra
    kinesisvideo kms logs memorydb networkmonitor notifications opensearch pca-connector-ad
    personalize polly pricing resource-groups rolesanywhere s3 secretsmanager servicediscovery
    signin sqs sts support swf textract timestream-influxdb transcribe transfer translate wafv2
    workspaces xray""".split()  # noqa: SIM905 - sixty quoted names would hide the list
)
"""Service prefixes. Source: AWS Organizations, Resource control policies, as of 2026-09-26."""


def rcp_action_fault(action: str) -> Fault | None:
    """Why a resource control policy may not hold this action."""
    service = action.partition(":")[0].lower()
    if service in RCP_SERVICES:
        return None
    reason = f'"{service[:40]}" is not a service that resource control policies act on'
    return Fault("action-not-rcp", reason)
