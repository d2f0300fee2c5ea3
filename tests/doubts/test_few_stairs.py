"""Stairs of lost digits about as wide as a scale of irregular steps: few within it, none within the next smaller."""

import numpy as np
import pytest
from scipy.special import digamma, gammaln

from gradcheck import Case, Example, Reals, judge_example, report_case, report_vjp
from gradcheck.numerics.doubts import irregular_steps

pytestmark = pytest.mark.usefixtures("unexplained")

COUNTS = np.array([0, 3, 1, 7])


def negative_binomial(share=1.0):
    """Log probability of counts: next to 1, ``r / (r + mu)`` moves in steps of 1e-16, which an ``r`` of 1e6 widens."""

    def negative_binomial(mu, r):
        y = gammaln(COUNTS + r) - gammaln(r) - gammaln(COUNTS + 1)
        y += r * np.log(r / (r + mu)) + COUNTS * np.log(mu / (r + mu))

        def negative_binomial_vjp(dy):
            dr = digamma(COUNTS + r) - digamma(r) + np.log(r / (r + mu)) + 1 - (r + COUNTS) / (r + mu)
            return share * dy * (COUNTS / mu - (COUNTS + r) / (r + mu)), (dy * dr).sum()

        return y, negative_binomial_vjp

    return Case(negative_binomial, "(4),()->(4)", domains=DOMAINS)


DOMAINS = {"mu": Reals(0, None), "r": Reals(0, None)}
FAR = (1e-6, 1e6)  # the scales of mu and of r
SEEDS = (2, 6, 22, 37)


def accused(case):
    return [seed for seed in SEEDS if judge_example(case, Example(seed=seed, scale=FAR)).verdict == "wrong"]


def jump(share=1.0):
    """A single jump near the point is no staircase, and hides nothing."""

    def jump(x):
        return np.sin(x) + 3 * (x > 1.0), lambda dy: (share * dy * np.cos(x),)

    return jump


def test_no_right_one_is_accused():
    assert not accused(negative_binomial())


def test_a_wrong_one_is_wrong():
    assert report_case(negative_binomial(1.01), 40).verdict == "wrong"
    assert accused(negative_binomial(1.01)) == [*SEEDS]


@pytest.mark.parametrize("seed", range(4))
def test_beside_a_single_jump_it_is_too(seed):
    beside = np.array([0.98, 1.03, 0.6])
    assert report_vjp(jump(), beside, seed=seed).verdict == "correct"
    assert report_vjp(jump(1.01), beside, seed=seed).verdict == "wrong"


def test_that_is_what_saves_it(monkeypatch):
    monkeypatch.setattr(irregular_steps, "_noise_of_few_stairs", lambda *_: 0.0)
    assert accused(negative_binomial())
