from tests.authz.conditions_document import (
    BY_OPERATION,
    DOCUMENT,
    NEVER,
    UNTIL,
    arrived,
    with_table,
)
from tests.authz.samples import CALLERS, LIVE, context_of, names


def test_the_document_has_the_table():
    text = DOCUMENT.read_text()
    assert with_table(text) == text, "run: python -m tests.authz.conditions_document"


def test_no_key_waits_for_an_operation_that_is_there():
    assert arrived() == set()


def test_what_nobody_has_nobody_has():
    held = set().union(*(names(context_of(caller)) for caller in LIVE.values()))
    assert not held & (set(NEVER) | set(UNTIL) | set(BY_OPERATION))


def test_a_key_is_explained_once():
    assert len({*NEVER, *UNTIL, *BY_OPERATION}) == len(NEVER) + len(UNTIL) + len(BY_OPERATION)


def test_what_waits_for_an_operation_is_filled_once_it_comes():
    ready = set().union(*(names(context_of(caller)) for caller in CALLERS.values()))
    assert {"aws:AssumedRoot", "aws:FederatedProvider", "aws:MultiFactorAuthAge"} <= ready
