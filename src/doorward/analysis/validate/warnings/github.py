"""GitHub's subjects that leave repository or branch open."""

from collections.abc import Iterator

from doorward.analysis.validate.finding import Severity
from doorward.analysis.validate.reading import Statement
from doorward.analysis.validate.registry import TRUST, Hit, check
from doorward.analysis.validate.security.trust import GITHUB


@check("SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED", Severity.WARNING, kinds=TRUST)
def open_subject(statement: Statement) -> Iterator[Hit]:
    """A subject is written `repo:owner/name:ref:refs/heads/branch`, no part of it left open."""
    for condition in statement.conditions:
        if condition.name != f"{GITHUB}:sub" or not condition.base.startswith("stringlike"):
            continue
        for value in condition.values:
            if {"*", "?"} & set(value.written):
                message = f'"{value.written[:60]}" leaves repository or branch open.'
                yield Hit(value, message)
