"""botocore's signatures, made by the clock of the house they are for."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from botocore.auth import AUTH_TYPE_MAPS, SIGV4_TIMESTAMP, SigV4Auth

EVENT = "choose-signer"
VERSION = "doorward-clock-v4"
_CLOCK = "doorward-clock"


class SigV4ByClock(SigV4Auth):  # type: ignore[misc]  # botocore has no types
    """Signature version 4 at the time of the clock that stands in the request's context."""

    def _modify_request_before_signing(self, request: Any) -> None:
        # botocore has set the machine's time just before it calls this.
        request.context["timestamp"] = request.context[_CLOCK]().strftime(SIGV4_TIMESTAMP)
        super()._modify_request_before_signing(request)


AUTH_TYPE_MAPS[VERSION] = SigV4ByClock


class ByClock:
    """Answers botocore's question how to sign, for a house's own clients; to be asked first."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock

    def __call__(self, signature_version: object, context: dict[str, Any], **_: Any) -> str | None:
        """Handle the event; what is not signed with version 4 in its headers stays as it is."""
        if signature_version != "v4" or context.get("auth_type") not in {None, "v4"}:
            return None
        context[_CLOCK] = self._clock
        return VERSION
