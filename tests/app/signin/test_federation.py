import json
from urllib.parse import urlencode

import pytest
from tests.app.asking import events
from tests.app.signin.browser import Browser

from doorward.app.signin import federation
from doorward.app.signin.door import Refused
from doorward.app.signin.federation import _destination
from doorward.authn.console_session import unseal_console
from doorward.authn.request import HttpRequest

ALL = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}


@pytest.fixture
def role(house):
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": house.account_id},
        "Action": "sts:AssumeRole",
    }
    made = house.iam.create_role(
        RoleName="broker",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": trust}),
    )
    house.iam.put_role_policy(RoleName="broker", PolicyName="p", PolicyDocument=json.dumps(ALL))
    return made["Role"]["Arn"]


@pytest.fixture
def credentials(house, role):
    return house.sts.assume_role(RoleArn=role, RoleSessionName="sam")["Credentials"]


def session_of(credentials, **other):
    return json.dumps(
        {
            "sessionId": credentials["AccessKeyId"],
            "sessionKey": credentials["SecretAccessKey"],
            "sessionToken": credentials["SessionToken"],
        }
        | other
    )


def ask(browser, method="GET", **parameters):
    text = urlencode(parameters)
    target = f"/federation?{text}" if method == "GET" else "/federation"
    body = b"" if method == "GET" else text.encode()
    headers = {"origin": None, "content-type": "application/x-www-form-urlencoded"}
    return browser._keep_cookie(browser.house.run(browser.sent(method, target, body, headers)))


class Visitor(Browser):
    """A browser that follows links."""

    def _keep_cookie(self, answer):
        for line in answer.cookies:
            name, _, rest = line.partition("=")
            self.cookie = (name, rest.partition(";")[0])
        return answer


@pytest.fixture
def visitor(house):
    return Visitor(house)


def token_of(visitor, credentials, method="GET", **more):
    answer = ask(visitor, method, Action="getSigninToken", Session=session_of(credentials), **more)
    assert answer.status == 200, answer
    return answer["SigninToken"]


def login(visitor, token, destination="/console/users"):
    return ask(
        visitor,
        Action="login",
        Issuer="https://broker.example",
        Destination=destination,
        SigninToken=token,
    )


def lasts_s(house, visitor):
    session = unseal_console(visitor.cookie[1], house.house.pipeline.identity.ring)
    return round((session.identity.expires_at - house.clock()).total_seconds())


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_credentials_become_a_link_that_signs_in(house, visitor, credentials, method):
    answer = login(visitor, token_of(visitor, credentials, method))
    assert (answer.status, dict(answer.headers)["location"]) == (302, "/console/users")
    shown = visitor.get("/signin/session")
    assert shown["arn"] == f"arn:aws:sts::{house.account_id}:assumed-role/broker/sam"
    assert lasts_s(house, visitor) == pytest.approx(3600, abs=2)


def test_both_steps_are_recorded_and_hold_no_secret(house, visitor, credentials):
    login(visitor, token_of(visitor, credentials))
    done, asked = events(house)[:2]
    assert (asked["eventName"], done["eventName"]) == ("GetSigninToken", "ConsoleLogin")
    assert asked["userIdentity"]["arn"].endswith("assumed-role/broker/sam")
    assert done["userIdentity"]["type"] == "AssumedRole"
    assert done["additionalEventData"]["MFAUsed"] == "No"
    kept = json.dumps([done, asked])
    assert credentials["SecretAccessKey"] not in kept
    assert credentials["SessionToken"] not in kept


@pytest.mark.parametrize("seconds", [900, 43_200])
def test_a_role_session_in_the_console_may_be_longer_than_its_credentials(
    house, visitor, credentials, seconds
):
    login(visitor, token_of(visitor, credentials, SessionDuration=seconds))
    assert lasts_s(house, visitor) == pytest.approx(seconds, abs=2)


@pytest.mark.parametrize("seconds", ["899", "43201", "x", "", "-900", "9e2", "\u0669\u0660\u0660"])
def test_a_duration_has_bounds(visitor, credentials, seconds):
    answer = ask(
        visitor,
        Action="getSigninToken",
        Session=session_of(credentials),
        SessionDuration=seconds,
    )
    assert (answer.status, answer["error"]) == (400, "InvalidSessionDuration")


def test_a_chained_role_and_a_federated_user_take_no_duration(house, visitor, credentials, role):
    chained = house.client_of(credentials, "sts").assume_role(RoleArn=role, RoleSessionName="two")
    user = house.sts.get_federation_token(Name="sam", DurationSeconds=7200)
    for each in (chained["Credentials"], user["Credentials"]):
        answer = ask(
            visitor,
            Action="getSigninToken",
            Session=session_of(each),
            SessionDuration=3600,
        )
        assert answer["error"] == "InvalidSessionDuration"
        assert login(visitor, token_of(visitor, each)).status == 302
    assert lasts_s(house, visitor) == pytest.approx(7200, abs=2)
    assert visitor.get("/signin/session")["kind"] == "federated_user"


def test_a_users_own_session_is_for_no_broker(house, visitor):
    own = house.sts.get_session_token()["Credentials"]
    answer = ask(visitor, Action="getSigninToken", Session=session_of(own))
    assert answer["error"] == "InvalidSession"
    assert "AssumeRole" in answer["message"]


@pytest.mark.parametrize(
    "other",
    [
        {"sessionKey": "wrong"},
        {"sessionKey": ""},
        {"sessionId": "ASIAAAAAAAAAAAAAAAAA"},
        {"sessionToken": "nonsense"},
    ],
)
def test_every_part_of_the_credentials_is_proven(visitor, credentials, other):
    answer = ask(visitor, Action="getSigninToken", Session=session_of(credentials, **other))
    assert (answer.status, answer["error"]) == (400, "InvalidSession")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"sessionId": "a"}', '{"sessionId": 1}'])
def test_a_session_is_json(visitor, text):
    assert ask(visitor, Action="getSigninToken", Session=text)["error"] == "InvalidSession"


def test_the_session_of_a_browser_is_no_credential(house, visitor, credentials):
    login(visitor, token_of(visitor, credentials))
    ring = house.house.pipeline.identity.ring
    assert unseal_console(visitor.cookie[1], ring).identity.secret_access_key == ""


def test_expired_credentials_sign_nobody_in(house, visitor, credentials):
    house.clock.advance(hours=1)
    answer = ask(visitor, Action="getSigninToken", Session=session_of(credentials))
    assert answer["error"] == "InvalidSession"


def test_a_link_is_over_after_a_quarter_of_an_hour(house, visitor, credentials):
    token = token_of(visitor, credentials)
    house.clock.advance(minutes=15)
    assert login(visitor, token)["error"] == "InvalidSigninToken"
    assert visitor.cookie is None


def test_a_link_is_over_when_its_credentials_are(house, visitor, credentials):
    house.clock.advance(minutes=55)
    token = token_of(visitor, credentials)
    house.clock.advance(minutes=6)
    assert login(visitor, token)["error"] == "InvalidSigninToken"


def test_a_role_whose_sessions_were_revoked_signs_nobody_in(house, visitor, credentials):
    token = token_of(visitor, credentials)
    house.iam.delete_role_policy(RoleName="broker", PolicyName="p")
    house.iam.delete_role(RoleName="broker")
    assert login(visitor, token)["error"] == "InvalidSigninToken"
    answer = ask(visitor, Action="getSigninToken", Session=session_of(credentials))
    assert answer["error"] == "InvalidSession"


@pytest.mark.parametrize("token", ["", "nonsense", "e30="])
def test_what_was_not_sealed_here_is_no_link(visitor, token):
    assert login(visitor, token)["error"] == "InvalidSigninToken"


def test_actions_and_parameters_that_are_none(house, visitor):
    assert ask(visitor, Action="logout")["error"] == "InvalidAction"
    assert ask(visitor)["error"] == "InvalidAction"
    twice = house.run(visitor.sent("GET", "/federation?Action=login&Action=login"))
    assert twice["error"] == "InvalidParameter"
    many = house.run(visitor.sent("GET", f"/federation?{'&'.join(f'a{n}=1' for n in range(21))}"))
    assert many["error"] == "InvalidParameter"


def test_credentials_are_not_taken_in_the_clear_from_elsewhere(house, credentials, monkeypatch):
    monkeypatch.setattr(federation, "LOCAL_HOSTS", frozenset())
    answer = ask(Visitor(house), Action="getSigninToken", Session=session_of(credentials))
    assert (answer.status, answer["error"]) == (403, "NotSecure")


def a_request(secure=False):
    return HttpRequest("GET", "/federation", "", (("host", "localhost:4599"),), b"", secure=secure)


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ("", "/console/"),
        ("/", "/"),
        ("/console/users?name=a#b", "/console/users?name=a#b"),
        ("http://localhost:4599/console/x?y", "/console/x?y"),
        ("http://localhost:4599", "/console/"),
        ("https://console.aws.amazon.com/s3/", "/console/"),
        ("https://eu-west-1.console.aws.amazon.com/", "/console/"),
    ],
)
def test_destinations_here(asked, leads_to):
    assert _destination(a_request(), asked) == leads_to


@pytest.mark.parametrize(
    "asked",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/\t/evil.example/",
        "/\n/evil.example/",
        "http:evil.example",
        "http:///evil.example",
        "http://localhost:4599@evil.example/",
        "http://localhost:4599.evil.example/",
        "http://localhost:4599//evil.example/",
        "http://localhost:4599\\@evil.example/",
        "https://localhost:4599/",
        "http://localhost/",
        "https://aws.amazon.com.evil.example/",
        "https://evilaws.amazon.com.example/",
        "http://console.aws.amazon.com/",
        "javascript:alert(1)",
        "data:text/html,x",
        "console",
        "http://[/",
        "/\u00e9",
    ],
)
def test_destinations_elsewhere_are_refused(asked):
    with pytest.raises(Refused):
        _destination(a_request(), asked)


def test_a_destination_elsewhere_signs_nobody_in(visitor, credentials):
    answer = login(visitor, token_of(visitor, credentials), "https://evil.example/")
    assert answer["error"] == "InvalidDestination"
    assert visitor.cookie is None


@pytest.mark.parametrize("way", ["role", "federated user"])
def test_who_came_by_a_link_signs_out_nobody_else_everywhere(house, role, way):
    if way == "role":
        made = [
            house.sts.assume_role(RoleArn=role, RoleSessionName=name)["Credentials"]
            for name in ("sam", "tom")
        ]
    else:
        policy = json.dumps(ALL)
        made = [
            house.sts.get_federation_token(Name=name, Policy=policy)["Credentials"]
            for name in ("sam", "tom")
        ]
    people = [Visitor(house), Visitor(house)]
    for person, given in zip(people, made, strict=True):
        token = ask(person, Action="getSigninToken", Session=session_of(given))["SigninToken"]
        ask(person, Action="login", SigninToken=token, Destination="/console/")
        assert person.get("/signin/session").status == 200
    house.clock.advance(seconds=1)
    sam, tom = people
    assert sam.post("/signin/sign-out-everywhere").status == 200
    assert sam.get("/signin/session").status == 401
    assert tom.get("/signin/session").status == 200
    house.client_of(made[1], "sts").get_caller_identity()
