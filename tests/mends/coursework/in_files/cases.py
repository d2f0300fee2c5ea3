"""The case: a lambda stands between it and the model."""

import numpy as np
from model import compute_cost, model_backward, model_forward

from gradcheck import Case
from gradcheck.adapters import from_value_and_grad

rng = np.random.default_rng(0)
X, Y = rng.standard_normal((3, 6)), (rng.random((1, 6)) > 0.5).astype(float)


def cost(parameters):
    AL, _ = model_forward(X, parameters)
    return compute_cost(AL, Y)


def gradient(parameters):
    AL, caches = model_forward(X, parameters)
    grads = model_backward(AL, Y, caches)
    return {name: grads["d" + name] for name in parameters}


def parameters(rng):
    sizes = (3, 4, 3, 1)
    found = {}
    for layer in (1, 2, 3):
        found[f"W{layer}"] = 0.8 * rng.standard_normal((sizes[layer], sizes[layer - 1]))
        found[f"b{layer}"] = 0.3 * rng.standard_normal((sizes[layer], 1))
    return (found,)


case = Case(from_value_and_grad(cost, lambda p: gradient(p)), inputs=parameters, name="in_files")
