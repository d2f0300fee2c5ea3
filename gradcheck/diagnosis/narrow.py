"""A backward in few digits, whose slopes are read off a forward in float64: its own where it has one, else its twin's.

What is wrong with it by more than rounding is then found as for any other op: of the op in float64 as it stands, of a
backward that exists in few digits only at half of the digits of its dtype.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
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


def in_float64(
    case: Case, inputs: Sequence[Any], options: Mapping[str, Any], seed: int
) -> tuple[Case, tuple[Any, ...]] | None:
    """The same case in float64, at the same numbers; None where the op does not compute in it."""
    trial = _narrow_trial(case, inputs, options, seed)
    if trial is None or trial.golden is None or not trial.golden.own:
        return None

    def wide(*arrays: Array, **chosen: Any) -> Any:
        return case.op(*arrays, **chosen)

    return _in_float64(case, wide, inputs)


def beside_twin(
    case: Case, inputs: Sequence[Any], options: Mapping[str, Any], seed: int
) -> tuple[Case, tuple[Any, ...]] | None:
    """A case in float64 of the twin's forward and the op's own backward; None where there is no twin, or no need."""
    if case.witness is None:
        return None
    trial = _narrow_trial(case, inputs, options, seed)
    if trial is None or trial.golden is None or trial.golden.own:
        return None
    dtypes = [x.dtype for x in inputs]
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

    return _in_float64(case, wide, inputs)


def _in_float64(case: Case, op: Callable[..., Any], inputs: Sequence[Array]) -> tuple[Case, tuple[Any, ...]]:
    """A case of another op at the same numbers, under the same names."""
    op.__signature__ = _named(case, len(inputs))  # type: ignore[attr-defined]
    arrays = tuple(widened(x) for x in inputs)
    signature = None if case.parsed is None else case.parsed.text
    return Case(op, signature, inputs=arrays, name=str(case), options=case.options, broadcast=case.broadcast), arrays


def _narrow_trial(case: Case, inputs: Sequence[Any], options: Mapping[str, Any], seed: int) -> Trial | None:
    """The op at inputs of few digits; None where none has few, or where one is nested: that is left as it is."""
    if not all(isinstance(x, np.ndarray) for x in inputs) or not any(is_low(x.dtype) for x in inputs):
        return None
    trial = Trial.start(case, case.read(inputs, options), options, seed)
    return None if isinstance(trial, Failure) else trial


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
