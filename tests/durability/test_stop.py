"""A node that is told to stop finishes what it began and stores what waits, reads included."""

from contextlib import closing

import pytest
from tests.durability.ledger import check
from tests.durability.server import started
from tests.durability.writers import Promises, write_until

from doorward.store import open_store


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_stopping_under_load_loses_not_even_a_read(tmp_path, kind, request):
    where = data = tmp_path / "data"
    # Reads would wait for a minute in memory, so only the stop itself can have stored them.
    options = ["--set", "trail.flush_ms=60000"]
    if kind == "postgresql":
        where = request.getfixturevalue("postgres_cluster").database()
        options += ["--database", where]
    promises, codes = Promises(), []
    with started(data, *options) as server:
        admin = tuple(server.facts["admin"].values())
        write_until(
            lambda: codes.append(server.stop()), server, admin, promises, round_number=0, after=60
        )
    assert codes in ([0], [-15])
    assert promises.reads
    with closing(open_store(where)) as store:
        check(store, server.account, promises, reads=True)
