import base64
import json
from datetime import timedelta

import pytest
from tests.house import raises_aws

from doorward.app.vault import AccountVault
from doorward.services.iam.service_credentials import secret_place

CODECOMMIT = "codecommit.amazonaws.com"
CASSANDRA = "cassandra.amazonaws.com"
BEDROCK = "bedrock.amazonaws.com"


@pytest.fixture
def ann(house):
    house.iam.create_user(UserName="ann")
    return house.iam


def make(iam, service=CODECOMMIT, name="ann", **given):
    answer = iam.create_service_specific_credential(UserName=name, ServiceName=service, **given)
    return answer["ServiceSpecificCredential"]


def kept(house, made):
    live = house.house.accounts.get(house.account_id)
    vault = AccountVault(live, house.house.sealer)
    return vault.get(secret_place(made["ServiceSpecificCredentialId"]))


@pytest.mark.practice("S002-14")
@pytest.mark.parametrize("service", [CODECOMMIT, CASSANDRA])
def test_a_name_and_a_password_for_one_service(ann, house, service):
    made = make(ann, service)
    assert made["ServiceUserName"] == f"ann-at-{house.account_id}"
    assert made["ServiceName"] == service
    assert made["ServiceSpecificCredentialId"].startswith("ACCA")
    assert len(base64.b64decode(made["ServicePassword"])) == 32
    assert made["Status"] == "Active"
    assert "ExpirationDate" not in made
    assert "ServiceCredentialSecret" not in made


def test_a_key_for_bedrock_says_whose_it_is_and_may_end(ann, house):
    made = make(ann, BEDROCK, CredentialAgeDays=1)
    secret = made["ServiceCredentialSecret"]
    assert secret.startswith("ABSK")
    name, _, rest = base64.b64decode(secret.removeprefix("ABSK")).decode().partition(":")
    assert name == made["ServiceCredentialAlias"] == f"ann-at-{house.account_id}"
    assert len(rest) == 44
    assert "ServicePassword" not in made
    assert made["ExpirationDate"] == made["CreateDate"] + timedelta(days=1)
    (listed,) = ann.list_service_specific_credentials(UserName="ann")["ServiceSpecificCredentials"]
    assert listed["Status"] == "Active"
    house.clock.advance(days=1)
    (listed,) = ann.list_service_specific_credentials(UserName="ann")["ServiceSpecificCredentials"]
    assert listed["Status"] == "Expired"


def test_an_age_out_of_range(ann):
    with raises_aws("ValidationError"):
        make(ann, BEDROCK, CredentialAgeDays=36_601)


def test_the_longest_age(ann):
    assert make(ann, BEDROCK, CredentialAgeDays=36_600)["ExpirationDate"].year > 2100


def test_an_age_is_for_bedrock_alone(ann):
    with raises_aws("ValidationError"):
        make(ann, CODECOMMIT, CredentialAgeDays=5)


def test_two_a_service_and_their_names_differ(ann, house):
    first, second, other = make(ann), make(ann), make(ann, CASSANDRA)
    names = [made["ServiceUserName"] for made in (first, second, other)]
    assert names == [f"ann{more}-at-{house.account_id}" for more in ("", "+1", "+2")]
    with raises_aws(
        "LimitExceeded", "Cannot exceed quota for ServiceSpecificCredentialsPerUser: 2"
    ):
        make(ann)


@pytest.mark.parametrize("service", ["s3.amazonaws.com", "codecommit"])
def test_a_service_without_such_credentials(ann, service):
    with raises_aws("NotSupportedService"):
        make(ann, service)
    with raises_aws("NotSupportedService"):
        ann.list_service_specific_credentials(UserName="ann", ServiceName=service)


def test_lists_show_no_secret_and_may_be_of_one_service(ann):
    make(ann)
    make(ann, BEDROCK)
    listed = ann.list_service_specific_credentials(UserName="ann")["ServiceSpecificCredentials"]
    assert len(listed) == 2
    assert not any({"ServicePassword", "ServiceCredentialSecret"} & set(row) for row in listed)
    (one,) = ann.list_service_specific_credentials(UserName="ann", ServiceName=BEDROCK)[
        "ServiceSpecificCredentials"
    ]
    assert one["ServiceName"] == BEDROCK


def test_those_of_all_users_come_by_the_page(ann):
    ann.create_user(UserName="bob")
    wanted = {make(ann)["ServiceSpecificCredentialId"]}
    wanted |= {make(ann, name="bob")["ServiceSpecificCredentialId"]}
    first = ann.list_service_specific_credentials(AllUsers=True, MaxItems=1)
    rest = ann.list_service_specific_credentials(AllUsers=True, Marker=first["Marker"])
    rows = first["ServiceSpecificCredentials"] + rest["ServiceSpecificCredentials"]
    assert {row["ServiceSpecificCredentialId"] for row in rows} == wanted
    assert {row["UserName"] for row in rows} == {"ann", "bob"}
    with raises_aws("ValidationError"):
        ann.list_service_specific_credentials(AllUsers=True, UserName="ann")


def test_who_may_list_their_own_does_not_list_everybodys(ann, house):
    make(ann, name="admin")
    own = {"Effect": "Allow", "Action": "iam:ListServiceSpecificCredentials"}
    own["Resource"] = f"arn:aws:iam::{house.account_id}:user/ann"
    document = json.dumps({"Version": "2012-10-17", "Statement": own})
    ann.put_user_policy(UserName="ann", PolicyName="own", PolicyDocument=document)
    listed = house.user_client("ann").list_service_specific_credentials
    assert listed()["ServiceSpecificCredentials"] == []
    assert listed(AllUsers=False)["ServiceSpecificCredentials"] == []
    with raises_aws("AccessDenied"):
        listed(AllUsers=True)


def test_a_reset_gives_another_secret(ann, house):
    made = make(ann)
    again = ann.reset_service_specific_credential(
        UserName="ann", ServiceSpecificCredentialId=made["ServiceSpecificCredentialId"]
    )["ServiceSpecificCredential"]
    assert again["ServicePassword"] != made["ServicePassword"]
    assert again | {"ServicePassword": ""} == made | {"ServicePassword": ""}
    assert kept(house, made).decode() == again["ServicePassword"]


def test_switched_off_and_deleted_with_its_secret(ann, house):
    made = make(ann)
    named = {"UserName": "ann", "ServiceSpecificCredentialId": made["ServiceSpecificCredentialId"]}
    ann.update_service_specific_credential(**named, Status="Inactive")
    (listed,) = ann.list_service_specific_credentials(UserName="ann")["ServiceSpecificCredentials"]
    assert listed["Status"] == "Inactive"
    ann.delete_service_specific_credential(**named)
    assert kept(house, made) is None
    with raises_aws("NoSuchEntity"):
        ann.delete_service_specific_credential(**named)


def test_a_user_changes_its_own_without_a_name(ann, house):
    allowed = {"Effect": "Allow", "Action": "iam:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": allowed})
    ann.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=document)
    named = {"ServiceSpecificCredentialId": make(ann)["ServiceSpecificCredentialId"]}
    her = house.user_client("ann")
    her.update_service_specific_credential(**named, Status="Inactive")
    with raises_aws("NoSuchEntity"):
        ann.update_service_specific_credential(**named, Status="Inactive")


@pytest.mark.parametrize(("service", "code"), [(BEDROCK, None), (CODECOMMIT, "AccessDenied")])
def test_the_decision_knows_the_service(ann, house, service, code):
    allowed = {
        "Effect": "Allow",
        "Action": ["iam:CreateServiceSpecificCredential", "iam:ResetServiceSpecificCredential"],
        "Resource": "*",
        "Condition": {"StringEquals": {"iam:ServiceSpecificCredentialServiceName": BEDROCK}},
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": allowed})
    ann.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=document)
    her = house.user_client("ann")
    made = make(ann, service)
    calls = [
        lambda: make(her, service),
        lambda: her.reset_service_specific_credential(
            ServiceSpecificCredentialId=made["ServiceSpecificCredentialId"]
        ),
    ]
    for call in calls:
        if code is None:
            assert call()
            continue
        with raises_aws(code):
            call()


def test_the_trail_holds_no_secret(ann, house):
    secrets = [make(ann)["ServicePassword"], make(ann, BEDROCK)["ServiceCredentialSecret"]]
    named = ann.list_service_specific_credentials(UserName="ann", ServiceName=CODECOMMIT)
    reset = ann.reset_service_specific_credential(
        UserName="ann",
        ServiceSpecificCredentialId=named["ServiceSpecificCredentials"][0][
            "ServiceSpecificCredentialId"
        ],
    )
    secrets.append(reset["ServiceSpecificCredential"]["ServicePassword"])
    bodies = b"".join(row.body for row in house.records())
    assert b"CreateServiceSpecificCredential" in bodies
    assert not any(secret.encode() in bodies for secret in secrets)


def test_a_user_with_one_is_not_deleted(ann):
    make(ann)
    with raises_aws(
        "DeleteConflict", "Cannot delete entity, must remove referenced objects first."
    ):
        ann.delete_user(UserName="ann")
