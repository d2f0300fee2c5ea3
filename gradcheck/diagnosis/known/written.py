"""Gradients as they are written out of known arrays, so that both the claim and the truth can be recognised.

Of rows: ``X.T @ (u * f(X @ b) - v * t)``, as regressions and boosted losses have it; of layers:
``x.T @ ((dy @ W.T) * s)`` and ``((dy @ W.T) * s) @ V.T``. Where both the claim and the truth are found among them, it
is known what stands where what belongs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, permutations, product

import numpy as np

from gradcheck.diagnosis.limits import FORMULAS
from gradcheck.diagnosis.view import View
from gradcheck.numerics.tolerance import Array

from .forms import sigmoid


def _itself(z: Array) -> Array:
    return z


def _tanh_slope(a: Array) -> Array:
    return np.asarray(1 - a * a)


def _sigmoid_slope(a: Array) -> Array:
    return np.asarray(a * (1 - a))


def _positive(a: Array) -> Array:
    return np.asarray(a > 0, float)


_SLOPES: dict[str, Callable[[Array], Array]] = {
    "{}": _itself,
    "exp({})": np.exp,
    "sigmoid({})": sigmoid,
    "tanh({})": np.tanh,
}
_FACTORS: dict[str, Callable[[Array], Array]] = {
    "(1 - {}**2)": _tanh_slope,
    "{0} * (1 - {0})": _sigmoid_slope,
    "({} > 0)": _positive,
}


_OF_RESIDUALS: dict[str, Callable[[Array], Array]] = {
    "{}": _itself,
    "sign({})": np.sign,
    "abs({0}) * {0}": lambda r: np.abs(r) * r,
    "{}**2": np.square,
    "{}**3": lambda r: np.asarray(r**3),
    **_FACTORS,
}


@dataclass(frozen=True)
class Written:
    """One gradient as it may be written: its text, how much was chosen for it, and its entries in one row."""

    words: str
    choices: int
    values: Array


@lru_cache(maxsize=64)
def written(view: View) -> tuple[Written, ...]:
    """Every such formula for one argument at one example, the shortest first; none where it is no vector or matrix."""
    makers = {1: (_of_sums, _of_rows), 2: (_of_products, _of_layers)}.get(view.array.ndim, ())
    found = (one for make in makers for one in islice(make(view), FORMULAS))
    finite = [one for one in found if np.isfinite(one.values).all() and np.any(one.values)]
    return tuple(sorted(finite, key=lambda one: one.choices))


def known_here(view: View) -> dict[str, Array]:
    """Inputs, what is kept, constants: every real array by its name."""
    return _once([*zip(view.sample.names, view.sample.inputs, strict=True), *view.sample.kept.items()])


def named_here(view: View) -> dict[str, Array]:
    """The same, and what the user's functions compute on their way and give a name."""
    return _once([*known_here(view).items(), *view.sample.on_the_way.items()])


def _once(arrays: Iterable[tuple[str, Array]]) -> dict[str, Array]:
    found: dict[str, Array] = {}
    for name, array in arrays:
        if array.dtype.kind in "fb" and not any(np.array_equal(array, other) for other in found.values()):
            found[name] = np.asarray(array, np.float64)
    return found


def _entrywise(named: Mapping[str, Array]) -> Iterator[tuple[str, int, Array]]:
    """Each matrix, that by another of its shape, and by a slope that is read off the other."""
    for name, x in named.items():
        yield name, 0, x
        for other, y in named.items():
            if other != name and y.shape == x.shape:
                yield f"{name} * {other}", 1, x * y
                for text, f in _FACTORS.items():
                    yield f"{name} * {text.format(other)}", 1, x * f(y)


def _of_sums(view: View) -> Iterator[Written]:
    """``(dh * (1 - h**2)).sum(axis=0)``, as the gradient of a bias is written."""
    named = {name: x for name, x in named_here(view).items() if x.ndim == 2 and min(x.shape) > 1}
    for words, choices, x in _entrywise(named):
        for axis in (0, 1):
            if x.shape[1 - axis] == view.array.size:
                yield Written(f"{_as_operand(words)}.sum(axis={axis})", choices + 1, x.sum(axis=axis))


def _of_products(view: View) -> Iterator[Written]:
    """``X.T @ (dh * (1 - h**2))`` and its like of what has a name, then the sums of two plain ones."""
    named = {name: x for name, x in named_here(view).items() if x.ndim == 2 and min(x.shape) > 1}
    both = [*named.items(), *((f"{name}.T", x.T) for name, x in named.items())]
    plain: list[Written] = []
    for words, choices, inner in _entrywise(named):
        operand = _as_operand(words)
        for name, x in both:
            if x.shape[1] == len(inner) and (len(x), inner.shape[1]) == view.array.shape:
                made = Written(f"{name} @ {operand}", choices + 1, (x @ inner).ravel())
                plain += [] if choices else [made]
                yield made
            if inner.shape[1] == len(x) and (len(inner), x.shape[1]) == view.array.shape:
                yield Written(f"{operand} @ {name}", choices + 1, (inner @ x).ravel())
    for one, other in permutations(plain, 2):
        choices = one.choices + other.choices
        if one.words < other.words:
            yield Written(f"{one.words} + {other.words}", choices, one.values + other.values)
        yield Written(f"{one.words} + 2 * {other.words}", choices + 1, one.values + 2 * other.values)  # counted twice


def _of_rows(view: View) -> Iterator[Written]:
    """With every matrix that has a column for each entry of the argument."""
    known = known_here(view)
    for name, design in known.items():
        if design.ndim != 2 or design.shape[1] != view.array.size or design.shape[0] < 2:
            continue
        linear = {f"{name} @ {view.name}": design @ np.asarray(view.array, np.float64)}
        for other, x in known.items():
            if x.size == 1 and other in view.sample.names:
                linear[f"({name} @ {view.name} + {other})"] = linear[f"{name} @ {view.name}"] + x.ravel()
        rows = {other: x for other, x in known.items() if x.shape == (len(design),)}
        residuals = {other: x for other, x in named_here(view).items() if x.shape == (len(design),)}
        for words, choices, values in (*_of_residuals(residuals, rows), *_row_values(linear, rows)):
            yield Written(f"{name}.T @ {_as_operand(words)}", choices, values @ design)


def _of_residuals(residuals: Mapping[str, Array], rows: Mapping[str, Array]) -> Iterator[tuple[str, int, Array]]:
    """``u * f(r)`` of what has a name for each row, as losses of residuals have it."""
    weights = [("", 0, np.ones(1)), *((f"{name} * ", 1, x) for name, x in rows.items())]
    for (name, r), (u, cost, weight) in product(residuals.items(), weights):
        for form, apply in _OF_RESIDUALS.items():
            with np.errstate(all="ignore"):
                yield u + form.format(name), cost + 1, weight * np.asarray(apply(r))


def _row_values(linear: Mapping[str, Array], rows: Mapping[str, Array]) -> Iterator[tuple[str, int, Array]]:
    """``u * f(z) - v * t`` and that times a slope, with weights and targets from among the rows."""
    weights = [("", 0, np.ones(1)), *((f"{name} * ", 1, x) for name, x in rows.items())]
    weights += [(f"{name}**2 * ", 2, x * x) for name, x in rows.items()]
    targets = [("", 0, np.zeros(1)), *((name, 1, x) for name, x in rows.items())]
    for (z, eta), (form, apply) in product(linear.items(), _SLOPES.items()):
        with np.errstate(all="ignore"):
            value = np.asarray(apply(eta))
        slopes = [("", 0, np.ones(1))]
        slopes += [(f" * {text.format(form.format(z))}", 2, f(value)) for text, f in _FACTORS.items()]
        for (u, cost, weight), (t, more, target) in product(weights, targets):
            for v, again, other in weights if more else weights[:1]:
                body = u + form.format(z) + (f" - {v}{t}" if t else "")
                for slope, last, factor in slopes:
                    same = 1 if u == v else 0
                    yield (
                        (_as_operand(body) + slope if slope else body),
                        cost + more + again + last - same,
                        (weight * value - other * target) * factor,
                    )


def _of_layers(view: View) -> Iterator[Written]:
    """Products of what comes in with known matrices, for samples in rows and, all transposed, in columns."""
    known = {name: x for name, x in known_here(view).items() if x.ndim == 2 and min(x.shape) > 1}
    starts = [("dy", np.asarray(u, np.float64)) for u in view.sample.trial.cotangents if u.ndim == 2]
    starts += [(f"({a} - {b})", x - y) for (a, x), (b, y) in product(known.items(), repeat=2) if _pair(a, b, x, y)]
    for turned in (False, True):
        shape = view.array.shape[::-1] if turned else view.array.shape
        both = [*((name, x) for name, x in known.items()), *((f"{name}.T", x.T) for name, x in known.items())]
        for start, first in starts:
            for words, choices, inner in _inner(start, first.T if turned else first, both):
                for name, x in both:
                    if x.shape[1] == len(inner) and (len(x), inner.shape[1]) == shape:
                        yield _laid(f"{name} @ {_as_operand(words)}", choices, x @ inner, turned)
                    if inner.shape[1] == len(x) and (len(inner), x.shape[1]) == shape:
                        yield _laid(f"{_as_operand(words)} @ {name}", choices, inner @ x, turned)


def _pair(a: str, b: str, x: Array, y: Array) -> bool:
    return a != b and x.shape == y.shape


def _inner(start: str, first: Array, both: list[tuple[str, Array]]) -> Iterator[tuple[str, int, Array]]:
    """What comes in, and that through one matrix and one slope."""
    yield start, 0, first
    through = [(f"{start} @ {name}", first @ x) for name, x in both if first.shape[1] == len(x)]
    for words, value in [(start, first), *through]:
        yield words, 1, value
        operand = _as_operand(words)
        for name, x in both:
            if x.shape == value.shape:
                for text, f in _FACTORS.items():
                    yield f"{operand} * {text.format(name)}", 2, value * f(x)
                yield f"{operand} * {name}", 2, value * x


def _laid(words: str, choices: int, value: Array, turned: bool) -> Written:
    turned_words, turned_value = (f"{_as_operand(words)}.T", value.T) if turned else (words, value)
    return Written(turned_words, choices, np.asarray(turned_value).ravel())


def _as_operand(words: str) -> str:
    """A formula as it stands beside an operator: in parentheses, unless no operator stands in it outside of some."""
    depth = 0
    for letter in words:
        depth += (letter in "([") - (letter in ")]")
        if letter == " " and depth == 0:
            return f"({words})"
    return words
