import json
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.house import raises_aws

from doorward.account.account import Account
from doorward.account.model import Profile, Role, User
from doorward.errors import AwsError
from doorward.services.iam import trust

NOW = datetime(2026, 11, 1, tzinfo=UTC)
GITHUB = "token.actions.githubusercontent.com"


def statement(**more):
    return {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"} | more


def document(*statements, **more):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)} | more)


def make(house, principal, **more):
    text = document(statement(Principal=principal, **more))
    return house.iam.create_role(RoleName="Deploy", AssumeRolePolicyDocument=text)


def shown(house):
    found = house.iam.get_role(RoleName="Deploy")["Role"]["AssumeRolePolicyDocument"]
    return found["Statement"][0]["Principal"]


REFUSED = [
    ("*", 'AssumeRolepolicy contained an invalid principal: "STAR":"*".'),
    ({"Service": "not-a-service"}, 'Invalid principal in policy: "SERVICE":"not-a-service"'),
    (
        {"Federated": "*"},
        "Federated principals must be valid domain names or SAML metadata ARNs",
    ),
    *(
        ({"AWS": name}, f'Invalid principal in policy: "AWS":"{name}"')
        for name in (
            "1234567890",
            "ACCOUNT-B-ID",
            "arn:aws:iam::ACCOUNT-B-ID:root",
            "arn:aws:iam::1234567890:root",
            "arn:aws:iam::{account}:user/nobody",
            "arn:aws:iam::{account}:role/nobody",
            "arn:aws:iam::{account}:user/*",
            "arn:aws:iam::111122223333:role/a*b",
            "arn:aws:iam::111122223333:role/a*/b",
            "arn:aws-cn:iam::111122223333:root",
            "arn:aws:iam::{account}:group/Administrators",
            "arn:aws:s3:::bucket",
            "AIDAAAAAAAAAAAAAAAAAA",
        )
    ),
]


@pytest.mark.parametrize(("principal", "message"), REFUSED)
def test_principals_that_are_refused(house, principal, message):
    here = house.account_id
    principal = json.loads(json.dumps(principal).replace("{account}", here))
    with raises_aws("MalformedPolicyDocument", message.replace("{account}", here)):
        make(house, principal)


@pytest.mark.parametrize(
    ("principal", "kept"),
    [
        ({"AWS": "*"}, {"AWS": "*"}),
        ({"AWS": "111122223333"}, {"AWS": "arn:aws:iam::111122223333:root"}),
        ({"AWS": ["arn:aws:iam::111122223333:root"]}, {"AWS": "arn:aws:iam::111122223333:root"}),
        (
            {"AWS": "arn:aws:iam::111122223333:role/x/y"},
            {"AWS": "arn:aws:iam::111122223333:role/x/y"},
        ),
        (
            {"AWS": "arn:aws:sts::111122223333:assumed-role/r/s"},
            {"AWS": "arn:aws:sts::111122223333:assumed-role/r/s"},
        ),
        (
            {"Service": ["ec2.amazonaws.com", "lambda.amazonaws.com"]},
            {"Service": ["ec2.amazonaws.com", "lambda.amazonaws.com"]},
        ),
    ],
)
def test_principals_as_they_are_kept(house, principal, kept):
    make(house, principal)
    assert shown(house) == kept


@pytest.mark.rule("3.4/ids")
def test_a_user_made_again_is_not_the_one_trusted(house):
    house.iam.create_user(UserName="ann", Path="/x/")
    arn = f"arn:aws:iam::{house.account_id}:user/x/ann"
    unique_id = house.iam.get_user(UserName="ann")["User"]["UserId"]
    make(house, {"AWS": arn})
    assert shown(house) == {"AWS": arn}
    house.iam.update_user(UserName="ann", NewUserName="Anne")
    assert shown(house) == {"AWS": f"arn:aws:iam::{house.account_id}:user/x/Anne"}
    house.iam.delete_user(UserName="Anne")
    house.iam.create_user(UserName="ann", Path="/x/")
    assert shown(house) == {"AWS": unique_id}


def test_only_the_user_who_was_named_may_assume(house):
    house.iam.create_user(UserName="ann")
    arn = make(house, {"AWS": f"arn:aws:iam::{house.account_id}:user/ann"})["Role"]["Arn"]

    def assume():
        ann = house.user_client("ann", "sts")
        return ann.assume_role(RoleArn=arn, RoleSessionName="session")["Credentials"]

    assert assume()
    for key in house.iam.list_access_keys(UserName="ann")["AccessKeyMetadata"]:
        house.iam.delete_access_key(UserName="ann", AccessKeyId=key["AccessKeyId"])
    house.iam.delete_user(UserName="ann")
    house.iam.create_user(UserName="ann")
    with raises_aws("AccessDenied"):
        assume()


def test_a_role_named_by_another_lets_its_sessions_in(house):
    first = make(house, {"AWS": house.account_id})["Role"]["Arn"]
    trusting = document(statement(Principal={"AWS": first}))
    second = house.iam.create_role(RoleName="Next", AssumeRolePolicyDocument=trusting)
    grant = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
    house.iam.put_role_policy(
        RoleName="Deploy",
        PolicyName="p",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": grant}),
    )
    session = house.sts.assume_role(RoleArn=first, RoleSessionName="session")["Credentials"]
    sts = house.client_of(session, "sts")
    assert sts.assume_role(RoleArn=second["Role"]["Arn"], RoleSessionName="session")
    with raises_aws("AccessDenied"):
        house.sts.assume_role(RoleArn=second["Role"]["Arn"], RoleSessionName="session")


def test_a_missing_comma_is_named_with_its_place(house):
    text = document(statement()).replace('"Allow",', '"Allow"')
    with raises_aws("MalformedPolicyDocument") as refused:
        house.iam.create_role(RoleName="Deploy", AssumeRolePolicyDocument=text)
    message = refused.value.response["Error"]["Message"]
    assert message.endswith("""(line 1, column 60: expected ',' before "Principal")""")


@pytest.mark.parametrize("resource", ["user/ann", "user/x/ANN", "role/x/ann"])
def test_kind_path_and_case_of_a_named_user_count(house, resource):
    house.iam.create_user(UserName="ann", Path="/x/")
    with raises_aws("MalformedPolicyDocument"):
        make(house, {"AWS": f"arn:aws:iam::{house.account_id}:{resource}"})


def test_what_get_shows_can_be_stored_again(house):
    house.iam.create_user(UserName="ann")
    make(house, {"AWS": [f"arn:aws:iam::{house.account_id}:user/ann", "111122223333"]})
    before = house.iam.get_role(RoleName="Deploy")["Role"]["AssumeRolePolicyDocument"]
    house.iam.update_assume_role_policy(RoleName="Deploy", PolicyDocument=json.dumps(before))
    after = house.iam.get_role(RoleName="Deploy")["Role"]["AssumeRolePolicyDocument"]
    assert after == before


def test_the_id_of_a_user_who_exists_is_taken(house):
    unique_id = house.iam.create_user(UserName="ann")["User"]["UserId"]
    make(house, {"AWS": unique_id})
    assert shown(house) == {"AWS": f"arn:aws:iam::{house.account_id}:user/ann"}


@pytest.mark.parametrize(
    "action",
    [
        "s3:GetObject",
        "*",
        ["sts:AssumeRole", "iam:PassRole"],
        "sts:InvalidAction",
        "sts:GetCallerIdentity",
        ["sts:AssumeRole", "sts:Assume"],
    ],
)
def test_only_actions_a_role_can_be_asked_for(house, action):
    message = "AssumeRole policy may only specify STS AssumeRole actions."
    with raises_aws("MalformedPolicyDocument", message):
        make(house, {"AWS": "*"}, Action=action)


@pytest.mark.parametrize(
    "action",
    ["sts:*", "STS:assumerole*", "sts:Assume?ole", ["sts:TagSession", "sts:SetSourceIdentity"]],
)
def test_actions_may_be_patterns_in_any_case(house, action):
    make(house, {"AWS": house.account_id}, Action=action)
    (kept,) = house.iam.get_role(RoleName="Deploy")["Role"]["AssumeRolePolicyDocument"]["Statement"]
    assert kept["Action"] == action


def test_a_single_statement_becomes_a_list_and_an_old_version_is_named(house):
    text = json.dumps(
        {"Id": "x", "Statement": statement(Sid="", Condition={"Bool": {"a:b": ["true"]}})}
    )
    house.iam.create_role(RoleName="Deploy", AssumeRolePolicyDocument=text)
    found = house.iam.get_role(RoleName="Deploy")["Role"]["AssumeRolePolicyDocument"]
    kept = statement(Sid="", Condition={"Bool": {"a:b": "true"}})
    assert found == {"Version": "2008-10-17", "Id": "x", "Statement": [kept]}
    assert list(found["Statement"][0]) == ["Sid", "Effect", "Principal", "Action", "Condition"]


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (True, "true"),
        (False, "false"),
        (3600, "3600"),
        ("x", "x"),
        (["a", 1, True], ["a", "1", "true"]),
    ],
)
def test_values_of_conditions_are_kept_as_strings(house, value, kept):
    make(house, {"AWS": "*"}, Condition={"StringLike": {"aws:username": value}})
    found = house.iam.get_role(RoleName="Deploy")["Role"]["AssumeRolePolicyDocument"]
    assert found["Statement"][0]["Condition"] == {"StringLike": {"aws:username": kept}}


ODD_VALUES = ["9" * 5000, "1e9999", '"\\ud800"', '"\\u4e2d"', "[" * 3000]


@pytest.mark.parametrize("value", ODD_VALUES, ids=range(len(ODD_VALUES)))
def test_odd_values_of_conditions_do_no_harm(house, value):
    odd = document(statement(Condition={"StringLike": {"aws:username": "?"}}))
    try:
        house.iam.create_role(RoleName="D", AssumeRolePolicyDocument=odd.replace('"?"', value))
    except (
        house.iam.exceptions.MalformedPolicyDocumentException,
        house.iam.exceptions.LimitExceededException,
    ):
        assert house.iam.list_roles()["Roles"] == []
    else:
        assert house.iam.get_role(RoleName="D")["Role"]["AssumeRolePolicyDocument"]["Statement"]


@pytest.mark.rule("10/trust")
def test_a_trust_policy_has_a_size(house):
    many = [f"{number:012}" for number in range(130)]
    with raises_aws("LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048"):
        make(house, {"AWS": many})


@pytest.mark.parametrize("principal", ["111122223333", ["*"], {}, {"AWS": 1}, {"Other": "x"}, None])
def test_what_is_no_principal_at_all(house, principal):
    with raises_aws("MalformedPolicyDocument"):
        make(house, principal)


def test_a_shared_issuer_needs_its_claim(house):
    provider = f"arn:aws:iam::{house.account_id}:oidc-provider/{GITHUB}"
    action = "sts:AssumeRoleWithWebIdentity"
    with raises_aws("MalformedPolicyDocument"):
        make(house, {"Federated": provider}, Action=action)
    subject = {"StringLike": {f"{GITHUB}:sub": "repo:acme/app:*"}}
    make(house, {"Federated": provider}, Action=action, Condition=subject)
    assert shown(house) == {"Federated": provider}


@dataclass
class Vault:
    kept: dict = field(default_factory=dict)

    def put(self, name, secret):
        self.kept[name] = secret

    def get(self, name):
        return self.kept.get(name)


@dataclass
class Desk:
    accounts: dict

    def account(self, account_id):
        return self.accounts.get(account_id)


@dataclass
class Caller:
    """As much of a call as trust policies ask for."""

    account: Account
    desk: Desk
    vault: Vault = field(default_factory=Vault)
    explain: bool = True


def an_account(account_id, *entities):
    profile = Profile(id=account_id, email="root@example.com", created=NOW)
    return Account.of(account_id, [profile, *entities])


def a_role(name, role_id):
    return Role(name=name, role_id=role_id, created=NOW, trust="{}")


@pytest.fixture
def call():
    theirs = an_account(
        "222222222222",
        a_role("Build", "AROABBBBBBBBBBBBBBBBB"),
        User(name="bob", user_id="AIDABBBBBBBBBBBBBBBBB", created=NOW),
    )
    return Caller(an_account("111111111111"), Desk({"222222222222": theirs}))


@pytest.mark.parametrize(
    ("resource", "unique_id"),
    [("role/Build", "AROABBBBBBBBBBBBBBBBB"), ("user/bob", "AIDABBBBBBBBBBBBBBBBB")],
)
def test_principals_of_another_account_here_are_kept_by_id(call, resource, unique_id):
    arn = f"arn:aws:iam::222222222222:{resource}"
    kept = trust.stored(call, document(statement(Principal={"AWS": arn})))
    assert json.loads(kept.text)["Statement"][0]["Principal"] == {"AWS": unique_id}
    shown = trust.shown(call, kept.on(a_role("R", "AROACCCCCCCCCCCCCCCCC")))
    assert json.loads(shown)["Statement"][0]["Principal"] == {"AWS": arn}
    assert trust.stored(call, shown) == kept


def test_the_id_stays_when_the_other_account_loses_whom_it_means(call):
    arn = "arn:aws:iam::222222222222:role/Build"
    kept = trust.stored(call, document(statement(Principal={"AWS": arn})))
    role = kept.on(a_role("R", "AROACCCCCCCCCCCCCCCCC"))
    call.desk.accounts["222222222222"] = an_account("222222222222")
    assert trust.shown(call, role) == kept.text
    call.desk.accounts.clear()
    assert trust.shown(call, role) == kept.text


def test_nobody_of_that_name_in_the_other_account(call):
    arn = "arn:aws:iam::222222222222:role/Nobody"
    with pytest.raises(AwsError, match="Invalid principal"):
        trust.stored(call, document(statement(Principal={"AWS": arn})))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just("*"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["Statement", "Principal", "AWS", "Effect", "Action", "Version", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@given(JSON.map(json.dumps) | st.text(max_size=40))
def test_whatever_is_sent_is_stored_or_refused_in_aws_words(text):
    call = Caller(an_account("111111111111"), Desk({}))
    try:
        kept = trust.stored(call, text)
    except AwsError:
        return
    assert trust.stored(call, kept.text) == kept
