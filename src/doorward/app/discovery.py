"""Where a policy enforcement point finds our decision endpoints.

Source: OpenID AuthZEN Authorization API 1.0, "Policy Decision Point Metadata".
"""

import json

from doorward.app.guard import host_name
from doorward.authn.request import HttpRequest
from doorward.catalog.models import OWN, service

PATH = "/.well-known/authzen-configuration"

_NAMES = {"access_evaluation_endpoint": "Evaluate", "access_evaluations_endpoint": "EvaluateMany"}


def metadata(request: HttpRequest) -> bytes | None:
    """The document, with the addresses as this client reached us; None for a host that is none."""
    if host_name(request) is None:
        return None
    base = f"{'https' if request.secure else 'http'}://{request.header('host')}"
    paths = {name: service(OWN).operations[called].uri for name, called in _NAMES.items()}
    found = {name: f"{base}{path}" for name, path in paths.items()}
    return json.dumps({"policy_decision_point": base, **found}).encode()
