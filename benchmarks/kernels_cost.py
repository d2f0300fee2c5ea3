"""What a case of few digits costs, beside its op's own forwards and backwards and those of the yardstick."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

import gradcheck.trial.twin
import gradcheck.trial.yardstick
from gradcheck import report_case

from .kernels_right import Kernel

EXAMPLES = 100


@dataclass
class Spent:
    """CPU seconds in op and twin, while a case is judged."""

    seconds: float = 0.0
    inside: bool = False

    def timed(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, whose seconds are added up; those of a call inside a call once."""

        @functools.wraps(function)
        def timing(*given: Any, **options: Any) -> Any:
            if self.inside:
                return function(*given, **options)
            self.inside, start = True, time.process_time()
            try:
                return function(*given, **options)
            finally:
                self.inside = False
                self.seconds += time.process_time() - start

        return timing

    def op(self, op: Callable[..., Any]) -> Callable[..., Any]:
        """An op whose forwards and backwards are timed."""
        forward = self.timed(op)

        @functools.wraps(op)
        def timing(*inputs: Any, **options: Any) -> Any:
            y, vjp = forward(*inputs, **options)
            return y, self.timed(vjp)

        return timing


def asked(kernel: Kernel, dtype: str) -> dict[str, Any]:
    """Seconds of the whole, and how many times those of op and yardstick that is."""
    case, spent = kernel.case(dtype), Spent()
    twins = [
        patch.object(module, name, spent.timed(getattr(module, name)))
        for module in (gradcheck.trial.yardstick, gradcheck.trial.twin)
        for name in ("call_op", "call_vjp")
    ]
    for one in twins:
        one.start()
    try:
        start = time.process_time()
        report = report_case(replace(case, op=spent.op(case.op)), examples=EXAMPLES)
        whole = time.process_time() - start
    finally:
        for one in twins:
            one.stop()
    return {"verdict": report.verdict.value, "seconds": whole, "times": whole / spent.seconds}
