"""Where a policy enforcement point finds our decision endpoints.

Source: OpenID AuthZEN Authorization API 1.0, "Policy Decision Point Metadata".
"""

import json
import re

from doorward.authn.request import HttpRequest
from doorward.catalog.models import OWN, service

PATH = "/.well-known/authzen-configuration"

_AUTHORITY = re.compile(r"[A-Za-z0-9._-]+(?::[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](?::[0-9]{1,5})?")
_NAMES = {"access_evaluation_endpoint": "Evaluate", "access_evaluations_endpoint": "EvaluateMany"}


def metadata(request: HttpRequest) -> bytes | None:
    """The document, with the addresses as this client reached us; None for a host that is none."""
    host = request.header("host") or ""
    if not _AUTHORITY.fullmatch(host):
        return None
    base = f"{'https' if request.secure else 'http'}://{host}"
    paths = {name: service(OWN).operations[called].uri for name, called in _NAMES.items()}
    found = {name: f"{base}{path}" for name, path in paths.items()}
    return json.dumps({"policy_decision_point": base, **found}).encode()
