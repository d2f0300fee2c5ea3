"""What a vjp makes of the cotangents of training, against what it makes of ordinary ones around them (of GC201)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from gradcheck.numerics import spacing
from gradcheck.numerics.tolerance import Array
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from .asking import training
from .comparing import Gradients, differences
from .in_extended import Term, adds_up_in_extended
from .limits import BESIDE, SAMPLES


def fast_path(trial: Trial) -> Iterator[Finding]:
    """The cotangents that training uses, against what the vjp makes of ordinary ones to either side of each.

    The middle between two of those is what linearity gives; how far the middles scatter is its rounding, however many
    digits the backward keeps, or what the two themselves are rounded to where they are so large that it is absorbed.
    Where the forward is not finite there is no gradient to speak of.
    """
    if not trial.finite:
        return
    for where, small in training(trial):
        w = tuple(np.broadcast_to(d, y.shape) for d, y in zip(small, trial.outputs, strict=True))
        actual, pairs = trial.pull(w), list(_pairs(trial, w))
        if actual is None:
            yield _finding(f"the vjp answers other cotangents and fails {where}")
            return
        if len(pairs) < SAMPLES:
            continue
        wanted, scatter = _centre(pairs)
        for argument, index, value, expected in differences(trial, actual, wanted, partial(_same, scatter), w):
            if adds_up_in_extended(trial, argument, index, abs(value - expected), [(1.0, w), *_middle(w)]):
                continue
            yield replace(
                _finding(
                    f"the vjp {where} is not what linearity gives: the gradient of `{argument}` at {list(index)} is "
                    f"{value:.6g} instead of {expected:.6g}"
                ),
                argument=argument,
                index=index,
                likely_cause="a fast path for this cotangent computes something else",
                claimed=value,
                expected=expected,
            )
            return


def _same(scatter: Gradients) -> Gradients:
    return scatter


def _pairs(trial: Trial, w: Sequence[Array]) -> Iterator[tuple[Gradients, Gradients]]:
    """``vjp(w + s)`` and ``vjp(w - s)`` for several short random ``s``."""
    for _ in range(SAMPLES):
        steps = [np.asarray(BESIDE * trial.rng.uniform(-1, 1, d.shape)).astype(d.dtype) for d in w]
        forth = trial.pull([d + s for d, s in zip(w, steps, strict=True)])
        back = trial.pull([d - s for d, s in zip(w, steps, strict=True)])
        if forth is not None and back is not None:
            yield forth, back


def _middle(w: Sequence[Array]) -> Iterator[Term]:
    """Minus the middle between two cotangents to either side of ``w``."""
    rng = np.random.default_rng(0)  # of its own, so that what is asked later draws what it always did
    steps = [np.asarray(BESIDE * rng.uniform(-1, 1, d.shape)).astype(d.dtype) for d in w]
    yield -0.5, [d + s for d, s in zip(w, steps, strict=True)]
    yield -0.5, [d - s for d, s in zip(w, steps, strict=True)]


def _centre(pairs: Sequence[tuple[Gradients, Gradients]]) -> tuple[list[Array | None], list[Array | None]]:
    """The mean of the middles, and how far the worst of them may be from it."""
    means: list[Array | None] = []
    scatters: list[Array | None] = []
    for position in range(len(pairs[0][0])):
        sides = [(forth[position], back[position]) for forth, back in pairs]
        known = [(f, b) for f, b in sides if f is not None and b is not None]
        if not known:
            means.append(None)
            scatters.append(None)
            continue
        middles = [(f + b) / 2 for f, b in known]
        mean = np.mean(middles, axis=0).astype(middles[0].dtype)
        rounded = spacing(mean.dtype) * np.max([np.maximum(np.abs(f), np.abs(b)) for f, b in known], axis=0)
        means.append(mean)
        scatters.append(np.maximum(np.max(np.abs(middles - mean), axis=0), rounded))
    return means, scatters


def _finding(message: str) -> Finding:
    return Finding("GC201", Severity.ERROR, message)
