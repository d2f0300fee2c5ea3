"""A ladder of lengths, asked on purpose: each axis in turn at lengths far apart, with terms of one sign.

Terms of one sign leave a sum no room to hide what it has absorbed, and its size no room to scatter: how an error grows
with the length can be read off few examples. Only the tensors are measured there; the laws are asked elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product

import numpy as np

from gradcheck.numerics.precision import widened
from gradcheck.numerics.tolerance import Array
from gradcheck.precision import Seen, is_left_behind
from gradcheck.protocol import Case, Failure, Reals, name_inputs, quiet
from gradcheck.protocol.dtypes import as_dtype, is_low
from gradcheck.trial import Trial
from gradcheck.trial.measuring import measure

from .example import Example, can_be_drawn, draw_inputs
from .limits import GLANCES, RUNG_ENTRIES, RUNG_SIDE, RUNGS, TURNS
from .memory import is_too_large
from .options import nth_options
from .tally import Tally


def climb(case: Case, seed: int, tally: Tally) -> Iterator[None]:
    """Measure rungs and hand them to the tally; between two of them the caller may end.

    The longest is looked at first: an axis along which nothing is left behind there is not climbed.
    """
    assert case.parsed is not None
    for name in case.parsed.names:
        lengths = [length for length in RUNGS if _fits(case, _rung(case, name, length, seed))]
        first = [(length, turn) for length in lengths[-1:] for turn in range(GLANCES)]
        for length, turn in first:
            _measure(case, _rung(case, name, length, seed + turn), name, tally)
            yield
        if any(is_left_behind(seen, name) for seen in tally.rows.seen.values()):
            for length, turn in product(lengths, range(TURNS)):
                if (length, turn) not in first:
                    _measure(case, _rung(case, name, length, seed + turn), name, tally)
                    yield


def is_climbed(case: Case) -> bool:
    """Whether a case has such lengths, and a yardstick to leave behind."""
    return case.parsed is not None and case.witness is not None and is_low(as_dtype(case.dtype))


def _rung(case: Case, name: str, length: int, seed: int) -> Example:
    assert case.parsed is not None
    sizes = {**dict.fromkeys(case.parsed.names, RUNG_SIDE), name: length}
    loops = tuple(() for _ in case.parsed.inputs) if case.broadcast else ()
    return Example(sizes, seed, options=nth_options(case, seed), loops=loops)


def _fits(case: Case, rung: Example) -> bool:
    assert case.parsed is not None
    shapes = [*case.parsed.input_shapes(rung.sizes, rung.loops), *case.parsed.output_shapes(rung.sizes)]
    small = max(map(math.prod, shapes), default=1) <= RUNG_ENTRIES
    return small and can_be_drawn(case, rung) and not is_too_large(case, rung)


def _measure(case: Case, rung: Example, name: str, tally: Tally) -> None:
    with quiet():
        trial = _started(case, rung)
        measured = None if trial is None or trial.golden is None else measure(trial, trial.golden, samples=0)
    if trial is not None:
        tally.forwards += trial.forwards
        tally.backwards += trial.backwards
    if measured is not None:
        tally.rows.climb(Seen(gate.row, {name: rung.sizes[name]}, rung=True) for gate in measured.gates)


def _started(case: Case, example: Example) -> Trial | None:
    """The op at inputs and a cotangent of one sign, where their domains allow it."""
    names = name_inputs(case.op, len(case.parsed.inputs) if case.parsed else 0, case.options or ())
    inputs = [
        _of_one_sign(x) if (case.domains or {}).get(name, Reals()) == Reals() else x
        for name, x in zip(names, draw_inputs(case, example), strict=True)
    ]
    trial = Trial.start(case, case.read(inputs, example.options), example.options, example.seed)
    if isinstance(trial, Failure) or not trial.finite:
        return None
    trial.given = tuple(_of_one_sign(u, at_most=1.0) for u in trial.draw_cotangents())
    leaves = trial.raw if isinstance(trial.raw, Failure) else trial.raw_leaves
    return None if isinstance(leaves, Failure) else trial


def _of_one_sign(array: Array, at_most: float = 0.0) -> Array:
    """From a half on; or at most so much, so that a sum of thousands stays in the range of float16."""
    if array.dtype.kind == "i" or not array.size:
        return array
    size = np.abs(widened(array))
    return np.asarray(size * (at_most / size.max()) if at_most else size + 0.5).astype(array.dtype)
