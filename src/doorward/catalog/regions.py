"""AWS partitions and regions.

Source: botocore's partitions.json (data/SOURCES.md).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from doorward.catalog.pack import rows

# us-east-1, ap-southeast-7, us-gov-west-1, cn-north-1, us-isob-east-1, eusc-de-east-1
_WELL_FORMED = re.compile(r"[a-z]{2,4}(?:-[a-z]{2,5})?-[a-z]{4,9}-[1-9][0-9]?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Partition:
    """A closed set of regions with its own accounts; the first word of an ARN names it."""

    name: str
    dns_suffix: str
    global_region: str
    region_pattern: str
    regions: tuple[str, ...]


def is_well_formed(region: str) -> bool:
    """Say whether this could be a region, known here or opened tomorrow."""
    return _WELL_FORMED.fullmatch(region) is not None


def known_regions() -> tuple[str, ...]:
    """Name the regions of all partitions, sorted."""
    return tuple(sorted(name for partition in partitions() for name in partition.regions))


def partition_of(region: str) -> Partition | None:
    """Find the partition of a region, also of one that is not known yet."""
    return next((p for p in partitions() if re.fullmatch(p.region_pattern, region)), None)


@cache
def partitions() -> tuple[Partition, ...]:
    """Give all partitions, the commercial one (`aws`) first."""
    return tuple(
        Partition(name, suffix, home, pattern, tuple(regions))
        for name, suffix, home, pattern, regions in rows("reference", "regions")
    )
