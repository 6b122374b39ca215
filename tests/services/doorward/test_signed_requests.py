"""Questions that hold a request as the application received it."""

import hashlib
import json

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from tests.app.asking import Keys, new_key, signed
from tests.services.doorward.gateway import allow, as_question, deny, document

URL = "https://files.example.com/a/b?x=1&y=%20"
READ = {"action": "files:Read", "resource": "arn:aws:files:::a/b"}


def request(keys, method="GET", url=URL, body=None, service="files", **headers):
    """A signed request in the form of a question."""
    made = AWSRequest(method, url, headers, data=body or b"")
    credentials = Credentials(keys.key_id, keys.secret, keys.token)
    SigV4Auth(credentials, service, "eu-west-1").add_auth(made)
    found = {"method": method, "url": url, "headers": dict(made.headers)}
    return found | ({} if body is None else {"body": body.decode()})


@pytest.fixture
def ann(gateway):
    gateway.user("ann", allow("files:Read"))
    return new_key(gateway.house, "ann")


def test_a_signature_says_who_it_is(gateway, ann):
    answer = gateway.ask(request=request(ann), **READ)
    assert (answer["allowed"], answer["principal"]) == (True, gateway.arn("user/ann"))
    assert not gateway.ask(request=request(ann), **READ | {"action": "files:Write"})["allowed"]


def test_the_parts_of_an_address_may_be_in_the_host_header(gateway, ann):
    asked = request(ann)
    bare = asked | {
        "url": "/a/b?x=1&y=%20",
        "headers": asked["headers"] | {"Host": "files.example.com"},
    }
    assert gateway.ask(request=bare, **READ)["allowed"]
    bare["headers"]["Host"] = "other.example.com"
    assert not gateway.ask(request=bare, **READ)["allowed"]


@pytest.mark.parametrize(
    "change",
    [
        {"method": "POST"},
        {"url": URL.replace("/b", "/c")},
        {"url": URL.replace("x=1", "x=2")},
        {"url": URL.replace("files.", "other.")},
        {"body": "x"},
        {"body_sha256": hashlib.sha256(b"x").hexdigest()},
    ],
)
def test_what_was_changed_proves_nobody(gateway, ann, change):
    answer = gateway.ask(request=request(ann) | change, **READ)
    assert answer["decision"] == "ImplicitlyDenied"
    assert answer["reason"].startswith("the request proves nobody: SignatureDoesNotMatch: ")
    assert "principal" not in answer


def test_a_body_or_its_digest(gateway, ann):
    whole = request(ann, "POST", body=b"hello")
    assert gateway.ask(request=whole, **READ)["allowed"]
    digest = hashlib.sha256(whole.pop("body").encode()).hexdigest()
    assert gateway.ask(request=whole | {"body_sha256": digest}, **READ)["allowed"]
    assert not gateway.ask(request=whole, **READ)["allowed"]


def test_an_old_signature(gateway, ann, monkeypatch):
    monkeypatch.setattr(gateway.house.house.pipeline.identity, "_window_s", None)
    old = request(ann)
    gateway.house.clock.advance(minutes=6)
    answer = gateway.ask(request=old, **READ)
    assert "Signature expired" in answer["reason"]


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (Keys("AKIAQNZGKIQY56JQ7WML", "x" * 40), "InvalidClientTokenId"),
        (Keys("ASIAQNZGKIQY56JQ7WML", "x" * 40, "token"), "InvalidClientTokenId"),
    ],
)
def test_a_key_nobody_knows(gateway, keys, said):
    assert said in gateway.ask(request=request(keys), **READ)["reason"]


def test_a_session_brings_what_it_carries(gateway):
    house = gateway.house
    trusting = document(
        {"Effect": "Allow", "Principal": {"AWS": gateway.arn("root")}, "Action": "sts:*"}
    )
    house.iam.create_role(RoleName="worker", AssumeRolePolicyDocument=trusting)
    house.iam.put_role_policy(
        RoleName="worker",
        PolicyName="own",
        PolicyDocument=document(
            allow("files:*", StringEquals={"aws:PrincipalTag/job": "night"}),
            deny("files:Read", Bool={"aws:MultiFactorAuthPresent": "true"}),
        ),
    )
    role = gateway.arn("role/worker")
    taken = house.sts.assume_role(
        RoleArn=role, RoleSessionName="nightly", Tags=[{"Key": "job", "Value": "night"}]
    )
    keys = Keys.of(taken["Credentials"])
    answer = gateway.ask(request=request(keys), **READ)
    assert answer["allowed"]
    assert answer["principal"].endswith("assumed-role/worker/nightly")
    body = {"request": request(keys), **READ, "context": {"aws:MultiFactorAuthPresent": True}}
    assert "multifactorauthpresent" in gateway.refused(body)
    assert not gateway.ask(principal=role, **READ)["allowed"]


def test_an_unsigned_request_is_nobodys(gateway):
    plain = {"method": "GET", "url": URL, "headers": {}}
    answer = gateway.ask(request=plain, **READ)
    assert (answer["allowed"], "principal" in answer) == (False, False)
    everybody = document(allow("files:Read") | {"Principal": "*"})
    assert gateway.ask(request=plain, **READ, resource_policy=everybody)["allowed"]


def test_what_the_request_itself_tells_is_known(gateway):
    gateway.user(
        "ann",
        allow(
            "files:*",
            StringEquals={"aws:UserAgent": "curl", "aws:Referer": "here"},
            Bool={"aws:SecureTransport": "true"},
            IpAddress={"aws:SourceIp": "192.0.2.7"},
        ),
    )
    keys = new_key(gateway.house, "ann")
    asked = request(keys, **{"User-Agent": "curl", "Referer": "here"})
    assert not gateway.ask(request=asked, **READ)["allowed"]
    assert gateway.ask(request=asked, **READ, context={"aws:SourceIp": "192.0.2.7"})["allowed"]
    insecure = request(keys, url="http://files.example.com/a/b", **{"User-Agent": "curl"})
    assert not gateway.ask(request=insecure, **READ)["allowed"]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"method": "G T"}, "request.method"),
        ({"method": ""}, "request.method"),
        ({"url": "/a\r\nx: y"}, "request.url"),
        ({"url": "/a b"}, "request.url"),
        ({"url": "/a#b"}, "request.url"),
        ({"headers": {"a": "b\r\nc: d"}}, "request.headers.a"),
        ({"headers": {"a b": "c"}}, "request.headers.a b"),
        ({"headers": {"": "c"}}, "request.headers."),
        ({"headers": {"a": "\u20ac"}}, "request.headers.a"),
        ({"headers": {"a": 1}}, "request.headers[...]"),
        ({"headers": []}, "request.headers"),
        ({"body": "x", "body_sha256": "0" * 64}, "request: give body or body_sha256"),
        ({"body_sha256": "0" * 63}, "request.body_sha256"),
        ({"body_sha256": "G" * 64}, "request.body_sha256"),
        ({"body": 3}, "request.body"),
        ({"more": 3}, "request: Object contains unknown field `more`"),
    ],
)
def test_a_request_that_http_could_not_carry(gateway, change, path):
    plain = {"method": "GET", "url": URL, "headers": {}}
    assert gateway.refused({"request": plain | change, **READ}).startswith(path)
    assert gateway.refused({"batch": [{"request": plain | change, **READ}]}).startswith(
        f"batch[0].{path}"
    )


def test_two_of_a_header_that_decides(gateway, ann):
    asked = request(ann)
    asked["headers"]["Authorization"] = [asked["headers"]["Authorization"]] * 2
    assert "proves nobody" in gateway.ask(request=asked, **READ)["reason"]


def test_a_head_that_is_too_long(gateway, ann):
    asked = request(ann, url=URL + "&z=" + "z" * 9000)
    assert "RequestUriTooLong" in gateway.ask(request=asked, **READ)["reason"]


def test_a_principal_beside_a_signature(gateway, ann):
    body = {"request": request(ann), "principal": gateway.arn("user/ann"), **READ}
    assert gateway.refused(body).startswith("principal: a signed request")


# -- calls of AWS's own services -----------------------------------------------------------------


def test_a_call_tells_its_own_action_and_resource(gateway):
    bob = gateway.user("bob")
    gateway.user("ann", allow("iam:GetUser", bob))
    keys = new_key(gateway.house, "ann")
    for name, allowed in (("bob", True), ("ann", False)):
        sent = signed(keys, "iam", "GetUser", UserName=name)
        answer = gateway.ask(request=as_question(sent), explain=True)
        assert answer["allowed"] is allowed
        assert answer["explain"]["resource"] == gateway.arn(f"user/{name}")
        assert (gateway.house.answer(sent).status == 200) is allowed


def test_nothing_of_it_is_carried_out(gateway):
    gateway.user("ann", allow("iam:*"))
    keys = new_key(gateway.house, "ann")
    sent = signed(keys, "iam", "CreateUser", UserName="made")
    assert gateway.ask(request=as_question(sent))["allowed"]
    assert "made" not in str(gateway.house.iam.list_users())


def test_its_second_questions_are_asked_too(gateway):
    gateway.user("ann", allow("doorward:CreateToken"))
    keys = new_key(gateway.house, "ann")
    made = AWSRequest("POST", "http://door/tokens", data=b'{"role": "gateway"}')
    SigV4Auth(Credentials(keys.key_id, keys.secret), "doorward", "us-east-1").add_auth(made)
    question = {
        "method": "POST",
        "url": "http://door/tokens",
        "headers": dict(made.headers),
        "body": '{"role": "gateway"}',
    }
    answer = gateway.ask(request=question, explain=True)
    assert answer["explain"]["action"] == "iam:PassRole"
    assert len(gateway.own.list_tokens()["tokens"]) == 1


def test_a_call_that_needs_no_permission(gateway, ann):
    answer = gateway.ask(request=as_question(signed(ann, "sts", "GetCallerIdentity")))
    assert (answer["allowed"], answer["reason"]) == (True, "needs no permission")


def test_a_call_the_credentials_may_not_make(gateway):
    session = gateway.house.sts.get_session_token()["Credentials"]
    sent = signed(Keys.of(session), "iam", "ListUsers")
    answer = gateway.ask(request=as_question(sent))
    assert not answer["allowed"]
    assert answer["reason"].startswith("Cannot call IAM operations with session credentials")


@pytest.mark.parametrize(
    ("service", "action", "parameters", "said"),
    [
        ("s3", "ListBuckets", {}, "UnknownOperationException"),
        ("iam", "Nothing", {}, "InvalidAction"),
        ("iam", "GetGroup", {}, "ValidationError"),
        ("iam", "GetHumanReadableSummary", {}, "does not have iam:GetHumanReadableSummary"),
    ],
)
def test_what_cannot_be_read_as_a_call(gateway, ann, service, action, parameters, said):
    from tests.app import asking

    body = asking.urlencode({"Action": action, "Version": "2010-05-08", **parameters}).encode()
    answer = gateway.ask(request=as_question(asking.signed_body(ann, service, body)))
    assert not answer["allowed"]
    assert answer["reason"].startswith("it names no action, and the request does not tell: ")
    assert said in answer["reason"]


def test_only_the_body_tells_the_action(gateway, ann):
    question = as_question(signed(ann, "iam", "ListUsers"))
    digest = hashlib.sha256(question.pop("body").encode()).hexdigest()
    answer = gateway.ask(request=question | {"body_sha256": digest})
    assert "not its body" in answer["reason"]


def test_an_unsigned_call(gateway):
    plain = {
        "method": "POST",
        "url": "/",
        "headers": {},
        "body": "Action=ListUsers&Version=2010-05-08",
    }
    assert "MissingAuthenticationToken" in gateway.ask(request=plain)["reason"]


def test_a_context_goes_with_an_action_but_for_the_address(gateway, ann):
    request = as_question(signed(ann, "iam", "ListUsers"))
    body = {"request": request, "context": {"aws:SourceIp": "192.0.2.1", "my:key": "x"}}
    assert gateway.refused(body).startswith("context.my:key: goes with an action")


def test_an_address_without_a_path(gateway, ann):
    asked = request(ann, url="https://files.example.com/?x=1")
    bare = asked | {"url": "https://files.example.com?x=1"}
    assert gateway.ask(request=bare, **READ)["allowed"]
    asked = request(ann, url="https://files.example.com/")
    assert gateway.ask(request=asked | {"url": "https://files.example.com"}, **READ)["allowed"]


@pytest.mark.parametrize("member", ["resource", "resource_account", "resource_policy"])
def test_what_goes_with_an_action(gateway, ann, member):
    body = {"request": as_question(signed(ann, "iam", "ListUsers")), member: "*"}
    assert gateway.refused(body).startswith(f"{member}: goes with an action")


def test_neither_signature_nor_session_token_reaches_the_trail(gateway, ann):
    asked = request(ann, **{"X-Amz-Security-Token": "s3cr3t-session-token"})
    signature = asked["headers"]["Authorization"].rpartition("=")[2]
    gateway.ask(request=asked, **READ)
    gateway.ask(batch=[{"request": asked, **READ}])
    for row in gateway.house.records()[:2]:
        text = row.body.decode()
        assert json.loads(text)["eventName"] == "Authorize"
        assert "s3cr3t" not in text
        assert signature not in text


def test_about_whom_asking_is_denied_no_signature_is_judged(gateway, ann):
    gateway.may(allow("doorward:Authorize"), deny("doorward:Authorize", gateway.arn("user/ann")))
    for body in (
        {"request": request(ann), **READ},
        {"batch": [{"request": request(ann), **READ}]},
        {"request": as_question(signed(ann, "iam", "ListUsers"))},
    ):
        assert gateway.send("/authorize", body)[0] == 403
    gateway.user("bob", allow("files:Read"))
    assert gateway.ask(request=request(new_key(gateway.house, "bob")), **READ)["allowed"]


@pytest.mark.parametrize("service", ["sts", "iam", "doorward", "cloudtrail"])
def test_a_call_to_doorward_asks_nothing_of_an_application(gateway, ann, service):
    answer = gateway.ask(request=request(ann, service=service), **READ)
    assert not answer["allowed"]
    assert answer["reason"].endswith(f"that Doorward itself answers: {service}")
