"""A homework: softmax regression, a forward and a backward that hand over what they keep."""

import numpy as np


def forward(X, W, b, T):
    """Mean cross entropy of the classes T, one-hot: X of shape (n, d), W (d, c), b (c,)."""
    Z = X @ W + b
    Z = Z - Z.max(axis=1, keepdims=True)
    P = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
    return -np.sum(T * np.log(P)) / len(X), (X, W, P, T)


def backward(kept, dJ):
    X, W, P, T = kept
    dZ = dJ * (P - T) / len(X)
    return dZ @ W.T, X.T @ dZ, dZ.sum(axis=0)
