"""A step of training: the article's network, `mlp` and `gpt` beside torch, JAX and scikit-learn, a process a framework.

Processes take turns, a few rounds each, so that whatever else the machine does falls on all alike; a ratio is the
median over the rounds of ours over theirs in the same round. Times are of the processor, not of the clock: one thread
each, so both are the same on a machine that does nothing else.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from .table import Table

SIZES = ((2, 3, 1, 4), (16, 16, 4, 16), (64, 64, 16, 64), (256, 256, 64, 256), (512, 512, 128, 512), (1024,) * 4)
SMALL_SIZES = SIZES[:3]
DTYPES = ("float32", "float64")
NETWORKS = ("two_layer", "mlp")
ROUNDS, SMALL_ROUNDS = 3, 2
FRAMEWORKS = {  # what a process is told to be: its package
    "ours": "numpy",
    "products": "numpy",
    "torch": "torch",
    "torch compiled": "torch",
    "jax": "jax",
    "sklearn": "sklearn",
}
ONCE = ("torch compiled", "jax", "sklearn")  # asked in the first round alone: they compile for minutes
ONE_THREAD = {"XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"}  # of JAX
KERNEL = {"OPENBLAS_CORETYPE": "SkylakeX"}  # what NumPy's OpenBLAS may be told to use on AVX-512


def run(small: bool = False) -> Sequence[Table]:
    """Seconds and ratios by size, then the kernels of OpenBLAS, memory, and tokens a second."""
    sizes, rounds = (SMALL_SIZES, SMALL_ROUNDS) if small else (SIZES, ROUNDS)
    names = [name for name, package in FRAMEWORKS.items() if find_spec(package)]
    if small:
        names = [name for name in names if name in ("ours", "products", "torch")]
    tables = [_steps(network, names, sizes, rounds) for network in NETWORKS]
    return [*tables, _kernels(sizes, rounds), _memory(sizes), _tokens(rounds)]


def _steps(network: str, names: Sequence[str], sizes: Sequence[tuple[int, ...]], rounds: int) -> Table:
    found: dict[tuple[str, str, tuple[int, ...]], list[float | None]] = {}
    for turn in range(rounds):
        for name in names if turn == 0 else [name for name in names if name not in ONCE]:
            answer = asked(name, {"network": network, "sizes": sizes, "dtypes": DTYPES})
            for (dtype, size), value in zip([(d, s) for d in DTYPES for s in sizes], answer, strict=True):
                found.setdefault((name, dtype, size), []).append(value)
    others = [name for name in names if name != "ours"]
    rows = []
    for dtype in DTYPES:
        for size in sizes:
            ours = found["ours", dtype, size]
            row: list[Any] = [dtype, " ".join(map(str, size)), _median(ours, 1e6)]
            for name in others:
                theirs = found[name, dtype, size]
                row.append(_median([a / b for a, b in zip(ours, theirs, strict=False) if a and b]))
            rows.append(row)
    return Table(
        f"a step of gradient descent on {network}: inputs, hidden, outputs, samples",
        ["dtype", "sizes", "ours, us", *(f"ours / {name}" for name in others)],
        rows,
        (
            f"medians of {rounds} rounds, a process a framework, one thread; products: the five matrix products alone;",
            "sklearn: MLPRegressor.partial_fit of one hidden layer, its nearest, which knows no sigmoid at its output.",
        ),
    )


def _kernels(sizes: Sequence[tuple[int, ...]], rounds: int) -> Table:
    question = {"network": "two_layer", "sizes": sizes[2:], "dtypes": DTYPES}
    kinds = {"as it is": {}, "SkylakeX": KERNEL}
    kernels = {kind: asked("kernel", question, extra)[0] for kind, extra in kinds.items()}
    found: dict[str, list[list[float]]] = {kind: [] for kind in kinds}
    theirs = []
    for _ in range(rounds):
        for kind, extra in kinds.items():
            found[kind].append(asked("ours", question, extra))
        theirs.append(asked("torch", question) if find_spec("torch") else [None] * len(found["as it is"][0]))
    rows = []
    for place, (dtype, size) in enumerate([(d, s) for d in DTYPES for s in sizes[2:]]):
        times = {kind: [answer[place] for answer in answers] for kind, answers in found.items()}
        torch = [answer[place] for answer in theirs]
        row: list[Any] = [dtype, " ".join(map(str, size))]
        for kind in kinds:
            row += [
                _median(times[kind], 1e6),
                _median([a / b for a, b in zip(times[kind], torch, strict=True) if a and b]),
            ]
        rows.append(row)
    return Table(
        "OPENBLAS_CORETYPE, two_layer; which kernel threadpoolctl sees: "
        + ", ".join(f"{kind}: {kernel}" for kind, kernel in kernels.items()),
        ["dtype", "sizes", *(f"{kind}, {what}" for kind in kinds for what in ("us", "/ torch"))],
        rows,
    )


def _memory(sizes: Sequence[tuple[int, ...]]) -> Table:
    rows = []
    for network in NETWORKS:
        for dtype in DTYPES:
            question = {"network": network, "sizes": sizes[-1:], "dtypes": (dtype,), "memory": True}
            ours = asked("ours", question)[0]
            torch = asked("torch", question)[0] if find_spec("torch") else None
            ratio = ours / torch if ours and torch else None
            rows.append([network, dtype, " ".join(map(str, sizes[-1])), ours, torch, ratio])
    return Table(
        "memory: most bytes that the process gained in main memory during a step",
        ["network", "dtype", "sizes", "ours", "torch", "ratio"],
        rows,
    )


def _tokens(rounds: int) -> Table:
    found: dict[str, list[float]] = {"ours": [], "torch": []}
    names = [name for name in found if find_spec(FRAMEWORKS[name])]
    for _ in range(rounds):
        for name in names:
            found[name] += asked(name, {"network": "gpt"})
    ratio = _median([a / b for a, b in zip(found["ours"], found["torch"], strict=True)]) if found["torch"] else None
    rows = [[_median(found["ours"]), _median(found["torch"]), ratio]]
    return Table(
        "gpt: tokens a second in a step of AdamW; 2 blocks of width 64, 4 heads, 16 samples of 48 characters, float32",
        ["ours", "torch", "ours / torch"],
        rows,
        ("more is better here.",),
    )


def asked(framework: str, question: dict[str, Any], environment: dict[str, str] | None = None) -> list[Any]:
    """The answer of a fresh process that is this framework; None for what it could not do."""
    process = subprocess.run(
        [sys.executable, "-m", "benchmarks.training_step", framework, json.dumps(question)],
        env=os.environ | ONE_THREAD | (environment or {}),
        capture_output=True,
        text=True,
        check=True,
    )
    answer: list[Any] = json.loads(process.stdout.splitlines()[-1])
    return answer


def _median(values: Sequence[float | None], factor: float = 1.0) -> float | None:
    there = [value for value in values if value is not None]
    return factor * statistics.median(there) if there else None
