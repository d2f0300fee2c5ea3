"""The gate of one session of pytest: judges its cases, and tells of them when all tests have run."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from gradcheck.check import judge_case
from gradcheck.errors import UsageError
from gradcheck.gate.judging import judge_one
from gradcheck.gate.remembered import Remembered
from gradcheck.report.events import CaseDone, CaseName, Event, RunDone, RunStarted

from .asking import Asker
from .exchange import packed, unpacked
from .items import CaseFile, CaseItem, cases_of
from .settings import Settings
from .summary import summary

DONE = pytest.StashKey[list[CaseDone]]()
"""What a test has judged."""


def open_gate(config: pytest.Config, said: Mapping[str, str | None]) -> Gate:
    """The gate of a session, which hears of its tests from now on."""
    gate = Gate(config, Settings.of(said))
    config.pluginmanager.register(gate, "gradcheck-gate")
    return gate


class Gate:
    """Judges cases and keeps how each ended, by the test that judged it.

    Under xdist the processes judge, and what they found reaches the one that tells of it along with their tests.
    """

    def __init__(self, config: pytest.Config, settings: Settings) -> None:
        self.config = config
        self.settings = settings
        self.remembered = Remembered()
        self.done: dict[str, list[CaseDone]] = {}
        self.asked = 0
        self.start = time.monotonic()

    @property
    def tells(self) -> bool:
        """Whether this process tells of the session: all but the workers of xdist."""
        return not hasattr(self.config, "workerinput")

    def cases(self, parent: Any, value: object, name: str = "gradcheck_cases") -> list[pytest.Item]:
        """The cases of a test module as items."""
        return cases_of(self, parent, value, name)

    def case_file(self, path: Path, parent: pytest.Collector) -> pytest.Collector:
        """A case file as a collector."""
        found: CaseFile = CaseFile.from_parent(parent, path=path)
        found.gate = self
        return found

    def judge(self, item: CaseItem) -> CaseDone:
        """Judge the case of an item."""
        ask = partial(judge_case, timeout=self.settings.timeout)
        done = judge_one(
            item.place, item.case, self.settings.examples, self.settings.seed, ask=ask, remembered=self.remembered
        )
        self.note(item, done)
        return done

    def asker(self, node: pytest.Item) -> Asker:
        """What the fixture hands to a test."""
        return Asker(self.settings, str(node.nodeid), partial(self.note, node))

    def note(self, node: pytest.Item, done: CaseDone) -> None:
        """Keep what a test has judged, its numbers as properties of the test."""
        node.stash.setdefault(DONE, []).append(done)
        node.user_properties += [(f"gradcheck_{name}", value) for name, value in numbers(done)]

    def pytest_report_header(self) -> str:
        """With what settings."""
        return str(self.settings)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: Any) -> Any:
        """Send along what was judged."""
        report = yield
        if report.when == "call" and DONE in item.stash:
            report.gradcheck = packed(item.stash[DONE])
        return report

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Hear of a test, wherever it ran."""
        if self.tells and hasattr(report, "gradcheck"):
            self.done[report.nodeid] = unpacked(report.gradcheck)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Count what is to be judged."""
        self.asked = sum(isinstance(item, CaseItem) for item in session.items)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """A section of its own, where anything was judged."""
        found = [done for every in self.done.values() for done in every]
        if found:
            terminalreporter.section("gradcheck")
            for line in summary(found, self.settings):
                terminalreporter.write_line(line)


def numbers(done: CaseDone) -> list[tuple[str, Any]]:
    """What programs that read the properties of a test are told."""
    found: list[tuple[str, Any]] = [("case", str(done.case)), ("verdict", done.word)]
    report = done.report
    if report is None:
        return found
    found += [("examples", report.examples), ("seed", report.seed), ("forwards", report.forwards)]
    found += [("backwards", report.backwards)]
    if report.floor:
        found.append(("floor", f"{report.worst_floor:.3g}"))
    found += [("code", finding.code) for finding in report.errors[:1]]
    return found
