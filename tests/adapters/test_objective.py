"""Objectives of gradient boosting: gradient and Hessian of a loss, row by row."""

import numpy as np
import pytest

from gradcheck import Case, Integers, UsageError, report_case, report_vjp
from gradcheck.adapters import from_objective

pytestmark = pytest.mark.usefixtures("unexplained")

M, Y = np.array([0.3, -1.25, 2.0, -4.0]), np.array([1.0, 0.0, 1.0, 1.0])
WEIGHTS = np.array([1.0, 0.5, 2.0, 1.0])
CLASSES = np.array([0, 2, 1, 1])
MARGINS = np.array([[0.5, -1.0, 2.0], [0.25, 1.5, -0.5], [1.0, 0.75, -2.0], [-0.25, 0.1, 0.6]])


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def loss(margins, labels):
    return np.logaddexp(0, margins) - labels * margins


def logistic(preds, labels, gradient=1.0, hessian=1.0, least=0.0):
    p = sigmoid(preds)
    return gradient * (p - labels), np.maximum(hessian * p * (1 - p), least)


def native(preds, dtrain):
    """As XGBoost and LightGBM call it."""
    return logistic(preds, dtrain.get_label())


def sklearn(y_true, y_pred):
    return logistic(y_pred, y_true)


def weighted(predt, dtrain):
    grad, hess = native(predt, dtrain)
    weight = dtrain.get_weight()
    return (grad * weight, hess * weight) if len(weight) == dtrain.num_row() else (grad, hess)


def softmax(preds, labels, weights, hessian=1.0):
    P = np.exp(preds - preds.max(1, keepdims=True))
    P /= P.sum(1, keepdims=True)
    hot = np.eye(P.shape[1])[labels.astype(int)]
    return (P - hot) * weights[:, None], hessian * P * (1 - P) * weights[:, None]


def softmax_loss(preds, labels, weights):
    rows = np.arange(len(labels))
    return weights * (np.log(np.exp(preds).sum(1)) - preds[rows, labels.astype(int)])


def codes(report):
    return [finding.code for finding in report.errors]


@pytest.mark.parametrize("objective", [logistic, native, sklearn])
@pytest.mark.parametrize("total", [loss, lambda m, y: loss(m, y).sum()])
def test_every_order_of_arguments(objective, total):
    report = report_vjp(from_objective(objective, total), M, Y)
    assert report.verdict == "correct"
    assert report.constants == ("labels",)


def test_weights_are_data():
    op = from_objective(weighted, lambda m, y, weights: weights * loss(m, y))
    assert report_vjp(op, M, Y, WEIGHTS).verdict == "correct"
    forgotten = from_objective(native, lambda m, y, weights: weights * loss(m, y))
    assert codes(report_vjp(forgotten, M, Y, WEIGHTS)) == ["GC301"]


def test_planted_mistakes():
    wrong = from_objective(lambda preds, y: logistic(preds, y, gradient=2.0, hessian=2.0), loss)
    assert codes(report_vjp(wrong, M, Y))[0] == "GC301"
    half = report_vjp(from_objective(lambda preds, y: logistic(preds, y, hessian=2.0), loss), M, Y)
    assert codes(half) == ["GC401"]
    assert "ratio 2" in str(half)


@pytest.mark.explained
def test_the_gradient_whose_derivative_a_hessian_is_may_be_named():
    def huber(preds, y):
        return np.clip(preds - y, -1, 1), np.ones_like(preds)

    def huber_loss(preds, y):
        r = np.abs(preds - y)
        return np.where(r < 1, 0.5 * r * r, r - 0.5)

    def residual(preds, y):
        return preds - y

    margins, labels = np.array([0.5, -1.0, 2.0, 7.0]), np.array([1.0, 0.0, 0.3, 1.0])
    assert {f.code for f in report_vjp(from_objective(huber, huber_loss), margins, labels).errors} == {"GC401"}
    meant = from_objective(huber, huber_loss, surrogate=residual)
    assert report_vjp(meant, margins, labels).verdict == "correct"
    other = from_objective(huber, huber_loss, surrogate=lambda preds, y: 2 * (preds - y))
    report = report_vjp(other, margins, labels)
    assert {f.code for f in report.errors} == {"GC401"}
    assert "finite differences of the surrogate" in " ".join(str(report).split())
    halved = from_objective(lambda p, y: (huber(p, y)[0] / 2, huber(p, y)[1]), huber_loss, surrogate=residual)
    assert {f.code for f in report_vjp(halved, margins, labels).errors} == {"GC301"}


def test_a_clipped_hessian_is_said_to_be_a_surrogate():
    def clipped(preds, y):
        return logistic(preds, y, least=0.2)

    report = report_vjp(from_objective(clipped, loss), M, Y)
    assert codes(report) == ["GC401"]
    assert "or leave it out, surrogate=True" in report.errors[0].message
    said = report_vjp(from_objective(clipped, loss, surrogate=True), M, Y)
    assert said.verdict == "correct"
    assert "the Hessian is a surrogate, as was said" in str(said)
    guarded = from_objective(lambda preds, y: logistic(preds, y, least=1e-16), loss)
    assert report_vjp(guarded, M, Y).verdict == "correct"


@pytest.mark.explained
def test_several_classes_a_column_at_a_time():
    assert (
        report_vjp(from_objective(softmax, softmax_loss, surrogate=True), MARGINS, CLASSES, WEIGHTS).verdict
        == "correct"
    )
    column = from_objective(softmax, softmax_loss, column=1)
    assert report_vjp(column, MARGINS[:, 1], MARGINS, CLASSES, WEIGHTS).verdict == "correct"
    doubled = from_objective(lambda p, y, w: softmax(p, y, w, hessian=2.0), softmax_loss, column=1)
    assert codes(report_vjp(doubled, MARGINS[:, 1], MARGINS, CLASSES, WEIGHTS)) == ["GC401"]


def test_as_a_case():
    case = Case(from_objective(sklearn, loss), "(n),(n)->(n)", domains={"labels": Integers(0, 2)})
    assert report_case(case, examples=15).verdict == "correct"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: from_objective(3, loss), "grad_hess is 3; pass a function"),
        (lambda: from_objective(native, None), "loss is None; pass a function"),
        (
            lambda: from_objective(lambda preds: preds, loss),
            "takes 1 argument: `preds`; which of them is labels cannot",
        ),
        (lambda: from_objective(native, lambda a: a), "grad_hess" if False else "loss is loss(margins, labels)"),
        (lambda: from_objective(native, loss, column=-1), "column is -1"),
        (
            lambda: report_vjp(from_objective(lambda m, y: m - y, loss), M, Y),
            "returned a ndarray; it returns (grad, hess)",
        ),
        (lambda: report_vjp(from_objective(native, lambda m, y: loss(m, y)[:2]), M, Y), "returned shape (2,)"),
        (
            lambda: report_vjp(from_objective(softmax, softmax_loss), MARGINS, CLASSES, WEIGHTS),
            "judge one class at a time, column=0, or say surrogate=True",
        ),
        (
            lambda: report_vjp(from_objective(native, loss, column=1), M, M, Y),
            "column=1 of margins of shape (4,); it needs (n, k)",
        ),
    ],
)
def test_each_way_of_calling_it_wrong_has_a_sentence(make, words):
    with pytest.raises(UsageError) as caught:
        make()
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
