from datetime import UTC, datetime

import pytest

from doorward.trail.record import event

USER = {
    "type": "IAMUser",
    "principalId": "AIDAEXAMPLE",
    "arn": "arn:aws:iam::111122223333:user/admin",
    "accountId": "111122223333",
    "accessKeyId": "AKIAEXAMPLE",
    "userName": "admin",
}


def make(service, operation, **given):
    """An event of the administrator; `given` says what differs."""
    usual = {
        "identity": USER,
        "account": "111122223333",
        "at": datetime(2026, 9, 11, 10, 30, 15, 678, tzinfo=UTC),
        "event_id": "0b1f3e9a-5a0c-4f43-9a9f-0a2f6f5b1c11",
        "request_id": "6a0e9d26-7c2d-4b41-8f2f-3e2d1c0b9a88",
        "service": service,
        "operation": operation,
        "region": "eu-central-1",
        "source_ip": "127.0.0.1",
        "user_agent": "Boto3/1",
        "read_only": False,
    }
    return event(**{**usual, **given})


@pytest.fixture(scope="session")
def record():
    return make
