import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.app.asking import events
from tests.app.signin.browser import Browser
from tests.app.signin.cookies import root_cookie

from doorward.account.session import SessionKind
from doorward.app.signin.session import COOKIE
from doorward.authn.console_session import WayIn, seal_console, unseal_console


def trust(principal, condition=None):
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}
    if condition:
        statement["Condition"] = condition
    return json.dumps({"Version": "2012-10-17", "Statement": statement})


@pytest.fixture
def role_of(house):
    """Make a role that trusts a user."""

    def make(name="deploy", path="/", user="ann", **more):
        arn = f"arn:aws:iam::{house.account_id}:user/{user}"
        return house.iam.create_role(
            RoleName=name,
            Path=path,
            AssumeRolePolicyDocument=trust(arn, more.pop("condition", None)),
            **more,
        )["Role"]

    return make


@pytest.fixture
def inside(browser, ann):
    """Ann is signed in."""
    assert browser.by_user("ann", ann)["next"] == "done"
    return browser


def switch(browser, role="deploy", account=None, **more):
    account = account or browser.house.account_id
    return browser.post("/signin/switch-role", account=account, roleName=role, **more)


def shows(browser):
    return browser.get("/signin/session").said


def test_who_is_trusted_acts_as_the_role_and_comes_back(house, inside, role_of):
    role_of()
    answer = switch(inside, displayName="Deploy", color="B0C4DE")
    assert answer.status == 200, answer
    arn = f"arn:aws:sts::{house.account_id}:assumed-role/deploy/ann"
    assert shows(inside)["arn"] == arn
    assert shows(inside)["signed_in_as"].endswith(":user/ann")
    seen = {"account": house.account_id, "role": "deploy", "name": "Deploy", "color": "B0C4DE"}
    assert shows(inside)["roles"] == [seen]
    assert inside.post("/signin/exit-role").status == 200
    assert shows(inside)["arn"].endswith(":user/ann")
    assert shows(inside)["roles"] == [seen]


def test_both_ways_are_recorded_as_aws_does(house, inside, role_of):
    role_of()
    switch(inside)
    inside.post("/signin/exit-role")
    leaving, switching, assuming = events(house)[:3]
    assert [each["eventName"] for each in (leaving, switching, assuming)] == [
        "ExitRole",
        "SwitchRole",
        "AssumeRole",
    ]
    user = f"arn:aws:iam::{house.account_id}:user/ann"
    session = f"arn:aws:sts::{house.account_id}:assumed-role/deploy/ann"
    assert switching["additionalEventData"] == {
        "SwitchFrom": user,
        "RedirectTo": f"{inside.origin}/console/",
    }
    assert switching["userIdentity"]["arn"] == session
    assert switching["responseElements"] == {"SwitchRole": "Success"}
    assert leaving["additionalEventData"]["SwitchFrom"] == session
    assert "secretAccessKey" not in json.dumps(assuming)


def test_the_cookie_before_opens_nothing_any_more(inside, role_of):
    role_of()
    before = inside.cookie
    switch(inside)
    after, inside.cookie = inside.cookie, before
    assert inside.get("/signin/session").status == 401
    inside.cookie = after
    assert inside.get("/signin/session").status == 200
    inside.cookie = before
    assert switch(inside).status == 401


def test_of_two_windows_at_once_one_moves_on(house, inside, role_of):
    role_of()

    async def both():
        form = {"account": house.account_id, "roleName": "deploy"}
        tries = (inside.posted("/signin/switch-role", **form) for _ in range(2))
        return sorted(answer.status for answer in await asyncio.gather(*tries))

    assert house.run(both()) == [200, 401]


def test_the_original_identity_is_asked_not_the_role(house, inside, role_of):
    role_of("first")
    role_of("second")
    house.iam.create_role(
        RoleName="chained",
        AssumeRolePolicyDocument=trust(f"arn:aws:iam::{house.account_id}:role/first"),
    )
    assert switch(inside, "first").status == 200
    assert switch(inside, "chained").status == 403
    assert switch(inside, "second").status == 200
    assert shows(inside)["arn"].endswith("assumed-role/second/ann")


@pytest.mark.parametrize("role", ["untrusting", "absent"])
def test_a_role_that_does_not_trust_and_one_that_is_not_there_are_one(house, inside, role):
    house.iam.create_role(
        RoleName="untrusting",
        AssumeRolePolicyDocument=trust(f"arn:aws:iam::{house.account_id}:user/admin"),
    )
    answer = switch(inside, role)
    assert (answer.status, answer["error"]) == (403, "AccessDenied")
    assert shows(inside)["arn"].endswith(":user/ann")
    assert events(house)[0]["eventName"] == "AssumeRole"


def test_an_account_that_is_not_there(inside):
    assert switch(inside, account="no-such-alias").status == 403


def test_an_alias_names_the_account_and_a_path_the_role(house, inside, role_of):
    role_of("deploy", "/team/a/")
    house.iam.create_account_alias(AccountAlias="acme")
    assert switch(inside, "team/a/deploy", account="acme").status == 200
    assert switch(inside, "/team/a/deploy").status == 200
    assert switch(inside, "deploy").status == 403


def test_the_trust_policy_sees_whether_mfa_was_shown(browser, ann, phone_of, role_of):
    role_of(condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})
    phone = phone_of("ann")
    without = Browser(browser.house, "192.0.2.9")
    begun = browser.by_user("ann", ann)
    browser.post("/signin/mfa", step=begun["step"], code=phone.code())
    assert switch(browser).status == 200
    assert switch(without).status == 401


def session_in(house, browser):
    return unseal_console(browser.cookie[1], house.house.pipeline.identity.ring)


def left(house, browser):
    role = session_in(house, browser).role
    return round((role.expires_at - house.clock()).total_seconds() / 60)


def put(house, browser, session):
    ring = house.house.pipeline.identity.ring
    browser.cookie = (COOKIE, seal_console(session, ring, bytes(12)))


@pytest.mark.parametrize(
    ("maximum", "signed_in_for", "minutes"),
    [(3600, 0, 60), (7200, 0, 120), (7200, 11, 60), (3600, 11.9, 6)],
)
def test_a_role_lasts_its_maximum_or_until_the_sign_in_is_over(
    house, inside, role_of, maximum, signed_in_for, minutes
):
    role_of(MaxSessionDuration=maximum)
    house.clock.advance(hours=signed_in_for)
    switch(inside)
    assert left(house, inside) == minutes


def test_a_federated_role_is_an_hour_at_most_in_another(house, inside, role_of):
    role_of("first")
    switch(inside, "first")
    own = session_in(house, inside)
    longer = replace(own.role, expires_at=house.clock() + timedelta(hours=12))
    assert longer.kind is SessionKind.ROLE
    put(house, inside, replace(own, identity=longer, role=None, way=WayIn.FEDERATION))
    house.iam.create_role(
        RoleName="second",
        MaxSessionDuration=7200,
        AssumeRolePolicyDocument=trust(f"arn:aws:iam::{house.account_id}:role/first"),
    )
    house.iam.put_role_policy(
        RoleName="first",
        PolicyName="p",
        PolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"},
            }
        ),
    )
    assert switch(inside, "second").status == 200
    assert left(house, inside) == 60


def test_a_role_that_ends_leaves_whoever_signed_in(house, inside, role_of):
    role_of()
    switch(inside)
    house.clock.advance(hours=1)
    assert shows(inside)["arn"].endswith(":user/ann")


def test_the_last_five_roles_are_remembered_newest_first(inside, role_of):
    for number in range(6):
        role_of(f"role{number}")
        switch(inside, f"role{number}")
    switch(inside, "role3")
    assert [each["role"] for each in shows(inside)["roles"]] == [
        "role3",
        "role5",
        "role4",
        "role2",
        "role1",
    ]


def test_root_cannot(house, browser):
    browser.cookie = root_cookie(house)
    browser.csrf = session_in(house, browser).csrf
    answer = switch(browser)
    assert (answer.status, "Root cannot switch roles" in answer["message"]) == (403, True)


def test_out_of_no_role_there_is_no_way(inside):
    assert inside.post("/signin/exit-role").status == 409


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"role": "x" * 65}, "BadRoleName"),
        ({"role": ""}, "BadRoleName"),
        ({"role": "a/../b c"}, "BadRoleName"),
        ({"displayName": "x" * 65}, "BadDisplayName"),
        ({"displayName": "a\nb"}, "BadDisplayName"),
        ({"color": "red"}, "BadColor"),
        ({"color": "0000000"}, "BadColor"),
    ],
)
def test_what_no_form_of_ours_sends(inside, form, error):
    answer = switch(inside, form.pop("role", "deploy"), **form)
    assert (answer.status, answer["error"]) == (400, error)


def test_without_the_csrf_token_nothing_happens(inside, role_of):
    role_of()
    inside.csrf = "another"
    assert switch(inside)["error"] == "BadCsrfToken"
