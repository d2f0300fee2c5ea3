"""Judge the cases of a run and say what happens, in the order of the cases, whoever judges them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain

from gradcheck.report import Verdict
from gradcheck.report.events import CaseDone, CaseName, Event, ExampleJudged, RunDone, RunStarted
from gradcheck.workers.in_use import InUse

from .durations import Durations
from .in_order import in_order
from .limits import WORKERS_A_CORE
from .loading import load_grouped, name_cases, place_of_source
from .messages import Asked, Judged
from .one_case import judge_one
from .pool import Outcome, Pool, Source
from .remembered import Remembered

Emit = Callable[[Event], None]


class Enough(Exception):
    """Raised by ``emit`` to end a run before its last case."""


def judge_all(
    targets: Sequence[str], asked: Asked, emit: Emit, *, workers: int = 1, in_process: bool = False
) -> RunDone:
    """Judge every case of the targets and hand every event to ``emit``; return the last one.

    By default each source has a process of its own, at most ``workers`` at a time; ``in_process`` judges in this one,
    without any limit, for a debugger. Raises CaseFileError where a target holds no case, before anything is judged.
    """
    if in_process:
        return _judge_here(targets, asked, emit)
    workers = min(workers, WORKERS_A_CORE * (os.cpu_count() or 1))
    with Pool(asked, workers) as pool:
        return _judge_in_workers(targets, asked, emit, pool, workers)


def _judge_here(targets: Sequence[str], asked: Asked, emit: Emit) -> RunDone:
    in_use = InUse.now()
    with in_use.kept(" ".join(targets)):
        groups = load_grouped(targets)
    cases = list(chain(*groups))
    names = list(chain(*name_cases(targets, groups)))
    remembered = Remembered()

    def outcome(place: int, name: CaseName) -> Outcome:
        start = time.monotonic()
        tokens = remembered.tokens(name.target, name.name, name.number)
        found = judge_one(cases[place], name, asked, tokens, partial(emit, ExampleJudged(name)))
        if breach := in_use.breach():
            found = Judged(error=f"no verdict: it {breach}")
        return Outcome(found, time.monotonic() - start)

    outcomes = ((place, outcome(place, name)) for place, name in enumerate(names))
    return _run(names, asked, emit, remembered, outcomes)


def _judge_in_workers(targets: Sequence[str], asked: Asked, emit: Emit, pool: Pool, workers: int) -> RunDone:
    sources = sources_of(targets)
    with ThreadPoolExecutor(workers, thread_name_prefix="gradcheck-worker") as threads:
        try:
            # Where there is one source for several workers, each of them loads it at once.
            spare = [sources[0]] * (workers - 1) if len(sources) == 1 else []
            loading = [threads.submit(pool.load, source) for source in (*sources, *spare)]
            remembered, durations = Remembered(), Durations()  # which takes a while, as loading does
            listed = [found.result() for found in loading[: len(sources)]]
            places = _in_order_of(targets, sources, listed)
            names = [name for _, _, name in places]

            def judged(number: int, on_example: Callable[[], object]) -> Outcome:
                source, place, name = places[number]
                first = remembered.tokens(name.target, name.name, name.number)
                return pool.judge(source, place, first, on_example)

            # Of several sources each is judged as a whole: to go back and forth would load them once more.
            begun = durations.longest_first(names) if spare else None
            outcomes = in_order(threads, [partial(judged, number) for number in range(len(places))], begun)
            done = _run(names, asked, emit, remembered, outcomes)
            if spare:
                durations.keep((case.case, case.seconds) for case in done.cases)
            if len(done.cases) < done.asked:
                pool.stop()
            return done
        except BaseException:
            pool.stop()
            raise
        finally:
            threads.shutdown(wait=True, cancel_futures=True)


def _run(
    names: Sequence[CaseName],
    asked: Asked,
    emit: Emit,
    remembered: Remembered,
    outcomes: Iterator[tuple[int, Outcome | None]],
) -> RunDone:
    """Emit what happens; every case has its outcome in its turn, and None for each example before that."""
    done: list[CaseDone] = []
    interrupted = False
    start = time.monotonic()
    emit(RunStarted(tuple(names), asked.examples, asked.seed))
    try:
        for place, outcome in outcomes:
            if outcome is None:
                emit(ExampleJudged(names[place]))
                continue
            done.append(_done(names[place], outcome, remembered))
            emit(done[-1])
    except Enough:
        pass
    except KeyboardInterrupt:
        interrupted = True
    end = RunDone(len(names), tuple(done), time.monotonic() - start, interrupted)
    emit(end)
    return end


def _done(name: CaseName, outcome: Outcome, remembered: Remembered) -> CaseDone:
    found = outcome.judged
    if found.report is None:
        return CaseDone(name, outcome.seconds, error=found.error or "no verdict", printed=outcome.printed)
    wrong = found.report.verdict is Verdict.WRONG
    remembered.keep(name.target, name.name, name.number, found.token if wrong else None)
    return CaseDone(name, outcome.seconds, found.report, printed=outcome.printed)


def sources_of(targets: Sequence[str]) -> list[Source]:
    """The files and modules that the targets name, in order, each with its targets; a file by whichever path."""
    grouped: dict[str, list[str]] = {}
    for target in targets:
        grouped.setdefault(place_of_source(target.partition("::")[0]), []).append(target)
    return [Source(names[0].partition("::")[0], tuple(names)) for names in grouped.values()]


def _in_order_of(
    targets: Sequence[str], sources: Sequence[Source], listed: Sequence[Sequence[Sequence[CaseName]]]
) -> list[tuple[Source, int, CaseName]]:
    """Every case in the order of the targets, with its source and its place in what the source's worker has loaded."""
    waiting: dict[str, list[tuple[Source, list[tuple[int, CaseName]]]]] = {}
    for source, groups in zip(sources, listed, strict=True):
        places = iter(range(sum(map(len, groups))))
        for target, group in zip(source.targets, groups, strict=True):
            waiting.setdefault(target, []).append((source, [(next(places), name) for name in group]))
    found = []
    for target in targets:
        source, cases = waiting[target].pop(0)
        found += [(source, place, name) for place, name in cases]
    return found
