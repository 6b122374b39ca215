"""What is wrong with a chain of digests. Pure: whoever asks reads the files.

Source: CloudTrail guide, "Custom implementations of CloudTrail log file integrity validation".
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

from doorward.trail.delivery import unpacked
from doorward.trail.digest import Digest, Link, hashed, read_digest, signed_text
from doorward.trail.digest_keys import is_signed

MOST_BYTES = 256 * 1024 * 1024
"""The longest text of a file that is looked at; ours are a tenth of it."""

Kind = Literal[
    "damaged-digest",
    "moved-digest",
    "forged-digest",
    "unsigned-digest",
    "unknown-key",
    "missing-digest",
    "stray-digest",
    "changed-digest",
    "missing-file",
    "damaged-file",
    "changed-file",
    "unlisted-file",
    "listed-twice",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One thing that is wrong.

    Attributes:
        file: Where it lies, or would.
        what: A clause for people.
        records: What happened to which records, where that can be told.
    """

    kind: Kind
    file: str
    what: str
    records: tuple[str, ...] = ()


class ChainName(NamedTuple):
    """What tells chains apart: account, region of the records, trail and its home region."""

    account: str
    region: str
    trail: str
    home: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A digest that was found and could be read.

    Attributes:
        place: Where, for people.
        signature: As kept with it; empty when that is lost, and then the next digest tells it.
    """

    place: str
    text: bytes
    digest: Digest
    signature: str


_NAME = re.compile(
    r"(?:.*/)?AWSLogs/(?P<account>[0-9]{12})/CloudTrail-Digest/(?P<region>[a-z0-9-]+)/"
    r"[0-9]{4}/[0-9]{2}/[0-9]{2}/(?P=account)_CloudTrail-Digest_(?P=region)_"
    r"(?P<trail>.+)_(?P<home>[a-z]+(?:-[a-z]+)+-[0-9]+)_[0-9]{8}T[0-9]{6}Z\.json\.gz"
)
_LOG = re.compile(
    r"(?:.*/)?AWSLogs/(?P<account>[0-9]{12})/CloudTrail/(?P<region>[a-z0-9-]+)/"
    r"[0-9]{4}/[0-9]{2}/[0-9]{2}/(?P=account)_CloudTrail_(?P=region)_"
    r"[0-9]{8}T[0-9]{4}Z_[A-Za-z0-9]+\.json\.gz"
)


def chain_of(name: str) -> ChainName | None:
    """The chain a file belongs to by its name; None when it is no digest's."""
    found = _NAME.fullmatch(name)
    return ChainName(**found.groupdict()) if found else None


def is_log(name: str) -> bool:
    """Whether a name is that of a file of records."""
    return _LOG.fullmatch(name) is not None


def read_paper(place: str, path: str, data: bytes, signature: str) -> Paper | Trouble:
    """A digest as it lies there, or why it is none.

    Args:
        place: Where it lies, for people.
        path: As far as known; it must end in the name the digest gives itself.
        data: As it lies there.
        signature: As kept with it.
    """
    try:
        text = unpacked(data, MOST_BYTES)
        digest = read_digest(text)
    except ValueError as error:
        return Trouble(kind="damaged-digest", file=place, what=str(error))
    if not f"/{path}".endswith(f"/{digest.name}"):
        return Trouble(kind="moved-digest", file=place, what=f"it says it is {digest.name}")
    return Paper(place=place, text=text, digest=digest, signature=signature)


def chain_troubles(
    papers: Sequence[Paper],
    keys: Mapping[str, bytes],
    newest: Link | None = None,
    *,
    whole: bool = True,
) -> Iterator[Trouble]:
    """What is wrong with the digests of one chain.

    Args:
        papers: All that were found, in any order.
        keys: Public keys by fingerprint, PKCS #1.
        newest: The last one that was delivered, where that is known.
        whole: Also ask for what the oldest of them names.
    """
    by_name = {paper.digest.name: paper for paper in papers}
    links = [paper.digest.previous for paper in papers if paper.digest.previous]
    told = {link.name: link for link in [*links, *([newest] if newest else [])]}
    ordered = sorted(papers, key=lambda paper: (paper.digest.end, paper.digest.name))
    for paper in ordered:
        yield from _paper_troubles(paper, keys, told.get(paper.digest.name))
    yield from _missing(ordered, links, by_name, whole=whole)
    if newest and newest.name not in by_name:
        what = "it was the newest one delivered, and is not there"
        yield Trouble(kind="missing-digest", file=newest.name, what=what)
    for paper, follower in pairwise(ordered):
        named = follower.digest.previous
        if paper.digest.name not in told and named and named.name in by_name:
            what = "later digests do not follow from it"
            yield Trouble(kind="stray-digest", file=paper.place, what=what)


def begun_anew(papers: Iterable[Paper]) -> list[str]:
    """The places of digests, except the first, that follow none: the trail was made anew there."""
    ordered = sorted(papers, key=lambda paper: paper.digest.end)
    return [paper.place for paper in ordered[1:] if paper.digest.previous is None]


def _missing(
    ordered: Sequence[Paper],
    links: Sequence[Link],
    by_name: Mapping[str, Paper],
    *,
    whole: bool,
) -> Iterator[Trouble]:
    first = ordered[0].digest.previous if ordered else None
    for link in links:
        if link.name in by_name or (link == first and not whole):
            continue
        yield Trouble(kind="missing-digest", file=link.name, what="a later digest follows from it")


def _paper_troubles(
    paper: Paper, keys: Mapping[str, bytes], told: Link | None
) -> Iterator[Trouble]:
    digest, place = paper.digest, paper.place
    if told and told.hash != hashed(paper.text):
        what = "it is not the digest that the next one follows from"
        yield Trouble(kind="changed-digest", file=place, what=what)
        return
    signature = paper.signature or (told.signature if told else "")
    public = keys.get(digest.fingerprint)
    if not signature:
        what = "its signature is not kept with it, and no later digest tells it"
        yield Trouble(kind="unsigned-digest", file=place, what=what)
    elif public is None:
        what = f"it names the key {digest.fingerprint}, which is not among the public keys"
        yield Trouble(kind="unknown-key", file=place, what=what)
    elif not is_signed(public, signed_text(digest, paper.text), signature):
        what = "its signature does not prove it"
        yield Trouble(kind="forged-digest", file=place, what=what)
