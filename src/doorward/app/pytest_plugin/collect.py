"""Policy tests as pytest's items, one for each case."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from doorward.app.bootstrap import FirstStartRefused
from doorward.app.in_process import InProcess
from doorward.app.pytest_plugin import pool
from doorward.app.pytest_plugin.case import check_case
from doorward.app.pytest_plugin.form import (
    BadPolicyTest,
    CaseForm,
    PolicyTest,
    read_policy_test,
)
from doorward.app.seed import SeedError
from doorward.errors import PolicyError

TOLD = (AssertionError, BadPolicyTest, PolicyError, LookupError, ValueError)
"""What says by itself what is wrong; a traceback would only show how Doorward looks inside."""


class PolicyTestFile(pytest.File):
    """One file."""

    def collect(self) -> Iterator[pytest.Item]:
        """Read the file; a fault of form stops it."""
        try:
            test = read_policy_test(self.path.read_text(encoding="utf-8"))
            names = list(_names(test))
        except (BadPolicyTest, UnicodeDecodeError) as error:
            raise self.CollectError(f"{self.path}: {error}") from None
        for index, name in enumerate(names):
            yield PolicyTestItem.from_parent(self, name=name, test=test, index=index)


class PolicyTestItem(pytest.Item):
    """One case."""

    def __init__(self, *, test: PolicyTest, index: int, **node: Any) -> None:
        super().__init__(**node)
        self._test = test
        self._index = index

    def runtest(self) -> None:
        """Decide it."""
        check_case(self._test, self._index, self.path.parent, self._opened)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The explanation, with its place in the file."""
        if isinstance(excinfo.value, TOLD):
            return f"{self.path}:{self._line}: {self.name}\n{excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the case stands."""
        return self.path, self._line - 1, self.name

    @property
    def _line(self) -> int:
        return self._test.line(("cases", self._index))

    def _opened(self, seed: Path) -> InProcess:
        try:
            return pool(self.config).fresh(seed)
        except (SeedError, FirstStartRefused, OSError) as error:
            raise self._test.fault(("account",), f"{seed.name}: {error}") from None


def _names(test: PolicyTest) -> Iterator[str]:
    taken = set()
    for index, case in enumerate(test.form.cases):
        name = case.name or _sentence(case)
        if name in taken:
            raise test.fault(("cases", index, "name"), f"two cases are named {name!r}")
        taken.add(name)
        yield name


def _sentence(case: CaseForm) -> str:
    return f"{case.principal or 'anonymous'} {case.action} {case.resource} {case.expect}"
