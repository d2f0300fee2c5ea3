"""The article's listing and the slips of those who typed it, each written out as its author would have it.

The cost and its forward are the same everywhere; each backward has the slip that its name says.
"""

import numpy as np

from gradcheck import Case

SIGNATURE = "(h,i),(h,1),(o,h),(o,1),(i,m),(o,m)->()"


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


def listing(W1, B1, W2, B2, X, Y):
    A1, Z2, A2 = forward(W1, B1, W2, B2, X)

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

    return np.sum((A2 - Y) ** 2) / X.shape[1], listing_vjp


def w1_for_w2(W1, B1, W2, B2, X, Y):
    A1, Z2, A2 = forward(W1, B1, W2, B2, X)
    samples = X.shape[1]

    def w1_for_w2_vjp(dJ):
        dA2 = dJ * 2 / samples * (A2 - Y)
        dZ2 = dA2 * A2 * (1 - A2)
        dW2 = dZ2 @ A1.T
        dB2 = dZ2.sum(axis=1, keepdims=True)
        dA1 = W1.T @ dZ2
        dZ1 = dA1 * A1 * (1 - A1)
        dW1 = dZ1 @ X.T
        dB1 = dZ1.sum(axis=1, keepdims=True)
        return dW1, dB1, dW2, dB2, W1.T @ dZ1, -dA2

    return np.sum((A2 - Y) ** 2) / samples, w1_for_w2_vjp


def no_mean(W1, B1, W2, B2, X, Y):
    A1, Z2, A2 = forward(W1, B1, W2, B2, X)
    samples = X.shape[1]

    def no_mean_vjp(dJ):
        dA2 = dJ * 2 * (A2 - Y)
        dZ2 = dA2 * A2 * (1 - A2)
        dW2 = dZ2 @ A1.T
        dB2 = dZ2.sum(axis=1, keepdims=True)
        dA1 = W2.T @ dZ2
        dZ1 = dA1 * A1 * (1 - A1)
        dW1 = dZ1 @ X.T
        dB1 = dZ1.sum(axis=1, keepdims=True)
        return dW1, dB1, dW2, dB2, W1.T @ dZ1, -dA2

    return np.sum((A2 - Y) ** 2) / samples, no_mean_vjp


def no_two(W1, B1, W2, B2, X, Y):
    A1, Z2, A2 = forward(W1, B1, W2, B2, X)
    samples = X.shape[1]

    def no_two_vjp(dJ):
        dA2 = dJ / samples * (A2 - Y)
        dZ2 = dA2 * A2 * (1 - A2)
        dW2 = dZ2 @ A1.T
        dB2 = dZ2.sum(axis=1, keepdims=True)
        dA1 = W2.T @ dZ2
        dZ1 = dA1 * A1 * (1 - A1)
        dW1 = dZ1 @ X.T
        dB1 = dZ1.sum(axis=1, keepdims=True)
        return dW1, dB1, dW2, dB2, W1.T @ dZ1, -dA2

    return np.sum((A2 - Y) ** 2) / samples, no_two_vjp


def d_sigmoid_of_a2(W1, B1, W2, B2, X, Y):
    A1, Z2, A2 = forward(W1, B1, W2, B2, X)
    samples = X.shape[1]

    def d_sigmoid_of_a2_vjp(dJ):
        dA2 = dJ * 2 / samples * (A2 - Y)
        dZ2 = dA2 * d_sigmoid(A2)
        dW2 = dZ2 @ A1.T
        dB2 = dZ2.sum(axis=1, keepdims=True)
        dA1 = W2.T @ dZ2
        dZ1 = dA1 * A1 * (1 - A1)
        dW1 = dZ1 @ X.T
        dB1 = dZ1.sum(axis=1, keepdims=True)
        return dW1, dB1, dW2, dB2, W1.T @ dZ1, -dA2

    return np.sum((A2 - Y) ** 2) / samples, d_sigmoid_of_a2_vjp


def d_sigmoid_of_a1(W1, B1, W2, B2, X, Y):
    A1, Z2, A2 = forward(W1, B1, W2, B2, X)
    samples = X.shape[1]

    def d_sigmoid_of_a1_vjp(dJ):
        dA2 = dJ * 2 / samples * (A2 - Y)
        dZ2 = dA2 * A2 * (1 - A2)
        dW2 = dZ2 @ A1.T
        dB2 = dZ2.sum(axis=1, keepdims=True)
        dA1 = W2.T @ dZ2
        dZ1 = dA1 * d_sigmoid(A1)
        dW1 = dZ1 @ X.T
        dB1 = dZ1.sum(axis=1, keepdims=True)
        return dW1, dB1, dW2, dB2, W1.T @ dZ1, -dA2

    return np.sum((A2 - Y) ** 2) / samples, d_sigmoid_of_a1_vjp


def b2_not_summed(W1, B1, W2, B2, X, Y):
    A1, Z2, A2 = forward(W1, B1, W2, B2, X)
    samples = X.shape[1]

    def b2_not_summed_vjp(dJ):
        dA2 = dJ * 2 / samples * (A2 - Y)
        dZ2 = dA2 * A2 * (1 - A2)
        dW2 = dZ2 @ A1.T
        dB2 = dZ2
        dA1 = W2.T @ dZ2
        dZ1 = dA1 * A1 * (1 - A1)
        dW1 = dZ1 @ X.T
        dB1 = dZ1.sum(axis=1, keepdims=True)
        return dW1, dB1, dW2, dB2, W1.T @ dZ1, -dA2

    return np.sum((A2 - Y) ** 2) / samples, b2_not_summed_vjp


def b1_not_summed(W1, B1, W2, B2, X, Y):
    A1, Z2, A2 = forward(W1, B1, W2, B2, X)
    samples = X.shape[1]

    def b1_not_summed_vjp(dJ):
        dA2 = dJ * 2 / samples * (A2 - Y)
        dZ2 = dA2 * A2 * (1 - A2)
        dW2 = dZ2 @ A1.T
        dB2 = dZ2.sum(axis=1, keepdims=True)
        dA1 = W2.T @ dZ2
        dZ1 = dA1 * A1 * (1 - A1)
        dW1 = dZ1 @ X.T
        dB1 = dZ1
        return dW1, dB1, dW2, dB2, W1.T @ dZ1, -dA2

    return np.sum((A2 - Y) ** 2) / samples, b1_not_summed_vjp


def dw2_from_a2(W1, B1, W2, B2, X, Y):
    A1, Z2, A2 = forward(W1, B1, W2, B2, X)
    samples = X.shape[1]

    def dw2_from_a2_vjp(dJ):
        dA2 = dJ * 2 / samples * (A2 - Y)
        dZ2 = dA2 * A2 * (1 - A2)
        dW2 = dZ2 @ A2.T
        dB2 = dZ2.sum(axis=1, keepdims=True)
        dA1 = W2.T @ dZ2
        dZ1 = dA1 * A1 * (1 - A1)
        dW1 = dZ1 @ X.T
        dB1 = dZ1.sum(axis=1, keepdims=True)
        return dW1, dB1, dW2, dB2, W1.T @ dZ1, -dA2

    return np.sum((A2 - Y) ** 2) / samples, dw2_from_a2_vjp


def wrong_sign(W1, B1, W2, B2, X, Y):
    A1, Z2, A2 = forward(W1, B1, W2, B2, X)
    samples = X.shape[1]

    def wrong_sign_vjp(dJ):
        dA2 = dJ * 2 / samples * (Y - A2)
        dZ2 = dA2 * A2 * (1 - A2)
        dW2 = dZ2 @ A1.T
        dB2 = dZ2.sum(axis=1, keepdims=True)
        dA1 = W2.T @ dZ2
        dZ1 = dA1 * A1 * (1 - A1)
        dW1 = dZ1 @ X.T
        dB1 = dZ1.sum(axis=1, keepdims=True)
        return dW1, dB1, dW2, dB2, W1.T @ dZ1, -dA2

    return np.sum((A2 - Y) ** 2) / samples, wrong_sign_vjp


CASES = [
    Case(op, SIGNATURE)
    for op in (
        listing,
        w1_for_w2,
        no_mean,
        no_two,
        d_sigmoid_of_a2,
        d_sigmoid_of_a1,
        b2_not_summed,
        b1_not_summed,
        dw2_from_a2,
        wrong_sign,
    )
]
