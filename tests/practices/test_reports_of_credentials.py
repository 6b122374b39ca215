"""The credential report, the account summary and last accessed: who has what, and who used it."""

import csv
from datetime import timedelta

import pytest
from tests.practices.conftest import a_user
from tests.services.iam.phone import Phone


def report(house):
    """Rows of the credential report by user."""
    while house.iam.generate_credential_report()["State"] != "COMPLETE":
        pass
    text = house.iam.get_credential_report()["Content"].decode()
    return {row["user"]: row for row in csv.DictReader(text.splitlines())}


@pytest.mark.practice("S001-01", "S002-44")
def test_root_is_the_first_row_of_the_credential_report(house):
    a_user(house.iam, "bob")
    rows = report(house)
    assert next(iter(rows)) == "<root_account>"
    assert rows["<root_account>"]["arn"] == f"arn:aws:iam::{house.account_id}:root"
    assert rows["<root_account>"]["password_enabled"] == "true"
    assert rows["bob"]["password_enabled"] == "false"


@pytest.mark.practice("S000-13", "S002-44", "S004-03")
def test_who_has_no_mfa_is_seen(house):
    for name in ("ann", "bob"):
        a_user(house.iam, name)
        house.iam.create_login_profile(UserName=name, Password="Correct7Horse7Battery!")
    Phone.new(house, "ann").enable("ann")
    rows = report(house)
    without = [
        name
        for name, row in rows.items()
        if row["password_enabled"] == "true" and row["mfa_active"] == "false"
    ]
    assert without == ["<root_account>", "bob"]


@pytest.mark.practice("S002-44", "S004-16")
def test_a_report_is_kept_for_four_hours_and_keys_age_in_it(house):
    a_user(house.iam, "svc")
    house.iam.create_access_key(UserName="svc")
    made = report(house)["svc"]
    a_user(house.iam, "late")
    with house.at(house.clock() + timedelta(hours=3, minutes=59)):
        assert "late" not in report(house)
    with house.at(house.clock() + timedelta(hours=4, minutes=1)):
        later = report(house)
    assert "late" in later
    assert later["svc"]["access_key_1_last_rotated"] == made["access_key_1_last_rotated"]
    assert later["svc"]["access_key_1_active"] == "true"


@pytest.mark.practice("S001-27", "S001-29", "S001-13", "S001-26")
def test_root_s_posture_is_three_numbers(house):
    summary = house.iam.get_account_summary()["SummaryMap"]
    assert summary["AccountMFAEnabled"] == 0
    assert summary["AccountAccessKeysPresent"] == 0
    assert summary["AccountPasswordPresent"] == 1


@pytest.mark.practice("S002-23")
def test_what_was_last_accessed_by_service_and_action(house):
    a_user(house.iam, "ann", {"Action": ["iam:GetUser", "s3:GetObject"]})
    house.user_client("ann").get_user()
    arn = house.iam.get_user(UserName="ann")["User"]["Arn"]
    asked = house.iam.generate_service_last_accessed_details(Arn=arn, Granularity="ACTION_LEVEL")
    while (told := house.iam.get_service_last_accessed_details(JobId=asked["JobId"]))[
        "JobStatus"
    ] == "IN_PROGRESS":
        pass
    services = {each["ServiceNamespace"]: each for each in told["ServicesLastAccessed"]}
    assert services.keys() == {"iam", "s3"}
    assert services["iam"]["LastAuthenticatedEntity"] == arn
    assert "LastAuthenticated" not in services["s3"]
    actions = {each["ActionName"]: each for each in services["iam"]["TrackedActionsLastAccessed"]}
    assert actions["GetUser"]["LastAccessedEntity"] == arn


@pytest.mark.practice("S003-16")
def test_the_effect_of_a_policy_is_simulated_before_and_after(house):
    a_user(house.iam, "ann", {"Action": "ec2:StopInstances"})
    asked = {
        "PolicySourceArn": house.iam.get_user(UserName="ann")["User"]["Arn"],
        "ActionNames": ["ec2:StopInstances"],
        "ContextEntries": [
            {
                "ContextKeyName": "aws:MultiFactorAuthPresent",
                "ContextKeyType": "boolean",
                "ContextKeyValues": ["false"],
            }
        ],
    }
    (before,) = house.iam.simulate_principal_policy(**asked)["EvaluationResults"]
    deny = (
        '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*",'
        '"Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":false}}}}'
    )
    house.iam.put_user_policy(UserName="ann", PolicyName="EnforceMFA", PolicyDocument=deny)
    (after,) = house.iam.simulate_principal_policy(**asked)["EvaluationResults"]
    assert (before["EvalDecision"], after["EvalDecision"]) == ("allowed", "explicitDeny")


@pytest.mark.practice("S002-14")
def test_a_legacy_tool_gets_a_credential_for_its_service_alone(house):
    a_user(house.iam, "git")
    made = house.iam.create_service_specific_credential(
        UserName="git", ServiceName="codecommit.amazonaws.com"
    )["ServiceSpecificCredential"]
    assert made["ServicePassword"]
    (listed,) = house.iam.list_service_specific_credentials(UserName="git")[
        "ServiceSpecificCredentials"
    ]
    assert "ServicePassword" not in listed
