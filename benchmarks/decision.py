"""Measure a decision over all layers, and beside other evaluators; print medians of one run.

One principal with N statements: its own and its groups' policies, a boundary, a session policy, a
resource policy and two levels of SCPs. The peers have no layers: they get N statements in one pile.
They live in an environment of their own, `.cache/bench`, made here when it is missing. Times are
processor time, which a busy machine stretches less than the clock's; the import's is the clock's.
"""

import argparse
import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median

from statements import ACCOUNT, CONTEXT, SESSION, USER, asked, workload

from doorward.policy import (
    Attached,
    Policies,
    Policy,
    Principal,
    PrincipalKind,
    Request,
    decide,
    document,
    match,
    resources,
    shortlist,
)
from doorward.policy.conditions import arns
from doorward.policy.explain import explain

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / ".cache" / "bench"
PEERS = ("cedarpy==4.12.2", "moto==5.2.5", "casbin==1.43.0")
NAMES = ("cedarpy", "moto", "casbin", "fnmatch")
MOST = {"casbin": 1000, "fnmatch": 1000}
"""Statements beyond which an evaluator takes minutes to ask."""
COUNTS = (10, 100, 1000, 10_000)
ANSWERS = ("Allowed", "ImplicitlyDenied", "ExplicitlyDenied")
CALLER = Principal(PrincipalKind.FEDERATED_USER, SESSION, ACCOUNT, USER)
ROUNDS = 7
TIMES = 100


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-peers", action="store_true", help="measure Doorward alone")
    args = parser.parse_args()
    for spread in (True, False):
        print(f"\nStatements about {'twenty services' if spread else 'one service'}\n")
        _table(spread=spread, peers=not args.no_peers)
    print(f"\nimport doorward.policy: {imported() * 1e3:.0f} ms")


def _table(*, spread: bool, peers: bool) -> None:
    names = NAMES if peers else ()
    if peers:
        _install()
    shown = [f"{name} | ratio" for name in names]
    head = ["statements", *ANSWERS, "why", "all steps", "change", "parse ms", "first ms", *shown]
    print(f"| {' | '.join(head)} |")
    print("|" + "---:|" * (9 + 2 * len(names)))
    for count in COUNTS:
        policies = made(count, spread=spread)
        ours = [decided(policies, count, answer, spread=spread) for answer in ANSWERS]
        reasons = [explained(policies, count, answer, spread=spread) for answer in ANSWERS]
        steps = [in_full(policies, count, answer, spread=spread) for answer in ANSWERS]
        parse, first = first_decision(count, spread=spread)
        row = [f"{count:,}", *(f"{one * 1e6:.1f}" for one in ours), f"{median(reasons) * 1e6:.0f}"]
        row += [f"{median(steps) * 1e6:.0f}"]
        row += [f"{mended(policies, count, spread=spread) * 1e6:.0f}"]
        row += [f"{parse * 1e3:.1f}", f"{first * 1e3:.1f}"]
        for name in names:
            if count > MOST.get(name, count):
                row += ["", ""]
                continue
            measured = peer(name, count, spread=spread)
            theirs = median(measured[answer] for answer in ANSWERS)
            row += [f"{theirs * 1e6:,.0f}", f"{theirs / median(ours):,.0f}"]
        print(f"| {' | '.join(row)} |", flush=True)


def made(count: int, *, spread: bool) -> Policies:
    """The principal's policies, parsed but not compiled."""
    given = workload(count, spread=spread)
    return Policies(
        identity=_attached(given.identity, "identity"),
        resource=_attached(given.resource, "resource"),
        boundary=_attached(given.boundary, "boundary"),
        session=_attached(given.session, "session"),
        scp=tuple(_attached(level, "scp") for level in given.scp),
    )


def _attached(documents: Iterable[str], kind: str) -> tuple[Attached, ...]:
    return tuple(Attached(Policy.parse(one, kind), f"{kind} policy") for one in documents)


def requests(count: int, answer: str, *, spread: bool) -> list[Request]:
    """What is asked."""
    return [
        Request(CALLER, action, resource, ACCOUNT, CONTEXT)
        for action, resource in asked(count, answer, spread=spread)
    ]


def decided(policies: Policies, count: int, answer: str, *, spread: bool) -> float:
    """Seconds of a decision without reasons; each is first checked."""
    asking = requests(count, answer, spread=spread)
    for one in asking:
        assert decide(one, policies).outcome == answer, one
    return timed(lambda: [decide(one, policies) for one in asking], TIMES) / len(asking)


def explained(policies: Policies, count: int, answer: str, *, spread: bool) -> float:
    """Seconds of a decision and its reason: the statement, each condition, wanted and came."""

    def ask() -> None:
        for one in asking:
            _ = explain(one, policies).deciding

    asking = requests(count, answer, spread=spread)
    ask()
    return timed(ask, TIMES) / len(asking)


def in_full(policies: Policies, count: int, answer: str, *, spread: bool) -> float:
    """Seconds of a decision with what each type of policy says and which statements apply."""
    asking = requests(count, answer, spread=spread)
    return timed(lambda: [explain(one, policies).steps for one in asking], TIMES) / len(asking)


def mended(policies: Policies, count: int, *, spread: bool) -> float:
    """Seconds to find the smallest change that allows a refused request, and try it out."""
    asking = requests(count, "ImplicitlyDenied", spread=spread)
    return timed(lambda: [explain(one, policies).changes for one in asking], TIMES) / len(asking)


def first_decision(count: int, *, spread: bool) -> tuple[float, float]:
    """Seconds of parsing everything, and of the first decision after it."""
    parse, first = [], []
    asking = requests(count, "Allowed", spread=spread)[3]
    for _ in range(ROUNDS):
        _forget()
        gc.collect()
        start = time.process_time()
        policies = made(count, spread=spread)
        parse.append(time.process_time() - start)
        start = time.process_time()
        decide(asking, policies)
        first.append(time.process_time() - start)
    return median(parse), median(first)


def _forget() -> None:
    for module in (document, shortlist, resources, match, arns):
        for found in vars(module).values():
            if hasattr(found, "cache_clear"):
                found.cache_clear()


def timed(call: Callable[[], object], times: int) -> float:
    """Median seconds of one call."""
    found = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(times):
            call()
        found.append((time.process_time() - start) / times)
    return median(found)


def imported() -> float:
    """Seconds that importing the engine adds to a bare start."""

    def started(code: str) -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        return time.perf_counter() - start

    codes = ("pass", "import doorward.policy")
    bare, whole = (median(started(code) for _ in range(ROUNDS * 3)) for code in codes)
    return whole - bare


def peer(name: str, count: int, *, spread: bool) -> dict[str, float]:
    """What `peers.py` measures."""
    command = [BENCH / "bin" / "python", ROOT / "benchmarks" / "peers.py", name, str(count)]
    said = subprocess.run(
        [*command, "spread" if spread else "one"], capture_output=True, text=True, check=True
    )
    return json.loads(said.stdout)


def _install() -> None:
    if (BENCH / "bin" / "python").exists():
        return
    subprocess.run([sys.executable, "-m", "venv", str(BENCH)], check=True)
    subprocess.run([BENCH / "bin" / "pip", "install", "--quiet", *PEERS], check=True)


if __name__ == "__main__":
    main()
