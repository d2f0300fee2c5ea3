"""A case of few digits in float64: by the op where it computes in it, else by the twin."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np

from gradcheck.adapters.twin import twin_op
from gradcheck.errors import ConventionError
from gradcheck.protocol import Case, Failure, call_op, quiet

from .example import Example, can_be_drawn, draw_inputs
from .memory import is_too_large
from .shapes import base_loops, bounded, distinct


def in_double(case: Case, options: Mapping[str, Any]) -> Case | None:
    """The same inputs and signature in float64; None where nobody computes in it."""
    wide = replace(case, dtype="float64")
    if _answers(wide, options):
        return wide
    if case.reference is None:
        return None
    twin = replace(wide, op=_named_alike(case), order=1, signature=case.parsed.text if case.parsed else None)
    return twin if _answers(twin, options) else None


def _named_alike(case: Case) -> Any:
    """The twin under the parameters of the op, by which a case knows its inputs."""
    twin = twin_op(case.reference, case.op) if case.reference is not None else case.op

    def twin_in_double(*inputs: Any, **options: Any) -> Any:
        return twin(*inputs, **options)

    with suppress(TypeError, ValueError):  # a builtin has none
        twin_in_double.__dict__["__signature__"] = inspect.signature(case.op)
    return twin_in_double


def _answers(case: Case, options: Mapping[str, Any]) -> bool:
    """Whether the op takes float64 and returns it."""
    if case.parsed is None:
        return False
    example = Example(bounded(case, distinct(case.parsed.names)), options=options, loops=base_loops(case))
    if is_too_large(case, example) or not can_be_drawn(case, example):
        return False
    with quiet():
        try:
            answer = call_op(case.op, [np.asarray(x) for x in draw_inputs(case, example)], options)
        except ConventionError:
            return False
    return not isinstance(answer, Failure) and all(y.dtype == np.float64 for y in answer.outputs)
