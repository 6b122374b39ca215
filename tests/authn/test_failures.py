import pytest

from doorward.authn import failures


@pytest.mark.parametrize(
    ("failure", "code", "message"),
    [
        (
            failures.missing_token(),
            "MissingAuthenticationToken",
            "Request is missing Authentication Token",
        ),
        (
            failures.unknown_key("AKIAX"),
            "InvalidClientTokenId",
            "The security token included in the request is invalid.",
        ),
        (
            failures.bad_token("r"),
            "InvalidClientTokenId",
            "The security token included in the request is invalid",
        ),
        (
            failures.expired_token("ASIAX"),
            "ExpiredToken",
            "The security token included in the request is expired",
        ),
        (failures.s3_expired("AKIAX"), "AccessDenied", "Request has expired"),
    ],
)
def test_what_the_client_reads(failure, code, message):
    assert (failure.code, failure.message) == (code, message)


def test_an_inactive_key_looks_like_an_unknown_one_and_the_trail_knows_better():
    inactive = failures.unknown_key("AKIAX", "the key is inactive")
    unknown = failures.unknown_key("AKIAX")
    assert (inactive.code, inactive.message) == (unknown.code, unknown.message)
    assert inactive.reason == "the key is inactive"
    assert inactive.access_key_id == "AKIAX"
