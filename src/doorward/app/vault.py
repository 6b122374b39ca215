"""Secrets of one account while a call runs: sealed as they are put, opened as they are read."""

from doorward.app.live import SECRET, Live
from doorward.store.sealed import Sealer, row_place


class AccountVault:
    """The `Vault` handed to an operation; what it changed is read back from `live`."""

    def __init__(self, live: Live, sealer: Sealer) -> None:
        self.live = live
        self._sealer = sealer

    def put(self, name: str, secret: bytes) -> None:
        """Keep a secret, replacing the one of that name."""
        self.live = self.live.with_secret(name, self._sealer.seal(secret, self._aad(name)))

    def get(self, name: str) -> bytes | None:
        """The secret of that name."""
        sealed = self.live.secrets.get(name)
        return None if sealed is None else self._sealer.unseal(sealed, self._aad(name))

    def drop(self, name: str) -> None:
        """Forget the secret of that name, if there is one."""
        if name in self.live.secrets:
            self.live = self.live.with_secret(name, None)

    def _aad(self, name: str) -> bytes:
        return row_place(self.live.account.id, SECRET, name)
