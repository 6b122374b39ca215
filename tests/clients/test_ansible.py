"""The IAM modules of amazon.aws: made, left alone, changed, removed."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.clients import installs
from tests.clients.conftest import had, needs, python_tool

PLAYBOOKS = Path(__file__).with_name("ansible")
RECAP = re.compile(r"ok=(\d+)\s+changed=(\d+)\s+unreachable=0\s+failed=0")


@pytest.fixture(scope="session")
def ansible():
    return python_tool(had(installs.ansible), "ansible.cli.playbook")


@pytest.fixture
def played(ansible, server):
    """How many tasks of the playbook changed something."""
    words, extra = ansible
    settings = {
        "ANSIBLE_HOME": f"{server.home}/.ansible",
        "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
        "ANSIBLE_NOCOLOR": "1",
    }

    def play(playbook, **variables):
        given = [word for name, value in variables.items() for word in ("-e", f"{name}={value}")]
        done = subprocess.run(
            [*words, "-i", "localhost,", str(PLAYBOOKS / playbook), *given],
            env=server.environment() | extra | settings,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        found = RECAP.search(done.stdout)
        assert found, done.stdout + done.stderr
        return int(found[2])

    return play


def test_people_are_made_kept_changed_and_removed(played, boto3, server):
    assert played("people.yml", state="present", team="blue") == 5
    assert played("people.yml", state="present", team="blue") == 0
    assert played("people.yml", state="present", team="red") == 4
    role = boto3.call(server.admin, "iam", "GetRole", {"RoleName": "MyEC2Role"})["Role"]
    assert role["Tags"] == [{"Key": "team", "Value": "red"}]
    assert played("people.yml", state="absent") == 3
    assert boto3.pages(server.admin, "iam", "ListRoles", 10, "Roles") == []
    assert played("people.yml", state="absent") == 0


@needs("GetLoginProfile", "ListMFADevices", "ListSSHPublicKeys", "ListServiceSpecificCredentials")
def test_a_leaver_is_removed_with_all_that_is_theirs(played, boto3, server):
    played("people.yml", state="present", team="blue")
    boto3.call(server.admin, "iam", "CreateAccessKey", {"UserName": "ann"})
    assert played("leavers.yml") == 1
    assert played("leavers.yml") == 0


def test_password_rules_are_made_kept_and_removed(played):
    assert played("passwords.yml", state="present") == 1
    assert played("passwords.yml", state="present") == 0
    assert played("passwords.yml", state="absent") == 1
