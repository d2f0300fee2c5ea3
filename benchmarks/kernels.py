"""Backwards of few digits: PyTorch's own, each with twelve planted bugs; and known ways past a verifier of kernels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

from gradcheck import Case, UsageError, report_case
from gradcheck.adapters import from_torch
from gradcheck.generation.example import Example, draw_inputs
from gradcheck.generation.search import search

from .kernels_fooled import WAYS, Way
from .kernels_planted import BUGS, Bug, planted
from .kernels_right import KERNELS, Kernel
from .table import Table

DTYPES = ("float32", "bfloat16", "float16")
SHORT = ("f32", "bf16", "f16")
EXAMPLES, FEW, SEEDS, SMALL_SEEDS = 40, 20, 10, 2
SIZE = 16  # of each axis, where others are asked
RMS_RATIO = 0.01  # of flash-linear-attention: under it a failure is a warning


def run(small: bool = False) -> Sequence[Table]:
    """Right ones over several seeds, wrong ones once, then the ways to fool a verifier."""
    kernels = KERNELS[::6] if small else KERNELS
    return [_right(kernels, SMALL_SEEDS if small else SEEDS), *_wrong(kernels), _fooled()]


def _right(kernels: Sequence[Kernel], seeds: int) -> Table:
    rows = []
    for kernel in kernels:
        row: list[Any] = [kernel.name]
        for dtype in DTYPES:
            reports = [report_case(kernel.case(dtype), examples=FEW, seed=1000 * seed) for seed in range(seeds)]
            row += [sum(report.verdict == "wrong" for report in reports), max(report.worst_floor for report in reports)]
        rows.append(row)
    columns = ["kernel", *(f"{dtype} {what}" for dtype in DTYPES for what in ("wrong", "floor"))]
    return Table(f"PyTorch's own backward as the op, {seeds} seeds of {FEW} examples", columns, rows)


def _wrong(kernels: Sequence[Kernel]) -> Sequence[Table]:
    """Per bug, and what was missed by name."""
    found: dict[tuple[str, str], list[tuple[bool, bool, bool]]] = {}
    missed = []
    for kernel in kernels:
        for dtype in DTYPES:
            for bug in BUGS:
                op = planted(kernel.function, bug, kernel.signature)
                case = kernel.case(dtype, op)
                report = search(case, EXAMPLES, 0, verdict_only=True)
                if report.verdict != "wrong" and not _changes(kernel, dtype, bug):
                    continue  # the same numbers: no bug here
                said = report.verdict == "wrong"
                close, ratio = _usual(kernel, dtype, bug)
                found.setdefault((bug.name, dtype), []).append((said, close, ratio))
                if not said:
                    missed.append([kernel.name, dtype, bug.name, report.verdict.value, report.worst_floor])
    rows = []
    for bug in BUGS:
        row: list[Any] = [bug.name]
        for dtype in DTYPES:
            ours = found.get((bug.name, dtype), [])
            row += [len(ours), *(sum(one[side] for one in ours) for side in range(3))]
        rows.append(row)
    total: list[Any] = ["all"]
    for dtype in DTYPES:
        every = [one for (_, of), ones in found.items() if of == dtype for one in ones]
        total += [len(every), *(sum(one[side] for one in every) for side in range(3))]
    columns = [
        "bug",
        *(f"{short} {what}" for short in SHORT for what in ("of", "ours", "close", "rms")),
    ]
    notes = (
        "of: kernels in which it changes a number; close: torch.testing.assert_close at its defaults; rms: a ratio of "
        f"root mean squares over {RMS_RATIO:g}; both beside the twin at the same dtype, at {SIZE} entries an axis",
    )
    return [
        Table("planted bugs that are found", columns, [*rows, total], notes),
        Table("planted bugs that are missed", ["kernel", "dtype", "bug", "verdict", "floor"], missed),
    ]


def _both(kernel: Kernel, dtype: str, bug: Bug) -> list[tuple[Any, Any]]:
    """The gradients with the bug and those of the twin, at one usual point."""
    case = kernel.case(dtype)
    assert case.parsed is not None
    example = Example(dict.fromkeys(case.parsed.names, SIZE), seed=7)
    answers = []
    for op in (planted(kernel.function, bug, kernel.signature), from_torch(kernel.twin)):
        y, vjp = op(*(np.array(x) for x in draw_inputs(case, example)))
        rng = np.random.default_rng(1)
        vjp(rng.normal(size=np.shape(y)).astype(y.dtype))  # of what is kept from one call to the next
        answers.append(vjp(rng.normal(size=np.shape(y)).astype(y.dtype)))
    return [(a, b) for a, b in zip(*answers, strict=True) if a is not None and b is not None]


def _usual(kernel: Kernel, dtype: str, bug: Bug) -> tuple[bool, bool]:
    """What `assert_close` and the ratio of root mean squares say."""
    close = ratio = False
    for mine, theirs in _both(kernel, dtype, bug):
        a, b = (torch.from_numpy(np.asarray(x, np.float64)) for x in (mine, theirs))
        try:
            torch.testing.assert_close(a.to(getattr(torch, dtype)), b.to(getattr(torch, dtype)), equal_nan=True)
        except AssertionError:
            close = True
        size = float(b.pow(2).mean().sqrt())
        ratio |= not float((a - b).pow(2).mean().sqrt()) <= RMS_RATIO * size
    return close, ratio


def _changes(kernel: Kernel, dtype: str, bug: Bug) -> bool:
    """Whether the bug changes a gradient at the usual point: a bit where it rounds, else more than float64's rounding.

    A mean that is taken off what adds up to zero changes nothing.
    """
    dtype, least = (dtype, 0.0) if bug.rounds else ("float64", 1e-12)
    unchanged = _both(kernel, dtype, Bug("none", lambda state, gradient: gradient))
    pairs = zip(_both(kernel, dtype, bug), unchanged, strict=True)
    wide = [(np.asarray(mine, float), np.asarray(right, float)) for (mine, _), (right, _) in pairs]
    return any(float(np.abs(mine - right).max()) > least * float(np.abs(right).max()) for mine, right in wide)


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
    report = report_case(case, examples=EXAMPLES)
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
