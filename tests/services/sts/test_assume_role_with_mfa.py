"""What trust policies see of a code, and what the role's session carries afterwards."""

import pytest
from tests.house import raises_aws
from tests.services.iam.phone import Phone, at_the_start_of_a_step
from tests.services.sts.conftest import document, trust

PRESENT = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
FRESH = {"NumericEquals": {"aws:MultiFactorAuthAge": "0"}}
RECENT = {"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}
ABSENT = {"Null": {"aws:MultiFactorAuthPresent": "true"}}
WRONG = "MultiFactorAuthentication failed with invalid MFA one time pass code. "


@pytest.fixture
def phone(house, ann):  # noqa: ARG001 - the device of a user who is there
    at_the_start_of_a_step(house)
    document_of_ann = document({"Effect": "Allow", "Action": "sts:*", "Resource": "*"})
    house.iam.put_user_policy(UserName="ann", PolicyName="sts", PolicyDocument=document_of_ann)
    return Phone.new(house).enable("ann")


def with_code(phone, offset=0):
    return {"SerialNumber": phone.serial, "TokenCode": phone.code(offset)}


@pytest.mark.parametrize("condition", [PRESENT, FRESH, RECENT, PRESENT | RECENT])
def test_a_trust_policy_sees_the_code(house, roles, ann, phone, condition):
    roles.make("guarded", trust(house.account_id, **condition))
    with raises_aws("AccessDenied"):
        roles.assume("guarded", ann)
    assert roles.assume("guarded", ann, **with_code(phone))["Credentials"]


def test_without_a_code_a_key_carries_no_word_of_mfa(house, roles, ann, phone):
    roles.make("absent", trust(house.account_id, **ABSENT))
    assert roles.assume("absent", ann)
    with raises_aws("AccessDenied"):
        roles.assume("absent", ann, **with_code(phone))


def test_a_wrong_code_is_refused_though_the_role_asks_for_none(roles, ann, phone):
    roles.make("open")
    code = with_code(phone)
    roles.assume("open", ann, **code)
    with raises_aws("AccessDenied", WRONG):
        roles.assume("open", ann, **code)


def test_one_code_opens_one_session_of_either_kind(roles, ann, phone):
    roles.make("open")
    phone.session(ann)
    with raises_aws("AccessDenied", WRONG):
        roles.assume("open", ann, **with_code(phone))


def test_the_callers_own_policy_sees_the_code_too(house, roles, ann, phone):
    roles.make("open")
    own = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*", "Condition": PRESENT}
    house.iam.put_user_policy(UserName="ann", PolicyName="sts", PolicyDocument=document(own))
    with raises_aws("AccessDenied"):
        roles.assume("open", ann)
    assert roles.assume("open", ann, **with_code(phone))


def test_from_a_session_with_mfa_roles_are_assumed_again_and_again(house, roles, ann, phone):
    roles.make("guarded", trust(house.account_id, **PRESENT | RECENT))
    session = house.client_of(phone.session(ann), "sts")
    for _ in range(3):
        assert roles.assume("guarded", session)
    house.clock.advance(hours=1)
    with raises_aws("AccessDenied"):
        roles.assume("guarded", session)


def test_the_roles_session_carries_no_mfa(house, roles, ann, phone):
    false = {"Bool": {"aws:MultiFactorAuthPresent": "false"}}
    roles.make("guarded", trust(house.account_id, **PRESENT))
    roles.make("next", trust(house.account_id, **PRESENT))
    grants = document(
        {"Effect": "Allow", "Action": "iam:ListUsers", "Resource": "*", "Condition": false},
        {"Effect": "Allow", "Action": "iam:ListRoles", "Resource": "*", "Condition": PRESENT},
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"},
    )
    house.iam.put_role_policy(RoleName="guarded", PolicyName="may", PolicyDocument=grants)
    session = roles.assume("guarded", ann, **with_code(phone))["Credentials"]
    iam = house.client_of(session)
    assert iam.list_users()
    with raises_aws("AccessDenied"):
        iam.list_roles()
    with raises_aws("AccessDenied"):
        roles.assume("next", house.client_of(session, "sts"))
    events = [row.body.decode() for row in house.records() if row.event_name == "ListUsers"]
    assert '"mfaAuthenticated":"false"' in events[0]


def test_the_code_is_not_recorded(house, roles, ann, phone):
    roles.make("open")
    code = with_code(phone)
    roles.assume("open", ann, **code)
    events = [row.body.decode() for row in house.records() if row.event_name == "AssumeRole"]
    assert f'"serialNumber":"{phone.serial}"' in events[0]
    assert code["TokenCode"] not in events[0].replace(phone.serial, "")
    assert "tokenCode" not in events[0]
