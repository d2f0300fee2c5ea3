"""What GitHub shows of a run: annotations at the lines of a pull request, and the summary of a job."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gradcheck.foreign import shown, shown_lines
from gradcheck.gate.limits import ANNOTATIONS
from gradcheck.report import Finding, Report, Verdict
from gradcheck.report.events import ERROR, CaseDone, RunDone, RunStarted
from gradcheck.report.origins import headline_line

from .at_end import Ending
from .summary import job_summary

WORST_FIRST = (Verdict.WRONG, ERROR, Verdict.INCONCLUSIVE)


def is_on_github(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether this runs as a step of a GitHub workflow."""
    return environment.get("GITHUB_ACTIONS") == "true"


@dataclass(frozen=True)
class Annotation:
    """One message, at a line where one is known. ``file`` is relative to the repository."""

    level: str
    title: str
    message: str
    file: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        """The workflow command that shows it."""
        places = {"file": self.file, "line": None if self.line is None else str(self.line), "title": self.title}
        properties = ",".join(f"{name}={_property(value)}" for name, value in places.items() if value)
        return f"::{self.level} {properties}::{_data(self.message)}"


@dataclass
class GitHub(Ending):
    """What it says of a run never changes the verdict."""

    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def finish(self, started: RunStarted, done: RunDone) -> None:
        """Print the annotations."""
        for line in on_github(started, done, self.environment):
            print(line)


def on_github(started: RunStarted, done: RunDone, environment: Mapping[str, str] = os.environ) -> Iterator[str]:
    """The annotations of a run, a line each; the summary of the job is written on the way."""
    yield from map(str, annotate(done, Path(environment.get("GITHUB_WORKSPACE") or Path.cwd())))
    path = environment.get("GITHUB_STEP_SUMMARY")
    if not path:
        return
    try:
        with open(path, "a", encoding="utf-8") as file:
            file.write(job_summary(started, done))
    except OSError as error:
        print(f"gradcheck: no job summary, {path} could not be written: {error.strerror}", file=sys.stderr)


def annotate(done: RunDone, root: Path) -> list[Annotation]:
    """At most ten, the worst first; where there are more, the last says how many."""
    found = [Annotation("error", "gradcheck: baseline", problem) for problem in done.problems]
    found += [one for word in WORST_FIRST for case in done.cases if case.word == word for one in _of_case(case, root)]
    if len(found) <= ANNOTATIONS:
        return found
    first = found[: ANNOTATIONS - 1]
    rest = f"and {len(found) - len(first)} more: see the log of this step, or its summary"
    return [*first, Annotation(found[len(first)].level, "gradcheck: more than GitHub shows", rest)]


def _of_case(done: CaseDone, root: Path) -> Iterator[Annotation]:
    """One for each line in which something is wrong; for what has no such line, one at the op."""
    name, report, op = shown(done.case.name), done.report, (done.case.file, done.case.line)
    if report is None:
        yield Annotation("error", f"{name}: no verdict", done.error or "", *_place(op, root))
    elif report.verdict is Verdict.INCONCLUSIVE:
        yield Annotation("warning", f"{name}: inconclusive", str(report), *_place(op, root))
    else:
        lines: dict[tuple[str | None, int | None], list[Finding]] = {}
        for finding in report.errors:
            at = headline_line(finding)
            lines.setdefault((at.path, at.line) if at else op, []).append(finding)
        for place, findings in lines.items():
            codes = ", ".join(dict.fromkeys(finding.code for finding in findings))
            title = f"{name}: wrong gradient, {codes}"
            yield Annotation("error", title, _message(report, findings), *_place(place, root))


def _message(report: Report, findings: Sequence[Finding]) -> str:
    lines = []
    for finding in findings:
        lines.append(finding.message)
        if finding.likely_cause:
            lines.append(f"{'' if finding.certain else 'likely '}cause: {finding.likely_cause}")
    return "\n".join([*lines, *([f"again: {report.reproduce}"] if report.reproduce else [])])


def _place(place: tuple[str | None, int | None], root: Path) -> tuple[str | None, int | None]:
    """File and line as GitHub knows them, from the root of the repository; nothing where the file lies outside."""
    file, line = place
    path, root = (Path.cwd() / (file or "")).resolve(), root.resolve()
    if file is None or not path.is_relative_to(root):
        return None, None
    return path.relative_to(root).as_posix(), line


def _data(text: str) -> str:
    """The message of a workflow command: what would end it is escaped."""
    return shown_lines(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """The same of one of its properties, which a comma or a colon would end."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
