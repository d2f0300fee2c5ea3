"""A backward that exists in few digits only, beside the forward of its twin in float64: slopes are read off that one.

What is wrong with it by more than rounding is then found as for any other op, at half of the digits of its dtype.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from gradcheck.adapters.twin import twin_op
from gradcheck.numerics.precision import widened
from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Case, Failure, call_op, name_inputs
from gradcheck.protocol.dtypes import is_low
from gradcheck.trial import Trial

from .hypothesis import Claim, Hypothesis
from .view import View


def beside_twin(
    case: Case, inputs: Sequence[Any], options: Mapping[str, Any], seed: int
) -> tuple[Case, tuple[Any, ...]] | None:
    """A case in float64 of the twin's forward and the op's own backward; None where there is no twin, or no need.

    Inputs are plain arrays: what is nested is left as it is.
    """
    if case.witness is None or not all(isinstance(x, np.ndarray) for x in inputs):
        return None
    dtypes = [x.dtype for x in inputs]
    if not any(map(is_low, dtypes)):
        return None
    trial = Trial.start(case, case.read(inputs, options), options, seed)
    if isinstance(trial, Failure) or trial.golden is None or trial.golden.own:
        return None
    forward = twin_op(case.witness, case.op)
    narrow = [y.dtype for y in trial.outputs]

    def wide(*arrays: Array, **chosen: Any) -> tuple[Any, Any]:
        y, _ = forward(*arrays, **chosen)

        def wide_vjp(dy: Any) -> Any:
            answer = call_op(case.op, [x.astype(dtype) for x, dtype in zip(arrays, dtypes, strict=True)], chosen)
            if isinstance(answer, Failure):
                raise answer.error
            given = dy if isinstance(dy, tuple) else (dy,)
            cotangents = [u.astype(dtype) for u, dtype in zip(given, narrow, strict=True)]
            gradients = answer.vjp(answer.pack(cotangents))
            return tuple(None if g is None else widened(np.asarray(g)) for g in gradients)

        return y, wide_vjp

    wide.__signature__ = _named(case, len(inputs))  # type: ignore[attr-defined]
    arrays = tuple(widened(x) for x in inputs)
    signature = None if case.parsed is None else case.parsed.text
    return Case(wide, signature, inputs=arrays, name=str(case), options=case.options, broadcast=case.broadcast), arrays


def _named(case: Case, count: int) -> inspect.Signature:
    """Parameters by which the inputs go by the same names."""
    names = name_inputs(case.op, count, case.options or ())
    options = inspect.Parameter("options", inspect.Parameter.VAR_KEYWORD)
    if all(name.isidentifier() for name in names):
        return inspect.Signature([*(inspect.Parameter(n, inspect.Parameter.POSITIONAL_ONLY) for n in names), options])
    rest = names[0].partition("[")[0]  # `inputs[0]`
    kind = inspect.Parameter.VAR_POSITIONAL
    return inspect.Signature([inspect.Parameter(rest if rest.isidentifier() else "args", kind), options])


def closed(hypotheses: Sequence[Hypothesis]) -> list[Hypothesis]:
    """The same, of which only claims are made that give every number: at few digits what is fitted fits by accident."""
    return [replace(one, propose=partial(_closed, one)) for one in hypotheses]


def _closed(hypothesis: Hypothesis, view: View) -> Iterator[Claim]:
    return (claim for claim in hypothesis.propose(view) if not claim.open_ends)
