"""Write docs/resource-policies.md: the resource types that may have a policy of their own.

python tools/resource_policies.py

Derived from the catalogue: a type has one where the service has an action that writes one.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from doorward.catalog.actions import action, actions_of, service_prefixes

DOCUMENT = Path(__file__).parents[1] / "docs" / "resource-policies.md"
WRITES_ONE = re.compile(
    r"PutResourcePolicy|CreateResourcePolicy|AddPermission|AddLayerVersionPermission"
    r"|AddProfilePermission|UpdateAssumeRolePolicy|UpdateRestApiPolicy|UpdateDomainNamePolicy"
    r"|SetRepositoryPolicy|SetVaultAccessPolicy|CreateEmailIdentityPolicy|PutAuthPolicy|PutKeyPolicy"
    r"|Put(Bucket|AccessPoint|MultiRegionAccessPoint|AccessGrantsInstanceResource|TableBucket|Table"
    r"|VectorBucket|FileSystem|BackupVaultAccess|Cluster|DomainPermissions|RepositoryPermissions"
    r"|Container|Destination|DeliveryDestination|Application|Component|ContainerRecipe|Image"
    r"|ImageRecipe|ModelPackageGroup|Sink|Project|Channel|OriginEndpoint|Mesh|Contact)Policy"
)
"""Actions that store a policy, with principals in it, on a resource."""
ELSEWHERE = {("acm-pca", "PutPolicy")}
HEAD = """\
# Where a resource may have its own policy

Inside one account either side suffices: an Allow in the caller's identity-based policies, or one in
the policy of the resource. Across accounts both must allow. Two kinds guard themselves, and their
own policy must allow even inside the account: roles (to assume them: the trust policy) and KMS
keys.

Resource types that are not in this table have no policy of their own: there only the identity side
can allow, and nobody of another account ever gets in. A few of those that are in it (App Mesh,
Route 53 Resolver, …) serve sharing between accounts alone. Doorward keeps roles itself; policies
of other resources come with the question: see [asking](asking.md) and the
[authorization endpoint](authorize.md).

| service | resource types | written with |
|---|---|---|
"""


def document() -> str:
    """The page."""
    return HEAD + "".join(_rows())


def _rows() -> Iterator[str]:
    for prefix in service_prefixes():
        found = {name: types for name in actions_of(prefix) if (types := _types(prefix, name))}
        if found:
            types = sorted({kind for each in found.values() for kind in each})
            verbs = ", ".join(f"`{name.partition(':')[2]}`" for name in found)
            yield f"| {prefix} | {', '.join(types)} | {verbs} |\n"


def _types(prefix: str, name: str) -> list[str]:
    verb = name.partition(":")[2]
    fact = action(name)
    writes = WRITES_ONE.fullmatch(verb) or (prefix, verb) in ELSEWHERE
    return [use.name for use in fact.resource_types] if fact and writes else []


if __name__ == "__main__":
    DOCUMENT.write_text(document())
    sys.exit(0)
