"""The one table of cases: every op of manual_bp on random shapes, and the article's networks on real data.

``gradcheck run tests/cases.py`` judges all of them. The twin of each op is the function of the same name in
``reference``. Where torch is not installed there is no twin, and the table of the gate says so.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np

import manual_bp
from gradcheck import Case, Descent, Integers


def twin(name):
    """The function of the same name in `reference`, or None where torch is absent."""
    return getattr(import_module("reference"), name) if find_spec("torch") else None


def on_random_shapes(dtype):
    """Every op, with its own signature."""
    names = ("sigmoid", "tanh", "relu", "linear", "affine", "mse")
    suffix = "" if dtype == "float64" else f" {dtype}"
    rows = [Case(getattr(manual_bp, name), name=name + suffix, reference=twin(name), dtype=dtype) for name in names]
    rows += [
        Case(
            manual_bp.softmax,
            name="softmax" + suffix,
            reference=twin("softmax"),
            options={"dim": [-1, 0]},
            dtype=dtype,
        ),
        Case(
            manual_bp.cross_entropy,
            name="cross_entropy" + suffix,
            reference=twin("cross_entropy"),
            domains={"labels": Integers(0, "c")},
            dtype=dtype,
        ),
        Case(
            manual_bp.perceptron,
            name="perceptron" + suffix,
            reference=twin("perceptron"),
            descent=Descent(manual_bp.gradient_step, ("W", "B")),
            dtype=dtype,
        ),
        Case(
            manual_bp.two_layer,
            name="two_layer" + suffix,
            reference=twin("two_layer"),
            descent=Descent(manual_bp.gradient_step, ("W1", "B1", "W2", "B2")),
            dtype=dtype,
        ),
    ]
    return rows


def softmax_regression(weight, bias, x, labels):
    """Cross entropy of a linear layer: two ops of the library, and their vjps in reverse order.

    weight (c,i), bias (c,), x (n,i), labels (n,): the cost is a scalar.
    """
    logits, linear_vjp = manual_bp.linear(x, weight, bias)
    cost, cross_entropy_vjp = manual_bp.cross_entropy(logits, labels)

    def softmax_regression_vjp(dcost):
        dlogits, _ = cross_entropy_vjp(dcost)
        dx, dweight, dbias = linear_vjp(dlogits)
        return dweight, dbias, dx, None

    return cost, softmax_regression_vjp


softmax_regression.signature = "(c,i),(c),(n,i),(n)->()"


def softmax_regression_twin(weight, bias, x, labels):
    """The same cost through the twins of both ops."""
    return twin("cross_entropy")(twin("linear")(x, weight, bias), labels)


def bundled(name, **layout):
    """A table of numbers that lies in scikit-learn: its files are all we need, and to import it takes half a second."""
    return np.loadtxt(Path(find_spec("sklearn").origin).parent / "datasets" / "data" / name, **layout)


def diabetes():
    """X (10, 442): scikit-learn's bundled diabetes set, each feature standardised; Y (1, 442): its target on [0, 1].

    Samples are columns, as in the article. The target is put on [0, 1] because the network ends in a sigmoid.
    """
    x = bundled("diabetes_data_raw.csv.gz").T
    y = bundled("diabetes_target.csv.gz")[np.newaxis, :]
    return _standardised(x, axis=1), (y - y.min()) / (y.max() - y.min())


def breast_cancer():
    """X (569, 30): scikit-learn's bundled breast cancer set, each feature standardised; 569 labels 0 or 1."""
    table = bundled("breast_cancer.csv", delimiter=",", skiprows=1)
    return _standardised(table[:, :-1], axis=0), table[:, -1].astype(int)


def _standardised(x, axis):
    return (x - x.mean(axis=axis, keepdims=True)) / x.std(axis=axis, keepdims=True)


def on_real_data():
    """The article's networks at the diabetes set, softmax regression at the breast cancer set, each trained there."""
    x, y = diabetes()
    features, labels = breast_cancer()
    step = manual_bp.gradient_step
    weight = np.random.default_rng(0).normal(size=(2, 30)) * 0.1
    return [
        Case(
            manual_bp.perceptron,
            name="perceptron on diabetes",
            reference=twin("perceptron"),
            inputs=(*manual_bp.initial_parameters((10, 1), seed=0), x, y),
            descent=Descent(step, ("W", "B"), learning_rate=1.0, steps=200),
        ),
        Case(
            manual_bp.two_layer,
            name="two_layer on diabetes",
            reference=twin("two_layer"),
            inputs=(*manual_bp.initial_parameters((10, 5, 1), seed=0), x, y),
            descent=Descent(step, ("W1", "B1", "W2", "B2"), learning_rate=1.0, steps=200),
        ),
        Case(
            softmax_regression,
            name="cross_entropy on breast cancer",
            reference=softmax_regression_twin if find_spec("torch") else None,
            inputs=(weight, np.zeros(2), features, labels),
            descent=Descent(step, ("weight", "bias"), learning_rate=0.5, steps=200),
        ),
    ]


RANDOM = [*on_random_shapes("float64"), *on_random_shapes("float32")]
REGRESSION = Case(
    softmax_regression,
    reference=softmax_regression_twin if find_spec("torch") else None,
    domains={"labels": Integers(0, "c")},
    descent=Descent(manual_bp.gradient_step, ("weight", "bias")),
)
REAL = on_real_data() if find_spec("sklearn") else []
