"""Count the calls of an op; measure seconds and the highest memory of a check."""

from __future__ import annotations

import ctypes
import functools
import gc
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

Op = Callable[..., Any]


@dataclass
class Calls:
    """How often the forward and the backward of an op were called."""

    forwards: int = 0
    backwards: int = 0


def counted(op: Op) -> tuple[Op, Calls]:
    """The same op, and the counts that grow as it is called."""
    calls = Calls()

    @functools.wraps(op)
    def counting(*inputs: Any, **options: Any) -> tuple[Any, Op]:
        calls.forwards += 1
        y, vjp = op(*inputs, **options)

        def counting_vjp(dy: Any) -> Any:
            calls.backwards += 1
            return vjp(dy)

        return y, counting_vjp

    return counting, calls


def seconds(check: Callable[[], object]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    check()
    return time.perf_counter() - start


def numpy_peak(check: Callable[[], object]) -> int:
    """Most bytes that NumPy and Python held during the call, beyond what was there before it."""
    gc.collect()
    tracemalloc.start()
    try:
        check()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def resident_peak(check: Callable[[], object]) -> int | None:
    """Most bytes that the process gained in main memory during the call; None where the system does not tell.

    For libraries that allocate past NumPy. The kernel counts pages, so small arrays drown in its noise.
    """
    gc.collect()
    try:
        ctypes.CDLL(None).malloc_trim(0)  # else memory freed before is used again, and seems to cost nothing
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # resets the high-water mark
    except (OSError, AttributeError, TypeError):  # not Linux with glibc
        return None
    before = _status("VmRSS")
    check()
    return _status("VmHWM") - before


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name + ":")) * 1024


def total_bytes(arrays: Sequence[Any]) -> int:
    """Bytes of all arrays together."""
    return sum(np.asarray(array).nbytes for array in arrays)
