"""The root user of a house in memory, with the access key that nobody gives it."""

from dataclasses import replace

from doorward.account.model import AccessKey
from doorward.app.vault import AccountVault
from doorward.app.writer import Written
from doorward.authn.key_ids import access_key_id

SECRET = "of/root"  # a secret for tests


def root_key(house, number=0):
    """Put an access key into root's hand, as an import would; its id."""
    key_id = access_key_id("AKIA", house.account_id, bytes([number]) * 16)

    def given(live):
        vault = AccountVault(live, house.house.sealer)
        vault.put(f"access-key/{key_id}", SECRET.encode())
        profile = vault.live.account.profile
        keys = (*profile.root_keys, AccessKey(key_id, house.clock()))
        account = vault.live.account.put(replace(profile, root_keys=keys))
        return Written(replace(vault.live, account=account), key_id, ())

    return house.run(house.house.writer.write(house.account_id, given))


def root_client(house, service="iam", number=0):
    """A client that signs as root."""
    return house.client(service, root_key(house, number), SECRET)
