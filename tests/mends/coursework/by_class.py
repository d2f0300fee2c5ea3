"""A network of two layers as a class: what the forward keeps on ``self`` is what the backward reads there."""

import numpy as np

from gradcheck import Case


class Network:
    def __init__(self, W1, b1, W2, b2):
        self.W1, self.b1, self.W2, self.b2 = W1, b1, W2, b2
        self.grads = {"W1": 0.0, "b1": 0.0, "W2": 0.0, "b2": 0.0}

    def forward(self, X):
        self.X = X
        self.Z1 = X @ self.W1 + self.b1
        self.A1 = np.maximum(self.Z1, 0)
        self.Z2 = self.A1 @ self.W2 + self.b2
        shifted = np.exp(self.Z2 - self.Z2.max(axis=1, keepdims=True))
        self.P = shifted / shifted.sum(axis=1, keepdims=True)
        return self.P

    def loss(self, T):
        return -np.sum(T * np.log(self.P)) / len(T)

    def backward(self, T):
        dZ2 = (self.P - T) / len(T)
        self.grads["W2"] += self.A1.T @ dZ2
        self.grads["b2"] += dZ2.sum(axis=0)
        dA1 = dZ2 @ self.W2.T
        dZ1 = dA1 * (self.Z1 > 0)
        self.grads["W1"] += self.X.T @ dZ1
        self.grads["b1"] += dZ1.sum(axis=0)
        self.dX = dZ1 @ self.W1.T
        return self.dX


T = np.eye(4)[[0, 2, 1, 3, 2, 0]]


def trained(X, W1, b1, W2, b2):
    network = Network(W1, b1, W2, b2)
    network.forward(X)

    def trained_vjp(dy):
        dX = network.backward(T)
        grads = network.grads
        network.grads = dict.fromkeys(grads, 0.0)
        return dy * dX, dy * grads["W1"], dy * grads["b1"], dy * grads["W2"], dy * grads["b2"]

    return network.loss(T), trained_vjp


case = Case(trained, "(6,i),(i,h),(h),(h,4),(4)->()", name="by_class")
