"""When two backwards are one and the same: what an array is made of may differ, its numbers and dtypes may not."""

import numpy as np
import pytest

from gradcheck import Case
from gradcheck.mutants import equivalence
from gradcheck.mutants.equivalence import Kind, differing


def squares(made):
    """The sum of squares, whose gradient goes through ``made``."""

    def sum_of_squares(x):
        return np.sum(x * x), lambda dy: (made(2 * dy * x),)

    return Case(sum_of_squares, "()->()")


@pytest.mark.parametrize(
    ("made", "kind"),
    [
        (lambda g: g[()], None),  # a scalar of NumPy
        (lambda g: [*g.reshape(-1)], Kind.FORM),
        (float, Kind.FORM),
        (np.float32, Kind.FORM),
        (lambda g: np.asarray(g)[None], Kind.FORM),
        (lambda g: np.asarray(2 * g), Kind.NUMBERS),
    ],
    ids=["scalar", "list", "float", "float32", "an axis more", "numbers"],
)
def test_a_scalar_of_numpy_is_the_array_without_axes(made, kind):
    found = next(differing(squares(np.asarray), squares(made), 3, 0), None)
    assert (None if found is None else found.kind) is kind


def test_no_rounding_is_measured_of_what_is_the_same_to_the_last_bit(monkeypatch):
    monkeypatch.setattr(equivalence, "differences", None)  # an exception, where it is asked
    assert next(differing(squares(np.asarray), squares(np.copy), 3, 0), None) is None
    with pytest.raises(TypeError):
        next(differing(squares(np.asarray), squares(lambda g: g * 3 / 3), 3, 0), None)
