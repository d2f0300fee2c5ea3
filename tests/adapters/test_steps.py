"""Coursework as it stands: forward, cost and backward, parameters and gradients by name."""

import numpy as np
import pytest

from gradcheck import Case, ConventionError, UsageError, report_case, report_vjp
from gradcheck.adapters import from_steps

pytestmark = pytest.mark.usefixtures("unexplained")

RNG = np.random.default_rng(0)
X, Y = np.round(RNG.normal(size=(3, 5)), 2), np.array([[1.0, 0.0, 1.0, 1.0, 0.0]])
PARAMS = {
    "W1": np.round(RNG.normal(size=(4, 3)), 2),
    "b1": np.round(RNG.normal(size=(4, 1)), 2),
    "W2": np.round(RNG.normal(size=(1, 4)), 2),
    "b2": np.array([[0.25]]),
}


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(params, X):
    A1 = np.tanh(params["W1"] @ X + params["b1"])
    A2 = sigmoid(params["W2"] @ A1 + params["b2"])
    return A2, (A1, A2)


def cost(A, Y):
    return float(np.squeeze(-np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A))))


def summed(A, Y):
    return cost(A, Y) * Y.shape[1]


def backward(params, cache, X, Y, by=None, turned=False):
    A1, A2 = cache
    M = X.shape[1] if by is None else by
    grads = {}
    dZ2 = A2 - Y
    grads["dW2"] = dZ2 @ A1.T / M
    grads["db2"] = dZ2.sum(axis=1, keepdims=True) / M
    dZ1 = params["W2"].T @ dZ2 * (1 - A1**2)
    grads["dW1"] = dZ1 @ X.T / M
    grads["db1"] = dZ1.sum(axis=1, keepdims=True) / M
    grads["dZ1"] = dZ1
    return grads


def summing(params, cache, X, Y):
    return backward(params, cache, X, Y, by=1)


def forgets_the_slope(params, cache, X, Y):
    A1, A2 = cache
    M = X.shape[1]
    dZ2 = A2 - Y
    dW2 = dZ2 @ A1.T / M
    db2 = dZ2.sum(axis=1, keepdims=True) / M
    dZ1 = params["W2"].T @ dZ2
    dW1 = dZ1 @ X.T / M
    db1 = dZ1.sum(axis=1, keepdims=True) / M
    return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}


def wrong(report):
    return {finding.argument for finding in report.errors if finding.code == "GC301"}


def test_the_triple_as_it_stands():
    report = report_vjp(from_steps(forward, cost, backward), PARAMS, X, Y)
    assert report.verdict == "correct"
    assert report.constants == ("X", "Y")
    assert report.name == "backward"
    assert "judged is the gradient of `cost` as it is written" in str(report)


@pytest.mark.parametrize(
    ("forward", "cost", "backward"),
    [
        (
            lambda X, parameters: forward(parameters, X),
            cost,
            lambda Y, caches, X, parameters: backward(parameters, caches, X, Y),
        ),
        (lambda x, theta: forward(theta, x), lambda labels, AL: cost(AL, labels), backward),
        (lambda a, b: forward(a, b), lambda p, q: cost(p, q), lambda a, b, c, d: backward(a, b, c, d)),
        (forward, cost, lambda params, cache, X, labels, A2: backward(params, (cache[0], A2), X, labels)),
        (forward, lambda A, Y, params: cost(A, Y) + 0 * params["W1"].sum(), backward),
    ],
)
def test_any_order_that_the_names_tell(forward, cost, backward):
    assert report_vjp(from_steps(forward, cost, backward), PARAMS, X, Y).verdict == "correct"


@pytest.mark.parametrize("make", [tuple, list])
def test_parameters_and_gradients_in_order(make):
    order = list(PARAMS)

    def ahead(params, X):
        return forward(dict(zip(order, params, strict=True)), X)

    def back(params, cache, X, Y):
        grads = backward(dict(zip(order, params, strict=True)), cache, X, Y)
        return make(grads[f"d{name}"] for name in order)

    assert report_vjp(from_steps(ahead, cost, back), tuple(PARAMS.values()), X, Y).verdict == "correct"


def test_a_planted_mistake_is_named_where_it_is_put_into_the_dict():
    report = report_vjp(from_steps(forward, cost, forgets_the_slope), PARAMS, X, Y)
    assert wrong(report) == {"params['W1']", "params['b1']"}
    assert report.errors[0].where.code == "dW1 = dZ1 @ X.T / M"
    doubled = report_vjp(from_steps(forward, lambda A, Y: 2 * cost(A, Y), backward), PARAMS, X, Y)
    assert {finding.where.code for finding in doubled.errors} == {
        "dZ2 @ A1.T / M",
        "dZ2.sum(axis=1, keepdims=True) / M",
        "dZ1 @ X.T / M",
        "dZ1.sum(axis=1, keepdims=True) / M",
    }


@pytest.mark.explained
@pytest.mark.parametrize(
    ("judged", "by", "words"),
    [
        (summed, backward, "right for the cost divided by M = 5, the number of samples: `summed` sums over them where"),
        (cost, summing, "right for the cost times M = 5, the number of samples: `cost` averages over them where"),
    ],
)
def test_both_truths_about_the_mean(judged, by, words):
    report = report_vjp(from_steps(forward, judged, by), PARAMS, X, Y)
    assert wrong(report) == {f"params['{name}']" for name in PARAMS}
    assert all(words in finding.likely_cause for finding in report.errors)
    other = report_vjp(from_steps(forward, judged, forgets_the_slope), PARAMS, X, Y)
    assert not any("the cost" in (finding.likely_cause or "") for finding in other.errors)


@pytest.mark.explained
def test_the_mean_over_rows_too():
    op = from_steps(
        lambda w, X: (X @ w["w"], None),
        lambda A, Y: 0.5 * np.mean((A - Y) ** 2),
        lambda w, X, Y, A: {"w": X.T @ (A - Y)},
    )
    report = report_vjp(op, {"w": np.array([0.5, -1.0])}, RNG.normal(size=(4, 2)), RNG.normal(size=4))
    assert "times M = 4" in report.errors[0].likely_cause


def test_options_go_to_the_functions_that_take_them():
    def regularised(A, Y, params, lambd):
        return cost(A, Y) + lambd * (params["W1"] ** 2).sum()

    def decayed(params, cache, X, Y, lambd):
        grads = backward(params, cache, X, Y)
        return {**grads, "dW1": grads["dW1"] + 2 * lambd * params["W1"]}

    op = from_steps(forward, regularised, decayed)
    assert report_vjp(op, PARAMS, X, Y, options={"lambd": 0.5}).verdict == "correct"
    with pytest.raises(UsageError, match="needs its option `lambd`"):
        report_vjp(op, PARAMS, X, Y)


def test_labels_may_be_integers_and_a_gradient_may_be_missing():
    assert report_vjp(from_steps(forward, cost, backward), PARAMS, X, Y.astype(int)).verdict == "correct"

    def forgetful(params, cache, X, Y):
        return {name: g for name, g in backward(params, cache, X, Y).items() if name != "db2"}

    report = report_vjp(from_steps(forward, cost, forgetful), PARAMS, X, Y)
    assert [finding.code for finding in report.errors] == ["GC103"]
    assert "params['b2']" in report.errors[0].message


def test_as_a_case_with_inputs():
    case = Case(from_steps(forward, cost, backward), inputs=(PARAMS, X, Y))
    assert report_case(case, examples=2).verdict == "correct"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: from_steps(3, cost, backward), "forward is 3; pass a function"),
        (lambda: from_steps(forward, cost, {}), "backward is {}; pass a function"),
        (
            lambda: from_steps(lambda params: params, cost, backward),
            "`<lambda>` takes 1 argument: `params`; which of them is X",
        ),
        (lambda: from_steps(forward, lambda A: A, backward), "which of them is Y cannot be told: cost is cost(A, Y)"),
        (lambda: from_steps(forward, cost, lambda foo, bar: foo), "backward is backward(params, cache, X, Y)"),
        (lambda: from_steps(cost, forward, backward), "`cost`, with its arguments `A`, `Y`, is no forward"),
        (lambda: report_vjp(from_steps(forward, cost, backward), X, PARAMS, Y), "in this order, and X is a dict"),
        (lambda: report_vjp(from_steps(forward, cost, backward), PARAMS, X), "gives 2 inputs, but `backward` takes 3"),
        (
            lambda: report_vjp(from_steps(forward, lambda A, Y: A - Y, backward), PARAMS, X, Y),
            "needs a scalar function",
        ),
    ],
)
def test_each_way_of_calling_it_wrong_has_a_sentence(make, words):
    with pytest.raises(UsageError) as caught:
        make()
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_forward_without_a_cache():
    with pytest.raises(ConventionError, match=r"from_steps needs a forward that returns \(A, cache\)"):
        report_vjp(from_steps(lambda params, X: forward(params, X)[0], cost, backward), PARAMS, X, Y)


def test_lists_of_numbers_where_arrays_are_meant():
    op = from_steps(
        lambda w, X: (w["slope"] * X + w["offset"], None),
        lambda A, Y: float(((A - Y) ** 2).sum()),
        lambda w, X, Y, A: {"slope": (2 * (A - Y) * X).sum(), "offset": (2 * (A - Y)).sum()},
    )
    assert report_vjp(op, {"slope": 0.5, "offset": 1.5}, [1.0, 2.0, 4.0], [1, 0, 1]).verdict == "correct"
