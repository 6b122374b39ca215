"""GetContextKeysForCustomPolicy and GetContextKeysForPrincipalPolicy."""

from collections.abc import Iterable, Sequence
from typing import Any

from doorward.services.call import Call
from doorward.services.iam.context_key_names import UnreadableDocument, context_key_names
from doorward.services.iam.errors import InvalidSimulation
from doorward.services.iam.simulation_sources import policies_of_source, policy_source
from doorward.services.registry import anything, operation


@operation("iam", on=anything, reads=True)
def get_context_keys_for_custom_policy(
    call: Call,  # noqa: ARG001 - every operation is handed its call
    *,
    policy_input_list: Sequence[str],
) -> dict[str, Any]:
    """List the condition keys that policy documents ask for."""
    return {"ContextKeyNames": _keys(policy_input_list)}


@operation("iam", on=policy_source, reads=True)
def get_context_keys_for_principal_policy(
    call: Call, *, policy_source_arn: str, policy_input_list: Sequence[str] = ()
) -> dict[str, Any]:
    """List the condition keys that the policies of a user, group or role ask for.

    A user's are its own, its groups' and its boundary's, each managed policy once.
    """
    policies = policies_of_source(call, policy_source_arn)
    stored = dict.fromkeys((*policies.identity, *(policies.boundary or ())))
    texts = {one.arn or one: one.policy.text for one in stored}
    return {"ContextKeyNames": _keys([*policy_input_list, *texts.values()])}


def _keys(documents: Iterable[str]) -> list[str]:
    """Each key once a document: a key that two documents ask for is listed twice, as recorded."""
    found: list[str] = []
    for number, text in enumerate(documents, 1):
        try:
            found.extend(context_key_names(text))
        except UnreadableDocument:
            raise InvalidSimulation.policy(number) from None
    return found
