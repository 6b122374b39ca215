import json

import pytest
from tests.house import raises_aws
from tests.services.sts.conftest import a_call, document

from doorward.account.caller import Caller
from doorward.services.sts.errors import MalformedPolicyDocument
from doorward.services.sts.session_policies import accepted

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
LIST_USERS = document({"Effect": "Allow", "Action": "iam:ListUsers", "Resource": "*"})


@pytest.fixture
def deploy(roles):
    roles.make("deploy")
    return roles


def of_length(length):
    """A session policy of exactly that many characters."""
    return LIST_USERS + " " * (length - len(LIST_USERS))


def arns(*names):
    return [{"arn": name} for name in names]


def test_the_session_may_do_what_role_and_policy_allow(deploy):
    client = deploy.client("deploy", "iam", Policy=LIST_USERS)
    assert client.list_users()
    with raises_aws("AccessDenied") as caught:
        client.list_roles()
    assert "because no session policy allows the iam:ListRoles action" in str(caught.value)


def test_a_session_policy_grants_nothing(roles):
    roles.make("poor", allowed="iam:ListRoles")
    with raises_aws("AccessDenied"):
        roles.client("poor", "iam", Policy=LIST_USERS).list_users()


def test_inline_and_managed_add_up(deploy):
    both = {
        "Policy": LIST_USERS,
        "PolicyArns": arns("arn:aws:iam::aws:policy/job-function/Billing"),
    }
    client = deploy.client("deploy", "iam", **both)
    assert client.list_users()
    with raises_aws("AccessDenied"):
        client.create_user(UserName="eve")


@pytest.mark.rule("5.5")
def test_a_managed_policy_is_read_live(house, deploy):
    made = house.iam.create_policy(PolicyName="p", PolicyDocument=LIST_USERS)["Policy"]["Arn"]
    client = deploy.client("deploy", "iam", PolicyArns=arns(made))
    assert client.list_users()
    deny = document({"Effect": "Deny", "Action": "*", "Resource": "*"})
    house.iam.create_policy_version(PolicyArn=made, PolicyDocument=deny, SetAsDefault=True)
    with raises_aws("AccessDenied"):
        client.list_users()


@pytest.mark.parametrize(("length", "accepted"), [(2047, True), (2048, True), (2049, False)])
def test_length_of_the_inline_policy(deploy, length, accepted):
    if accepted:
        assert deploy.assume("deploy", Policy=of_length(length))
    else:
        with raises_aws("ValidationError"):
            deploy.assume("deploy", Policy=of_length(length))


@pytest.mark.rule("10/session")
@pytest.mark.parametrize(("left", "accepted"), [(1, True), (0, True), (-1, False)])
def test_length_of_inline_and_managed_together(deploy, left, accepted):
    given = {
        "Policy": of_length(2048 - len(ADMINISTRATOR) - left),
        "PolicyArns": arns(ADMINISTRATOR),
    }
    if accepted:
        assert deploy.assume("deploy", **given)
    else:
        with raises_aws("ValidationError"):
            deploy.assume("deploy", **given)


@pytest.mark.rule("10/session")
@pytest.mark.parametrize(("count", "accepted"), [(1, True), (10, True), (11, False)])
def test_how_many_managed_policies(house, deploy, count, accepted):
    made = [
        house.iam.create_policy(PolicyName=f"p{number}", PolicyDocument=LIST_USERS)["Policy"]["Arn"]
        for number in range(count)
    ]
    if accepted:
        assert deploy.assume("deploy", PolicyArns=arns(*made))
    else:
        with raises_aws("ValidationError"):
            deploy.assume("deploy", PolicyArns=arns(*made))


def test_a_managed_policy_must_exist(house, deploy):
    missing = f"arn:aws:iam::{house.account_id}:policy/missing"
    message = f"Policy {missing} does not exist or is not attachable."
    with raises_aws("ValidationError", message):
        deploy.assume("deploy", PolicyArns=arns(missing))


def test_a_text_that_is_no_json(deploy):
    with raises_aws("MalformedPolicyDocument") as caught:
        deploy.assume("deploy", Policy="{not json}")
    assert caught.value.response["Error"]["Message"].startswith("Syntax errors in policy.")


@pytest.mark.parametrize(
    ("explain", "message"),
    [(False, r"^Syntax errors in policy\.$"), (True, r"policy\. \(line 1, column 2: .+\)$")],
)
def test_where_the_fault_is(explain, message):
    caller = Caller.user("arn:aws:iam::111122223333:user/ann", "AIDAANN")
    call = a_call(caller, explain=explain)
    with pytest.raises(MalformedPolicyDocument, match=message):
        accepted(call, call.account, "{not json}", ())


@pytest.mark.parametrize(
    "statement",
    [
        {"Effect": "Permit", "Action": "*", "Resource": "*"},
        {"Effect": "Allow", "Action": "*"},
        {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"},
    ],
)
def test_a_text_that_is_no_session_policy(deploy, statement):
    with raises_aws("MalformedPolicyDocument"):
        deploy.assume("deploy", Policy=document(statement))


class TestPackedSize:
    def test_what_is_passed_takes_room(self, deploy):
        bare = deploy.assume("deploy")["PackedPolicySize"]
        with_policy = deploy.assume("deploy", Policy=LIST_USERS)["PackedPolicySize"]
        tagged = deploy.assume("deploy", Tags=[{"Key": "Team", "Value": "blue"}])
        assert bare == 9
        assert with_policy > bare
        assert tagged["PackedPolicySize"] >= bare

    def test_tags_that_do_not_fit(self, deploy):
        texts = [scrambled(number, 256) for number in range(50)]
        tags = [{"Key": f"k{number}", "Value": text} for number, text in enumerate(texts)]
        with raises_aws("PackedPolicyTooLarge") as caught:
            deploy.assume("deploy", Tags=tags)
        assert "Packed size of session tags consumes " in str(caught.value)

    def test_policy_and_tags_that_do_not_fit_together(self, deploy):
        texts = [scrambled(number, 256) for number in range(50)]
        tags = [{"Key": f"k{number}", "Value": text} for number, text in enumerate(texts)]
        with raises_aws("PackedPolicyTooLarge") as caught:
            deploy.assume("deploy", Policy=LIST_USERS, Tags=tags)
        message = caught.value.response["Error"]["Message"]
        assert message.endswith("% of allotted space, please use smaller policy.")


def scrambled(seed, length):
    """Text that deflates badly, the same every time."""
    alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    state, found = seed + 1, []
    for _ in range(length):
        state = state * 1103515245 + 12345 & 0x7FFFFFFF
        found.append(alphabet[(state >> 16) % len(alphabet)])
    return "".join(found)


def test_the_policy_is_recorded_as_sent(house, deploy):
    deploy.assume("deploy", Policy=LIST_USERS)
    record = next(r for r in house.records() if r.event_name == "AssumeRole")
    assert json.loads(record.body)["requestParameters"]["policy"] == LIST_USERS
