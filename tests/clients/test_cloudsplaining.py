"""Cloudsplaining downloads an account and finds what its customer policies let through."""

import json
import subprocess

import pytest
from tests.clients import installs
from tests.clients.conftest import had, python_tool
from tests.clients.tour import allow, document, trust


@pytest.fixture
def cloudsplaining(server, tmp_path):
    """Run cloudsplaining in a folder of its own."""
    words, extra = python_tool(had(installs.cloudsplaining), "cloudsplaining.bin.cli")

    def run(*options):
        done = subprocess.run(
            [*words, *options],
            cwd=tmp_path,
            env=server.environment() | extra,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    return run


def test_download_and_scan(cloudsplaining, boto3, server, tmp_path):
    def iam(operation, **params):
        return boto3.call(server.admin, "iam", operation, params)

    wide = document(allow("iam:PassRole", "ec2:RunInstances", "s3:GetObject"))
    narrow = document(allow("iam:ListUsers") | {"Resource": "arn:aws:iam::*:user/*"})
    arn = iam("CreatePolicy", PolicyName="Wide", PolicyDocument=wide)["Policy"]["Arn"]
    iam("CreatePolicy", PolicyName="Narrow", PolicyDocument=narrow)
    iam("CreateUser", UserName="ann")
    iam("AttachUserPolicy", UserName="ann", PolicyArn=arn)
    iam("PutUserPolicy", UserName="ann", PolicyName="own", PolicyDocument=wide)
    machine = trust(Service="ec2.amazonaws.com")
    iam("CreateRole", RoleName="MyEC2Role", AssumeRolePolicyDocument=machine)
    iam("AttachRolePolicy", RoleName="MyEC2Role", PolicyArn=arn)

    cloudsplaining("download", "-o", str(tmp_path))
    details = json.loads((tmp_path / "default.json").read_text())
    assert {user["UserName"] for user in details["UserDetailList"]} == {"admin", "ann"}

    cloudsplaining("scan", "-i", "default.json", "-o", str(tmp_path), "--skip-open-report")
    found = json.loads(next(tmp_path.glob("iam-results-*.json")).read_text())
    policies = {row["PolicyName"]: row for row in found["customer_managed_policies"].values()}
    assert policies["Wide"]["DataExfiltration"]["findings"] == ["s3:GetObject"]
    assert policies["Wide"]["PrivilegeEscalation"]["findings"]
    assert "MyEC2Role" in json.dumps(found["roles"])
