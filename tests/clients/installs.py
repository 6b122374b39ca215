"""Where each real client comes from: pinned packages, kept in `.cache/clients`, made once."""

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
CACHE = Path(os.environ.get("DOORWARD_TEST_CACHE", ROOT / ".cache")).resolve() / "clients"

AWSCLI1 = "1.46.3"
AWSCLI2_WHEEL = "2.0.198"
ANSIBLE = "12.3.0"
BOTO3 = "1.44.5"  # what the Ansible modules call AWS with
CLOUDSPLAINING = "0.9.1"
JS_SDK = ("client-iam@3.1169.0", "client-sts@3.1169.0", "client-cloudtrail@3.1137.0")
TERRAFORM_AWS = "5.100.0"


class Unavailable(Exception):  # noqa: N818 - a state of the machine, not a fault
    """A client cannot be had on this machine; the reason is the message."""


def run(*words, cwd=None, timeout=900):
    """Run an installer; its last words are the reason when it fails."""
    done = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        timeout=timeout,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Unavailable(f"{words[0]} failed: {(done.stderr or done.stdout).strip()[-500:]}")


def once(name: str, make: Callable[[Path], None]) -> Path:
    """A folder of the cache, complete or absent: made beside its place, then moved there."""
    place = CACHE / name
    if place.is_dir():
        return place
    shutil.rmtree(CACHE / f"{name}.part", ignore_errors=True)
    part = CACHE / f"{name}.part"
    part.mkdir(parents=True)
    make(part)
    part.rename(place)
    return place


def site_packages(name: str, *requirements: str) -> Path:
    """Python packages in a folder for PYTHONPATH, apart from Doorward's own."""

    def make(part):
        run(*_pip("install", "--no-compile"), "--target", part, *requirements)

    return once(name, make)


def _pip(command, *words):
    return (sys.executable, "-m", "pip", command, "-q", "--disable-pip-version-check", *words)


def aws_cli_1() -> Path:
    """Folder of the AWS CLI v1, to be run with PYTHONPATH."""
    return site_packages(f"awscli-{AWSCLI1}", f"awscli=={AWSCLI1}")


def aws_cli_2() -> Path:
    """The AWS CLI v2's binary: AWS ships it inside a wheel of the CDK."""
    if not shutil.which("unzip"):
        raise Unavailable("the AWS CLI v2 is unpacked with unzip, which is not installed")

    def make(part):
        wheel = f"aws-cdk-asset-awscli-v2=={AWSCLI2_WHEEL}"
        run(*_pip("download", "--no-deps"), "-d", part / "wheel", wheel)
        run("unzip", "-q", next((part / "wheel").iterdir()), "-d", part / "jsii")
        archive = next((part / "jsii/aws_cdk/asset_awscli_v2/_jsii").glob("*.tgz"))
        run("tar", "xzf", archive, "-C", part)
        # unzip(1), as Python's zipfile drops modes and links.
        run("unzip", "-q", part / "package/lib/layer.zip", "-d", part / "layer")
        for spent in ("wheel", "jsii", "package"):
            shutil.rmtree(part / spent)

    place = once(f"awscli-v2-{AWSCLI2_WHEEL}", make)
    # The layer's links point to /opt, so the binary is called where it lies.
    return next(place.glob("layer/awscli/v2/*/dist/aws"))


def ansible() -> Path:
    """A folder for PYTHONPATH with ansible-core, boto3 and the two AWS collections.

    The package `ansible` carries a hundred collections; only these two are unpacked.
    """

    def make(part):
        run(*_pip("download", "--no-deps"), "-d", part / "wheel", f"ansible=={ANSIBLE}")
        wheel = next((part / "wheel").iterdir())
        with zipfile.ZipFile(wheel) as archive:
            wanted = ("ansible_collections/amazon/aws/", "ansible_collections/community/aws/")
            archive.extractall(part, [n for n in archive.namelist() if n.startswith(wanted)])
        core = _core_of(wheel)
        run(*_pip("install", "--no-compile"), "--target", part, core, f"boto3=={BOTO3}")
        shutil.rmtree(part / "wheel")

    return once(f"ansible-{ANSIBLE}", make)


def _core_of(wheel: Path) -> str:
    """The ansible-core that this release of the collections was tested with."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        lines = archive.read(name).decode().splitlines()
    return next(
        line.removeprefix("Requires-Dist: ")
        for line in lines
        if line.startswith("Requires-Dist: ansible-core")
    )


def cloudsplaining() -> Path:
    """Folder of cloudsplaining, to be run with PYTHONPATH."""
    name = f"cloudsplaining-{CLOUDSPLAINING}"
    return site_packages(name, f"cloudsplaining=={CLOUDSPLAINING}")


def js_sdk() -> Path:
    """A folder with node_modules of the JavaScript SDK v3."""
    if not (shutil.which("node") and shutil.which("npm")):
        raise Unavailable("node and npm are not installed")
    clients = [f"@aws-sdk/{client}" for client in JS_SDK]

    def make(part):
        (part / "package.json").write_text('{"private": true, "type": "module"}')
        run("npm", "install", "--no-audit", "--no-fund", "--loglevel=error", *clients, cwd=part)

    return once("-".join(("js", *JS_SDK)), make)


def terraform() -> tuple[str, Path]:
    """The terraform binary and a folder that mirrors providers, both found, never fetched."""
    binary = shutil.which("terraform")
    if not binary:
        raise Unavailable("terraform is not installed")
    for mirror in _mirrors():
        if (mirror / "registry.terraform.io/hashicorp/aws" / TERRAFORM_AWS).is_dir():
            return binary, mirror
    raise Unavailable(f"no mirror holds hashicorp/aws {TERRAFORM_AWS}: set TF_PLUGIN_MIRROR")


def _mirrors():
    """Where Terraform itself looks by default, after the variable; then folders of /opt."""
    if named := os.environ.get("TF_PLUGIN_MIRROR"):
        yield Path(named)
    data = Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local/share"))
    yield Path.home() / ".terraform.d/plugins"
    yield data / "terraform/plugins"
    yield Path("/usr/local/share/terraform/plugins")
    yield Path("/usr/share/terraform/plugins")
    yield from (found.parent for found in sorted(Path("/opt").glob("*/registry.terraform.io")))


EVERY = {
    "aws_cli_1": aws_cli_1,
    "aws_cli_2": aws_cli_2,
    "js_sdk": js_sdk,
    "ansible": ansible,
    "cloudsplaining": cloudsplaining,
}

if __name__ == "__main__":
    for label, install in EVERY.items():
        print(label, install(), flush=True)  # noqa: T201 - run by hand to fill the cache
