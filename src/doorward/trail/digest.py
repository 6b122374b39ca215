"""Digests: the hash of every delivered file, signed, each digest chained to the one before.

Source: CloudTrail guide, "CloudTrail digest file structure" and "custom implementations of log
file integrity validation"; recorded digests, digest_starting.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from doorward.trail.delivery import root_name
from doorward.trail.members import iso

HASH = "SHA-256"
SIGNATURE = "SHA256withRSA"
SIDE = ".metadata.json"
"""What the name of a file beside a digest ends in: it holds what S3 keeps as metadata."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFile:
    """A delivered file of records, as a digest lists it; `hash` is of its text, in hex."""

    bucket: str
    name: str
    hash: str
    newest: str
    oldest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A digest, as the next one names it."""

    bucket: str
    name: str
    hash: str
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What a digest says.

    Attributes:
        fingerprint: Of the public key that proves it.
        previous: None for the first of a chain.
    """

    account: str
    start: str
    end: str
    bucket: str
    name: str
    fingerprint: str
    previous: Link | None
    files: tuple[LogFile, ...]


def digest_name(
    prefix: str | None, account: str, region: str, trail: tuple[str, str], end: datetime
) -> str:
    """The name of a digest; `trail` is the trail's name and its home region."""
    stamp = iso(end).replace("-", "").replace(":", "")
    name = f"{account}_CloudTrail-Digest_{region}_{trail[0]}_{trail[1]}_{stamp}.json.gz"
    day = iso(end)[:10].replace("-", "/")
    return f"{root_name(prefix, account)}CloudTrail-Digest/{region}/{day}/{name}"


def text_of(digest: Digest) -> bytes:
    """A digest's text, members in AWS's order."""
    before = digest.previous
    return msgspec.json.encode(
        {
            "awsAccountId": digest.account,
            "digestStartTime": digest.start,
            "digestEndTime": digest.end,
            "digestS3Bucket": digest.bucket,
            "digestS3Object": digest.name,
            "digestPublicKeyFingerprint": digest.fingerprint,
            "digestSignatureAlgorithm": SIGNATURE,
            "newestEventTime": max((each.newest for each in digest.files), default=None),
            "oldestEventTime": min((each.oldest for each in digest.files), default=None),
            "previousDigestS3Bucket": before.bucket if before else None,
            "previousDigestS3Object": before.name if before else None,
            "previousDigestHashValue": before.hash if before else None,
            "previousDigestHashAlgorithm": HASH if before else None,
            "previousDigestSignature": before.signature if before else None,
            "logFiles": [_listed(each) for each in digest.files],
        }
    )


def signed_text(digest: Digest, text: bytes) -> bytes:
    """What the signature of a digest is over."""
    before = digest.previous.signature if digest.previous else "null"
    place = f"{digest.bucket}/{digest.name}"
    return f"{digest.end}\n{place}\n{hashed(text)}\n{before}".encode()


def hashed(text: bytes) -> str:
    """The hash digests use, in hex."""
    return hashlib.sha256(text).hexdigest()


def metadata(signature: str) -> dict[str, str]:
    """What S3 keeps with a digest."""
    return {"signature": signature, "signature-algorithm": SIGNATURE}


def read_side(text: bytes) -> str:
    """The signature in the file beside a digest; empty when there is none to be read."""
    try:
        return msgspec.json.decode(text, type=dict[str, str]).get("signature", "")
    except msgspec.MsgspecError:
        return ""


def read_digest(text: bytes) -> Digest:
    """What the text of a digest says.

    Raises:
        ValueError: it is no digest.
    """
    try:
        read = msgspec.json.decode(text, type=_Body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ValueError(f"it is no digest: {error}") from None
    return Digest(
        account=read.aws_account_id,
        start=read.digest_start_time,
        end=read.digest_end_time,
        bucket=read.bucket,
        name=read.name,
        fingerprint=read.digest_public_key_fingerprint,
        previous=_previous(read),
        files=tuple(
            LogFile(
                bucket=each.bucket,
                name=each.name,
                hash=each.hash_value,
                newest=each.newest_event_time,
                oldest=each.oldest_event_time,
            )
            for each in read.log_files
        ),
    )


def _listed(each: LogFile) -> dict[str, Any]:
    return {
        "s3Bucket": each.bucket,
        "s3Object": each.name,
        "hashValue": each.hash,
        "hashAlgorithm": HASH,
        "newestEventTime": each.newest,
        "oldestEventTime": each.oldest,
    }


class _File(msgspec.Struct, frozen=True, rename="camel"):
    bucket: str = msgspec.field(name="s3Bucket")
    name: str = msgspec.field(name="s3Object")
    hash_value: str
    newest_event_time: str
    oldest_event_time: str


class _Body(msgspec.Struct, frozen=True, rename="camel"):
    aws_account_id: str
    digest_start_time: str
    digest_end_time: str
    bucket: str = msgspec.field(name="digestS3Bucket")
    name: str = msgspec.field(name="digestS3Object")
    digest_public_key_fingerprint: str
    log_files: tuple[_File, ...]
    previous_bucket: str | None = msgspec.field(name="previousDigestS3Bucket", default=None)
    previous_name: str | None = msgspec.field(name="previousDigestS3Object", default=None)
    previous_digest_hash_value: str | None = None
    previous_digest_signature: str | None = None


def _previous(read: _Body) -> Link | None:
    if read.previous_name is None:
        return None
    return Link(
        bucket=read.previous_bucket or "",
        name=read.previous_name,
        hash=read.previous_digest_hash_value or "",
        signature=read.previous_digest_signature or "",
    )
