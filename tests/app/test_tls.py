import ssl
import stat
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from doorward.app.tls import tls_files

NOW = datetime.now(UTC)


def certificate(file):
    return x509.load_pem_x509_certificate(file.read_bytes())


def extension(of, cls):
    return of.extensions.get_extension_for_class(cls)


@pytest.fixture
def files(tmp_path):
    return tls_files(tmp_path / "tls", "iam.example.com", NOW)


def test_the_authority_may_sign_and_nothing_else(files):
    found = certificate(files.authority)
    basic, usage = extension(found, x509.BasicConstraints), extension(found, x509.KeyUsage)
    assert basic.critical
    assert basic.value == x509.BasicConstraints(ca=True, path_length=0)
    assert usage.critical
    assert usage.value.key_cert_sign
    assert usage.value.crl_sign
    assert not usage.value.digital_signature


def test_the_server_serves_its_names(files):
    found, authority = certificate(files.chain), certificate(files.authority)
    found.verify_directly_issued_by(authority)
    names = extension(found, x509.SubjectAlternativeName).value
    assert set(names.get_values_for_type(x509.DNSName)) == {"localhost", "iam.example.com"}
    assert set(names.get_values_for_type(x509.IPAddress)) == {
        ip_address("127.0.0.1"),
        ip_address("::1"),
    }
    assert list(extension(found, x509.ExtendedKeyUsage).value) == [ExtendedKeyUsageOID.SERVER_AUTH]
    assert not extension(found, x509.BasicConstraints).value.ca
    own = extension(authority, x509.SubjectKeyIdentifier).value
    assert extension(found, x509.AuthorityKeyIdentifier).value.key_identifier == own.digest


def test_nobody_else_reads_them(files):
    for file in files.key.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(files.key.parent.stat().st_mode) == 0o700


def test_python_takes_the_pair_and_trusts_it_strictly(files):
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(files.chain, files.key)
    client = ssl.create_default_context(cafile=files.authority)
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = client.wrap_bio(to_client, to_server, server_hostname="127.0.0.1")
    theirs = server.wrap_bio(to_server, to_client, server_side=True)
    for side in (ours, theirs, ours, theirs):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
    assert ours.getpeercert()


def test_what_is_valid_is_used_again(files):
    before = [each.read_bytes() for each in (files.authority, files.chain, files.key)]
    again = tls_files(files.key.parent, "iam.example.com", NOW)
    assert [each.read_bytes() for each in (again.authority, again.chain, again.key)] == before


def test_another_host_gets_a_certificate_of_the_same_authority(files):
    authority, chain = files.authority.read_bytes(), files.chain.read_bytes()
    again = tls_files(files.key.parent, "10.0.0.7", NOW)
    assert again.authority.read_bytes() == authority
    assert again.chain.read_bytes() != chain


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "localhost"])
def test_an_address_for_all_is_no_name(tmp_path, host):
    files = tls_files(tmp_path, host, NOW)
    names = extension(certificate(files.chain), x509.SubjectAlternativeName).value
    assert len(list(names)) == 3


def test_what_is_about_to_end_is_made_anew(files):
    authority, chain = files.authority.read_bytes(), files.chain.read_bytes()
    later = tls_files(files.key.parent, "iam.example.com", NOW + timedelta(days=380))
    assert later.authority.read_bytes() == authority
    assert later.chain.read_bytes() != chain
    chain = later.chain.read_bytes()
    much_later = tls_files(files.key.parent, "iam.example.com", NOW + timedelta(days=3640))
    assert much_later.authority.read_bytes() != authority
    assert much_later.chain.read_bytes() != chain
    certificate(much_later.chain).verify_directly_issued_by(certificate(much_later.authority))


def test_a_key_of_another_certificate_is_not_used(files):
    files.key.write_bytes((files.key.parent / "ca.key").read_bytes())
    again = tls_files(files.key.parent, "iam.example.com", NOW)
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(again.chain, again.key)
