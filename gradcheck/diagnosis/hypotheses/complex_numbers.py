"""A conjugate, or a real or imaginary part, of complex numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from gradcheck.diagnosis import costs
from gradcheck.diagnosis.hypothesis import Claim
from gradcheck.diagnosis.limits import NOTICED
from gradcheck.diagnosis.view import View
from gradcheck.numerics import within
from gradcheck.numerics.tolerance import Array


def conjugate(view: View) -> Iterator[Claim]:
    """The conjugate of the gradient; the gradient of the conjugate cotangent; both; that of a conjugate input."""
    if view.array.dtype.kind != "c":
        return

    def at_conjugate(v: View) -> Array | None:
        sample = v.sample
        if any(y.dtype.kind != "c" for y in sample.outputs) or v.true_rows is None:
            return None
        row = sample.cotangent.reshape(-1, 2) * np.array([1.0, -1.0])
        pulled = (row.ravel() @ v.true_rows).reshape(*v.array.shape, 2)
        return np.asarray(pulled[..., 0] + 1j * pulled[..., 1])

    ways: list[tuple[str, Callable[[View], Array | None]]] = [
        ("is the conjugate of the right one", lambda v: np.conj(v.true)),
        ("is that of the conjugate of the cotangent", at_conjugate),
        ("lacks a conjugate", lambda v: None if (g := at_conjugate(v)) is None else np.conj(g)),
    ]
    for words, predict in ways:

        def holds(v: View, predict: Callable[[View], Array | None] = predict) -> bool | None:
            found = predict(v)
            return None if found is None else v.explained(found)

        yield Claim(
            f"the gradient of `{view.name}` {words}: of a matrix or factor the conjugate (transpose) "
            "enters the backward",
            costs.ASKED_PART,
            holds,
        )

    def one_term(v: View) -> bool | None:
        if not v.fits or not v.true.imag.any():
            return None
        return bool(v.close(v.true.real + 0j, v.claimed.real + 0j).all()) and not within(
            np.abs(v.true.imag).max(), NOTICED
        )

    yield Claim(
        f"the real part of the gradient of `{view.name}` is right and the imaginary part is not: a "
        "conjugate hits a term "
        "that it should not, or misses one",
        costs.ONE,
        one_term,
        open_ends=1,
    )
    yield from _phases(view)
    for place, x in enumerate(view.sample.inputs):
        if x.dtype.kind == "c":

            def as_if(v: View, place: int = place) -> bool | None:
                return v.matches_elsewhere([np.conj(a) if n == place else a for n, a in enumerate(v.sample.inputs)])

            name = view.sample.names[place]
            yield Claim(
                f"the gradient of `{view.name}` uses `{name}` where its conjugate belongs (or the other way round)",
                costs.ONE,
                as_if,
            )


def _phases(view: View) -> Iterator[Claim]:
    """A complex number where its conjugate belongs: the claim is off by ``z / conj(z)``."""
    sample = view.sample
    named = [*zip(sample.output_names, sample.outputs, strict=True), *zip(sample.names, sample.inputs, strict=True)]
    for place, (name, array) in enumerate(named):
        if array.dtype.kind != "c" or array.shape not in ((), view.array.shape):
            continue
        for flipped in (False, True):

            def holds(v: View, place: int = place, flipped: bool = flipped) -> bool | None:
                z = (*v.sample.outputs, *v.sample.inputs)[place]
                turned = np.conj(z) / z if flipped else z / np.conj(z)
                return v.explained(np.asarray(v.true * turned)) if z.shape in ((), v.array.shape) else None

            yield Claim(
                f"in the gradient of `{view.name}` the conjugate of `{name}` is missing, or one too many",
                costs.ONE,
                holds,
            )


def imaginary_part(view: View) -> Iterator[Claim]:
    """One part only; or one part where there is none."""
    if view.array.dtype.kind != "c":
        return
    ways: list[tuple[str, Callable[[View], Array]]] = [
        ("the imaginary part of the gradient of `{}` is lost", lambda v: v.true.real + 0j),
        ("the real part of the gradient of `{}` is lost", lambda v: 1j * v.true.imag),
    ]
    for words, predict in ways:

        def holds(v: View, predict: Callable[[View], Array] = predict) -> bool | None:
            return v.explained(predict(v))

        yield Claim(words.format(view.name), costs.NOTHING, holds)

    def real_only(v: View) -> bool | None:
        if not v.fits or not within(np.abs(v.true.imag).max(), NOTICED * np.abs(v.true).max()):
            return False
        parts = [v.true.real, v.claimed.real]
        return bool(v.close(np.asarray(parts[0] + 0j), np.asarray(parts[1] + 0j)).all()) if v.fits else None

    yield Claim(
        f"the real part of the gradient of `{view.name}` is right and the imaginary part is not: it is kept where only "
        "a real part can count",
        costs.ONE,
        real_only,
        open_ends=1,
    )
