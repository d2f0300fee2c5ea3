"""Layers as courses, books and libraries write them; each right, or with one mistake where a flag says so."""

from itertools import pairwise

import numpy as np


class Dense:
    """Sizes in the constructor, gradients on the instance."""

    def __init__(self, n_in, n_out):
        self.W = np.random.default_rng(0).normal(size=(n_in, n_out))
        self.b = np.zeros(n_out)
        self.x = None
        self.dW = None
        self.db = None

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=0)
        return dout @ self.W.T


class WrongDense(Dense):
    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout.mean(axis=0)
        return dout @ self.W.T


class Affine:
    """Made of its parameters, as in "Deep Learning from Scratch"."""

    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.x = None
        self.dW = None
        self.db = None

    def forward(self, x):
        self.x = x
        return np.dot(x, self.W) + self.b

    def backward(self, dout):
        dx = np.dot(dout, self.W.T)
        self.dW = np.dot(self.x.T, dout)
        self.db = np.sum(dout, axis=0)
        return dx


class MatMul:
    """Lists of parameters and gradients; the gradient is written into its place."""

    def __init__(self, W):
        self.params = [W]
        self.grads = [np.zeros_like(W)]
        self.x = None

    def forward(self, x):
        (W,) = self.params
        self.x = x
        return np.dot(x, W)

    def backward(self, dout):
        (W,) = self.params
        self.grads[0][...] = np.dot(self.x.T, dout)
        return np.dot(dout, W.T)


class LayerDense:
    """Nothing is returned; all is left on the instance."""

    def __init__(self, n_inputs, n_neurons):
        self.weights = 0.01 * np.ones((n_inputs, n_neurons))
        self.biases = np.zeros((1, n_neurons))

    def forward(self, inputs):
        self.inputs = inputs
        self.output = np.dot(inputs, self.weights) + self.biases

    def backward(self, dvalues):
        self.dweights = np.dot(self.inputs.T, dvalues)
        self.dbiases = np.sum(dvalues, axis=0, keepdims=True)
        self.dinputs = np.dot(dvalues, self.weights.T)


class Tables:
    """Tables of parameters and gradients, the keys of the latter with a ``d``."""

    def __init__(self, n_in=3, n_out=4):
        self.params = {"W": np.ones((n_in, n_out)), "b": np.zeros(n_out)}
        self.grads = {}
        self.cache = None

    def forward(self, X):
        self.cache = X
        return X @ self.params["W"] + self.params["b"]

    def backward(self, dout):
        self.grads["dW"] = self.cache.T @ dout
        self.grads["db"] = dout.sum(0)
        return dout @ self.params["W"].T


class Param:
    def __init__(self, value):
        self.value = value
        self.grad = np.zeros_like(value)


class FullyConnectedLayer:
    """Parameters as objects, gradients that add up on purpose."""

    def __init__(self, n_input, n_output):
        self.W = Param(0.001 * np.ones((n_input, n_output)))
        self.B = Param(0.001 * np.ones((1, n_output)))
        self.X = None

    def forward(self, X):
        self.X = X
        return X @ self.W.value + self.B.value

    def backward(self, d_out):
        self.W.grad += self.X.T @ d_out
        self.B.grad += d_out.sum(axis=0, keepdims=True)
        return d_out @ self.W.value.T

    def params(self):
        return {"W": self.W, "B": self.B}


class Lazy:
    """Built at its first forward, caches in lists that are flushed, gradients that add up."""

    def __init__(self, n_out):
        self.n_out = n_out
        self.is_initialized = False
        self.X = []
        self.parameters = {"W": None, "b": None}
        self.gradients = {}

    def _init_params(self):
        self.parameters = {"W": np.ones((self.n_in, self.n_out)), "b": np.zeros((1, self.n_out))}
        self.flush_gradients()
        self.is_initialized = True

    def flush_gradients(self):
        self.X = []
        self.gradients = {key: np.zeros_like(value) for key, value in self.parameters.items()}

    def forward(self, X, retain_derived=True):
        if not self.is_initialized:
            self.n_in = X.shape[1]
            self._init_params()
        Y = np.tanh(X @ self.parameters["W"] + self.parameters["b"])
        if retain_derived:
            self.X.append(X)
        return Y

    def backward(self, dLdy, retain_grads=True):
        dX = []
        for dy, x in zip([dLdy], self.X, strict=False):
            dZ = dy * (1 - np.tanh(x @ self.parameters["W"] + self.parameters["b"]) ** 2)
            dX.append(dZ @ self.parameters["W"].T)
            self.gradients["W"] += x.T @ dZ
            self.gradients["b"] += dZ.sum(axis=0, keepdims=True)
        return dX[0]


class FCLayer:
    """The backward moves the parameters itself and keeps no gradient."""

    def __init__(self, input_size, output_size):
        self.weights = np.ones((input_size, output_size)) - 0.5
        self.bias = np.ones((1, output_size)) - 0.5

    def forward_propagation(self, input_data):
        self.input = input_data
        self.output = np.dot(self.input, self.weights) + self.bias
        return self.output

    def backward_propagation(self, output_error, learning_rate):
        input_error = np.dot(output_error, self.weights.T)
        weights_error = np.dot(self.input.T, output_error)
        self.weights -= learning_rate * weights_error
        self.bias -= learning_rate * output_error.sum(axis=0, keepdims=True)
        return input_error


class WrongFCLayer(FCLayer):
    def backward_propagation(self, output_error, learning_rate):
        self.weights -= learning_rate * np.dot(self.input.T, output_error)
        self.bias -= learning_rate * output_error.sum(axis=0, keepdims=True)
        return np.dot(output_error, self.weights.T)


class Returned:
    """All gradients are returned; the cache is popped."""

    def __init__(self):
        self.gamma = np.ones(3)
        self.cache = []

    def forward(self, x):
        self.cache.append(x)
        return x * self.gamma

    def bprop(self, dout):
        x = self.cache.pop()
        dgamma = (dout * x).sum(0)
        return dout * self.gamma, dgamma


class ReLU:
    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        return np.where(self.mask, 0, dout)


class MeanSquared:
    """A loss, whose backward is asked nothing, or for the guesses and the truths."""

    def forward(self, y_pred, y_true):
        self.diff = y_pred - y_true
        return np.mean(self.diff**2)

    def backward(self):
        return 2 * self.diff / self.diff.size


class Network:
    """Layers inside."""

    def __init__(self):
        self.layers = [Dense(3, 4), ReLU(), Dense(4, 2)]

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, dout):
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        return dout


class Conv1d:
    """A layer that remembers its sizes."""

    def __init__(self, width):
        self.width = width
        self.weight = np.ones(width)
        self.weight_grad = None

    def forward(self, x):
        self.x = x
        n = len(x) - self.width + 1
        return np.array([x[i : i + self.width] @ self.weight for i in range(n)])

    def backward(self, grad):
        self.weight_grad = np.zeros(self.width)
        dx = np.zeros_like(self.x)
        for i, g in enumerate(grad):
            self.weight_grad += g * self.x[i : i + self.width]
            dx[i : i + self.width] += g * self.weight
        return dx


class Shared:
    """The cache belongs to the class."""

    cache = {}  # noqa: RUF012 - the mistake

    def __init__(self):
        self.w = np.ones(3)

    def forward(self, x):
        self.cache["x"] = x
        return x**2 * self.w

    def backward(self, dout):
        x = self.cache["x"]
        self.dw = (dout * x**2).sum(0)
        return 2 * dout * x * self.w


class Growing:
    def __init__(self):
        self.w = np.ones(3)
        self.xs = []

    def forward(self, x):
        self.xs.append(x)
        return x * self.w

    def backward(self, dout):
        self.dw = (dout * self.xs[-1]).sum(0)
        return dout * self.w


class Adding(Dense):
    def __init__(self, n_in=3, n_out=4):
        super().__init__(n_in, n_out)
        self.dW, self.db = 0 * self.W, 0 * self.b

    def backward(self, dout):
        self.dW = self.dW + self.x.T @ dout
        self.db = self.db + dout.sum(axis=0)
        return dout @ self.W.T


class AddingCleared(Adding):
    def zero_grad(self):
        self.dW, self.db = 0 * self.W, 0 * self.b


class TwoNames:
    def __init__(self):
        self.W = np.ones((3, 4))
        self.params = {"W": self.W.copy()}
        self.dW = None
        self.grads = {}

    def forward(self, x):
        self.x = x
        return x @ self.params["W"]

    def backward(self, dout):
        self.grads["W"] = self.dW = self.x.T @ dout
        return dout @ self.params["W"].T


class Alias(TwoNames):
    """One array under both names."""

    def __init__(self):
        super().__init__()
        self.params = {"W": self.W}


class Odd:
    """Names that nobody would guess."""

    def __init__(self):
        self.kernel = np.ones((3, 4))
        self.shift = np.zeros(4)

    def run(self, x):
        self.x = x
        return x @ self.kernel + self.shift

    def unroll(self, error):
        self.k_error = self.x.T @ error
        self.s_error = error.sum(0)
        return error @ self.kernel.T


class Mlp:
    """Lists of arrays, with lists of their gradients."""

    def __init__(self, sizes=(3, 4, 2)):
        pairs = list(pairwise(sizes))
        self.W = [np.ones((o, i)) / i for i, o in pairs]
        self.b = [np.zeros((o, 1)) for _, o in pairs]

    def forward(self, x):
        self.activations = [x]
        for W, b in zip(self.W, self.b, strict=True):
            self.activations.append(np.tanh(W @ self.activations[-1] + b))
        return self.activations[-1]

    def backward(self, delta):
        self.dW, self.db = [None, None], [None, None]
        for layer in (1, 0):
            delta = delta * (1 - self.activations[layer + 1] ** 2)
            self.dW[layer] = delta @ self.activations[layer].T
            self.db[layer] = delta.sum(axis=1, keepdims=True)
            delta = self.W[layer].T @ delta
        return delta


class NablaMlp(Mlp):
    """The same under names that cannot be guessed."""

    def __init__(self):
        super().__init__()
        self.matrices, self.offsets = self.W, self.b
        del self.W, self.b

    def forward(self, x):
        self.activations = [x]
        for W, b in zip(self.matrices, self.offsets, strict=True):
            self.activations.append(np.tanh(W @ self.activations[-1] + b))
        return self.activations[-1]

    def backward(self, delta):
        self.W = self.matrices
        dx = super().backward(delta)
        self.of_matrices, self.of_offsets = self.dW, self.db
        return dx


class BatchNorm:
    """Averages that it keeps and does not learn, and a flag of its forward."""

    def __init__(self, d):
        self.gamma, self.beta = np.ones(d), np.zeros(d)
        self.running_mean, self.running_var = np.zeros(d), np.ones(d)
        self.cache = None

    def forward(self, x, train=True):
        if not train:
            self.cache = None
            return self.gamma * (x - self.running_mean) / np.sqrt(self.running_var + 1e-5) + self.beta
        mean, var = x.mean(axis=0), x.var(axis=0)
        self.running_mean = 0.9 * self.running_mean + 0.1 * mean
        self.running_var = 0.9 * self.running_var + 0.1 * var
        hat = (x - mean) / np.sqrt(var + 1e-5)
        self.cache = hat, 1 / np.sqrt(var + 1e-5)
        return self.gamma * hat + self.beta

    def backward(self, dout):
        hat, inverse = self.cache
        self.dbeta, self.dgamma = dout.sum(axis=0), (dout * hat).sum(axis=0)
        g = dout * self.gamma
        return inverse * (g - g.mean(axis=0) - hat * (g * hat).mean(axis=0))


class Aliased(Dense):
    """One array of gradients under two names, written into."""

    def __init__(self, n_in, n_out):
        super().__init__(n_in, n_out)
        self.dW, self.db = np.zeros((n_in, n_out)), np.zeros(n_out)
        self.grads = {"W": self.dW, "b": self.db}

    def backward(self, dout):
        self.dW[...] = self.x.T @ dout
        self.db[:] = dout.sum(axis=0)
        return dout @ self.W.T


class Slots:
    __slots__ = ("dscale", "scale", "x")

    def __init__(self):
        self.scale = np.ones(3)

    def __call__(self, x):
        self.x = x
        return self.scale * x

    def backprop(self, dout):
        self.dscale = (dout * self.x).sum(axis=0)
        return self.scale * dout


class Saves:
    """What the forward saves is handed to the backward."""

    def __init__(self):
        self.W = np.ones((3, 4))

    def forward(self, x):
        return x @ self.W, x

    def backward(self, dout, cache):
        return {"dx": dout @ self.W.T, "dW": cache.T @ dout}


class TwoInputs:
    """Two inputs, a gradient of each, one of them also an argument of the backward."""

    def forward(self, q, k):
        return q * k**2

    def backward(self, dout, q, k):
        return dout * k**2, 2 * dout * q * k


class TwoOutputs:
    def forward(self, x):
        return x**2, np.sin(x)

    def backward(self, first, second):
        raise NotImplementedError


class SplitOutputs(TwoOutputs):
    def forward(self, x):
        self.x = x
        return super().forward(x)

    def backward(self, first, second):
        return 2 * self.x * first + np.cos(self.x) * second


class Dropout:
    """Draws in its forward, from the global generator."""

    def __init__(self):
        self.w = np.ones(3)

    def forward(self, x):
        self.x, self.mask = x, np.random.random(x.shape) > 0.5
        return x * self.mask * self.w

    def backward(self, dout):
        self.dw = (dout * self.mask * self.x).sum(axis=0)
        return dout * self.mask * self.w


class RedrawnDropout(Dropout):
    """Draws again in its backward."""

    def forward(self, x):
        self.x = x
        return x * self.w

    def backward(self, dout):
        self.mask = np.random.random(dout.shape) > 0.5
        return super().backward(dout)
