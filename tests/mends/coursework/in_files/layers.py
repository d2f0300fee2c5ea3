"""The layers: each forward returns its value and a cache, each backward takes the cotangent and that cache."""

import numpy as np


def linear_forward(A, W, b):
    return W @ A + b, (A, W, b)


def linear_backward(dZ, cache):
    A, W, _ = cache
    dW = dZ @ A.T
    db = dZ.sum(axis=1, keepdims=True)
    dA = W.T @ dZ
    return dA, dW, db


def relu(Z):
    return np.maximum(Z, 0), Z


def relu_backward(dA, cache):
    Z = cache
    dZ = np.array(dA)
    dZ[Z <= 0] = 0
    return dZ


def sigmoid(Z):
    A = 1 / (1 + np.exp(-Z))
    return A, Z


def sigmoid_backward(dA, cache):
    s = 1 / (1 + np.exp(-cache))
    return dA * s * (1 - s)
