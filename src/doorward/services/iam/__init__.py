"""AWS Identity and Access Management, version 2010-05-08."""

from doorward.services.iam import access_keys, users

__all__ = ["access_keys", "users"]
