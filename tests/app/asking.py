"""Raw signed requests, sent down a house's straight line, and what it recorded of them."""

import json
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from tests.house import ENDPOINT

from doorward.app.writer import Written
from doorward.authn.request import HttpRequest

VERSIONS = {"iam": "2010-05-08", "sts": "2011-06-15"}
HOST = urlsplit(ENDPOINT).netloc
FORM = ("content-type", "application/x-www-form-urlencoded; charset=utf-8")


@dataclass(frozen=True)
class Keys:
    """What to sign with."""

    key_id: str
    secret: str
    token: str | None = None

    @classmethod
    def of(cls, given):
        """From the `AccessKey` or the `Credentials` of an answer."""
        return cls(given["AccessKeyId"], given["SecretAccessKey"], given.get("SessionToken"))


def admin_of(house):
    return Keys(*house.admin)


def new_key(house, name):
    """A fresh access key of the user, made if it is not there."""
    if not house.house.accounts.get(house.account_id).account.user(name):
        house.iam.create_user(UserName=name)
    return Keys.of(house.iam.create_access_key(UserName=name)["AccessKey"])


def body_of(service, action, parameters):
    return urlencode({"Action": action, "Version": VERSIONS[service], **parameters}).encode()


def unsigned(service, action, **parameters):
    """A call in the query protocol that nobody signed."""
    return HttpRequest(
        "POST", "/", "", (("host", HOST), FORM), body_of(service, action, parameters)
    )


def signed(keys, service, action, **parameters):
    """The same with a signature in its header."""
    return signed_body(keys, service, body_of(service, action, parameters))


def signed_body(keys, service, body, headers=(FORM,)):
    request = AWSRequest("POST", f"{ENDPOINT}/", data=body, headers=dict(headers))
    credentials = Credentials(keys.key_id, keys.secret, keys.token)
    SigV4Auth(credentials, service, "us-east-1").add_auth(request)
    sent = tuple((name.lower(), value) for name, value in request.headers.items())
    return HttpRequest("POST", "/", "", (("host", HOST), *sent), body)


def presigned(keys, service, action, expires_s=60):
    """The same as a URL."""
    query = urlencode({"Action": action, "Version": VERSIONS[service]})
    request = AWSRequest("GET", f"{ENDPOINT}/?{query}")
    credentials = Credentials(keys.key_id, keys.secret, keys.token)
    SigV4QueryAuth(credentials, service, "us-east-1", expires_s).add_auth(request)
    return HttpRequest("GET", "/", urlsplit(request.url).query, (("host", HOST),), b"")


def headers_of(answer):
    return {name.lower(): value for name, value in answer.headers}


def code_of(answer):
    """AWS's error code of an answer in the query protocol."""
    return answer.body.decode().partition("<Code>")[2].partition("</Code>")[0]


def events(house):
    """What the main account's trail tells, newest first."""
    return [json.loads(row.body) for row in house.records()]


def change(house, update, account=None):
    """Change the stored account directly: `update` takes the account and gives the entities."""

    def job(live):
        after = live.account
        for entity in update(after):
            after = after.put(entity)
        return Written(
            type(live)(after, live.secrets, live.activity, live.revision, live.secrets_touched),
            None,
            (),
        )

    house.run(house.house.writer.write(account or house.account_id, job))


def users(house):
    """Names of the users, asked by the administrator."""
    return {user["UserName"] for user in house.iam.list_users()["Users"]}
