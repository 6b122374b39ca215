"""GenerateCredentialReport and GetCredentialReport: made once in four hours, then only read."""

import zlib
from datetime import timedelta
from typing import Any

from doorward.account.credential_report import CredentialReport
from doorward.services.call import Call
from doorward.services.iam import credential_report_rows
from doorward.services.iam.errors import ReportExpired, ReportNotPresent
from doorward.services.registry import anything, operation

LIFE = timedelta(hours=4)
_STARTED = "No report exists. Starting a new report generation task"


def prepare(call: Call) -> CredentialReport | None:
    """Make the report where none is in force; the picture is that of this moment."""
    if _in_force(call):
        return None
    content = credential_report_rows.report(call.account, call.last_use)
    return CredentialReport(
        generated=call.now.replace(microsecond=0), content=zlib.compress(content)
    )


@operation("iam", on=anything, prepare=prepare)
def generate_credential_report(call: Call) -> dict[str, Any]:
    """Make the report, unless one is in force; it can be fetched at once."""
    if call.prepared is None or _in_force(call):
        return {"State": "COMPLETE"}
    call.update(call.prepared)
    return {"State": "STARTED", "Description": _STARTED}


@operation("iam", on=anything, reads=True)
def get_credential_report(call: Call) -> dict[str, Any]:
    """Return the report as it was made, whatever has changed since."""
    made = call.account.credential_report()
    if made is None:
        raise ReportNotPresent.here()
    if not _in_force(call):
        raise ReportExpired.here()
    return {
        "Content": zlib.decompress(made.content),
        "ReportFormat": "text/csv",
        "GeneratedTime": made.generated,
    }


def _in_force(call: Call) -> bool:
    made = call.account.credential_report()
    return made is not None and call.now - made.generated < LIFE
