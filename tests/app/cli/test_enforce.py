import json

import pytest
from tests.house import raises_aws
from tests.services.iam.phone import Phone, at_the_start_of_a_step

from doorward.analysis.validate import findings
from doorward.app.cli import asking_server
from doorward.app.cli.self_service_mfa import document, text

ALL = "arn:aws:iam::aws:policy/AdministratorAccess"
EDITED = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}'
POLICY = "DoorwardSelfServiceMFA"


@pytest.fixture
def team(house, monkeypatch):
    """A group whose members are administrators, and the command that is about this house."""
    monkeypatch.setattr(asking_server, "client_of", lambda _args, service: house.client(service))
    house.iam.create_group(GroupName="team")
    house.iam.attach_group_policy(GroupName="team", PolicyArn=ALL)
    for name in ("ann", "bob"):
        house.iam.create_user(UserName=name, Path="/people/" if name == "bob" else "/")
        house.iam.add_user_to_group(GroupName="team", UserName=name)
    return house


@pytest.mark.practice("S000-09", "S003-14")
@pytest.mark.parametrize("name", ["ann", "bob"])
def test_before_mfa_a_user_may_only_get_it_and_after_it_everything(run, team, name):
    her = team.user_client(name)
    assert her.list_users()["Users"]
    assert run("enforce", "mfa", "--group", "team").code == 0
    at_the_start_of_a_step(team)
    refused_all_but_enrolment(team, her, name)
    phone = Phone.new(team, "anything", client=her).enable(name, client=her)
    assert her.list_mfa_devices()["MFADevices"][0]["SerialNumber"] == phone.serial
    with raises_aws("AccessDenied") as caught:
        her.list_users()
    assert "NothingElseWithoutMFA" in caught.value.response["Error"]["Message"]
    key = her._request_signer._credentials
    sts = team.client("sts", key.access_key, key.secret_key)
    with_mfa = team.client_of(phone.session(sts))
    assert with_mfa.list_users()["Users"]
    assert with_mfa.get_user(UserName="admin")
    with_mfa.deactivate_mfa_device(UserName=name, SerialNumber=phone.serial)


def refused_all_but_enrolment(house, her, name):
    assert her.get_user()["User"]["UserName"] == name
    assert her.get_user(UserName=name)
    assert her.list_virtual_mfa_devices()["VirtualMFADevices"] == []
    with raises_aws("NoSuchEntity"):
        her.get_account_password_policy()
    other = "bob" if name == "ann" else "ann"
    phone = Phone.new(house, f"of-{other}")
    for refused in (
        her.list_users,
        her.create_access_key,
        lambda: her.create_user(UserName="new"),
        lambda: her.get_user(UserName=other),
        lambda: her.list_mfa_devices(UserName=other),
        lambda: phone.enable(other, client=her),
        lambda: her.deactivate_mfa_device(UserName=name, SerialNumber=phone.serial),
        lambda: her.delete_virtual_mfa_device(SerialNumber=phone.serial),
    ):
        with raises_aws("AccessDenied"):
            refused()
    house.iam.delete_virtual_mfa_device(SerialNumber=phone.serial)


def test_it_tells_who_is_left_without(run, team):
    at_the_start_of_a_step(team)
    Phone.new(team).enable("ann")
    facts = run("enforce", "mfa", "--group", "team", "--json").json
    arn = f"arn:aws:iam::{team.account_id}:policy/{POLICY}"
    assert facts == {
        "group": "team",
        "policy": arn,
        "changed": True,
        "members": 2,
        "without_mfa": ["bob"],
    }
    told = run("enforce", "mfa", "--group", "team").out
    assert "was in force already for the 2 members of team" in told
    assert "refused all but getting one: bob." in told


def test_twice_is_once_and_what_was_edited_is_put_right(run, team):
    arn = f"arn:aws:iam::{team.account_id}:policy/{POLICY}"
    words = ("enforce", "mfa", "--group", "team", "--json")
    changed = [run(*words).json["changed"] for _ in range(2)]
    for _ in range(4):
        team.iam.create_policy_version(
            PolicyArn=arn,
            PolicyDocument=EDITED,
            SetAsDefault=True,
        )
    changed.append(run(*words).json["changed"])
    assert changed == [True, False, True]
    policy = team.iam.get_policy(PolicyArn=arn)["Policy"]
    version = team.iam.get_policy_version(PolicyArn=arn, VersionId=policy["DefaultVersionId"])
    assert version["PolicyVersion"]["Document"] == document()
    assert len(team.iam.list_policy_versions(PolicyArn=arn)["Versions"]) == 5


def test_inline_twice_is_once(run, team):
    words = ("enforce", "mfa", "--group", "team", "--inline", "--json")
    assert [run(*words).json["changed"] for _ in range(2)] == [True, False]
    held = team.iam.get_group_policy(GroupName="team", PolicyName=POLICY)
    assert held["PolicyDocument"] == document()


def test_a_group_that_is_not_there_makes_nothing(run, team):
    ran = run("enforce", "mfa", "--group", "nobody")
    assert ran.code == 2
    assert "The group with name nobody cannot be found." in ran.err
    assert team.iam.list_policies(Scope="Local")["Policies"] == []


def test_the_policy_is_printed_and_no_check_finds_fault(run):
    printed = run("enforce", "mfa", "--print").out
    assert json.loads(printed) == document()
    assert run("enforce", "mfa", "--print", "--json").json == document()
    assert findings(printed, "identity") == ()
    assert len("".join(text().split())) < 2048


@pytest.mark.practice("S000-16", "S003-15")
def test_the_two_well_known_ones_are_explained(run):
    snippet, sample = run("enforce", "mfa", "--explain", "--json").json
    assert [each["code"] for each in snippet["findings"]] == ["mfa-condition-fails-open"]
    found = {each["code"] for each in sample["findings"]}
    assert found == {"mfa-enforce-lockout", "use-string-for-bool"}
    assert '"aws:MultiFactorAuthPresent": false' in sample["printed"]
    told = run("enforce", "mfa", "--explain").out
    assert "whether this session was opened with MFA, not whether the user has a device" in (
        told.replace("\n", " ")
    )
