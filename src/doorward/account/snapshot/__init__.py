"""What AWS tools print about a real account, read as an account."""

from doorward.account.snapshot.authorization_details import read_authorization_details
from doorward.account.snapshot.errors import SnapshotError

__all__ = ["SnapshotError", "read_authorization_details"]
