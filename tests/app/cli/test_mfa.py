import json
from base64 import b32encode
from datetime import UTC, datetime

import boto3
import pytest
from botocore.config import Config

from doorward.account.mfa import MfaKind, seed_place
from doorward.app.bootstrap import first_start
from doorward.app.house import utc_now
from doorward.app.live import read_live
from doorward.app.seed import read_seed
from doorward.app.vault import AccountVault
from doorward.authn.totp import code_at, step_at
from doorward.store.key_sources import key_source
from doorward.store.rotation import open_sealer
from doorward.store.sqlite import SqliteStore

MAIN, OTHER = "111122223333", "444455556666"
SEED = f"""
account: {{id: "{MAIN}"}}
users: [{{name: ann, access_keys: [{{id: AKIAIOSFODNN7EXAMPLE, secret: s}}]}}]
accounts: [{{account: {{id: "{OTHER}"}}, users: [{{name: bob}}]}}]
"""
SECRET = b"12345678901234567890"


@pytest.fixture
def data(tmp_path):
    """A data directory that no server has open."""
    directory = tmp_path / "data"
    store = SqliteStore(directory)
    sealer = open_sealer(store, key_source(directory))
    first_start(store, sealer, read_seed(SEED), None, utc_now())
    store.close()
    return directory


@pytest.fixture
def file(tmp_path):
    """A file of three tokens."""
    lines = [f"GAHT0000000{number},{secret(number).hex()}\n" for number in range(3)]
    place = tmp_path / "tokens.csv"
    place.write_text("".join(lines))
    return place


def secret(number):
    return SECRET[:-1] + bytes([number])


def kept(directory, account=MAIN):
    """The account, its vault and the records of what was done."""
    store = SqliteStore(directory, read_only=True)
    sealer = open_sealer(store, key_source(directory))
    live = read_live(account, *store.read(account))
    found = store.find_records(
        account, start_ms=0, end_ms=10**15, attribute=None, limit=10, before=None
    )
    store.close()
    return live.account, AccountVault(live, sealer), [row.body for _, row in found]


def test_tokens_are_taken_in_unassigned(run, data, file):
    ran = run("mfa", "import", file, "--data", data, "--json")
    assert ran.code == 0
    assert ran.json["account"] == MAIN
    assert ran.json["done"] == [f"imported GAHT0000000{number}" for number in range(3)]
    account, vault, _ = kept(data)
    for number in range(3):
        device = account.mfa_device(f"GAHT0000000{number}")
        assert (device.kind, device.holder) == (MfaKind.HARDWARE, None)
        assert vault.get(seed_place(device)) == secret(number)


def test_records_name_the_tokens_and_hold_no_seed(run, data, file):
    run("mfa", "import", file, "--data", data)
    run("mfa", "forget", "GAHT00000002", "--data", data)
    forgotten, imported = (json.loads(body) for body in kept(data)[2][:2])
    assert imported["eventName"] == "ImportMFATokens"
    assert imported["requestParameters"] is None
    assert "imported GAHT00000001" in imported["additionalEventData"]["done"]
    assert forgotten["eventName"] == "ForgetMFAToken"
    assert forgotten["requestParameters"] == {"mfaDeviceName": "GAHT00000002"}
    told = b"".join(kept(data)[2])
    for number in range(3):
        assert secret(number).hex().encode() not in told


def test_a_token_that_is_there_keeps_its_seed(run, data, file, tmp_path):
    run("mfa", "import", file, "--data", data)
    other = tmp_path / "other.csv"
    other.write_text(f"gaht00000001,{secret(9).hex()}\nGAHT00000009,{secret(9).hex()}\n")
    ran = run("mfa", "import", other, "--data", data)
    assert ran.out == "- left gaht00000001 as it was\n- imported GAHT00000009\n"
    account, vault, _ = kept(data)
    assert vault.get(seed_place(account.mfa_device("GAHT00000001"))) == secret(1)


def test_a_forgotten_token_may_come_again(run, data, file):
    run("mfa", "import", file, "--data", data)
    ran = run("mfa", "forget", "gaht00000001", "--data", data)
    assert ran.out == "- forgot GAHT00000001\n"
    account, vault, _ = kept(data)
    assert account.mfa_device("GAHT00000001") is None
    assert sorted(vault.live.secrets).count("mfa-seed") == 0
    assert len([name for name in vault.live.secrets if name.startswith("mfa-seed/")]) == 2
    ran = run("mfa", "import", file, "--data", data, "--json")
    assert "imported GAHT00000001" in ran.json["done"]


def test_there_is_no_such_token(run, data):
    ran = run("mfa", "forget", "GAHT00000001", "--data", data)
    assert (ran.code, ran.out) == (2, "")
    assert "MFA Device with serial number GAHT00000001 does not exist." in ran.err


def test_tokens_of_another_account(run, data, file):
    assert run("mfa", "import", file, "--data", data, "--account", OTHER).code == 0
    assert kept(data, OTHER)[0].mfa_device("GAHT00000001")
    assert kept(data)[0].mfa_device("GAHT00000001") is None


def test_more_tokens_than_one_order_holds(run, data, tmp_path):
    many = tmp_path / "many.csv"
    many.write_text("".join(f"{n:0256},{n:0128x}\n" for n in range(250)))
    ran = run("mfa", "import", many, "--data", data, "--json")
    assert len(ran.json["done"]) == 250


@pytest.mark.parametrize(
    ("content", "said"),
    [("GAHT00000001,123\n", "line 1: the seed is neither"), ("", "there is no line in it")],
)
def test_a_file_that_is_none(run, data, tmp_path, content, said):
    bad = tmp_path / "bad.csv"
    bad.write_text(content)
    ran = run("mfa", "import", bad, "--data", data)
    assert ran.code == 2
    assert said in ran.err
    assert "No token was taken in." in ran.err


def test_a_file_that_is_not_there(run, data, tmp_path):
    ran = run("mfa", "import", tmp_path / "none.csv", "--data", data)
    assert ran.code == 2
    assert "No such file" in ran.err


@pytest.mark.parametrize(("key", "said"), [("xyz", "not in hex"), ("00", "no AES key")])
def test_a_key_that_is_none(run, data, file, tmp_path, key, said):
    key_file = tmp_path / "key"
    key_file.write_text(key)
    ran = run("mfa", "import", file, "--key-file", key_file, "--data", data)
    assert ran.code == 2
    assert said in ran.err


@pytest.mark.practice("S003-05")
def test_a_running_server_takes_them_in_and_a_token_works(run, server, file, tmp_path):
    """From the maker's file to a session with MFA, as an administrator and a user do it."""
    seed = tmp_path / "seed.yaml"
    seed.write_text(SEED)
    running = server("--data", tmp_path / "live", "--seed", seed)
    assert run("mfa", "import", file, "--data", tmp_path / "live").code == 0

    def client(service, key, hidden):
        return boto3.client(
            service,
            endpoint_url=running.facts["endpoint"],
            region_name="us-east-1",
            aws_access_key_id=key,
            aws_secret_access_key=hidden,
            config=Config(retries={"total_max_attempts": 1}),
        )

    iam = client("iam", *running.facts["admin"].values())
    step = step_at(datetime.now(UTC))
    codes = [code_at(secret(1), each) for each in (step - 1, step, step + 1)]
    iam.enable_mfa_device(
        UserName="ann",
        SerialNumber="GAHT00000001",
        AuthenticationCode1=codes[0],
        AuthenticationCode2=codes[1],
    )
    (listed,) = iam.list_mfa_devices(UserName="ann")["MFADevices"]
    assert listed["SerialNumber"] == "GAHT00000001"
    assert iam.list_virtual_mfa_devices()["VirtualMFADevices"] == []
    sts = client("sts", "AKIAIOSFODNN7EXAMPLE", "s")
    assert sts.get_session_token(SerialNumber="GAHT00000001", TokenCode=codes[2])["Credentials"]
    ran = run("mfa", "forget", "GAHT00000001", "--data", tmp_path / "live")
    assert ran.code == 2
    assert "Must deactivate first" in ran.err
    iam.deactivate_mfa_device(UserName="ann", SerialNumber="GAHT00000001")
    assert run("mfa", "forget", "GAHT00000001", "--data", tmp_path / "live").code == 0


def test_base32_too(run, data, tmp_path):
    place = tmp_path / "tokens.csv"
    place.write_text(f"serial number;secret key\nGAHT00000001;{b32encode(SECRET).decode()}\n")
    run("mfa", "import", place, "--data", data)
    account, vault, _ = kept(data)
    assert vault.get(seed_place(account.mfa_device("GAHT00000001"))) == SECRET


def test_a_file_too_large(run, data, file, monkeypatch):
    monkeypatch.setattr("doorward.app.cli.mfa.LARGEST_FILE", 50)
    ran = run("mfa", "import", file, "--data", data)
    assert ran.code == 2
    assert "more than 16 MiB" in ran.err
