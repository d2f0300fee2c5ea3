"""Which wrong backwards does `gradcheck fix` mend: coursework, the museum, mutants of `manual_bp`; and in how long."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from gradcheck import Case, UsageError, Verdict, report_case
from gradcheck.gate.loading import load_cases
from gradcheck.mends import Search, Settings, begin
from gradcheck.mutants import edits_of
from gradcheck.source import Edit, find_backward, read_tree
from gradcheck.workers import contained

from .table import Table

ROOT = Path(__file__).parents[1]
BUDGET = 30.0
MUTANTS = 40
JOBS = 2


@dataclass(frozen=True)
class Attempt:
    """One wrong backward, whether an edit of it was found and verified, how many edits long it is, and the seconds.

    ``work`` are the seconds that all its processes computed for, which a busy machine makes no longer.
    """

    name: str
    kind: str
    outcome: str
    seconds: float
    work: float


@dataclass(frozen=True)
class Clock:
    """When an attempt began, on the wall and in the work of this process and those that it has waited for."""

    wall: float
    work: float

    @classmethod
    def start(cls) -> Clock:
        """Now."""
        return cls(time.monotonic(), sum(os.times()[:4]))

    def attempt(self, name: str, kind: str, outcome: str) -> Attempt:
        """What has come of it until now."""
        now = self.start()
        return Attempt(name, kind, outcome, now.wall - self.wall, now.work - self.work)


def run(small: bool) -> Sequence[Table]:
    """Three tables of shares and one of every attempt."""
    coursework = list(_coursework(4 if small else None))
    museum = list(_museum(6 if small else None))
    mutants = list(_mutants(4 if small else MUTANTS))
    rows = [[a.kind, a.name, a.outcome, f"{a.seconds:.1f}", f"{a.work:.1f}"] for a in (*coursework, *museum, *mutants)]
    return [
        _shares("slips in coursework style", coursework),
        _shares("museum", museum),
        _shares("mutants of manual_bp", mutants),
        Table("every one", ("of", "which", "outcome", "seconds", "of work"), rows),
    ]


def load_exhibits(targets: Sequence[str]) -> list[Case]:
    """The wrong cases of the museum, each by its room and name; of no other room is anything imported.

    By name, so that an edited file is what is used.
    """
    found = []
    for room, _, name in (target.partition(":") for target in targets):
        found += [e.wrong for e in import_module(f"tests.planted.{room}").EXHIBITS if str(e.wrong) == name]
    return found


def _coursework(most: int | None) -> Iterator[Attempt]:
    """Slips by dict, by class and in several files, each written to a folder of its own."""
    from tests.mends.coursework.slips import SLIPS

    for slip in SLIPS[:most]:
        with tempfile.TemporaryDirectory() as folder:
            slip.write(Path(folder))
            clock = Clock.start()
            done = _command(slip.target, folder)
            yield _said(clock.attempt(str(slip), "coursework", _read(done)))


def _command(target: str, folder: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gradcheck", "fix", target, f"--budget={BUDGET}", f"--jobs={JOBS}"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def _museum(most: int | None) -> Iterator[Attempt]:
    from tests.planted import ROOMS

    exhibits = [(room, exhibit) for room, exhibits in ROOMS.items() for exhibit in exhibits]
    for room, exhibit in exhibits[:most]:
        clock = Clock.start()
        outcome = _mend(room, exhibit.wrong)
        yield _said(clock.attempt(str(exhibit), "museum", outcome))


def _mend(room: str, case: Case) -> str:
    try:
        with contained([f"{room}:{case}"], load_exhibits, JOBS) as ask:
            begin(case, ask)
            report = report_case(case)
            if report.verdict is not Verdict.WRONG:
                return "not wrong"
            found = Search(case, report, ask, Settings(budget=BUDGET, jobs=JOBS)).run()
    except UsageError as error:
        return f"refused: {error}"[:60]
    if not found.suggestions:
        return "not mended"
    return "one edit" if len(found.suggestions[0].edits) == 1 else "several edits"


def _mutants(most: int) -> Iterator[Attempt]:
    """A random sample of the edits that `gradcheck prove` plants in `manual_bp`, each in a copy of the package."""
    planted = list(_edits())
    for name, path, edit in random.Random(0).sample(planted, min(most, len(planted))):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(ROOT / "manual_bp", Path(folder, "manual_bp"))
            shutil.copytree(ROOT / "reference", Path(folder, "reference"))
            shutil.copy(ROOT / "tests" / "cases.py", folder)
            source = Path(path)
            Path(folder, source.relative_to(ROOT)).write_text(edit.render(source.read_text()))
            clock = Clock.start()
            done = _command(f"cases.py::{name}", folder)
            attempt = clock.attempt(f"{name} {edit.place.rpartition('/')[2]} {edit.operator}", "mutant", _read(done))
        yield _said(attempt)


def _read(done: subprocess.CompletedProcess[str]) -> str:
    """What the command came to, by what it printed."""
    if done.returncode == 2:
        return f"refused: {done.stderr.strip()}"[:60]
    if "as it is" in done.stdout:
        return "not wrong"
    if done.returncode:
        return "not mended"
    first = done.stdout.partition("\n1. ")[2].partition("\n")[0]
    return "one edit" if "one edit" in first else "several edits"


def _said(attempt: Attempt) -> Attempt:
    """Show progress: all of them together take a while."""
    print(f"{attempt.name:<70} {attempt.outcome:<12} {attempt.seconds:6.1f} {attempt.work:6.1f}", flush=True)
    return attempt


def _edits() -> Iterator[tuple[str, str, Edit]]:
    """Every edit with the name of a case that judges it and the file that it is in."""
    seen = set()
    for case in load_cases([str(ROOT / "tests" / "cases.py")]):
        try:
            backward = find_backward(case)
        except UsageError:
            continue
        if backward not in seen and Path(backward.path).is_relative_to(ROOT / "manual_bp"):
            seen.add(backward)
            yield from ((str(case), backward.path, edit) for edit in edits_of(backward, read_tree(backward.path)))


def _shares(title: str, attempts: Sequence[Attempt]) -> Table:
    counted = Counter(attempt.outcome.partition(":")[0] for attempt in attempts)
    wrong = [attempt for attempt in attempts if attempt.outcome != "not wrong"]
    mended = [attempt for attempt in wrong if attempt.outcome in ("one edit", "several edits")]
    seconds, work = (sorted(each) or [0.0] for each in ([a.seconds for a in mended], [a.work for a in mended]))
    rows = [[outcome, str(number)] for outcome, number in sorted(counted.items())]
    rows.append(["share mended", f"{len(mended)}/{len(wrong)}"])
    rows.append(["seconds, median and worst", f"{seconds[len(seconds) // 2]:.1f}, {seconds[-1]:.1f}"])
    rows.append(["of work", f"{work[len(work) // 2]:.1f}, {work[-1]:.1f}"])
    return Table(f"{title}, budget {BUDGET:g} s", ("outcome", "number"), rows)
