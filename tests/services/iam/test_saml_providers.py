from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from tests.house import raises_aws
from tests.services.iam.certificates import metadata, private_pem

from doorward.services.iam.saml_providers import _in_a_hundred_years

KEY = private_pem(ec.generate_private_key(ec.SECP256R1()))
METADATA = metadata()
TAGS = [{"Key": "z", "Value": "z"}, {"Key": "A", "Value": "a"}]


def create(house, **more):
    return house.iam.create_saml_provider(Name="okta", SAMLMetadataDocument=METADATA, **more)


@pytest.fixture
def arn(house):
    return create(house)["SAMLProviderArn"]


def get(house, arn):
    return house.iam.get_saml_provider(SAMLProviderArn=arn)


def update(house, arn, **more):
    return house.iam.update_saml_provider(SAMLProviderArn=arn, **more)


def key_ids(house, arn):
    return [key["KeyId"] for key in get(house, arn)["PrivateKeyList"]]


def secrets(house):
    live = house.house.accounts.get(house.account_id)
    return {name for name in live.secrets if name.startswith("saml-key/")}


def test_a_provider_as_it_was_recorded(house):
    made = create(house, Tags=TAGS)
    assert made["Tags"] == TAGS
    found = get(house, made["SAMLProviderArn"])
    assert made["SAMLProviderArn"] == f"arn:aws:iam::{house.account_id}:saml-provider/okta"
    assert found["SAMLProviderUUID"].startswith("SAMLSP")
    assert len(found["SAMLProviderUUID"]) == 22
    assert found["SAMLMetadataDocument"] == METADATA
    assert found["ValidUntil"].year == found["CreateDate"].year + 100
    assert [tag["Key"] for tag in found["Tags"]] == ["A", "z"]
    assert (found["AssertionEncryptionMode"], found["PrivateKeyList"]) == ("Allowed", [])
    [listed] = house.iam.list_saml_providers()["SAMLProviderList"]
    assert listed.keys() == {"Arn", "ValidUntil", "CreateDate"}


def test_a_hundred_years_from_a_leap_day():
    assert _in_a_hundred_years(datetime(2400, 2, 29, tzinfo=UTC)) == datetime(
        2500, 2, 28, tzinfo=UTC
    )


@pytest.mark.usefixtures("arn")
def test_a_name_is_taken_once_and_its_case_counts(house):
    with raises_aws("EntityAlreadyExists"):
        create(house)
    house.iam.create_saml_provider(Name="OKTA", SAMLMetadataDocument=METADATA)


def test_metadata_is_read(house, arn):
    with raises_aws("InvalidInput", "Could not parse metadata"):
        update(house, arn, SAMLMetadataDocument="x" * 1000)
    other = metadata(entity_id="https://other.example.com/")
    update(house, arn, SAMLMetadataDocument=other)
    assert get(house, arn)["SAMLMetadataDocument"] == other


def test_an_update_must_change_something(house, arn):
    message = (
        "Unable to update identity provider. "
        "No updates are defined for metadata or encryption assertion."
    )
    with raises_aws("ValidationError", message):
        update(house, arn)


def test_two_keys_and_no_more(house, arn):
    update(house, arn, AddPrivateKey=KEY)
    update(house, arn, AddPrivateKey=KEY)
    with raises_aws("LimitExceeded", "Private key limit of 2 is reached."):
        update(house, arn, AddPrivateKey=KEY)
    assert secrets(house) == {f"saml-key/{key}" for key in key_ids(house, arn)}


def test_what_is_no_key(house, arn):
    with raises_aws("InvalidInput"):
        update(house, arn, AddPrivateKey="no key")


def test_one_change_of_keys_at_a_time(house, arn):
    message = (
        "Unable to add and remove private keys in the same request. "
        "Set a value for only one of the two parameters."
    )
    with raises_aws("ValidationError", message):
        update(house, arn, AddPrivateKey=KEY, RemovePrivateKey="A" * 22)


def test_encryption_can_be_required_once_there_is_a_key(house, arn):
    message = (
        "Failed to set assertion encryption mode to Required because no private key is present."
    )
    with raises_aws("InvalidInput", message):
        update(house, arn, AssertionEncryptionMode="Required")
    update(house, arn, AssertionEncryptionMode="Required", AddPrivateKey=KEY)
    [key_id] = key_ids(house, arn)
    with raises_aws("InvalidInput", "Failed to remove private key."):
        update(house, arn, RemovePrivateKey=key_id)
    update(house, arn, AssertionEncryptionMode="Allowed")
    update(house, arn, RemovePrivateKey=key_id)
    assert key_ids(house, arn) == []
    assert secrets(house) == set()


def test_an_unknown_key_is_not_removed(house, arn):
    with raises_aws("InvalidInput", "Failed to remove private key."):
        update(house, arn, RemovePrivateKey="A" * 22)


def test_a_provider_goes_with_its_keys(house):
    arn = create(house, AddPrivateKey=KEY, AssertionEncryptionMode="Required")["SAMLProviderArn"]
    assert len(secrets(house)) == 1
    house.iam.delete_saml_provider(SAMLProviderArn=arn)
    assert secrets(house) == set()
    with raises_aws("NoSuchEntity", f"Manifest not found for arn {arn}"):
        house.iam.delete_saml_provider(SAMLProviderArn=arn)


def test_tags(house, arn):
    house.iam.tag_saml_provider(SAMLProviderArn=arn, Tags=TAGS)
    house.iam.tag_saml_provider(SAMLProviderArn=arn, Tags=[{"Key": "a", "Value": "2"}])
    house.iam.untag_saml_provider(SAMLProviderArn=arn, TagKeys=["A", "Z"])
    tags = house.iam.list_saml_provider_tags(SAMLProviderArn=arn)["Tags"]
    assert [tag["Key"] for tag in tags] == ["a", "z"]
    with raises_aws("InvalidInput"):
        house.iam.untag_saml_provider(SAMLProviderArn=arn, TagKeys=[])


def test_an_account_has_room_for_a_hundred(house):
    for number in range(100):
        house.iam.create_saml_provider(Name=f"idp{number}", SAMLMetadataDocument=METADATA)
    with raises_aws("LimitExceeded"):
        create(house)
