"""The command ``gradcheck prove``: would the gate have seen it, had the backward been wrong?"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence

import click
from rich.console import Console
from rich.text import Text

from gradcheck.errors import UsageError
from gradcheck.mutation import nurseries
from gradcheck.mutation.judging import Fate, Rehearsal
from gradcheck.mutation.proving import (
    Mutant,
    Proof,
    Settings,
    group_cases,
    prove,
    ready,
    rehearse_all,
    score,
)
from gradcheck.protocol import Case

from .loading import load_cases
from .progress import progress_bar

PROVED, SURVIVORS, USAGE, INCOMPLETE = range(4)


@click.command("prove")
@click.argument("cases", nargs=-1, required=True)
@click.option("--examples", type=click.IntRange(min=1), default=100, show_default=True, help="Examples per case.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of all randomness.")
@click.option("--sample", type=click.IntRange(min=1), default=None, help="Mutants per backward; default: all.")
@click.option("--jobs", type=click.IntRange(min=1), default=None, help="Processes; default: one per core.")
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    default=100.0,
    show_default=True,
    help="Percent of mutants that each backward's cases must kill.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=None,
    help="Seconds for a mutant; default: 20 times what its cases take, at least 10.",
)
def prove_command(
    cases: tuple[str, ...],
    examples: int,
    seed: int,
    sample: int | None,
    jobs: int | None,
    fail_under: float,
    timeout: float | None,
) -> None:
    """Plant mistakes in the backward of every case in CASES and show which of them the gate calls wrong.

    Each mutant is an edit of the source, in memory only, loaded and judged in a process of its own.

    Exit codes: 0 enough mutants killed; 1 too many survived; 2 usage, import or configuration error; 3 something
    could not be proved, or nothing was.
    """
    settings = Settings(examples, seed, sample or 0, timeout or 0.0)
    try:
        loaded = load_cases(cases)
    except UsageError as error:
        click.echo(f"gradcheck: {error}", err=True)
        sys.exit(USAGE)
    sys.exit(prove_all(cases, loaded, settings, jobs or os.cpu_count() or 1, fail_under))


def prove_all(targets: Sequence[str], cases: Sequence[Case], settings: Settings, jobs: int, fail_under: float) -> int:
    """Prove the cases, printing each backward as it is done; return the exit code."""
    show = Printed(Console(soft_wrap=True), cases)
    start = time.monotonic()
    proofs: list[Proof] = []
    interrupted = False
    show.line(f"seed {settings.seed}, {settings.examples} examples a case, {jobs} processes")
    groups, refused = group_cases(cases, settings)
    with progress_bar() as progress, nurseries(targets, load_cases, jobs) as ask:
        try:
            bar = progress.add_task("as they stand", total=sum(len(group.indices) for group in groups))
            rehearsed: dict[int, Rehearsal] = {}
            for index, rehearsal in rehearse_all(groups, ask, settings):
                rehearsed[index] = rehearsal
                progress.advance(bar)
            refused |= {index: found.refusal for index, found in rehearsed.items() if found.refusal}
            provable = [group for group in (ready(group, rehearsed, settings) for group in groups) if group]
            progress.reset(bar, total=sum(len(group.edits) for group in provable), description="mutants")
            show.head()
            for proof in prove(provable, cases, ask, settings, _advancing(lambda: progress.advance(bar))):
                proofs.append(proof)
                show.row(proof)
        except KeyboardInterrupt:
            interrupted = True
    show.details(proofs, {str(cases[index]): why for index, why in sorted(refused.items())})
    show.summary(proofs, len(refused), time.monotonic() - start)
    if interrupted:
        show.line("interrupted")
    return exit_code(proofs, bool(refused) or interrupted, fail_under)


def exit_code(proofs: Sequence[Proof], incomplete: bool, fail_under: float) -> int:
    """The worst that happened: too many survivors, then whatever could not be proved."""
    scores = [proof.score for proof in proofs]
    if any(found is not None and found < fail_under for found in scores):
        return SURVIVORS
    return INCOMPLETE if incomplete or not scores or None in scores else PROVED


class Printed:
    """What the command prints: a row for each backward, then what needs reading."""

    def __init__(self, console: Console, cases: Sequence[Case]) -> None:
        self.console = console
        self.width = max([len(str(case)) for case in cases] + [len("backward of")])

    def head(self) -> None:
        """Print the names of the columns."""
        self.line(
            f"{'score':>6}  {'backward of':<{self.width}} {'mutants':>8} {'killed':>7} {'survived':>9} "
            f"{'equivalent':>11} {'other':>6} {'seconds':>8}"
        )

    def row(self, proof: Proof) -> None:
        """Print one backward, by its first case, and the other cases that judge it below."""
        found = proof.score
        style = "green" if found == 100 else "bold red"
        text = Text("" if found is None else f"{_percent(found):>6}", style=style)
        other = proof.count(Fate.UNDECIDED) + proof.count(Fate.STOPPED)
        text.append(
            f"{'' if found is not None else '     -'}  {proof.cases[0]:<{self.width}} {len(proof.mutants):>8} "
            f"{proof.count(Fate.KILLED):>7} {proof.count(Fate.SURVIVED):>9} {proof.count(Fate.EQUIVALENT):>11} "
            f"{other:>6} {proof.seconds:>8.1f}",
            style="default",
        )
        self.line(text)
        for name in proof.cases[1:]:
            self.line(f"{'':>6}  {name:<{self.width}} {'above':>8}")

    def details(self, proofs: Sequence[Proof], refused: dict[str, str]) -> None:
        """Print every survivor with its diff, what stopped, and why a case could not be proved."""
        for proof in proofs:
            for mutant in proof.holes:
                self._hole(mutant)
        stopped = [mutant for proof in proofs for mutant in proof.mutants if mutant.judged.fate is Fate.STOPPED]
        if stopped:
            self.line("\nneither killed nor survived:")
        for mutant in stopped:
            self.line(f"  {mutant.edit.place}: {mutant.edit.operator}: {mutant.judged.code}: {mutant.judged.message}")
        if refused:
            self.line("\nnot provable:")
        for name, why in refused.items():
            self.line(f"  {name}: {why}")

    def summary(self, proofs: Sequence[Proof], refused: int, seconds: float) -> None:
        """Print what killed, and the counts."""
        codes = Counter(m.judged.code for proof in proofs for m in proof.mutants if m.judged.fate is Fate.KILLED)
        if codes:
            self.line("\nkilled by " + ", ".join(f"{code} {number}" for code, number in codes.most_common()))
        counts = Counter(mutant.judged.fate for proof in proofs for mutant in proof.mutants)
        words = ", ".join(f"{counts[fate]} {fate.value}" for fate in Fate if counts[fate])
        found = score(proofs)
        head = f"{len(proofs)} backwards, {counts.total()} mutants: {words}" if proofs else "nothing proved"
        total = "" if found is None else f"; score {_percent(found)}"
        missing = f"; {refused} cases not provable" if refused else ""
        self.line(f"\n{head}{total}{missing} in {seconds:.1f} s")

    def line(self, text: str | Text) -> None:
        """Print one line as it is."""
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)

    def _hole(self, mutant: Mutant) -> None:
        judged, edit = mutant.judged, mutant.edit
        self.line(f"\n{judged.fate.value}: {edit.place} in {edit.function}, {edit.operator}: {edit.sentence}")
        self.line(f"  {judged.message}")
        for line in mutant.diff.splitlines():
            self.line(f"  {line}")


def _percent(value: float) -> str:
    """``99.6%``; 100 only where it is."""
    return "100%" if value == 100 else f"{min(value, 99.9):.1f}%"


def _advancing(advance: Callable[[], object]) -> Callable[[Mutant], object]:
    return lambda mutant: advance()
