"""A forward that draws is never accused of anything else, wherever the draw hides; without the law it would be."""

import numpy as np
import pytest

from gradcheck import Case, report_case, report_vjp
from gradcheck.generation.search import search
from gradcheck.laws import LAWS
from gradcheck.report import Severity

pytestmark = pytest.mark.usefixtures("unexplained")

X = np.array([[0.5, -1.25, 2.0], [1.5, 0.75, -0.25]])


def drawing(make):
    """An op on a generator of its own."""

    def build():
        rng = np.random.default_rng(0)

        def op(x):
            return make(rng, x)

        return op

    build.__name__ = make.__name__
    return build


@drawing
def dropout(rng, x):
    mask = (rng.random(x.shape) < 0.5) * 2.0
    return x * mask, lambda dy: (dy * mask,)


@drawing
def seldom(rng, x):
    mask = (rng.random(x.shape) < 0.9) / 0.9
    return x * mask, lambda dy: (dy * mask,)


@drawing
def mask_drawn_again(rng, x):
    return x * (rng.random(x.shape) < 0.5), lambda dy: (dy * (rng.random(x.shape) < 0.5),)


@drawing
def mean_of_the_mask(rng, x):
    """Zero at zero at every call, and its vjp repeats itself: only a point beside shows it."""
    return x * (rng.random(x.shape) < 0.5), lambda dy: (dy * 0.5,)


@drawing
def jitter(rng, x):
    return x + 1e-3 * rng.normal(size=x.shape), lambda dy: (dy * 1.0,)


@drawing
def faint(rng, x):
    return x * (1 + 1e-9 * rng.normal()), lambda dy: (dy * 1.0,)


@drawing
def random_rounding(rng, x):
    return np.floor(16 * x + rng.random(x.shape)) / 16, lambda dy: (dy * 1.0,)


@drawing
def random_slope(rng, x):
    slope = np.where(x < 0, rng.uniform(0.1, 0.3, x.shape), 1.0)
    return x * slope, lambda dy: (dy * slope,)


def counter():
    calls = []

    def op(x):
        calls.append(1)
        factor = len(calls)
        return x * factor, lambda dy: (dy * factor,)

    return op


DRAWING = [
    dropout,
    seldom,
    mask_drawn_again,
    mean_of_the_mask,
    jitter,
    faint,
    random_rounding,
    random_slope,
    counter,
]


@pytest.mark.parametrize("build", DRAWING, ids=lambda build: build.__name__)
def test_a_case_that_draws_is_a_hazard_and_no_more(build):
    report = report_case(Case(build(), "(n,d)->(n,d)"))
    assert report.verdict == "inconclusive", str(report)
    assert {f.code for f in report.findings if f.severity is Severity.HAZARD} == {"GC206"}, str(report)
    assert "its forward does not repeat itself" in str(report).splitlines()[0]


@pytest.mark.parametrize("build", [dropout, mask_drawn_again, mean_of_the_mask, counter], ids=lambda b: b.__name__)
def test_a_mask_on_zeros_repeats_and_is_random_all_the_same(build):
    report = report_vjp(build(), 0 * X)
    assert [finding.code for finding in report.findings] == ["GC206"], str(report)
    assert "close by, where nothing is zero" in " ".join(str(report).split())


def test_without_the_law_others_accuse():
    others = [law for law in LAWS if law.code != "GC206"]
    accused = [search(Case(build(), "(n,d)->(n,d)"), 30, 0, others).errors for build in (dropout, mask_drawn_again)]
    assert all(accused)


def test_what_one_answer_shows_is_still_an_error():
    def answering(gradient):
        rng = np.random.default_rng(0)

        def op(x):
            mask = rng.random(x.shape) < 0.5
            return x * mask, lambda dy: gradient(dy, mask)

        return op

    def in_place(dy, mask):
        dy *= mask
        return (dy.copy(),)

    for gradient, code in (
        (lambda dy, mask: dy * mask, "GC102"),
        (lambda dy, mask: (None,), "GC104"),
        (in_place, "GC204"),
    ):
        report = report_vjp(answering(gradient), X)
        assert {finding.code for finding in report.errors} == {code}, str(report)


def test_an_op_that_fails_later_on_is_a_hazard():
    calls = []

    def op(x):
        calls.append(1)
        if len(calls) > 1:
            raise RuntimeError("once only")
        return x * x, lambda dy: (2 * x * dy,)

    report = report_vjp(op, X)
    assert [finding.code for finding in report.findings] == ["GC206"]
    assert report.verdict == "inconclusive"
    assert "once only" in str(report)


def test_a_backward_that_draws_is_wrong():
    rng = np.random.default_rng(0)
    report = report_vjp(lambda x: (x * x, lambda dy: (2 * x * dy * (rng.random(x.shape) < 0.5),)), X)
    assert {finding.code for finding in report.errors} == {"GC203"}, str(report)


def test_a_right_op_pays_nothing():
    report = report_vjp(lambda x: (x * x, lambda dy: (2 * x * dy,)), X)
    assert report.verdict == "correct"
    assert (report.forwards, report.backwards) == (7, 3)


def test_a_wrong_op_is_still_wrong_where_its_forward_repeats():
    for wrong in (lambda x, dy: 3 * x * dy, lambda x, dy: 2 * x * abs(dy), lambda x, dy: 2 * x + 0 * dy):
        for x in (X, np.where(X > 1, 0, X)):
            report = report_vjp(lambda x, wrong=wrong: (x * x, lambda dy: (wrong(x, dy),)), x)
            assert report.verdict == "wrong"
            assert "GC206" not in {finding.code for finding in report.findings}
