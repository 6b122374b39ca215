"""Trust policies on their way in and out: checked, put in AWS's form, principals as ids.

A trust policy is kept normalised: Effect, Principal, Action, Condition in this order, a list of
one as a plain string, users and roles as unique ids, so that whoever gets a name again later is
not trusted by it. It is shown with ARNs while what is named exists, else with the bare id.
Source: recorded answers, role_wire, service_linked_roles, saml_trust, role_templates.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from doorward.account.model import Role
from doorward.catalog.quotas import policy_size
from doorward.policy.match import glob, joined, wildcards
from doorward.services.call import Call
from doorward.services.iam import shared_issuers, trust_principals
from doorward.services.iam.documents import refuse_malformed
from doorward.services.iam.errors import LimitExceeded, MalformedPolicyDocument
from doorward.services.iam.quotas import quota

_OLDEST_VERSION = "2008-10-17"
_ELEMENTS = ("Sid", "Effect", "Principal", "Action", "NotAction", "Condition")

_TRUSTED_WITH = (
    "sts:assumerole",
    "sts:assumerolewithsaml",
    "sts:assumerolewithwebidentity",
    "sts:setcontext",
    "sts:setsourceidentity",
    "sts:tagsession",
)

Statement = Mapping[str, Any]
Values = Callable[[str, str], str]


class Kept(NamedTuple):
    """A trust policy as a role keeps it, with the accounts of those who are of other ones."""

    text: str
    elsewhere: tuple[tuple[str, str], ...]

    def on(self, role: Role) -> Role:
        """The role with this trust policy."""
        return replace(role, trust=self.text, trusted_elsewhere=self.elsewhere)


def stored(call: Call, text: str) -> Kept:
    """Check a trust policy and give the form in which a role keeps it.

    Raises:
        MalformedPolicyDocument: it is no trust policy, or names whoever does not exist.
        LimitExceeded: it is longer than the quota, white space not counted.
    """
    elsewhere: dict[str, str] = {}

    def as_id(kind: str, value: str) -> str:
        kept, account_id = trust_principals.stored(call, kind, value)
        if account_id:
            elsewhere[kept] = account_id
        return kept

    for statement in _loose_statements(text):
        _refuse_principals(statement.get("Principal"), as_id)
        _refuse_other_actions(statement)
    refuse_malformed(call, text, "trust")
    _refuse_oversize(call, text)
    policy = _read(text)
    for statement in _statements(policy):
        shared_issuers.refuse_open(statement)
    return Kept(_normal(policy, as_id), tuple(elsewhere.items()))


def shown(call: Call, role: Role) -> str:
    """A role's trust policy with the ARNs of those who still exist."""
    elsewhere = dict(role.trusted_elsewhere)

    def as_arn(_kind: str, value: str) -> str:
        return trust_principals.shown(call, value, elsewhere)

    return _normal(_read(role.trust), as_arn)


def of_service(principal: str) -> str:
    """The trust policy of a role linked to a service."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": principal},
        "Action": "sts:AssumeRole",
    }
    return _compact({"Version": "2012-10-17", "Statement": [statement]})


def _normal(policy: Mapping[str, Any], principal: Values) -> str:
    head = {"Version": policy.get("Version", _OLDEST_VERSION)}
    if "Id" in policy:
        head["Id"] = policy["Id"]
    body = [_normal_statement(statement, principal) for statement in _statements(policy)]
    return _compact(head | {"Statement": body})


def _normal_statement(statement: Statement, principal: Values) -> dict[str, Any]:
    normal = {name: _single(statement[name]) for name in _ELEMENTS if name in statement}
    normal["Principal"] = _normal_principal(statement["Principal"], principal)
    if "Condition" in statement:
        normal["Condition"] = {
            operator: {key: _single(_spelled(values)) for key, values in keys.items()}
            for operator, keys in statement["Condition"].items()
        }
    return normal


def _normal_principal(element: Mapping[str, Any], principal: Values) -> dict[str, Any]:
    return {
        kind: _single([principal(kind, value) for value in listed(values)])
        for kind, values in element.items()
    }


def _statements(policy: Mapping[str, Any]) -> list[Statement]:
    return listed(policy["Statement"])


def listed(value: Any) -> list[Any]:
    """A value, or the list it stands for."""
    return value if isinstance(value, list) else [value]


def _read(text: str) -> Any:
    """Numbers stay as they are spelled: AWS keeps the values of conditions as strings."""
    return json.loads(text, parse_int=str, parse_float=str)


def _spelled(values: Any) -> list[str]:
    return [str(value).lower() if isinstance(value, bool) else value for value in listed(values)]


def _single(value: Any) -> Any:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _compact(policy: Mapping[str, Any]) -> str:
    # INVARIANT: escapes stay escapes, or half a surrogate pair could be stored and not be sent.
    return json.dumps(policy, separators=(",", ":"))


def _loose_statements(text: str) -> list[Statement]:
    """What can be read as statements, for what AWS refuses in other words than the grammar."""
    try:
        policy = _read(text)
    except (ValueError, RecursionError):
        return []
    found = listed(policy.get("Statement")) if isinstance(policy, dict) else []
    return [each for each in found if isinstance(each, dict)]


def _refuse_principals(element: Any, principal: Values) -> None:
    if element == "*":
        raise MalformedPolicyDocument.star_principal()
    if not isinstance(element, dict):
        return
    for kind, values in element.items():
        for value in _texts(values):
            principal(kind, value)


def _refuse_other_actions(statement: Statement) -> None:
    actions = _texts(statement.get("Action", statement.get("NotAction", ())))
    if not all(_may_be_trusted_with(action.lower()) for action in actions):
        raise MalformedPolicyDocument.trust_action()


def _may_be_trusted_with(action: str) -> bool:
    """Whether a pattern of actions, in lower case, reaches one that trust policies are about."""
    # AWS: sts:InvalidAction is refused as s3:GetObject is; recorded, roles.
    return action.startswith("sts:") and any(map(glob(joined(wildcards(action))), _TRUSTED_WITH))


def _texts(value: Any) -> list[str]:
    return [each for each in listed(value) if isinstance(each, str)]


def _refuse_oversize(call: Call, text: str) -> None:
    most = quota(call, "AssumeRolePolicySizeQuota")
    if policy_size(text) > most:
        raise LimitExceeded.quota("ACLSizePerRole", most)
