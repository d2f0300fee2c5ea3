"""A name is a guess: a value that is not the gradient of what it is called after is no mistake by that alone."""

import inspect

import numpy as np
import pytest

from gradcheck import Case, report_case
from gradcheck.adapters import from_objective
from gradcheck.origin import decide, origin_of

RNG = np.random.default_rng(5)
X, Y = RNG.standard_normal((3, 2)), RNG.standard_normal((3, 2))


def by_sign(x):
    """``dx`` is the slope at ``p``, before the sign of ``x`` comes in."""
    p = np.abs(x)
    y = p**3

    def by_sign_vjp(dy):
        dx = 3 * p**2
        return (dy * dx * np.sign(-x),)

    return y, by_sign_vjp


def in_shares(x):
    """``gx`` is the first share of a sum under the name of the whole."""
    a = np.sin(x)
    y = x + a * x

    def in_shares_vjp(g):
        gx = g.copy()
        ga = g * x
        rest = g * a
        return (gx + rest + ga * np.sin(x),)

    return y, in_shares_vjp


def slope_first(x, y):
    """The slopes of a cost that is one number, which are multiplied by the cotangent at the end."""
    mean = x.mean()
    cost = mean**2 * (x * y).sum()

    def slope_first_vjp(g):
        dmean = 2 * mean * (x * y).sum()
        dx = dmean / x.size + mean * y
        dy = mean**2 * x
        return g * dx, g * dy

    return cost, slope_first_vjp


def chained(a, b):
    p, steps = 1.0, []
    for k in (0.5, 1.5, 2.5):
        steps.append((k, p))
        p = np.sin(k * a * p) + b
    y = p + a

    def chained_vjp(g):
        dp, da, db = 0.0, 0.0, 0.0
        dnext = g
        for k, p in reversed(steps):
            dsin = np.cos(k * a * p) * dnext
            da = da + dsin * k * p
            db = db + dnext
            dp = dp + dsin * k * a
            dnext = dsin * k
        return da + g, db

    return y, chained_vjp


def total(g):
    sums = g.sum(axis=0)  # noqa: F841 - the slip
    return np.asarray([1.5, 2.5])


def shifted(x, b):
    def shifted_vjp(g):
        return g, total(g)

    return x + b, shifted_vjp


def loss(margin, y, w):
    return w * (np.logaddexp(0, margin) - y * margin)


def grad_hess(margin, y, w):
    p = 1 / (1 + np.exp(-margin))
    grad = p - y
    hess = w * p * (1 - p)
    return grad, hess


def normalised(a, x):
    s = 1 / np.sqrt(a.sum(1) + 4)

    def normalised_vjp(g):
        da = s[:, None] * (g @ x.T)
        ds = ((g @ x.T) * a).sum(1)
        dsum = -0.5 * ds * s**3  # noqa: F841 - the slip
        return da, (s[:, None] * a).T @ g

    return (s[:, None] * a) @ x, normalised_vjp


ROWS = [
    (by_sign, (X,), "return (dy * dx * np.sign(-x),)"),
    (in_shares, (X,), "return (gx + rest + ga * np.sin(x),)"),
    (slope_first, (X, Y), "dx = dmean / x.size + mean * y"),
]


@pytest.mark.parametrize(("op", "inputs", "line"), ROWS)
def test_the_line_is_among_those_said_and_no_other_is_said_alone(op, inputs, line):
    origin = origin_of(Case(op, inputs=inputs), inputs)
    assert line in [one.code for one in origin.among]


@pytest.mark.parametrize(("op", "inputs", "line"), ROWS[:2])
def test_by_its_name_alone_another_line_is_accused(op, inputs, line, monkeypatch):
    monkeypatch.setattr(decide, "bears_out", lambda *_: True)
    origin = origin_of(Case(op, inputs=inputs), inputs)
    assert line not in [one.code for one in origin.among]


def test_a_sum_that_starts_at_zero_is_no_wrong_gradient():
    """``dp = 0.0`` is no gradient of the last ``p``."""

    inputs = np.array(0.75), np.array(-0.5)
    origin = origin_of(Case(chained, inputs=inputs), inputs)
    assert origin is None or not origin.told or origin.code == "dnext = dsin * k"


def mixture(x, log_w):
    e = np.exp(log_w)
    w = e / e.sum()
    y = x * w

    def mixture_vjp(g):
        gw = g * x
        back = w * (gw - (gw * w).sum())  # noqa: F841 - the slip
        return g * w, gw

    return y, mixture_vjp


def test_where_the_gradient_is_left_unused_it_is_the_line_that_returns():
    inputs = X[0], Y[0]
    origin = origin_of(Case(mixture, inputs=inputs), inputs)
    assert (origin.code, origin.certain) == ("return (g * w, gw)", True)


def test_a_helper_that_returns_another_value_is_its_own_culprit():
    inputs = X, Y[0]
    assert origin_of(Case(shifted, inputs=inputs), inputs).code == "return np.asarray([1.5, 2.5])"


def test_what_an_adapter_multiplies_by_the_cotangent_is_traced_to_the_user_s_line():
    inputs = RNG.standard_normal(5), np.array([0.0, 1.0, 1.0, 0.0, 1.0]), RNG.uniform(0.5, 1.5, 5)
    origin = origin_of(Case(from_objective(grad_hess, loss), inputs=inputs), inputs)
    assert "grad = p - y" in [line.code for line in origin.among]
    assert not origin.certain


def test_a_term_that_nothing_reads_may_have_been_meant_for_the_line_that_returns():
    inputs = RNG.uniform(0.5, 1.5, (3, 3)), X
    origin = origin_of(Case(normalised, inputs=inputs), inputs)
    assert "return (da, (s[:, None] * a).T @ g)" in [line.code for line in origin.among]
    assert not origin.certain


def regression(beta):
    mu = np.exp(X @ beta)
    cost = float(np.sum(mu - Y[:, 0] * np.log(mu)))

    def regression_vjp(g):
        temp = g * (mu - Y[:, 0])
        return (temp,)

    return cost, regression_vjp


def test_what_has_neither_the_name_nor_the_form_of_a_gradient_may_lack_a_product_where_it_is_returned(monkeypatch):
    inputs = (Y[0],)
    origin = origin_of(Case(regression, inputs=inputs), inputs)
    assert "return (temp,)" in [line.code for line in origin.among]
    assert not origin.certain
    monkeypatch.setattr(decide, "_is_no_gradient", lambda *_: False)
    assert origin_of(Case(regression, inputs=inputs), inputs).certain


W = RNG.uniform(0.5, 1.5, 5)
TWINS = [
    (by_sign, (X,), "np.sign(-x)", "np.sign(x)"),
    (in_shares, (X,), "ga * np.sin(x)", "ga * np.cos(x)"),
    (slope_first, (X, Y), "+ mean * y", "+ mean**2 * y"),
    (chained, (np.array(0.75), np.array(-0.5)), "dnext = dsin * k", "dnext = dsin * k * a"),
    (mixture, (X[0], Y[0]), "return g * w, gw", "return g * w, back"),
    (shifted, (X, Y[0]), "total(g)", "g.sum(axis=0)"),
    (normalised, (W[:3, None] * np.ones(3), X), "return da,", "return da + dsum[:, None],"),
    (regression, (Y[0],), "return (temp,)", "return (X.T @ temp,)"),
]


def put_right(op, wrong, right, path):
    """An op with a line of its source put right, in a file of its own."""
    text = inspect.getsource(op)
    assert wrong in text
    path.write_text(text.replace(wrong, right))
    names = {"np": np, "X": X, "Y": Y, "total": total}
    exec(compile(path.read_text(), str(path), "exec"), names)
    return names[op.__name__]


@pytest.mark.parametrize(("op", "inputs", "wrong", "right"), TWINS, ids=[row[0].__name__ for row in TWINS])
def test_the_right_twin_of_each_is_accused_of_nothing(op, inputs, wrong, right, tmp_path):
    assert report_case(Case(op, inputs=inputs), 1).errors
    twin = Case(put_right(op, wrong, right, tmp_path / "mine.py"), inputs=inputs)
    assert not report_case(twin, 1).errors
    assert origin_of(twin, inputs) is None


def test_the_right_twin_of_the_objective(tmp_path):
    inputs = RNG.standard_normal(5), np.array([0.0, 1.0, 1.0, 0.0, 1.0]), W
    twin = put_right(grad_hess, "grad = p - y", "grad = w * (p - y)", tmp_path / "mine.py")
    case = Case(from_objective(twin, loss), inputs=inputs)
    assert not report_case(case, 1).errors
    assert origin_of(case, inputs) is None
