from base64 import b32encode, b64encode
from contextlib import suppress
from hmac import digest
from os import urandom

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from doorward.authn.seed_files import read_seeds
from doorward.authn.token_seeds import BadSeedFile, TokenSeed

SEED = b"12345678901234567890"
HEX = SEED.hex()
BASE32 = b32encode(SEED).decode()
TOKEN = TokenSeed("GAHT12345678", SEED)


@pytest.mark.parametrize(
    "text",
    [
        f"GAHT12345678,{HEX}",
        f"GAHT12345678,{HEX.upper()}\r\n",
        f"GAHT12345678,{BASE32}\n",
        f"GAHT12345678;{BASE32.lower()}\n",
        f"GAHT12345678\t{BASE32}====\n",
        f'"GAHT12345678","{HEX[:4]} {HEX[4:]}"\n',
        f"serial,seed\nGAHT12345678,{HEX}\n",
        f"\ufeffSerial Number;Secret Key\nGAHT12345678;{HEX}\n",
        f"# tokens of March\n\n GAHT12345678 , {HEX} \n\n",
        f"upn,serial number,secret key,time interval,model\na@x,GAHT12345678,{BASE32},30,E1\n",
        f"digits,algorithm,key,sn\n6,HMAC-SHA1,{HEX},GAHT12345678\n",
        f"period,Serial No,secret\n30s,GAHT12345678,{HEX}\n",
    ],
)
def test_lines_of_serials_and_seeds(text):
    assert read_seeds(text.encode()) == [TOKEN]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "there is no line in it"),
        ("\n# nothing\n", "there is no line in it"),
        (f"GAHT12345678,{HEX},x\n", "line 1: 3 columns; name them in a first line"),
        (f"GAHT1,{HEX}\n", "line 1: its serial number is none"),
        (f"GAHT 12345678,{HEX}\n", "its serial number is none"),
        (f"arn:aws:iam::1:mfa/x,{HEX}\n", "its serial number is none"),
        (f"serial,seed\n\nGAHT12345678,{HEX[:30]}\n", "line 3: a seed has 16 to 64 bytes"),
        (f"GAHT12345678,{HEX * 4}\n", "this has 80"),
        ("GAHT12345678,not.a.seed.at.all\n", "line 1: the seed is neither hex nor base32"),
        ("GAHT12345678,\n", "this has 0"),
        ("serial,seed\nGAHT12345678\n", "this has 0"),
        (f"serial,seed,digits\nGAHT12345678,{HEX},8\n", "line 2: digits is 8"),
        (f"serial,seed,time interval\nGAHT12345678,{HEX},60\n", "interval is 60"),
        (f"serial,seed,hash\nGAHT12345678,{HEX},SHA256\n", "algorithm is SHA256"),
        (f"GAHT12345678,{HEX}\ngaht12345678,{HEX}\n", "gaht12345678 is in it twice"),
        (f'GAHT12345678,"{HEX}\n' + "x" * 200_000, "line"),
    ],
)
def test_lines_that_are_not_taken(text, reason):
    with pytest.raises(BadSeedFile) as refused:
        read_seeds(text.encode())
    assert reason in str(refused.value)
    assert HEX[:30] not in str(refused.value)


def test_what_is_no_text():
    with pytest.raises(BadSeedFile, match="not text"):
        read_seeds(b"GAHT12345678,\x80\n")


def test_a_seed_in_the_wrong_column_is_not_shown():
    with pytest.raises(BadSeedFile) as refused:
        read_seeds(f"{HEX} ,GAHT 1\n".encode())
    assert HEX[:8] not in str(refused.value)


@given(st.binary(max_size=200))
def test_whatever_it_is_it_is_taken_or_refused(content):
    with suppress(BadSeedFile):
        assert all(len(token.seed) >= 16 for token in read_seeds(content))


def test_a_seed_is_not_shown():
    assert HEX not in repr(TOKEN)
    assert "1234567890" not in repr(TOKEN).replace("GAHT12345678", "")


# --- PSKC ----------------------------------------------------------------------------------------

NAMESPACE = "urn:ietf:params:xml:ns:keyprov:pskc"
TOTP = f"{NAMESPACE}:totp"


def container(*packages, head=""):
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><KeyContainer Version="1.0" xmlns="{NAMESPACE}" '
        'xmlns:ds="http://www.w3.org/2000/09/xmldsig#" '
        f'xmlns:xenc="http://www.w3.org/2001/04/xmlenc#">{head}{"".join(packages)}</KeyContainer>'
    ).encode()


PLAIN = f"<PlainValue>{b64encode(SEED).decode()}</PlainValue>"


def package(
    secret=PLAIN,
    serial="<SerialNo>GAHT12345678</SerialNo>",
    algorithm=TOTP,
    parameters='<ResponseFormat Length="6" Encoding="DECIMAL"/>',
    interval="<TimeInterval><PlainValue>30</PlainValue></TimeInterval>",
):
    return (
        f"<KeyPackage><DeviceInfo><Manufacturer>Example</Manufacturer>{serial}</DeviceInfo>"
        f'<Key Id="id-87654321" Algorithm="{algorithm}"><AlgorithmParameters>{parameters}'
        f"</AlgorithmParameters><Data><Secret>{secret}</Secret>{interval}</Data></Key></KeyPackage>"
    )


# RFC 6030, figure 6: key, MAC key, value and MAC.
KEY = bytes.fromhex("12345678901234567890123456789012")
CBC = '<xenc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/>'


def cipher(value):
    return f"{CBC}<xenc:CipherData><xenc:CipherValue>{value}</xenc:CipherValue></xenc:CipherData>"


MAC_METHOD = (
    '<MACMethod Algorithm="http://www.w3.org/2000/09/xmldsig#hmac-sha1"><MACKey>'
    + cipher("ESIzRFVmd4iZABEiM0RVZgKn6WjLaTC1sbeBMSvIhRejN9vJa2BOlSaMrR7I5wSX")
    + "</MACKey></MACMethod>"
)
VALUE = "AAECAwQFBgcICQoLDA0OD+cIHItlB3Wra1DUpxVvOx2lef1VmNPCMl8jwZqIUqGv"
MAC = "<ValueMAC>Su+NvtQfmvfJzF6bmQiJqoLRExc=</ValueMAC>"
SEALED = f"<EncryptedValue>{cipher(VALUE)}</EncryptedValue>{MAC}"


@pytest.mark.parametrize(
    "content",
    [
        container(package()),
        container(package(parameters="", interval="")),
        container(package(parameters="<Suite>HMAC-SHA1</Suite>")),
        container(package()).replace(
            NAMESPACE.encode(), b"urn:ietf:params:xml:ns:keyprov:pskc:1.0"
        ),
        container(package()).decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        b"\xef\xbb\xbf" + container(package()),
    ],
)
def test_packages_in_the_clear(content):
    assert read_seeds(content) == [TOKEN]


def test_a_key_without_a_serial_number_goes_by_its_id():
    assert read_seeds(container(package(serial="")))[0].serial == "id-87654321"


def test_several_packages():
    second = package(serial="<SerialNo>GAHT87654321</SerialNo>")
    serials = [token.serial for token in read_seeds(container(package(), second))]
    assert serials == ["GAHT12345678", "GAHT87654321"]


def test_packages_under_a_key():
    """The values of RFC 6030, figure 6."""
    assert read_seeds(container(package(SEALED), head=MAC_METHOD), KEY) == [TOKEN]


def test_the_mac_may_be_of_the_same_key():
    key, start = urandom(32), urandom(16)
    encryptor = Cipher(algorithms.AES(key), modes.CBC(start)).encryptor()
    sealed = start + encryptor.update(SEED + b"\x0c" * 12) + encryptor.finalize()
    mac = b64encode(digest(key, sealed, "sha1")).decode()
    value = cipher(b64encode(sealed).decode()).replace("aes128", "aes256")
    secret = f"<EncryptedValue>{value}</EncryptedValue><ValueMAC>{mac}</ValueMAC>"
    head = '<MACMethod Algorithm="http://www.w3.org/2000/09/xmldsig#hmac-sha1"/>'
    assert read_seeds(container(package(secret), head=head), key) == [TOKEN]


@pytest.mark.parametrize(
    ("content", "key", "reason"),
    [
        (b"<x", None, "it is no XML"),
        (b"<?xml version='1.0' encoding='nonesuch'?><x/>", None, "it is no XML"),
        (b"<?xml version='1.0' encoding='gb2312'?><x/>", None, "it is no XML"),
        (b"<x/>", None, "it is no KeyContainer"),
        (container(), None, "there is no KeyPackage"),
        (container("<KeyPackage/>"), None, "key package 1: there is no Key in it"),
        (container(package(algorithm=f"{NAMESPACE}:hotp")), None, "do not go by time"),
        (container(package("")), None, "its MAC|encrypted other"),
        (container(package().replace("Secret>", "Other>")), None, "there is no Secret"),
        (container(package("<PlainValue>?</PlainValue>")), None, "no base64"),
        (container(package("<PlainValue>YWJj</PlainValue>")), None, "this has 3"),
        (
            container(package(parameters='<ResponseFormat Length="8" Encoding="DECIMAL"/>')),
            None,
            "digits is 8",
        ),
        (container(package(parameters="<Suite>HMAC-SHA256</Suite>")), None, "algorithm is"),
        (container(package(interval="<TimeInterval><PlainValue>60</PlainValue></TimeInterval>")),
         None, "interval is 60"),
        (container(package(SEALED), head=MAC_METHOD), None, "encrypted; give the key"),
        (container(package(SEALED), head=MAC_METHOD), bytes(16), "the key does not open it|MAC"),
        (container(package(SEALED)), KEY, "its MAC does not match"),
        (container(package(SEALED.replace(MAC, "")), head=MAC_METHOD), KEY, "its MAC"),
        (container(package(SEALED.replace("AAEC", "AAED")), head=MAC_METHOD), KEY, "its MAC"),
        (container(package(SEALED), head=MAC_METHOD.replace("hmac-sha1", "x")), KEY, "HMAC-SHA1"),
        (container(package(SEALED.replace("aes128", "des")), head=MAC_METHOD), KEY, "AES-CBC"),
        (container(package()), b"short", "the key is no AES key"),
        (container(package(), package()), None, "GAHT12345678 is in it twice"),
    ],
)  # fmt: skip
def test_packages_that_are_not_taken(content, key, reason):
    with pytest.raises(BadSeedFile, match=reason):
        read_seeds(content, key)


DOCTYPE = '<!DOCTYPE KeyContainer [<!ENTITY s SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_no_entities_whatever_the_encoding(encoding):
    text = container(package(serial="<SerialNo>&s;</SerialNo>")).decode()
    text = text.replace("UTF-8", encoding).replace("<KeyContainer", f"{DOCTYPE}<KeyContainer", 1)
    with pytest.raises(BadSeedFile, match="document type"):
        read_seeds(text.encode(encoding))
