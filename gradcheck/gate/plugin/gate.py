"""The gate of one session of pytest: judges its cases, and tells of them when all tests have run."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from gradcheck.errors import UsageError
from gradcheck.gate.baseline import Baseline
from gradcheck.gate.baseline_file import read_baseline
from gradcheck.gate.changed import changed
from gradcheck.gate.messages import Asked, Judged
from gradcheck.gate.one_case import judge_one
from gradcheck.gate.remembered import Remembered
from gradcheck.gate.writers.github import is_on_github, on_github
from gradcheck.report import Verdict
from gradcheck.report.events import CaseDone, CaseName, RunDone, RunStarted
from gradcheck.workers.in_use import InUse

from .asking import Asker
from .exchange import named, packed, unnamed, unpacked
from .items import CaseFile, CaseItem, cases_of
from .namesake import ModuleWithNamesake, Namesake, finds_namesake
from .settings import Settings
from .summary import numbers, summary

DONE = pytest.StashKey[list[CaseDone]]()
"""What a test has judged."""


def open_gate(config: pytest.Config, said: Mapping[str, str | None]) -> Gate:
    """The gate of a session, which hears of its tests from now on."""
    settings = Settings.of(said)
    settings.check(config.rootpath)
    gate = Gate(config, settings)
    config.pluginmanager.register(gate, "gradcheck-gate")
    return gate


class Gate:
    """Judges cases and keeps how each ended, by the test that judged it.

    Under xdist the processes judge, and what they found reaches the one that tells of it along with their tests.
    """

    def __init__(self, config: pytest.Config, settings: Settings) -> None:
        self.config = config
        self.settings = settings
        self.in_use = InUse.now()
        self.namesake = Namesake()
        self.remembered = Remembered()
        self.baseline = _baseline(settings)
        self.done: dict[str, list[CaseDone]] = {}
        self.collected: list[CaseName] = []  # all that there are in the files that were looked into
        self.planned: list[CaseName] = []
        self.left_out: list[CaseName] = []
        self.asked = 0
        self.start = time.monotonic()
        self.unwritten: list[str] = []
        self.started: RunStarted | None = None
        self.end: RunDone | None = None

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
        asked = Asked(self.settings.examples, self.settings.seed, self.settings.timeout)
        place, start = item.place, time.monotonic()
        first = self.remembered.tokens(place.target, place.name, place.number)
        found = judge_one(item.case, place, asked, first, lambda: None)
        if breach := self.in_use.breach():
            found = Judged(error=f"no verdict: it {breach}")
        done = CaseDone(place, time.monotonic() - start, found.report, found.error)
        if found.report is not None:
            wrong = found.report.verdict is Verdict.WRONG
            self.remembered.keep(place.target, place.name, place.number, found.token if wrong else None)
        if self.baseline is not None:
            done = replace(done, known=self.baseline.accepted(done, date.today()))
        self.note(item, done)
        return done

    def asker(self, node: pytest.Item) -> Asker:
        """What the fixture hands to a test."""
        return Asker(self.settings, node.nodeid, partial(self.note, node), self.in_use)

    def note(self, node: pytest.Item, done: CaseDone) -> None:
        """Keep what a test has judged, its numbers as properties of the test."""
        node.stash.setdefault(DONE, []).append(done)
        node.user_properties += [(f"gradcheck_{name}", value) for name, value in numbers(done)]

    @pytest.hookimpl(tryfirst=True)
    def pytest_pycollect_makemodule(self, module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
        """A test module that means the project's own `gradcheck.py` where it says gradcheck gets that."""
        if not finds_namesake(module_path, self.config):
            return None
        found: ModuleWithNamesake = ModuleWithNamesake.from_parent(parent, path=module_path)
        found.namesake = self.namesake
        return found

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Any:
        """So do the tests in it, but for those that ask for the fixture."""
        module = pyfuncitem.getparent(ModuleWithNamesake)
        if module is None or "gradcheck" in pyfuncitem.fixturenames:
            return (yield)
        with self.namesake.in_place():
            return (yield)

    def pytest_report_header(self) -> str:
        """With what settings."""
        return str(self.settings)

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leave out the cases whose op is as it was."""
        own = [item for item in items if isinstance(item, CaseItem)]
        self.planned = [item.place for item in own]
        if self.settings.changed is None or not own:
            return
        wanted = changed([(item.case, str(item.path)) for item in own], self.settings.changed, config.rootpath)
        gone = {item for item, is_wanted in zip(own, wanted, strict=True) if not is_wanted}
        self.left_out = [item.place for item in own if item in gone]
        self.planned = [item.place for item in own if item not in gone]
        items[:] = [item for item in items if item not in gone]
        config.hook.pytest_deselected(items=list(gone))

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Count what is to be judged."""
        self.asked = sum(isinstance(item, CaseItem) for item in session.items)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: Any) -> Any:
        """Send along what was judged."""
        report = yield
        done = item.stash.get(DONE, None)
        if report.when == "call" and done is not None:
            report.gradcheck = packed(done)
        return report

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Hear of a test, wherever it ran."""
        if self.tells and hasattr(report, "gradcheck"):
            self.done[report.nodeid] = unpacked(report.gradcheck)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """Hear from a process of xdist which cases there are: each has collected all."""
        sent = getattr(node, "workeroutput", {}).get("gradcheck")
        if sent is not None:
            self.collected, self.planned = unnamed(sent["collected"]), unnamed(sent["planned"])
            self.left_out, self.asked = unnamed(sent["left_out"]), sent["asked"]

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """End the run: a baseline that is out of date makes it fail."""
        if not self.tells:
            lists = {"collected": self.collected, "planned": self.planned, "left_out": self.left_out}
            sent = {name: named(cases) for name, cases in lists.items()}
            self.config.workeroutput["gradcheck"] = {**sent, "asked": self.asked}  # type: ignore[attr-defined]
            return
        done = tuple(one for every in self.done.values() for one in every)
        once = sum(one.case not in self.collected for one in done)  # by the fixture
        settings, left_out = self.settings, tuple(self.left_out)
        self.started = RunStarted(
            tuple(self.planned), settings.examples, settings.seed, left_out, settings.changed or ""
        )
        seconds = time.monotonic() - self.start
        problems = self._problems(done)
        self.end = RunDone(self.asked + once, done, seconds, problems=problems, left_out=len(self.left_out))
        failed = bool(problems)
        for write in self.settings.writers() if done or self.left_out else ():
            try:
                write(self.started, self.end)
            except UsageError as error:
                self.unwritten.append(str(error))
                failed = True
        if failed and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _problems(self, done: Sequence[CaseDone]) -> tuple[str, ...]:
        """What of the baseline is no longer so: of what was judged, and of files that were asked for as a whole."""
        if self.baseline is None:
            return ()
        whole = not any("::" in argument for argument in self.config.args)
        gone = self.baseline.gone(done, self.collected if whole else ())
        return (*gone.values(), *self.baseline.expired(done, date.today()))

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """A section of its own, where anything was judged."""
        if self.end is None or not (self.end.cases or self.end.problems or self.left_out):
            return
        terminalreporter.write_sep("=", "gradcheck")
        for line in summary(self.end, self.settings, self.left_out):
            terminalreporter.write_line(line)
        for sentence in self.unwritten:
            terminalreporter.write_line(f"gradcheck: {sentence}")
        if self.settings.github != "never" and is_on_github() and self.started is not None:
            for line in on_github(self.started, self.end):
                terminalreporter.write_line(line)


def _baseline(settings: Settings) -> Baseline | None:
    try:
        return None if settings.baseline is None else read_baseline(settings.baseline)
    except UsageError as error:
        raise pytest.UsageError(str(error)) from None
