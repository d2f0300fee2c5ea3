"""What is right and was never green: a gradient that is zero everywhere, and an op that promises less than rounding."""

import numpy as np
import pytest

from gradcheck import Case, UsageError, report_case, report_vjp
from gradcheck.adapters import from_pair
from gradcheck.laws import gc301_derivative

pytestmark = pytest.mark.usefixtures("unexplained")

BIASED = "(n,c),(c)->(n,c)"


def biased_norm(gradient_of_bias):
    """A bias before a norm over samples, which takes it out again."""

    def norm(x, b):
        centred = x + b - (x + b).mean(0)
        deviation = np.sqrt((centred**2).mean(0) + 1e-3)
        y = centred / deviation

        def norm_vjp(dy):
            dx = (dy - dy.mean(0) - y * (dy * y).mean(0)) / deviation
            return dx, gradient_of_bias(dx)

        return y, norm_vjp

    return norm


def shifted_softmax(x, shift):
    e = np.exp(x + shift[:, None] - (x + shift[:, None]).max(1, keepdims=True, initial=-np.inf))
    p = e / e.sum(1, keepdims=True)

    def shifted_softmax_vjp(dy):
        dx = p * (dy - (dy * p).sum(1, keepdims=True))
        return dx, dx.sum(1)

    return p, shifted_softmax_vjp


@pytest.mark.parametrize(
    ("op", "signature", "name"),
    [
        (biased_norm(lambda dx: dx.sum(0)), BIASED, "b"),
        (biased_norm(lambda dx: np.zeros(dx.shape[1])), BIASED, "b"),
        (shifted_softmax, "(n,c),(n)->(n,c)", "shift"),
    ],
    ids=["rounding", "zeros", "softmax"],
)
def test_a_gradient_that_is_zero_everywhere_is_seen(op, signature, name):
    for seed in range(3):
        report = report_case(Case(op, signature), seed=seed)
        assert report.verdict == "correct", str(report)
        assert 0 < report.floor[name] < 1e-9
        assert any(f"`{name}` is zero everywhere, as claimed" in remark for remark in report.remarks)


def test_that_is_what_makes_it_green(monkeypatch):
    monkeypatch.setattr(gc301_derivative.check, "still_beside", lambda *_: None)
    report = report_case(Case(biased_norm(lambda dx: dx.sum(0)), BIASED))
    assert report.verdict == "inconclusive"


@pytest.mark.parametrize("share", [1.0, 0.5, 1e-6])
def test_a_bias_that_matters_and_is_claimed_to_be_zero_is_wrong(share):
    def half_centred(x, b):
        y = x + b - (1 - share) * b
        return y, lambda dy: (dy, np.zeros_like(b))

    assert report_case(Case(half_centred, BIASED)).verdict == "wrong"


def test_a_claim_that_is_more_than_rounding_is_wrong():
    assert report_case(Case(biased_norm(lambda dx: dx.sum(0) + 1e-9 * dx[0]), BIASED)).verdict == "wrong"


def test_an_argument_that_the_op_does_not_read_was_not_seen():
    def ignores(x, w):
        return np.sin(x), lambda dy: (dy * np.cos(x), np.zeros_like(w))

    report = report_case(Case(ignores, "(n),(n)->(n)"))
    assert report.verdict == "inconclusive"
    assert report.unseen == ("w",)


def off_by(relative):
    def scaled(x, w):
        return np.sin(x) * w, lambda dy: ((1 + relative) * dy * np.cos(x) * w, dy * np.sin(x))

    return scaled


@pytest.mark.parametrize(
    ("accuracy", "relative", "verdict"),
    [
        (None, 0.0, "correct"),
        (None, 3e-7, "wrong"),
        (1e-6, 0.0, "correct"),
        (1e-6, 3e-7, "correct"),
        (1e-6, 5e-6, "wrong"),
        (1e-4, 5e-6, "correct"),
        (1e-4, 5e-4, "wrong"),
    ],
)
def test_an_accuracy_is_as_wide_as_it_says(accuracy, relative, verdict):
    report = report_case(Case(off_by(relative), "(n),(n)->(n)", accuracy=accuracy))
    assert report.verdict == verdict, str(report)
    assert report.accuracy == accuracy
    assert report.to_dict()["accuracy"] == accuracy
    assert (accuracy is not None and verdict == "correct") == (f"to the accuracy {accuracy or 0:g} that" in str(report))


def test_an_accuracy_holds_for_every_law_that_compares_gradients():
    """A vjp that is linear to six digits only, and differs from its twin by as much."""

    def forward(x):
        return np.sin(x), x

    def rounded(x, dy):
        exact = dy * np.cos(x)
        largest = np.abs(exact).max(initial=0.0)
        return (np.round(exact / largest, 6) * largest if largest else exact,)

    op = from_pair(forward, rounded)
    twin = from_pair(forward, lambda x, dy: (dy * np.cos(x),))
    codes = {finding.code for finding in report_case(Case(op, "(n)->(n)", reference=twin)).errors}
    assert "GC201" in codes
    assert report_case(Case(op, "(n)->(n)", reference=twin, accuracy=1e-5)).verdict == "correct"


@pytest.mark.parametrize("accuracy", [0, -1e-6, 1e-3, 2, "1e-6", float("nan")])
def test_an_accuracy_is_a_small_part(accuracy):
    with pytest.raises(UsageError, match="accuracy is"):
        Case(off_by(0.0), "(n),(n)->(n)", accuracy=accuracy)


@pytest.mark.parametrize(("slip", "named"), [(1e-11, True), (1e-5, False)])
def test_a_gap_that_no_formula_makes_names_the_option_of_solvers(slip, named):
    report = report_vjp(lambda x: (np.exp(x), lambda dy: ((1 + slip) * dy * np.exp(x),)), np.array([0.3, -0.7]))
    assert report.verdict == "wrong"
    assert ("accuracy=1e-10" in report.errors[0].message) == named, str(report)
