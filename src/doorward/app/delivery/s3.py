"""Buckets of an S3-compatible server, by botocore's client."""

import logging
from functools import cached_property
from threading import Lock
from typing import Any

from doorward.app.delivery.target import Fault, File, NotDelivered

log = logging.getLogger("doorward.delivery")
CONNECT_S, READ_S, TRIES = 5, 30, 2
MISSING = frozenset({"404", "NoSuchBucket", "NotFound"})


class S3Target:
    """One server. The client is made when it is first used: botocore takes long to load.

    Args:
        endpoint: Its address.
        region: Which it is signed for.
        key_id: Empty: found as AWS clients find theirs.
        secret: Of that key.
    """

    def __init__(self, endpoint: str, region: str, key_id: str, secret: str) -> None:
        self._endpoint = endpoint
        self._region = region
        self._key_id = key_id
        self._secret = secret
        self._lock = Lock()

    def put(self, file: File) -> None:
        """Keep a file; its metadata goes with it.

        Raises:
            NotDelivered: it may or may not be there.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._ready().put_object(
                Bucket=file.bucket,
                Key=file.name,
                Body=file.data,
                ContentType="application/json",
                ContentEncoding="gzip",
                Metadata=dict(file.metadata),
            )
        except ClientError as error:
            said = error.response["Error"]
            raise NotDelivered(said["Code"], said.get("Message", "")) from error
        except BotoCoreError as error:
            raise NotDelivered("ServiceUnavailable", str(error)) from error

    def fault(self, bucket: str) -> Fault:
        """What keeps files out of a bucket, if anything does."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._ready().head_bucket(Bucket=bucket)
        except ClientError as error:
            if error.response["Error"]["Code"] in MISSING:
                return "missing"
            log.warning("%s refuses the bucket %s: %s", self._endpoint, bucket, error)
            return "refused"
        except BotoCoreError as error:
            log.warning("%s does not answer: %s", self._endpoint, error)
            return "refused"
        return ""

    def _ready(self) -> Any:
        with self._lock:
            return self._client

    @cached_property
    def _client(self) -> Any:
        import botocore.session
        from botocore.config import Config

        return botocore.session.get_session().create_client(
            "s3",
            region_name=self._region,
            endpoint_url=self._endpoint,
            aws_access_key_id=self._key_id or None,
            aws_secret_access_key=self._secret or None,
            config=Config(
                connect_timeout=CONNECT_S,
                read_timeout=READ_S,
                retries={"total_max_attempts": TRIES},
                # Servers other than AWS's may know neither checksums in trailers nor host names
                # for buckets; the payload is signed, so nobody on the way can change it.
                request_checksum_calculation="when_required",
                s3={"addressing_style": "path", "payload_signing_enabled": True},
            ),
        )
