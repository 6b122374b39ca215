"""Policies of an organization."""

from collections.abc import Iterator

from doorward.analysis.validate.finding import Severity
from doorward.analysis.validate.reading import Statement
from doorward.analysis.validate.registry import RCP, SCP, Hit, check
from doorward.policy.rcp import RCP_SERVICES


@check("SCP_SYNTAX_ERROR_PRINCIPAL", Severity.ERROR, kinds=SCP)
def principal_in_scp(statement: Statement) -> Iterator[Hit]:
    """A service control policy is about every principal of the account, and names none."""
    for name in ("Principal", "NotPrincipal"):
        element = statement.element(name)
        if element:
            yield Hit(element, f"A service control policy has no {name}.")


@check("RCP_SYNTAX_ERROR_PRINCIPAL", Severity.ERROR, kinds=RCP)
def principal_in_rcp(statement: Statement) -> Iterator[Hit]:
    """A resource control policy names everybody, and narrows with conditions."""
    refused = statement.element("NotPrincipal")
    if refused:
        yield Hit(refused, "A resource control policy has no NotPrincipal.")
    element = statement.element("Principal")
    everybody = [(name.kind, name.text) for name in statement.principals]
    if element and everybody not in ([("*", "*")], [("AWS", "*")]):
        yield Hit(element, 'In a resource control policy, Principal is "*".')


@check("RCP_SYNTAX_ERROR_ALLOW", Severity.ERROR, kinds=RCP)
def narrow_allow_in_rcp(statement: Statement) -> Iterator[Hit]:
    """Only a Deny may be narrow in a resource control policy."""
    whole = [text.text for text in statement.resources] == ["*"]
    if statement.allows and (statement.conditions or not whole):
        yield Hit(statement.at, "An Allow in a resource control policy is on everything, always.")


@check("RCP_SYNTAX_ERROR_NOTACTION", Severity.ERROR, kinds=RCP)
def not_action_in_rcp(statement: Statement) -> Iterator[Hit]:
    """A resource control policy lists actions; it has no NotAction."""
    element = statement.element("NotAction")
    if element:
        yield Hit(element, "A resource control policy has no NotAction.")


@check("RCP_SYNTAX_ERROR_ACTION", Severity.ERROR, kinds=RCP)
def action_beyond_rcp(statement: Statement) -> Iterator[Hit]:
    """Resource control policies act on some services only."""
    for action in statement.actions:
        service = action.text.partition(":")[0].lower()
        if service not in RCP_SERVICES and not (service == "*" and statement.allows):
            message = f'Resource control policies do not act on "{service[:40]}".'
            yield Hit(action.at, message)
