"""A network of two layers over dicts: ``params["W1"]`` in, ``cache["A1"]`` between, ``grads["dW1"]`` out."""

import numpy as np

from gradcheck import Case
from gradcheck.adapters import from_value_and_grad


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(params, X):
    Z1 = np.dot(params["W1"], X) + params["b1"]
    A1 = np.tanh(Z1)
    Z2 = np.dot(params["W2"], A1) + params["b2"]
    A2 = sigmoid(Z2)
    return A2, {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2}


def cost(A2, Y):
    return float(np.sum((A2 - Y) ** 2) / Y.shape[1])


def backward(params, cache, X, Y):
    m = X.shape[1]
    grads = {}
    dA2 = 2 / m * (cache["A2"] - Y)
    dZ2 = dA2 * cache["A2"] * (1 - cache["A2"])
    grads["dW2"] = np.dot(dZ2, cache["A1"].T)
    grads["db2"] = np.sum(dZ2, axis=1, keepdims=True)
    dA1 = np.dot(params["W2"].T, dZ2)
    dZ1 = dA1 * (1 - cache["A1"] ** 2)
    grads["dW1"] = np.dot(dZ1, X.T)
    grads["db1"] = np.sum(dZ1, axis=1, keepdims=True)
    return grads


def loss(params, X, Y):
    A2, _ = forward(params, X)
    return cost(A2, Y)


def gradient(params, X, Y):
    _, cache = forward(params, X)
    grads = backward(params, cache, X, Y)
    return {name: grads[f"d{name}"] for name in params}


rng = np.random.default_rng(0)
X, Y = rng.standard_normal((3, 5)), rng.uniform(0, 1, (3, 5))


def parameters(rng):
    shapes = {"W1": (3, 3), "b1": (3, 1), "W2": (3, 3), "b2": (3, 1)}  # as wide everywhere: no shape tells W1 from W2
    return ({name: 0.7 * rng.standard_normal(shape) for name, shape in shapes.items()},)


case = Case(from_value_and_grad(loss, gradient, args=(X, Y)), inputs=parameters, name="by_dict")
