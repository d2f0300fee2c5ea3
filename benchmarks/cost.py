"""One complete check of the article's two-layer network, from ten parameters to ten million.

Every checker gets the same NumPy op at the same inputs. Its calls and its memory are taken in runs of their own,
the seconds in turns: each checker once, then all of them again, so that a busy minute hits them alike.
"""

from __future__ import annotations

import functools
import math
import statistics
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gradcheck import report_vjp
from manual_bp import two_layer

from .measuring import Op, counted, numpy_peak, resident_peak, seconds, total_bytes
from .peers import PEERS, absent
from .table import Table, Value

SAMPLES = 8
SHAPES = ((1, 3), (9, 9), (25, 37), (99, 99), (315, 315), (999, 999), (3161, 3161))  # inputs, hidden units
LONGEST = 20.0
REPETITIONS, MOST = 5, 60
SHORT = 0.2  # so long in all is a check repeated beyond the least number
GROWTH = 10  # from one size to the next
LEAST = 5e4  # bytes of arrays below which memory is that of Python objects
LEAST_RESIDENT = 2e6  # and below which the resident memory of a process says nothing

Check = Callable[[Op, Sequence[Any]], object]


def run(small: bool) -> list[Table]:
    """The table of costs."""
    rows: list[list[Value]] = []
    checkers: dict[str, Check] = {
        "gradcheck": lambda op, inputs: report_vjp(op, *inputs),
        **{peer.name: peer.check for peer in PEERS},
    }
    history: dict[str, list[float]] = {name: [] for name in checkers}
    interleaved(checkers, network(*SHAPES[0]), 1)  # imports and first calls are nobody's cost
    for shape in SHAPES[:4] if small else SHAPES:
        inputs = network(*shape)
        able = {name: check for name, check in checkers.items() if affordable(history[name])}
        times = interleaved(able, inputs, 2 if small else REPETITIONS)
        for name in able:
            history[name].append(times[name])
        for name in checkers:
            rows.append(row(name, checkers[name], inputs, times))
    columns = ["parameters", "checker", "forwards", "backwards", "seconds", "of torch fast", "memory", "verdict"]
    notes = [
        "seconds: median of interleaved repetitions, one thread.",
        "memory: the most that was held beyond the inputs, over the bytes of inputs and output; NumPy's and Python's "
        "own, of torch the resident memory; a dash where the arrays are too small for it.",
        f"Dashes throughout: a check that would take more than {LONGEST:g} s.",
        *absent(),
    ]
    return [Table("Cost of one complete check of two_layer, float64", columns, rows, notes)]


def network(inputs: int, hidden: int) -> tuple[np.ndarray, ...]:
    """Inputs of `two_layer` with one output, scaled like an initialisation."""
    rng = np.random.default_rng(0)
    return (
        rng.normal(size=(hidden, inputs)) / math.sqrt(inputs),
        rng.normal(size=(hidden, 1)) * 0.1,
        rng.normal(size=(1, hidden)) / math.sqrt(hidden),
        rng.normal(size=(1, 1)) * 0.1,
        rng.normal(size=(inputs, SAMPLES)),
        rng.uniform(size=(1, SAMPLES)),
    )


def affordable(history: Sequence[float]) -> bool:
    """Whether the next size will stay under the limit, if seconds grow as they did, at least like the size."""
    if len(history) < 2:
        return not history or math.isfinite(history[-1])
    growth = max(GROWTH, history[-1] / history[-2])
    return history[-1] * growth <= LONGEST if history[-1] > 0.05 else True


def interleaved(checkers: dict[str, Check], inputs: Sequence[Any], repetitions: int) -> dict[str, float]:
    """Median seconds of each; checks of more than a second are repeated less, those of milliseconds more."""
    times: dict[str, list[float]] = {name: [] for name in checkers}
    for number in range(MOST if repetitions == REPETITIONS else repetitions):
        for name, check in checkers.items():
            if sum(times[name]) < (LONGEST if number < repetitions else SHORT):
                times[name].append(seconds(functools.partial(check, two_layer, inputs)))
    return {name: statistics.median(found) for name, found in times.items()}


def row(name: str, check: Check, inputs: Sequence[Any], times: dict[str, float]) -> list[Value]:
    """One line of the table; dashes where the check was not affordable."""
    parameters = sum(array.size for array in inputs[:4])
    if name not in times:
        return [parameters, name, None, None, None, None, None, None]
    op, calls = counted(two_layer)
    verdict = verdict_of(check, op, inputs)
    fast = times.get("torch fast")
    ratio = times[name] / fast if fast else None
    memory = peak(name, check, inputs)
    return [parameters, name, calls.forwards, calls.backwards, times[name], ratio, memory, verdict]


def verdict_of(check: Check, op: Op, inputs: Sequence[Any]) -> str:
    """What the checker says, so that a fast answer that is wrong shows."""
    try:
        report = check(op, inputs)
    except AssertionError:
        return "rejects"
    return str(getattr(report, "verdict", "accepts"))


def peak(name: str, check: Check, inputs: Sequence[Any]) -> float | None:
    """Highest memory during the check over the bytes of inputs and output; None where it cannot be told."""
    size = total_bytes([*inputs, two_layer(*inputs)[0]])
    torch = name.startswith("torch")
    if size < (LEAST_RESIDENT if torch else LEAST):
        return None
    most = (resident_peak if torch else numpy_peak)(lambda: verdict_of(check, two_layer, inputs))
    return None if most is None else most / size
