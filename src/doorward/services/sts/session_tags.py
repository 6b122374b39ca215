"""Session tags: what a session is given, and what it must pass on to the sessions after it.

Source: IAM guide, "Pass session tags in AWS STS", with its part on chaining roles.
"""

from collections.abc import Iterable, Mapping, Sequence

from doorward.account.caller import Caller
from doorward.services.sts.errors import InvalidParameterValue

MOST_TAGS = 50

Pairs = tuple[tuple[str, str], ...]


def pairs(tags: Iterable[Mapping[str, str]]) -> Pairs:
    """A tag list as the wire gives it, as pairs."""
    return tuple((tag["Key"], tag["Value"]) for tag in tags)


def inherited(caller: Caller) -> Pairs:
    """The tags the caller's session hands down to every session it opens."""
    if caller.session is None or not caller.session.transitive_tag_keys:
        return ()
    handed_down = {key.lower() for key in caller.session.transitive_tag_keys}
    return tuple(tag for tag in caller.session.tags if tag[0].lower() in handed_down)


def transitive_keys(caller: Caller, passed: Sequence[str]) -> tuple[str, ...]:
    """The keys the new session hands down: those it inherits, then those passed now."""
    return (*(key for key, _ in inherited(caller)), *dict.fromkeys(passed))


def refuse_impossible(caller: Caller, tags: Pairs, transitive: Sequence[str]) -> None:
    """Refuse tags that contradict themselves or what the caller's session hands down.

    Raises:
        InvalidParameterValue: reserved, repeated or inherited keys, transitive keys without a
            tag, or more tags than a session may have.
    """
    keys = [key.lower() for key, _ in tags]
    handed_down = {key.lower() for key, _ in inherited(caller)}
    if any(key.startswith("aws:") for key in keys):
        raise InvalidParameterValue.reserved_tag()
    if len(set(keys)) < len(keys):
        raise InvalidParameterValue.duplicate_tags()
    if not handed_down.isdisjoint(keys):
        raise InvalidParameterValue.transitive_passed_again()
    if not {key.lower() for key in transitive} <= set(keys):
        raise InvalidParameterValue.transitive_not_passed()
    if len(keys) + len(handed_down) > MOST_TAGS:
        raise InvalidParameterValue.too_many_tags(MOST_TAGS)
