import json
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.some_account import (
    ARNS,
    ASKED,
    ASKED_TOO,
    CONTEXTS,
    IAM,
    ID,
    NOW,
    TARGETS,
    accounts,
    documents,
)

from doorward.account.account import Account
from doorward.account.model import Group, InlinePolicy, Profile, Role, User
from doorward.account.tags import Tag
from doorward.analysis.who_can import who_can
from doorward.authz.gather import principal_in, resource_policy_of
from doorward.authz.principal_keys import of_principal_in
from doorward.policy import Attached, Layer, Outcome, Policy, Request, decide

KEY = "arn:aws:s3:::b/k"


def one_by_one(account, arn, action, resource, context, policy):
    """Asked the long way, without anything of `doorward.analysis`."""
    if policy is None and action.lower().startswith("sts:"):
        policy = resource_policy_of(account, resource)
    owner = resource.split(":")[4] if resource.startswith("arn:") else ""
    name = resource.rpartition("/")[2]
    entity = account.user(name) if ":user/" in resource else account.role(name)
    keys = {"aws:ResourceAccount": owner or ID}
    if entity and account.arn(entity) == resource:
        for tag in entity.tags:
            keys[f"aws:ResourceTag/{tag.key}"] = keys[f"iam:ResourceTag/{tag.key}"] = tag.value
    lowered = {key.lower(): value for key, value in {**keys, **context}.items()}
    principal, policies = principal_in(account, arn, policy)
    known = of_principal_in(account, arn) | lowered
    return decide(Request(principal, action, resource, owner or ID, known), policies)


def said(decision):
    """What cannot be read as a policy is a new value each time, so texts are compared."""
    at, statement = decision.policy, decision.statement
    where = at and (at.name, at.arn, at.attached_to, at.policy.text)
    which = statement and (statement.document, statement.index)
    return decision.outcome, decision.layer, where, which, decision.reason


@settings(max_examples=50, deadline=timedelta(seconds=2))
@given(
    accounts(),
    st.sampled_from(ASKED + ASKED_TOO),
    st.sampled_from(TARGETS),
    st.sampled_from(CONTEXTS),
    st.none() | documents(naming=True),
)
def test_all_at_once_is_one_by_one(account, action, resource, context, text):
    policy = text and Attached(Policy.parse_or_deny(text, "resource"), "on it")
    answers = who_can(account, action, resource, context=context, resource_policy=policy, root=True)
    assert [one.principal for one in answers] == [*ARNS, f"{IAM}:root"]
    for one in answers:
        wanted = one_by_one(account, one.principal, action, resource, context, policy)
        assert said(one.decision) == said(wanted)


def is_one_by_one(account, action, resource, policy=None):
    answers = who_can(account, action, resource, resource_policy=policy)
    return [said(one.decision) for one in answers] == [
        said(one_by_one(account, one.principal, action, resource, {}, policy)) for one in answers
    ]


def allow(action="*", resource="*", **more):
    statement = {"Effect": "Allow", "Action": action, "Resource": resource, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def a_user(name, *texts, **more):
    inline = tuple(InlinePolicy(f"p{number}", text) for number, text in enumerate(texts))
    return User(name=name, user_id=f"AIDA{name}", created=NOW, inline=inline, **more)


def a_role(name, trust):
    return Role(name=name, role_id=f"AROA{name}", created=NOW, trust=trust)


def an_account(*entities):
    return Account.of(ID, [Profile(id=ID, email="e", created=NOW), *entities])


def allowed(answers):
    return [one.principal.rpartition("/")[2] for one in answers if one.decision.allowed]


def test_users_then_roles_by_name():
    account = an_account(a_role("a", ""), a_user("z", allow()), a_user("b"))
    answers = who_can(account, "s3:GetObject", KEY)
    assert [one.principal for one in answers] == [
        f"{IAM}:user/b",
        f"{IAM}:user/z",
        f"{IAM}:role/a",
    ]
    assert allowed(answers) == ["z"]


def test_the_decision_names_the_policy_where_each_holds_it():
    account = an_account(a_user("a", allow()), a_user("b", "{}", allow()), a_user("c", allow()))
    account = account.drop(account.user("b")).put(a_user("b", allow("iam:*"), allow()))
    found = {one.principal[-1]: one.decision for one in who_can(account, "s3:GetObject", KEY)}
    assert {name: one.policy.attached_to for name, one in found.items()} == {
        name: f"{IAM}:user/{name}" for name in "abc"
    }
    assert [found[name].policy.name for name in "abc"] == ["p0", "p1", "p0"]


def test_a_group_gives_to_its_members():
    group = Group(
        name="g", group_id="AGPA1", created=NOW, inline=(InlinePolicy("all", allow("s3:Get*")),)
    )
    answers = who_can(
        an_account(group, a_user("in", groups=("g",)), a_user("out")), "s3:GetObject", KEY
    )
    assert allowed(answers) == ["in"]
    assert answers[0].decision.policy.attached_to == f"{IAM}:group/g"


def test_a_variable_is_filled_for_each():
    own = allow("s3:*", "arn:aws:s3:::home/${aws:username}/*")
    account = an_account(a_user("ann", own), a_user("bob", own))
    assert allowed(who_can(account, "s3:GetObject", "arn:aws:s3:::home/bob/x")) == ["bob"]
    assert allowed(who_can(account, "s3:GetObject", "arn:aws:s3:::else/bob/x")) == []


def test_a_tag_counts_for_those_who_have_it():
    blue = allow(Condition={"StringEquals": {"aws:PrincipalTag/team": "blue"}})
    account = an_account(a_user("a", blue, tags=(Tag("Team", "blue"),)), a_user("b", blue))
    assert allowed(who_can(account, "s3:GetObject", KEY)) == ["a"]


def test_the_context_is_that_of_the_call():
    mfa = allow(Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})
    account = an_account(a_user("a", mfa))
    assert allowed(who_can(account, "s3:GetObject", KEY)) == []
    given = {"aws:MultiFactorAuthPresent": "true"}
    assert allowed(who_can(account, "s3:GetObject", KEY, context=given)) == ["a"]


def test_who_may_assume_a_role_is_for_its_trust_policy_to_say():
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": f"{IAM}:user/trusted"},
        "Action": "sts:AssumeRole",
    }
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    account = an_account(a_role("r", trust), a_user("admin", allow()), a_user("trusted"))
    answers = who_can(account, "sts:AssumeRole", f"{IAM}:role/r")
    assert allowed(answers) == ["trusted"]
    assert {one.decision.layer for one in answers} == {Layer.TRUST}
    assert allowed(who_can(account, "iam:GetRole", f"{IAM}:role/r")) == ["admin"]


def test_another_account_s_resource_must_let_in_too():
    statement = {"Effect": "Allow", "Principal": {"AWS": ID}, "Action": "*", "Resource": "*"}
    policy = Attached(Policy.parse(json.dumps({"Statement": [statement]}), "resource"), "bucket")
    account = an_account(a_user("admin", allow()), a_user("nobody"))
    there = {"resource_account": "444455556666"}
    assert allowed(who_can(account, "s3:GetObject", KEY, **there)) == []
    answers = who_can(account, "s3:GetObject", KEY, **there, resource_policy=policy)
    assert allowed(answers) == ["admin"]


def test_root_answers_last_and_only_where_asked_about():
    account = an_account(a_user("a"))
    answers = who_can(account, "s3:GetObject", KEY, root=True)
    assert [one.principal for one in answers] == [f"{IAM}:user/a", f"{IAM}:root"]
    assert answers[1].decision.layer is Layer.ROOT


def test_what_cannot_be_read_denies():
    account = an_account(a_user("a", allow(), "nonsense"))
    (answer,) = who_can(account, "s3:GetObject", KEY)
    assert answer.decision.outcome is Outcome.EXPLICITLY_DENIED


def test_whom_the_resource_names_it_names_alone():
    statement = {"Effect": "Allow", "Principal": {"AWS": f"{IAM}:user/a"}, "Action": "s3:*"}
    policy = Attached(Policy.parse(json.dumps({"Statement": statement}), "resource"), "bucket")
    account = an_account(a_user("a"), a_user("b"))
    assert allowed(who_can(account, "s3:GetObject", KEY, resource_policy=policy)) == ["a"]


def test_a_resource_may_ask_who_calls():
    statement = json.loads(allow("s3:*", Condition={"StringEquals": {"aws:username": "a"}}))
    statement["Statement"][0]["Principal"] = "*"
    policy = Attached(Policy.parse(json.dumps(statement), "resource"), "bucket")
    account = an_account(a_user("a"), a_user("b"))
    assert allowed(who_can(account, "s3:GetObject", KEY, resource_policy=policy)) == ["a"]


def fillers(resource):
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement] * 13})


def test_of_many_statements_the_same_one_decides():
    both = (allow("s3:*", "arn:aws:s3:::b/*"), allow("s3:*", KEY))
    account = an_account(
        a_user("a", fillers("arn:aws:s3:::another"), *both),
        a_user("b", fillers("arn:aws:s3:::z/*"), *both),
    )
    assert is_one_by_one(account, "s3:GetObject", KEY)
    named = {one.decision.policy.name for one in who_can(account, "s3:GetObject", KEY)}
    assert named == {"p1", "p2"}


def test_what_could_not_be_evaluated_is_said_of_those_who_hold_it():
    doubtful = {"Maybe": {"aws:username": "a"}}
    account = an_account(
        a_user("a", allow("s3:*", "arn:aws:s3:::x/*", Condition=doubtful)),
        a_user("b", allow("s3:*", Condition={"Maybe": {"s3:prefix": "a"}})),
        a_user("c"),
    )
    assert is_one_by_one(account, "s3:GetObject", KEY)
    reasons = [one.decision.reason for one in who_can(account, "s3:GetObject", KEY)]
    assert reasons == ["could not evaluate operator Maybe"] * 2 + [""]
