"""Requests and policies in which much meets: few names, each in many forms."""

import json
from random import Random

from hypothesis import strategies as st

from doorward.policy import Attached, Policies, Policy, Principal, PrincipalKind, Request

A, B = "111122223333", "999988887777"
ANN_ARN = f"arn:aws:iam::{A}:user/ann"
ROLE_ARN = f"arn:aws:iam::{A}:role/data/app"
SESSION_ARN = f"arn:aws:sts::{A}:assumed-role/app/run"
FEDERATED_ARN = f"arn:aws:sts::{A}:federated-user/carol"
IDP = f"arn:aws:iam::{A}:saml-provider/corp"
QUEUE = f"arn:aws:sqs:eu-west-1:{A}:q"
KEY = f"arn:aws:kms:eu-west-1:{A}:key/k"

CALLERS = (
    Principal.from_arn(ANN_ARN),
    Principal.from_arn(ROLE_ARN),
    Principal.from_arn(SESSION_ARN),
    Principal(PrincipalKind.FEDERATED_USER, FEDERATED_ARN, A, entity_arn=ANN_ARN),
    Principal.from_arn(f"arn:aws:iam::{A}:root"),
    Principal.from_arn(f"arn:aws:sts::{A}:assumed-root"),
    Principal.from_arn("lambda.amazonaws.com"),
    Principal.from_arn(None),
    Principal(PrincipalKind.SAML, "", A, provider=IDP),
)
ASKED = (
    ("s3:GetObject", "arn:aws:s3:::b/x"),
    ("s3:GetObject", "arn:aws:s3:::b/x"),
    ("s3:GetObject", "arn:aws:s3:::b/ann/x:y"),
    ("S3:ListAllMyBuckets", "*"),
    ("sqs:SendMessage", QUEUE),
    ("kms:Decrypt", KEY),
    ("sts:AssumeRole", ROLE_ARN),
    ("sts:GetCallerIdentity", "*"),
    ("sts:GetSessionToken", "*"),
)
ACTIONS = (
    *("*", "s3:*", "s3:Get*", "S3:getobject", "s3:?etObject", "sqs:*Message", "sqs:Send Message"),
    *("kms:*", "sts:*", "sts:AssumeRole", "s*:*", "ec2:*"),
)
RESOURCES = (
    *("*", "arn:aws:s3:::*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3*"),
    *("arn:aws:s3:::b/${aws:none}/*", "arn:aws:s3:::b/${aws:none, 'x'}", "arn:aws:s3:::b/?"),
    *("arn:aws:s3:::b/${aws:TagKeys, 'x'}", "arn:aws:*:::b/x", "arn:aws:s3:*:x", "arn:aws:s3"),
    *("arn:aws:sqs:*:q", "arn:aws:sqs:e*1:*:q", QUEUE, KEY, ROLE_ARN, "arn:aws:s3:::B/*"),
    *("arn:aws:sqs:eu*", "arn:aws:sqs:eu-west-?:*:q*", "arn:aws:kms:*:key/*", "?", "**", "*:*:*"),
    *("arn:aws:iam::*:role/*", "arn:aws:iam::1*", "arn:aws:iam:*:role/data/app"),
    *("arn:aws:s3:::${aws:path}", "arn:aws:s3:::b/${*}", "arn:aws:s3:::b*ann/*:y"),
)
PRINCIPALS = (
    *("*", {"AWS": "*"}, {"AWS": A}, {"AWS": f"arn:aws:iam::{A}:root"}, {"AWS": [ANN_ARN, B]}),
    *({"AWS": ROLE_ARN}, {"AWS": f"arn:aws:iam::{A}:role/app"}, {"AWS": SESSION_ARN}),
    *({"AWS": FEDERATED_ARN}, {"AWS": B}, {"Service": "lambda.amazonaws.com"}),
    *({"Federated": IDP}, {"AWS": ANN_ARN, "Service": "s3.amazonaws.com"}),
)
VALUES = {
    "String": ("ann", "Ann", "a*", "a?n", "", "${aws:username}", "${aws:none, 'ann'}", "b😀"),
    "Numeric": (1, "1.0", "01", "1e0", "-5", "x", "1.", ""),
    "Date": ("2030-01-01", "1893456000", "2030", "2030-01-01T00:00:00Z", "x"),
    "Bool": (True, "TRUE", "false", "yes", "${aws:username}"),
    "Ip": ("192.0.2.0/24", "192.0.2.1", "2001:db8::/32", "::/0", "x"),
    "Arn": (ANN_ARN, "arn:aws:iam::*:user/*", "x", "*", "arn:aws:iam::1", "${aws:arn}"),
    "Null": ("true", "false", "yes"),
    "Binary": ("YQ==", "YQ"),
}
OPERATORS = (
    *(("String", f"String{one}") for one in ("Equals", "NotEquals", "Like", "NotLike")),
    *(("String", f"String{one}IgnoreCase") for one in ("Equals", "NotEquals")),
    *(
        (kind, f"{kind}{one}")
        for kind in ("Numeric", "Date")
        for one in ("Equals", "NotEquals", "LessThan", "GreaterThanEquals")
    ),
    *(("Arn", f"Arn{one}") for one in ("Equals", "NotEquals", "Like", "NotLike")),
    *(("Ip", "IpAddress"), ("Ip", "NotIpAddress"), ("Bool", "Bool"), ("Null", "Null")),
    *(("Binary", "BinaryEquals"), ("String", "Odd")),
)
KEYS = ("aws:username", "aws:TagKeys", "aws:k", "AWS:none")
CAME = (
    "ann",
    "Ann",
    "1",
    "2030-01-01",
    "true",
    "192.0.2.7",
    "::ffff:192.0.2.7",
    ANN_ARN,
    "",
    "YQ==",
)

CONTEXT = {
    "aws:username": ("ann", "*"),
    "aws:TagKeys": ((), ("x",), ("ann", "x")),
    "aws:k": CAME,
    "aws:path": ("b/x", "*"),
    "aws:arn": (ANN_ARN,),
    "aws:TokenIssueTime": ("2030-01-01T00:00:00Z",),
}
WIDE = {"Effect": "Allow", "Action": "*", "Resource": "*"}


class Pick(Random):
    """Chance, from one number: drawing each choice from Hypothesis costs twenty times as much.

    Ask `asked` first: the policies are about the service it asks.
    """

    service = "s3"

    def some(self, options, most):
        """One to `most` of them."""
        return [self.choice(options) for _ in range(self.randint(1, most))]

    def near(self, options):
        """Mostly those about the service that is asked, so that much applies."""
        owner = {"sts": ":iam:"}.get(self.service, self.service)
        about = (self.service, owner)
        close = [one for one in options if one[0] in "*?" or any(x in one.lower() for x in about)]
        return close if self.often(0.8) else options

    def often(self, much=0.7):
        """True seven times in ten."""
        return self.random() < much

    def condition(self):
        """One operator over one key."""
        kind, operator = self.choice(OPERATORS)
        prefix = "" if self.often() else self.choice(("ForAnyValue:", "ForAllValues:"))
        suffix = "" if self.often() else "IfExists"
        values = self.some(VALUES[kind], 2)
        return {f"{prefix}{operator}{suffix}": {self.choice(KEYS): values}}

    def statement(self, kind, effect=None):
        """A statement of this kind of policy."""
        made = {"Effect": effect or ("Allow" if self.often(0.8) else "Deny")}
        actions, resources = self.near(ACTIONS), self.near(RESOURCES)
        made["Action" if self.often(0.8) else "NotAction"] = self.some(actions, 2)
        made["Resource" if self.often(0.8) else "NotResource"] = self.some(resources, 2)
        if kind in NAMING:
            made["Principal" if self.often(0.8) else "NotPrincipal"] = self.choice(PRINCIPALS)
        for _ in range(self.choice((0, 0, 1, 2))):
            made["Condition"] = made.get("Condition", {}) | self.condition()
        return made

    def document(self, kind, effect=None):
        """A policy of one to three statements."""
        rows = [self.statement(kind, effect) for _ in range(self.randint(1, 3))]
        if effect != "Deny" and self.often(WIDENED.get(kind, 0)):
            rows.append(WIDE | ({"Principal": "*"} if kind in NAMING else {}))
        self.shuffle(rows)
        version = "2012-10-17" if self.often() else "2008-10-17"
        return {"Version": version, "Statement": rows if rows[1:] else rows[0]}

    def documents(self, kind, effect=None, least=0):
        """None to two policies of this kind."""
        return [self.document(kind, effect) for _ in range(self.randint(least, 2))]

    def given(self):
        """Policies of all kinds, half of which are absent."""
        limits = ("resource", "boundary", "session", "endpoint")
        single = {one: self.documents(one, least=1) if self.often(0.5) else None for one in limits}
        scp = [self.documents("scp", least=1) for _ in range(self.choice((0, 0, 1, 2)))]
        rcp = [self.documents("rcp", "Deny") for _ in range(self.choice((0, 0, 0, 1)))]
        return {"identity": self.documents("identity"), "scp": scp, "rcp": rcp, **single}

    def asked(self):
        """Who asks what, of whose resource, with which context."""
        action, resource = self.choice(ASKED)
        self.service = action.partition(":")[0].lower()
        return {
            "principal": self.choice(CALLERS),
            "action": action,
            "resource": resource,
            "owner": A if self.often(0.8) else B,
            "context": {key: self.choice(one) for key, one in CONTEXT.items() if self.often()},
        }


NAMING = frozenset({"resource", "endpoint", "rcp"})
WIDENED = {"boundary": 0.9, "session": 0.9, "endpoint": 0.9, "scp": 0.9, "identity": 0.6}
"""How often a kind of policy allows all, so that something is left for the other kinds."""

picks = st.integers(0, 2**32).map(Pick)


def request_of(asked):
    """The engine's form of a question."""
    return Request(
        asked["principal"],
        asked["action"],
        asked["resource"],
        asked["owner"],
        asked["context"],
    )


def attached(made, kind):
    """The engine's form of a document."""
    return Attached(Policy.parse(json.dumps(made), kind), f"{kind} policy")


def every(made, kind):
    """The engine's form of documents, of which there may be none."""
    return None if made is None else tuple(attached(one, kind) for one in made)


def policies_of(given):
    """The engine's form of all of them."""
    single = {name: every(given[name], name) for name in ("resource", "boundary", "session")}
    return Policies(
        identity=every(given["identity"], "identity"),
        endpoint=every(given["endpoint"], "endpoint"),
        scp=tuple(every(level, "scp") for level in given["scp"]),
        rcp=tuple(every(level, "rcp") for level in given["rcp"]),
        **single,
    )
