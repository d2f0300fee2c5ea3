"""A proof from the cases to the exit code."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence

from gradcheck.mutants.groups import Grouped, group_cases
from gradcheck.mutants.judging import Rehearsal
from gradcheck.mutants.proof import Mutant, Proof, Settings, prove, ready, rehearse_all
from gradcheck.protocol import Case
from gradcheck.workers import contained

from .colors import console_on
from .loading import load_cases
from .progress import progress_bar
from .prove_table import ProofTable

PROVED, SURVIVORS, USAGE, INCOMPLETE = range(4)


def prove_all(targets: Sequence[str], cases: Sequence[Case], settings: Settings, jobs: int, fail_under: float) -> int:
    """Prove the cases, printing each backward as it is done; return the exit code."""
    console = console_on(sys.stdout)
    show = ProofTable(console, cases)
    start = time.monotonic()
    proofs: list[Proof] = []
    interrupted = False
    show.line(f"seed {settings.seed}, {settings.examples} examples a case, {jobs} processes")
    found = Grouped([], {}, [])
    refused: dict[int, str] = {}
    with progress_bar(console) as progress, contained(targets, load_cases, jobs) as ask:
        try:
            found = group_cases(cases, settings.seed, settings.sample)
            refused |= found.refused
            bar = progress.add_task("as they stand", total=sum(len(group.indices) for group in found.groups))
            rehearsed: dict[tuple[int, str], Rehearsal] = {}
            for index, path, rehearsal in rehearse_all(found.groups, ask, settings):
                rehearsed[index, path] = rehearsal
                progress.advance(bar)
            refused |= {index: one.refusal for (index, _), one in rehearsed.items() if one.refusal}
            provable = [group for group in (ready(group, rehearsed, settings) for group in found.groups) if group]
            progress.reset(bar, total=sum(len(group.edits) for group in provable), description="mutants")
            show.head([group.name for group in provable])
            for proof in prove(provable, cases, ask, settings, _advancing(lambda: progress.advance(bar))):
                proofs.append(proof)
                show.row(proof)
        except KeyboardInterrupt:
            interrupted = True
    show.details(proofs, found.unedited, [(str(cases[index]), why) for index, why in sorted(refused.items())])
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


def _advancing(advance: Callable[[], object]) -> Callable[[Mutant], object]:
    return lambda mutant: advance()
