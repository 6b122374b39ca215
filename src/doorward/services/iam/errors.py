"""IAM's errors; AWS's exact sentences live here and only here.

Sources: recorded answers where the spec has them; else the texts AWS's users quote, unverified.
"""

from collections.abc import Iterable
from typing import Self

from doorward.errors import AwsError


class NoSuchEntity(AwsError):
    """404: what was named does not exist."""

    code = "NoSuchEntity"

    @classmethod
    def user(cls, name: str) -> Self:
        return cls(f"The user with name {name} cannot be found.")

    @classmethod
    def group(cls, name: str) -> Self:
        return cls(f"The group with name {name} cannot be found.")

    @classmethod
    def role(cls, name: str) -> Self:
        return cls(f"The role with name {name} cannot be found.")

    @classmethod
    def attachable_policy(cls, arn: str) -> Self:
        return cls(f"Policy {arn} does not exist or is not attachable.")

    @classmethod
    def boundary_policy(cls, arn: str) -> Self:
        return cls(f"Scope ARN: {arn} does not exist or is not attachable.")

    @classmethod
    def policy(cls, arn: str) -> Self:
        return cls(f"Policy {arn} was not found.")

    @classmethod
    def policy_version(cls, arn: str, version_id: str) -> Self:
        return cls(f"Policy {arn} version {version_id} does not exist or is not attachable.")

    @classmethod
    def inline_policy(cls, holder: str, name: str) -> Self:
        """`holder` is `user`, `group` or `role`."""
        return cls(f"The {holder} policy with name {name} cannot be found.")

    @classmethod
    def boundary(cls, holder: str, name: str) -> Self:
        """`holder` is `user` or `role`."""
        return cls(f"The {holder} with name {name} has no permissions boundary.")

    @classmethod
    def login_profile(cls, user_name: str) -> Self:
        return cls(f"Login Profile for User {user_name} cannot be found.")

    @classmethod
    def password_policy(cls, account_id: str) -> Self:
        return cls(f"The Password Policy with domain name {account_id} cannot be found.")

    @classmethod
    def no_password_policy(cls) -> Self:
        """AWS says this, and not the above, when there is none to delete."""
        return cls("The account policy with name PasswordPolicy cannot be found.")

    @classmethod
    def access_key(cls, key_id: str) -> Self:
        return cls(f"The Access Key with id {key_id} cannot be found.")

    @classmethod
    def mfa_device(cls, serial: str) -> Self:
        return cls(f"MFA Device with serial number {serial} does not exist.")

    @classmethod
    def mfa_device_of_user(cls) -> Self:
        return cls("MFA Device invalid for user.")

    @classmethod
    def linked_role(cls, name: str) -> Self:
        return cls(f"{name} exists but is not a service role.")

    @classmethod
    def deletion_task(cls) -> Self:
        return cls("Cannot find deletion status for given id.")

    @classmethod
    def of_arn(cls, arn: str) -> Self:
        return cls(f"ARN {arn} does not exist.")

    @classmethod
    def access_job(cls, job_id: str) -> Self:
        return cls(f"Job {job_id} does not exist.")

    @classmethod
    def instance_profile(cls, name: str) -> Self:
        return cls(f"Instance Profile {name} cannot be found.")

    @classmethod
    def role_in_instance_profile(cls, role: str, profile: str) -> Self:
        return cls(f"Role {role} in Instance Profile {profile} cannot be found.")

    @classmethod
    def alias(cls, alias: str) -> Self:
        return cls(f"The account alias {alias} cannot be found.")

    @classmethod
    def oidc_provider(cls, arn: str) -> Self:
        return cls(f"OpenIDConnect Provider not found for arn {arn}")

    @classmethod
    def deleted_oidc_provider(cls, arn: str) -> Self:
        return cls(f"OpenId connect Provider {arn} cannot be found.")

    @classmethod
    def saml_provider(cls, arn: str) -> Self:
        return cls(f"Manifest not found for arn {arn}")

    @classmethod
    def server_certificate(cls, name: str) -> Self:
        return cls(f"The Server Certificate with name {name} cannot be found.")


class EntityAlreadyExists(AwsError):
    """409: the name is taken, whatever its case."""

    code = "EntityAlreadyExists"

    @classmethod
    def user(cls, name: str) -> Self:
        return cls(f"User with name {name} already exists.")

    @classmethod
    def group(cls, name: str) -> Self:
        return cls(f"Group with name {name} already exists.")

    @classmethod
    def policy(cls, name: str) -> Self:
        return cls(f"A policy called {name} already exists. Duplicate names are not allowed.")

    @classmethod
    def role(cls, name: str) -> Self:
        return cls(f"Role with name {name} already exists.")

    @classmethod
    def instance_profile(cls, name: str) -> Self:
        return cls(f"Instance Profile {name} already exists.")

    @classmethod
    def alias(cls, alias: str) -> Self:
        return cls(f"The account alias {alias} already exists.")

    @classmethod
    def oidc_provider(cls, url: str) -> Self:
        """`url` is without `https://`."""
        return cls(f"Provider with url https://{url} already exists.")

    @classmethod
    def saml_provider(cls, name: str) -> Self:
        return cls(f"SAML Provider with name {name} already exists.")

    @classmethod
    def server_certificate(cls, name: str) -> Self:
        return cls(f"The Server Certificate with name {name} already exists.")

    @classmethod
    def mfa_device(cls) -> Self:
        return cls("MFA device already exists.")

    @classmethod
    def mfa_device_of_user(cls, name: str) -> Self:
        return cls(f"MFA Device for user {name} already exists.")

    @classmethod
    def mfa_device_in_use(cls) -> Self:
        return cls("MFA Device is already in use.")

    @classmethod
    def login_profile(cls, user_name: str) -> Self:
        return cls(f"Login Profile for user {user_name} already exists.")


class EntityTemporarilyUnmodifiable(AwsError):
    """409: a change is under way; the same call is likely to succeed a little later."""

    code = "EntityTemporarilyUnmodifiable"

    @classmethod
    def login_profile(cls, user_name: str) -> Self:
        """Unverified: as AWS's users quote it."""
        return cls(
            f"Login Profile for User {user_name} cannot be modified while login profile is being"
            " created."
        )


class InvalidUserType(AwsError):
    """400: the operation is for IAM users alone."""

    code = "InvalidUserType"

    @classmethod
    def only_users(cls) -> Self:
        """Unverified."""
        return cls("Only IAM Users can change their own password")


class PasswordPolicyViolation(AwsError):
    """400: a password breaks the rules. The reasons are sentences of `authn.password_rules`."""

    code = "PasswordPolicyViolation"

    @classmethod
    def because(cls, reasons: Iterable[str]) -> Self:
        return cls(", ".join(reasons))


class InvalidAuthenticationCode(AwsError):
    """403: two codes that are not a device's next two."""

    code = "InvalidAuthenticationCode"

    @classmethod
    def of_device(cls) -> Self:
        return cls("Authentication code for device is not valid.")


class DeleteConflict(AwsError):
    """409: something still hangs on the entity."""

    code = "DeleteConflict"

    @classmethod
    def first(cls, what: str) -> Self:
        """`what` is what must be done first, as in `delete access keys`."""
        return cls(f"Cannot delete entity, must {what} first.")

    @classmethod
    def mfa_device_in_use(cls) -> Self:
        return cls("MFA VirtualDevice in use. Must deactivate first.")

    @classmethod
    def default_version(cls) -> Self:
        return cls("Cannot delete the default version of a policy.")

    @classmethod
    def policy_versions(cls) -> Self:
        return cls(
            "This policy has more than one version. Before you delete a policy, you must delete "
            "the policy's versions. The default version is deleted with the policy."
        )

    @classmethod
    def policy_in_use(cls) -> Self:
        return cls("Cannot delete a policy attached to entities.")


class MalformedPolicyDocument(AwsError):
    """400: a document that is no policy of the kind asked for."""

    code = "MalformedPolicyDocument"

    @classmethod
    def version(cls) -> Self:
        return cls("Policy document must be version 2012-10-17 or greater.")

    @classmethod
    def star_principal(cls) -> Self:
        return cls('AssumeRolepolicy contained an invalid principal: "STAR":"*".')

    @classmethod
    def principal(cls, kind: str, value: str) -> Self:
        """`kind` is `AWS`, `Service` or `Federated`."""
        shown = kind if kind == "AWS" else kind.upper()
        return cls(f'Invalid principal in policy: "{shown}":"{value}"')

    @classmethod
    def federated_principal(cls) -> Self:
        return cls("Federated principals must be valid domain names or SAML metadata ARNs")

    @classmethod
    def trust_action(cls) -> Self:
        return cls("AssumeRole policy may only specify STS AssumeRole actions.")

    @classmethod
    def shared_issuer(cls, issuer: str, keys: str) -> Self:
        """Unverified wording: what AWS says of a shared issuer was not recorded."""
        return cls(
            f"Statements that trust {issuer} must evaluate {keys} with a StringEquals or "
            "StringLike condition that does not admit every tenant."
        )


class LimitExceeded(AwsError):
    """409: a quota of the account is used up."""

    code = "LimitExceeded"

    @classmethod
    def quota(cls, name: str, value: int) -> Self:
        return cls(f"Cannot exceed quota for {name}: {value}")

    @classmethod
    def tags(cls) -> Self:
        return cls("The number of tags has reached the maximum limit.")

    @classmethod
    def policy_versions(cls, most: int) -> Self:
        return cls(
            f"A managed policy can have up to {most} versions. Before you create a new version, "
            "you must delete an existing version."
        )

    @classmethod
    def inline_size(cls, most: int, holder: str, name: str) -> Self:
        """`holder` is `user`, `group` or `role`."""
        return cls(f"Maximum policy size of {most} bytes exceeded for {holder} {name}")

    @classmethod
    def saml_private_keys(cls, most: int) -> Self:
        return cls(f"Private key limit of {most} is reached.")


class InvalidInput(AwsError):
    """400: a value makes no sense for the operation."""

    code = "InvalidInput"

    @classmethod
    def arn(cls, arn: str) -> Self:
        return cls(f"ARN {arn} is not valid.")

    @classmethod
    def reserved_tag(cls) -> Self:
        return cls("Tag keys beginning with aws: are reserved for system use.")

    @classmethod
    def no_tags(cls) -> Self:
        return cls("Tags list cannot be empty.")

    @classmethod
    def duplicate_tags(cls, *, case_matters: bool) -> Self:
        found = "Duplicate tag keys found."
        return cls(
            found if case_matters else f"{found} Please note that Tag keys are case insensitive."
        )

    @classmethod
    def no_tag_map(cls) -> Self:
        return cls("The provided tag map must not be null/empty.")

    @classmethod
    def no_tag_keys(cls) -> Self:
        return cls("The provided tag keys must not be null/empty.")

    @classmethod
    def tag_parameters(cls) -> Self:
        return cls(
            "Input tag parameters does not meet the acceptance criteria. For example, the "
            "provided tag keys/values must be unicode letters, digits, white space, and any of "
            "the following symbols: _ . : / = + - @."
        )

    @classmethod
    def reserved_path(cls, path: str) -> Self:
        return cls(f"The path {path} is kept for roles linked to services.")

    @classmethod
    def account_alias(cls, alias: str) -> Self:
        return cls(f"The account alias {alias} must not be an account ID.")

    @classmethod
    def service_without_role(cls, service: str) -> Self:
        return cls(f"The service {service} has no service-linked role.")

    @classmethod
    def linked_role_taken(cls, name: str) -> Self:
        return cls(
            f"Service role name {name} has been taken in this account, "
            "please try a different suffix."
        )

    @classmethod
    def custom_suffix(cls, service: str) -> Self:
        return cls(f"Custom suffix is not allowed for {service}")

    @classmethod
    def task_id(cls) -> Self:
        return cls("Invalid task id")

    @classmethod
    def unknown(cls) -> Self:
        """AWS says no more than this of an OIDC URL with a query or fragment."""
        return cls("Unknown")

    @classmethod
    def too_many_thumbprints(cls) -> Self:
        return cls("Thumbprint list must contain fewer than 5 entries.")

    @classmethod
    def no_thumbprint(cls) -> Self:
        return cls("Thumbprint list must contain at least one entry.")

    @classmethod
    def saml_metadata(cls) -> Self:
        return cls("Could not parse metadata")

    @classmethod
    def saml_issuer(cls) -> Self:
        return cls("SAML Providers must reference at least one SAML assertion issuer.")

    @classmethod
    def saml_private_key(cls) -> Self:
        return cls("Could not parse private key")

    @classmethod
    def saml_key_needed(cls) -> Self:
        return cls(
            "Failed to set assertion encryption mode to Required because no private key is present."
        )

    @classmethod
    def entity_arn(cls, arn: str) -> Self:
        return cls(f"Invalid Entity Arn: {arn} is not supported.")

    @classmethod
    def no_entity(cls, arn: str) -> Self:
        return cls(f"Could not extract entity from ARN : {arn}")

    @classmethod
    def service(cls, namespace: str) -> Self:
        # AWS: the word lacks an s, as recorded.
        return cls(f"Service namepace {namespace} is either invalid or unsupported.")

    @classmethod
    def services(cls, namespaces: Iterable[str]) -> Self:
        return cls(f"Invalid service namespace: [{', '.join(namespaces)}]")

    @classmethod
    def marker_of_other_job(cls) -> Self:
        return cls("The marker passed in the request was invalid.")

    @classmethod
    def saml_key_not_removed(cls) -> Self:
        return cls("Failed to remove private key.")


class ValidationError(AwsError):
    """400: what the model's constraints cannot say."""

    code = "ValidationError"
    status = 400

    @classmethod
    def arn(cls, arn: str) -> Self:
        return cls(f"ARN {arn} is not valid.")

    @classmethod
    def arn_partition(cls) -> Self:
        return cls("Invalid ARN partition")

    @classmethod
    def arn_service(cls) -> Self:
        return cls("Invalid service in ARN")

    @classmethod
    def needs_user_name(cls) -> Self:
        return cls("Must specify userName when calling with non-User credentials")

    @classmethod
    def needs_password(cls) -> Self:
        """Unverified: in the words of other required parameters."""
        return cls(
            "1 validation error detected: Value at 'password' failed to satisfy constraint:"
            " Member must not be null"
        )

    @classmethod
    def no_security_key(cls) -> Self:
        return cls(
            "The MFA device serial number sent in the request is invalid or not supported by this"
            " API. Currently, only hardware FIDO security keys are supported. Please use the"
            " compatible device or API."
        )

    @classmethod
    def mfa_device_name(cls) -> Self:
        """Ours: AWS has no operation that would say it."""
        return cls("The name of an MFA device is 1 to 64 of the characters A-Z a-z 0-9 _+=,.@-")

    @classmethod
    def mfa_device_name_too_long(cls, most: int) -> Self:
        """Unverified: the model sets no limit, yet a longer serial number could never be used."""
        return cls(
            "1 validation error detected: Value at 'virtualMFADeviceName' failed to satisfy"
            f" constraint: Member must have length less than or equal to {most}"
        )

    @classmethod
    def oidc_url(cls) -> Self:
        return cls("Invalid Open ID Connect Provider URL")

    @classmethod
    def saml_nothing_to_update(cls) -> Self:
        return cls(
            "Unable to update identity provider. "
            "No updates are defined for metadata or encryption assertion."
        )

    @classmethod
    def saml_add_and_remove(cls) -> Self:
        return cls(
            "Unable to add and remove private keys in the same request. "
            "Set a value for only one of the two parameters."
        )

    @classmethod
    def marker_of_other_filter(cls) -> Self:
        return cls("Marker and Filter do not match")


class UnmodifiableEntity(AwsError):
    """400: a role that belongs to a service of AWS."""

    code = "UnmodifiableEntity"

    @classmethod
    def protected_role(cls, name: str) -> Self:
        return cls(
            f"Cannot perform the operation on the protected role '{name}'"
            " - this role is only modifiable by AWS"
        )

    @classmethod
    def session_duration(cls, name: str) -> Self:
        return cls(f"{name} is an AWS service linked role, max session duration cannot be changed.")


class PolicyNotAttachable(AwsError):
    """400: a policy AWS keeps for roles linked to its services."""

    code = "PolicyNotAttachable"

    @classmethod
    def of_a_service(cls) -> Self:
        return cls("Cannot attach a Service Role Policy to a Customer Role.")


class AccessDenied(AwsError):
    """403: nobody may, whatever the policies say."""

    code = "AccessDenied"
    status = 403

    @classmethod
    def unknown_access_key(cls, caller_arn: str, key_id: str) -> Self:
        # AWS: no colon after `perform`, as recorded.
        return cls(
            f"User: {caller_arn} is not authorized to perform iam:GetAccessKeyLastUsed"
            f" on resource: access key {key_id}"
        )

    @classmethod
    def other_account(cls, caller_arn: str, arn: str) -> Self:
        return cls(f"User: {caller_arn} is not authorized to perform the operation on {arn}")

    @classmethod
    def aws_managed_policy(cls, caller_arn: str, action: str, arn: str) -> Self:
        return cls(
            f"User: {caller_arn} is not authorized to perform: {action} on resource: policy {arn}"
        )

    @classmethod
    def old_password(cls) -> Self:
        """Unverified wording."""
        return cls("The old password was incorrect.")

    @classmethod
    def same_password(cls) -> Self:
        """Recorded code, wording unverified."""
        return cls("The new password must not be the old password.")

    @classmethod
    def mfa_needed(cls) -> Self:
        return cls(
            "To complete this action, please ensure that you are authenticated with an MFA device"
            " that is enabled for this user."
        )

    @classmethod
    def copied_key(cls) -> Self:
        """Ours: AWS has no operation that would say it."""
        return cls("The security key could not be verified.")


class ReportNotPresent(AwsError):
    """410: no credential report was ever made."""

    code = "ReportNotPresent"

    @classmethod
    def here(cls) -> Self:
        """AWS says no more than this."""
        return cls("Unknown")


class ReportExpired(AwsError):
    """410: the credential report is older than four hours."""

    code = "ReportExpired"

    @classmethod
    def here(cls) -> Self:
        """Unverified: as AWS says of a report that is not there."""
        return cls("Unknown")


class MalformedCertificate(AwsError):
    """400: a certificate or chain that is none, or no longer valid."""

    code = "MalformedCertificate"

    @classmethod
    def not_pem(cls) -> Self:
        return cls("Unable to parse certificate. Please ensure the certificate is in PEM format.")

    @classmethod
    def expired(cls) -> Self:
        return cls(
            "Certificate is no longer valid. "
            "The 'Not After' date restriction on the certificate has passed."
        )

    @classmethod
    def chain_not_pem(cls) -> Self:
        """AWS says no more than this."""
        return cls("Unknown")

    @classmethod
    def chain(cls, index: int) -> Self:
        """`index` is -1 when the first of the chain did not sign the certificate."""
        return cls(
            "Unable to validate certificate chain. The certificate chain must start with the "
            "immediate signing certificate, followed by any intermediaries in order. "
            f"The index within the chain of the invalid certificate is: {index}"
        )


class KeyPairMismatch(AwsError):
    """400: a private key of another certificate."""

    code = "KeyPairMismatch"

    @classmethod
    def keys(cls) -> Self:
        return cls(
            "The private key did not match the public key provided. "
            "Please verify the key material and try again."
        )


class InvalidSimulation(InvalidInput):
    """400: what cannot be simulated. Sources: recorded answers, simulation; unverified marked."""

    @classmethod
    def policy(cls, number: int) -> Self:
        return cls(f"Policy input list item {number} has invalid content")

    @classmethod
    def boundary(cls) -> Self:
        """Unverified."""
        return cls("Permissions boundary policy input list item 1 has invalid content")

    @classmethod
    def boundaries(cls) -> Self:
        return cls("The list of Permissions Boundary policies cannot exceed 1 items.")

    @classmethod
    def resource_policy(cls) -> Self:
        """Unverified."""
        return cls("Resource policy has invalid content")

    @classmethod
    def organization_policy(cls, number: int) -> Self:
        """Unverified."""
        return cls(f"Organization policy at index {number} has invalid content")

    @classmethod
    def empty_level(cls, number: int) -> Self:
        return cls(
            f"Organization policy at index {number} must contain at least one service control "
            "policy"
        )

    @classmethod
    def entity(cls, arn: str) -> Self:
        return cls(f"Invalid Entity Arn: {arn} does not clearly define entity type and name.")

    @classmethod
    def no_caller(cls) -> Self:
        return cls("Invalid caller - Caller cannot be null or empty.")

    @classmethod
    def resource_owner(cls, owner: str) -> Self:
        # AWS: the sentence lacks a word, as recorded.
        return cls(f"'{owner}' is not a valid as a Resource Owner.")

    @classmethod
    def resource(cls, arn: str) -> Self:
        return cls(f"ResourceNames are not in a valid ARN format: {arn}.")

    @classmethod
    def resources(cls, most: int) -> Self:
        """Ours: AWS names no bound."""
        return cls(f"A simulation may name at most {most} resources.")

    @classmethod
    def action(cls) -> Self:
        return cls("The action is invalid since it is missing names")

    @classmethod
    def resource_handling(cls, action: str) -> Self:
        return cls(
            "Invalid input resource handling options. Action does not support resource handling "
            f"options: {action}. Please refer to the documentation for more details: "
            "https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html"
        )

    @classmethod
    def context_name(cls) -> Self:
        return cls("ContextKeyName cannot be null or empty.")

    @classmethod
    def context_type(cls, key: str) -> Self:
        return cls(f"Context key {key} has invalid type null.")

    @classmethod
    def context_values(cls, key: str) -> Self:
        return cls(f"Context values for context key {key} cannot be null or empty.")

    @classmethod
    def context_count(cls, kind: str, count: int) -> Self:
        # AWS: it names the type where the key is meant, as recorded.
        return cls(f"Context key {kind} expected a single value, but received {count}.")

    @classmethod
    def context_format(cls, key: str, wanted: str) -> Self:
        return cls(f"Invalid context value for key {key}: expected {wanted}.")

    @classmethod
    def context_duplicate(cls, key: str) -> Self:
        return cls(f"Duplicate context key: {key}.")

    @classmethod
    def inline_exclusion(cls) -> Self:
        return cls(
            "Invalid inline policy exclusion: policyName, attachmentType, and attachmentName are "
            "required"
        )

    @classmethod
    def marker(cls) -> Self:
        return cls("Invalid marker for pagination.")
