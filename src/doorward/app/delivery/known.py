"""What a store knows of delivered trails: keys, newest digests, and the records themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice, product

from doorward.account.account import Account
from doorward.account.trail_delivery import Chain
from doorward.account.trails import DigestKey, Trail
from doorward.app.delivery.batches import chosen
from doorward.app.delivery.course import read_state
from doorward.app.live import read_live
from doorward.store.unit import RecordRow, Store
from doorward.trail.delivery import head_of, log_body
from doorward.trail.digest import Link, LogFile, hashed
from doorward.trail.digest_check import ChainName

SECOND_MS = 1000
MOST_READ = 200_000
MOST_TRIED = 400


class Known:
    """Nothing: for files from elsewhere."""

    def keys(self) -> dict[str, bytes]:
        """Public keys by fingerprint, PKCS #1."""
        return {}

    def newest(self) -> dict[ChainName, Link]:
        """The digest delivered last, by chain."""
        return {}

    def unlisted(self, _chain: ChainName) -> tuple[LogFile, ...]:
        """Files that were delivered and that the next digest will list."""
        return ()

    def delivered(self, _chain: ChainName, _file: LogFile) -> list[bytes] | None:
        """The records of a file as they were delivered; None when that cannot be told."""
        return None


@dataclass(slots=True)
class _Held:
    account: str
    trail: Trail
    chain: Chain


class KnownByStore(Known):
    """A store, read once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._accounts = [_account(store, each) for each in store.accounts_with("digest-key")]
        self._chains = dict(self._read_chains())

    def keys(self) -> dict[str, bytes]:
        """Public keys by fingerprint, PKCS #1."""
        return {
            key.fingerprint: key.public
            for account in self._accounts
            for key in account.all(DigestKey)
        }

    def newest(self) -> dict[ChainName, Link]:
        """The digest delivered last, by chain."""
        return {name: each.chain.newest for name, each in self._chains.items() if each.chain.newest}

    def unlisted(self, chain: ChainName) -> tuple[LogFile, ...]:
        """Files that were delivered and that the next digest will list."""
        held = self._chains.get(chain)
        return held.chain.files if held else ()

    def delivered(self, chain: ChainName, file: LogFile) -> list[bytes] | None:
        """The records of a file as they were delivered; None when that cannot be told.

        They are looked for among the trail's records of that time: those that lie in a row and
        have the hash the digest signed are the ones.
        """
        held = self._chains.get(chain)
        if held is None:
            return None
        try:
            rows = self._rows(chain.account, file)
        except ValueError:
            # The times are what a digest says, and that may be forged.
            return None
        found = chosen(held.trail, rows)
        bodies = [body for head, body in found if head.aws_region == chain.region]
        return _with_hash(bodies, file)

    def _rows(self, account: str, file: LogFile) -> list[RecordRow]:
        start, end = (datetime.fromisoformat(each) for each in (file.oldest, file.newest))
        found = self._store.find_records(
            account,
            start_ms=int(start.timestamp() * SECOND_MS),
            end_ms=int(end.timestamp() * SECOND_MS) + SECOND_MS - 1,
            attribute=None,
            limit=MOST_READ,
            before=None,
        )
        return [row for _, row in sorted(found, key=lambda each: each[0])]

    def _read_chains(self) -> Iterable[tuple[ChainName, _Held]]:
        for account in self._accounts:
            for trail in account.all(Trail):
                state = read_state(self._store, trail.trail_id)
                for region, chain in (state.chains if state else {}).items():
                    name = ChainName(account.id, region, trail.name, trail.region)
                    yield name, _Held(account.id, trail, chain)


def _account(store: Store, account_id: str) -> Account:
    return read_live(account_id, *store.read(account_id)).account


def _with_hash(bodies: list[bytes], file: LogFile) -> list[bytes] | None:
    """The run of records that has the file's hash; its ends lie in the first and last second."""
    seconds = [head_of(body).event_time for body in bodies]
    firsts = [at for at, second in enumerate(seconds) if second == file.oldest]
    lasts = [at for at, second in enumerate(seconds) if second == file.newest]
    # The whole of both seconds first; a busy second is not tried out for ever.
    for first, last in islice(product(firsts, reversed(lasts)), MOST_TRIED):
        run = bodies[first : last + 1]
        if run and hashed(log_body(run)) == file.hash:
            return run
    return None
