"""A descent that could not be watched is refused in a sentence, and one at a kink is watched all the same."""

import numpy as np
import pytest

from gradcheck import Case, Descent, UsageError, report_case

X = np.array([0.5, -1.0, 2.0])


def square(x):
    return x * x, lambda dy: (2 * x * dy,)


def cost(x):
    return 0.5 * np.sum(x * x), lambda dy: (x * dy,)


def two(x):
    return (np.sum(x), np.sum(x * x)), lambda dy: (dy[0] + 2 * x * dy[1],)


def column(x):
    return 0.5 * np.sum(x * x, keepdims=True), lambda dy: (x * dy,)


def picked(x, index):
    return np.sum(x[index] ** 2), lambda dy: (np.bincount(index, 2 * x[index] * dy, len(x)), None)


def nested(params):
    return np.sum(params["w"] ** 2), lambda dy: ({"w": 2 * params["w"] * dy},)


def step(parameters, gradients, rate):
    return tuple(p - rate * g for p, g in zip(parameters, gradients, strict=True))


@pytest.mark.parametrize(
    ("op", "inputs", "parameters", "words"),
    [
        (square, (X,), ("x",), "the op returns float64[3]"),
        (two, (X,), ("x",), "the op returns float64[], float64[]"),
        (column, (X,), ("x",), "the op returns float64[1]"),
        (picked, (X, np.array([0, 2])), ("index",), "`index` is no array of floats"),
        (nested, ({"w": X},), ("params",), "`params` is no array of floats"),
        (cost, (X,), (), "it names no parameters"),
    ],
)
def test_what_cannot_be_watched_is_a_sentence(op, inputs, parameters, words):
    with pytest.raises(UsageError) as caught:
        report_case(Case(op, inputs=inputs, descent=Descent(step, parameters)))
    assert "the descent cannot be watched" in str(caught.value)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_steps_need_inputs():
    with pytest.raises(UsageError, match="its 5 steps are taken at the case's own inputs"):
        report_case(Case(cost, "(n)->()", descent=Descent(step, ("x",), steps=5)))
    for inputs in ((X,), lambda rng: (rng.normal(size=3),)):
        case = Case(cost, inputs=inputs, descent=Descent(step, ("x",), learning_rate=0.5, steps=5))
        assert report_case(case, examples=5).verdict == "correct"


def test_training_that_starts_at_a_kink_is_watched():
    def absolute(x):
        return np.sum(np.abs(x)), lambda dy: (np.sign(x) * dy,)

    start = np.array([0.0, -1.0, 2.0])
    for rate, verdict in ((0.1, "correct"), (5.0, "wrong")):
        report = report_case(Case(absolute, inputs=(start,), descent=Descent(step, ("x",), rate, steps=5)))
        assert report.verdict == verdict, str(report)
