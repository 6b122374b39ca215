"""Documents and statements that AWS takes, and that are not what one means."""

from collections.abc import Iterator

from doorward.analysis.validate.errors.principals import named
from doorward.analysis.validate.errors.statements import repeated_sids
from doorward.analysis.validate.finding import Fix, Severity
from doorward.analysis.validate.reading import Document, Statement
from doorward.analysis.validate.registry import RESOURCE, TRUST, Hit, check, check_document
from doorward.analysis.validate.sizes import beyond
from doorward.policy.document import VERSIONS
from doorward.policy.source import Members


@check_document("MISSING_VERSION", Severity.WARNING)
def no_version(document: Document) -> Iterator[Hit]:
    """Without Version a policy is of 2008-10-17, which has no variables."""
    root = document.root
    if not isinstance(root.node.value, Members) or root.member("Version"):
        return
    start = root.node.start + 1
    text = f'"Version": "{VERSIONS[0]}"' + (", " if root.members else "")
    fix = Fix("write the current version", start, start, text)
    yield Hit(root, "The policy has no Version, and is read as 2008-10-17.", (fix,))


@check_document("UNIQUE_SIDS_RECOMMENDED", Severity.WARNING, kinds=RESOURCE)
def sid_twice(document: Document) -> Iterator[Hit]:
    """A Sid stands twice; whoever reads a refusal cannot tell which is meant."""
    yield from repeated_sids(document)


@check("INVALID_ROLE_REFERENCE", Severity.WARNING, kinds=(*RESOURCE, *TRUST))
def role_by_id(statement: Statement) -> Iterator[Hit]:
    """A principal is a role's unique id: the role was deleted, or its ARN is meant."""
    yield from _by_id(statement, "AROA", "role")


@check("INVALID_USER_REFERENCE", Severity.WARNING, kinds=(*RESOURCE, *TRUST))
def user_by_id(statement: Statement) -> Iterator[Hit]:
    """A principal is a user's unique id: the user was deleted, or its ARN is meant."""
    yield from _by_id(statement, "AIDA", "user")


def _by_id(statement: Statement, prefix: str, noun: str) -> Iterator[Hit]:
    for name in named(statement):
        if name.kind == "AWS" and name.text.startswith(prefix):
            message = f'"{name.text[:40]}" is the unique id of a {noun}; use its ARN.'
            yield Hit(name.at, message)


@check_document(
    "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA", Severity.WARNING, kinds=("identity", "boundary")
)
def long_identity_policy(document: Document) -> Iterator[Hit]:
    """The policy is longer than a managed policy may be."""
    yield from beyond(document, "PolicySizeQuota", spaces=False)


@check_document("POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA", Severity.WARNING, kinds=TRUST)
def long_trust_policy(document: Document) -> Iterator[Hit]:
    """The trust policy is longer than the quota, which AWS raises on request."""
    yield from beyond(document, "AssumeRolePolicySizeQuota", spaces=False)
