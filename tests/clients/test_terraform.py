"""Terraform's AWS provider: applied, nothing left to do, changed, destroyed."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.clients import installs
from tests.clients.conftest import had, needs

FOLDER = Path(__file__).with_name("terraform")
NOTHING_TO_DO, SOMETHING_TO_DO = 0, 2
CONFIGURATION = """
disable_checkpoint = true
provider_installation {{
  filesystem_mirror {{
    path = "{mirror}"
  }}
}}
"""


@pytest.fixture
def terraform(server, tmp_path):
    """Run terraform on a copy of the folder, with providers of the mirror alone."""
    binary, mirror = had(installs.terraform, optional=True)
    shutil.copytree(FOLDER, tmp_path / "work")
    file = tmp_path / "terraform.tfrc"
    file.write_text(CONFIGURATION.format(mirror=mirror))

    def run(*words, codes=(0,)):
        done = subprocess.run(
            [binary, *words],
            cwd=tmp_path / "work",
            env=server.environment()
            | {"TF_CLI_CONFIG_FILE": str(file), "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode in codes, done.stdout + done.stderr
        return done

    run("init", "-input=false", "-no-color")
    return run


APPLY = ("apply", "-auto-approve", "-input=false", "-no-color")
DESTROY = ("destroy", "-auto-approve", "-input=false", "-no-color")
PLAN = ("plan", "-input=false", "-no-color", "-detailed-exitcode")


def test_applied_kept_changed_and_destroyed(terraform, boto3, server):
    terraform(*APPLY)
    account = json.loads(terraform("output", "-json").stdout)["account"]["value"]
    assert account == server.account
    done = terraform(*PLAN, codes=(NOTHING_TO_DO, SOMETHING_TO_DO))
    assert done.returncode == NOTHING_TO_DO, done.stdout
    assert terraform(*PLAN, "-var=team=red", codes=(SOMETHING_TO_DO,))
    terraform(*APPLY, "-var=team=red")
    role = boto3.call(server.admin, "iam", "GetRole", {"RoleName": "Reader"})["Role"]
    assert role["Description"] == "Assumed by people, red"
    terraform(*DESTROY)
    assert boto3.pages(server.admin, "iam", "ListRoles", 10, "Roles") == []
    assert len(boto3.pages(server.admin, "iam", "ListUsers", 10, "Users")) == 1


@needs("ListMFADevices", "ListSSHPublicKeys", "ListServiceSpecificCredentials")
def test_a_leaver_is_destroyed_with_keys_made_elsewhere(terraform, boto3, server):
    terraform(*APPLY, "-var=leaving=true")
    boto3.call(server.admin, "iam", "CreateAccessKey", {"UserName": "bob"})
    terraform(*DESTROY, "-var=leaving=true")
    assert len(boto3.pages(server.admin, "iam", "ListUsers", 10, "Users")) == 1
