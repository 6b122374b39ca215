import json

import pytest
from tests.house import raises_aws
from tests.services.iam.certificates import issue

ROOT = issue("root")
WEB = issue("web", ROOT)
TAGS = [{"Key": "Area", "Value": "one"}, {"Key": "team", "Value": "two"}]
NOT_ACCEPTED = (
    "Input tag parameters does not meet the acceptance criteria. For example, the provided tag "
    "keys/values must be unicode letters, digits, white space, and any of the following symbols: "
    "_ . : / = + - @."
)


def upload(house, name="Web", **more):
    return house.iam.upload_server_certificate(
        ServerCertificateName=name, CertificateBody=WEB.pem, PrivateKey=WEB.key_pem, **more
    )


def get(house, name="Web"):
    return house.iam.get_server_certificate(ServerCertificateName=name)["ServerCertificate"]


def update(house, **more):
    house.iam.update_server_certificate(ServerCertificateName="Web", **more)


def secrets(house):
    live = house.house.accounts.get(house.account_id)
    return [name for name in live.secrets if name.startswith("server-certificate/")]


def test_a_certificate_as_it_was_recorded(house):
    made = upload(house, Path="/edge/", Tags=TAGS, CertificateChain=ROOT.pem)
    metadata = made["ServerCertificateMetadata"]
    assert made["Tags"] == TAGS
    assert metadata["ServerCertificateId"].startswith("ASCA")
    assert len(metadata["ServerCertificateId"]) == 21
    assert metadata["Arn"] == f"arn:aws:iam::{house.account_id}:server-certificate/edge/Web"
    assert metadata["Expiration"] == WEB.certificate.not_valid_after_utc
    found = get(house, "WEB")
    assert found["ServerCertificateMetadata"] == metadata
    assert found["CertificateBody"] == WEB.pem.rstrip()
    assert found["CertificateChain"] == ROOT.pem.rstrip()
    assert found["Tags"] == TAGS


def test_without_chain_and_tags(house):
    assert "Tags" not in upload(house)
    assert "CertificateChain" not in get(house)


def test_a_bad_certificate_leaves_nothing(house):
    message = "Unable to parse certificate. Please ensure the certificate is in PEM format."
    with raises_aws("MalformedCertificate", message):
        house.iam.upload_server_certificate(
            ServerCertificateName="Web", CertificateBody="x", PrivateKey=WEB.key_pem
        )
    assert house.iam.list_server_certificates()["ServerCertificateMetadataList"] == []


def test_a_foreign_key(house):
    with raises_aws("KeyPairMismatch"):
        house.iam.upload_server_certificate(
            ServerCertificateName="Web", CertificateBody=WEB.pem, PrivateKey=ROOT.key_pem
        )


def test_names_are_taken_whatever_their_case(house):
    upload(house)
    with raises_aws("EntityAlreadyExists", "The Server Certificate with name WEB already exists."):
        upload(house, "WEB")


def test_the_list_is_ordered_paged_and_under_a_path(house):
    for name, path in (("b", "/x/"), ("A", "/x/"), ("c", "/y/")):
        upload(house, name, Path=path)

    def names(**filters):
        pages = house.iam.get_paginator("list_server_certificates").paginate(**filters)
        return [
            each["ServerCertificateName"]
            for page in pages
            for each in page["ServerCertificateMetadataList"]
        ]

    assert names(PaginationConfig={"PageSize": 1}) == ["A", "b", "c"]
    assert names(PathPrefix="/x/") == ["A", "b"]


def test_a_certificate_moves_and_keeps_its_tags(house):
    upload(house, Tags=TAGS)
    update(house)
    update(house, NewPath="/x/")
    update(house, NewServerCertificateName="Edge")
    found = get(house, "Edge")
    assert found["ServerCertificateMetadata"]["Path"] == "/x/"
    assert found["Tags"] == TAGS
    with raises_aws("NoSuchEntity", "The Server Certificate with name Web cannot be found."):
        get(house)


def test_a_certificate_does_not_take_anothers_name(house):
    upload(house)
    upload(house, "Edge")
    with raises_aws("EntityAlreadyExists"):
        update(house, NewServerCertificateName="EDGE")
    update(house, NewServerCertificateName="WEB")
    assert get(house)["ServerCertificateMetadata"]["ServerCertificateName"] == "WEB"


def test_the_private_key_goes_with_the_certificate(house):
    upload(house)
    assert len(secrets(house)) == 1
    house.iam.delete_server_certificate(ServerCertificateName="web")
    assert secrets(house) == []


@pytest.mark.parametrize("operation", ["update", "delete"])
def test_a_certificate_that_is_not_there(house, operation):
    with raises_aws("NoSuchEntity", "The Server Certificate with name Web cannot be found."):
        getattr(house.iam, f"{operation}_server_certificate")(ServerCertificateName="Web")


def test_tags(house):
    upload(house, Tags=TAGS)
    house.iam.tag_server_certificate(
        ServerCertificateName="Web", Tags=[{"Key": "TEAM", "Value": "3"}]
    )
    house.iam.untag_server_certificate(ServerCertificateName="Web", TagKeys=["team"])
    tags = house.iam.list_server_certificate_tags(ServerCertificateName="Web")["Tags"]
    assert [tag["Key"] for tag in tags] == ["Area", "TEAM"]


def test_empty_lists_and_missing_keys_are_refused(house):
    upload(house, Tags=TAGS)
    with raises_aws("InvalidInput", "The provided tag map must not be null/empty."):
        house.iam.tag_server_certificate(ServerCertificateName="Web", Tags=[])
    with raises_aws("InvalidInput", "The provided tag keys must not be null/empty."):
        house.iam.untag_server_certificate(ServerCertificateName="Web", TagKeys=[])
    with raises_aws("InvalidInput", NOT_ACCEPTED):
        house.iam.untag_server_certificate(ServerCertificateName="Web", TagKeys=["team", "TEAM"])


@pytest.mark.parametrize(
    ("resources", "allowed"), [(["Web"], False), (["Web", "Edge"], True), (["Edge"], False)]
)
def test_a_new_name_needs_the_permission_too(house, resources, allowed):
    upload(house)
    house.iam.create_user(UserName="ann")
    arns = [f"arn:aws:iam::{house.account_id}:server-certificate/{name}" for name in resources]
    grant = {"Effect": "Allow", "Action": "iam:UpdateServerCertificate", "Resource": arns}
    house.iam.put_user_policy(
        UserName="ann",
        PolicyName="p",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": grant}),
    )
    rename = house.user_client("ann").update_server_certificate
    if allowed:
        rename(ServerCertificateName="Web", NewServerCertificateName="Edge")
        assert get(house, "Edge")
        return
    with raises_aws("AccessDenied"):
        rename(ServerCertificateName="Web", NewServerCertificateName="Edge")
