"""Collect the policies that apply to a caller: identity, boundary and session."""

import json
from collections.abc import Iterator
from functools import partial

from doorward.account.account import Account
from doorward.account.caller import Caller, CallerKind
from doorward.account.model import Group, InlinePolicy, Profile, Role, User
from doorward.authz.callers import caller_in
from doorward.catalog import managed_policies
from doorward.policy import Arn, Attached, Policies, Policy, Principal, PrincipalKind

MOST_REMEMBERED = 10_000
NOTHING: tuple[Attached, ...] = ()
EVERYTHING = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'
_LITERAL = str.maketrans({"*": "${*}", "?": "${?}", "$": "${$}"})
"""Characters of a user's path that a resource pattern would take for something else."""


def policies_of(caller: Caller, account: Account | None, resource: Attached | None) -> Policies:
    """The policies of a call. `account` is the caller's own, `resource` the resource's policy."""
    if account is None:
        return Policies(resource=(resource,) if resource else None)
    session = _of_session(caller, account)
    if session is not None:
        return _gathered(caller, account, resource, session)
    # SPEED: an account value is immutable, and `Policies` remembers its compiled form: the same
    # one serves every call of a principal on a resource until the account changes.
    known: dict[tuple[str, Attached | None], Policies] = account.memo.setdefault("policies", {})
    place = (caller.entity_id, resource)
    found = known.get(place)
    if found is None:
        if len(known) > MOST_REMEMBERED:
            known.clear()
        found = known[place] = _gathered(caller, account, resource, None)
    return found


def principal_in(
    account: Account, arn: str, resource: Attached | None = None
) -> tuple[Principal, Policies] | None:
    """A principal of the account by its ARN, with its policies; `None`: there is no such one.

    Args:
        account: Whose principal it is.
        arn: Of a user, a role (a what-if on any session of it), a role session, or the root user;
            exact, with its path.
        resource: The policy of the resource that is to be asked about.
    """
    caller = caller_in(account, arn)
    if caller is None:
        return None
    return _principal(caller), policies_of(caller, account, resource)


def resource_policy_of(account: Account, arn: str) -> Attached | None:
    """The policy that stands on a resource of the account: a role's trust policy."""
    parts = Arn.parse(arn)
    role = account.role(parts.name) if parts and parts.resource_type == "role" else None
    if role is None or account.arn(role) != arn:
        return None
    return Attached(Policy.parse_or_deny(role.trust, "trust"), role.name, None, arn)


def _principal(caller: Caller) -> Principal:
    """As the engine knows it; a role's own ARN is a what-if, not a session."""
    kind = PrincipalKind(caller.kind)
    if caller.kind is CallerKind.ROLE and caller.arn != caller.entity_arn:
        kind = PrincipalKind.SESSION
    return Principal(
        kind=kind,
        arn=caller.arn,
        account=caller.account,
        entity_arn=caller.entity_arn,
        entity_id=caller.entity_id,
    )


def _gathered(
    caller: Caller,
    account: Account,
    resource: Attached | None,
    session: tuple[Attached, ...] | None,
) -> Policies:
    identity, boundary = _of_entity(account, caller.entity_id)
    if caller.entity_id == account.id:
        # The root user needs no policy; a federated user of it starts from everything.
        identity = (Attached(Policy.parse(EVERYTHING), "root user"),)
    return Policies(
        identity=identity,
        resource=(resource,) if resource else None,
        boundary=boundary,
        session=session,
    )


def managed_text(account: Account, arn: str) -> str | None:
    """The document in force of a managed policy: the account's own, or one of AWS's."""
    found = account.policy(arn)
    if found:
        return found.text
    fact = managed_policies.get(arn)
    return fact.document if fact else None


def identity_policies(account: Account, entity: User | Group | Role) -> tuple[Attached, ...]:
    """What is attached to a user, group or role; to a user also by its groups."""
    if isinstance(entity, Group):
        return tuple(_attached_to(account, entity))
    return tuple(_identity(account, entity))


def managed_policy(account: Account, arn: str) -> Attached:
    """A managed policy by itself, the account's own or AWS's; one that is not there denies."""
    return _managed(account, arn, "identity", arn)


def _of_entity(
    account: Account, entity_id: str
) -> tuple[tuple[Attached, ...], tuple[Attached, ...] | None]:
    place = ("attached", entity_id)
    if place not in account.memo:
        account.memo[place] = _collect(account, entity_id)
    found: tuple[tuple[Attached, ...], tuple[Attached, ...] | None] = account.memo[place]
    return found


def _collect(
    account: Account, entity_id: str
) -> tuple[tuple[Attached, ...], tuple[Attached, ...] | None]:
    entity = account.by_id(entity_id)
    if not isinstance(entity, User | Role):
        return NOTHING, None
    identity = tuple(_identity(account, entity))
    if entity.boundary is None:
        return identity, None
    return identity, (_managed(account, entity.boundary, "boundary", account.arn(entity)),)


def _identity(account: Account, entity: User | Role) -> Iterator[Attached]:
    yield from _attached_to(account, entity)
    if isinstance(entity, User):
        for group in account.groups_of(entity):
            yield from _attached_to(account, group)
        yield from _own_password(account, entity)


def _own_password(account: Account, user: User) -> Iterator[Attached]:
    """What each user may do where the account's password policy lets users change their own.

    AWS: "This option does not attach a permissions policy to each user, rather the permissions are
    applied at the account-level for all users by IAM" (UpdateAccountPasswordPolicy). Users report
    that an explicit Deny still wins; of boundaries, SCPs and session policies nothing is
    documented, so they bind it as they bind any identity policy.
    """
    profile = account.at(("profile", "profile"))
    policy = profile.password_policy if isinstance(profile, Profile) else None
    if policy and policy.change_allowed:
        statements = [
            _allowing("iam:ChangePassword", account.arn(user).translate(_LITERAL)),
            _allowing("iam:GetAccountPasswordPolicy", "*"),
        ]
        text = json.dumps({"Version": "2012-10-17", "Statement": statements})
        yield Attached(Policy.parse(text), "account password policy")


def _allowing(action: str, resource: str) -> dict[str, str]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def _attached_to(account: Account, entity: User | Group | Role) -> Iterator[Attached]:
    where = account.arn(entity)
    yield from map(partial(_inline, where), entity.inline)
    for arn in entity.attached:
        yield _managed(account, arn, "identity", where)


def _inline(where: str, policy: InlinePolicy) -> Attached:
    return Attached(Policy.parse_or_deny(policy.text, "identity"), policy.name, None, where)


def _managed(account: Account, arn: str, kind: str, where: str) -> Attached:
    # INVARIANT: a policy that is attached cannot be deleted, but a session may name one that is
    # gone since. An empty text does not parse, and what does not parse denies.
    # SPEED: read once for an account; the parser's own memory is too small for large accounts.
    read: dict[tuple[str, str], Policy] = account.memo.setdefault("managed", {})
    policy = read.get((arn, kind))
    if policy is None:
        text = managed_text(account, arn)
        policy = Policy.parse_or_deny(text or "", kind)
        if text is not None:
            read[arn, kind] = policy
    return Attached(policy, arn.rpartition("/")[2], arn, where)


def _of_session(caller: Caller, account: Account) -> tuple[Attached, ...] | None:
    session = caller.session
    if session is None:
        return None
    found = tuple(_managed(account, arn, "session", caller.arn) for arn in session.policy_arns)
    if session.policy is not None:
        inline = Policy.parse_or_deny(session.policy, "session")
        found = (Attached(inline, "session policy"), *found)
    if found or caller.kind is CallerKind.FEDERATED_USER:
        # AWS: a federated user without session policies has no permissions of the user's.
        return found
    return None
