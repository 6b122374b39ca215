"""One case of a policy test, checked."""

from collections.abc import Callable
from pathlib import Path

from doorward.app.in_process import InProcess
from doorward.app.in_process.question import Asked, refuse_unknown
from doorward.app.pytest_plugin.documents import Documents, keys_of, principal_of
from doorward.app.pytest_plugin.form import CaseForm, PolicyTest, PrincipalForm
from doorward.app.seed_yaml import Path as Place
from doorward.policy import Attached
from doorward.policy.testing import Expected, check, request

Opened = Callable[[Path], InProcess]
"""A Doorward as a seed file fills it."""


def check_case(test: PolicyTest, index: int, directory: Path, opened: Opened) -> None:
    """Decide a case, and fail unless the decision is the expected one.

    Raises:
        AssertionError: it is not; the message explains the decision.
        BadPolicyTest: the case names what the file does not have, or the seed cannot be used.
        PolicyError: a principal or a policy that is none.
        LookupError: the account has no such principal.
        ValueError: there is no such action.
    """
    case, at = test.form.cases[index], ("cases", index)
    documents = Documents(test, directory)
    if test.form.account is None:
        asked = _of_documents(test, case, at, documents)
    else:
        asked = _in_account(case, at, documents, opened(directory / test.form.account))
    check(_expected(case), *asked)


def _of_documents(test: PolicyTest, case: CaseForm, at: Place, documents: Documents) -> Asked:
    refuse_unknown(case.action)
    form = _principal(test, case, at)
    caller = principal_of(case.principal, form) if case.principal and form else case.principal
    asked = request(caller, case.action, case.resource, case.resource_account)
    context = {**keys_of(asked.principal), "aws:resourceaccount": asked.resource_account}
    for given in (form.context if form else {}, case.context):
        context.update((key.lower(), value) for key, value in given.items())
    asked = request(asked.principal, case.action, case.resource, asked.resource_account, context)
    holder = ("principals", case.principal or "")
    return asked, documents.held(form or PrincipalForm(), holder, _on_resource(case, at, documents))


def _in_account(case: CaseForm, at: Place, documents: Documents, house: InProcess) -> Asked:
    ref = case.resource_policy
    return house.question(
        case.principal,
        case.action,
        case.resource,
        context=case.context,
        resource_account=case.resource_account,
        resource_policy=None if ref is None else documents.text(ref, (*at, "resource_policy")),
    )


def _principal(test: PolicyTest, case: CaseForm, at: Place) -> PrincipalForm | None:
    """The principal of that name; services and anonymous callers have no policies."""
    name = case.principal
    if name is None or name in test.form.principals:
        return test.form.principals.get(name or "")
    if "." in name and ":" not in name:
        return None
    raise test.fault((*at, "principal"), f"there is no principal {name}")


def _on_resource(case: CaseForm, at: Place, documents: Documents) -> Attached | None:
    if case.resource_policy is None:
        return None
    kind = "trust" if case.action.lower().startswith("sts:") else "resource"
    return documents.attached(case.resource_policy, kind, (*at, "resource_policy"))


def _expected(case: CaseForm) -> Expected:
    how, _, word = case.expect.rpartition(" ")
    explicitly = how == "explicitly" if how else None
    return Expected(allowed=word == "allowed", explicitly=explicitly, because=case.by)
