"""What overflows on the way in one order of memory and not in another is no other function."""

import numpy as np
import pytest

from gradcheck import Case, report_case, report_vjp
from gradcheck.laws.gc207_layout import check

pytestmark = pytest.mark.usefixtures("unexplained")

ONES = np.ones((4, 2))
LARGE = ONES * np.array([1e120, 1e-150])  # in C order the product stays between 1e-150 and 1e120, column by column not


def product(x, *, blind=False):
    """The product of all entries in the order in which they lie in memory."""
    flat = x.ravel(order="K")
    with np.errstate(all="ignore"):
        y = np.multiply.reduce(flat)

    def vjp(dy):
        others = [np.prod(np.delete(x.reshape(-1), number)) for number in range(x.size)]
        return (dy * np.reshape(others, x.shape).astype(x.dtype),)

    if blind and not x.flags.c_contiguous:
        y = y * 2
    return np.asarray(y), vjp


def codes(x, **options):
    return {f.code for seed in range(6) for f in report_vjp(product, x, options=options, seed=seed).errors}


def test_a_product_that_overflows_in_the_other_order_is_not_accused():
    assert "GC207" not in codes(LARGE)


def test_without_it_it_is(monkeypatch):
    monkeypatch.setattr(check, "_held", lambda actual, _: actual)
    assert "GC207" in codes(LARGE)


@pytest.mark.parametrize("x", [ONES * 1.5, np.array([[0.5, 2.0], [1.5, -1.0]])])
def test_what_reads_another_order_otherwise_is_found(x):
    assert "GC207" in codes(x, blind=True)


def test_a_whole_case_in_float32_is_correct():
    assert report_case(Case(product, "(m,n)->()", dtype="float32"), examples=40, seed=5).verdict == "correct"
