from tests.house import raises_aws


def version(house):
    return house.iam.get_account_summary()["SummaryMap"]["GlobalEndpointTokenVersion"]


def test_the_token_version_is_remembered(house):
    assert version(house) == 1
    house.iam.set_security_token_service_preferences(GlobalEndpointTokenVersion="v2Token")
    assert version(house) == 2
    house.iam.set_security_token_service_preferences(GlobalEndpointTokenVersion="v1Token")
    assert version(house) == 1


def test_names_are_exact(house):
    with raises_aws("ValidationError"):
        house.iam.set_security_token_service_preferences(GlobalEndpointTokenVersion="V1Token")
