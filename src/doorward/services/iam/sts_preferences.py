"""Which version of token the global STS endpoint hands out."""

from dataclasses import replace

from doorward.services.call import Call
from doorward.services.registry import anything, operation

_VERSIONS = {"v1Token": 1, "v2Token": 2}


@operation("iam", on=anything)
def set_security_token_service_preferences(
    call: Call, *, global_endpoint_token_version: str
) -> None:
    """Choose the version; the model has refused any other than the two."""
    version = _VERSIONS[global_endpoint_token_version]
    call.update(replace(call.account.profile, token_version=version))
