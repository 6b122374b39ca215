"""The account's own rules for its users' passwords."""

from dataclasses import replace
from typing import Any

from doorward.account.model import PasswordPolicy
from doorward.services.call import Call
from doorward.services.iam.errors import NoSuchEntity
from doorward.services.registry import anything, operation


@operation("iam", on=anything, reads=True)
def get_account_password_policy(call: Call) -> dict[str, Any]:
    """Return the rules; without any of its own, an account has AWS's and this finds nothing."""
    policy = call.account.profile.password_policy
    if policy is None:
        raise NoSuchEntity.password_policy(call.account.id)
    return {"PasswordPolicy": _shape(policy)}


@operation("iam", on=anything)
def update_account_password_policy(
    call: Call,
    *,
    minimum_password_length: int = 6,
    require_symbols: bool = False,
    require_numbers: bool = False,
    require_uppercase_characters: bool = False,
    require_lowercase_characters: bool = False,
    allow_users_to_change_password: bool = False,
    max_password_age: int = 0,
    password_reuse_prevention: int = 0,
    hard_expiry: bool | None = None,
) -> None:
    """Set all rules at once."""
    # AWS: what is left out is not kept but reset to its default, which is laxer than no policy.
    policy = PasswordPolicy(
        minimum_length=minimum_password_length,
        symbols=require_symbols,
        numbers=require_numbers,
        uppercase=require_uppercase_characters,
        lowercase=require_lowercase_characters,
        change_allowed=allow_users_to_change_password,
        max_age_days=max_password_age,
        reuse_prevention=password_reuse_prevention,
        hard_expiry=hard_expiry,
    )
    call.update(replace(call.account.profile, password_policy=policy))


@operation("iam", on=anything)
def delete_account_password_policy(call: Call) -> None:
    """Back to AWS's default rules."""
    if call.account.profile.password_policy is None:
        raise NoSuchEntity.no_password_policy()
    call.update(replace(call.account.profile, password_policy=None))


def _shape(policy: PasswordPolicy) -> dict[str, Any]:
    # AWS: these three are absent until they are set; recorded.
    optional = {
        "MaxPasswordAge": policy.max_age_days or None,
        "PasswordReusePrevention": policy.reuse_prevention or None,
        "HardExpiry": policy.hard_expiry,
    }
    return {
        "MinimumPasswordLength": policy.minimum_length,
        "RequireSymbols": policy.symbols,
        "RequireNumbers": policy.numbers,
        "RequireUppercaseCharacters": policy.uppercase,
        "RequireLowercaseCharacters": policy.lowercase,
        "AllowUsersToChangePassword": policy.change_allowed,
        "ExpirePasswords": policy.max_age_days > 0,
        **{name: value for name, value in optional.items() if value is not None},
    }
