"""Backwards of few digits: PyTorch's own, each with twelve planted bugs; and known ways past a verifier of kernels.

Answers are kept in ``build/kernels.jsonl`` (`kernels_kept`), so that a run that was ended goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from statistics import median
from typing import Any

import torch

from gradcheck import Case, UsageError, report_case
from gradcheck.adapters import from_torch

from . import kernels_beyond as beyond
from . import kernels_cost as cost
from . import kernels_wrong as wrong
from .kernels_fooled import WAYS, Way
from .kernels_kept import Kept
from .kernels_planted import BUGS
from .kernels_right import DTYPES, KERNELS, Kernel
from .table import Table

SHORT = ("f32", "bf16", "f16")
FEW, SEEDS, SMALL_SEEDS = 20, 10, 2
SIDES = ("ours", "close", "twice", "rms")


def run(small: bool = False) -> Sequence[Table]:
    """Right ones over several seeds, wrong ones once, what it costs, then the ways to fool a verifier."""
    torch.set_num_threads(1)
    kernels, kept = KERNELS[::6] if small else KERNELS, Kept()
    seeds = SMALL_SEEDS if small else SEEDS
    return [_right(kept, kernels, seeds), _beyond(), *_wrong(kept, kernels), _cost(kept, kernels), _fooled()]


def _right(kept: Kept, kernels: Sequence[Kernel], seeds: int) -> Table:
    rows, accused = [], 0
    for kernel in kernels:
        row: list[Any] = [kernel.name]
        for dtype in DTYPES:
            found = [
                kept.asked(["right", kernel.name, dtype, n], partial(_asked, kernel, dtype, n)) for n in range(seeds)
            ]
            said = [verdict for verdict, _ in found]
            accused += said.count("wrong") if dtype not in kernel.beyond else 0
            row += [said.count("wrong"), said.count("inconclusive"), max(floor for _, floor in found)]
        rows.append(row)
    columns = ["kernel", *(f"{short} {what}" for short in SHORT for what in ("wrong", "undecided", "floor"))]
    notes = (f"accused beside those of the next table, which are beyond in truth: {accused}",)
    return Table(f"PyTorch's own backward as the op, {seeds} seeds of {FEW} examples", columns, rows, notes)


def _asked(kernel: Kernel, dtype: str, number: int) -> tuple[str, float]:
    report = report_case(kernel.case(dtype), examples=FEW, seed=1000 * number)
    return report.verdict.value, report.worst_floor


def _beyond() -> Table:
    kernels = {kernel.name: kernel for kernel in KERNELS}
    rows = [
        [one.kernel, one.does, *(one.is_so(dtype) if dtype in kernels[one.kernel].beyond else None for dtype in DTYPES)]
        for one in beyond.ALL
    ]
    return Table(
        "kernels of PyTorch that are beyond, and whether that is so bit for bit", ["kernel", "does", *SHORT], rows
    )


def _wrong(kept: Kept, kernels: Sequence[Kernel]) -> Sequence[Table]:
    """Per bug, and what was missed by name."""
    found: dict[tuple[str, str], list[wrong.Said]] = {}
    missed = []
    for kernel in kernels:
        for dtype in DTYPES:
            for bug in BUGS:
                ask = partial(wrong.asked, kernel, dtype, bug)
                answer = kept.asked(["wrong", kernel.name, dtype, bug.name], ask)
                if answer is None:
                    continue
                said = wrong.Said(**answer)
                found.setdefault((bug.name, dtype), []).append(said)
                if not said.ours:
                    missed.append([kernel.name, dtype, bug.name, said.verdict, said.why])
    rows = [[bug.name, *_counted([found.get((bug.name, dtype), []) for dtype in DTYPES])] for bug in BUGS]
    every = [[one for (_, of), ones in found.items() if of == dtype for one in ones] for dtype in DTYPES]
    columns = ["bug", *(f"{short} {what}" for short in SHORT for what in ("of", *SIDES))]
    notes = (
        "of: kernels in which it changes a number; close: torch.testing.assert_close at its defaults; twice: more than "
        f"twice PyTorch's error and {wrong.PLUS:g} (flash-attention); rms: a ratio of root mean squares over "
        f"{wrong.RMS_RATIO:g} (flash-linear-attention); all beside the twin at the same dtype, at {wrong.SIZE} entries "
        "an axis",
    )
    return [
        Table("planted bugs that are found", columns, [*rows, ["all", *_counted(every)]], notes),
        Table("planted bugs that are missed", ["kernel", "dtype", "bug", "verdict", "why"], missed),
    ]


def _counted(of_dtypes: Sequence[Sequence[wrong.Said]]) -> list[int]:
    return [
        number
        for ones in of_dtypes
        for number in (len(ones), *(sum(one.sides()[side] for one in ones) for side in range(len(SIDES))))
    ]


def _cost(kept: Kept, kernels: Sequence[Kernel]) -> Table:
    rows, times = [], dict[str, list[float]]()
    for kernel in kernels:
        row: list[Any] = [kernel.name]
        for dtype in DTYPES:
            answer = kept.asked(["cost", kernel.name, dtype], partial(cost.asked, kernel, dtype))
            row += [answer["seconds"], answer["times"]]
            if answer["verdict"] != "wrong":  # one that is wrong is contested, located and made small
                times.setdefault(dtype, []).append(answer["times"])
        rows.append(row)
    for what, of in (("median", median), ("worst", max)):
        rows.append([what, *(value for dtype in DTYPES for value in (None, of(times[dtype])))])
    columns = ["kernel", *(f"{short} {what}" for short in SHORT for what in ("s", "times"))]
    notes = (
        "times: CPU seconds of the case over those in calls of the op, forwards and backwards, and of the yardstick; "
        "what else is asked of it (forward mode, batches) counts as the case's",
    )
    return Table(f"cost of a case of {cost.EXAMPLES} examples", columns, rows, notes)


def _fooled() -> Table:
    rows = []
    for way in WAYS:
        for dtype in ("float32", "bfloat16"):
            said = []
            for function in (way.wrong, way.right):
                said.append(_ours(way, function, dtype))
            rows.append([way.name, dtype, _close(way, dtype), _autograd(way), said[0], said[1]])
    columns = ["way", "dtype", "allclose", "torch gradcheck", "gradcheck", "of the control"]
    notes = (
        "allclose: rtol and atol of 1e-2 (bfloat16) and 1e-4 (float32) beside the twin, at one random point as such "
        "verifiers draw it; torch.autograd.gradcheck runs in float64 only",
    )
    return Table("ways past a verifier", columns, rows, notes)


def _ours(way: Way, function: Callable[[], Any], dtype: str) -> str:
    case = Case(
        from_torch(function()), way.signature, reference=way.twin, dtype=dtype, domains=dict(way.domains), name=way.name
    )
    report = report_case(case, examples=wrong.EXAMPLES)
    codes = sorted({finding.code for finding in report.findings if finding.severity != "note"})
    return f"{report.verdict.value}{f' ({codes[0]})' if codes else ''}"


def _close(way: Way, dtype: str) -> str:
    """What a verifier says that compares outputs and gradients once."""
    torch_dtype, tolerance = getattr(torch, dtype), 1e-2 if dtype == "bfloat16" else 1e-4
    torch.manual_seed(0)
    inputs = [x.to(torch_dtype) if x.is_floating_point() else x for x in way.usual()]
    answers = []
    for function in (way.twin, way.wrong()):  # the twin first, as verifiers do
        call = function.apply if isinstance(function, type) else function
        leaves = [x.clone().requires_grad_() if x.is_floating_point() else x.clone() for x in inputs]
        y = call(*leaves)
        torch.manual_seed(1)
        asked = [x for x in leaves if x.requires_grad]
        answers.append([y.detach().clone(), *torch.autograd.grad(y, asked, way.cotangent(y), allow_unused=True)])
    same = all(
        torch.allclose(a.float(), b.float(), rtol=tolerance, atol=tolerance)
        for a, b in zip(*answers, strict=True)
        if a is not None and b is not None
    )
    return "passes" if same else "fails"


def _autograd(way: Way) -> str:
    function = way.wrong()
    inputs = [x.double().requires_grad_() if x.is_floating_point() else x for x in way.usual()]
    try:
        call = function.apply if isinstance(function, type) else function
        return "passes" if torch.autograd.gradcheck(call, inputs) else "fails"
    except (RuntimeError, UsageError) as error:
        return "fails" if "Jacobian" in str(error) or "reentrant" in str(error) else "does not run"
