import base64
import hashlib

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from tests.house import raises_aws

from doorward.services.iam import ssh_key_text


def public_text(key, encoding="SSH"):
    public = key.public_key()
    if encoding == "SSH":
        form = serialization.PublicFormat.OpenSSH
        return public.public_bytes(serialization.Encoding.OpenSSH, form).decode()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return public.public_bytes(serialization.Encoding.PEM, form).decode()


@pytest.fixture(scope="module")
def keys():
    return [rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2)]


@pytest.fixture
def ann(house):
    house.iam.create_user(UserName="ann")
    return house.iam


def upload(iam, text, name="ann"):
    return iam.upload_ssh_public_key(UserName=name, SSHPublicKeyBody=text)["SSHPublicKey"]


@pytest.mark.practice("S002-14")
def test_what_was_uploaded_is_shown_in_both_encodings(ann, keys, house):
    text = public_text(keys[0])
    made = upload(ann, f"{text} ann@laptop\n")
    assert made["SSHPublicKeyId"].startswith("APKA")
    assert len(made["SSHPublicKeyId"]) == 21
    assert (made["UserName"], made["Status"], made["SSHPublicKeyBody"]) == ("ann", "Active", text)
    assert made["UploadDate"] == house.clock().replace(microsecond=0)
    for encoding in ("SSH", "PEM"):
        got = ann.get_ssh_public_key(
            UserName="ANN", SSHPublicKeyId=made["SSHPublicKeyId"], Encoding=encoding
        )["SSHPublicKey"]
        assert got == made | {"SSHPublicKeyBody": public_text(keys[0], encoding)}


def test_the_fingerprint_is_that_of_the_key_as_ssh_sends_it(ann, keys):
    sent = base64.b64decode(public_text(keys[0]).split()[1])
    wanted = hashlib.md5(sent).digest().hex(":")
    assert upload(ann, public_text(keys[0], "PEM"))["Fingerprint"] == wanted


def test_lists_switches_deletes(ann, keys):
    first, second = (upload(ann, public_text(key))["SSHPublicKeyId"] for key in keys)
    listed = ann.list_ssh_public_keys(UserName="ann")["SSHPublicKeys"]
    assert [key["SSHPublicKeyId"] for key in listed] == sorted([first, second])
    assert set(listed[0]) == {"UserName", "SSHPublicKeyId", "Status", "UploadDate"}
    ann.update_ssh_public_key(UserName="ann", SSHPublicKeyId=first, Status="Inactive")
    ann.delete_ssh_public_key(UserName="ann", SSHPublicKeyId=second)
    (left,) = ann.list_ssh_public_keys(UserName="ann")["SSHPublicKeys"]
    assert (left["SSHPublicKeyId"], left["Status"]) == (first, "Inactive")


def test_a_page_at_a_time(ann, keys):
    made = {upload(ann, public_text(key))["SSHPublicKeyId"] for key in keys}
    pages = ann.get_paginator("list_ssh_public_keys").paginate(
        UserName="ann", PaginationConfig={"PageSize": 1}
    )
    shown = [[key["SSHPublicKeyId"] for key in page["SSHPublicKeys"]] for page in pages]
    assert [len(page) for page in shown] == [1, 1]
    assert {key for page in shown for key in page} == made


def test_the_same_key_twice_and_with_somebody_else(ann, keys):
    upload(ann, public_text(keys[0]))
    with raises_aws("DuplicateSSHPublicKey"):
        upload(ann, public_text(keys[0], "PEM"))
    ann.create_user(UserName="bob")
    assert upload(ann, public_text(keys[0]), "bob")["UserName"] == "bob"


def test_five_and_no_more(ann, keys, monkeypatch):
    bodies = iter([*(f"key {number}" for number in range(5)), public_text(keys[0])])
    monkeypatch.setattr(ssh_key_text, "as_ssh", lambda _: next(bodies))
    monkeypatch.setattr(ssh_key_text, "fingerprint", lambda _: ":".join(["00"] * 16))
    for _ in range(5):
        upload(ann, "ssh-rsa AAAA")
    with raises_aws("LimitExceeded", "Cannot exceed quota for SSHPublicKeysPerUser: 5"):
        upload(ann, "ssh-rsa AAAA")


SHORT = rsa.generate_private_key(public_exponent=65537, key_size=1024)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ssh-rsa AAAA", "InvalidPublicKey"),
        ("ssh-rsa", "InvalidPublicKey"),
        ("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "InvalidPublicKey"),
        (public_text(SHORT), "InvalidPublicKey"),
        (public_text(SHORT, "PEM"), "InvalidPublicKey"),
        (
            public_text(ed25519.Ed25519PrivateKey.generate()),
            "UnrecognizedPublicKeyEncoding",
        ),
        (
            public_text(ec.generate_private_key(ec.SECP256R1()), "PEM"),
            "UnrecognizedPublicKeyEncoding",
        ),
        ("a poem", "UnrecognizedPublicKeyEncoding"),
        ("  ", "UnrecognizedPublicKeyEncoding"),
    ],
)
def test_what_is_no_key_of_aws(ann, text, code):
    with raises_aws(code):
        upload(ann, text)


@pytest.mark.parametrize("call", ["get", "update", "delete"])
def test_a_key_that_is_not_there(ann, call):
    more = {"get": {"Encoding": "SSH"}, "update": {"Status": "Active"}, "delete": {}}[call]
    named = "APKA" + "A" * 17
    with raises_aws("NoSuchEntity", f"The Public Key with id {named} cannot be found."):
        getattr(ann, f"{call}_ssh_public_key")(UserName="ann", SSHPublicKeyId=named, **more)


def test_expired_is_no_status_to_set(ann, keys):
    made = upload(ann, public_text(keys[0]))
    with raises_aws("InvalidInput"):
        ann.update_ssh_public_key(
            UserName="ann", SSHPublicKeyId=made["SSHPublicKeyId"], Status="Expired"
        )


def test_a_user_with_one_is_not_deleted(ann, keys):
    made = upload(ann, public_text(keys[0]))
    with raises_aws(
        "DeleteConflict", "Cannot delete entity, must remove referenced objects first."
    ):
        ann.delete_user(UserName="ann")
    ann.delete_ssh_public_key(UserName="ann", SSHPublicKeyId=made["SSHPublicKeyId"])
    ann.delete_user(UserName="ann")
