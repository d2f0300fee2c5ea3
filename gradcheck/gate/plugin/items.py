"""Cases as tests: each is an item that is judged, and fails with its report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gradcheck.errors import InconclusiveGradient, UsageError, WrongGradient
from gradcheck.gate.loading import cases_in, load_targets
from gradcheck.gate.token import same_named
from gradcheck.protocol import Case
from gradcheck.protocol.arguments import op_name
from gradcheck.protocol.place import place_of
from gradcheck.protocol.source import relative
from gradcheck.report import Verdict
from gradcheck.report.events import CaseDone, CaseName

if TYPE_CHECKING:
    from .gate import Gate


class NotJudgedError(Exception):
    """A case has no verdict: it was put wrongly."""


class CaseItem(pytest.Item):
    """One case."""

    def __init__(self, *, gate: Gate, case: Case, place: CaseName, **more: Any) -> None:
        super().__init__(**more)
        self.gate, self.case, self.place = gate, case, place
        self.extra_keyword_matches |= {str(case), op_name(case.op)}

    def runtest(self) -> None:
        """Judge it."""
        done = self.gate.judge(self)
        if done.known:
            pytest.xfail(f"known, {done.known}")
        demand_correct(done)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The report alone: where in the gate it was raised helps nobody."""
        if isinstance(excinfo.value, WrongGradient | InconclusiveGradient | NotJudgedError):
            return excinfo.getrepr(style="value")
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Its file, and what stands above its report."""
        return self.path, 0, self.name


def demand_correct(done: CaseDone) -> None:
    """Raise what makes a test fail that has judged a case which is not correct."""
    if done.report is None:
        raise NotJudgedError(done.error)
    if done.report.verdict is Verdict.WRONG:
        raise WrongGradient(done.report)
    if done.report.verdict is Verdict.INCONCLUSIVE:
        raise InconclusiveGradient(done.report)


class CaseFile(pytest.File):
    """A file of cases, loaded as the command loads it, whatever way pytest imports test modules."""

    gate: Gate

    def collect(self) -> Iterator[pytest.Item]:
        """A test a case."""
        target = relative(str(self.path))
        try:
            found = [case for _, case in load_targets([target])]
            self.gate.in_use.demand(target)
        except UsageError as error:
            raise self.CollectError(f"gradcheck: {error}") from None
        yield from items_of(self.gate, self, found, target, "case")


def cases_of(gate: Gate, parent: pytest.Module | pytest.Class, value: object, name: str) -> list[pytest.Item]:
    """The cases that a test module keeps under a name."""
    target = relative(str(parent.path))
    if breach := gate.in_use.breach():
        raise parent.CollectError(f"gradcheck: {target} {breach}")
    found = list(dict.fromkeys(cases_in({name: value})))
    if not found:
        raise parent.CollectError(f"gradcheck: {name} of {target} holds no case: assign gradcheck.Case rows to it")
    return list(items_of(gate, parent, found, target, name))


def items_of(
    gate: Gate, parent: pytest.Collector, cases: Sequence[Case], target: str, name: str
) -> Iterator[pytest.Item]:
    """Items whose names are unique, and free of what would tear a line or a name apart."""
    seen: Counter[str] = Counter()
    for case in cases:
        word = str(case).encode("unicode_escape").decode("ascii")
        seen[word] += 1
        again = f"-{seen[word]}" if seen[word] > 1 else ""
        place = CaseName(target, str(case), same_named(cases, case), *(place_of(case.op) or ()))
        gate.collected.append(place)
        own = f"{name}[{word}{again}]"
        nodeid = (
            f"{parent.nodeid}::{own}"  # read as that of a row of parametrize; from its name alone --lf finds it not
        )
        yield CaseItem.from_parent(parent, name=own, nodeid=nodeid, gate=gate, case=case, place=place)
