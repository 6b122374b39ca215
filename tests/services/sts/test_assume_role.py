import json

import pytest
from tests.house import raises_aws
from tests.services.sts.conftest import OTHER, a_call, document, trust

from doorward.account.caller import Caller
from doorward.services.sts.assume_role import assume_role
from doorward.services.sts.errors import AccessDenied

TOO_LONG = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
TOO_LONG_A_CHAIN = (
    "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role"
    " chaining"
)
ASSUME = document({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"})


def allow_ann(house, policy=ASSUME):
    house.iam.put_user_policy(UserName="ann", PolicyName="may", PolicyDocument=policy)


def lasts_s(house, answer):
    return round((answer["Credentials"]["Expiration"] - house.clock()).total_seconds(), -1)


def test_its_members(house, roles):
    roles.make("deploy")
    role = house.iam.get_role(RoleName="deploy")["Role"]
    answer = roles.assume("deploy")
    answer.pop("ResponseMetadata")
    size = len(answer.pop("Credentials")["SessionToken"])
    assert answer == {
        "AssumedRoleUser": {
            "AssumedRoleId": f"{role['RoleId']}:nightly",
            "Arn": f"arn:aws:sts::{house.account_id}:assumed-role/deploy/nightly",
        },
        "PackedPolicySize": 9,
        "SessionTokenSize": size,
        "SessionTokenUtilization": size * 100 // 4096,
    }


def test_the_session_acts_with_the_roles_permissions(roles):
    roles.make("reader", allowed="iam:List*")
    client = roles.client("reader", "iam")
    assert client.list_roles()["Roles"]
    with raises_aws("AccessDenied"):
        client.create_user(UserName="eve")


class TestWhoMayAssume:
    def test_the_account_is_trusted_and_the_user_allowed(self, house, roles, ann):
        roles.make("deploy")
        allow_ann(house)
        assert roles.assume("deploy", ann)

    def test_the_account_is_trusted_but_the_user_is_not_allowed(self, roles, ann):
        roles.make("deploy")
        with raises_aws("AccessDenied"):
            roles.assume("deploy", ann)

    def test_the_user_is_trusted_by_name(self, house, roles, ann):
        user = house.iam.get_user(UserName="ann")["User"]["Arn"]
        roles.make("deploy", trust(user))
        assert roles.assume("deploy", ann)

    def test_somebody_else_is_trusted(self, house, roles):
        house.iam.create_user(UserName="ann")
        user = house.iam.get_user(UserName="ann")["User"]["Arn"]
        roles.make("deploy", trust(user))
        with raises_aws("AccessDenied") as caught:
            roles.assume("deploy")
        assert f"sts:AssumeRole on resource: {roles.arn('deploy')}" in str(caught.value)

    def test_an_explicit_deny_wins(self, house, roles, ann):
        roles.make("deploy", trust(house.iam.get_user(UserName="ann")["User"]["Arn"]))
        allow_ann(house, document({"Effect": "Deny", "Action": "sts:*", "Resource": "*"}))
        with raises_aws("AccessDenied"):
            roles.assume("deploy", ann)

    @pytest.mark.parametrize(
        ("given", "admitted"),
        [({}, False), ({"ExternalId": "wrong"}, False), ({"ExternalId": "s3cret/:x"}, True)],
    )
    def test_an_external_id(self, house, roles, given, admitted):
        condition = {"StringEquals": {"sts:ExternalId": "s3cret/:x"}}
        roles.make("deploy", trust(house.account_id, **condition))
        if admitted:
            assert roles.assume("deploy", **given)
        else:
            with raises_aws("AccessDenied"):
                roles.assume("deploy", **given)

    def test_a_session_name(self, house, roles):
        condition = {"StringLike": {"sts:RoleSessionName": "${aws:username}"}}
        roles.make("deploy", trust(house.account_id, **condition))
        assert roles.assume("deploy", RoleSessionName="admin")
        with raises_aws("AccessDenied"):
            roles.assume("deploy", RoleSessionName="eve")


class TestARoleThatIsNotThere:
    """What is answered does not tell which roles exist."""

    def test_it_is_refused_as_one_that_trusts_somebody_else(self, house, roles):
        house.iam.create_user(UserName="eve")
        roles.make("hidden", trust(house.iam.get_user(UserName="eve")["User"]["Arn"]))
        assert refusal_of(roles, roles.arn("missing")) == refusal_of(roles, roles.arn("hidden"))

    def test_so_it_is_in_another_account_or_in_none(self, roles, other):
        other("iam").create_role(RoleName="hidden", AssumeRolePolicyDocument=trust(OTHER))
        places = [
            f"arn:aws:iam::{OTHER}:role/hidden",
            f"arn:aws:iam::{OTHER}:role/missing",
            "arn:aws:iam::999988887777:role/missing",
        ]
        assert len({refusal_of(roles, arn) for arn in places}) == 1

    def test_the_path_is_part_of_the_name(self, house, roles):
        roles.make("deploy", Path="/team/")
        with raises_aws("AccessDenied"):
            roles.assume("deploy")
        arn = f"arn:aws:iam::{house.account_id}:role/team/deploy"
        assert roles.assume("deploy", RoleArn=arn)

    def test_so_is_its_case(self, roles):
        roles.make("deploy")
        with raises_aws("AccessDenied"):
            roles.assume("DEPLOY")


def test_even_an_allowed_caller_gets_no_session_of_nothing():
    caller = Caller.user("arn:aws:iam::111122223333:user/ann", "AIDAANN")
    arn = "arn:aws:iam::444455556666:role/missing"
    with pytest.raises(AccessDenied, match=f"perform: sts:AssumeRole on resource: {arn}$"):
        assume_role(a_call(caller), role_arn=arn, role_session_name="nightly")


def refusal_of(roles, arn):
    """What is said, without what differs from call to call."""
    with raises_aws("AccessDenied") as caught:
        roles.assume("any", RoleArn=arn)
    message = caught.value.response["Error"]["Message"].replace(arn, "ROLE")
    return message.partition(". Go to")[0]


@pytest.mark.parametrize(
    ("arn", "message"),
    [
        ("not-an-arn-at-all-my-friend", "not-an-arn-at-all-my-friend is invalid"),
        ("arn::iam::111122223333:role/deploy", "arn::iam::111122223333:role/deploy is invalid"),
        ("arn:aws:::111122223333:role/deploy", "arn:aws:::111122223333:role/deploy is invalid"),
        ("arn:aws:iam:111122223333:deploy", "arn:aws:iam:111122223333:deploy is invalid"),
        ("arn:aws:iam::111122223333:", "arn:aws:iam::111122223333: is invalid"),
        ("arn:aws:iam::111122223333:user/ann", "Request ARN is invalid"),
        ("arn:aws:iam::1111:role/deploy-it", "Request ARN is invalid"),
        ("arn:aws:sts::111122223333:role/deploy", "Request ARN is invalid"),
    ],
)
def test_what_is_no_role_arn(roles, arn, message):
    with raises_aws("ValidationError", message):
        roles.assume("deploy", RoleArn=arn)


class TestHowLong:
    @pytest.mark.parametrize(
        ("most_s", "asked", "granted_s"),
        [
            (3600, {}, 3600),
            (7200, {}, 3600),
            (3600, {"DurationSeconds": 900}, 900),
            (3600, {"DurationSeconds": 3600}, 3600),
            (7200, {"DurationSeconds": 7200}, 7200),
            (43200, {"DurationSeconds": 43200}, 43200),
        ],
    )
    def test_up_to_the_roles_own_maximum(self, house, roles, most_s, asked, granted_s):
        roles.make("deploy", MaxSessionDuration=most_s)
        assert lasts_s(house, roles.assume("deploy", **asked)) == granted_s

    @pytest.mark.parametrize(("most_s", "asked_s"), [(3600, 3601), (7200, 7201), (3600, 43200)])
    def test_beyond_the_roles_maximum(self, roles, most_s, asked_s):
        roles.make("deploy", MaxSessionDuration=most_s)
        with raises_aws("ValidationError", TOO_LONG):
            roles.assume("deploy", DurationSeconds=asked_s)

    @pytest.mark.parametrize("asked_s", [0, 899, 43201])
    def test_beyond_all_bounds(self, roles, unchecked, asked_s):
        roles.make("deploy", MaxSessionDuration=43200)
        with raises_aws("ValidationError"):
            roles.assume("deploy", unchecked, DurationSeconds=asked_s)

    @pytest.mark.parametrize(("asked_s", "granted"), [(3599, True), (3600, True), (3601, False)])
    def test_an_hour_when_a_role_assumes_a_role(self, roles, asked_s, granted):
        roles.make("first")
        roles.make("second", MaxSessionDuration=43200)
        chained = roles.client("first")
        if granted:
            assert roles.assume("second", chained, DurationSeconds=asked_s)
        else:
            with raises_aws("ValidationError", TOO_LONG_A_CHAIN):
                roles.assume("second", chained, DurationSeconds=asked_s)

    def test_a_session_of_a_user_is_no_chain(self, house, roles):
        roles.make("deploy", MaxSessionDuration=7200)
        client = house.client_of(house.sts.get_session_token()["Credentials"], "sts")
        assert lasts_s(house, roles.assume("deploy", client, DurationSeconds=7200)) == 7200


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("RoleSessionName", 2, 64),
        ("ExternalId", 2, 1224),
        ("SourceIdentity", 2, 64),
        ("SerialNumber", 9, 256),
        ("TokenCode", 6, 6),
    ],
)
def test_lengths(roles, unchecked, name, least, most):
    roles.make("deploy")
    for length in (least - 1, least, most, most + 1):
        given = {name: "1" * length}
        if least <= length <= most:
            refused_by_model(roles, unchecked, given, expected=False)
        else:
            refused_by_model(roles, unchecked, given, expected=True)


def refused_by_model(roles, client, given, *, expected):
    """An MFA code alone is refused too, though not for its length."""
    if not expected and not {"SerialNumber", "TokenCode"} & set(given):
        assert roles.assume("deploy", client, **given)
        return
    with raises_aws("ValidationError") as caught:
        roles.assume("deploy", client, **given)
    assert ("Member must have length" in str(caught.value)) is expected


class TestMfa:
    def test_a_code_of_a_device_that_is_not_the_callers(self, roles):
        roles.make("deploy")
        message = (
            "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA"
            " serial number is valid and associated with this user."
        )
        with raises_aws("AccessDenied", message):
            roles.assume("deploy", SerialNumber="GAHT12345678", TokenCode="123456")

    @pytest.mark.parametrize("given", [{"SerialNumber": "GAHT12345678"}, {"TokenCode": "123456"}])
    def test_half_a_code(self, roles, given):
        roles.make("deploy")
        message = "must provide both MFA serial number and one time pass code"
        with raises_aws("ValidationError", message):
            roles.assume("deploy", **given)


def test_contexts_nobody_vouches_for_are_refused(roles):
    roles.make("deploy")
    context = {"ProviderArn": "arn:aws:iam::aws:contextProvider/IdentityCenter"}
    with raises_aws("ValidationError"):
        roles.assume("deploy", ProvidedContexts=[{**context, "ContextAssertion": "abcd"}])


class TestAcrossAccounts:
    @pytest.fixture
    def foreign_role(self, house, other):
        other("iam").create_role(
            RoleName="deploy", AssumeRolePolicyDocument=trust(house.account_id)
        )
        return f"arn:aws:iam::{OTHER}:role/deploy"

    def test_both_sides_allow(self, house, roles, foreign_role):
        answer = roles.assume("deploy", RoleArn=foreign_role)
        session = house.client_of(answer["Credentials"], "sts").get_caller_identity()
        assert session["Account"] == OTHER
        assert session["Arn"] == f"arn:aws:sts::{OTHER}:assumed-role/deploy/nightly"

    def test_the_callers_side_must_allow(self, house, roles, ann, foreign_role):
        with raises_aws("AccessDenied"):
            roles.assume("deploy", ann, RoleArn=foreign_role)
        allow_ann(house)
        assert roles.assume("deploy", ann, RoleArn=foreign_role)

    def test_the_roles_side_must_allow(self, other, roles, foreign_role):
        nobody = trust(f"arn:aws:iam::{OTHER}:root")
        other("iam").update_assume_role_policy(RoleName="deploy", PolicyDocument=nobody)
        with raises_aws("AccessDenied"):
            roles.assume("deploy", RoleArn=foreign_role)

    def test_each_account_records_what_it_may_know(self, house, roles, foreign_role):
        roles.assume("deploy", RoleArn=foreign_role)
        ours = json.loads(house.records()[0].body)
        theirs = json.loads(recorded_in(house, OTHER)[0].body)
        assert ours["userIdentity"]["type"] == "IAMUser"
        assert set(theirs["userIdentity"]) == {"type", "principalId", "accountId"}
        assert theirs["userIdentity"]["type"] == "AWSAccount"
        assert (ours["recipientAccountId"], theirs["recipientAccountId"]) == (
            house.account_id,
            OTHER,
        )
        assert ours["sharedEventID"] == theirs["sharedEventID"]
        assert ours["resources"] == [
            {"accountId": OTHER, "type": "AWS::IAM::Role", "ARN": foreign_role}
        ]


def recorded_in(house, account):
    found = house.house.store.find_records(
        account, start_ms=0, end_ms=10**15, attribute=None, limit=10, before=None
    )
    return [row for _, row in found]


def test_what_is_recorded(house, roles):
    roles.make("deploy")
    answer = roles.assume("deploy", ExternalId="abc", SourceIdentity="ann")
    text = next(r for r in house.records() if r.event_name == "AssumeRole").body.decode()
    assert answer["Credentials"]["AccessKeyId"] in text
    assert answer["Credentials"]["SecretAccessKey"] not in text
    assert answer["Credentials"]["SessionToken"] not in text


def test_a_session_dies_with_its_role(house, roles):
    roles.make("deploy")
    client = roles.client("deploy")
    client.get_caller_identity()
    house.iam.delete_role_policy(RoleName="deploy", PolicyName="may")
    house.iam.delete_role(RoleName="deploy")
    roles.make("deploy")
    with raises_aws("InvalidClientTokenId"):
        client.get_caller_identity()
