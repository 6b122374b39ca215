import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from tests.house import raises_aws
from tests.root import root_client
from tests.services.iam.certificates import issue


@pytest.fixture(scope="module")
def pems():
    """Three certificates that may sign."""
    keys = [rsa.generate_private_key(public_exponent=65537, key_size=1024) for _ in range(3)]
    return [issue(f"c{number}", key=key).pem for number, key in enumerate(keys)]


@pytest.fixture
def ann(house):
    house.iam.create_user(UserName="ann")
    return house.iam


def upload(iam, pem, **whose):
    return iam.upload_signing_certificate(CertificateBody=pem, **whose)["Certificate"]


@pytest.mark.practice("S002-67")
def test_one_is_kept_and_shown(ann, pems, house):
    made = upload(ann, f"of ann\n{pems[0]}", UserName="ann")
    assert (made["UserName"], made["Status"], made["CertificateBody"]) == ("ann", "Active", pems[0])
    assert len(made["CertificateId"]) == 32
    assert made["UploadDate"] == house.clock().replace(microsecond=0)
    assert ann.list_signing_certificates(UserName="ann")["Certificates"] == [made]


def test_two_and_no_more_by_the_page(ann, pems):
    made = {upload(ann, pem, UserName="ann")["CertificateId"] for pem in pems[:2]}
    with raises_aws("LimitExceeded", "Cannot exceed quota for SigningCertificatesPerUser: 2"):
        upload(ann, pems[2], UserName="ann")
    pages = ann.get_paginator("list_signing_certificates").paginate(
        UserName="ann", PaginationConfig={"PageSize": 1}
    )
    shown = [page["Certificates"][0]["CertificateId"] for page in pages]
    assert len(shown) == 2
    assert set(shown) == made


def test_switched_off_and_deleted(ann, pems):
    named = {
        "UserName": "ann",
        "CertificateId": upload(ann, pems[0], UserName="ann")["CertificateId"],
    }
    ann.update_signing_certificate(**named, Status="Inactive")
    (shown,) = ann.list_signing_certificates(UserName="ann")["Certificates"]
    assert shown["Status"] == "Inactive"
    ann.delete_signing_certificate(**named)
    with raises_aws(
        "NoSuchEntity", f"The Certificate with id {named['CertificateId']} cannot be found."
    ):
        ann.delete_signing_certificate(**named)


def test_expired_is_no_status_to_set(ann, pems):
    named = {
        "UserName": "ann",
        "CertificateId": upload(ann, pems[0], UserName="ann")["CertificateId"],
    }
    with raises_aws("InvalidInput"):
        ann.update_signing_certificate(**named, Status="Expired")


def test_one_certificate_is_one_users_whole_account_over(ann, pems, house):
    upload(ann, pems[0], UserName="ann")
    for whose in ({"UserName": "ann"}, {}):
        with raises_aws("DuplicateCertificate"):
            upload(ann, pems[0], **whose)
    root = root_client(house)
    with raises_aws("DuplicateCertificate"):
        upload(root, pems[0])


@pytest.mark.parametrize(
    ("pem", "code"),
    [
        ("no certificate", "MalformedCertificate"),
        (issue("a").pem + issue("b").pem, "MalformedCertificate"),
        (issue("over", days=-1).pem, "MalformedCertificate"),
        (issue("curve", key=ec.generate_private_key(ec.SECP256R1())).pem, "InvalidCertificate"),
    ],
)
def test_what_is_no_signing_certificate(ann, pem, code):
    with raises_aws(code):
        upload(ann, pem, UserName="ann")


def test_root_has_its_own_and_nobody_else_reaches_them(ann, pems, house):
    root = root_client(house)
    made = upload(root, pems[0])
    assert "UserName" not in made
    assert root.list_signing_certificates()["Certificates"] == [made]
    assert ann.list_signing_certificates()["Certificates"] == []
    with raises_aws("NoSuchEntity"):
        ann.delete_signing_certificate(CertificateId=made["CertificateId"])
    root.update_signing_certificate(CertificateId=made["CertificateId"], Status="Inactive")
    root.delete_signing_certificate(CertificateId=made["CertificateId"])
    assert root.list_signing_certificates()["Certificates"] == []


def test_a_user_with_one_is_not_deleted(ann, pems):
    upload(ann, pems[0], UserName="ann")
    with raises_aws("DeleteConflict", "Cannot delete entity, must delete certificates first."):
        ann.delete_user(UserName="ann")
