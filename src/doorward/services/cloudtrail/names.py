"""Names of trails, buckets and prefixes: which can be, and which trail one means."""

import re
from collections.abc import Iterator

from doorward.account.account import Account
from doorward.account.trails import Trail
from doorward.services.call import Call
from doorward.services.cloudtrail.errors import (
    InvalidArn,
    InvalidBucketName,
    InvalidHomeRegion,
    InvalidPrefix,
    InvalidTrailName,
    TrailNotFound,
)

LEAST, MOST = 3, 128
LONGEST_PREFIX = 200
NAME = re.compile(r"[A-Za-z0-9._-]*")
ADDRESS = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3}){3}")
ARN = re.compile(r"arn:aws:cloudtrail:([a-z0-9-]+):([0-9]{12}):trail/(.+)")
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
PREFIX = re.compile(r"[A-Za-z0-9!_.*'()&$@=;:+ ,?-]+(/[A-Za-z0-9!_.*'()&$@=;:+ ,?-]+)*")


def arn_of(account: str, trail: Trail) -> str:
    """The trail's ARN."""
    return new_arn(account, trail.region, trail.name)


def new_arn(account: str, region: str, name: str) -> str:
    """The ARN a trail of that name has."""
    return f"arn:aws:cloudtrail:{region}:{account}:trail/{name}"


def trails_of(account: Account) -> list[Trail]:
    """The trails there are, ordered by home region and name."""
    return [trail for trail in account.all(Trail) if trail.deleted is None]


def in_region(account: Account, region: str) -> Iterator[Trail]:
    """The trails that work in a region, those of other homes included."""
    return (each for each in trails_of(account) if each.multi_region or each.region == region)


def looked_up(account: Account, region: str, name: str) -> Trail | None:
    """The trail that a name or an ARN means in a region; no word about whether it can be one."""
    given = ARN.fullmatch(name)
    if given:
        place = f"{given[1]}/{given[3]}" if given[2] == account.id else ""
        found = account.at(("trail", place))
        return found if isinstance(found, Trail) else None
    return next((each for each in in_region(account, region) if each.name == name), None)


def find(call: Call, name: str) -> Trail:
    """The trail of that name or ARN.

    Raises:
        InvalidTrailName: no trail can have that name.
        InvalidArn: it looks like an ARN and is none of a trail.
        TrailNotFound: there is none.
    """
    if name.startswith("arn:"):
        if not ARN.fullmatch(name):
            raise InvalidArn.of(name)
    else:
        refuse_odd_name(name)
    found = looked_up(call.account, call.region, name)
    if found is None:
        raise TrailNotFound.named(name, call.account.id)
    return found


def find_at_home(call: Call, name: str) -> Trail:
    """As `find`, for what is done in a trail's home region alone.

    Raises:
        InvalidHomeRegion: this is another.
    """
    found = find(call, name)
    if found.region != call.region:
        raise InvalidHomeRegion.is_elsewhere(arn_of(call.account.id, found), found.region)
    return found


def refuse_odd_name(name: str) -> None:
    """Refuse a name no trail can have. Source: API reference, CreateTrail.

    Raises:
        InvalidTrailName: saying why.
    """
    if len(name) < LEAST:
        raise InvalidTrailName.short(LEAST, len(name))
    if len(name) > MOST:
        raise InvalidTrailName.long(MOST, len(name))
    if not NAME.fullmatch(name):
        raise InvalidTrailName.characters()
    if not name[0].isalnum():
        raise InvalidTrailName.start()
    if not name[-1].isalnum():
        raise InvalidTrailName.end()
    if re.search(r"[._-]{2}", name):
        raise InvalidTrailName.adjacent()
    if ADDRESS.fullmatch(name):
        raise InvalidTrailName.address()


def refuse_odd_bucket(name: str) -> None:
    """Refuse a name no bucket can have. Source: S3 guide, "Bucket naming rules".

    Raises:
        InvalidBucketName: also for what would lead out of a folder.
    """
    if not BUCKET.fullmatch(name) or ".." in name or ADDRESS.fullmatch(name):
        raise InvalidBucketName.of(name)


def refuse_odd_prefix(prefix: str | None) -> None:
    """Refuse a prefix that is long, or that could lead out of a bucket's folder.

    Raises:
        InvalidPrefix: it is.
    """
    if not prefix:
        return
    parts = prefix.split("/")
    if len(prefix) > LONGEST_PREFIX or not PREFIX.fullmatch(prefix) or {".", ".."} & set(parts):
        raise InvalidPrefix.of(prefix)
