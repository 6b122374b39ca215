import json
import re
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from doorward.catalog.managed_policies import all_arns, facts, get

ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"


def test_administrator_access():
    fact = get(ADMIN)
    assert (fact.name, fact.path, fact.version) == ("AdministratorAccess", "/", "v1")
    assert fact.created == datetime(2015, 2, 6, 18, 39, 46, tzinfo=UTC)
    assert json.loads(fact.document) == {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
    }


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("AmazonS3ReadOnlyAccess", "v3"),
        ("IAMUserChangePassword", "v5"),
        ("IAMReadOnlyAccess", "v4"),
        ("IAMFullAccess", "v2"),
        ("PowerUserAccess", "v12"),
        ("SecurityAudit", "v92"),
        ("ReadOnlyAccess", "v188"),
        ("AWSDenyAll", "v2"),
        ("job-function/ViewOnlyAccess", "v45"),
        ("job-function/Billing", "v30"),
        ("root-task/S3UnlockBucketPolicy", "v1"),
    ],
)
def test_versions_seen_in_aws(name, version):
    assert get(f"arn:aws:iam::aws:policy/{name}").version == version


@pytest.mark.parametrize(
    "arn", ["", "AdministratorAccess", ADMIN.lower(), "arn:aws:iam::123456789012:policy/x"]
)
def test_other_arns(arn):
    assert get(arn) is None


def test_the_list_is_whole_and_sorted():
    listed = facts()
    assert len(listed) == 1594
    assert [fact.arn for fact in listed] == sorted(all_arns())
    assert sum(fact.deprecated for fact in listed) == 26
    assert all(fact.arn.endswith(fact.path + fact.name) for fact in listed)


def test_ids_are_in_awss_form_distinct_and_steady():
    ids = [fact.policy_id for fact in facts()]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"ANPA[A-Z2-7]{17}", one) for one in ids)
    assert get(ADMIN).policy_id == "ANPAXUEARDEVTUHKHZ23E"


def test_every_document_is_a_policy():
    for fact in facts():
        assert json.loads(fact.document)["Statement"], fact.arn


def test_the_list_inflates_no_document():
    program = (
        "from doorward.catalog import managed_policies as policies\n"
        "policies.facts()\n"
        "print(policies._documents.cache_info().currsize)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    assert done.stdout.strip() == b"0"
