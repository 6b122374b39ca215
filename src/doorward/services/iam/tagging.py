"""Tags of IAM's entities: two laws, one for users and roles, one for everything else."""

from collections.abc import Iterable, Mapping, Sequence

from doorward.account.tags import Tag
from doorward.services.iam.errors import InvalidInput, LimitExceeded

MOST_TAGS = 50


def tagged(
    tags: Sequence[Tag], added: Iterable[Mapping[str, str]], *, case_matters: bool = False
) -> tuple[Tag, ...]:
    """The tags with `added` over them.

    Args:
        tags: What the entity has.
        added: As the wire gives them: `{"Key": ..., "Value": ...}`.
        case_matters: Keys that differ in case are two tags (policies, providers, devices); for
            users and roles they are one, and the new spelling replaces the old.

    Raises:
        InvalidInput: a reserved or repeated key.
        LimitExceeded: more than 50 tags.

    Source: recorded answers, tags and resource_inputs.
    """
    fresh = [Tag(tag["Key"], tag["Value"]) for tag in added]
    _refuse_reserved(fresh)
    _refuse_duplicates(fresh, case_matters=case_matters)
    if case_matters:
        merged = {tag.key: tag for tag in tags} | {tag.key: tag for tag in fresh}
    else:
        merged = {tag.key.lower(): tag for tag in tags}
        merged |= {tag.key.lower(): tag for tag in fresh}
    if len(merged) > MOST_TAGS:
        raise LimitExceeded.tags()
    return tuple(merged.values())


def retagged(
    tags: Sequence[Tag], added: Sequence[Mapping[str, str]], *, case_matters: bool = False
) -> tuple[Tag, ...]:
    """As `tagged`, for the operations that exist to tag: they refuse an empty list.

    Raises:
        InvalidInput: also when `added` is empty.
    """
    if not added:
        raise InvalidInput.no_tags()
    return tagged(tags, added, case_matters=case_matters)


def untagged(
    tags: Sequence[Tag], keys: Iterable[str], *, case_matters: bool = False
) -> tuple[Tag, ...]:
    """The tags without those of `keys`; a key that is not there is no error."""
    if case_matters:
        gone = set(keys)
        return tuple(tag for tag in tags if tag.key not in gone)
    gone = {key.lower() for key in keys}
    return tuple(tag for tag in tags if tag.key.lower() not in gone)


def _refuse_reserved(tags: Iterable[Tag]) -> None:
    if any(tag.key.lower().startswith("aws:") for tag in tags):
        raise InvalidInput.reserved_tag()


def _refuse_duplicates(tags: Sequence[Tag], *, case_matters: bool) -> None:
    keys = [tag.key if case_matters else tag.key.lower() for tag in tags]
    if len(set(keys)) < len(keys):
        raise InvalidInput.duplicate_tags(case_matters=case_matters)
