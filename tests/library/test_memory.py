"""What a vjp keeps alive is what the docstring of its op says: an input that it needs for its shape alone may go."""

import weakref

import numpy as np
import pytest

import manual_bp
from benchmarks.library_rows import ROWS

INPUTS = {  # by place; of the others the vjp keeps none
    "elu": {0},
    "silu": {0},
    "mish": {0},
    "log_sigmoid": {0},
    "swiglu": {0, 1},
    "binary_cross_entropy_with_logits": {0, 1},
    "kl_div": {0, 1},
    "cosine_embedding_loss": {0, 1, 2},
    "mul": {0, 1},
    "div": {1},
    "pow": {0, 1},
    "log": {0},
    "prod": {0},
    "norm": {0},
    "logsumexp": {0},
    "matmul": {0, 1},
    "einsum": {0, 1},
    "where": {0},
    "solve": {0, 1},
    "det": {0},
    "slogdet": {0},
    "qr": {0},
}
OUTPUTS = {"sigmoid", "tanh", "softmax", "log_softmax", "glu", "div", "pow", "exp", "sqrt"}
OUTPUTS |= {"inv", "solve", "det", "slogdet", "cholesky", "qr", "eigh"}


def arrays_of(tree):
    if isinstance(tree, tuple):
        return [array for part in tree for array in arrays_of(part)]
    return [tree] if isinstance(tree, np.ndarray) else []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.op} {dict(row.options) or ''}")
def test_a_vjp_keeps_no_more_than_it_says(row):
    inputs = row.inputs(np.random.default_rng(0), row.small)
    y, vjp = getattr(manual_bp, row.op)(*inputs, **row.options)
    of_inputs = [weakref.ref(array) for array in arrays_of(inputs)]
    of_outputs = [weakref.ref(array) for array in arrays_of(y)]
    del inputs, y
    kept = {place for place, reference in enumerate(of_inputs) if reference() is not None}
    assert callable(vjp)
    assert kept <= INPUTS.get(row.op, set())
    assert row.op in OUTPUTS or not any(reference() is not None for reference in of_outputs)


def test_a_step_of_an_mlp_keeps_what_each_layer_was_given_and_the_difference():
    """And neither the output nor anything that is as large as a matrix besides."""
    parameters, x = manual_bp.mlp_parameters((32, 32, 32), seed=0), np.ones((32, 32))
    seen = []

    def cost(y, target):
        seen.append(weakref.ref(y))
        return manual_bp.mse_loss(y, target)

    options = {"activation": "sigmoid", "data_gradients": False}
    _, vjp = manual_bp.with_cost(manual_bp.mlp, cost, **options)(parameters, x, np.zeros((32, 32)))
    assert callable(vjp)
    assert seen[0]() is None
