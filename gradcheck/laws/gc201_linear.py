"""GC201: the vjp is linear in its cotangent."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.numerics import draw_cotangents
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from .comparing import cotangent_noise, differences
from .law import Law


def check(trial: Trial) -> Iterator[Finding]:
    """One combination of two cotangents with a large negative weight, and one tiny multiple.

    Only where one of them fails are sign, scale and sum told apart.
    """
    other = draw_cotangents(trial.rng, trial.outputs)
    large, tiny = _weights(trial)
    if not _broken(trial, large, other) and not _broken(trial, tiny, None):
        return
    for weight, partner, name in (
        (-1.0, None, "sign: vjp(-u) is not -vjp(u)"),
        (2.0, None, "scale: vjp(2 u) is not 2 vjp(u)"),
        (large, None, f"scale: vjp({large:g} u) is not {large:g} vjp(u)"),
        (tiny, None, f"scale: vjp({tiny:g} u) is not {tiny:g} vjp(u)"),
        (1.0, other, "sum: vjp(u + w) is not vjp(u) + vjp(w)"),
        (large, other, f"sum: vjp({large:g} u + w) is not {large:g} vjp(u) + vjp(w)"),
    ):
        found = _broken(trial, weight, partner)
        if found:
            argument, index, actual, expected = found
            yield Finding(
                "GC201",
                Severity.ERROR,
                f"the vjp is not linear in the cotangent ({name}): the gradient of `{argument}` at {list(index)} "
                f"is {actual:.6g} instead of {expected:.6g}",
                argument=argument,
                index=index,
                claimed=actual,
                expected=expected,
            )
            return


def _weights(trial: Trial) -> tuple[float, float]:
    """A large and a tiny weight that the narrowest dtype in play can hold."""
    dtypes = [y.dtype for y in trial.outputs] + [g.dtype for g in trial.gradients if g is not None]
    narrow = min(np.finfo(dtype).nexp for dtype in dtypes) <= 5  # float16 has 5 bits of exponent
    return (-8.0, 2.0**-3) if narrow else (-(2.0**10), 2.0**-16)


def _broken(
    trial: Trial, weight: float, other: tuple[np.ndarray, ...] | None
) -> tuple[str, tuple[int, ...], float, float] | None:
    """Compare ``vjp(weight u + other)`` with ``weight vjp(u) + vjp(other)``; the first difference, if any."""
    combined = [np.asarray(u * weight).astype(u.dtype) for u in trial.cotangents]
    expected = [None if g is None else g * weight for g in trial.gradients]
    if other is not None:
        combined = [a + w for a, w in zip(combined, other, strict=True)]
        second = trial.pull(other)
        if second is None:
            return _malformed(trial)
        expected = [None if a is None or b is None else a + b for a, b in zip(expected, second, strict=True)]
    actual = trial.pull(combined)
    if actual is None:
        return _malformed(trial)
    noise = 1.0 if other is None else 2.0
    return next(
        differences(trial, actual, expected, lambda: cotangent_noise(trial, noise * abs(weight))), None
    )


def _malformed(trial: Trial) -> tuple[str, tuple[int, ...], float, float]:
    """A vjp that answers one cotangent and fails at another is not linear either."""
    return trial.differentiable[0], (), float("nan"), float("nan")


LAW = Law(
    "GC201",
    "The vjp is linear in the cotangent: sign, scale and sum pass through it, for scalar outputs too.",
    check,
)
