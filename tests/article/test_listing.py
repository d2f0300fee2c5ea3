"""The printed listing is called wrong wherever it runs at all, and where it raises, that is the finding."""

from itertools import product

import numpy as np
import pytest

import manual_bp
from gradcheck import Case, Descent, report_case, report_vjp
from gradcheck.generation import search
from gradcheck.point import judge_point

from .listing import SIGNATURE, article_listing, with_slip

pytestmark = pytest.mark.usefixtures("unexplained")

SIZES = [(*sizes, samples) for sizes in product((1, 2, 3), repeat=3) for samples in (1, 3)]


def draw(i, h, o, m, seed=0):
    rng = np.random.default_rng(seed)
    shapes = [(h, i), (h, 1), (o, h), (o, 1), (i, m), (o, m)]
    return [np.round(rng.normal(size=shape), 2) for shape in shapes]


def runs(op, inputs):
    """Whether the backward gets through at all at these shapes."""
    try:
        op(*inputs)[1](1.0)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("sizes", SIZES, ids=lambda s: "i{}h{}o{}m{}".format(*s))
def test_the_listing_is_wrong_on_every_shape(sizes):
    inputs = draw(*sizes)
    report = judge_point(Case(article_listing, inputs=inputs), inputs)
    assert report.verdict == "wrong", str(report)
    raised = "GC101" in {finding.code for finding in report.errors}
    assert raised != runs(article_listing, inputs)


def test_the_listing_runs_on_some_shapes_square_ones_included():
    assert all(runs(article_listing, draw(n, n, n, m)) for n in (1, 2, 3) for m in (1, 2, 3))
    assert sum(runs(article_listing, draw(*sizes)) for sizes in SIZES) > 9


def test_where_it_raises_the_error_is_shown():
    report = report_vjp(article_listing, *draw(2, 3, 1, 4))
    assert report.errors[0].code == "GC101"
    assert "listing.py" in str(report)


@pytest.mark.parametrize("sizes", SIZES, ids=lambda s: "i{}h{}o{}m{}".format(*s))
def test_the_corrected_backward_is_correct_on_every_shape(sizes):
    assert report_vjp(with_slip(None), *draw(*sizes)).verdict == "correct"


SLIPS = {
    "W1.T for W2.T": {"W1", "B1", "X"},
    "no 1/M": {"W1", "B1", "W2", "B2", "X", "Y"},
    "no factor 2": {"W1", "B1", "W2", "B2", "X", "Y"},
    "d_sigmoid of A2": {"W1", "B1", "W2", "B2", "X"},
    "d_sigmoid of A1": {"W1", "B1", "X"},
    "B2 not summed": {"B2"},
    "B1 not summed": {"B1"},
    "dW2 from A2": {"W2"},
    "sign": {"W1", "B1", "W2", "B2", "X", "Y"},
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_called_wrong_on_random_shapes(slip):
    report = search(Case(with_slip(slip), SIGNATURE), 30, 0, verdict_only=True)
    assert report.verdict == "wrong", str(report)


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_called_wrong_on_square_shapes_and_its_arguments_are_named(slip):
    inputs = draw(3, 3, 3, 3)
    report = judge_point(Case(with_slip(slip), inputs=inputs), inputs)
    assert report.verdict == "wrong"
    assert {finding.argument for finding in report.errors if finding.argument} == SLIPS[slip], str(report)


def by_argument(report):
    return {f.argument: f for f in report.errors if f.code == "GC301"}


def test_the_missing_mean_shows_as_the_number_of_samples():
    found = by_argument(report_vjp(with_slip("no 1/M"), *draw(2, 3, 2, 5)))["W2"]
    assert found.claimed / found.expected == pytest.approx(5, rel=1e-6)


def test_the_missing_mean_is_right_for_one_sample_only_and_shrinks_to_two():
    assert report_vjp(with_slip("no 1/M"), *draw(2, 3, 2, 1)).verdict == "correct"
    report = report_case(Case(with_slip("no 1/M"), SIGNATURE), examples=50)
    assert dict(report.sizes) == {"h": 1, "i": 1, "o": 1, "m": 2}


@pytest.mark.explained
def test_the_missing_factor_shows_as_a_half():
    found = by_argument(report_vjp(with_slip("no factor 2"), *draw(2, 3, 2, 5)))["B1"]
    assert found.claimed / found.expected == pytest.approx(0.5, rel=1e-6)


def test_the_sign_also_breaks_descent():
    report = report_vjp(with_slip("sign"), *draw(2, 3, 2, 4))
    assert "GC501" in {finding.code for finding in report.errors}


def test_an_unsummed_bias_is_told_by_its_raw_shape():
    report = report_vjp(with_slip("B2 not summed"), *draw(2, 3, 2, 4))
    assert report.errors[0].code == "GC105"
    assert "not summed" in report.errors[0].likely_cause


def climb(parameters, gradients, rate):
    return tuple(p + rate * g for p, g in zip(parameters, gradients, strict=True))


@pytest.mark.parametrize(("update", "verdict"), [(climb, "wrong"), (manual_bp.gradient_step, "correct")])
def test_the_update_with_a_plus_is_called_wrong(update, verdict):
    descent = Descent(update, ("W1", "B1", "W2", "B2"))
    report = report_case(Case(manual_bp.two_layer, descent=descent), examples=30)
    assert report.verdict == verdict, str(report)
    assert ("GC502" in {finding.code for finding in report.errors}) == (verdict == "wrong")
