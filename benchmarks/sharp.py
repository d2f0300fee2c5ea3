"""How small an error is seen: the floor of smooth ops, and one entry of a thousand that is off by 1e-7."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np

from gradcheck import report_vjp

from .measuring import Op
from .peers import PEERS, Answer, absent
from .smooth import smooth_ops
from .table import Table, Value

FLOOR = 1e-8
ERROR = 1e-7
ENTRIES = 5
SEEDS = 3


def run(small: bool) -> list[Table]:
    """One row an op: its worst floor, and how many of the planted errors each checker caught."""
    entries, seeds = (2, 1) if small else (ENTRIES, SEEDS)
    quick = [peer for peer in PEERS if peer.name != "torch slow"]
    rows: list[list[Value]] = []
    caught = dict.fromkeys(["gradcheck", *(peer.name for peer in quick)], 0)
    for op, inputs in smooth_ops():
        floors = [report_vjp(op, *inputs, seed=seed).worst_floor for seed in range(SEEDS)]
        here = dict.fromkeys(caught, 0)
        places = spread(inputs[0].size, entries)
        missed = 0.0
        for place in places:
            wrong = bent(op, place)
            for seed in range(seeds):
                seen = report_vjp(wrong, *inputs, seed=seed).verdict == "wrong"
                here["gradcheck"] += seen
                missed = missed if seen else max(missed, share(op, inputs, place, seed))
            for peer in quick:  # the direction is theirs to draw: they draw the same at every call
                here[peer.name] += seeds * (peer.judge(wrong, inputs) is Answer.REJECTS)
        for name, count in here.items():
            caught[name] += count
        asked = len(places) * seeds
        counts = [f"{count} of {asked}" for count in here.values()]
        rows.append([op.__name__, max(floors), max(floors) < FLOOR, missed or None, *counts])
    asked = len(rows) * entries * seeds
    worst = max(float(str(row[1])) for row in rows)
    rows.append(["all", worst, worst < FLOOR, None, *(f"{count} of {asked}" for count in caught.values())])
    columns = ["op", "worst floor", f"below {FLOOR:g}", "largest share missed", *(f"{name} caught" for name in caught)]
    notes = [
        f"caught: a relative error of {ERROR:g} in one entry of the first input's gradient (about a thousand "
        f"entries), {entries} entries, {seeds} seeds; the floor is the worst over arguments and {SEEDS} seeds.",
        "share: of that entry in sum |g x| over its array, at the cotangent of the check; what an error in one entry "
        "does to the whole. A dash where we missed nothing.",
        *absent(),
    ]
    return [Table("Sharpness on smooth ops, float64", columns, rows, notes)]


def spread(size: int, entries: int) -> Sequence[int]:
    """Entries at random places, the same ones at every run."""
    return [int(entry) for entry in np.random.default_rng(size).choice(size, entries, replace=False)]


def share(op: Op, inputs: Sequence[Any], place: int, seed: int) -> float:
    """What one entry contributes to the claim of the check at this seed."""
    asked: list[Any] = []

    @functools.wraps(op)
    def listening(*arrays: Any) -> tuple[Any, Op]:
        y, vjp = op(*arrays)

        def listening_vjp(dy: Any) -> Any:
            gradients = vjp(dy)
            asked.append(np.abs(gradients[0] * inputs[0]))
            return gradients

        return y, listening_vjp

    report_vjp(listening, *inputs, seed=seed)
    return float(asked[0].flat[place] / asked[0].sum())


def bent(op: Op, entry: int) -> Op:
    """The same op with one entry of its first gradient off by a relative error."""

    @functools.wraps(op)
    def bent_op(*inputs: Any) -> tuple[Any, Op]:
        y, vjp = op(*inputs)

        def bent_vjp(dy: Any) -> tuple[Any, ...]:
            first, *others = vjp(dy)
            first = np.array(first)
            first.flat[entry] *= 1 + ERROR
            return (first, *others)

        return y, bent_vjp

    return bent_op
