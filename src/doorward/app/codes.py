"""MFA codes that come with a call: proven once, on whichever node they come in."""

from datetime import datetime, timedelta

from doorward.account.caller import CallerKind
from doorward.account.mfa import MfaDevice, seed_place
from doorward.app.failures import Failures, Try
from doorward.app.identify import Identified
from doorward.app.live import Live
from doorward.app.tallies import Tallies
from doorward.app.trace import Trace
from doorward.app.vault import AccountVault
from doorward.authn.totp import PAIR_LATEST, STEP_S, step_of_use
from doorward.services.call import MfaClaim, MfaProof
from doorward.services.iam.passwords import credential_of
from doorward.services.sts.errors import AccessDenied
from doorward.store.marks import Mark
from doorward.store.sealed import Sealer

BUDGET = 9
BUDGET_S = 180
_HOLDERS = frozenset({CallerKind.USER, CallerKind.ROOT})


class Codes:
    """Proves what a caller holds; marks of used codes are the store's, never a node's."""

    def __init__(self, tallies: Tallies, failures: Failures, sealer: Sealer) -> None:
        self._tallies = tallies
        self._failures = failures
        self._sealer = sealer

    async def proven(self, trace: Trace, claim: MfaClaim) -> MfaProof:
        """The proof that the caller's device showed this code, now and for the first time.

        Raises:
            AccessDenied: not the caller's device, no code of it, used before, or tried too often.
        """
        device = _device(trace, claim.serial)
        if device is None or trace.who is None:
            raise AccessDenied.unknown_mfa_device()
        step = self._step(trace.who.live, device, claim.code, trace.at)
        marks = [_budget(trace, device)]
        if step is not None:
            marks.append(used_mark(device, step))
        counts = await self._tallies.counts(marks)
        if counts[0] > BUDGET:
            raise AccessDenied.unknown_mfa_device()
        if step is None or counts[1] > 1:
            tried = Try(_credential(trace.who), trace.request.source)
            await self._failures.take(tried, trace.at)
            raise AccessDenied.wrong_mfa_code()
        return MfaProof(device.serial, trace.at)

    def _step(self, live: Live, device: MfaDevice, code: str, at: datetime) -> int | None:
        seed = AccountVault(live, self._sealer).get(seed_place(device))
        return None if seed is None else step_of_use(seed, code, at, device.steps_off)


def used_mark(device: MfaDevice, step: int) -> Mark:
    """The mark of a code that was used, kept while the code could still come again.

    That is longer than its own two steps: a device whose clock went back lives them again, and a
    resync would let it.
    """
    over = (step - device.steps_off + PAIR_LATEST) * STEP_S
    return Mark(f"mfa-used/{device.device_id}", step, over * 1000)


def _credential(who: Identified) -> str:
    """What it counts against where its holder signs in, too."""
    if who.caller.kind is CallerKind.ROOT:
        return who.live.account.profile.email.lower()
    return credential_of(who.caller.account, who.caller.name)


def _budget(trace: Trace, device: MfaDevice) -> Mark:
    """AWS: nine tries in each three minutes of UTC, by serial, so a new device has no new ones."""
    window = int(trace.at.timestamp()) // BUDGET_S
    until = trace.at + timedelta(seconds=2 * BUDGET_S)
    place = f"mfa-budget/{trace.caller.account}/{device.key}"
    return Mark(place, window, int(until.timestamp() * 1000), BUDGET)


def _device(trace: Trace, serial: str) -> MfaDevice | None:
    if trace.who is None or trace.caller.kind not in _HOLDERS:
        return None
    device = trace.who.live.account.mfa_device(serial)
    return device if device and device.holder == trace.caller.entity_id else None
