"""Judge the cases of a run one after another and say what happens."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from gradcheck.check import judge_case
from gradcheck.errors import UsageError
from gradcheck.protocol import Case
from gradcheck.protocol.place import place_of
from gradcheck.report import Report, Verdict
from gradcheck.report.events import CaseDone, CaseName, Event, ExampleJudged, RunDone, RunStarted

from .remembered import Remembered
from .token import same_named, write_token


def judge_all(
    targets: Sequence[tuple[str, Case]],
    examples: int,
    seed: int,
    emit: Callable[[Event], None],
    ask: Callable[..., Report] = judge_case,
) -> RunDone:
    """Judge cases by ``ask``, each beside where it is from, and hand every event to ``emit``; return the last one."""
    cases = [_name(targets, target, case) for target, case in targets]
    remembered = Remembered()
    done: list[CaseDone] = []
    interrupted = False
    start = time.monotonic()
    emit(RunStarted(tuple(cases), examples, seed))
    try:
        for name, (target, case) in zip(cases, targets, strict=True):
            first = remembered.examples(target, case, name.number)
            on_example = partial(emit, ExampleJudged(name))
            found = _judge(partial(ask, case, examples, seed, on_example, first=first), name)
            token = _token(found, case, seed)
            if found.report is not None:
                wrong = found.report.verdict is Verdict.WRONG
                remembered.keep(target, case, name.number, token if wrong else None)
            done.append(_replayable(found, token))
            emit(done[-1])
    except KeyboardInterrupt:
        interrupted = True
    end = RunDone(len(cases), tuple(done), time.monotonic() - start, interrupted)
    emit(end)
    return end


def _name(targets: Sequence[tuple[str, Case]], target: str, case: Case) -> CaseName:
    number = same_named([other for where, other in targets if where == target], case)
    file, line = place_of(case.op) or (None, None)
    return CaseName(target, str(case), number, file, line)


def _judge(ask: Callable[[], Report], name: CaseName) -> CaseDone:
    start = time.monotonic()
    try:
        report = ask()
    except UsageError as error:
        return CaseDone(name, time.monotonic() - start, error=str(error))
    except SystemExit as error:
        return CaseDone(name, time.monotonic() - start, error=f"the op called exit({error.code})")
    except Exception:  # noqa: BLE001 - a fault of gradcheck must not look like a verdict
        fault = f"a fault in gradcheck itself:\n{traceback.format_exc()}"
        return CaseDone(name, time.monotonic() - start, error=fault)
    return CaseDone(name, time.monotonic() - start, report)


def _token(done: CaseDone, case: Case, seed: int) -> str | None:
    """What makes the example of a report again, where there is one to be made."""
    if done.report is None or done.report.verdict is Verdict.CORRECT:
        return None
    return write_token(done.case.target, case, done.case.number, done.report, seed)


def _replayable(done: CaseDone, token: str | None) -> CaseDone:
    """The case whose report says how to see it again from the command line."""
    if done.report is None or token is None:
        return done
    return replace(done, report=replace(done.report, reproduce=f"gradcheck replay {token}"))
