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
from gradcheck.report import Report, Verdict
from gradcheck.report.events import CaseDone, CaseName, Event, ExampleJudged, RunDone, RunStarted

from .remembered import Remembered
from .token import same_named, write_token


class Enough(Exception):
    """Raised by ``emit`` to end a run before its last case."""


def judge_all(
    targets: Sequence[tuple[str, Case]],
    examples: int,
    seed: int,
    emit: Callable[[Event], None],
    ask: Callable[..., Report] = judge_case,
) -> RunDone:
    """Judge cases by ``ask``, each beside where it is from, and hand every event to ``emit``; return the last one."""
    cases = [CaseName(target, str(case), _number(targets, target, case)) for target, case in targets]
    remembered = Remembered()
    done: list[CaseDone] = []
    interrupted = False
    start = time.monotonic()
    emit(RunStarted(tuple(cases), examples, seed))
    try:
        for name, (_, case) in zip(cases, targets, strict=True):
            done.append(judge_one(name, case, examples, seed, emit, ask, remembered))
            emit(done[-1])
    except Enough:
        pass
    except KeyboardInterrupt:
        interrupted = True
    end = RunDone(len(cases), tuple(done), time.monotonic() - start, interrupted)
    emit(end)
    return end


def judge_one(
    name: CaseName,
    case: Case,
    examples: int,
    seed: int,
    emit: Callable[[Event], None] = lambda event: None,
    ask: Callable[..., Report] = judge_case,
    remembered: Remembered | None = None,
) -> CaseDone:
    """Judge one case, first of all at the failure that it had when it was judged last, and remember the new one."""
    remembered = remembered or Remembered()
    first = remembered.examples(name.target, case, name.number)
    found = _judge(partial(ask, case, examples, seed, partial(emit, ExampleJudged(name)), first=first), name)
    token = _token(found, case, seed)
    if found.report is not None:
        wrong = found.report.verdict is Verdict.WRONG
        remembered.keep(name.target, case, name.number, token if wrong else None)
    return _replayable(found, token)


def _number(targets: Sequence[tuple[str, Case]], target: str, case: Case) -> int:
    return same_named([other for where, other in targets if where == target], case)


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
