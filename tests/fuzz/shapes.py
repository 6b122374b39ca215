"""Parameters of any operation, drawn from its model: what clients send, and what nobody should.

Half of all calls are plausible (known names, true documents), so many get past the first check.
"""

import json
from dataclasses import dataclass

from botocore.model import Shape
from hypothesis import strategies as st

NAMES = ("ann", "ann", "ann", "bob", "admin")
ODD_NAMES = ("Administrators", "a" * 64, "a" * 200, "é", "a/b", "*", "ANN", "/", "None", "v1")
ARNS = {
    "Policy": "arn:aws:iam::{account}:policy/ann",
    "Boundary": "arn:aws:iam::aws:policy/ReadOnlyAccess",
    "Role": "arn:aws:iam::{account}:role/ann",
    "SAML": "arn:aws:iam::{account}:saml-provider/ann",
    "OpenID": "arn:aws:iam::{account}:oidc-provider/ann.example",
    "Serial": "arn:aws:iam::{account}:mfa/ann",
    "": "arn:aws:iam::{account}:user/ann",
}
ODD_ARNS = (*ARNS.values(), "arn:aws:iam::210987654321:role/ann", "arn:aws:::::", "arn:" + ":" * 40)
ANYONE = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:*"}
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [ANYONE]})
ALLOW = json.dumps({"Version": "2012-10-17", "Statement": EVERYTHING})
ODD_DOCUMENTS = (
    '{"Version": "2012-10-17", "Statement": []}',
    '{"Version": "2012-10-17" "Statement": []}',
    '{"Version": "2008-10-17", "Version": 1e999}',
    "[" * 2000,
    "{" * 10,
    '"\\ud800"',
    "null",
    "{}",
)
DEEPEST = 5

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=8,
)


@st.composite
def policies(draw):
    """A document that looks like a policy, with anything in any of its places."""
    elements = ("Effect", "Action", "NotAction", "Resource", "Principal", "Condition", "Sid")
    odd = st.dictionaries(st.sampled_from(elements), json_values, max_size=5)
    start = draw(st.sampled_from([ANYONE, EVERYTHING]))
    version = draw(st.sampled_from(["2012-10-17", "2008-10-17"]) | json_values)
    return json.dumps({"Version": version, "Statement": start | draw(odd)})


@dataclass(frozen=True, slots=True)
class Shapes:
    """Values for the shapes of one call.

    Attributes:
        account: Whose ARNs are plausible.
        odd: Anything goes.
    """

    account: str
    odd: bool

    def of(self, shape: Shape, name: str = "", depth: int = 0):
        """A strategy for the shape of the member with that name."""
        kind = getattr(self, shape.type_name, None)
        return kind(shape, name, depth) if kind else self.scalar(shape)

    def structure(self, shape, _name, depth):
        required = {n: self.of(m, n, depth + 1) for n, m in shape.members.items()}
        optional = {n: required.pop(n) for n in shape.members if n not in shape.required_members}
        if depth > DEEPEST:
            optional = {}
        whole = st.fixed_dictionaries(required)
        some = st.sets(st.sampled_from(sorted(optional)), max_size=2) if optional else st.just([])
        few = some.flatmap(lambda names: st.fixed_dictionaries({n: optional[n] for n in names}))
        full = st.tuples(whole, few).map(lambda both: both[0] | both[1])
        return st.fixed_dictionaries({}, optional=required) | full if self.odd else full

    def list(self, shape, name, depth):
        member = self.of(shape.member, name, depth + 1)
        return st.lists(member, min_size=0 if self.odd else 1, max_size=3 if self.odd else 1)

    def map(self, shape, name, depth):
        keys, values = self.of(shape.key, "", depth + 1), self.of(shape.value, name, depth + 1)
        return st.dictionaries(keys, values, max_size=2)

    def string(self, shape, name, _depth):
        """A name, an ARN or a document, as the member's name suggests."""
        plausible = self._plausible(shape, name)
        if not self.odd:
            return plausible
        return plausible | text | st.sampled_from(ODD_NAMES + ODD_ARNS + ODD_DOCUMENTS) | policies()

    def _plausible(self, shape, name):
        if shape.enum:
            return st.sampled_from(shape.enum)
        if name == "AssumeRolePolicyDocument":
            return st.just(TRUST)
        if name.endswith("Document") or name == "Policy":
            return st.just(ALLOW)
        if "Arn" in name or name in {"SerialNumber", "PermissionsBoundary"}:
            found = next(arn for word, arn in ARNS.items() if word in name)
            return st.just(found.format(account=self.account))
        if name in {"Path", "PathPrefix"}:
            return st.sampled_from(["/", "/people/"])
        return st.sampled_from(NAMES)

    def integer(self, shape, _name, _depth):
        low, high = (int(shape.metadata.get(key, 3600)) for key in ("min", "max"))
        if not self.odd:
            return st.integers(min(low, high), max(low, high))
        return st.sampled_from([0, 1, -1, 10**6, 2**31, 2**63]) | st.integers()

    long = integer

    def scalar(self, shape):
        kinds = {
            "boolean": st.booleans(),
            "timestamp": st.datetimes(),
            "blob": st.binary(max_size=50),
        }
        return kinds.get(shape.type_name, st.floats(allow_nan=False, allow_infinity=False))


@st.composite
def params(draw, shape: Shape | None, account: str):
    """Parameters for an operation's input."""
    return draw(Shapes(account, draw(st.booleans())).of(shape)) if shape else {}
