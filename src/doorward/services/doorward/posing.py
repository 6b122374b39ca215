"""From the words of a question to what the engine takes: whom, what, with which context."""

from collections.abc import Mapping
from dataclasses import dataclass

from msgspec import UNSET

from doorward.account.account import Account
from doorward.account.caller import Caller
from doorward.account.tags import Tag
from doorward.authz.callers import caller_in
from doorward.authz.decide import principal_of
from doorward.authz.gather import policies_of, principal_in, resource_policy_of
from doorward.policy import Arn, Attached, Context, Policies, Policy, Principal, Request
from doorward.policy.variables import Values
from doorward.services.call import Call, Proven
from doorward.services.doorward.context import Circumstances, Thing, filled, region_of
from doorward.services.doorward.errors import ValidationException
from doorward.services.doorward.forms import Question, is_account, policy_text, tags_of


@dataclass(frozen=True, slots=True)
class Who:
    """Whom a question is about, with its own account as it stands.

    Attributes:
        named: It was named, not proven.
    """

    caller: Caller
    account: Account | None
    named: bool

    @property
    def shown(self) -> str:
        """The ARN or the service's name; empty for nobody."""
        return self.caller.arn or (self.caller.name if not self.caller.account else "")

    def asks(self, resource: Attached | None) -> tuple[Principal, Policies]:
        """As the engine takes it, with the policies that have a say."""
        if self.named and self.account:
            found = principal_in(self.account, self.caller.arn, resource)
            assert found is not None  # noqa: S101 - the caller was found in this very value
            return found
        return principal_of(self.caller), policies_of(self.caller, self.account, resource)


def who_signed(proven: Proven) -> Who:
    """Whoever signed the request; nobody, where nobody did."""
    return Who(proven.caller, proven.account, named=False)


def who_is_named(call: Call, question: Question, place: str) -> Who | None:
    """Whom the question names; None where there is no such principal.

    Raises:
        ValidationException: it names nobody, or what is no principal.
    """
    text = question.principal
    if text is UNSET:
        wanted = "required: an ARN, a service's name or null"
        raise ValidationException.at(f"{place}principal", wanted)
    if text is None:
        return Who(Caller.anonymous(), None, named=True)
    if ":" not in text and "." in text:
        return Who(Caller.service(text), None, named=True)
    arn = Arn.parse(text)
    if arn is None:
        wanted = "expected an ARN, a service's name or null"
        raise ValidationException.at(f"{place}principal", wanted)
    account = account_here(call, arn.account)
    caller = caller_in(account, text) if account else None
    return Who(caller, account, named=True) if caller else None


def account_named(question: Question) -> str:
    """The account of the principal that the question names, whether it exists or not."""
    arn = Arn.parse(question.principal) if isinstance(question.principal, str) else None
    return arn.account if arn else ""


def account_here(call: Call, account_id: str) -> Account | None:
    """An account of this Doorward."""
    return call.account if account_id == call.account.id else call.desk.account(account_id)


def thing_asked_about(call: Call, question: Question, place: str) -> Thing:
    """What the question is about.

    Raises:
        ValidationException: it names no action or no resource, or contradicts itself.
    """
    if question.action is UNSET or not _is_action(question.action):
        raise ValidationException.at(f"{place}action", "required: service:Name, as in s3:GetObject")
    if question.resource is UNSET or not question.resource:
        raise ValidationException.at(f"{place}resource", "required: an ARN, or *")
    resource = question.resource
    owner = _owner(call, question, resource, place)
    others = owner != call.account.id and resource.startswith("arn:aws:iam::")
    given = () if question.resource_tags is UNSET else tags_of(question.resource_tags)
    if given and resource == "*":
        raise ValidationException.at(f"{place}resource_tags", "* is no resource and has none")
    kept = None if given and others else _tags_kept(call, owner, resource)
    if given and kept is not None:
        raise ValidationException.at(f"{place}resource_tags", "Doorward keeps this resource's tags")
    tags, is_kept = given if kept is None else kept, others or kept is not None
    return Thing(resource, owner, tags, of_others=others, kept=is_kept)


def _is_action(text: str) -> bool:
    service, colon, name = text.partition(":")
    return bool(service and colon and name) and not set(text) & set("*? ${}")


def _owner(call: Call, question: Question, resource: str, place: str) -> str:
    arn = Arn.parse(resource)
    if arn is None and resource != "*":
        raise ValidationException.at(f"{place}resource", "expected an ARN, or *")
    named = arn.account if arn else ""
    given = question.resource_account
    if given is UNSET:
        return named if is_account(named) else call.account.id
    if not is_account(given):
        raise ValidationException.at(f"{place}resource_account", "expected 12 digits")
    # INVARIANT: who owns the resource decides who may ask; its own ARN is not to be contradicted.
    if is_account(named) and named != given:
        raise ValidationException.at(f"{place}resource_account", "the resource's ARN says another")
    return given


def _tags_kept(call: Call, owner: str, resource: str) -> tuple[Tag, ...] | None:
    """The tags of a user, role or policy that lives here; None for any other resource."""
    arn = Arn.parse(resource)
    account = account_here(call, owner) if arn and arn.service == "iam" else None
    if arn is None or account is None:
        return None
    for found in (account.user(arn.name), account.role(arn.name), account.policy_named(arn.name)):
        if found and account.arn(found) == resource:
            return found.tags
    return None


def posed(
    call: Call,
    question: Question,
    who: Who,
    thing: Thing,
    policy: Attached | None,
    proven: Proven | None,
    given: Mapping[str, Values],
    place: str,
) -> tuple[Request, Policies]:
    """The question as the engine takes it; `policy` is the resource's.

    Raises:
        ValidationException: the context is not the asker's to say.
    """
    action = str(question.action)
    how = _how(call, proven, region_of(action, thing.arn))
    keys = filled(who.caller, who.account, thing, how, given, f"{place}context")
    principal, policies = who.asks(policy)
    return Request(principal, action, thing.arn, thing.owner, Context(keys)), policies


def _how(call: Call, proven: Proven | None, region: str) -> Circumstances:
    if proven is None:
        return Circumstances(call.now, region)
    request = proven.request
    return Circumstances(
        call.now,
        region or proven.region,
        request.secure,
        request.header("user-agent"),
        request.header("referer"),
        proven=bool(proven.caller.arn),
    )


def policy_on(call: Call, question: Question, thing: Thing, place: str) -> Attached | None:
    """The policy on the resource, as Doorward keeps it or as the asker knows it.

    Raises:
        ValidationException: it is not the asker's to say, or too long.
    """
    given, kept = question.resource_policy, _policy_kept(call, question, thing)
    if given is UNSET:
        return kept
    if kept and not thing.of_others:
        raise ValidationException.at(f"{place}resource_policy", "Doorward keeps the trust policy")
    text = policy_text(given, f"{place}resource_policy")
    kind = "trust" if _is_assuming(question) and ":role/" in thing.arn else "resource"
    return Attached(Policy.parse_or_deny(text, kind), f"{kind} policy", None, thing.arn)


def _policy_kept(call: Call, question: Question, thing: Thing) -> Attached | None:
    """The trust policy of a role that lives here, where it has a say."""
    if not _is_assuming(question):
        return None
    account = account_here(call, thing.owner)
    return resource_policy_of(account, thing.arn) if account else None


def _is_assuming(question: Question) -> bool:
    return str(question.action).lower().startswith("sts:")
