import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.services.iam.certificates import issue, metadata, of_version_five

from doorward.services.iam.errors import InvalidInput
from doorward.services.iam.saml_metadata import refuse_unusable

NOT_PARSED = "Could not parse metadata"


@pytest.mark.parametrize(
    "text",
    [
        metadata(),
        metadata(issue("old", days=-1).pem),
        metadata().replace("X509Certificate", "Other"),
        '<?xml version="1.0" encoding="UTF-16"?>' + metadata(),
    ],
    ids=["plain", "expired certificate", "no certificate", "odd encoding"],
)
def test_metadata_that_is_taken(text):
    refuse_unusable(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (metadata(root="EntitiesDescriptor"), NOT_PARSED),
        (metadata(entity_id=""), "SAML Providers must reference"),
        (metadata("aaaa"), NOT_PARSED),
        (metadata(of_version_five(issue("odd"))), NOT_PARSED),
        (metadata("not base64!"), NOT_PARSED),
        (metadata("é"), NOT_PARSED),
        (metadata()[:-1], NOT_PARSED),
        ("<!DOCTYPE a>" + metadata(), NOT_PARSED),
        ('<!DOCTYPE a [<!ENTITY x "y">]>' + metadata("&x;"), NOT_PARSED),
        ("\ud800" + metadata(), NOT_PARSED),
        ("no XML", NOT_PARSED),
    ],
)
def test_metadata_that_is_refused(text, message):
    with pytest.raises(InvalidInput, match=message):
        refuse_unusable(text)


@given(st.text(max_size=50) | st.text(alphabet="<>/&;!=\"' ab[]", max_size=50))
def test_no_text_does_more_than_be_refused(text):
    with pytest.raises(InvalidInput):
        refuse_unusable(text)
