"""The gate's own verdict on a candidate that passed the screen, loaded anew in a process of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gradcheck.errors import UsageError
from gradcheck.generation import search
from gradcheck.generation.options import nth_options
from gradcheck.point import judge_point
from gradcheck.protocol import Case
from gradcheck.report import Verdict
from gradcheck.workers import Loaded

from .limits import OTHER_VALUES, SPREAD
from .screen import Failing


@dataclass(frozen=True)
class Verified:
    """Whether the case is correct with the edit, at how many examples that was seen, and where it is wrong if not."""

    correct: bool
    examples: int
    failing: Failing | None = None


def verify(loaded: Loaded, examples: int, seeds: Sequence[int]) -> Verified:
    """Judge the edited case as `gradcheck run` does, once for each seed; then at other values of fixed inputs."""
    case = loaded.cases[0]
    count = 0
    try:
        for seed in seeds:
            report = search(case, examples, seed, verdict_only=True)
            count += report.examples
            if report.verdict is not Verdict.CORRECT:
                return Verified(False, count, Failing.of(case, report) if report.errors else None)
        if case.inputs is not None and not callable(case.inputs):
            for number in range(OTHER_VALUES):
                count += 1
                if not _right_nearby(case, np.random.default_rng(seeds[0] + number), number):
                    return Verified(False, count)
    except UsageError:
        return Verified(False, count)
    return Verified(True, count)


def _right_nearby(case: Case, rng: np.random.Generator, number: int) -> bool:
    """At values near the fixed inputs: whether nothing is wrong there. Nobody knows what else they may be."""
    inputs = tuple(_moved(value, rng) for value in case.inputs or ())  # type: ignore[union-attr]
    moved = replace(case, inputs=inputs, descent=None)
    return not judge_point(moved, inputs, nth_options(case, number), number).errors


def _moved(value: object, rng: np.random.Generator) -> object:
    if isinstance(value, dict):
        return {key: _moved(item, rng) for key, item in value.items()}
    if type(value) in (list, tuple):
        return type(value)(_moved(item, rng) for item in value)  # type: ignore[call-arg, attr-defined]
    array = np.asarray(value)
    if array.dtype.kind not in "fc":
        return value
    return np.array(array * (1 + SPREAD * rng.uniform(-1, 1, array.shape)), array.dtype, order="K")
