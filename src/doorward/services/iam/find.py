"""Find what a call names, or say in AWS's words that it is not there."""

import re
from collections.abc import Callable

from doorward.account.caller import CallerKind
from doorward.account.model import (
    Group,
    InstanceProfile,
    ManagedPolicy,
    OidcProvider,
    Role,
    SamlProvider,
    ServerCertificate,
    User,
)
from doorward.catalog import managed_policies
from doorward.catalog.managed_policies import ManagedPolicyFact
from doorward.policy import Arn
from doorward.services.call import Call
from doorward.services.iam.errors import (
    AccessDenied,
    InvalidInput,
    NoSuchEntity,
    PolicyNotAttachable,
    UnmodifiableEntity,
    ValidationError,
)

AnyPolicy = ManagedPolicy | ManagedPolicyFact
"""A managed policy of the account or of AWS."""

Missing = Callable[[str], NoSuchEntity]
"""What an operation says of a policy that is not there; AWS has three sentences."""

_POLICY_ARN = re.compile(r"arn:aws[a-z-]*:iam::(?:aws|[0-9]{12}):policy/.+")
_SERVICE_PATH = "/aws-service-role/"


def user(call: Call, name: str) -> User:
    """The user of that name, whatever its case."""
    found = call.account.user(name)
    if found is None:
        raise NoSuchEntity.user(name)
    return found


def user_or_self(call: Call, name: str | None) -> User:
    """The user of that name; without a name, the user who calls."""
    if name is not None:
        return user(call, name)
    if call.caller.kind is not CallerKind.USER:
        raise ValidationError.needs_user_name()
    return user(call, call.caller.name)


def group(call: Call, name: str) -> Group:
    """The group of that name, whatever its case."""
    found = call.account.group(name)
    if found is None:
        raise NoSuchEntity.group(name)
    return found


def role(call: Call, name: str) -> Role:
    """The role of that name, whatever its case."""
    found = call.account.role(name)
    if found is None:
        raise NoSuchEntity.role(name)
    return found


def changeable_role(call: Call, name: str) -> Role:
    """The role of that name, unless it is linked to a service.

    Raises:
        UnmodifiableEntity: only AWS may change what the role may do.
    """
    found = role(call, name)
    if found.service is not None:
        raise UnmodifiableEntity.protected_role(found.name)
    return found


def instance_profile(call: Call, name: str) -> InstanceProfile:
    """The instance profile of that name, whatever its case."""
    found = call.account.instance_profile(name)
    if found is None:
        raise NoSuchEntity.instance_profile(name)
    return found


def oidc_provider(call: Call, arn: str) -> OidcProvider:
    """The OpenID Connect provider of that ARN."""
    prefix = f"arn:aws:iam::{call.account.id}:oidc-provider/"
    found = call.account.oidc_provider(arn.removeprefix(prefix)) if arn.startswith(prefix) else None
    if found is None:
        raise NoSuchEntity.oidc_provider(arn)
    return found


def saml_provider(call: Call, arn: str) -> SamlProvider:
    """The SAML provider of that ARN."""
    prefix = f"arn:aws:iam::{call.account.id}:saml-provider/"
    found = call.account.saml_provider(arn.removeprefix(prefix)) if arn.startswith(prefix) else None
    if found is None:
        raise NoSuchEntity.saml_provider(arn)
    return found


def server_certificate(call: Call, name: str) -> ServerCertificate:
    """The server certificate of that name, whatever its case."""
    found = call.account.server_certificate(name)
    if found is None:
        raise NoSuchEntity.server_certificate(name)
    return found


def policy(call: Call, arn: str, missing: Missing = NoSuchEntity.policy) -> AnyPolicy:
    """The managed policy of that ARN, the account's own or AWS's."""
    found = _policy(call, arn)
    if found is None:
        raise missing(arn)
    return found


def own_policy(call: Call, arn: str, missing: Missing = NoSuchEntity.policy) -> ManagedPolicy:
    """The customer managed policy of that ARN.

    Raises:
        AccessDenied: it is AWS's, and nobody changes those.
    """
    found = policy(call, arn, missing)
    if isinstance(found, ManagedPolicyFact):
        action = "iam:" + call.operation
        raise AccessDenied.aws_managed_policy(call.caller.arn, action, arn)
    return found


def attachable_policy(call: Call, arn: str) -> AnyPolicy:
    """The managed policy of that ARN, if it may be attached."""
    found = attachable(call, arn)
    if found is None:
        raise NoSuchEntity.attachable_policy(arn)
    return found


def attachable(call: Call, arn: str) -> AnyPolicy | None:
    """The managed policy of that ARN; None if there is none, or AWS has withdrawn it.

    Raises:
        PolicyNotAttachable: AWS keeps it for roles linked to a service.
    """
    found = _policy(call, arn)
    if found is None or not is_attachable(found):
        return None
    if isinstance(found, ManagedPolicyFact) and found.path.startswith(_SERVICE_PATH):
        raise PolicyNotAttachable.of_a_service()
    return found


def is_attachable(of: AnyPolicy) -> bool:
    """AWS withdraws its old policies: they stay where they are and go nowhere else."""
    return isinstance(of, ManagedPolicy) or not of.deprecated


def refuse_malformed_policy_arn(arn: str) -> None:
    """Refuse what cannot be the ARN of a managed policy."""
    # AWS: the sentence is one, the code depends on how wrong it is; both recorded, roles.
    if Arn.parse(arn) is None:
        raise ValidationError.arn(arn)
    if not _POLICY_ARN.fullmatch(arn):
        raise InvalidInput.arn(arn)


def _policy(call: Call, arn: str) -> AnyPolicy | None:
    refuse_malformed_policy_arn(arn)
    return call.account.policy(arn) or managed_policies.get(arn)
