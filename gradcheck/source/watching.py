"""Which Python functions run in the forward of a case and which in its vjp."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from functools import partial
from types import CodeType, FrameType
from typing import Any

import numpy as np

from gradcheck.generation import draw_inputs
from gradcheck.generation.planned import planned
from gradcheck.numerics import as_native, draw_cotangents
from gradcheck.numerics.real import reals
from gradcheck.protocol import Answer, Case, Failure, call_op, call_vjp, quiet
from gradcheck.protocol.surroundings import profile_by

from .file import UnreachableSourceError


def functions_run(call: Callable[[], Any]) -> tuple[Any, list[CodeType]]:
    """What a call returns, and every Python function that ran during it, outermost first."""
    ran: dict[CodeType, None] = {}

    def profile(frame: FrameType, event: str, argument: object) -> None:
        if event == "call":
            ran.setdefault(frame.f_code)

    before, collecting = sys.getprofile(), gc.isenabled()
    gc.disable()  # what the collector finalizes meanwhile is no part of the call
    sys.setprofile(profile)
    try:
        answer = call()
    finally:
        profile_by(before)
        if collecting:
            gc.enable()
    return answer, list(ran)


def watched(
    case: Case, options: dict[str, Any], seed: int, *, raising: bool = False
) -> tuple[list[CodeType], list[CodeType]]:
    """The functions that ran in the forward, and in the backward, at the first ordinary example that has both.

    Everything is called once before it is watched: what a first call imports is no part of the op. With ``raising`` a
    backward that raises everywhere will do, up to where it did.
    """
    raised: tuple[list[CodeType], list[CodeType]] | None = None
    for example in planned(case, {}, 20, seed):
        inputs = draw_inputs(case, example)
        with quiet():
            unwatched = call_op(case.op, inputs, options)
            if isinstance(unwatched, Failure):
                continue
            if isinstance(call_vjp(unwatched.vjp, cotangent_of(unwatched, seed)), Failure) and not raising:
                continue
            answer, forward = functions_run(partial(call_op, case.op, inputs, options))
            if isinstance(answer, Failure):
                continue
            raw, backward = functions_run(partial(call_vjp, answer.vjp, cotangent_of(answer, seed)))
            if not isinstance(raw, Failure):
                return forward, backward
            raised = raised or (forward, backward)
    if raising and raised is not None:
        return raised
    raise UnreachableSourceError("it raises wherever it was asked: mend that first")


def watched_second(case: Case, seed: int) -> list[CodeType]:
    """The functions that only the vjp of ``op.second`` runs, where a case claims second derivatives."""
    second = getattr(case.op, "second", None)
    if case.order != 2 or not callable(second):
        return []
    for example in planned(case, {}, 20, seed):
        inputs = draw_inputs(case, example)
        with quiet():
            first = call_op(case.op, inputs, example.options)
            if isinstance(first, Failure):
                continue
            both = (*inputs, cotangent_of(first, seed))
            answer, forward = functions_run(partial(call_op, second, both, example.options))
            if not isinstance(answer, Failure):
                _, backward = functions_run(partial(call_vjp, answer.vjp, cotangent_of(answer, seed)))
                return [code for code in backward if code not in forward]
    return []


def cotangent_of(answer: Answer, seed: int) -> Any:
    """One cotangent of the output, in its structure and dtypes."""
    u = draw_cotangents(np.random.default_rng(seed), reals(answer.outputs))
    return answer.pack([as_native(c, y.dtype) for c, y in zip(u, answer.outputs, strict=True)])
