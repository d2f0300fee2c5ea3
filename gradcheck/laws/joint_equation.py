"""One equation that holds whatever a well-behaved vjp is asked; only where it fails is each law asked by itself.

With cotangents ``u`` and ``w`` and weights ``a``, ``b`` and ``s`` (see `asking`):

    vjp(a u + b w) = a vjp(u) + b/s vjp'(s w)

``w`` is what training asks with (ones, or a single one) or has exact zeros; along one axis or more it has stride 0;
``a u + b w`` is asked in a third layout, mostly after the op has run at another point. ``vjp'`` belongs to a second
call of the op at the same inputs, in another memory layout and in the very arrays in which it was given that other
point. So sign, scale, sum, zeros, state, wear, layout, repeatability and what is kept by the identity of an array stand
or fall together, for three answers of the vjp. Memory that it allocates holds a mark at that second call, as far as that
is in our hands, so that what nobody writes falls with them.
"""

from __future__ import annotations

import numpy as np

from gradcheck.numerics.limits import BLOCK, SMALL
from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Answer, Failure, Layout, laid_out, stretched
from gradcheck.protocol.dtypes import is_inexact
from gradcheck.trial import Gradients, Trial

from .asking import Asked, asked
from .learned import Learned, of_coarseness
from .limits import ELSEWHERE, LARGE, ROUNDINGS, SUMMED, SUMMED_WITH
from .linear_combination import adds_up, all_add_up
from .low import is_golden, no_slopes, same_outputs
from .unwritten import holds, leave_behind, marked, marks_of

_WEIGHTS = np.random.default_rng(0).uniform(*SUMMED_WITH, SUMMED) * np.random.default_rng(1).choice([-1.0, 1.0], SUMMED)


def asked_jointly(trial: Trial, learned: Learned) -> Learned:
    """Whether the equation holds to rounding, that of a narrower dtype inside included."""
    if trial.measured is not None:
        return Learned(behaves=_holds(trial))
    if _holds(trial):
        return Learned(behaves=True)
    if no_slopes(trial):
        return Learned(behaves=False)
    coarser = of_coarseness(trial, learned)
    coarse = trial.coarseness.spacing
    return coarser | Learned(behaves=bool(coarse) and _holds(trial, ROUNDINGS * coarse))


def _holds(trial: Trial, least: float = 0.0) -> bool:
    """Ask the three; ``least`` is the relative error that is rounding at any rate."""
    question = asked(trial, gently=least > 0)
    first, combined = trial.gradients, None
    arrays = _elsewhere(trial)
    if question.in_a_row:
        combined = _ask_both(trial, question)
    trial.call_on(arrays)  # which must leave no trace
    if not question.in_a_row:
        combined = _ask_both(trial, question)
    if combined is None or trial.writes or trial.modified_outputs:
        return False
    whole, combined = combined if trial.measured is not None else None, _brief(combined)
    mark = marks_of(trial)[0]
    with marked(trial, mark):
        again = _relaid(trial, arrays, least)
        if again is None:
            return False
        trial.let_go()
        scaled = [w * w.dtype.type(question.scale) for w in question.w]
        cotangents = [stretched(w, y.shape) for w, y in zip(scaled, trial.outputs, strict=True)]
        leave_behind(trial, mark)
        second = trial.ask_with(again, cotangents)
    if second is None:
        return False
    if trial.measured is not None:
        if holds(again.outputs, mark) or holds(second, mark):
            return False
        asked_second = [stretched(w, y.shape) for w, y in zip(scaled, trial.outputs, strict=True)]
        return is_golden(trial, _both(trial, question), whole) and is_golden(trial, asked_second, second)
    del again  # with the inputs that its closure keeps
    triples = zip(combined, _brief(first), _brief(second), strict=True)
    return all_add_up(
        [(c, a, b) for c, a, b in triples if c is not None and a is not None and b is not None],
        question.weight,
        question.share / question.scale,
        least,
    )


def _ask_both(trial: Trial, question: Asked) -> Gradients | None:
    """``vjp(a u + b w)``, of the first call of the op."""
    return trial.ask_with(trial.answer, _both(trial, question))


def _both(trial: Trial, question: Asked) -> list[Array]:
    """``a u + b w``, rounded to the dtype of the outputs, in an odd layout."""
    both = []
    for u, w in zip(trial.cotangents, question.w, strict=True):
        mine = w if question.share == 1.0 else w * w.dtype.type(question.share)
        both.append(cotangent_layout(np.asarray(u * u.dtype.type(question.weight) + mine)))
    return both


def _brief(gradients: Gradients) -> Gradients:
    """Large gradients as sums of some entries at a time, weighted at random: of what is linear the sums are so too.

    Three gradients of the size of the inputs need not be held at once then, and an entry that is off shows in its sum.
    """
    return tuple(g if g is None or g.size <= BLOCK else _sums(g.reshape(-1)) for g in gradients)


def _sums(flat: Array) -> Array:
    whole = flat.size // len(_WEIGHTS) * len(_WEIGHTS)
    sums = flat[:whole].reshape(-1, len(_WEIGHTS)) @ _WEIGHTS.astype(flat.dtype)
    return np.concatenate([sums, flat[whole:]])


def _elsewhere(trial: Trial) -> list[Array]:
    """Another point, in arrays that are to hold this one later.

    Large inputs stay where a smaller one moves, and are not handed over twice: that would cost more than the call.
    """
    moving = [is_inexact(x.dtype) and 0 < x.size <= LARGE for x in trial.inputs]
    return [
        laid_out(moved_elsewhere(x), input_layout(x))
        if x.size <= LARGE
        else (handed if any(moving) else moved_elsewhere(x))
        for x, handed in zip(trial.inputs, trial.handed or trial.inputs, strict=True)
    ]


def _relaid(trial: Trial, arrays: list[Array], least: float) -> Answer | None:
    """A second call of the op, at the same inputs in other layouts and in these arrays; None where anything is off.

    The vjp of what they held before is asked no more, so that it may have kept them.
    """
    for number, x in enumerate(trial.inputs):
        if x.size <= LARGE:
            arrays[number][...] = x
        else:
            arrays[number] = laid_out(x, input_layout(x))
    again = trial.call_on(arrays)
    if isinstance(again, Failure) or len(again.outputs) != len(trial.outputs):
        return None
    pairs = zip(again.outputs, trial.outputs, strict=True)
    if trial.measured is not None:
        return again if all(y.shape == before.shape for y, before in pairs) and same_outputs(trial, again) else None
    return again if all(_is_the_same(trial, y, before, least) for y, before in pairs) else None


def _is_the_same(trial: Trial, y: Array, before: Array, least: float) -> bool:
    """Whether an output is what it was, to rounding; of a small one mostly the bytes tell."""
    if y.shape != before.shape:
        return False
    if y.size <= SMALL and trial.finite and y.dtype == before.dtype and y.tobytes() == before.tobytes():
        return True
    return adds_up(y, before, 1.0, least=least)


def input_layout(array: Array) -> Layout:
    """A layout that an array of this many axes can have and that is not C order."""
    return Layout.FORTRAN if array.ndim > 1 else Layout.STRIDED


def cotangent_layout(cotangent: Array) -> Array:
    """A cotangent in a layout that is not C order."""
    return laid_out(cotangent, Layout.FORTRAN if cotangent.ndim > 1 else Layout.REVERSED)


def moved_elsewhere(array: Array, *, away: bool = False) -> Array:
    """Another point, as a fresh array: the entries change places and shrink, so that they stay in a domain.

    An op that goes through them in a loop ends so near where it will begin; ``away`` from 0 it does on the other side.
    """
    part = array.dtype.type((1 / ELSEWHERE if away else ELSEWHERE) if is_inexact(array.dtype) else 1)
    moved: Array = np.multiply(array.reshape(-1)[::-1], part)
    return moved.reshape(array.shape)
