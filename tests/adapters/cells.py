"""Layers that are called once for each step of time, and keep their state on themselves."""

import numpy as np


class Cell:
    """Built at its first forward; what it keeps grows step by step, gradients add up, and its own reset spoils it."""

    def __init__(self, n_out, wrong=False):
        self.n_out, self.wrong = n_out, wrong
        self.is_initialized = False
        self.parameters = {"W": None, "U": None}

    def _init_params(self, n_in):
        self.parameters = {"W": np.ones((n_in, self.n_out)), "U": np.ones((self.n_out, self.n_out))}
        self.gradients = {name: np.zeros_like(value) for name, value in self.parameters.items()}
        self.X = []
        self.kept = {"A": [], "step": 0, "dA": None}
        self.is_initialized = True

    def forward(self, Xt):
        if not self.is_initialized:
            self._init_params(Xt.shape[1])
        if not self.kept["A"]:
            self.kept["A"].append(np.zeros((len(Xt), self.n_out)))
        self.kept["step"] += 1
        self.X.append(Xt)
        self.kept["A"].append(np.tanh(Xt @ self.parameters["W"] + self.kept["A"][-1] @ self.parameters["U"]))
        return self.kept["A"][-1]

    def backward(self, dLdAt):
        self.kept["step"] -= 1
        t = self.kept["step"]
        dA = dLdAt if self.kept["dA"] is None else dLdAt + self.kept["dA"]
        dZ = dA * (1 - self.kept["A"][t + 1] ** 2)
        self.gradients["W"] += self.X[t].T @ dZ
        self.gradients["U"] += self.kept["A"][t + 1 if self.wrong else t].T @ dZ
        self.kept["dA"] = dZ @ self.parameters["U"].T
        return dZ @ self.parameters["W"].T

    def flush_gradients(self):
        self.kept = {key: [] for key in self.kept}


class Outside:
    """Its state comes in and goes out, but its backward takes the gradient of the first output only."""

    def __init__(self, W=None):
        self.W = np.ones((2, 2)) if W is None else W

    def forward(self, x):
        self.x = x
        y = np.tanh(x @ self.W)
        self.y = y
        return y, 2 * x

    def backward(self, dLdy):
        dz = dLdy * (1 - self.y**2)
        self.dW = np.zeros_like(self.W)
        self.dW += self.x.T @ dz
        return dz @ self.W.T


class Several:
    """One input that is a list of arrays, and one gradient that is."""

    def forward(self, X):
        self.X = X
        return X[0] * X[1]

    def backward(self, dLdY):
        return [dLdY * self.X[1], dLdY * self.X[0]]


class Returning:
    """A cell that returns the gradients of its parameters at each step."""

    def __init__(self):
        self.w = np.ones(3)
        self.xs = []

    def forward(self, x):
        self.xs.append(x)
        return self.w * x

    def backward(self, dy):
        x = self.xs.pop()
        return dy * self.w, dy * x
