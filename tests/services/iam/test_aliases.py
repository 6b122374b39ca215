from tests.house import raises_aws


def aliases(house):
    return house.iam.list_account_aliases()["AccountAliases"]


def test_there_is_one_alias_and_a_new_one_replaces_it(house):
    assert aliases(house) == []
    house.iam.create_account_alias(AccountAlias="acme")
    house.iam.create_account_alias(AccountAlias="acme-two")
    assert aliases(house) == ["acme-two"]


def test_the_same_alias_again_is_refused(house):
    house.iam.create_account_alias(AccountAlias="acme")
    with raises_aws("EntityAlreadyExists", "The account alias acme already exists."):
        house.iam.create_account_alias(AccountAlias="acme")


def test_only_the_alias_there_is_can_be_deleted(house):
    house.iam.create_account_alias(AccountAlias="acme")
    with raises_aws("NoSuchEntity", "The account alias other cannot be found."):
        house.iam.delete_account_alias(AccountAlias="other")
    house.iam.delete_account_alias(AccountAlias="acme")
    assert aliases(house) == []


def test_the_model_says_what_an_alias_looks_like(house):
    with raises_aws("ValidationError"):
        house.iam.create_account_alias(AccountAlias="Acme--x")


def test_an_alias_does_not_pass_for_an_account_id(house):
    with raises_aws("InvalidInput"):
        house.iam.create_account_alias(AccountAlias="111122223333")
    house.iam.create_account_alias(AccountAlias="1111222233334")
