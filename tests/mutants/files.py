"""Case files written to a folder, each another way to write the same backward."""

CLOSURE = """
import numpy as np
from gradcheck import Case


def op(x, w):
    y = x * w

    def op_vjp(dy):
        dx = dy * w
        dw = dy * x
        return dx, dw

    return y, op_vjp


case = Case(op, "(n),(n)->(n)")
"""

FACTORY = """
import functools
import numpy as np
from gradcheck import Case


def logged(function):
    @functools.wraps(function)
    def wrapper(*inputs, **options):
        return function(*inputs, **options)

    return wrapper


def scaled(factor):
    @logged
    def op(x):
        def op_vjp(dy):
            return (dy * factor * np.cos(factor * x),)

        return np.sin(factor * x), op_vjp

    return op


case = Case(scaled(3), "(n)->(n)")
"""

HELPER = """
import numpy as np
from gradcheck import Case


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def slope(y):
    return y * (1 - y)


def op(x):
    y = sigmoid(x)

    def op_vjp(dy):
        return (dy * slope(y),)

    return y, op_vjp


case = Case(op, "(n)->(n)")
"""

PAIR = """
from gradcheck import Case
from gradcheck.adapters import from_pair


def forward(x, weight):
    return x @ weight.T, (x, weight)


def backward(saved, dy):
    x, weight = saved
    return dy @ weight, dy.T @ x


case = Case(from_pair(forward, backward), "(n,i),(o,i)->(n,o)", name="pair")
"""

LAMBDAS = """
from gradcheck import Case
from gradcheck.adapters import from_pair

case = Case(from_pair(lambda x: (x * x, x), lambda x, dy: 2 * x * dy), "(n)->(n)", name="lambdas")
"""

OBJECT = """
from gradcheck import Case


class Backward:
    def __init__(self, x):
        self.x = x

    def __call__(self, dy):
        return (3 * self.x**2 * dy,)


def op(x):
    return x**3, Backward(x)


case = Case(op, "(n)->(n)")
"""

FUNCTION = """
import torch
from gradcheck import Case
from gradcheck.adapters import from_torch


class Scale(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, w):
        ctx.save_for_backward(x, w)
        return x * w

    @staticmethod
    def backward(ctx, dy):
        x, w = ctx.saved_tensors
        return dy * w, dy * x


case = Case(from_torch(Scale), "(n),(n)->(n)")
"""

WRITTEN = {
    "closure": (CLOSURE, ["op.<locals>.op_vjp"]),
    "factory": (FACTORY, ["scaled.<locals>.op.<locals>.op_vjp"]),
    "helper": (HELPER, ["op.<locals>.op_vjp", "slope"]),
    "pair": (PAIR, ["backward"]),
    "lambdas": (LAMBDAS, ["<lambda>"]),
    "object": (OBJECT, ["Backward.__call__"]),
}
"""How a backward may be written, and the functions that are its own."""
