"""An administrator has what root has, except what is root's own: its keys and its devices."""

import pytest
from tests.clients.server import started
from tests.house import raises_aws
from tests.practices.conftest import admin_of, client

pytestmark = pytest.mark.practice("S002-80", "S002-04", "S000-01", "S001-08", "S001-17")

ACCOUNT = "111122223333"
ROOT_KEY = {"AccessKeyId": "AKIAROOTROOTROOTROOT", "SecretAccessKey": "secret"}
SEED = (
    f"account: {{id: '{ACCOUNT}', email: root@example.com}}\n"
    f"root: {{access_key: {{id: {ROOT_KEY['AccessKeyId']}, secret: secret}}}}\n"
)
NAMES = ["root", "root@example.com", ACCOUNT, "<root_account>"]


@pytest.fixture(scope="module")
def with_root_key(tmp_path_factory):
    """A server whose root user has a key, as nobody should have it."""
    seed = tmp_path_factory.mktemp("seed") / "seed.yaml"
    seed.write_text(SEED)
    with started("--seed", str(seed)) as running:
        yield running


@pytest.fixture
def admin(with_root_key):
    return client(with_root_key, "iam", admin_of(with_root_key))


@pytest.fixture
def root(with_root_key):
    return client(with_root_key, "iam", ROOT_KEY)


def key_ids(answer):
    return [key["AccessKeyId"] for key in answer["AccessKeyMetadata"]]


def test_both_do_what_an_administrator_does(admin, root):
    for iam in (admin, root):
        iam.create_user(UserName="ann")
        assert iam.get_user(UserName="ann")
        iam.delete_user(UserName="ann")


def test_root_sees_its_own_key(root):
    assert key_ids(root.list_access_keys()) == [ROOT_KEY["AccessKeyId"]]


def test_an_administrator_lists_its_own_keys_instead(admin, with_root_key):
    assert key_ids(admin.list_access_keys()) == [with_root_key.admin.key_id]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("operation", "given"),
    [
        ("list_access_keys", {}),
        ("create_access_key", {}),
        ("update_access_key", {"AccessKeyId": ROOT_KEY["AccessKeyId"], "Status": "Inactive"}),
        ("delete_access_key", {"AccessKeyId": ROOT_KEY["AccessKeyId"]}),
        ("list_mfa_devices", {}),
        ("get_login_profile", {}),
        ("delete_login_profile", {}),
        ("put_user_policy", {"PolicyName": "p", "PolicyDocument": "{}"}),
    ],
)
def test_no_name_leads_an_administrator_to_root(admin, operation, given, name):
    with pytest.raises(admin.exceptions.ClientError) as caught:
        getattr(admin, operation)(UserName=name, **given)
    assert caught.value.response["Error"]["Code"] in {"NoSuchEntity", "ValidationError"}


@pytest.mark.parametrize(
    ("operation", "given", "code"),
    [
        ("update_access_key", {"Status": "Inactive"}, "NoSuchEntity"),
        ("delete_access_key", {}, "NoSuchEntity"),
        ("get_access_key_last_used", {}, "AccessDenied"),
    ],
)
def test_nor_does_the_id_of_its_key(admin, root, operation, given, code):
    with raises_aws(code):
        getattr(admin, operation)(AccessKeyId=ROOT_KEY["AccessKeyId"], **given)
    assert root.list_access_keys()["AccessKeyMetadata"][0]["Status"] == "Active"


def test_an_administrator_learns_that_there_is_a_key_from_the_summary_alone(admin):
    assert admin.get_account_summary()["SummaryMap"]["AccountAccessKeysPresent"] == 1


def test_root_is_no_user_to_list(admin):
    assert [user["UserName"] for user in admin.list_users()["Users"]] == ["admin"]


def test_no_policy_of_an_administrator_binds_root(admin, root):
    deny = '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}'
    admin.put_group_policy(GroupName="Administrators", PolicyName="no", PolicyDocument=deny)
    with raises_aws("AccessDenied"):
        admin.list_users()
    root.delete_group_policy(GroupName="Administrators", PolicyName="no")
    assert admin.list_users()
