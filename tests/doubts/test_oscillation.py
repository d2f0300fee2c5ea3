"""Waves far smaller than what they ride on: large steps take them for noise, their slope is there all the same."""

import numpy as np
import pytest

from gradcheck import Case, report_case, report_vjp
from gradcheck.numerics.doubts import finer_structure

pytestmark = pytest.mark.usefixtures("unexplained")

FAR = np.array([2.57e6, -4.1e6, 9.9e5])
SMALL = np.array(6.4e-7)


def euler(slope=1.0):
    def euler(s, h):
        return s + h * np.sin(s), lambda g: (g * (1 + slope * h * np.cos(s)), (g * np.sin(s)).sum())

    return euler


def spring(slope=1.0):
    def spring(s, h):
        a, b = s[..., 0], s[..., 1]

        def spring_vjp(g):
            left, right = g[..., 0], g[..., 1]
            ds = np.stack([left - slope * h * np.sin(a) * right, right + h * left], -1)
            return ds, (left * b + right * np.cos(a)).sum()

        return np.stack([a + h * b, b + h * np.cos(a)], -1), spring_vjp

    return spring


def residual(slope=1.0):
    def residual(x, w):
        return x + w * np.cos(3 * x), lambda g: (
            g * (1 - 3 * slope * w * np.sin(3 * x)),
            (g * np.cos(3 * x)).sum(0),
        )

    return residual


def pendulum(slope=1.0):
    """Fifty steps of Euler's method: what swings adds up, and no window within one period shows more than rounding."""
    step, steps = 0.05, 50

    def pendulum(s, g):
        states = [s]
        for _ in range(steps):
            angle, speed = states[-1]
            states.append(np.array([angle + step * speed, speed - step * g[0] * np.sin(angle)]))

        def pendulum_vjp(dy):
            a, dg = dy, 0.0
            for angle, _ in reversed(states[:-1]):
                dg -= step * a[1] * np.sin(angle)
                a = np.array([a[0] - slope * step * g[0] * np.cos(angle) * a[1], a[1] + step * a[0]])
            return a, np.array([dg])

        return states[-1], pendulum_vjp

    return Case(pendulum, "(2),(1)->(2)")


ROWS = [(euler, "(n),()->(n)"), (spring, "(n,2),()->(n,2)"), (residual, "(n,d),(d)->(n,d)")]


@pytest.mark.parametrize("seed", [1, 5])
@pytest.mark.parametrize(("make", "signature"), ROWS, ids=["euler", "spring", "residual"])
def test_a_right_one_is_correct_at_all_scales(make, signature, seed):
    report = report_case(Case(make(), signature), seed=seed)
    assert report.verdict == "correct", str(report)


@pytest.mark.parametrize(("make", "signature"), ROWS, ids=["euler", "spring", "residual"])
def test_a_wrong_one_is_wrong(make, signature):
    assert report_case(Case(make(slope=1.01), signature)).verdict == "wrong"


def test_without_it_the_right_one_is_accused(monkeypatch):
    monkeypatch.setattr(finer_structure, "_below_an_oscillation", lambda record: None)
    found = [report_case(Case(make(), signature), seed=1).verdict for make, signature in ROWS]
    assert "wrong" in found


def test_far_out_it_is_told_from_a_wrong_one():
    """The slope of the wave is a millionth of the whole: twice of it is wrong there too."""
    verdicts = [[report_vjp(euler(slope), FAR, SMALL, seed=seed).verdict for seed in range(4)] for slope in (1, 3)]
    assert "wrong" not in verdicts[0]
    assert "correct" not in verdicts[1]


def test_what_an_oscillation_may_hide_is_not_refuted_by_large_steps():
    assert report_case(pendulum()).verdict == "correct"
    assert report_case(pendulum(slope=1.01)).verdict == "wrong"
