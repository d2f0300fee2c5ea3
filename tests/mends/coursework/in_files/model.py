"""The model: layers put together, ``parameters["W1"]`` in and ``grads["dW1"]`` out."""

import numpy as np
from layers import linear_backward, linear_forward, relu, relu_backward, sigmoid, sigmoid_backward


def model_forward(X, parameters):
    caches = []
    A = X
    layers = len(parameters) // 2
    for layer in range(1, layers + 1):
        Z, linear = linear_forward(A, parameters["W" + str(layer)], parameters["b" + str(layer)])
        A, activation = sigmoid(Z) if layer == layers else relu(Z)
        caches.append((linear, activation))
    return A, caches


def compute_cost(AL, Y):
    m = Y.shape[1]
    return -np.sum(Y * np.log(AL) + (1 - Y) * np.log(1 - AL)) / m


def model_backward(AL, Y, caches):
    grads = {}
    layers = len(caches)
    m = Y.shape[1]
    dAL = -(Y / AL - (1 - Y) / (1 - AL)) / m
    linear, activation = caches[layers - 1]
    dZ = sigmoid_backward(dAL, activation)
    dA, dW, db = linear_backward(dZ, linear)
    grads["dW" + str(layers)] = dW
    grads["db" + str(layers)] = db
    for layer in reversed(range(layers - 1)):
        linear, activation = caches[layer]
        dZ = relu_backward(dA, activation)
        dA, dW, db = linear_backward(dZ, linear)
        grads["dW" + str(layer + 1)] = dW
        grads["db" + str(layer + 1)] = db
    return grads
