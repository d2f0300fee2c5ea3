"""The cotangent enters in another way than in proportion: the vjp is asked with others."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from gradcheck.diagnosis import costs
from gradcheck.diagnosis.hypothesis import Claim
from gradcheck.diagnosis.limits import FAR, TINY
from gradcheck.diagnosis.view import View

from ._asking import ask, close
from .cotangent_parts import pulled


def ignored(view: View) -> bool | None:
    """Whether other cotangents give the same answer, zero among them, and fresh calls of the op do too."""
    u = view.sample.cotangent
    answers = [ask(view, v) for v in (u, 2 * u, np.roll(u, 1) - 3 * u)]
    first, zero = answers[0], ask(view, 0 * u)
    if zero is None or np.isfinite(zero).all():  # else it cancels what it is divided by
        answers.append(zero)
    if first is None or not first.any():
        return False
    return all(a is not None and close(view, a, first) for a in answers)


def offset(view: View) -> bool | None:
    """Whether a part of the answer stays whatever the cotangent is."""
    u = view.sample.cotangent
    zero, one, two = (ask(view, v) for v in (0 * u, u, 2 * u))
    if zero is None or one is None or two is None or not zero.any():
        return False
    return close(view, two - zero, 2 * (one - zero)) and not close(view, zero, one)


def of_ones(view: View) -> bool | None:
    """Whether it is the gradient for a cotangent of ones, which may be none at all."""
    found = pulled(view, np.ones_like)
    return None if found is None else view.explained(found)


def cotangent_ignored(view: View) -> Iterator[Claim]:
    """All of it, or one term."""
    if view.raw is None:
        return
    yield Claim(
        f"the cotangent is ignored: the gradient of `{view.name}` is the same whatever `dy` is", costs.ASKED, ignored
    )
    yield Claim(
        f"a term of the gradient of `{view.name}` is not multiplied by the cotangent: it stays the same "
        "whatever `dy` is",
        costs.ASKED_PART,
        offset,
        open_ends=1,
    )
    yield Claim(f"the cotangent is ignored: the gradient of `{view.name}` is the one for ones", costs.FOR_ONES, of_ones)


_POWERS = ((2, "multiplied into the gradient of `{x}` twice"), (3, "multiplied into the gradient of `{x}` three times"))


def grows(view: View, power: int) -> bool | None:
    """Whether twice the cotangent gives ``2**power`` times the answer."""
    u = view.sample.cotangent
    one, two = ask(view, u), ask(view, 2 * u)
    if one is None or two is None or not one.any():
        return False
    return close(view, two, 2.0**power * one)


def mixed(view: View, power: int) -> bool | None:
    """Whether the answer is one part in proportion to the cotangent, and one in proportion to a power of it."""
    u = view.sample.cotangent
    one, two, four = (ask(view, scale * u) for scale in (1, 2, 4))
    if one is None or two is None or four is None:
        return False
    part = (two - 2 * one) / (2.0**power - 2)
    rest = one - part
    if close(view, one, rest) or close(view, one, part):
        return False
    return close(view, four, 4 * rest + 4.0**power * part)


def cotangent_power(view: View) -> Iterator[Claim]:
    """Squared, cubed; in the denominator; and in a term."""
    if view.raw is None:
        return
    for power, words in (*_POWERS, (-1, "divided by in the gradient of `{x}`, where it should be multiplied in")):
        yield Claim(f"the cotangent is {words.format(x=view.name)}", costs.ASKED, partial(grows, power=power))
    for power, words in _POWERS:
        yield Claim(
            f"in a term the cotangent is {words.format(x=view.name)}",
            costs.ASKED_PART,
            partial(mixed, power=power),
            open_ends=1,
        )


def normalised(view: View) -> bool | None:
    """Whether the answer follows the sign of the cotangent and not its size."""
    u = view.sample.cotangent
    one, two, minus, tiny = (ask(view, v) for v in (u, 2 * u, -u, TINY * u))
    if one is None or two is None or minus is None or tiny is None or not one.any():
        return False
    return close(view, one, two) and close(view, minus, -one) and close(view, one, tiny)


def cotangent_normalised(view: View) -> Iterator[Claim]:
    """Its sign, or its direction."""
    if view.raw is not None:
        yield Claim(
            f"the size of the cotangent does not reach the gradient of `{view.name}`, only its sign or "
            "direction: it is "
            "normalised",
            costs.ASKED,
            normalised,
        )


def even(view: View, whole: bool) -> bool | None:
    """Whether the answer grows with the cotangent, and it or a term of it does not turn round with it."""
    u = view.sample.cotangent
    one, two, minus = ask(view, u), ask(view, 2 * u), ask(view, -u)
    if one is None or two is None or minus is None or not close(view, two, 2 * one) or not one.any():
        return False
    return close(view, one, minus) if whole else not close(view, one, -minus)


def cotangent_absolute(view: View) -> Iterator[Claim]:
    """All of it, or one term."""
    if view.raw is None:
        return
    yield Claim(
        f"the cotangent loses its sign on the way to the gradient of `{view.name}`: it is the same for `-dy`",
        costs.ASKED,
        lambda v: even(v, whole=True),
    )
    yield Claim(
        f"in a term of the gradient of `{view.name}` the cotangent loses its sign: the answer for `-dy` is not minus "
        "the one for `dy`",
        costs.ASKED_PART,
        lambda v: even(v, whole=False),
        open_ends=1,
        loose=True,
    )


def clipped(view: View) -> bool | None:
    """Whether small cotangents are answered in proportion, and large ones all alike."""
    u = view.sample.cotangent
    answers = [ask(view, u * scale) for scale in (TINY, 2 * TINY, 1 / TINY, 2 / TINY)]
    tiny, twice, large, larger = answers
    if tiny is None or twice is None or large is None or larger is None or not tiny.any():
        return False
    return close(view, twice, 2 * tiny) and close(view, large, larger) and not close(view, large, tiny / TINY**2)


def partly(view: View) -> bool | None:
    """Whether a term is: in proportion for small cotangents, and for large ones too but for what stays the same."""
    u = view.sample.cotangent / max(float(np.abs(view.sample.cotangent).min(initial=1.0)), 1 / FAR)
    small = [ask(view, u * scale) for scale in (TINY, 2 * TINY)]
    large = [ask(view, u * scale) for scale in (FAR, 2 * FAR, 4 * FAR)]
    if any(a is None for a in (*small, *large)):
        return False
    tiny, twice = (a for a in small if a is not None)
    one, two, four = (a for a in large if a is not None)
    if not (close(view, twice, 2 * tiny) and close(view, four - two, 2 * (two - one)) and tiny.any()):
        return False
    return not close(view, two, 2 * one) and not close(view, two, one)


def cotangent_clipped(view: View) -> Iterator[Claim]:
    """Bounded answers, then a bounded term."""
    if view.raw is None or not np.isfinite(view.raw).all():
        return
    yield Claim(
        f"the cotangent, or the gradient of `{view.name}`, is clipped or squashed: beyond some size it no longer grows",
        costs.CLIPPED,
        clipped,
    )
    yield Claim(
        f"in a term of the gradient of `{view.name}` the cotangent is clipped: beyond some size that term no longer "
        "grows",
        costs.CLIPPED_PART,
        partly,
        open_ends=1,
    )
