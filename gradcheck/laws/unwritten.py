"""Entries that nobody has written: they hold what memory held before, and are no function of the inputs.

The memory that a call gets is filled with a mark: `numpy.empty` fills what it makes, an adapter may offer
``marked(mark)``, in which its framework does, and for what is made empty elsewhere (``where=`` without ``out=``) there
is memory that was let go of just before, which NumPy hands out again. An entry that is one mark at one call and another
at the next was never written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from gradcheck.numerics.precision import widened
from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Failure, offered
from gradcheck.protocol.dtypes import is_inexact
from gradcheck.trial import Trial

from .limits import BLOCKS, LARGE, MARKS, MARKS_OF_FEW, ROUNDS

CAUSE = "memory from empty() or empty_like(), or from a ufunc with where= and no out=, of which not all is written"


NAME = "stale"
"""The cause by name, as of everything that was there before."""


@dataclass(frozen=True)
class Unwritten:
    """An entry, what it was at two calls, and how many there are of how many; ``position`` is that of its array."""

    position: int
    index: tuple[int, ...]
    marks: tuple[float, float]
    entries: int
    of: int

    @property
    def said(self) -> str:
        """In words."""
        first, second = self.marks
        return (
            f"is what memory held before, {first:.6g} where that was written there and {second:.6g} at the next call, "
            f"where that was ({self.entries} of {self.of} {'entry' if self.of == 1 else 'entries'})"
        )


def marks_of(trial: Trial) -> tuple[float, float]:
    """Two numbers that every dtype in play holds exactly, and so large that what is added to them is absorbed."""
    narrow = any(x.dtype == np.float16 for x in (*trial.inputs, *trial.outputs))
    return MARKS_OF_FEW if narrow else MARKS


@contextmanager
def marked(trial: Trial, mark: float) -> Iterator[None]:
    """Where what NumPy and the framework of the op make empty holds the mark."""
    fill = offered(trial.case.op, "marked")
    empty, empty_like = np.empty, np.empty_like
    of_numpy: Any = np
    of_numpy.empty = partial(_filled, empty, mark)
    of_numpy.empty_like = partial(_filled, empty_like, mark)
    try:
        with nullcontext() if fill is None else fill(mark):
            yield
    finally:
        of_numpy.empty, of_numpy.empty_like = empty, empty_like


def _filled(make: Callable[..., Array], mark: float, *given: Any, **options: Any) -> Array:
    made = make(*given, **options)
    if is_inexact(made.dtype):
        made.fill(mark)
    return made


def leave_behind(trial: Trial, mark: float) -> None:
    """Let go of memory of the sizes of inputs and outputs that holds the mark; who asks NumPy for it next gets it."""
    kinds = {(x.size, x.dtype) for x in (*trial.inputs, *trial.outputs) if is_inexact(x.dtype) and x.size <= LARGE}
    held = [np.empty(size, dtype) for size, dtype in kinds for _ in range(BLOCKS)]
    for block in held:
        block.fill(mark)
    held.clear()


def holds(arrays: Sequence[Array | None], mark: float) -> bool:
    """Whether an entry of one of them is the mark."""
    return any(x is not None and bool((widened(x) == mark).any()) for x in arrays)


def unwritten_outputs(trial: Trial) -> Unwritten | None:
    """Of the forward."""

    def ask(mark: float) -> Sequence[Array | None] | None:
        leave_behind(trial, mark)
        with marked(trial, mark):
            outputs = trial.outputs_of(trial.call())
        return None if outputs is None else [np.array(y) for y in outputs]

    return _found(trial, ask)


def unwritten_gradients(trial: Trial) -> Unwritten | None:
    """Of the backward of a fresh call."""

    def ask(mark: float) -> Sequence[Array | None] | None:
        with marked(trial, mark):
            answer = trial.call()
            cotangents = [np.array(u) for u in trial.cotangents]
            leave_behind(trial, mark)
            gradients = None if isinstance(answer, Failure) else trial.ask_with(answer, cotangents)
        return None if gradients is None else [None if g is None else np.array(g) for g in gradients]

    return _found(trial, ask)


def _found(trial: Trial, ask: Callable[[float], Sequence[Array | None] | None]) -> Unwritten | None:
    for _ in range(ROUNDS):
        marks = marks_of(trial)
        answers = [ask(mark) for mark in marks]
        if answers[0] is None or answers[1] is None:
            return None
        for position, pair in enumerate(zip(*answers, strict=True)):
            if pair[0] is None or pair[1] is None or not is_inexact(pair[0].dtype):
                continue
            there = np.ones(pair[0].shape, bool)
            for array, mark in zip(pair, marks, strict=True):
                there &= widened(array) == mark
            if there.any():
                index = tuple(int(i) for i in np.argwhere(there)[0])
                return Unwritten(position, index, marks, int(there.sum()), there.size)
    return None
