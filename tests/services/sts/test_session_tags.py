"""Session tags and source identity: what is passed, inherited, and refused along a chain."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.house import raises_aws
from tests.services.sts.conftest import document, trust

from doorward.account.caller import Caller
from doorward.account.session import Session, SessionKind
from doorward.services.sts.errors import InvalidParameterValue
from doorward.services.sts.session_tags import inherited, refuse_impossible, transitive_keys

RESERVED = "Tag keys beginning with aws: are reserved for system use."
DUPLICATE = "Duplicate tag keys found. Please note that Tag keys are case insensitive."
NOT_PASSED = "The specified transitive tag key must be included in the requested tags."
AGAIN = (
    "One of the specified transitive tag keys can't be set because it conflicts with a transitive"
    " tag key from the calling session."
)
TEAM = [{"Key": "Team", "Value": "blue"}]


def tags(*keys):
    return [{"Key": key, "Value": "v"} for key in keys]


def may_list_if(key, value):
    """Permissions that hold only under a tag, so that a call tells what the session carries."""
    condition = {"StringEquals": {f"aws:PrincipalTag/{key}": value}}
    return document(
        {"Effect": "Allow", "Action": "sts:*", "Resource": "*"},
        {"Effect": "Allow", "Action": "iam:*", "Resource": "*", "Condition": condition},
    )


@pytest.mark.parametrize(
    ("passed", "transitive", "message"),
    [
        (tags("aws:team"), [], RESERVED),
        (tags("AWS:team"), [], RESERVED),
        (tags("team", "Team"), [], DUPLICATE),
        (tags("team"), ["other"], NOT_PASSED),
        ([], ["team"], NOT_PASSED),
    ],
)
def test_tags_that_contradict_themselves(roles, passed, transitive, message):
    roles.make("deploy")
    with raises_aws("InvalidParameterValue", message):
        roles.assume("deploy", Tags=passed, TransitiveTagKeys=transitive)


def test_transitive_keys_are_found_whatever_their_case(roles):
    roles.make("deploy")
    assert roles.assume("deploy", Tags=TEAM, TransitiveTagKeys=["TEAM"])


@pytest.mark.parametrize(("count", "accepted"), [(49, True), (50, True), (51, False)])
def test_how_many(roles, count, accepted):
    roles.make("deploy")
    passed = tags(*(f"k{number}" for number in range(count)))
    if accepted:
        assert roles.assume("deploy", Tags=passed)
    else:
        with raises_aws("ValidationError"):
            roles.assume("deploy", Tags=passed)


@pytest.mark.parametrize(
    ("key", "value", "accepted"),
    [(0, 1, False), (1, 0, True), (128, 256, True), (129, 1, False), (1, 257, False)],
)
def test_lengths(roles, unchecked, key, value, accepted):
    roles.make("deploy")
    passed = [{"Key": "k" * key, "Value": "v" * value}]
    if accepted:
        assert roles.assume("deploy", unchecked, Tags=passed)
    else:
        with raises_aws("ValidationError"):
            roles.assume("deploy", unchecked, Tags=passed)


def test_inherited_tags_count(roles):
    roles.make("first")
    roles.make("second")
    chained = roles.client("first", Tags=TEAM, TransitiveTagKeys=["Team"])
    many = tags(*(f"k{number}" for number in range(50)))
    assert roles.assume("second", chained, Tags=many[:49])
    with raises_aws("InvalidParameterValue"):
        roles.assume("second", chained, Tags=many)


def test_a_session_tag_stands_before_the_roles(house, roles):
    roles.make("deploy", Tags=[{"Key": "team", "Value": "red"}])
    house.iam.put_role_policy(
        RoleName="deploy", PolicyName="may", PolicyDocument=may_list_if("Team", "blue")
    )
    with raises_aws("AccessDenied"):
        roles.client("deploy", "iam").list_users()
    assert roles.client("deploy", "iam", Tags=TEAM).list_users()


@pytest.mark.parametrize(
    ("action", "passed_on"),
    [
        ("sts:TagSession", {"Tags": TEAM}),
        ("sts:SetSourceIdentity", {"SourceIdentity": "ann"}),
    ],
)
class TestPermissionsOfTheirOwn:
    def test_the_trust_policy_must_allow_it(self, house, roles, action, passed_on):
        roles.make("deploy", trust(house.account_id, "sts:AssumeRole"))
        assert roles.assume("deploy")
        with raises_aws("AccessDenied") as caught:
            roles.assume("deploy", **passed_on)
        assert f"perform: {action} on resource: {roles.arn('deploy')}" in str(caught.value)

    def test_so_must_the_caller(self, house, roles, ann, action, passed_on):
        roles.make("deploy")
        only = document({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"})
        house.iam.put_user_policy(UserName="ann", PolicyName="may", PolicyDocument=only)
        assert roles.assume("deploy", ann)
        with raises_aws("AccessDenied") as caught:
            roles.assume("deploy", ann, **passed_on)
        assert f"perform: {action}" in str(caught.value)

    def test_what_is_inherited_needs_it_too(self, house, roles, action, passed_on):
        roles.make("first")
        roles.make("second", trust(house.account_id, "sts:AssumeRole"))
        handed_on = {"TransitiveTagKeys": ["Team"]} if "Tags" in passed_on else {}
        assert roles.assume("second", roles.client("first"))
        with raises_aws("AccessDenied") as caught:
            roles.assume("second", roles.client("first", **passed_on, **handed_on))
        assert f"perform: {action}" in str(caught.value)


@pytest.mark.parametrize(
    ("operator", "key", "value", "admitted"),
    [
        ("StringEquals", "aws:RequestTag/Team", "blue", True),
        ("StringEquals", "aws:RequestTag/Team", "red", False),
        ("ForAllValues:StringEquals", "aws:TagKeys", ["Team"], True),
        ("ForAllValues:StringEquals", "aws:TagKeys", ["Other"], False),
        ("ForAnyValue:StringEquals", "sts:TransitiveTagKeys", ["Team"], True),
        ("ForAnyValue:StringEquals", "sts:TransitiveTagKeys", ["Other"], False),
    ],
)
def test_conditions_see_the_tags(house, roles, operator, key, value, admitted):
    roles.make("deploy", trust(house.account_id, **{operator: {key: value}}))
    passed_on = {"Tags": TEAM, "TransitiveTagKeys": ["Team"]}
    if admitted:
        assert roles.assume("deploy", **passed_on)
    else:
        with raises_aws("AccessDenied"):
            roles.assume("deploy", **passed_on)


class TestAChainOfThree:
    @pytest.fixture
    def chain(self, house, roles):
        """Three roles, the last of which may use IAM only for the blue team."""
        for name in ("first", "second", "third"):
            roles.make(name)
        house.iam.put_role_policy(
            RoleName="third", PolicyName="may", PolicyDocument=may_list_if("Team", "blue")
        )
        return roles

    def test_transitive_tags_reach_its_end(self, chain):
        first = chain.client("first", Tags=TEAM, TransitiveTagKeys=["Team"])
        second = chain.client("second", client=first, Tags=tags("Other"))
        assert chain.client("third", "iam", client=second).list_users()

    def test_other_tags_stop_at_the_next_role(self, chain):
        second = chain.client("second", client=chain.client("first", Tags=TEAM))
        with raises_aws("AccessDenied"):
            chain.client("third", "iam", client=second).list_users()

    @pytest.mark.parametrize("key", ["Team", "TEAM"])
    def test_a_transitive_tag_cannot_be_passed_again(self, chain, key):
        first = chain.client("first", Tags=TEAM, TransitiveTagKeys=["Team"])
        second = chain.client("second", client=first)
        with raises_aws("InvalidParameterValue", AGAIN):
            chain.assume("third", second, Tags=tags(key))

    def test_the_source_identity_reaches_its_end(self, house, chain):
        second = chain.client("second", client=chain.client("first", SourceIdentity="ann"))
        answer = chain.assume("third", second)
        assert answer["SourceIdentity"] == "ann"
        house.client_of(answer["Credentials"], "sts").get_caller_identity()
        record = house.records()[0]
        assert '"sourceIdentity":"ann"' in record.body.decode()

    @pytest.mark.parametrize(("again", "accepted"), [("ann", True), ("eve", False)])
    def test_the_source_identity_does_not_change(self, chain, again, accepted):
        second = chain.client("second", client=chain.client("first", SourceIdentity="ann"))
        if accepted:
            assert chain.assume("third", second, SourceIdentity=again)["SourceIdentity"] == "ann"
        else:
            with raises_aws("AccessDenied") as caught:
                chain.assume("third", second, SourceIdentity=again)
            assert "perform: sts:SetSourceIdentity" in str(caught.value)

    def test_the_source_identity_may_come_late(self, chain):
        second = chain.client("second", client=chain.client("first"), SourceIdentity="ann")
        assert chain.assume("third", second)["SourceIdentity"] == "ann"


KEYS = st.sampled_from(["team", "Team", "TEAM", "cost", "Cost", "env", "aws:x"])
HOPS = st.lists(st.tuples(st.dictionaries(KEYS, st.text(max_size=3)), st.sets(KEYS)), max_size=5)


def hop(caller, passed, transitive):
    """The caller after assuming a role with these tags; the same one when it was refused."""
    try:
        refuse_impossible(caller, passed, transitive)
    except InvalidParameterValue:
        return caller
    session = Session(
        access_key_id="ASIAEXAMPLE",
        secret_access_key="secret",
        account="111122223333",
        kind=SessionKind.ROLE,
        entity_arn="arn:aws:iam::111122223333:role/deploy",
        entity_id="AROADEPLOY",
        name="nightly",
        issued_at=datetime(2026, 9, 11, tzinfo=UTC),
        expires_at=datetime(2026, 9, 11, tzinfo=UTC),
        tags=(*passed, *inherited(caller)),
        transitive_tag_keys=transitive_keys(caller, transitive),
    )
    return Caller.of_session(session)


@given(HOPS)
def test_what_is_transitive_never_changes_and_nothing_else_stays(hops):
    caller = Caller.user("arn:aws:iam::111122223333:user/ann", "AIDAANN")
    for passed, transitive in hops:
        handed_down = dict(inherited(caller))
        after = hop(caller, tuple(passed.items()), sorted(transitive))
        if after is caller:
            continue
        carried = dict(after.session.tags)
        assert handed_down.items() <= carried.items()
        assert carried.keys() == handed_down.keys() | passed.keys()
        assert len({key.lower() for key in carried}) == len(after.session.tags)
        kept = {key.lower() for key in (*handed_down, *transitive)}
        assert {key.lower() for key, _ in inherited(after)} == kept
        caller = after
