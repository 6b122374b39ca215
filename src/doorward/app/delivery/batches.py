"""What a batch is: which records and digests, which files they become, and what is true after.

Pure: the same batch, records and key give the same files, byte for byte.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from doorward.account.trail_delivery import Batch, Chain, DeliveryState
from doorward.account.trails import Trail
from doorward.app.delivery.target import File
from doorward.store.unit import RecordRow
from doorward.trail.delivery import (
    EventHead,
    head_of,
    log_body,
    log_name,
    packed,
    suffix_of,
    times,
    whole_second,
)
from doorward.trail.digest import (
    Digest,
    Link,
    LogFile,
    digest_name,
    hashed,
    metadata,
    signed_text,
    text_of,
)
from doorward.trail.digest_keys import signature
from doorward.trail.members import iso

MOST_WINDOWS = 500
"""Digests of one batch, so that a node that slept for a year does not hold a year in memory."""

LONGEST_BACK = timedelta(days=1)

Chosen = list[tuple[EventHead, bytes]]


@dataclass(frozen=True, slots=True)
class Carried:
    """What a batch comes to: its files, those of records before digests, and the state after."""

    logs: tuple[File, ...]
    digests: tuple[File, ...]
    after: DeliveryState


def chosen(trail: Trail, rows: Iterable[RecordRow]) -> Chosen:
    """The records of its account that a trail delivers, in order, with their heads."""
    logged = (row for row in rows if trail.logged_at(datetime.fromtimestamp(row.at / 1000, UTC)))
    heads = ((head_of(row.body), row.body) for row in logged)
    return [(head, body) for head, body in heads if trail.chooses(head)]


def window_of(trail: Trail, state: DeliveryState, now: datetime, digest_s: int) -> datetime | None:
    """Where the next digest starts; None when there is none to make.

    AWS: the first covers the hour before logging began (recorded). A trail that stopped still gets
    the digest of the hour it stopped in, and of every file that none lists yet. One that was
    imported gets none for the years before.
    """
    if state.window and not _is_over(trail, state.window, _unlisted(state)):
        return state.window
    if trail.validation is None:
        return None
    span, told = trail.spans[-1], state.digested
    began = max(span.start, trail.validation)
    if span.end and (span.end < began or (told and told > span.end)):
        return None
    first = whole_second(max(began, now - LONGEST_BACK)) - timedelta(seconds=digest_s)
    return max(first, told) if told else first


def due_windows(
    trail: Trail, state: DeliveryState, now: datetime, digest_s: int
) -> tuple[datetime, ...]:
    """The starts of the spans of time that are over and have no digest yet."""
    found: list[datetime] = []
    start, length = state.window, timedelta(seconds=digest_s)
    while start and start + length <= now and len(found) < MOST_WINDOWS:
        if _is_over(trail, start, _unlisted(state) and not found):
            break
        found.append(start)
        start += length
    return tuple(found)


def _unlisted(state: DeliveryState) -> bool:
    return any(chain.files for chain in state.chains.values())


def _is_over(trail: Trail, start: datetime, unlisted: bool) -> bool:
    """Whether nothing is to be said any more about the time from here on."""
    if unlisted:
        return False
    stopped = trail.spans[-1].end
    return trail.validation is None or (stopped is not None and start > stopped)


def carried(
    state: DeliveryState,
    batch: Batch,
    account: str,
    records: Chosen,
    private: bytes,
) -> Carried:
    """The files of a batch and the state once they are delivered.

    Args:
        state: With the batch in it, or about to be.
        batch: Which one.
        account: Whose trail it is.
        records: What `chosen` gives for the batch's trail and the records it names.
        private: The key of the digests; unused where there are none to sign.
    """
    digests: list[File] = []
    chains = dict(state.chains)
    for window in batch.windows:
        end = window + timedelta(seconds=batch.digest_s)
        for region in sorted({batch.trail.region, *chains}):
            file, link = _digest(batch, account, region, chains, (window, end), private)
            digests.append(file)
            chains[region] = Chain(newest=link)
    logs = list(_logs(batch, account, records))
    if batch.trail.validation:
        for region, _, listed in logs:
            before = chains.get(region, Chain())
            chains[region] = replace(before, files=(*before.files, listed))
    after = replace(
        state,
        batch=None,
        cursor=batch.last,
        chains=chains,
        attempted=batch.at,
        error="",
        digest_error="",
    )
    if logs:
        after = replace(after, delivered=batch.at)
    if batch.windows:
        end = batch.windows[-1] + timedelta(seconds=batch.digest_s)
        after = replace(after, window=end, digested=end, digest_delivered=batch.at)
    return Carried(tuple(file for _, file, _ in logs), tuple(digests), after)


def _logs(batch: Batch, account: str, records: Chosen) -> Iterator[tuple[str, File, LogFile]]:
    by_region: dict[str, Chosen] = {}
    for head, body in records:
        by_region.setdefault(head.aws_region, []).append((head, body))
    trail = batch.trail
    for region, found in sorted(by_region.items()):
        text = log_body(body for _, body in found)
        suffix = suffix_of(batch.seed, region)
        name = log_name(trail.prefix, account, region, batch.at, suffix)
        newest, oldest = times(head for head, _ in found)
        listed = LogFile(
            bucket=trail.bucket, name=name, hash=hashed(text), newest=newest, oldest=oldest
        )
        yield region, File(bucket=trail.bucket, name=name, data=packed(text)), listed


def _digest(
    batch: Batch,
    account: str,
    region: str,
    chains: dict[str, Chain],
    window: tuple[datetime, datetime],
    private: bytes,
) -> tuple[File, Link]:
    trail, chain = batch.trail, chains.get(region, Chain())
    name = digest_name(trail.prefix, account, region, (trail.name, trail.region), window[1])
    made = Digest(
        account=account,
        start=iso(window[0]),
        end=iso(window[1]),
        bucket=trail.bucket,
        name=name,
        fingerprint=batch.fingerprint,
        previous=chain.newest,
        files=chain.files,
    )
    text = text_of(made)
    signed = signature(private, signed_text(made, text))
    file = File(bucket=trail.bucket, name=name, data=packed(text), metadata=metadata(signed))
    return file, Link(bucket=trail.bucket, name=name, hash=hashed(text), signature=signed)
