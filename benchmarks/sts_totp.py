"""AssumeRole with an MFA code beside AssumeRole without, on one server; print the ratio.

A code is good once, so thousands of devices take part: hardware tokens, their seeds imported.
The two are measured in pairs, one after the other. Needs wrk on the PATH.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from base64 import b32encode
from pathlib import Path
from statistics import median
from typing import NamedTuple
from urllib.parse import urlencode

import pyotp
from load import script, signed
from run import TRUST, VERSIONS, doorward, send, wrk

STEP_S = 30
DEVICES_OF_USER = 8
CODES_OF_DEVICE = 4


class Device(NamedTuple):
    """A token, its seed in base32, and the access key of its owner."""

    serial: str
    seed: str
    key: tuple[str, str]


def main() -> None:
    """Make the devices, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=2, help="length of one measurement")
    parser.add_argument("--pairs", type=int, default=3, help="measurements of each kind")
    parser.add_argument("--devices", type=int, default=3000, help="for each measurement")
    args = parser.parse_args()
    if not shutil.which("wrk"):
        sys.exit("wrk is not on the PATH: install it (Debian: apt-get install wrk)")
    with tempfile.TemporaryDirectory() as name, doorward(Path(name)) as (_, url, keys):
        arn = _role(url, keys)
        devices = _devices(Path(name), url, keys, args.devices * args.pairs)
        ratios = []
        for pair in range(args.pairs):
            some = devices[pair * args.devices : (pair + 1) * args.devices]
            plain = [_assume(url, arn, each.key) for each in some]
            without = wrk(url, script(Path(name), plain), args.seconds)[0]
            coded = [_assume(url, arn, each.key, *code) for each in some for code in _codes(each)]
            with_code, sent, refused = wrk(url, script(Path(name), coded), args.seconds)
            if sent > len(coded) or refused:
                sys.exit(f"{refused} of {sent} refused, {len(coded)} codes: use more devices")
            ratios.append(with_code / without)
            print(f"without {without:,.0f}/s, with a code {with_code:,.0f}/s", flush=True)
        print(f"ratio {median(ratios):.2f}")


def _role(url: str, keys: tuple[str, str]) -> str:
    document = json.dumps(TRUST)
    made = _call(
        url, keys, "iam", Action="CreateRole", RoleName="r", AssumeRolePolicyDocument=document
    )
    return made.partition("<Arn>")[2].partition("<")[0]


def _devices(home: Path, url: str, keys: tuple[str, str], count: int) -> list[Device]:
    """Tokens, assigned to users, eight each."""
    seeds = {f"TOKEN{n:08}": b32encode(os.urandom(20)).decode() for n in range(count)}
    file = home / "seeds.csv"
    file.write_text(
        "serial,seed\n" + "".join(f"{serial},{seed}\n" for serial, seed in seeds.items())
    )
    command = str(Path(sys.executable).parent / "doorward")
    words = [command, "mfa", "import", str(file), "--data", str(home / "data")]
    subprocess.run(words, check=True, capture_output=True)
    devices = []
    for n, (serial, seed) in enumerate(seeds.items()):
        name = f"user-{n // DEVICES_OF_USER}"
        if n % DEVICES_OF_USER == 0:
            _call(url, keys, "iam", Action="CreateUser", UserName=name)
            made = _call(url, keys, "iam", Action="CreateAccessKey", UserName=name)
            pair = re.findall(r"<(?:AccessKeyId|SecretAccessKey)>([^<]+)", made)
        first, second = _shown(seed, -1), _shown(seed, 0)
        _call(
            url,
            keys,
            "iam",
            Action="EnableMFADevice",
            UserName=name,
            SerialNumber=serial,
            AuthenticationCode1=first,
            AuthenticationCode2=second,
        )
        devices.append(Device(serial, seed, (pair[0], pair[1])))
    return devices


def _shown(seed: str, step: int) -> str:
    return pyotp.TOTP(seed).at(int(time.time()) + step * STEP_S)


def _codes(device: Device) -> list[tuple[str, str]]:
    return [(device.serial, _shown(device.seed, step - 1)) for step in range(CODES_OF_DEVICE)]


def _assume(url: str, arn: str, key: tuple[str, str], serial: str = "", code: str = "") -> str:
    asked = {"Action": "AssumeRole", "RoleArn": arn, "RoleSessionName": "bench"}
    if serial:
        asked |= {"SerialNumber": serial, "TokenCode": code}
    return signed(url, "sts", urlencode(asked | {"Version": VERSIONS["sts"]}), *key)


def _call(url: str, keys: tuple[str, str], service: str, **parameters: str) -> str:
    body = urlencode(parameters | {"Version": VERSIONS[service]})
    return send(url, signed(url, service, body, *keys))


if __name__ == "__main__":
    main()
