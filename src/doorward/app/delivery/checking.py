"""Delivered trails held against their digests: what is wrong, and with which record."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from doorward.app.delivery.known import Known
from doorward.trail.delivery import unpacked
from doorward.trail.delivery_check import bodies_of, differences, file_checked
from doorward.trail.digest import SIDE, LogFile, read_side
from doorward.trail.digest_check import (
    MOST_BYTES,
    ChainName,
    Paper,
    Trouble,
    begun_anew,
    chain_of,
    chain_troubles,
    is_log,
    read_paper,
)

Progress = Callable[[str], None]
Found = tuple[Path, Paper]
"""A digest, and the folder that is its bucket."""


@dataclass(slots=True)
class Checked:
    """What was looked at and what was found."""

    digests: int = 0
    files: int = 0
    records: int = 0
    troubles: list[Trouble] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Span:
    """Digests that end in this time are looked at; ISO times, empty is open."""

    start: str = ""
    end: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether everything is looked at."""
        return not self.start and not self.end

    def holds(self, end: str) -> bool:
        """Whether a digest that ends then is looked at."""
        return (not self.start or end >= self.start) and (not self.end or end <= self.end)


@dataclass(slots=True)
class Checker:
    """One run over one folder.

    Attributes:
        folder: A bucket, or a folder of buckets.
        keys: Public keys by fingerprint.
        known: What the store knows, where there is one.
    """

    folder: Path
    keys: Mapping[str, bytes]
    known: Known
    span: Span
    progress: Progress
    found: Checked = field(default_factory=Checked)

    def run(self) -> Checked:
        """Look at everything."""
        self.progress(f"Looking for digests in {self.folder} …")
        chains: dict[ChainName, list[Found]] = {}
        for place, name in self._digest_places():
            paper = self._paper(place)
            if isinstance(paper, Trouble):
                self.found.troubles.append(paper)
            elif self.span.holds(paper.digest.end):
                root = place.parents[paper.digest.name.count("/")]
                chains.setdefault(name, []).append((root, paper))
        self._lost_chains(chains)
        listed: set[Path] = set()
        for name, papers in chains.items():
            self._chain(name, papers, listed)
        if self.span.is_whole:
            self._unlisted(listed, {root for papers in chains.values() for root, _ in papers})
        return self.found

    def _digest_places(self) -> Iterator[tuple[Path, ChainName]]:
        for place in sorted(self.folder.rglob("*.json.gz")):
            name = chain_of(place.as_posix())
            if name and place.is_file():
                yield place, name

    def _paper(self, place: Path) -> Paper | Trouble:
        shown = self._shown(place)
        data = _read(place)
        if data is None:
            return Trouble(kind="damaged-digest", file=shown, what="it cannot be read")
        signature = read_side(_read(place.with_name(place.name + SIDE)) or b"")
        return read_paper(shown, place.as_posix(), data, signature)

    def _lost_chains(self, chains: Mapping[ChainName, list[Found]]) -> None:
        """Chains the store knows and of which nothing is here."""
        for name, link in self.known.newest().items():
            if name not in chains and self._is_here(link.bucket) and self.span.is_whole:
                what = "it was the newest one delivered, and no digest of its chain is there"
                trouble = Trouble(kind="missing-digest", file=link.name, what=what)
                self.found.troubles.append(trouble)

    def _is_here(self, bucket: str) -> bool:
        return self.folder.name == bucket or (self.folder / bucket).is_dir()

    def _chain(self, name: ChainName, found: Sequence[Found], listed: set[Path]) -> None:
        papers = [paper for _, paper in found]
        self.progress(f"{len(papers)} digests of trail {name.trail}, {name.region} …")
        self.found.digests += len(papers)
        newest = self.known.newest().get(name) if not self.span.end else None
        whole = not self.span.start
        self.found.troubles += chain_troubles(papers, self.keys, newest, whole=whole)
        for place in begun_anew(papers):
            self.found.notes.append(f"{place}: the trail was made anew here")
        for root, paper in found:
            for file in paper.digest.files:
                self._file(root, name, file, listed)
        waiting = () if self.span.end else self.known.unlisted(name)
        for file in waiting:
            self._file(found[-1][0], name, file, listed)

    def _file(self, root: Path, chain: ChainName, file: LogFile, listed: set[Path]) -> None:
        place = self._place(root, file)
        shown = self._shown(place)
        if place in listed:
            what = "two digests list it"
            self.found.troubles.append(Trouble(kind="listed-twice", file=shown, what=what))
            return
        listed.add(place)
        self.found.files += 1
        data = _read(place)
        count, trouble = file_checked(shown, data, file)
        self.found.records += count
        if trouble:
            self.found.troubles.append(self._diagnosed(chain, file, data, trouble))

    def _diagnosed(
        self, chain: ChainName, file: LogFile, data: bytes | None, trouble: Trouble
    ) -> Trouble:
        """The trouble with what happened to which records, where the store still has them."""
        delivered = self.known.delivered(chain, file)
        if delivered is None:
            return trouble
        try:
            found = bodies_of(unpacked(data or b"", MOST_BYTES))
        except ValueError as error:
            whole = f"the store still has its {len(delivered)} records"
            what = trouble.what if data is None else f"{trouble.what}; {error}"
            return replace(trouble, what=what, records=(whole,))
        return replace(trouble, records=differences(delivered, found))

    def _place(self, root: Path, file: LogFile) -> Path:
        """Where a listed file lies: in its digest's bucket, or in the one beside it."""
        place = root / file.name
        beside = root.parent / Path(file.bucket).name / file.name
        return beside if file.bucket != root.name and _is_file(beside) else place

    def _unlisted(self, listed: set[Path], roots: set[Path]) -> None:
        for root in sorted(roots):
            for place in sorted(root.rglob("*.json.gz")):
                if is_log(place.as_posix()) and place not in listed:
                    what = "no digest lists it, so nothing proves it"
                    shown = self._shown(place)
                    self.found.troubles.append(Trouble(kind="unlisted-file", file=shown, what=what))

    def _shown(self, place: Path) -> str:
        try:
            return place.relative_to(self.folder).as_posix()
        except ValueError:
            return str(place)


def _is_file(place: Path) -> bool:
    try:
        return place.is_file()
    except OSError:
        return False


def _read(place: Path) -> bytes | None:
    try:
        return place.read_bytes()
    except (OSError, ValueError):
        # A name in a forged digest may be none that a file can have.
        return None
