import pytest

from doorward.app.in_process import pool as pools
from doorward.app.in_process.pool import Pool


@pytest.fixture
def pool():
    made = Pool()
    yield made
    made.close()


def names(house):
    return {user["UserName"] for user in house.client("iam").list_users()["Users"]}


def test_one_is_kept_and_begins_anew(pool):
    first = pool.fresh()
    first.client("iam").create_user(UserName="ann")
    assert pool.fresh() is first
    assert names(first) == {"admin"}


def test_another_seed_or_account_is_another_one(pool, tmp_path):
    file = tmp_path / "seed.yaml"
    file.write_text('{"users": [{"name": "ann"}]}')
    seeded = pool.fresh(file)
    assert names(seeded) == {"admin", "ann"}
    assert pool.fresh({"users": [{"name": "ann"}]}) is seeded
    assert pool.fresh(account="222233334444").account_id == "222233334444"
    file.write_text("users: []")
    assert pool.fresh(str(file)) is not seeded


def test_the_least_used_is_closed(pool, monkeypatch):
    monkeypatch.setattr(pools, "MOST", 2)
    first = pool.fresh(account="222200000001")
    pool.fresh(account="222200000002")
    assert pool.fresh(account="222200000001") is first
    pool.fresh(account="222200000003")
    assert pool.fresh(account="222200000001") is first
    assert pool.fresh(account="222200000002").account_id == "222200000002"
