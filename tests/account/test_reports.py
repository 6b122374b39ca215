from datetime import UTC, datetime

from doorward.account.access_job import AccessJob
from doorward.account.account import Account
from doorward.account.credential_report import CredentialReport

NOW = datetime(2026, 9, 11, tzinfo=UTC)
EMPTY = Account("123456789012")


def test_there_is_one_credential_report():
    old = CredentialReport(generated=NOW, content=b"old")
    new = CredentialReport(generated=NOW, content=b"new")
    account = EMPTY.put(old).put(new)
    assert account.credential_report() is new
    assert account.arn(new).endswith(":credential-report")
    assert EMPTY.credential_report() is None


def test_a_job_is_found_by_its_id_alone():
    job = AccessJob(
        id="J", owner="AIDA", created=NOW, by_action=True, services=b"", members=b"", accesses={}
    )
    account = EMPTY.put(job)
    assert account.access_job("J") is job
    assert account.access_job("K") is None
    assert account.by_id("J") is None
    assert account.arn(job).endswith(":access-job/J")
