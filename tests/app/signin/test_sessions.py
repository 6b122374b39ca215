import pytest
from tests.app.asking import events
from tests.app.signin.browser import Browser

from doorward.app.identify import Identified
from doorward.app.signin.session import current_session, end_turn, identified
from doorward.authn.request import HttpRequest
from doorward.wire.limits import DEFAULT_BODY_LIMIT


@pytest.fixture
def signed_in(browser, ann):
    browser.by_user("ann", ann)
    return browser


def request_of(browser):
    headers = (("host", browser.host), ("cookie", "=".join(browser.cookie)))
    return HttpRequest("GET", "/", "", headers, b"", browser.source, browser.secure)


def test_the_cookie(house, ann):
    browser = Browser(house)
    (cookie,) = browser.by_user("ann", ann).cookies
    value, *attributes = cookie.split("; ")
    assert value.startswith("doorward-session=")
    assert attributes == ["Path=/", "Max-Age=43200", "HttpOnly", "SameSite=Lax"]
    assert len(cookie) < 1500


def test_under_tls_no_neighbour_can_plant_it(house, ann):
    browser = Browser(house, secure=True)
    (cookie,) = browser.by_user("ann", ann).cookies
    assert cookie.startswith("__Host-doorward-session=")
    assert cookie.endswith("; Secure")
    assert browser.get("/signin/session").status == 200
    browser.cookie = ("doorward-session", browser.cookie[1])
    assert browser.get("/signin/session").status == 401


def test_two_cookies_are_none(signed_in):
    name, value = signed_in.cookie
    signed_in.cookie = (name, f"{value}; {name}={value}")
    assert signed_in.get("/signin/session").status == 401


@pytest.mark.parametrize("value", ["", "x", "A" * 12_000])
def test_what_is_none_of_ours_opens_nothing(signed_in, value):
    signed_in.cookie = (signed_in.cookie[0], value)
    assert signed_in.get("/signin/session").status == 401


def test_a_session_lasts_twelve_hours(house, signed_in):
    house.clock.advance(hours=11, minutes=59)
    assert signed_in.get("/signin/session").status == 200
    house.clock.advance(minutes=1)
    assert signed_in.get("/signin/session").status == 401


def test_signing_out_ends_it_for_whoever_has_the_cookie(signed_in):
    copy = signed_in.cookie
    answer = signed_in.post("/signin/sign-out")
    assert answer.status == 200
    assert "Max-Age=0" in answer.cookies[0]
    assert signed_in.cookie is None
    signed_in.cookie = copy
    assert signed_in.get("/signin/session").status == 401


def test_other_sessions_of_the_user_go_on(house, signed_in, ann):
    other = Browser(house)
    other.by_user("ann", ann)
    signed_in.post("/signin/sign-out")
    assert other.get("/signin/session").status == 200


def test_signing_out_everywhere_ends_them_and_credentials_too(house, signed_in, ann):
    other = Browser(house)
    other.by_user("ann", ann)
    credentials = house.user_client("ann", "sts").get_session_token()["Credentials"]
    sts = house.client_of(credentials, "sts")
    sts.get_caller_identity()
    house.clock.advance(seconds=1)
    assert signed_in.post("/signin/sign-out-everywhere").status == 200
    assert other.get("/signin/session").status == 401
    with pytest.raises(sts.exceptions.ClientError):
        sts.get_caller_identity()
    event = events(house)[1]
    assert event["eventName"] == "SignOutEverywhere"
    assert event["userIdentity"]["userName"] == "ann"
    assert other.by_user("ann", ann)["next"] == "done"
    assert other.get("/signin/session").status == 200


def test_root_signs_itself_out_everywhere_and_nobody_else(house, signed_in, root_password):
    roots = [Browser(house), Browser(house)]
    for root in roots:
        root.post("/signin/enrol/skip", step=root.by_root(root_password)["step"])
    assert roots[0].post("/signin/sign-out-everywhere").status == 200
    assert roots[1].get("/signin/session").status == 401
    assert signed_in.get("/signin/session").status == 200


def test_a_session_ends_with_its_user(house, signed_in):
    house.iam.delete_login_profile(UserName="ann")
    assert signed_in.get("/signin/session").status == 401
    house.iam.delete_user(UserName="ann")
    assert signed_in.get("/signin/session").status == 401


def test_a_change_wants_the_csrf_token(signed_in):
    csrf, signed_in.csrf = signed_in.csrf, None
    answer = signed_in.post("/signin/sign-out")
    assert (answer.status, answer["error"]) == (403, "BadCsrfToken")
    signed_in.csrf = csrf[:-1] + ("A" if csrf[-1] != "A" else "B")
    assert signed_in.post("/signin/sign-out").status == 403
    signed_in.csrf = csrf
    assert signed_in.post("/signin/sign-out").status == 200


def test_nobody_signs_out_nobody(browser):
    assert browser.post("/signin/sign-out")["error"] == "NotSignedIn"


def sent(browser, headers=None, body=b"{}", method="POST"):
    return browser.house.run(browser.sent(method, "/signin/sign-out", body, headers))


@pytest.mark.parametrize(
    ("headers", "status", "error"),
    [
        ({"origin": "https://evil.example"}, 403, "ForeignOrigin"),
        ({"origin": "null"}, 403, "ForeignOrigin"),
        ({"host": "evil.example", "origin": None}, 403, "ForeignOrigin"),
        ({"content-type": "text/plain"}, 415, "NotJson"),
        ({"content-type": None}, 415, "NotJson"),
    ],
)
def test_other_pages_have_no_door(signed_in, headers, status, error):
    answer = sent(signed_in, headers)
    assert (answer.status, answer["error"]) == (status, error)
    assert signed_in.get("/signin/session").status == 200


def test_foreign_pages_do_not_read_the_session(signed_in):
    answer = signed_in.house.run(
        signed_in.sent("GET", "/signin/session", b"", {"origin": "https://evil.example"})
    )
    assert answer.status == 403


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"x", 400),
        (b"[]", 400),
        (b'{"surprise": 1}', 400),
        (b"[" * 10_000, 400),
        (b" " * (64 * 1024 + 1), 413),
        (b" " * (DEFAULT_BODY_LIMIT + 2), 413),
        (b"", 200),
    ],
)
def test_forms_are_bounded_and_known(signed_in, body, status):
    assert sent(signed_in, body=body).status == status


def test_nobody_keeps_an_answer(signed_in):
    assert dict(signed_in.get("/signin/session").headers)["cache-control"] == "no-store"


def test_people_sign_in_over_tls(house, ann):
    house.house.settings.values["http.allowed_hosts"] = "iam.example.com"
    try:
        plain = Browser(house, host="iam.example.com")
        assert plain.by_user("ann", ann)["error"] == "NotSecure"
        assert Browser(house, host="iam.example.com", secure=True).by_user("ann", ann).status == 200
    finally:
        house.house.settings.values["http.allowed_hosts"] = ""


def test_a_session_calls_as_its_user(house, signed_in, allow):
    async def who():
        session = await current_session(house.house, request_of(signed_in))
        return await identified(house.house, session)

    found = house.run(who())
    assert isinstance(found, Identified)
    assert found.caller.arn.endswith(":user/ann")
    assert found.caller.access_key_id.startswith("ASIA")
    assert (found.caller.is_temporary, found.caller.mfa_present) == (True, False)
    assert allow


def test_a_turn_ends_once(house, signed_in):
    async def end():
        session = await current_session(house.house, request_of(signed_in))
        return [await end_turn(house.house, session) for _ in range(2)]

    assert house.run(end()) == [True, False]
    assert signed_in.get("/signin/session").status == 401
