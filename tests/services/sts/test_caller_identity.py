import re

from tests.services.sts.conftest import document


def who(client):
    answer = client.get_caller_identity()
    answer.pop("ResponseMetadata")
    return answer


def test_a_user(house, ann):
    user = house.iam.get_user(UserName="ann")["User"]
    assert who(ann) == {
        "UserId": user["UserId"],
        "Account": house.account_id,
        "Arn": user["Arn"],
    }


def test_a_role_session_is_without_the_path(house, roles):
    made = house.iam.create_role(
        RoleName="deploy",
        Path="/team/",
        AssumeRolePolicyDocument=document(
            {
                "Effect": "Allow",
                "Principal": {"AWS": house.account_id},
                "Action": "sts:AssumeRole",
            }
        ),
    )["Role"]
    assert who(roles.client("deploy", RoleArn=made["Arn"])) == {
        "UserId": f"{made['RoleId']}:nightly",
        "Account": house.account_id,
        "Arn": f"arn:aws:sts::{house.account_id}:assumed-role/deploy/nightly",
    }


def test_a_federated_user(house):
    credentials = house.sts.get_federation_token(Name="guest")["Credentials"]
    assert who(house.client_of(credentials, "sts")) == {
        "UserId": f"{house.account_id}:guest",
        "Account": house.account_id,
        "Arn": f"arn:aws:sts::{house.account_id}:federated-user/guest",
    }


def test_a_session_of_a_user_is_the_user(house, ann):
    credentials = ann.get_session_token()["Credentials"]
    assert re.fullmatch(r"ASIA[A-Z2-7]{16}", credentials["AccessKeyId"])
    assert who(house.client_of(credentials, "sts")) == who(ann)


def test_an_explicit_deny_does_not_matter(house, ann):
    deny = document({"Effect": "Deny", "Action": "*", "Resource": "*"})
    house.iam.put_user_policy(UserName="ann", PolicyName="none", PolicyDocument=deny)
    assert who(ann)["Account"] == house.account_id
