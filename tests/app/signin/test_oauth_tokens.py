import asyncio
import json

import pytest
from botocore.exceptions import ClientError
from tests.app.asking import events
from tests.app.signin.browser import Browser
from tests.app.signin.command_line import CROSS, SAME, CommandLine, client_of, sub_of
from tests.app.signin.cookies import root_cookie
from tests.app.signin.proofs import Prover

from doorward.app.signin import oauth_tokens
from doorward.authn.sealing import seal_text
from doorward.authn.sessions import unseal

ALLOWED = ("signin:AuthorizeOAuth2Access", "signin:CreateOAuth2Token", "iam:GetUser")


@pytest.fixture
def inside(browser, ann, allow):
    """Ann is signed in, and may log in from a command line."""
    allow("ann", *ALLOWED)
    assert browser.by_user("ann", ann)["next"] == "done"
    return browser


@pytest.fixture
def cli(inside):
    return CommandLine(inside)


@pytest.fixture
def tokens(cli):
    """What a login gave."""
    answer = cli.exchanged(cli.code())
    assert answer.status == 200, answer
    return answer


def why(answer):
    assert answer.status == 400, answer
    assert dict(answer.headers)["x-amzn-errortype"] == "AccessDeniedException"
    return answer["error"]


def test_a_code_becomes_credentials_of_a_quarter_of_an_hour(house, tokens):
    assert (tokens["tokenType"], tokens["expiresIn"]) == ("aws_sigv4", 900)
    arn = f"arn:aws:iam::{house.account_id}:user/ann"
    assert sub_of(tokens["idToken"]) == arn
    assert client_of(house, tokens).get_caller_identity()["Arn"] == arn
    assert client_of(house, tokens, "iam").get_user()["User"]["UserName"] == "ann"
    assert len(tokens["refreshToken"]) <= 2048, "the model's longest token"
    house.clock.advance(minutes=15)
    with pytest.raises(ClientError, match="ExpiredToken"):
        client_of(house, tokens).get_caller_identity()


def test_calls_know_the_sign_in_they_come_from(house, tokens):
    session = unseal(tokens["accessToken"]["sessionToken"], house.house.pipeline.identity.ring)
    ((key, value),) = session.context
    assert key == "aws:SignInSessionArn"
    assert value.startswith(f"arn:aws:signin:us-east-1:{house.account_id}:session/")


def test_mfa_shown_at_the_sign_in_counts(house, browser, ann, allow, phone_of):
    allow("ann", *ALLOWED)
    phone = phone_of("ann")
    begun = browser.by_user("ann", ann)
    browser.post("/signin/mfa", step=begun["step"], code=phone.code())
    cli = CommandLine(browser)
    answer = cli.exchanged(cli.code())
    ring = house.house.pipeline.identity.ring
    assert unseal(answer["accessToken"]["sessionToken"], ring).mfa_serial == phone.serial


def test_both_steps_are_recorded_and_hold_no_secret(house, cli, tokens):
    created = events(house)[0]
    assert created["eventName"] == "CreateOAuth2Token"
    assert created["userIdentity"]["userName"] == "ann"
    assert created["additionalEventData"]["ClientId"] == SAME
    kept = json.dumps(events(house))
    for secret in (
        tokens["refreshToken"],
        tokens["accessToken"]["secretAccessKey"],
        tokens["accessToken"]["sessionToken"],
        cli.verifier,
    ):
        assert secret not in kept


def test_a_code_of_another_machine_works_there(inside):
    cli = CommandLine(inside, CROSS)
    assert cli.exchanged(cli.code()).status == 200


def test_a_code_works_once_and_its_second_use_ends_the_login(cli):
    code = cli.code()
    tokens = cli.exchanged(code)
    assert why(cli.exchanged(code)) == "AUTHCODE_EXPIRED"
    assert why(cli.refreshed(tokens["refreshToken"])) == "TOKEN_EXPIRED"


def test_of_several_at_once_one_gets_tokens_at_most(house, cli):
    code = cli.code()

    async def all_at_once():
        return await asyncio.gather(*(cli.exchanging(code) for _ in range(4)))

    statuses = sorted(answer.status for answer in house.run(all_at_once()))
    assert statuses[1:] == [400] * 3


def test_a_code_is_over_after_five_minutes(house, cli):
    code = cli.code()
    house.clock.advance(minutes=5)
    assert why(cli.exchanged(code)) == "AUTHCODE_EXPIRED"


@pytest.mark.parametrize(
    "other",
    [
        {"codeVerifier": "w" * 64},
        {"codeVerifier": ""},
        {"redirectUri": "http://127.0.0.1:40124/oauth/callback"},
        {"redirectUri": ""},
        {"clientId": CROSS},
        {"code": "nonsense"},
        {"code": ""},
    ],
)
def test_a_code_is_bound_to_client_address_and_verifier(cli, other):
    code = cli.code()
    assert why(cli.exchanged(code, **other)) == "AUTHCODE_EXPIRED"
    assert cli.exchanged(code).status == 200, "a wrong guess does not use it up"


def test_a_refresh_token_becomes_the_next_one(house, cli, tokens):
    house.clock.advance(minutes=14)
    newer = cli.refreshed(tokens["refreshToken"])
    assert newer.status == 200, newer
    assert newer["refreshToken"] != tokens["refreshToken"]
    assert "idToken" not in newer.said
    assert client_of(house, newer).get_caller_identity()["Arn"].endswith(":user/ann")
    assert cli.refreshed(newer["refreshToken"]).status == 200


def test_two_processes_may_use_a_refresh_token_at_about_the_same_time(house, cli, tokens):
    assert cli.refreshed(tokens["refreshToken"]).status == 200
    house.clock.advance(seconds=60)
    assert cli.refreshed(tokens["refreshToken"]).status == 200


def test_a_refresh_token_used_again_later_ends_the_login(house, cli, tokens):
    newer = cli.refreshed(tokens["refreshToken"])
    house.clock.advance(seconds=61)
    assert why(cli.refreshed(tokens["refreshToken"])) == "TOKEN_EXPIRED"
    assert why(cli.refreshed(newer["refreshToken"])) == "TOKEN_EXPIRED"


def test_a_refresh_token_is_bound_to_the_key_and_the_client(inside, cli, tokens):
    token = tokens["refreshToken"]
    assert why(cli.refreshed(token, key=Prover())) == "TOKEN_EXPIRED"
    other = CommandLine(inside, CROSS)
    other.key = cli.key
    assert why(other.refreshed(token)) == "TOKEN_EXPIRED"
    assert cli.refreshed(token).status == 200


@pytest.mark.parametrize("token", ["", "nonsense", "e30="])
def test_what_was_not_sealed_here_is_no_refresh_token(cli, token):
    assert why(cli.refreshed(token)) == "TOKEN_EXPIRED"


def test_a_token_of_another_form_is_none(house, cli):
    ring = house.house.pipeline.identity.ring
    text = seal_text("login-refresh", b"\x90", ring, bytes(12))
    assert why(cli.refreshed(text)) == "TOKEN_EXPIRED"


def test_an_old_token_that_comes_again_and_again_slows_nobody_down(house, cli, ann):
    for _ in range(20):
        assert why(cli.refreshed("of another Doorward")) == "TOKEN_EXPIRED"
    assert Browser(house, cli.browser.source).by_user("ann", ann).status == 200


def test_who_holds_nothing_of_ours_leaves_nothing_in_the_store(house, cli):
    proof = cli.key.proof(f"{cli.browser.origin}/v1/token", house.clock())
    assert why(cli.refreshed("nonsense", proof=proof)) == "TOKEN_EXPIRED"
    assert cli.exchanged(cli.code(), proof=proof).status == 200


def test_signing_out_ends_it(inside, cli, tokens):
    inside.post("/signin/sign-out")
    assert why(cli.refreshed(tokens["refreshToken"])) == "TOKEN_EXPIRED"


def test_signing_out_everywhere_ends_its_credentials_too(house, inside, cli, tokens):
    house.clock.advance(seconds=1)
    inside.post("/signin/sign-out-everywhere")
    assert why(cli.refreshed(tokens["refreshToken"])) == "TOKEN_EXPIRED"
    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        client_of(house, tokens).get_caller_identity()


def test_it_ends_with_the_sign_in(house, cli, tokens):
    token = tokens["refreshToken"]
    for _ in range(49):
        house.clock.advance(minutes=14, seconds=30)
        newer = cli.refreshed(token)
        token = newer["refreshToken"]
    assert newer["expiresIn"] < 900, "nothing outlives the sign-in"
    house.clock.advance(minutes=14, seconds=30)
    assert why(cli.refreshed(token)) == "TOKEN_EXPIRED"


def test_a_new_password_asks_for_a_new_login(house, cli, tokens):
    house.clock.advance(seconds=1)
    house.iam.update_login_profile(UserName="ann", Password="another Horse 8 battery")
    assert why(cli.refreshed(tokens["refreshToken"])) == "USER_CREDENTIALS_CHANGED"


def test_without_a_password_there_is_no_login(house, cli, tokens):
    house.iam.delete_login_profile(UserName="ann")
    assert why(cli.refreshed(tokens["refreshToken"])) == "USER_CREDENTIALS_CHANGED"


def test_a_user_who_is_gone_is_refused(house, cli, tokens):
    house.iam.delete_login_profile(UserName="ann")
    house.iam.delete_user_policy(UserName="ann", PolicyName="allowed")
    house.iam.delete_user(UserName="ann")
    assert why(cli.refreshed(tokens["refreshToken"])) == "TOKEN_EXPIRED"


def test_an_account_that_is_gone_is_refused(house, cli, tokens, monkeypatch):
    monkeypatch.setattr(house.house.accounts, "get", lambda _account: None)
    assert why(cli.refreshed(tokens["refreshToken"])) == "TOKEN_EXPIRED"


def test_permission_is_asked_each_time(house, cli, tokens, allow):
    allow("ann", "signin:AuthorizeOAuth2Access")
    answer = cli.refreshed(tokens["refreshToken"])
    assert why(answer) == "INSUFFICIENT_PERMISSIONS"
    assert "signin:CreateOAuth2Token" in answer["message"]
    assert events(house)[0]["responseElements"] == {"CreateOAuth2Token": "Failure"}


def test_a_deny_of_a_grant_type_holds(house, cli, tokens):
    house.iam.put_user_policy(
        UserName="ann",
        PolicyName="deny",
        PolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": {
                    "Effect": "Deny",
                    "Action": "signin:*",
                    "Resource": "*",
                    "Condition": {"StringEquals": {"signin:OAuthGrantType": "refresh_token"}},
                },
            }
        ),
    )
    assert why(cli.refreshed(tokens["refreshToken"])) == "INSUFFICIENT_PERMISSIONS"


def test_the_role_switched_to_is_who_logs_in(house, inside):
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{house.account_id}:user/ann"},
        "Action": "sts:AssumeRole",
    }
    house.iam.create_role(
        RoleName="deploy",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": trust}),
    )
    house.iam.attach_role_policy(
        RoleName="deploy", PolicyArn="arn:aws:iam::aws:policy/SignInLocalDevelopmentAccess"
    )
    inside.post("/signin/switch-role", account=house.account_id, roleName="deploy")
    cli = CommandLine(inside)
    tokens = cli.exchanged(cli.code())
    arn = f"arn:aws:sts::{house.account_id}:assumed-role/deploy/ann"
    assert sub_of(tokens["idToken"]) == arn
    assert client_of(house, tokens).get_caller_identity()["Arn"] == arn
    inside.post("/signin/exit-role")
    assert cli.refreshed(tokens["refreshToken"]).status == 200, "the sign-in goes on"
    house.clock.advance(hours=1)
    assert why(cli.refreshed(tokens["refreshToken"])) == "TOKEN_EXPIRED"


def test_root_may_log_in(house, browser):
    browser.cookie = root_cookie(house)
    cli = CommandLine(browser)
    tokens = cli.exchanged(cli.code())
    assert client_of(house, tokens).get_caller_identity()["Arn"].endswith(":root")


@pytest.mark.parametrize(
    "form",
    [
        {"grantType": "password"},
        {"grantType": "refresh_token", "clientId": "other"},
        {"grantType": 7},
        {},
    ],
)
def test_what_the_model_does_not_know_is_refused(cli, form):
    answer = cli.asks(**form)
    assert (answer.status, answer["error"]) == (400, "INVALID_REQUEST")
    assert dict(answer.headers)["x-amzn-errortype"] == "ValidationException"


def test_a_request_is_json_and_not_large(house, cli):
    for body in (b"", b"{", b"[1]", b'{"a":"' + b"x" * 20_000 + b'"}'):
        answer = house.run(cli.browser.sent("POST", "/v1/token", body))
        assert answer["error"] == "INVALID_REQUEST"


@pytest.mark.parametrize("proof", ["", "a.b.c", "e30.e30.e30"])
def test_without_proof_of_the_key_nothing_is_given(cli, proof):
    answer = cli.exchanged(cli.code(), proof=proof)
    assert (answer.status, answer["error"]) == (400, "INVALID_REQUEST")
    assert cli.exchanged(cli.code(), proofs=0)["error"] == "INVALID_REQUEST"


def test_a_proof_works_once(house, cli):
    proof = cli.key.proof(f"{cli.browser.origin}/v1/token", house.clock())
    code = cli.code()
    assert cli.exchanged(code, proof=proof).status == 200
    answer = cli.exchanged(cli.code(), proof=proof)
    assert answer["message"] == "The DPoP proof was used before."


def test_a_proof_is_for_the_address_the_client_used(house, cli):
    proof = cli.key.proof("http://127.0.0.1:4599/v1/token", house.clock())
    assert "the proof is for" in cli.exchanged(cli.code(), proof=proof)["message"]


def test_tokens_are_not_given_in_the_clear_elsewhere(cli, monkeypatch):
    code = cli.code()
    monkeypatch.setattr(oauth_tokens, "LOCAL_HOSTS", frozenset())
    assert "TLS" in cli.exchanged(code)["message"]
