"""Build src/doorward/catalog/data/breached.pack from published lists of common passwords.

Usage: python -m tools.build_breached DJANGO.whl ZXCVBN.whl ZXCVBN_TS_LANGUAGE_COMMON.tgz
The three files come from `pip download --no-deps django zxcvbn` and
`npm pack @zxcvbn-ts/language-common`. Same inputs, same bytes. The passwords themselves are not
kept, only the first bytes of their hashes: the lists are full of words nobody wants in a tree.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
import tarfile
import zipfile
from pathlib import Path

from tools.build_catalog import DATA, pack

from doorward.catalog.breached import digest

LICENCES = {"django": "BSD-3-Clause", "zxcvbn": "MIT", "zxcvbn-ts-language-common": "MIT"}


def main(django: str, zxcvbn: str, zxcvbn_ts: str) -> None:
    """Read the lists, write the data file and its manifest."""
    lists = {
        Path(django): of_django(Path(django)),
        Path(zxcvbn): of_zxcvbn(Path(zxcvbn)),
        Path(zxcvbn_ts): of_zxcvbn_ts(Path(zxcvbn_ts)),
    }
    known = {word.strip().lower() for words in lists.values() for word in words} - {""}
    content = built(known)
    (DATA / "breached.pack").write_bytes(content)
    told = {
        "format": 1,
        "inputs": [stated(path, words) for path, words in lists.items()],
        "passwords": len(known),
        "files": {"breached.pack": hashlib.sha256(content).hexdigest()},
    }
    (DATA / "breached.json").write_text(json.dumps(told, indent=2) + "\n")


def built(known: set[str]) -> bytes:
    """The data file: sorted, cut hashes behind each other."""
    return pack({"common": b"".join(sorted(set(map(digest, known))))})


def of_django(wheel: Path) -> list[str]:
    """The list of its CommonPasswordValidator."""
    name = "django/contrib/auth/common-passwords.txt.gz"
    return gzip.decompress(zipfile.ZipFile(wheel).read(name)).decode().splitlines()


def of_zxcvbn(wheel: Path) -> list[str]:
    """Its frequency list of passwords: one line of a Python file, commas between them."""
    text = zipfile.ZipFile(wheel).read("zxcvbn/frequency_lists.py").decode()
    [line] = [line for line in text.splitlines() if line.strip().startswith('"passwords": "')]
    return line.split('"')[3].split(",")


def of_zxcvbn_ts(archive: Path) -> list[str]:
    """Its list of passwords."""
    with tarfile.open(archive) as opened:
        found = opened.extractfile("package/src/passwords.json")
        words: list[str] = json.load(found) if found else []
    return words


def stated(path: Path, words: list[str]) -> dict[str, str]:
    """Name, version, licence, length and SHA-256 of one input."""
    name = next(name for name in sorted(LICENCES, reverse=True) if path.name.startswith(name))
    version = path.name.removeprefix(f"{name}-").split("-py")[0].removesuffix(".tgz")
    return {
        "name": name,
        "version": version,
        "licence": LICENCES[name],
        "passwords": str(len(words)),
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
