"""An application that asks Doorward with a token."""

import json

from doorward.authn.request import HttpRequest

EC2 = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action, resource="*", **condition):
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return statement | ({"Condition": condition} if condition else {})


def deny(action, resource="*", **condition):
    return allow(action, resource, **condition) | {"Effect": "Deny"}


def as_question(sent):
    """A request of a test as the `request` of a question."""
    return {
        "method": sent.method,
        "url": sent.path,
        "headers": dict(sent.headers),
        "body": sent.body.decode(),
    }


class Gateway:
    """An application with a token, and what a test does around it."""

    def __init__(self, house):
        self.house = house
        self.account = house.account_id
        self.own = house.client("doorward")
        house.iam.create_role(RoleName="gateway", AssumeRolePolicyDocument=document(EC2))
        self.may(allow("doorward:Authorize"))
        made = self.own.create_token(role="gateway")
        self.token, self.token_id = made["token"], made["details"]["id"]

    def may(self, *statements):
        """Replace what the gateway's role may do."""
        self.house.iam.put_role_policy(
            RoleName="gateway", PolicyName="ask", PolicyDocument=document(*statements)
        )

    def user(self, name, *statements, **details):
        self.house.iam.create_user(UserName=name, **details)
        if statements:
            self.house.iam.put_user_policy(
                UserName=name, PolicyName="own", PolicyDocument=document(*statements)
            )
        return self.arn(f"user/{name}")

    def arn(self, resource):
        return f"arn:aws:iam::{self.account}:{resource}"

    def send(self, path, body=b"", *headers, method="POST", token=None):
        """One raw call with the token: status, headers, and the body read as JSON."""
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = (
            ("host", "doorward.example"),
            ("authorization", f"Bearer {token or self.token}"),
            ("content-type", "application/json"),
        )
        names = {name for name, _ in headers}
        kept = tuple(pair for pair in given if pair[0] not in names)
        answer = self.house.answer(HttpRequest(method, path, "", (*kept, *headers), text))
        found = {name.lower(): value for name, value in answer.headers}
        return answer.status, found, json.loads(answer.body or b"null")

    def ask(self, **question):
        """The answer to a question that is well put."""
        status, _, answer = self.send("/authorize", question)
        assert status == 200, answer
        return answer

    def refused(self, body):
        """The sentence a question is refused with as a whole."""
        status, _, answer = self.send("/authorize", body)
        assert status == 400, answer
        return answer["message"]
