"""Gradients as they are written out of known arrays, so that both the claim and the truth can be recognised.

Of rows: ``X.T @ (u * f(X @ b) - v * t)``, as regressions and boosted losses have it; of layers:
``x.T @ ((dy @ W.T) * s)`` and ``((dy @ W.T) * s) @ V.T``. Where both the claim and the truth are found among them, it
is known what stands where what belongs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product

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


@dataclass(frozen=True)
class Written:
    """One gradient as it may be written: its text, how much was chosen for it, and its entries in one row."""

    words: str
    choices: int
    values: Array


@lru_cache(maxsize=64)
def written(view: View) -> tuple[Written, ...]:
    """Every such formula for one argument at one example, the shortest first; none where it is no vector or matrix."""
    makers = {1: _of_rows, 2: _of_layers}
    found = islice(makers[view.array.ndim](view), FORMULAS) if view.array.ndim in makers else ()
    finite = [one for one in found if np.isfinite(one.values).all() and np.any(one.values)]
    return tuple(sorted(finite, key=lambda one: one.choices))


def known_here(view: View) -> dict[str, Array]:
    """Inputs, what is kept, constants: every real array by its name."""
    found: dict[str, Array] = {}
    for name, array in (*zip(view.sample.names, view.sample.inputs, strict=True), *view.sample.kept.items()):
        if array.dtype.kind in "fb" and not any(np.array_equal(array, other) for other in found.values()):
            found[name] = np.asarray(array, np.float64)
    return found


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
        for words, choices, values in _row_values(linear, rows):
            yield Written(f"{name}.T @ {_as_operand(words)}", choices, values @ design)


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
