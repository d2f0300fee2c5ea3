"""A factor that one term of the wrong line lacks is said where it is the only one that would do."""

import numpy as np

from gradcheck import Case
from gradcheck.origin import origin, origin_of

X = np.random.default_rng(3).standard_normal(5)
BETA = np.array(0.75)


def swish(x, beta):
    s = 1 / (1 + np.exp(-beta * x))
    y = x * s

    def swish_vjp(g):
        s = 1 / (1 + np.exp(-beta * x))
        dx = g * (s + x * s * (1 - s))
        return dx, (g * x**2 * s * (1 - s)).sum()

    return y, swish_vjp


def said(op, *inputs):
    return origin_of(Case(op, inputs=inputs), inputs).factor


def test_the_term_and_its_factor_are_named():
    assert said(swish, X, BETA) == "with `x * s * (1 - s)` multiplied by `beta` the line would be right"


def test_nothing_is_said_without_the_search(monkeypatch):
    monkeypatch.setattr(origin, "edits_of", lambda *_: [])
    assert said(swish, X, BETA) is None


def test_a_whole_line_and_a_divisor():
    def mean(x, scale):
        def mean_vjp(g):
            return g * np.ones_like(x), -g * x.sum() / scale**2

        return (x / scale).sum(), mean_vjp

    assert said(mean, X, BETA) == "with `g * np.ones_like(x)` divided by `scale` the line would be right"


def test_a_sign_and_a_number():
    def parts(x, a):
        def parts_vjp(g):
            dx = g * (2 * x - np.cos(x) - a)
            return dx, (g * x).sum()

        return x**2 - np.sin(x) + a * x, parts_vjp

    def cube(x):
        def cube_vjp(g):
            dx = g * (3 * x**2 + x)
            return (dx,)

        return x**3 + x**2, cube_vjp

    assert said(parts, X, BETA) == "with the opposite sign of `a` the line would be right"
    assert said(cube, X) == "with `x` multiplied by `2` the line would be right"


def test_of_two_that_are_equal_by_chance_none_is_said():
    """With two entries ``n`` is 2, and which of them is lacking cannot be told."""

    def cube(x):
        n = len(x)

        def cube_vjp(g):
            dx = g * (3 * x**2 + x)
            return (dx * n / n,)

        return x**3 + x**2, cube_vjp

    assert said(cube, X[:2]) is None
