"""Policies of an organization that are too long; it counts every character."""

from collections.abc import Iterator

from doorward.analysis.validate.finding import Severity
from doorward.analysis.validate.reading import Document
from doorward.analysis.validate.registry import RCP, SCP, Hit, check_document
from doorward.analysis.validate.sizes import beyond


@check_document("POLICY_SIZE_EXCEEDS_SCP_QUOTA", Severity.ERROR, kinds=SCP)
def long_scp(document: Document) -> Iterator[Hit]:
    """A service control policy is longer than AWS Organizations stores."""
    yield from beyond(document, "OrganizationPolicySize", spaces=True)


@check_document("POLICY_SIZE_EXCEEDS_RCP_QUOTA", Severity.ERROR, kinds=RCP)
def long_rcp(document: Document) -> Iterator[Hit]:
    """A resource control policy is longer than AWS Organizations stores."""
    yield from beyond(document, "OrganizationPolicySize", spaces=True)
