"""Kernels judged where their tensors live: a table a kernel, each in a process of its own, several at a time.

A kernel that reads where it may not leaves its process without a usable device, and one that hangs ends with its
process: either costs its own rows only. This process never asks for a device itself, so that others can be forked.
Without a GPU everything runs on the CPU, Triton under ``TRITON_INTERPRET=1``.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from multiprocessing.connection import Connection, wait
from typing import Any

import numpy as np
import torch

from gradcheck import Case, Report, report_vjp
from gradcheck.adapters import from_torch
from gradcheck.generation.example import Example, draw_inputs, judge_example
from gradcheck.generation.search import Budget, find

from .gpu_kernels import KERNELS, Kernel
from .table import Table

EXAMPLES, LEAST = 16, 3
SECONDS = 20.0  # for the examples of one row; as many again for all else of it
STARTING = 60.0  # for a process to find its device and compile its first kernel
AT_ONCE = 10  # processes; the work is Python's, so each needs a core
REPEATS = 8
SPREAD_SIZE = 48  # of each axis, where the repeated calls are compared


@dataclass(frozen=True)
class Judged:
    """One row: what was said of a kernel in one dtype; per tensor what is written is relative."""

    dtype: str
    should_be: str
    verdict: str
    examples: int
    seconds: float
    of_allowed: str
    yardstick: str
    spread: str
    finding: str


def run(small: bool = False) -> Iterator[Table]:
    """A table a kernel, as they come; its rows are written to the standard error before."""
    started = time.monotonic()
    waiting = list(KERNELS[:: len(KERNELS) // 5] if small else KERNELS)
    running: dict[Connection, _Running] = {}
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            one = _Running.start(waiting.pop(0))
            running[one.ear] = one
        for ear in wait(list(running), timeout=1.0):
            assert isinstance(ear, Connection)
            if not running[ear].hears(started):
                yield running.pop(ear).table()
        for ear in [ear for ear, one in running.items() if one.is_late]:
            running[ear].end()
            yield running.pop(ear).table()


@dataclass
class _Running:
    """A kernel in its process, and the rows that came from it."""

    kernel: Kernel
    process: Any
    ear: Connection
    until: float
    device: str
    rows: list[Judged]

    @classmethod
    def start(cls, kernel: Kernel) -> _Running:
        ear, mouth = multiprocessing.Pipe(duplex=False)
        process = multiprocessing.get_context("fork").Process(target=_judge_all, args=(kernel, mouth), daemon=True)
        process.start()
        mouth.close()
        until = time.monotonic() + STARTING + 2 * SECONDS * len(kernel.dtypes)
        return cls(kernel, process, ear, until, "?", [])

    def hears(self, started: float) -> bool:
        """Take in one message; False where there are no more."""
        try:
            said = self.ear.recv()
        except EOFError:
            self.process.join()
            if len(self.rows) < len(self.kernel.dtypes):
                self._add(_failed(self._next, f"its process ended with {self.process.exitcode}"))
            return False
        if isinstance(said, str):
            self.device = said
            return True
        self._add(said)
        elapsed = time.monotonic() - started
        print(
            f"{elapsed:6.1f} s  {self.kernel.name}: {' | '.join(map(str, astuple(said)))}", file=sys.stderr, flush=True
        )
        return True

    @property
    def is_late(self) -> bool:
        return time.monotonic() > self.until

    @property
    def _next(self) -> str:
        return self.kernel.dtypes[min(len(self.rows), len(self.kernel.dtypes) - 1)]

    def _add(self, row: Judged) -> None:
        self.rows.append(row)

    def end(self) -> None:
        """Its time is over."""
        self.process.kill()
        self._add(_failed(self._next, "no answer in its time"))

    def table(self) -> Table:
        title = f"{self.kernel.name}, on {self.device}"
        return Table(
            title, [field.name.replace("_", " ") for field in fields(Judged)], [astuple(row) for row in self.rows]
        )


def _failed(dtype: str, why: str) -> Judged:
    return Judged(dtype, "", "failed", 0, 0.0, "", "", "", why)


def _judge_all(kernel: Kernel, mouth: Connection) -> None:
    """In the process of the kernel: one message says where it runs, and one each row what was found."""
    device = _device()
    mouth.send(device)
    for dtype in kernel.dtypes:
        start = time.perf_counter()
        try:
            row = _judge(kernel, dtype, "cuda" if device.startswith("cuda") else "cpu", start)
        except Exception as error:  # noqa: BLE001 - a row that cannot be judged says so, and the next one goes on
            said = " ".join(f"{type(error).__name__}: {error}".split())
            row = Judged(dtype, kernel.should_be, "failed", 0, time.perf_counter() - start, "", "", "", said[:300])
        mouth.send(row)
    mouth.close()


def _device() -> str:
    torch.set_num_threads(1)
    report_vjp(
        from_torch(torch.sin), np.ones(2)
    )  # what the first call imports is not cut off by the end of a row's time
    if torch.cuda.is_available():
        return f"cuda ({torch.cuda.get_device_name()})"
    os.environ.setdefault("TRITON_INTERPRET", "1")
    return "cpu"


def _judge(kernel: Kernel, dtype: str, device: str, start: float) -> Judged:
    case = kernel.case(dtype, device)
    found = find(case, EXAMPLES, 0, verdict_only=True, budget=Budget(SECONDS, LEAST))
    report = found.whole
    if found.example is not None:  # up to the first error only so far: the rest of its rows
        whole = judge_example(case, found.example)
        report = whole if whole.errors else report
    spread = _spread(case)
    return Judged(
        dtype,
        kernel.should_be,
        report.verdict.value,
        found.report.examples,
        time.perf_counter() - start,
        _per_tensor(report, "ratio", ".2f"),
        _per_tensor(report, "yardstick", ".0e"),
        spread,
        _said(report, found.example),
    )


def _per_tensor(report: Report, what: str, how: str) -> str:
    return " ".join(f"{row.tensor} {getattr(row, what):{how}}" for row in report.rows)


def _said(report: Report, example: Example | None) -> str:
    """The worst finding in short, or why nothing is decided, and at which sizes."""
    parts = [f"{finding.code}: {finding.message}" for finding in report.findings[:1]] or [report.incomplete]
    if example is not None and example.sizes:
        parts.append("at " + ", ".join(f"{name}={size}" for name, size in example.sizes.items()))
    return " ".join(" ".join(parts).split())[:320]


def _spread(case: Case) -> str:
    """How far apart repeated calls at one point are, relative to the largest entry of each tensor."""
    most = {name: limit for name, (_, limit) in (case.sizes or {}).items() if limit is not None}
    names = () if case.parsed is None else case.parsed.names
    inputs = draw_inputs(case, Example({name: min(SPREAD_SIZE, most.get(name, SPREAD_SIZE)) for name in names}, seed=7))
    seen: list[list[Any]] = []
    for _ in range(REPEATS):
        y, vjp = case.op(*inputs, **{name: _first(value) for name, value in (case.options or {}).items()})
        outputs = y if isinstance(y, tuple) else (y,)
        rng = np.random.default_rng(1)
        dy = tuple(rng.normal(size=np.shape(one)).astype(one.dtype) for one in outputs)
        seen.append([*outputs, *(g for g in vjp(dy if isinstance(y, tuple) else dy[0]) if isinstance(g, np.ndarray))])
    parts = []
    for tensors in zip(*seen, strict=True):
        wide = np.stack([np.asarray(tensor, np.float64) for tensor in tensors])
        size = float(np.abs(wide[0]).max(initial=0.0))
        apart = float(np.ptp(wide, axis=0).max(initial=0.0)) if np.isfinite(wide).all() else float("nan")
        parts.append("0" if apart == 0 else f"{apart / size:.0e}")
    return " ".join(parts)


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) else value
