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

EXAMPLES, WARMING = 100, 10


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
        """An op whose forwards and backwards are timed, also those that fewer inputs want, or no gradient."""
        forward = self.timed(op)

        @functools.wraps(op)
        def timing(*inputs: Any, **options: Any) -> Any:
            y, vjp = forward(*inputs, **options)
            return y, self.timed(vjp)

        own = timing.__dict__
        if "wanting" in own:
            wanting = own["wanting"]
            own["wanting"] = lambda wanted: self.op(wanting(wanted))
        if "forward" in own:
            own["forward"] = self.timed(own["forward"])
        return timing


def asked(kernel: Kernel, dtype: str) -> dict[str, Any]:
    """Seconds of the whole, and how many times those of op and yardstick that is.

    What PyTorch loads once in a process, such as the formulas of its forward mode, has been loaded before.
    """
    case, spent = kernel.case(dtype), Spent()
    report_case(case, examples=WARMING)
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
