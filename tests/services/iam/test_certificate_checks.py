import pytest
from tests.services.iam.certificates import TODAY, issue, of_version_five

from doorward.services.iam.certificate_checks import expiry
from doorward.services.iam.errors import KeyPairMismatch, MalformedCertificate

ROOT = issue("root")
MIDDLE = issue("middle", ROOT)
LEAF = issue("leaf", MIDDLE)
OTHER = issue("other")


def check(body=LEAF.pem, key=LEAF.key_pem, chain=None):
    return expiry(body, key, chain, TODAY)


@pytest.mark.parametrize(
    "chain",
    [
        None,
        MIDDLE.pem,
        MIDDLE.pem + ROOT.pem,
        MIDDLE.pem + ROOT.pem + ROOT.pem,
    ],
)
def test_chains_that_lead_on(chain):
    assert check(chain=chain) == LEAF.certificate.not_valid_after_utc


@pytest.mark.parametrize(
    ("chain", "index"),
    [
        (OTHER.pem, -1),
        (ROOT.pem, -1),
        (MIDDLE.pem + LEAF.pem, 1),
        (MIDDLE.pem + ROOT.pem + LEAF.pem, 2),
    ],
)
def test_the_first_link_that_did_not_sign_is_named(chain, index):
    with pytest.raises(MalformedCertificate, match=f"certificate is: {index}$"):
        check(chain=chain)


@pytest.mark.parametrize("chain", ["no chain", LEAF.key_pem])
def test_what_is_no_chain(chain):
    with pytest.raises(MalformedCertificate, match=r"^Unknown$"):
        check(chain=chain)


@pytest.mark.parametrize(
    "body",
    ["", "no certificate", LEAF.key_pem, LEAF.pem + MIDDLE.pem, of_version_five(LEAF)],
    ids=["nothing", "text", "a key", "two", "unknown version"],
)
def test_what_is_not_one_certificate(body):
    with pytest.raises(MalformedCertificate, match=r"^Unable to parse certificate"):
        check(body=body)


@pytest.mark.parametrize("key", ["", "no key", LEAF.pem])
def test_what_is_no_key(key):
    with pytest.raises(MalformedCertificate, match=r"^Unable to parse certificate"):
        check(key=key)


def test_a_key_of_another_certificate():
    with pytest.raises(KeyPairMismatch):
        check(key=OTHER.key_pem)


def test_a_certificate_that_is_over():
    old = issue("old", days=-1)
    with pytest.raises(MalformedCertificate, match="'Not After' date restriction"):
        check(old.pem, old.key_pem)
