"""Values to AWS's members."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from doorward.account.account import Account
from doorward.account.model import AccessKey, User
from doorward.account.tags import Tag


def document(text: str) -> str:
    """A policy document as IAM hands it out: percent-encoded, bytes kept."""
    return quote(text, safe="-_.~")


def tags(of: Iterable[Tag]) -> list[dict[str, str]]:
    """A tag list."""
    return [{"Key": tag.key, "Value": tag.value} for tag in of]


def boundary(arn: str | None) -> dict[str, str] | None:
    """AttachedPermissionsBoundary, where there is one."""
    if arn is None:
        return None
    return {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn}


def user(account: Account, of: User) -> dict[str, Any]:
    """User as the lists give it: no tags, no boundary."""
    return {
        "Path": of.path,
        "UserName": of.name,
        "UserId": of.user_id,
        "Arn": account.arn(of),
        "CreateDate": of.created,
    }


def user_in_full(account: Account, of: User) -> dict[str, Any]:
    """User as CreateUser and GetUser give it."""
    return user(account, of) | {
        "PermissionsBoundary": boundary(of.boundary),
        "Tags": tags(of.tags) or None,
    }


def root(account: Account) -> dict[str, Any]:
    """User as GetUser gives it for the root user, who has no name and no path."""
    profile = account.profile
    return {
        "UserId": account.id,
        "Arn": account.arn(profile),
        "CreateDate": profile.created,
    }


def access_key(user_name: str | None, of: AccessKey) -> dict[str, Any]:
    """AccessKeyMetadata."""
    return {
        "UserName": user_name,
        "AccessKeyId": of.id,
        "Status": "Active" if of.active else "Inactive",
        "CreateDate": of.created,
    }
