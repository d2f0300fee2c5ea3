"""Right backwards in the styles in which people write them; the tests make a slip in one line of each."""

import numpy as np

from gradcheck.adapters import from_pair, from_value_and_grad


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def d_sigmoid(z):
    return sigmoid(z) * (1 - sigmoid(z))


def closure(W1, W2, X):
    Z1 = W1 @ X
    A1 = sigmoid(Z1)
    Z2 = W2 @ A1
    A2 = sigmoid(Z2)

    def closure_vjp(dA2):
        dZ2 = dA2 * A2 * (1 - A2)
        dW2 = dZ2 @ A1.T
        dA1 = W2.T @ dZ2
        dZ1 = dA1 * d_sigmoid(Z1)
        dW1 = dZ1 @ X.T
        dX = W1.T @ dZ1
        return dW1, dW2, dX

    return A2, closure_vjp


def one_liners(W1, W2, X):
    A1 = sigmoid(W1 @ X)
    A2 = sigmoid(W2 @ A1)

    def one_liners_vjp(dy):
        delta = dy * A2 * (1 - A2)
        inner = W2.T @ delta * A1 * (1 - A1)
        return inner @ X.T, delta @ A1.T, W1.T @ inner

    return A2, one_liners_vjp


def dicts(params, X):
    cache = {}
    cache["Z1"] = params["W1"] @ X + params["b1"]
    cache["A1"] = np.tanh(cache["Z1"])
    cache["Z2"] = params["W2"] @ cache["A1"]

    def dicts_vjp(dZ2):
        grads = {}
        grads["dW2"] = dZ2 @ cache["A1"].T
        grads["dA1"] = params["W2"].T @ dZ2
        grads["dZ1"] = grads["dA1"] * (1 - cache["A1"] ** 2)
        grads["dW1"] = grads["dZ1"] @ X.T
        grads["db1"] = grads["dZ1"].sum(axis=1, keepdims=True)
        dX = params["W1"].T @ grads["dZ1"]
        return {"W1": grads["dW1"], "b1": grads["db1"], "W2": grads["dW2"]}, dX

    return cache["Z2"], dicts_vjp


def linear_forward(A, W):
    Z = W @ A
    return Z, (A, W)


def linear_backward(dZ, cache):
    A, W = cache
    dW = dZ @ A.T
    dA = W.T @ dZ
    return dA, dW


def relu_forward(Z):
    A = np.maximum(0, Z)
    return A, Z


def relu_backward(dA, cache):
    Z = cache
    dZ = np.array(dA, copy=True)
    dZ[Z < 0] = 0
    return dZ


def helpers_forward(W1, W2, X):
    Z1, first = linear_forward(X, W1)
    A1, between = relu_forward(Z1)
    Z2, second = linear_forward(A1, W2)
    return Z2, (first, between, second)


def helpers_backward(saved, dZ2):
    first, between, second = saved
    dA1, dW2 = linear_backward(dZ2, second)
    dZ1 = relu_backward(dA1, between)
    dX, dW1 = linear_backward(dZ1, first)
    return dW1, dW2, dX


helpers = from_pair(helpers_forward, helpers_backward)


class Dense:
    def __init__(self, W):
        self.W = W

    def forward(self, x):
        self.x = x
        return self.W @ x

    def backward(self, dy):
        self.dW = dy @ self.x.T
        return self.W.T @ dy


class Tanh:
    def forward(self, x):
        self.out = np.tanh(x)
        return self.out

    def backward(self, dout):
        dx = dout * (1 - self.out**2)
        return dx  # noqa: RET504


def classes(W1, W2, X):
    layers = [Dense(W1), Tanh(), Dense(W2)]
    h = X
    for layer in layers:
        h = layer.forward(h)

    def classes_vjp(dy):
        d = dy
        for layer in reversed(layers):
            d = layer.backward(d)
        return layers[0].dW, layers[2].dW, d

    return h, classes_vjp


def cost(params):
    Z1 = params["W1"] @ DATA
    A1 = np.tanh(Z1)
    Z2 = params["W2"] @ A1
    A2 = sigmoid(Z2)
    return float(-np.sum(TARGET * np.log(A2) + (1 - TARGET) * np.log(1 - A2)) / DATA.shape[1])


def slope(params):
    """The 1/m of the mean enters at the weights, as courses write it, so that dZ2 is m times what its name says."""
    m = DATA.shape[1]
    W2 = params["W2"]
    A1 = np.tanh(params["W1"] @ DATA)
    A2 = sigmoid(W2 @ A1)
    dZ2 = A2 - TARGET
    dW2 = dZ2 @ A1.T / m
    dZ1 = (W2.T @ dZ2) * (1 - A1**2)
    dW1 = dZ1 @ DATA.T / m
    return {"W1": dW1, "W2": dW2}


def cost_and_slope(params):
    return cost(params), slope(params)


DATA = np.array([[0.5, -1.0, 0.25, 1.5], [1.0, 0.75, -0.5, 0.3]])
TARGET = np.array([[1.0, 0.0, 1.0, 1.0], [0.0, 1.0, 1.0, 0.0]])
value_and_grad = from_value_and_grad(cost, slope)
both_at_once = from_value_and_grad(cost_and_slope, True)


def recurrent(W, U, xs):
    hs = [np.zeros((W.shape[0], xs.shape[2]))]
    for x in xs:
        z = W @ hs[-1] + U @ x
        hs.append(np.tanh(z))

    def recurrent_vjp(dy):
        dW, dU, dxs = np.zeros_like(W), np.zeros_like(U), np.zeros_like(xs)
        dh = dy
        for t in reversed(range(len(xs))):
            dz = dh * (1 - hs[t + 1] ** 2)
            dW += dz @ hs[t].T
            dU += dz @ xs[t].T
            dxs[t] = U.T @ dz
            dh = W.T @ dz
        return dW, dU, dxs

    return hs[-1], recurrent_vjp
