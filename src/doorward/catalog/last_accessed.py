"""What AWS tells of last accesses: services by the names it shows, and the actions it tracks.

Source: recorded reports; AWS's service reference where a source here repeats it. Every row says
so in tools/catalog_sources (data/SOURCES.md).
"""

from __future__ import annotations

from functools import cache

from doorward.catalog.pack import rows


def service_name(prefix: str) -> str | None:
    """The name reports show for a service, given its prefix in actions; None: there is no such."""
    name: str | None = rows("reference", "service_names").get(prefix)
    return name


def is_tracked(action: str) -> bool:
    """Whether reports tell when this action was last called, spelled as AWS spells it."""
    return action in _tracked()


@cache
def _tracked() -> frozenset[str]:
    return frozenset(
        f"{service}:{name}"
        for service, names in rows("reference", "tracked_actions").items()
        for name in names
    )
