"""One planted bug in one kernel: what is said of it here, and by the comparisons that kernel projects use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from gradcheck.adapters import from_torch
from gradcheck.generation.example import Example, draw_inputs
from gradcheck.generation.search import search
from gradcheck.numerics.precision import widened
from gradcheck.report import Report

from .kernels_planted import Bug, planted
from .kernels_right import Kernel

EXAMPLES = 40
SIZE = 16  # of each axis, where others are asked
RMS_RATIO = 0.01  # of flash-linear-attention: under it a failure is a warning
TWICE, PLUS = 2.0, 3e-5  # of flash-attention: twice the error of PyTorch in the dtype, and so much
NOTHING = 1e-12  # of a gradient in float64: its rounding


@dataclass(frozen=True)
class Said:
    """What each says; ``why`` is of what is missed here: how far off it is, and how far the yardstick."""

    ours: bool
    close: bool
    twice: bool
    rms: bool
    verdict: str
    why: str

    def sides(self) -> tuple[bool, ...]:
        """In the order of the columns."""
        return self.ours, self.close, self.twice, self.rms


def asked(kernel: Kernel, dtype: str, bug: Bug) -> dict[str, Any] | None:
    """As plain data; None where the bug changes no number in this kernel."""
    op = planted(kernel.right(dtype), bug, kernel.signature)
    report = search(kernel.case(dtype, op), EXAMPLES, 0, verdict_only=True)
    wrong = report.verdict == "wrong"
    if not wrong and not _changes(kernel, dtype, bug):
        return None  # the same numbers: no bug here
    close, twice, rms = _usual(kernel, dtype, bug)
    return vars(Said(wrong, close, twice, rms, report.verdict.value, "" if wrong else _why(report)))


def _why(report: Report) -> str:
    """Of the gradient that has the bug, where it came closest."""
    row = next(row for row in report.rows if row.argument is not None)
    return (
        f"at the point where most is missing off by {row.error:.2g} (rms) and {row.worst:.2g} (worst entry), the "
        f"yardstick by {row.yardstick:.2g} and {row.yardstick_worst:.2g}: {row.ratio:.2f} of what is allowed"
    )


def _answers(kernel: Kernel, dtype: str, op: Any) -> list[Any]:
    case = kernel.case(dtype)
    assert case.parsed is not None
    example = Example(dict.fromkeys(case.parsed.names, SIZE), seed=7)
    inputs = draw_inputs(kernel.case("float32" if dtype == "float64" else dtype), example)
    if dtype == "float64":
        inputs = tuple(x.astype(np.float64) if x.dtype.kind == "f" else x for x in inputs)
    y, vjp = op(*(np.array(x) for x in inputs))
    rng = np.random.default_rng(1)
    vjp(rng.normal(size=np.shape(y)).astype(y.dtype))  # of what is kept from one call to the next
    return [widened(g) for g in vjp(rng.normal(size=np.shape(y)).astype(y.dtype)) if g is not None]


def _usual(kernel: Kernel, dtype: str, bug: Bug) -> tuple[bool, bool, bool]:
    """`assert_close`, twice the error of PyTorch, the ratio of root mean squares: at one usual point."""
    close = twice = rms = False
    mine = _answers(kernel, dtype, planted(kernel.right(dtype), bug, kernel.signature))
    theirs = _answers(kernel, dtype, from_torch(kernel.twin))
    narrow = draw_narrow(kernel, dtype)
    for a, b, golden in zip(mine, theirs, narrow, strict=True):
        left, right = (torch.from_numpy(x).to(getattr(torch, dtype)) for x in (a, b))
        try:
            torch.testing.assert_close(left, right, equal_nan=True)
        except AssertionError:
            close = True
        twice |= not np.abs(a - golden).max() <= TWICE * np.abs(b - golden).max() + PLUS
        rms |= not np.sqrt(np.mean((a - b) ** 2)) <= RMS_RATIO * np.sqrt(np.mean(b**2))
    return close, twice, rms


def draw_narrow(kernel: Kernel, dtype: str) -> list[Any]:
    """The gradients of the twin in float64, at the same inputs and cotangents of this dtype."""
    case = kernel.case(dtype)
    assert case.parsed is not None
    inputs = draw_inputs(case, Example(dict.fromkeys(case.parsed.names, SIZE), seed=7))
    rng = np.random.default_rng(1)
    y, vjp = from_torch(kernel.twin)(*(widened(x) if x.dtype.kind != "i" else x for x in inputs))
    low = np.asarray(inputs[0]).dtype
    rng.normal(size=np.shape(y))
    dy = rng.normal(size=np.shape(y)).astype(low)
    return [widened(g) for g in vjp(widened(dy)) if g is not None]


def _changes(kernel: Kernel, dtype: str, bug: Bug) -> bool:
    """Whether the bug changes a gradient at the usual point: a bit where it rounds, else more than float64's rounding.

    A mean that is taken off what adds up to zero changes nothing.
    """
    at, least = (dtype, 0.0) if bug.rounds else ("float64", NOTHING)
    none = Bug("none", lambda state, gradient: gradient)
    pairs = zip(
        *(_answers(kernel, at, planted(kernel.right(dtype), one, kernel.signature)) for one in (bug, none)), strict=True
    )
    return any(float(np.abs(a - b).max()) > least * float(np.abs(b).max()) for a, b in pairs)
