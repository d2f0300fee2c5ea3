"""One case judged, in whatever process this is: everything that may come of it as data."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace

from gradcheck.check import judge_case
from gradcheck.errors import UsageError
from gradcheck.protocol import Case
from gradcheck.protocol.deadline import clock
from gradcheck.report import Report, Verdict
from gradcheck.report.events import CaseName
from gradcheck.workers.uncalled import uncalled

from .messages import Asked, Judged
from .remembered import examples_of
from .token import write_token

OURS = "a fault in gradcheck itself"
"""How the sentence begins where nothing of the user's has failed."""


def judge_one(
    case: Case,
    name: CaseName,
    asked: Asked,
    tokens: Sequence[str],
    on_example: Callable[[], object],
    on_wrong: Callable[[Judged], object] = lambda _: None,
) -> Judged:
    """Judge a case, first at the examples of the tokens that it still has.

    ``on_wrong`` is told of a wrong one as soon as it is known, before anybody looks for its line and its cause.

    KeyboardInterrupt alone passes: in this process it may be the user who presses Ctrl-C.
    """
    hangs = clock.hangs
    try:
        report = judge_case(
            case,
            asked.examples,
            asked.seed,
            on_example,
            timeout=asked.seconds,
            least_examples=asked.least,
            first=examples_of(tokens, case),
            on_wrong=lambda report: on_wrong(_replayable(report, case, name, asked)),
        )
    except UsageError as error:
        return Judged(error=str(error))
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - a fault of gradcheck must not look like a verdict
        if said := uncalled(error):
            return Judged(error=f"no verdict: {said}", fresh=True)
        return Judged(error=f"{OURS}:\n{traceback.format_exc()}", fresh=True)
    return replace(_replayable(report, case, name, asked), fresh=clock.hangs > hangs)


def _replayable(report: Report, case: Case, name: CaseName, asked: Asked) -> Judged:
    """A report that says how to see its example again from the command line, where there is one to be seen."""
    if report.verdict is Verdict.CORRECT:
        return Judged(report)
    token = write_token(name.target, case, name.number, report, asked.seed)
    if token is None:
        return Judged(report)
    return Judged(replace(report, reproduce=f"gradcheck replay {token}"), token)
