"""One equation that holds whatever a well-behaved vjp is asked; only where it fails is each law asked by itself.

With weights ``a`` (large, negative) and ``b`` (tiny), cotangents ``u`` and ``w``:

    vjp(a u + w) = a vjp(u) + vjp'(b w) / b

``vjp'`` belongs to a second call of the op at the same inputs in another memory layout; ``b w`` has exact zeros and,
along one axis, stride 0; ``a u + w`` is asked in a third layout, after the op has run at another point. So
sign, scale, sum, zeros, state, wear, layout and repeatability stand or fall together, for three answers of the vjp.
"""

from __future__ import annotations

from itertools import accumulate

import numpy as np

from gradcheck.numerics import spacing, tiniest, within
from gradcheck.numerics.blocks import BLOCK, SMALL, blocks, fitting, largest_of
from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Answer, Failure, Layout, laid_out, stretched
from gradcheck.trial import Gradients, Trial

Triple = tuple[Array, Array, Array]

ULPS = 64.0
ELSEWHERE = 0.75
_LARGE = 2**16
_WEIGHTS = np.random.default_rng(0).uniform(0.5, 1.5, 64) * np.random.default_rng(1).choice([-1.0, 1.0], 64)


def together(trial: Trial) -> bool:
    """Whether the equation holds to rounding; found out once per trial."""
    if trial.behaves is None:
        trial.behaves = _holds(trial)
    return trial.behaves


def weights(trial: Trial) -> tuple[float, float]:
    """A large and a tiny weight that the narrowest dtype in play can hold, with what the backward makes of them."""
    dtypes = [y.dtype for y in trial.outputs] + [g.dtype for g in trial.gradients if g is not None]
    narrow = min(np.finfo(dtype).nexp for dtype in dtypes) <= 5  # float16 has 5 bits of exponent
    return (-1.0, 2.0**-3) if narrow else (-(2.0**10), 2.0**-40)


def _holds(trial: Trial) -> bool:
    large, tiny = weights(trial)
    other = [spread(w) for w in trial.draw_cotangents()]
    first = trial.gradients
    trial.call_on(_elsewhere(trial))  # which must leave no trace
    pairs = zip(trial.cotangents, other, strict=True)
    combined = trial.ask_with(trial.answer, [cotangent_layout(u * u.dtype.type(large) + w) for u, w in pairs])
    if combined is None or trial.writes or trial.modified_outputs:
        return False
    combined = _brief(combined)
    again = _relaid(trial)
    if again is None:
        return False
    trial.let_go()
    small = [stretched(w * w.dtype.type(tiny), y.shape) for w, y in zip(other, trial.outputs, strict=True)]
    second = trial.ask_with(again, small)
    del again  # with the inputs that its closure keeps
    if second is None:
        return False
    triples = zip(combined, _brief(first), _brief(second), strict=True)
    return _all_add_up(
        [(c, a, b) for c, a, b in triples if c is not None and a is not None and b is not None], large, 1 / tiny
    )


def _brief(gradients: Gradients) -> Gradients:
    """Large gradients as sums of 64 entries at a time, weighted at random: of what is linear the sums are so too.

    Three gradients of the size of the inputs need not be held at once then, and an entry that is off shows in its sum.
    """
    return tuple(g if g is None or g.size <= BLOCK else _sums(g.reshape(-1)) for g in gradients)


def _sums(flat: Array) -> Array:
    whole = flat.size // len(_WEIGHTS) * len(_WEIGHTS)
    sums = flat[:whole].reshape(-1, len(_WEIGHTS)) @ _WEIGHTS.astype(flat.dtype)
    return np.concatenate([sums, flat[whole:]])


def _elsewhere(trial: Trial) -> list[Array]:
    """Another point. Large inputs stay where a smaller one moves: to move them would cost more than the call."""
    moving = [x.dtype.kind in "fc" and 0 < x.size <= _LARGE for x in trial.inputs]
    pairs = zip(trial.inputs, trial.handed, strict=True)
    return [handed if any(moving) and x.size > _LARGE else moved_elsewhere(x) for x, handed in pairs]


def _relaid(trial: Trial) -> Answer | None:
    """A second call of the op, at the same inputs in other layouts; None where anything is off."""
    again = trial.call_on([laid_out(x, input_layout(x)) for x in trial.inputs])
    if isinstance(again, Failure) or len(again.outputs) != len(trial.outputs):
        return None
    pairs = zip(again.outputs, trial.outputs, strict=True)
    return again if all(y.shape == before.shape and adds_up(y, before, 1.0) for y, before in pairs) else None


def input_layout(array: Array) -> Layout:
    """A layout that an array of this many axes can have and that is not C order."""
    return Layout.FORTRAN if array.ndim > 1 else Layout.STRIDED


def cotangent_layout(cotangent: Array) -> Array:
    """A cotangent in a layout that is not C order."""
    return laid_out(cotangent, Layout.FORTRAN if cotangent.ndim > 1 else Layout.REVERSED)


def moved_elsewhere(array: Array) -> Array:
    """Another point, as a fresh array: the entries change places and shrink, so that they stay in a domain."""
    shrink = array.dtype.type(ELSEWHERE if array.dtype.kind in "fc" else 1)
    moved: Array = np.multiply(array.reshape(-1)[::-1], shrink)
    return moved.reshape(array.shape)


def spread(cotangent: Array) -> Array:
    """A cotangent that is constant along its last axis of more than one entry, there of size 1; some entries are 0."""
    axes = [axis for axis, size in enumerate(cotangent.shape) if size > 1]
    if not axes:
        return cotangent
    held = cotangent.take([0], axis=axes[-1])
    held.reshape(-1)[::5][1:] = 0
    return held


def _all_add_up(triples: list[Triple], weight: float, other: float) -> bool:
    """`adds_up` for every triple; for several small ones at once, each to the rounding of its own largest entry."""
    small = [triple for triple in triples if 0 < triple[0].size <= SMALL and _are_plain(triple)]
    if len(small) > 1:
        c, a, b = (np.concatenate([part.reshape(-1) for part in parts]) for parts in zip(*small, strict=True))
        starts = [0, *accumulate(part.size for part, _, _ in small)][:-1]
        a *= weight
        b *= other
        a += b
        c -= a
        error, largest = (np.maximum.reduceat(np.abs(of), starts) for of in (c, a))
        if not within(error, ULPS * spacing(c.dtype) * largest + tiniest(c.dtype)).all():
            return False
        triples = [triple for triple in triples if not any(triple is one for one in small)]
    return all(adds_up(c, a, weight, b, other) for c, a, b in triples)


def _are_plain(triple: Triple) -> bool:
    return all(array.dtype == np.float64 for array in triple)


def adds_up(actual: Array, first: Array, weight: float, second: Array | None = None, other: float = 0.0) -> bool:
    """Whether ``actual = weight first + other second`` to the rounding of its largest entry; NaN is not."""
    error, largest = 0.0, 0.0
    dtype, expected, scaled = first.dtype, None, None
    wide = np.result_type(actual.dtype, dtype, dtype if second is None else second.dtype, 1.0)
    for c, a, b in blocks(actual, first, second):
        expected, scaled = fitting(expected, c, wide), fitting(scaled, c, wide)
        np.multiply(a, weight, out=expected)
        if b is not None:
            np.multiply(b, other, out=scaled)
            np.add(expected, scaled, out=expected)
        largest = np.maximum(largest, largest_of(expected))
        error = np.maximum(error, largest_of(np.subtract(c, expected, out=scaled)))
    return bool(within(error, ULPS * spacing(dtype) * largest + tiniest(dtype)))
