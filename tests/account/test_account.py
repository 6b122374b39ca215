from dataclasses import replace
from datetime import UTC, datetime, timedelta

from doorward.account.account import Account
from doorward.account.activity import Activity, Use
from doorward.account.model import (
    AccessKey,
    DeletionTask,
    Group,
    InstanceProfile,
    ManagedPolicy,
    OidcProvider,
    PolicyVersion,
    Profile,
    Role,
    SamlProvider,
    ServerCertificate,
    Token,
    User,
)

NOW = datetime(2026, 9, 11, 10, 0, 0, tzinfo=UTC)
ACCOUNT = "111122223333"
EMPTY = Account.of(ACCOUNT, [Profile(id=ACCOUNT, email="e", created=NOW)])
ANN = User(
    name="Ann", path="/x/", user_id="AIDA1", created=NOW, access_keys=(AccessKey("AKIA1", NOW),)
)
POLICY = ManagedPolicy(
    name="Own",
    path="/p/",
    policy_id="ANPA1",
    created=NOW,
    updated=NOW,
    versions=(PolicyVersion("v1", "one", NOW), PolicyVersion("v2", "two", NOW)),
    default="v2",
)


def test_a_change_is_a_new_value():
    changed = EMPTY.put(ANN)
    assert EMPTY.user("ann") is None
    assert changed.user("ANN") is ANN
    assert changed.touched == {("user", "ann")}
    assert changed.settled().touched == frozenset()
    assert EMPTY.settled() is EMPTY


def test_an_entity_is_found_by_its_ids_until_it_is_dropped():
    account = EMPTY.put(ANN)
    assert account.by_id("AIDA1") is ANN
    assert account.by_id("AKIA1") is ANN
    assert account.by_id("AKIA2") is None
    assert account.drop(ANN).by_id("AIDA1") is None


def test_a_key_that_is_gone_finds_nobody():
    account = EMPTY.put(ANN).put(replace(ANN, access_keys=()))
    assert account.by_id("AKIA1") is None
    assert account.by_id("AIDA1").access_keys == ()


def test_a_rename_keeps_the_ids_in_either_order():
    renamed = replace(ANN, name="Anna")
    for account in (EMPTY.put(ANN).drop(ANN).put(renamed), EMPTY.put(ANN).put(renamed).drop(ANN)):
        assert account.by_id("AKIA1") is renamed
        assert account.user("ann") is None


def test_every_kind_has_a_key_an_arn_and_ids():
    arn = f"arn:aws:iam::{ACCOUNT}:"
    role = Role(name="R", role_id="AROA1", created=NOW, trust="")
    expected = [
        (EMPTY.profile, "profile", "root", ()),
        (ANN, "ann", "user/x/Ann", ("AIDA1", "AKIA1")),
        (Group(name="G", group_id="AGPA1", created=NOW), "g", "group/G", ("AGPA1",)),
        (role, "r", "role/R", ("AROA1",)),
        (POLICY, "own", "policy/p/Own", ("ANPA1",)),
        (
            InstanceProfile(name="I", profile_id="AIPA1", created=NOW),
            "i",
            "instance-profile/I",
            ("AIPA1",),
        ),
        (OidcProvider(url="h/P", created=NOW), "h/P", "oidc-provider/h/P", ()),
        (
            SamlProvider(
                name="S", provider_id="SAMLSP1", created=NOW, metadata="", valid_until=NOW
            ),
            "S",
            "saml-provider/S",
            ("SAMLSP1",),
        ),
        (
            ServerCertificate(name="C", certificate_id="ASCA1", uploaded=NOW, expires=NOW, body=""),
            "c",
            "server-certificate/C",
            ("ASCA1",),
        ),
        (DeletionTask(id="task/t", role="r", started=NOW), "task/t", "task/t", ()),
    ]
    for entity, key, resource, ids in expected:
        assert (entity.key, EMPTY.arn(entity), entity.ids) == (key, arn + resource, ids)
        assert EMPTY.put(entity).all(type(entity)) == [entity]


def test_look_ups_of_what_is_not_there():
    for look_up in (
        EMPTY.user,
        EMPTY.group,
        EMPTY.role,
        EMPTY.policy,
        EMPTY.policy_named,
        EMPTY.instance_profile,
        EMPTY.oidc_provider,
        EMPTY.saml_provider,
        EMPTY.server_certificate,
        EMPTY.deletion_task,
    ):
        assert look_up("nothing") is None


def test_a_policy_is_found_by_its_whole_arn():
    account = EMPTY.put(POLICY)
    assert account.policy(f"arn:aws:iam::{ACCOUNT}:policy/p/Own") is POLICY
    assert account.policy(f"arn:aws:iam::{ACCOUNT}:policy/Own") is None
    assert account.policy_named("OWN") is POLICY


def test_the_version_in_force():
    assert POLICY.text == "two"
    assert POLICY.version("v1").text == "one"
    assert POLICY.version("v3") is None


def test_members_and_groups():
    group = Group(name="G", group_id="AGPA1", created=NOW)
    account = EMPTY.put(group).put(replace(ANN, groups=("G", "gone")))
    assert [user.name for user in account.members(group)] == ["Ann"]
    assert account.groups_of(account.user("ann")) == [group]


def test_lists_are_ordered_and_counted():
    account = EMPTY.put(ANN).put(User(name="bob", user_id="AIDA2", created=NOW))
    assert [user.name for user in account.all(User)] == ["Ann", "bob"]
    assert account.all(User) is account.all(User)
    assert account.count(User) == 2
    assert EMPTY.count(User) == 0


def test_a_quota_is_the_default_unless_it_was_raised():
    raised = EMPTY.put(replace(EMPTY.profile, quotas=(("UsersQuota", 7),)))
    assert EMPTY.quota("UsersQuota", 5000) == 5000
    assert raised.quota("UsersQuota", 5000) == 7


def test_an_account_made_of_entities_is_the_account():
    built = Account.of(ACCOUNT, [EMPTY.profile, ANN, POLICY])
    assert built.by_id("AKIA1") is ANN
    assert built.touched == frozenset()


def test_uses_within_a_minute_at_one_place_are_one():
    first = Activity().noted("AKIA1", Use(NOW, "us-east-1", "iam"))
    soon = first.noted("AKIA1", Use(NOW + timedelta(seconds=59), "us-east-1", "iam"))
    later = first.noted("AKIA1", Use(NOW + timedelta(seconds=60), "us-east-1", "iam"))
    elsewhere = first.noted("AKIA1", Use(NOW, "us-east-1", "sts"))
    assert soon is first
    assert later.last_use("AKIA1").at == NOW + timedelta(seconds=60)
    assert elsewhere.last_use("AKIA1").service == "sts"
    assert first.touched == {"AKIA1"}
    assert first.settled().touched == frozenset()
    assert first.last_use("AKIA2") is None
    assert Activity().settled().touched == frozenset()


def test_a_token_is_found_by_its_id_alone():
    token = Token(id="abc", role_id="AROA", created=NOW, expires=NOW, created_by="a", digest="00")
    account = EMPTY.put(token)
    assert account.token("abc") is token
    assert account.token("abd") is None
    assert account.by_id("abc") is None
    assert account.arn(token) == f"arn:aws:iam::{ACCOUNT}:token/abc"
