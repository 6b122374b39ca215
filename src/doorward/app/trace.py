"""What is known of a call so far: filled as it falls through the house, read by its record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from doorward.account.caller import Caller
from doorward.app.identify import Identified
from doorward.authn.request import HttpRequest
from doorward.authn.sigv4 import Signature
from doorward.authn.tokens import Bearer
from doorward.authz.decide import Asked
from doorward.policy import Decision
from doorward.services.call import MfaProof, Proven
from doorward.services.registry import Operation, Target
from doorward.wire.route import Route


@dataclass(slots=True)
class Trace:
    """One call under way. What is not known yet, or never will be, is None."""

    request: HttpRequest
    at: datetime
    request_id: str
    event_id: str
    signature: Signature | None = None
    bearer: Bearer | None = None
    who: Identified | None = None
    route: Route | None = None
    operation: Operation | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    proven: tuple[Proven, ...] = ()
    mfa: MfaProof | None = None
    prepared: Any = None
    target: Target | None = None
    asked: Asked | None = None
    decision: Decision | None = None
    decided: str = ""
    recorded: bool = False

    @property
    def caller(self) -> Caller:
        """Who calls; nobody, until it is proven."""
        return self.who.caller if self.who else Caller.anonymous()

    @property
    def claimed_key(self) -> str | None:
        """The access key or token the request claims to come with."""
        if self.bearer:
            return self.bearer.key_id
        return self.signature.access_key_id if self.signature else None

    @property
    def region(self) -> str:
        """The region signed for."""
        return self.signature.region if self.signature else "us-east-1"

    @property
    def endpoint(self) -> str:
        """Scheme and authority the caller reached us by."""
        scheme = "https" if self.request.secure else "http"
        return f"{scheme}://{self.request.header('host') or 'localhost'}"
