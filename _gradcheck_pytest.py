"""The pytest plugin, as far as every run of pytest imports it: options, and where cases may be.

What judges them lies in `gradcheck.gate.plugin`, and nothing of gradcheck is imported before a case is met: most runs
of pytest on a machine have none. A module of its own beside the package, since people keep a file `gradcheck.py` with
their coursework, and their tests import that.
"""

from __future__ import annotations

import sys
from collections.abc import Generator
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from gradcheck.gate.plugin import Gate

CASES = "gradcheck_cases"
OPTIONS = {
    "examples": ("N", "examples a case (100)"),
    "seed": ("N", "seed of all randomness (0)"),
    "timeout": ("SECONDS", "seconds that a case may take (60)"),
    "json": ("FILE", "write what was found as JSON"),
    "html": ("FILE", "write what was found as a page"),
    "baseline": ("FILE", "known failures, which do not fail the run while they last"),
    "github": ("WHEN", "annotations and a job summary in a GitHub workflow: auto, never"),
    "changed": ("BASE", "judge the cases only whose op differs from this revision of git"),
}
"""By name behind the prefix: what stands for the value, and what it means."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """One group, one prefix, an ini twin of each."""
    group = parser.getgroup("gradcheck", "backward passes written by hand")
    for name, (value, meaning) in OPTIONS.items():
        group.addoption(f"--gradcheck-{name}", metavar=value, default=None, help=meaning)
        parser.addini(f"gradcheck_{name}", meaning, default=None)
    parser.addini("gradcheck_case_files", "files that hold cases, by path or pattern", type="args", default=[])


def pytest_configure(config: pytest.Config) -> None:
    """Look out for cases."""
    plugin = Plugin(config)
    config.pluginmanager.register(plugin, "gradcheck-plugin")
    if any(plugin.option(name) is not None for name in OPTIONS) or plugin.patterns:
        plugin.gate()  # what is put wrongly is said before anything is collected
        plugin.add_case_files()


@pytest.fixture(name="gradcheck")
def gradcheck_fixture(request: pytest.FixtureRequest) -> Any:
    """Judge once, with the settings of the run: ``gradcheck(case)``, ``gradcheck(op, *inputs)``; return the report."""
    plugin: Plugin = request.config.pluginmanager.get_plugin("gradcheck-plugin")  # type: ignore[assignment]
    return plugin.gate().asker(request.node)


class Plugin:
    """Meets cases, and lets the gate judge them."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.patterns: list[str] = config.getini("gradcheck_case_files")
        self._gate: Gate | None = None

    def option(self, name: str) -> str | None:
        """What the command line says, else the ini, whose files lie below the root folder; None where neither does."""
        said: str | None = self.config.getoption(f"gradcheck_{name}")
        if said is None:
            said = self.config.getini(f"gradcheck_{name}") or None
            if said is not None and OPTIONS[name][0] == "FILE":
                return str(self.config.rootpath / said)
        return said

    def gate(self) -> Gate:
        """What judges, imported where it is first needed."""
        if self._gate is None:
            _own_package_only()
            from _gradcheck_command import OwnPackage

            sys.meta_path.insert(0, OwnPackage)
            try:
                from gradcheck.gate.plugin import open_gate
            finally:
                sys.meta_path.remove(OwnPackage)
            self._gate = open_gate(self.config, {name: self.option(name) for name in OPTIONS})
        return self._gate

    def add_case_files(self) -> None:
        """Where the command line names no place, the case files that the ini names are judged wherever they lie."""
        for pattern in self.patterns:
            path = self.config.rootpath / pattern
            if any(letter in pattern for letter in "*?["):
                continue
            if not path.is_file():
                raise pytest.UsageError(
                    f"gradcheck_case_files names {pattern}, which is no file of {self.config.rootpath}"
                )
            places = [Path(self.config.invocation_params.dir, place.partition("::")[0]) for place in self.config.args]
            asked = self.config.args_source is pytest.Config.ArgsSource.ARGS
            if not asked and not any(path.is_relative_to(place) for place in places):
                self.config.args.append(str(path))

    @pytest.hookimpl(tryfirst=True)
    def pytest_pycollect_makemodule(self, module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
        """Before a module that keeps cases is imported: what it puts in the place of ours, or of NumPy's, is seen."""
        if self._gate is not None or CASES.encode() not in module_path.read_bytes():
            return None
        return self.gate().pytest_pycollect_makemodule(module_path, parent)

    def is_case_file(self, path: Path) -> bool:
        """Whether the ini names a file, by a path from its own folder or by a pattern."""
        if not self.patterns or path.suffix != ".py":
            return False
        root = self.config.rootpath
        known = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
        return any(fnmatch(known, pattern) or fnmatch(known, f"*/{pattern}") for pattern in self.patterns)

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        """A case file is one collector, and each of its cases a test."""
        return self.gate().case_file(file_path, parent) if self.is_case_file(file_path) else None

    @pytest.hookimpl(wrapper=True)
    def pytest_pycollect_makeitem(
        self, collector: pytest.Module | pytest.Class, name: str, obj: object
    ) -> Generator[None, Any, Any]:
        """The cases that a test module, or a class in it, keeps under the name ``gradcheck_cases``."""
        found = yield
        if name == CASES and not self.is_case_file(collector.path):
            return self.gate().cases(collector, obj)
        if isinstance(obj, type) and CASES in vars(obj) and _is_unittest(obj):
            cases = self.gate().cases(collector, vars(obj)[CASES], f"{name}.{CASES}")
            return [*(found if isinstance(found, list) else [found] if found is not None else []), *cases]
        return found

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Of a gradient that is not correct the report is shown, and the line that asked; no frames of gradcheck."""
        report = yield
        is_plain = isinstance(item, pytest.Function) and self.config.getoption("tbstyle") == "auto"
        if is_plain and report.failed and call.excinfo is not None and _is_ours(call.excinfo.value):
            report.longrepr = call.excinfo.getrepr(style="short", tbfilter=lambda error: _asked(error, item.path))
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Of what was judged elsewhere, in a process of xdist, the gate hears here first."""
        if self._gate is None and hasattr(report, "gradcheck"):
            self.gate().pytest_runtest_logreport(report)


def _is_unittest(kind: type) -> bool:
    unittest = sys.modules.get("unittest")
    return unittest is not None and issubclass(kind, unittest.TestCase)


def _is_ours(error: BaseException) -> bool:
    errors = sys.modules.get("gradcheck.errors")
    return errors is not None and isinstance(error, errors.GradientError)


def _asked(error: pytest.ExceptionInfo[BaseException], test: Path) -> Any:
    """The frames from the test to where it asked."""
    errors = sys.modules["gradcheck.errors"]
    ours = Path(str(errors.__file__)).parent
    return error.traceback.cut(path=test).filter(lambda entry: not Path(entry.path).is_relative_to(ours))


def _own_package_only() -> None:
    """Raise UsageError where another module goes by the name of the package: the user's own file, already imported."""
    known = sys.modules.get("gradcheck")
    file = getattr(known, "__file__", None)
    if known is not None and (file is None or Path(file).parent.parent != Path(__file__).parent):
        raise pytest.UsageError(
            f"{file or 'another module'} is imported under the name of the package gradcheck, whose cases are to be "
            "judged: rename it, or judge the cases by the command `gradcheck run`"
        )
