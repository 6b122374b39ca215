"""What IAM says of SSH keys, signing certificates and credentials for one service.

Codes and statuses are the model's. Recorded, ssh_public_keys and signing_certificates: what is
missing, and a certificate that cannot be read. Other sentences are what AWS's users quote, or
where nobody does, our own; to correct one is one edit here.
"""

from typing import Self

from doorward.errors import AwsError
from doorward.services.iam.errors import (
    AccessDenied,
    MalformedCertificate,
    NoSuchEntity,
    ValidationError,
)


class NoSuchCredential(NoSuchEntity):
    """404: the user has no such credential."""

    @classmethod
    def of(cls, what: str, credential_id: str) -> Self:
        """`what` is `Access Key`, `Public Key`, `Certificate` or `Service Specific Credential`."""
        return cls(f"The {what} with id {credential_id} cannot be found.")


class RootKeysForbidden(AccessDenied):
    """403: root makes no access keys here; AWS has no such setting."""

    @classmethod
    def by_setting(cls, caller_arn: str) -> Self:
        return cls(
            f"User: {caller_arn} is not authorized to perform: iam:CreateAccessKey on resource: "
            f"{caller_arn} because the setting root.access_keys is deny: the root user gets no "
            "access keys. Make an IAM user or a role instead."
        )


class InvalidPublicKey(AwsError):
    """400: a key that cannot be read, or that AWS does not take."""

    code = "InvalidPublicKey"

    @classmethod
    def malformed(cls) -> Self:
        return cls("The public key is malformed or otherwise invalid.")

    @classmethod
    def too_short(cls, least: int) -> Self:
        return cls(f"The public key must have at least {least} bits.")


class UnrecognizedPublicKeyEncoding(AwsError):
    """400: neither `ssh-rsa ...` nor PEM, or asked for as something else."""

    code = "UnrecognizedPublicKeyEncoding"

    @classmethod
    def neither(cls) -> Self:
        return cls(
            "The public key encoding format is unsupported or unrecognized. "
            "It must be ssh-rsa or PEM."
        )


class DuplicateSshKey(AwsError):
    """400: this user has it already."""

    code = "DuplicateSSHPublicKey"

    @classmethod
    def of_the_user(cls, name: str) -> Self:
        return cls(f"The SSH public key is already associated with the user {name}.")


class UnreadableCertificate(MalformedCertificate):
    """400: no certificate; AWS repeats all of it."""

    @classmethod
    def of(cls, body: str) -> Self:
        return cls(f"Certificate {body} is malformed.")


class InvalidCertificate(AwsError):
    """400: a certificate that can be read and cannot sign."""

    code = "InvalidCertificate"

    @classmethod
    def key(cls, least: int) -> Self:
        return cls(f"The certificate must hold an RSA key of at least {least} bits.")


class DuplicateCertificate(AwsError):
    """409: somebody in the account has it already."""

    code = "DuplicateCertificate"

    @classmethod
    def in_the_account(cls) -> Self:
        return cls("The certificate is already associated with an IAM user in the account.")


class NotSupportedService(AwsError):
    """404: no credentials of this kind for that service."""

    code = "NotSupportedService"

    @classmethod
    def service(cls, name: str) -> Self:
        return cls(f"No such service {name} is supported for Service Specific Credentials")


class BadCredentialRequest(ValidationError):
    """400: parameters that do not go together."""

    @classmethod
    def no_age(cls, service: str) -> Self:
        return cls(f"CredentialAgeDays is not supported for {service}.")

    @classmethod
    def whose(cls) -> Self:
        return cls("UserName and AllUsers cannot be specified together.")
