"""The article's network with the mistakes of its listing, and of those who typed it, each as an option.

Written in our own words from what the listing computes: the derivative of the output layer is multiplied from the
left by ``W1.T``, the sum over samples is not divided by their number, and the derivative of the sigmoid, which the
article derives as ``A (1 - A)``, is taken as a function of ``Z`` in one place and of ``A`` in another.
"""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def d_sigmoid(z):
    """The derivative as a function of the argument z."""
    return sigmoid(z) * (1 - sigmoid(z))


def forward(W1, B1, W2, B2, X):
    Z1 = W1 @ X + B1
    A1 = sigmoid(Z1)
    Z2 = W2 @ A1 + B2
    return A1, Z2, sigmoid(Z2)


def article_listing(W1, B1, W2, B2, X, Y):
    """The cost that the article states, with the backward that its listing computes."""
    A1, Z2, A2 = forward(W1, B1, W2, B2, X)
    samples = X.shape[1]

    def listing_vjp(dJ):
        dA2 = dJ * 2 * (A2 - Y)
        dZ2 = W1.T.dot(dA2) * d_sigmoid(Z2)
        dW2 = dZ2.dot(A1.T)
        dB2 = dZ2.sum(axis=1, keepdims=True)
        dA1 = W2.T.dot(dZ2)
        dZ1 = dA1 * A1 * (1 - A1)
        dW1 = dZ1.dot(X.T)
        dB1 = dZ1.sum(axis=1, keepdims=True)
        return dW1, dB1, dW2, dB2, W1.T.dot(dZ1), -dA2

    return np.sum((A2 - Y) ** 2) / samples, listing_vjp


def with_slip(slip=None):
    """The right backward with one slip in it; without a slip it is right."""

    def two_layer_with_slip(W1, B1, W2, B2, X, Y):
        A1, _, A2 = forward(W1, B1, W2, B2, X)
        samples = 1 if slip == "no 1/M" else X.shape[1]
        factor = 1 if slip == "no factor 2" else 2

        def slipping_vjp(dJ):
            dA2 = dJ * factor / samples * (A2 - Y)
            if slip == "sign":
                dA2 = -dA2
            dZ2 = dA2 * (d_sigmoid(A2) if slip == "d_sigmoid of A2" else A2 * (1 - A2))
            dW2 = dZ2 @ (A2.T if slip == "dW2 from A2" else A1.T)
            dB2 = dZ2 if slip == "B2 not summed" else dZ2.sum(axis=1, keepdims=True)
            dA1 = (W1.T if slip == "W1.T for W2.T" else W2.T) @ dZ2
            dZ1 = dA1 * (d_sigmoid(A1) if slip == "d_sigmoid of A1" else A1 * (1 - A1))
            dW1 = dZ1 @ X.T
            dB1 = dZ1 if slip == "B1 not summed" else dZ1.sum(axis=1, keepdims=True)
            return dW1, dB1, dW2, dB2, W1.T @ dZ1, -dA2

        return np.sum((A2 - Y) ** 2) / X.shape[1], slipping_vjp

    return two_layer_with_slip


SIGNATURE = "(h,i),(h,1),(o,h),(o,1),(i,m),(o,m)->()"
