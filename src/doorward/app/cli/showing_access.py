"""One answer about access as text: the answer and its reasons, what to change, step by step."""

import json
import shlex
from collections.abc import Iterator, Mapping
from typing import Any, Final

from doorward.policy import Layer
from doorward.policy.explain.words import TYPES

Json = Mapping[str, Any]

_ADDS: Final = f"add to an {TYPES[Layer.IDENTITY]}"
_MOST_STATEMENTS: Final = 4
_MOST_KEYS: Final = 6
_SUFFICES = (
    "Inside one account either side suffices: an identity-based policy, or a policy on the",
    "resource that names the caller. Boundaries, session policies and SCPs only take away.",
)
_GUARDS_ITSELF = (
    "This resource guards itself: its own policy must name the caller, or name the account and",
    "leave the rest to identity-based policies.",
)
_ACROSS = ("Across accounts both sides must allow: the caller's policies and the resource's.",)
_UNSEEN = (
    "No policy of the resource was part of the question; if it has one, `doorward can` takes it",
    "as --resource-policy FILE (docs/resource-policies.md lists the types that may have one).",
)
_NO_ROLE = ("This account has no such role; a role's path is part of its ARN.",)


def access_text(answer: Json, *, step_by_step: bool) -> str:
    """What a person reads of an answer of `Can`."""
    explanation = answer["explanation"]
    lines = [*_with_command(answer["text"], explanation), *_missing(explanation)]
    if step_by_step:
        lines += ["", "Step by step:", *_trace(explanation), "", *_notes(explanation)]
    elif _lacks_own_policy(explanation):
        lines += _unseen(explanation)
    return "\n".join(lines)


def _with_command(text: str, explanation: Json) -> Iterator[str]:
    """The text; below a statement that makes one new inline policy, the command that puts it."""
    command = put_command(explanation)
    due = False
    for line in text.split("\n"):
        yield line
        if due and command:
            yield f"     {command}"
        due = _ADDS in line


def put_command(explanation: Json) -> str:
    """The AWS command that makes the change of the identity side; empty where there is none."""
    kind, name = _entity(explanation["principal"] or "")
    changes = explanation["changes"] or ()
    added = [one["add"] for one in changes if one["add"] and one["layer"] == "identity"]
    if not added or not name:
        return ""
    document = json.dumps({"Version": "2012-10-17", "Statement": added})
    return (
        f"aws iam put-{kind}-policy --{kind}-name {shlex.quote(name)}"
        f" --policy-name {_free_name(explanation)} --policy-document {shlex.quote(document)}"
    )


def _free_name(explanation: Json) -> str:
    """A name none of the caller's policies has: putting one again would replace it."""
    steps = (step for step in explanation["steps"] if step["layer"] == "identity")
    taken = {one["name"].lower() for step in steps for one in step["policies"]}
    name = f"Allow-{explanation['action'].replace(':', '-')}"
    names = (name, *(f"{name}-{number}" for number in range(2, len(taken) + 2)))
    return next(one for one in names if one.lower() not in taken)


def _missing(explanation: Json) -> Iterator[str]:
    missing = explanation["missing_context_keys"]
    if missing:
        more = f" and {len(missing) - _MOST_KEYS} more" if len(missing) > _MOST_KEYS else ""
        yield f"Asked without {', '.join(missing[:_MOST_KEYS])}{more}; -c KEY=VALUE adds a key."


def _entity(arn: str) -> tuple[str, str]:
    """What holds the policies of a principal: `user` or `role`, and its name; else nothing."""
    kind, _, rest = arn.rpartition(":")[2].partition("/")
    if kind == "assumed-role":
        return "role", rest.partition("/")[0]
    return (kind, rest.rpartition("/")[2]) if kind in {"user", "role"} else ("", "")


def _trace(explanation: Json) -> Iterator[str]:
    if not explanation["steps"]:
        yield "  No policy is read for this action."
    for step in explanation["steps"]:
        level = f", level {step['level']} from the root" if step["level"] else ""
        names = ", ".join(one["name"] for one in step["policies"][:3]) or "none"
        more = len(step["policies"]) - 3
        yield (
            f"  {TYPES[step['layer']]}{level}: {_VERDICTS[step['verdict']]}"
            f"  ({names}{f' and {more} more' if more > 0 else ''})"
        )
        yield from _statements(step["statements"])


_VERDICTS: Final = {
    "Allowed": "allows",
    "ImplicitlyDenied": "does not allow",
    "ExplicitlyDenied": "denies",
}


def _statements(statements: list[Json]) -> Iterator[str]:
    for one in sorted(statements, key=lambda one: not one["applies"])[:_MOST_STATEMENTS]:
        name = f'"{one["sid"]}"' if one["sid"] else one["index"]
        line = f" at line {one['line']}" if one["line"] else ""
        fate = "applies" if one["applies"] else f"its {one['failed']['element']} does not match"
        yield f"    {one['effect']} {name} of {one['policy']}{line}: {fate}"
        if not one["applies"]:
            yield from (
                f"      not met: {each['operator']} {each['key']}"
                for each in one["conditions"]
                if not each["met"]
            )
    if len(statements) > _MOST_STATEMENTS:
        yield f"    … {len(statements) - _MOST_STATEMENTS} more statements on this action"


def _notes(explanation: Json) -> Iterator[str]:
    layers = {step["layer"] for step in explanation["steps"]}
    if not _is_at_home(explanation):
        yield from _ACROSS
    elif "trust" in layers or _is_key(explanation["resource"]):
        yield from _GUARDS_ITSELF
    else:
        yield from _SUFFICES
    yield from _unseen(explanation)


def _unseen(explanation: Json) -> tuple[str, ...]:
    """What to do where no policy of the resource was read."""
    layers = {step["layer"] for step in explanation["steps"]}
    if layers & {"resource", "trust"} or explanation["resource"] == "*":
        return ()
    home = explanation["layer"] == "trust" and _is_at_home(explanation)
    return _NO_ROLE if home else _UNSEEN


def _lacks_own_policy(explanation: Json) -> bool:
    """Whether a policy on the resource is what is missing."""
    return not explanation["allowed"] and explanation["layer"] in {"resource", "trust"}


def _is_at_home(explanation: Json) -> bool:
    return f":{explanation['resource_account']}:" in (explanation["principal"] or "")


def _is_key(resource: str) -> bool:
    return resource.startswith("arn:") and ":kms:" in resource and ":key/" in resource
