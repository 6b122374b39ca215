"""Encryption at rest as a condition: a storage that asks Doorward stores nothing unencrypted."""

import pytest
from tests.services.doorward.gateway import Gateway, allow, deny

pytestmark = pytest.mark.practice("S002-50")

SSE = "s3:x-amz-server-side-encryption"
KEY_ID = f"{SSE}-aws-kms-key-id"
KEY = "arn:aws:kms:us-east-1:111122223333:key/0d0c3f2e-0000-4000-8000-000000000000"
OBJECT = "arn:aws:s3:::reports/2026.csv"


@pytest.fixture
def storage(house):
    return Gateway(house)


def upload(storage, principal, **headers):
    """Ask as a storage does that received `PUT /reports/2026.csv`."""
    return storage.ask(
        principal=principal,
        action="s3:PutObject",
        resource=OBJECT,
        context={f"s3:{name.replace('_', '-')}": value for name, value in headers.items()},
    )


@pytest.mark.parametrize(
    ("statements", "header", "decision"),
    [
        ([allow("s3:*", StringEquals={SSE: "AES256"})], "AES256", "Allowed"),
        ([allow("s3:*", StringEquals={SSE: "AES256"})], "aws:kms", "ImplicitlyDenied"),
        ([allow("s3:*", StringEquals={SSE: "AES256"})], None, "ImplicitlyDenied"),
        ([allow("s3:*"), deny("s3:PutObject", Null={SSE: "true"})], "AES256", "Allowed"),
        ([allow("s3:*"), deny("s3:PutObject", Null={SSE: "true"})], None, "ExplicitlyDenied"),
        (
            [allow("s3:*"), deny("s3:PutObject", StringNotEquals={SSE: ["aws:kms", "AES256"]})],
            "none",
            "ExplicitlyDenied",
        ),
        (
            [allow("s3:*"), deny("s3:PutObject", StringNotEquals={SSE: ["aws:kms", "AES256"]})],
            None,
            "ExplicitlyDenied",
        ),
    ],
)
def test_only_encrypted_uploads(storage, statements, header, decision):
    ann = storage.user("ann", *statements)
    headers = {} if header is None else {"x_amz_server_side_encryption": header}
    assert upload(storage, ann, **headers)["decision"] == decision


def test_only_with_one_key_and_reading_is_free(storage):
    other = deny("s3:PutObject", ArnNotEquals={KEY_ID: KEY})
    ann = storage.user("ann", allow("s3:*"), other)
    kms = {"x_amz_server_side_encryption": "aws:kms"}
    name = "x_amz_server_side_encryption_aws_kms_key_id"
    assert upload(storage, ann, **kms, **{name: KEY})["allowed"]
    assert not upload(storage, ann, **kms, **{name: KEY[:-1] + "1"})["allowed"]
    assert not upload(storage, ann, **kms)["allowed"]
    assert storage.ask(principal=ann, action="s3:GetObject", resource=OBJECT)["allowed"]


def test_the_refusal_names_the_statement(storage):
    no = deny("s3:PutObject", Null={SSE: "true"}) | {"Sid": "NothingInTheClear"}
    answer = upload(storage, storage.user("ann", allow("s3:*"), no))
    assert "NothingInTheClear" in answer["reason"]
