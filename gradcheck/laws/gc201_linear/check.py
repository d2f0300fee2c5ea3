"""GC201: the vjp is linear in its cotangent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from gradcheck.numerics import Probe, spacing
from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import offered
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from ..asking import weights, weights_of_dtypes
from ..comparing import Gradients, differences, gradient_noise
from ..fast_path import fast_path
from ..in_extended import Term, adds_up_in_extended
from ..learned import Learned
from ..limits import CANCELLED, MOST_ROUNDING, SAMPLES, WALK

_OF_A_SURROGATE = (
    "; that of a surrogate is linear too: where the backward clips on purpose, say how, "
    "surrogate=Clip(gradient=lambda g: np.clip(g, -1, 1))"
)

_BELOW_ITS_BOUND = ", so small that the clip that was declared leaves it alone"


def check(trial: Trial, learned: Learned) -> Iterator[Finding]:
    """Ask, and say beside a surrogate how a backward that is not linear on purpose is declared."""
    beside = _BELOW_ITS_BOUND if offered(trial.case.op, "clip") is not None else _OF_A_SURROGATE
    for found in _found(trial):
        of_values = trial.case.surrogate is not None and found.code == "GC201"
        yield replace(found, message=found.message + beside) if of_values else found


def _found(trial: Trial) -> Iterator[Finding]:
    """One combination of two cotangents with a large negative weight, and one tiny multiple.

    Only where one of them fails, at a second pair of cotangents too, are sign, scale and sum told apart.
    """
    other = trial.draw_cotangents()
    first = Probe(trial.cotangents, trial.gradients)
    if _combination(trial, first, other, weights_of_dtypes(trial)) is None:
        yield from fast_path(trial)
        return
    held = weights(trial)  # reading the digits costs more than all else here
    if held != weights_of_dtypes(trial) and _combination(trial, first, other, held) is None:
        yield from fast_path(trial)
        return
    fresh = _fresh(trial)
    if fresh is None:
        yield _finding("the vjp answers one cotangent and fails at another")
        return
    suspicion = _combination(trial, fresh, other, held)
    if suspicion is None:
        yield from fast_path(trial)
        return
    large, _ = held
    for name, weight, partner in (
        ("sign: vjp(-u) is not -vjp(u)", -1.0, None),
        ("scale: vjp(2 u) is not 2 vjp(u)", 2.0, None),
        (f"scale: vjp({large:g} u) is not {large:g} vjp(u)", large, None),
        ("sum: vjp(u + w) is not vjp(u) + vjp(w)", 1.0, other),
    ):
        found = _broken(trial, fresh, name, weight, partner)
        if found:
            yield found
            return
    yield suspicion


def _combination(trial: Trial, probe: Probe, other: tuple[Array, ...], chosen: tuple[float, float]) -> Finding | None:
    """Both comparisons that a linear vjp passes, with a large and a tiny weight."""
    large, tiny = chosen
    return _broken(trial, probe, f"vjp({large:g} u + w) is not {large:g} vjp(u) + vjp(w)", large, other) or _broken(
        trial, probe, f"scale: vjp({tiny:g} u) is not {tiny:g} vjp(u)", tiny, None
    )


def _fresh(trial: Trial) -> Probe | None:
    """A second cotangent and the answer to it; None where the vjp fails at it."""
    cotangents = trial.draw_cotangents()
    gradients = trial.pull(cotangents)
    return None if gradients is None else Probe(cotangents, gradients)


def _broken(trial: Trial, probe: Probe, name: str, weight: float, other: tuple[Array, ...] | None) -> Finding | None:
    """Compare ``vjp(weight u + other)`` with ``weight vjp(u) + vjp(other)``."""
    combined = [np.asarray(u * weight).astype(u.dtype) for u in probe.cotangents]
    terms: list[Term] = [(-weight, probe.cotangents)]
    expected = [None if g is None else g * weight for g in probe.gradients]
    second: Gradients | None = None
    if other is not None:
        combined = [a + w for a, w in zip(combined, other, strict=True)]
        terms.append((-1.0, other))
        second = trial.pull(other)
        if second is None:
            return _finding("the vjp answers one cotangent and fails at another")
        expected = [None if a is None or b is None else a + b for a, b in zip(expected, second, strict=True)]
    terms.append((1.0, combined))
    actual = trial.pull(combined)
    if actual is None:
        return _finding(f"the vjp answers a cotangent u and fails at a multiple of it ({name})")

    def noise() -> Gradients:
        """The rounding of all three answers: ``weight`` times a rounding error is one too."""
        here = _noise(trial, combined, actual)
        first = gradient_noise(trial, probe.cotangents, probe.gradients)
        if other is not None and second is not None:
            here = [
                None if n is None or s is None else np.maximum(n, s)
                for n, s in zip(here, gradient_noise(trial, other, second), strict=True)
            ]
        return [
            None if n is None or f is None else np.maximum(n, abs(weight) * f) for n, f in zip(here, first, strict=True)
        ]

    for argument, index, value, wanted in differences(trial, actual, expected, noise, combined):
        if adds_up_in_extended(trial, argument, index, abs(value - wanted), terms):
            continue
        if not np.isfinite(value) and _holds_without_overflow(trial, probe, weight):
            continue
        return replace(
            _finding(
                f"the vjp is not linear in the cotangent ({name}): the gradient of `{argument}` at {list(index)} "
                f"is {value:.6g} instead of {wanted:.6g}"
            ),
            argument=argument,
            index=index,
            claimed=value,
            expected=wanted,
        )
    return None


def _holds_without_overflow(trial: Trial, probe: Probe, weight: float) -> bool:
    """Whether ``vjp(u)`` is ``weight vjp(u / weight)``: at ``weight u`` a product on the way may leave the range."""
    smaller = trial.pull([np.asarray(u / weight).astype(u.dtype) for u in probe.cotangents])
    if smaller is None:
        return False
    scaled = [None if g is None else g * weight for g in smaller]
    return not any(differences(trial, scaled, probe.gradients, None, probe.cotangents))


def _noise(trial: Trial, cotangents: Sequence[Array], gradients: Gradients) -> Gradients:
    """The rounding of the vjp: by jitter, and what linearity misses on a short walk along the cotangent and across it.

    The walk is too short (3 % along, half the digits across) for a vjp that is not linear to excuse itself.
    """
    worst = list(gradient_noise(trial, cotangents, gradients))
    given = max(float(np.abs(u).max(initial=0.0)) for u in cotangents)
    for _ in range(SAMPLES):
        ray = 1 + WALK * trial.rng.uniform(-1, 1)
        along = trial.pull([np.asarray(u * ray).astype(u.dtype) for u in cotangents])
        step = [
            np.asarray(u * (np.sqrt(spacing(u.dtype)) * trial.rng.normal(size=u.shape))).astype(u.dtype)
            for u in cotangents
        ]
        forth = trial.pull([u + s for u, s in zip(cotangents, step, strict=True)])
        back = trial.pull([u - s for u, s in zip(cotangents, step, strict=True)])
        if along is None or forth is None or back is None:
            continue
        for position, g in enumerate(gradients):
            before, a, f, b = worst[position], along[position], forth[position], back[position]
            if g is not None and before is not None and a is not None and f is not None and b is not None:
                miss = np.maximum(np.abs(a - g * ray), np.abs((f - g) + (b - g)))
                largest = max(MOST_ROUNDING * float(np.abs(g).max(initial=0.0)), CANCELLED * given)
                miss = np.minimum(miss, spacing(g.dtype) * largest)
                worst[position] = np.maximum(before, np.nan_to_num(miss, nan=0.0, posinf=0.0))
    return worst


def _finding(message: str) -> Finding:
    return Finding("GC201", Severity.ERROR, message)
