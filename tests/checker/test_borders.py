"""Values at which an op changes its rule are found from its forward alone, exactly, and within a budget."""

import numpy as np
import pytest

from gradcheck import Case, Reals, UsageError, report_case
from gradcheck.generation.borders import find_borders
from gradcheck.generation.limits import FORWARDS

MATRIX = "(m,n)->(m,n)"


def never_asked(dy):
    raise AssertionError("borders are found from the forward alone")


def forward_only(function, calls=None):
    def op(x, **options):
        if calls is not None:
            calls.append(1)
        return function(x, **options), never_asked

    return op


def clipped(x, *, low, high):
    return np.clip(x, low, high), never_asked


def thresholded(x, *, threshold=20.0):
    return np.where(x > threshold, x, np.logaddexp(0, x) + 0.1), never_asked


def huber(x, y, *, delta=1.0):
    size = np.abs(x - y)
    return np.where(size < delta, size**2 / 2, delta * (size - delta / 2)).mean(), never_asked


def within_margin(x, y):
    return np.maximum(0, np.abs(x - y) - 0.3).sum(), never_asked


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda x: np.clip(x, 0, 6), (6.0,)),
        (lambda x: np.where(np.abs(x) > 0.5, x, 0), (-0.5, 0.5)),
        (lambda x: np.sign(x) * np.maximum(np.abs(x) - 0.37123, 0), (-0.37123, 0.37123)),
        (lambda x: x * np.clip(x + 3, 0, 6) / 6, (-3.0, 3.0)),
        (lambda x: np.clip(x, -1, 1), (-1.0, 1.0)),
        (lambda x: np.maximum(x, np.sqrt(2)), (np.sqrt(2),)),
        (lambda x: np.where(x < 2.5, x**3, 2.5**3 + 18.75 * (x - 2.5)), (2.5,)),
    ],
)
def test_kinks_jumps_and_changes_of_curvature(function, expected):
    calls = []
    found = find_borders(Case(forward_only(function, calls), MATRIX), {})
    assert found == {"x": pytest.approx(expected, abs=1e-9)}
    assert len(calls) <= FORWARDS
    if expected != (np.sqrt(2),):
        assert found["x"] == expected, "short decimals are found exactly"


@pytest.mark.parametrize(
    "function",
    [
        np.sin,
        np.tanh,
        np.exp,
        lambda x: np.sin(5 * x),
        lambda x: x,
        lambda x: np.zeros_like(x),
        lambda x: x**3,
        lambda x: np.maximum(x, 0),  # zero is planted anyway
        lambda x: np.exp(-(x**2)),
        lambda x: np.full_like(x, np.nan),
    ],
)
def test_smooth_functions_have_none(function):
    with np.errstate(all="ignore"):
        assert find_borders(Case(forward_only(function), MATRIX), {}) == {}


def test_numbers_among_the_options():
    case = Case(clipped, MATRIX, options={"low": -1.25, "high": 20.5})
    assert find_borders(case, {"low": -1.25, "high": 20.5}) == {"x": (-1.25, 20.5)}
    assert find_borders(Case(thresholded, MATRIX), {}) == {"x": (20.0,)}


@pytest.mark.parametrize("delta", [1.0, 0.7])
def test_differences_of_two_inputs(delta):
    case = Case(huber, "(n),(n)->()", options={"delta": delta})
    assert find_borders(case, {"delta": delta}) == {"x - y": (-delta, delta)}
    assert find_borders(Case(within_margin, "(n),(n)->()"), {}) == {"x - y": (-0.3, 0.3)}


def test_domains_are_respected():
    def logarithm(x):
        assert (x > 0).all()
        return np.abs(np.log(x)), never_asked

    case = Case(logarithm, MATRIX, domains={"x": Reals(0, None)})
    assert find_borders(case, {}) == {"x": (1.0,)}


def test_an_op_that_raises_has_none():
    def raising(x):
        raise ValueError("no")

    assert find_borders(Case(raising, MATRIX), {}) == {}


def test_declared_borders_replace_the_search_and_reach_the_op():
    arrays = []

    def op(x):
        arrays.append(x)
        return np.clip(x, 0, 6), lambda dy: (dy * ((x > 0) & (x < 6)),)

    case = Case(op, MATRIX, borders={"x": (4.5,)})
    assert find_borders(case, {}) == {"x": (4.5,)}
    assert report_case(case, examples=30).verdict == "correct"
    assert any(4.5 in x for x in arrays)
    assert find_borders(Case(op, MATRIX, borders={}), {}) == {}


def test_found_borders_reach_the_op():
    arrays = []

    def op(x):
        arrays.append(x)
        return np.clip(x, -1.25, 6), lambda dy: (dy * ((x > -1.25) & (x < 6)),)

    assert report_case(Case(op, MATRIX), examples=100).verdict == "correct"
    assert any(-1.25 in x and x.size > 1 and len(np.unique(x)) > 1 for x in arrays)
    assert any(6.0 in x and x.size > 1 and len(np.unique(x)) > 1 for x in arrays)


@pytest.mark.parametrize("borders", [{"z": (0.0,)}, {"x": 6.0}, {"x": ("a",)}])
def test_borders_are_numbers_by_input(borders):
    with pytest.raises(UsageError, match="borders"):
        Case(clipped, MATRIX, borders=borders, options={"low": 0, "high": 1})
