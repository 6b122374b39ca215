import pytest
from tests.house import raises_aws

URL = "https://idp.example.com/path/"
UPPER, LOWER = "A" * 40, "a" * 40
TAGS = [{"Key": "key", "Value": "value"}, {"Key": "Area", "Value": "Value"}]


@pytest.fixture
def arn(house):
    return create(house, ClientIDList=["z", "a", "z"], ThumbprintList=[UPPER, LOWER], Tags=TAGS)


def create(house, url=URL, **more):
    made = house.iam.create_open_id_connect_provider(Url=url, **more)
    return made["OpenIDConnectProviderArn"]


def get(house, arn):
    return house.iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)


def test_a_provider_as_it_was_recorded(house, arn):
    assert arn == f"arn:aws:iam::{house.account_id}:oidc-provider/idp.example.com/path/"
    found = get(house, arn)
    assert found["Url"] == "idp.example.com/path/"
    assert found["ClientIDList"] == ["z", "a"]
    assert found["ThumbprintList"] == [LOWER, LOWER]
    assert [tag["Key"] for tag in found["Tags"]] == ["Area", "key"]


def test_tags_are_answered_in_the_order_given(house):
    made = house.iam.create_open_id_connect_provider(Url=URL, Tags=TAGS)
    assert made["Tags"] == TAGS
    bare = house.iam.create_open_id_connect_provider(Url="https://bare.example.com")
    assert "Tags" not in bare
    assert get(house, bare["OpenIDConnectProviderArn"])["Tags"] == []


def test_a_last_slash_makes_another_provider(house, arn):
    other = create(house, URL.rstrip("/"))
    listed = house.iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    assert {each["Arn"] for each in listed} == {arn, other}


def test_the_same_url_is_taken_once(house):
    create(house, "https://idp.example.com")
    message = "Provider with url https://idp.example.com already exists."
    with raises_aws("EntityAlreadyExists", message):
        create(house, "https://idp.example.com:443")


def test_a_query_is_refused(house):
    with raises_aws("InvalidInput", "Unknown"):
        create(house, "https://idp.example.com/?q=v")


def test_adding_a_known_client_and_removing_an_unknown_one_do_nothing(house, arn):
    for operation, client in (
        (house.iam.add_client_id_to_open_id_connect_provider, "a"),
        (house.iam.remove_client_id_from_open_id_connect_provider, "nobody"),
    ):
        operation(OpenIDConnectProviderArn=arn, ClientID=client)
    assert get(house, arn)["ClientIDList"] == ["z", "a"]


def test_clients_come_and_go(house, arn):
    house.iam.add_client_id_to_open_id_connect_provider(
        OpenIDConnectProviderArn=arn, ClientID="new"
    )
    house.iam.remove_client_id_from_open_id_connect_provider(
        OpenIDConnectProviderArn=arn, ClientID="z"
    )
    assert get(house, arn)["ClientIDList"] == ["a", "new"]


def test_a_hundred_clients_are_enough(house):
    many = [str(number) for number in range(101)]
    with raises_aws("LimitExceeded"):
        create(house, ClientIDList=many)
    arn = create(house, ClientIDList=many[:100])
    with raises_aws("LimitExceeded"):
        house.iam.add_client_id_to_open_id_connect_provider(
            OpenIDConnectProviderArn=arn, ClientID="one more"
        )


def test_thumbprints(house, arn):
    def update(*thumbprints):
        house.iam.update_open_id_connect_provider_thumbprint(
            OpenIDConnectProviderArn=arn, ThumbprintList=list(thumbprints)
        )

    update("G" * 40)
    assert get(house, arn)["ThumbprintList"] == ["g" * 40]
    with raises_aws("InvalidInput", "Thumbprint list must contain at least one entry."):
        update()
    with raises_aws("InvalidInput", "Thumbprint list must contain fewer than 5 entries."):
        update(*[LOWER] * 6)


def test_providers_that_are_not_there(house, arn):
    house.iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    with raises_aws("NoSuchEntity", f"OpenIDConnect Provider not found for arn {arn}"):
        get(house, arn)
    with raises_aws("NoSuchEntity", f"OpenId connect Provider {arn} cannot be found."):
        house.iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)


def test_a_provider_of_another_account_is_not_ours(house, arn):
    with raises_aws("NoSuchEntity"):
        get(house, arn.replace(house.account_id, "111122223333"))


def test_tag_keys_that_differ_in_case_are_two_tags(house, arn):
    house.iam.tag_open_id_connect_provider(
        OpenIDConnectProviderArn=arn, Tags=[{"Key": "KEY", "Value": "3"}]
    )
    house.iam.untag_open_id_connect_provider(OpenIDConnectProviderArn=arn, TagKeys=["key", "kEY"])
    pages = house.iam.get_paginator("list_open_id_connect_provider_tags").paginate(
        OpenIDConnectProviderArn=arn, PaginationConfig={"PageSize": 1}
    )
    assert [tag["Key"] for page in pages for tag in page["Tags"]] == ["Area", "KEY"]
    with raises_aws("InvalidInput"):
        house.iam.untag_open_id_connect_provider(OpenIDConnectProviderArn=arn, TagKeys=[])


def test_an_account_has_room_for_a_hundred(house):
    for number in range(100):
        create(house, f"https://idp{number}.example.com")
    with raises_aws("LimitExceeded"):
        create(house)
