"""Amazon Resource Names."""

from dataclasses import dataclass
from typing import Final, Self

FIELDS: Final = 6
"""`arn`, partition, service, region, account, resource: five colons split, the rest is resource."""


@dataclass(frozen=True, slots=True)
class Arn:
    """`arn:partition:service:region:account:resource`; the resource may hold further colons."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read an ARN; `None` for any other text."""
        fields = text.split(":", FIELDS - 1)
        if len(fields) != FIELDS or fields[0] != "arn":
            return None
        return cls(*fields[1:])

    def __str__(self) -> str:
        place = f"{self.partition}:{self.service}:{self.region}:{self.account}"
        return f"arn:{place}:{self.resource}"

    @property
    def resource_type(self) -> str:
        """What stands before the first `/` or `:` of the resource, as in `user`; may be empty."""
        cut = min(self._separators(), default=-1)
        return self.resource[:cut] if cut >= 0 else ""

    @property
    def resource_id(self) -> str:
        """What follows the resource type, path included; the whole resource where it has none."""
        return self.resource[min(self._separators(), default=-1) + 1 :]

    @property
    def name(self) -> str:
        """The last part of the resource: a user's or role's name without its path."""
        return self.resource.rpartition("/")[2]

    def _separators(self) -> list[int]:
        return [at for at in (self.resource.find("/"), self.resource.find(":")) if at >= 0]


def without_path(arn: str) -> str:
    """An IAM ARN with its path left out: `…:role/data/etl` gives `…:role/etl`.

    Role names are unique in an account whatever their path, and the ARN of a session has no path,
    so roles are compared in this form.
    """
    head, slash, rest = arn.partition("/")
    return head + slash + rest.rpartition("/")[2]
