"""A chain with the arrays of GPT-2 small: 124 million numbers in 148 arrays, one nested input.

Each array of the tree is one factor of a bilinear form, tanh(a . W . b / sqrt(size)), so that the forward passes
over memory about once and the backward fills every entry of the gradient. One array's gradient is then made
wrong, and has to be found among the 148.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from gradcheck import Report, report_vjp
from gradcheck.errors import UsageError

from .measuring import Op, counted, numpy_peak, seconds
from .table import Table, Value

Array = Any
BLOCKS = 12
WRONG = ("blocks", 7, "mlp_in", "weight")


def run(small: bool) -> list[Table]:
    """Judge the right tree and the one with a wrong array, as one nested input."""
    width, words, places = (24, 500, 64) if small else (768, 50257, 1024)
    params = gpt2(width, words, places)
    x = np.random.default_rng(1).normal(size=4 * width)
    leaves = list(leaves_of(params))
    count = sum(leaf.size for leaf in leaves)
    rows: list[list[Value]] = []
    notes = [
        f"{count:,} numbers in {len(leaves)} arrays, float64, {8 * count / 1e9:.3g} GB; memory: the most that NumPy "
        "held beyond the inputs, over their bytes.",
        f"wrong array: the gradient of params{path(WRONG)} is too large by 1e-3.",
    ]
    try:
        rows.append(measure("nested, right", chain(), (params, x), 8 * count))
        rows.append(measure("nested, one wrong array", chain(WRONG), (params, x), 8 * count))
    except UsageError as refusal:
        notes.append(f"Nested inputs left out: {refusal}")
    rows.append(measure(f"{len(leaves)} arguments, right", flat(chain(), params), (*leaves, x), 8 * count))
    columns = ["gradient", "verdict", "worst floor", "named", "forwards", "backwards", "seconds", "memory"]
    return [Table("A tree of arrays like GPT-2 small, one check", columns, rows, notes)]


def measure(name: str, op: Op, inputs: tuple[Any, ...], size: int) -> list[Value]:
    """One row: a single check, because the arrays are so large that tracing their allocations costs no time."""
    counting, calls = counted(op)
    reports: list[Report] = []
    times: list[float] = []

    def check() -> None:
        reports.append(report_vjp(counting, *inputs))

    memory = numpy_peak(lambda: times.append(seconds(check))) / size
    report = reports[0]
    named = report.errors[0].argument if report.errors else None
    return [name, str(report.verdict), report.worst_floor, named, calls.forwards, calls.backwards, times[0], memory]


def flat(op: Op, params: Any) -> Op:
    """The same op with every array an argument of its own, and the vector behind them."""

    def flat_op(*arrays: Array) -> tuple[Array, Op]:
        y, vjp = op(refill(params, iter(arrays[:-1])), arrays[-1])

        def flat_vjp(dy: Array) -> tuple[Array, ...]:
            dparams, dx = vjp(dy)
            return (*leaves_of(dparams), dx)

        return y, flat_vjp

    return flat_op


def gpt2(width: int, words: int, places: int) -> dict[str, Any]:
    """The arrays of GPT-2, by their shapes alone."""
    rng = np.random.default_rng(0)

    def affine(inputs: int, outputs: int) -> dict[str, Array]:
        return {"weight": rng.normal(size=(inputs, outputs)), "bias": rng.normal(size=outputs)}

    def norm() -> dict[str, Array]:
        return {"weight": rng.normal(size=width), "bias": rng.normal(size=width)}

    return {
        "wte": rng.normal(size=(words, width)),
        "wpe": rng.normal(size=(places, width)),
        "blocks": [
            {
                "norm_1": norm(),
                "attention_in": affine(width, 3 * width),
                "attention_out": affine(width, width),
                "norm_2": norm(),
                "mlp_in": affine(width, 4 * width),
                "mlp_out": affine(4 * width, width),
            }
            for _ in range(BLOCKS)
        ],
        "norm": norm(),
    }


def chain(wrong: tuple[Any, ...] | None = None) -> Op:
    """The op: one number for each array, and a gradient that is off by 1e-3 in the array at ``wrong``."""

    def chain_op(params: Any, x: Array) -> tuple[Array, Op]:
        forms = [bilinear(leaf, x) for leaf in leaves_of(params)]
        y = np.tanh([value for value, _, _, _ in forms])

        def chain_vjp(dy: Array) -> tuple[Any, Array]:
            ds = dy * (1 - y**2)
            dx = np.zeros_like(x)
            gradients = []
            for slope, leaf, (_, left, right, scale) in zip(ds, leaves_of(params), forms, strict=True):
                gradients.append((slope * scale * np.multiply.outer(left, right)).reshape(leaf.shape))
                dx[: right.size] += slope * scale * (left @ leaf.reshape(left.size, -1))
            dparams = refill(params, iter(gradients))
            if wrong is not None:
                leaf = dparams
                for key in wrong:
                    leaf = leaf[key]
                leaf *= 1.001
            return dparams, dx

        return y, chain_vjp

    return chain_op


def bilinear(leaf: Array, x: Array) -> tuple[float, Array, Array, float]:
    """left . leaf . x scaled to about 1, with the two vectors and the scale for the way back."""
    table = leaf.reshape(-1, leaf.shape[-1])
    left, right, scale = np.sin(1.0 + np.arange(len(table))), x[: table.shape[1]], 1 / math.sqrt(leaf.size)
    return float(left @ table @ right) * scale, left, right, scale


def leaves_of(tree: Any) -> Iterator[Array]:
    """The arrays of nested dicts and lists; dicts by sorted key, because not everybody keeps their order."""
    if isinstance(tree, dict | list):
        for branch in [tree[name] for name in sorted(tree)] if isinstance(tree, dict) else tree:
            yield from leaves_of(branch)
    else:
        yield tree


def refill(tree: Any, leaves: Iterator[Array]) -> Any:
    """The same nesting with other arrays."""
    if isinstance(tree, dict):
        return {name: refill(tree[name], leaves) for name in sorted(tree)}
    if isinstance(tree, list):
        return [refill(branch, leaves) for branch in tree]
    return next(leaves)


def path(keys: tuple[Any, ...]) -> str:
    """The keys as Python writes them."""
    return "".join(f"[{key!r}]" for key in keys)
