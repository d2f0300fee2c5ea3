"""The real or the imaginary part of a complex gradient is lost, or should have been."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View
from gradcheck.numerics.tolerance import Array


def propose(view: View) -> Iterator[Claim]:
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

        yield Claim(words.format(view.name), 0, holds)

    def real_only(v: View) -> bool | None:
        if not v.fits or np.abs(v.true.imag).max() > 1e-6 * np.abs(v.true).max():
            return False
        parts = [v.true.real, v.claimed.real]
        return bool(v.close(np.asarray(parts[0] + 0j), np.asarray(parts[1] + 0j)).all()) if v.fits else None

    yield Claim(
        f"the real part of the gradient of `{view.name}` is right and the imaginary part is not: it is kept where only "
        "a real part can count",
        1,
        real_only,
    )


HYPOTHESIS = Hypothesis("imaginary-part", "The imaginary part is lost, or kept where it does not count.", propose)
