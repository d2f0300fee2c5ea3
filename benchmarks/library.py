"""Each op of manual_bp, forward and vjp, beside torch's function and autograd: seconds, and errors in float32."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

import numpy as np

import manual_bp
from manual_bp._broadcasting import broadcast_inputs, operands
from manual_bp._validation import cotangent, float_array, float_arrays, float_inputs
from manual_bp.losses._reduction import check_reduction

from .library_layer_rows import LAYER_ROWS
from .library_rows import ROWS, Inputs, Row
from .table import Table, Value

REPETITIONS = 15
SECONDS_A_ROUND = 2e-3  # of calls in a row: enough that the clock does not count
SLOWER = 1.5  # times torch: from there on a row says why
DTYPES = ("float32", "float64")
POINTS = 5  # whose errors are put together


def run(small: bool) -> list[Table]:
    """Seconds and errors of every row; one thread each."""
    import torch

    torch.set_num_threads(1)
    rows = [*ROWS, *LAYER_ROWS]
    rows = rows[::6] if small else rows
    return [_seconds(rows, 3 if small else REPETITIONS), _errors(rows)]


def _seconds(rows: Sequence[Row], repetitions: int) -> Table:
    shown: list[list[Value]] = []
    slow = 0
    for row in rows:
        ratios: list[Value] = []
        first: list[Value] = []
        for size in (row.small, row.large):
            for dtype in DTYPES:
                inputs = _cast(row.inputs(np.random.default_rng(0), size), dtype)
                ours, theirs = _ours(row, inputs), _theirs(row, inputs)
                mine, other = interleaved((ours, theirs), repetitions)
                ratios.append(mine / other)
                if size == row.small and dtype == "float32":
                    checks, nothing = interleaved((_checks(row, inputs), _nothing), repetitions)
                    first = [1e6 * mine, 1e6 * other, (checks - nothing) / (mine - nothing)]
        above = any(isinstance(ratio, float) and ratio > SLOWER for ratio in ratios)
        slow += above
        shown.append([_name(row), *first, *ratios, "; ".join(row.reasons) if above else ""])
    sizes = ["small 32", "small 64", "large 32", "large 64"]
    notes = [
        f"Forward and vjp against the twin and torch.autograd.grad: processor time, median of {repetitions} rounds.",
        "small: 4 x 4, in float32, then in float64; large: 512 x 512, of linear algebra 128 x 128.",
        "checks: looking at inputs and cotangent, part of the first column, which holds the gathering of results too.",
        f"{slow} of {len(shown)} above {SLOWER}.",
        f"OMP_NUM_THREADS is {os.environ.get('OMP_NUM_THREADS', 'not set')}: with 1 both have one thread.",
    ]
    columns = ["op", "us", "torch us", "checks", *(f"ratio {size}" for size in sizes), f"why above {SLOWER}"]
    return Table("Library: seconds of an op and its vjp, beside torch", columns, shown, notes)


def _errors(rows: Sequence[Row]) -> Table:
    """The largest of value and gradients: root of the mean square of the error, relative to that of the right one."""
    shown: list[list[Value]] = []
    for row in rows:
        mine, other = [], []
        for seed in range(POINTS):
            inputs = _cast(row.inputs(np.random.default_rng(seed), min(row.large, 64)), "float32")
            exact = _ours(row, _cast(inputs, "float64"))()
            mine.append([max(side) for side in _off(_ours(row, inputs)(), exact)])
            other.append([max(side) for side in _off(_theirs(row, inputs)(), exact)])
        (value, gradient), (their_value, their_gradient) = (
            np.sqrt(np.mean(np.square(side), axis=0)).tolist() for side in (mine, other)
        )
        ratio = gradient / their_gradient if their_gradient else None
        shown.append([_name(row), value, their_value, gradient, their_gradient, ratio])
    notes = [
        f"At 64 x 64, over {POINTS} seeds, beside float64 of the same op, which the gate has judged.",
        "The ratio is that of the gradients; a dash: torch is exact. Of eigh the signs of the vectors differ.",
    ]
    columns = ["op", "value", "torch value", "gradients", "torch gradients", "ratio"]
    return Table("Library: errors in float32", columns, shown, notes)


def interleaved(calls: Sequence[Callable[[], object]], repetitions: int) -> list[float]:
    """Median seconds of the processor that a call of each takes, asked in turn: others on the machine count little."""
    counts = []
    for call in calls:
        call()
        start = time.process_time()
        call()
        counts.append(max(1, round(SECONDS_A_ROUND / (time.process_time() - start))))
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(repetitions):
        for place, (call, count) in enumerate(zip(calls, counts, strict=True)):
            start = time.process_time()
            for _ in range(count):
                call()
            times[place].append((time.process_time() - start) / count)
    return [statistics.median(each) for each in times]


def _ours(row: Row, inputs: Inputs) -> Callable[[], list[Any]]:
    op = getattr(manual_bp, row.op)
    dy = _cotangents(op(*inputs, **row.options)[0])

    def forward_and_vjp() -> list[Any]:
        y, vjp = op(*inputs, **row.options)
        gradients = vjp(dy)
        return [_leaves(y), _leaves(gradients)]

    return forward_and_vjp


def _theirs(row: Row, inputs: Inputs) -> Callable[[], list[Any]]:
    import torch

    def tensor(x: Any) -> Any:
        if x is None:
            return None
        if isinstance(x, tuple):
            return tuple(map(tensor, x))
        return torch.from_numpy(x).requires_grad_(x.dtype.kind == "f")

    op = getattr(import_module("reference"), row.op)
    tensors = tuple(map(tensor, inputs))
    wanted = [leaf for leaf in _leaves(tensors) if leaf.requires_grad]
    dy = [
        torch.from_numpy(np.asarray(each))
        for each in _leaves(_cotangents(getattr(manual_bp, row.op)(*inputs, **row.options)[0]))
    ]

    def forward_and_grad() -> list[Any]:
        y = _leaves(op(*tensors, **row.options))
        moving = [(value, each) for value, each in zip(y, dy, strict=True) if value.requires_grad]
        gradients = torch.autograd.grad([value for value, _ in moving], wanted, [each for _, each in moving])
        return [y, list(gradients)]

    return forward_and_grad


def _checks(row: Row, inputs: Inputs) -> Callable[[], object]:
    """What the op asks of inputs and cotangent before it computes: dtypes, and whether two inputs broadcast."""
    op = getattr(manual_bp, row.op)
    named = {f"x{place}": x for place, x in enumerate(_leaves(inputs)) if x.dtype.kind == "f"}
    x, *others = named.values()

    def of_one() -> None:
        float_array(op, x)
        cotangent(op, x, x.shape, x.dtype)

    def of_two() -> None:
        operands(op, x, others[0])
        cotangent(op, x, x.shape, x.dtype)

    def of_a_loss() -> None:
        broadcast_inputs(op, x, others[0])
        check_reduction(op, "mean", x.shape)
        cotangent(op, x, x.shape, x.dtype)

    def of_any() -> None:
        float_arrays(op, **named)
        cotangent(op, x, x.shape, x.dtype)

    def of_inputs() -> None:
        float_inputs(op, x, *others)
        cotangent(op, x, x.shape, x.dtype)

    module = import_module(op.__module__)
    if not others:
        return of_one
    if hasattr(module, "broadcast_inputs") and hasattr(module, "check_reduction"):
        return of_a_loss
    return of_two if hasattr(module, "operands") else of_inputs if hasattr(module, "float_inputs") else of_any


def _nothing() -> None:
    """What calling a function costs, which is no part of an op or its checks."""


def _cotangents(y: Any) -> Any:
    rng = np.random.default_rng(1)
    if isinstance(y, tuple):
        return tuple(map(_cotangents, y))
    return np.asarray(rng.uniform(0.5, 1.5, size=np.shape(y)), y.dtype)


def _cast(inputs: Any, dtype: str) -> Any:
    if inputs is None:
        return None
    if isinstance(inputs, tuple):
        return tuple(_cast(x, dtype) for x in inputs)
    return inputs.astype(dtype) if inputs.dtype.kind == "f" else inputs


def _leaves(tree: Any) -> list[Any]:
    if isinstance(tree, tuple | list):
        return [leaf for part in tree for leaf in _leaves(part)]
    return [] if tree is None else [tree]


def _off(found: list[list[Any]], exact: list[list[Any]]) -> list[list[float]]:
    """The relative errors of the values, and those of the gradients."""
    return [
        [_error(each, right) for each, right in zip(*sides, strict=True)] for sides in zip(found, exact, strict=True)
    ]


def _error(found: Any, right: Any) -> float:
    value = np.asarray(found.detach().numpy() if hasattr(found, "detach") else found, np.float64)
    scale = float(np.sqrt(np.mean(np.square(right))))
    return float(np.sqrt(np.mean(np.square(value - right)))) / scale if scale else 0.0


def _name(row: Row) -> str:
    return " ".join([row.op, *(f"{name}={value}" for name, value in row.options.items())])
