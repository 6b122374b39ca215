import re
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from tests.app.asking import events
from tests.app.signin.browser import Browser
from tests.app.signin.command_line import CALLBACK, CROSS, CommandLine

from doorward.app.signin.oauth_grants import is_loopback_callback

ALLOWED = ("signin:AuthorizeOAuth2Access", "signin:CreateOAuth2Token")


@pytest.fixture
def inside(browser, ann, allow):
    """Ann is signed in, and may log in from a command line."""
    allow("ann", *ALLOWED)
    assert browser.by_user("ann", ann)["next"] == "done"
    return browser


def headers(answer):
    return dict(answer.headers)


def sent_back(answer):
    """What the browser takes back to the client."""
    assert answer.status == 303, answer
    location = headers(answer)["location"]
    assert location.startswith(f"{CALLBACK}?")
    return dict(parse_qsl(urlsplit(location).query))


def test_who_is_not_signed_in_is_sent_to_sign_in_and_comes_back(browser):
    cli = CommandLine(browser)
    answer = cli.opened()
    assert answer.status == 303
    assert headers(answer)["location"] == f"/console/sign-in?next={quote(cli.target(), safe='')}"


def test_the_page_says_who_would_be_let_act_and_changes_nothing(house, inside):
    answer = CommandLine(inside).opened()
    assert answer.status == 200
    text = answer.body.decode()
    assert f"arn:aws:iam::{house.account_id}:user/ann" in text
    policy = headers(answer)["content-security-policy"]
    assert "form-action 'self' http://127.0.0.1:40123;" in policy
    assert "script-src 'nonce-" in policy
    assert "<script" not in text
    assert headers(answer)["x-frame-options"] == "DENY"


def test_yes_gives_a_code_to_the_client_on_this_machine(house, inside):
    cli = CommandLine(inside)
    said = sent_back(cli.answered(cli.opened()))
    assert said["state"] == cli.state
    assert len(said["code"]) <= 512, "the model's longest code"
    event = events(house)[0]
    assert event["eventName"] == "AuthorizeOAuth2Access"
    assert event["userIdentity"]["userName"] == "ann"
    assert said["code"] not in str(event)


def test_no_gives_none(inside):
    cli = CommandLine(inside)
    said = sent_back(cli.answered(cli.opened(), "deny"))
    assert (said["error"], said["state"], "code" in said) == ("access_denied", cli.state, False)


def test_who_may_not_is_told_by_aws_words(house, browser, ann):
    browser.by_user("ann", ann)
    cli = CommandLine(browser)
    said = sent_back(cli.answered(cli.opened()))
    assert said["error"] == "access_denied"
    assert "is not authorized to perform: signin:AuthorizeOAuth2Access" in said["error_description"]
    assert "oauth2/public-client/localhost" in said["error_description"]
    event = events(house)[0]
    assert event["responseElements"] == {"AuthorizeOAuth2Access": "Failure"}


def test_a_policy_may_allow_one_machine_and_not_another(house, browser, ann):
    house.iam.put_user_policy(
        UserName="ann",
        PolicyName="p",
        PolicyDocument=(
            '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"signin:*",'
            '"Resource":"arn:aws:signin:*:*:oauth2/public-client/localhost"}}'
        ),
    )
    browser.by_user("ann", ann)
    assert CommandLine(browser).code()
    cli = CommandLine(browser, CROSS)
    answer = cli.answered(cli.opened())
    assert answer.status == 403
    assert b"oauth2/public-client/remote" in answer.body


def test_for_another_machine_the_code_is_shown_here_whatever_address_was_given(inside):
    cli = CommandLine(inside, CROSS)
    page = cli.opened()
    assert b"Whoever sent you this address" in page.body
    assert cli.code()
    evil = cli.opened(redirect_uri="https://evil.example/v1/sessions/confirmation")
    answer = cli.answered(evil)
    assert answer.status == 200
    assert "location" not in headers(answer)


def test_a_code_for_another_machine_may_be_refused_there_too(inside):
    cli = CommandLine(inside, CROSS)
    answer = cli.answered(cli.opened(), "deny")
    assert (answer.status, b"said no" in answer.body) == (403, True)


def test_the_address_codes_are_said_to_be_shown_at_says_how_to_begin(house, inside):
    page = house.run(inside.sent("GET", "/v1/sessions/confirmation"))
    assert b"aws login --remote" in page.body


@pytest.mark.parametrize(
    ("other", "names"),
    [
        ({"client_id": "arn:aws:signin:::devtools/other"}, "client_id"),
        ({"client_id": None}, "client_id"),
        ({"redirect_uri": None}, "redirect_uri"),
        ({"redirect_uri": "https://evil.example/oauth/callback"}, "redirect_uri"),
        ({"client_id": CROSS, "redirect_uri": "http://[/"}, "redirect_uri"),
        ({"client_id": CROSS}, "redirect_uri"),
        ({"response_type": "token"}, "response_type"),
        ({"scope": "profile"}, "scope"),
        ({"scope": None}, "scope"),
        ({"code_challenge_method": "plain"}, "code_challenge_method"),
        ({"code_challenge_method": None}, "code_challenge_method"),
        ({"code_challenge": "short"}, "code_challenge"),
        ({"code_challenge": None}, "code_challenge"),
        ({"state": ""}, "state"),
        ({"state": "x" * 513}, "state"),
        ({"state": "a\nb"}, "state"),
    ],
)
def test_what_no_aws_login_sends_is_told_here_and_sent_nowhere(inside, other, names):
    answer = CommandLine(inside).opened(**other)
    assert answer.status == 400
    assert answer["message"].startswith(f"{names} ")
    assert "location" not in headers(answer)


def test_the_rfcs_word_for_the_method_is_known_too(inside):
    assert CommandLine(inside).opened(code_challenge_method="S256").status == 200


@pytest.mark.parametrize("extra", ["&state=two", "&" + "&".join(f"x{n}=1" for n in range(30))])
def test_a_parameter_is_there_once_and_there_are_not_many(house, inside, extra):
    target = CommandLine(inside).target() + extra
    assert house.run(inside.sent("GET", target)).status == 400


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("http://127.0.0.1:1/oauth/callback", True),
        ("http://localhost:65535/oauth/callback", True),
        ("http://[::1]:8080/oauth/callback", True),
        ("https://127.0.0.1:1/oauth/callback", False),
        ("http://127.0.0.1/oauth/callback", False),
        ("http://127.0.0.1:99999/oauth/callback", False),
        ("http://127.0.0.1:01/oauth/callback", False),
        ("http://127.0.0.1:1/oauth/callback?x=1", False),
        ("http://127.0.0.1:1/oauth/callback#x", False),
        ("http://127.0.0.1:1/oauth/callback/", False),
        ("http://127.0.0.1:1/other", False),
        ("http://127.0.0.2:1/oauth/callback", False),
        ("http://127.0.0.1:1@evil.example/oauth/callback", False),
        ("http://evil.example:1/oauth/callback", False),
        ("http://localhost.evil.example:1/oauth/callback", False),
        ("HTTP://127.0.0.1:1/oauth/callback", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_callbacks_on_this_machine(address, is_one):
    assert is_loopback_callback(address) is is_one


def test_without_the_forms_csrf_token_nobody_is_let_in(house, inside):
    cli = CommandLine(inside)
    for body in (b"answer=allow", b"answer=allow&csrf=guess", b"", b"x" * 20_000):
        answer = house.run(inside.sent("POST", cli.target(), body))
        assert answer.status in {403, 413}
    assert all(event["eventName"] != "AuthorizeOAuth2Access" for event in events(house))


def test_a_page_of_another_origin_allows_nothing(inside):
    cli = CommandLine(inside)
    page = cli.opened()
    assert cli.answered(page, origin="https://evil.example").status == 403


def test_another_browsers_form_is_not_this_sessions(house, inside, ann):
    other = Browser(house, "192.0.2.9")
    other.by_user("ann", ann)
    page = CommandLine(other).opened()
    assert CommandLine(inside).answered(page)["error"] == "BadCsrfToken"


def test_who_signed_out_meanwhile_allows_nothing(inside):
    cli = CommandLine(inside)
    page = cli.opened()
    inside.post("/signin/sign-out")
    assert cli.answered(page).status == 401


def test_names_are_shown_as_text(house, inside):
    cli = CommandLine(inside)
    answer = cli.opened(state='"><script>alert(1)</script>')
    assert b"<script>" not in answer.body
    assert re.search(rb'action="/v1/authorize\?[^"<>]+"', answer.body)
    assert house.account_id.encode() in answer.body
