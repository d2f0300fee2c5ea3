"""A proof from the cases to the exit code, as the process that answers sees it: it loads no case."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any

from gradcheck.errors import UsageError, WorkerFault
from gradcheck.mutants.limits import REHEARSAL
from gradcheck.mutants.proof import Proof, Settings
from gradcheck.workers.limits import GRACE, LOADING

from .alone import Patience, answer_here, answers_of
from .colors import console_on
from .progress import progress_bar
from .prove_table import ProofTable
from .proving import ANSWERS, About, Plan, Rest, prove_cases, with_texts
from .writers.output import Output, written

PROVED, SURVIVORS, USAGE, INCOMPLETE = range(4)


def prove_all(
    targets: Sequence[str],
    settings: Settings,
    jobs: int,
    fail_under: float,
    page: Output | None = None,
    *,
    in_process: bool = False,
) -> int:
    """Prove the cases, printing each backward as it is done, and put all of it on a page; return the exit code.

    ``in_process`` loads the cases in this one, for a debugger; the mutants run in processes of their own all the same.
    Raises UsageError where a target holds no case. Whatever ends a proof later is said, and what was proved by then is
    printed: it is incomplete.
    """
    start = time.monotonic()
    proofs: list[Proof] = []
    rest = Rest((), ())
    show: ProofTable | None = None
    ended = ""
    patience = Patience(LOADING + REHEARSAL + GRACE)
    texts: Mapping[str, str] = {}
    console = console_on(sys.stdout)
    with (
        tempfile.TemporaryDirectory(prefix="gradcheck-", ignore_cleanup_errors=True) as folder,
        progress_bar(console) as progress,
    ):
        about = About(tuple(targets), settings, jobs, folder)
        bar = progress.add_task("loading", total=None)

        def take(name: str, value: Any) -> None:
            nonlocal show, rest, texts
            if name == "cases":
                show = ProofTable(console, value)
                show.line(f"seed {settings.seed}, {settings.examples} examples a case, {jobs} processes")
            elif name in ("rehearsals", "mutants"):
                plan: Plan = value
                patience.seconds = max(patience.seconds, LOADING + plan.seconds + GRACE)
                word = "mutants" if name == "mutants" else "as they stand"
                progress.reset(bar, total=plan.steps, description=word)
                if show and name == "mutants":
                    texts = plan.texts or {}
                    show.head(plan.helpers)
            elif name == "step":
                progress.advance(bar)
            elif name == "proof" and show:
                proofs.append(with_texts(value, texts))
                show.row(proofs[-1])
            elif name == "rest":
                rest = value

        try:
            if in_process:
                answer_here(prove_cases, about, take)
            else:
                work = "gradcheck.gate.proving:prove_cases"
                with closing(answers_of(work, about, ANSWERS, patience, "the proof", settings.seed)) as answers:
                    for name, value in answers:
                        take(name, value)
        except (UsageError, WorkerFault) as error:
            if show is None:
                raise
            ended = f"gradcheck: {error}"
        except KeyboardInterrupt:
            ended = "interrupted"
    if show is not None:
        show.details(proofs, rest.unedited, rest.refused)
        show.summary(proofs, len(rest.refused), time.monotonic() - start)
        if ended:
            show.line(ended)
    code = exit_code(proofs, bool(rest.refused) or bool(ended), fail_under)
    if page is not None:
        from .writers.as_proof_page import as_proof_page

        seconds = time.monotonic() - start
        text = as_proof_page(proofs, rest.unedited, rest.refused, settings, seconds, ended)
        code = written(page, text, code, SURVIVORS)
    return code


def exit_code(proofs: Sequence[Proof], incomplete: bool, fail_under: float) -> int:
    """The worst that happened: too many survivors, then whatever could not be proved."""
    scores = [proof.score for proof in proofs]
    if any(found is not None and not found >= fail_under for found in scores):
        return SURVIVORS
    return INCOMPLETE if incomplete or not scores or None in scores else PROVED
