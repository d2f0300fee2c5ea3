"""Where three eigenvalues or more are equal, any eigenvectors will do; what no choice of them gives is wrong."""

import numpy as np
import pytest

from gradcheck import report_vjp
from gradcheck.numerics import clarke, subgradient

pytestmark = pytest.mark.usefixtures("unexplained")

ROTATION = np.linalg.qr(np.random.default_rng(3).normal(size=(4, 4)))[0]


def eigenvalue(number, factor=1.0):
    """One of the sorted eigenvalues: convex if it is the last, concave if the first, and neither between them."""

    def op(a):
        w, vectors = np.linalg.eigh((a + a.T) / 2)
        v = vectors[:, number]
        return np.asarray(w[number]), lambda dy: (factor * dy * np.outer(v, v),)

    return op


def eigenvalues(factor=1.0):
    def op(a):
        w, vectors = np.linalg.eigh((a + a.T) / 2)
        return w, lambda dy: (factor * (vectors * dy) @ vectors.T,)

    return op


def singular_values(factor=1.0):
    def op(a):
        u, s, v = np.linalg.svd(a, full_matrices=False)
        return s, lambda dy: (factor * (u * dy) @ v,)

    return op


def weighted_squares(factor=1.0):
    def op(a):
        u, s, v = np.linalg.svd(a, full_matrices=False)
        weights = np.arange(1.0, len(s) + 1)
        return weights * s**2, lambda dy: (factor * 2 * (u * (weights * s * dy)) @ v,)

    return op


# of the first, NEEDING, some seeds are those at which a sample of gradients nearby, alone, does not hold the claim
ROWS = [
    (lambda factor=1.0: eigenvalue(1, factor), 2 * np.eye(4), range(12)),
    (lambda factor=1.0: eigenvalue(1, factor), np.eye(5), range(8)),
    (singular_values, np.eye(5), range(3, 6)),
    (weighted_squares, 2 * np.eye(4), (10, 11)),
    (singular_values, np.full((6, 6), 0.19), range(3)),
    (eigenvalues, ROTATION @ np.diag([3.0, 3.0, 3.0, -1.0]) @ ROTATION.T, range(6, 10)),
]


NEEDING = 4


@pytest.mark.parametrize(("op", "at", "seeds"), ROWS)
def test_any_eigenvectors_are_accepted(op, at, seeds):
    assert not [str(report) for seed in seeds if (report := report_vjp(op(), at, seed=seed)).verdict == "wrong"]


@pytest.mark.parametrize(("op", "at", "seeds"), ROWS[:NEEDING])
def test_a_sample_of_gradients_nearby_is_not_enough(op, at, seeds, monkeypatch):
    monkeypatch.setattr(clarke, "HULL_MARGIN", 0.0)
    monkeypatch.setattr(clarke, "_slopes", lambda _: ())
    monkeypatch.setattr(clarke, "along_own_gradients", lambda *_: iter(()))
    assert [seed for seed in seeds if report_vjp(op(), at, seed=seed).verdict == "wrong"]


@pytest.mark.parametrize("op", [eigenvalues, singular_values, weighted_squares])
def test_twice_the_gradient_is_wrong_even_there(op):
    """At a seed at least, and nowhere correct: equal to rounding alone, they part as the BLAS of the day rounds."""
    at = ROTATION @ np.diag([3.0, 3.0, 3.0, -1.0]) @ ROTATION.T
    verdicts = [str(report_vjp(op(2.0), at, seed=seed).verdict) for seed in range(3)]
    assert "wrong" in verdicts, verdicts
    assert "correct" not in verdicts, verdicts


def test_twice_the_gradient_of_one_is_wrong_beside_it():
    assert report_vjp(eigenvalue(1, 2.0), np.diag([1.0, 2.0, 3.0, 4.0])).verdict == "wrong"


def of_equal_rows(size):
    """A matrix of rank 1, as a layout with stride 0 makes it: all eigenvalues but two are 0, and any vectors do."""
    return np.broadcast_to(np.random.default_rng(size).normal(size=size), (size, size)).copy()


@pytest.mark.parametrize("op", [eigenvalues, singular_values])
def test_of_many_the_ones_next_to_the_ends_are_not_taken_for_convex(op):
    """The second largest of sixty bends like the largest along all that is drawn, but not along two gradients."""
    assert "wrong" not in {str(report_vjp(op(), of_equal_rows(64), seed=seed).verdict) for seed in range(3)}


def test_that_gradients_are_added_up_is_what_excuses_it(monkeypatch):
    monkeypatch.setattr(subgradient, "_along_gradients", lambda *_: [])
    assert report_vjp(eigenvalues(), of_equal_rows(64)).verdict == "wrong"


def largest_to_each(x):
    """The largest, whose gradient each of the equal ones gets whole."""
    y = x.max()
    return np.asarray(y), lambda dy: (dy * (x == y),)


@pytest.mark.parametrize("count", [2, 5, 40])
def test_what_is_convex_is_still_held_to_one_subgradient(count):
    report = report_vjp(largest_to_each, np.full(count, 1.5))
    assert report.verdict == "wrong"
    assert "together no subgradient" in " ".join(str(report).split())
