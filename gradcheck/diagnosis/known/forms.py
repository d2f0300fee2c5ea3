"""Functions of one array, entry by entry, each once: factors, terms and slopes are looked for among these."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gradcheck.diagnosis import costs
from gradcheck.numerics.tolerance import Array


@dataclass(frozen=True)
class Form:
    """An elementwise function with its text; ``hint`` names what it is the derivative of."""

    words: str
    apply: Callable[[Array], Array]
    cost: float = costs.RARE
    hint: str = ""

    def of(self, name: str) -> str:
        """Its text with a name in it, to stand alone: ``1 - y``."""
        return self.words.format(name)

    def within_product(self, name: str) -> str:
        """The same as a factor: ``(1 - y)``."""
        return f"({self.of(name)})" if self.words[0].isdigit() else self.of(name)


def sigmoid(x: Array) -> Array:
    """1/(1 + exp(-x)), without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * x)))


def _sigmoid_slope(x: Array) -> Array:
    return np.asarray(sigmoid(x) * (1 - sigmoid(x)))


def _tanh_slope(x: Array) -> Array:
    return np.asarray(1 - np.tanh(x) ** 2)


ITSELF = Form("{}", lambda x: x, costs.AS_IT_IS)
ONE = Form("1", np.ones_like, costs.AS_IT_IS)
SQUARE = Form("{}**2", lambda x: x * x)
CUBE = Form("{}**3", lambda x: x**3)
ABSOLUTE = Form("abs({})", np.abs)
SIGN = Form("sign({})", np.sign)
ROOT = Form("sqrt({})", np.sqrt)
EXP = Form("exp({})", np.exp)
LOG = Form("log({})", np.log)
COS = Form("cos({})", np.cos)
SIN = Form("sin({})", np.sin)
ONE_MINUS = Form("1 - {}", lambda x: 1 - x, costs.USUAL)
ONE_PLUS = Form("1 + {}", lambda x: 1 + x)
TWO_MINUS = Form("2 - {}", lambda x: 2 - x)
ONE_PLUS_SQUARE = Form("1 + {}**2", lambda x: 1 + x * x)
ONE_MINUS_CUBE = Form("1 - {}**3", lambda x: 1 - x**3, costs.RARER)
ONE_MINUS_SQUARED = Form("(1 - {})**2", lambda x: (1 - x) ** 2)
POSITIVE = Form("({} > 0)", lambda x: np.asarray(x > 0, float), costs.USUAL, "the derivative of ReLU")
NEGATIVE = Form("({} < 0)", lambda x: np.asarray(x < 0, float))
SMALL = Form("abs({}) < 1", lambda x: np.asarray(np.abs(x) < 1, float))
TANH = Form("tanh({})", np.tanh)
TANH_SLOPE = Form("tanh'({})", _tanh_slope, costs.RARE, "the derivative of tanh")
TANH_FROM_VALUE = Form("1 - {}**2", lambda x: 1 - x * x, costs.USUAL, "the derivative of tanh, from its value")
SIGMOID = Form("sigmoid({})", sigmoid)
SIGMOID_REST = Form("1 - sigmoid({})", lambda x: 1 - sigmoid(x))
SIGMOID_SLOPE = Form("sigmoid'({})", _sigmoid_slope, costs.RARE, "the derivative of the sigmoid")
SIGMOID_FROM_VALUE = Form(
    "{0} * (1 - {0})", lambda x: x * (1 - x), costs.USUAL, "the derivative of the sigmoid, from its value"
)

# what may be a factor of the map from cotangents, a term of it, or all of it
OF_MAPS = (
    ITSELF, SQUARE, ABSOLUTE, SIGN, ROOT, ONE_MINUS, ONE_PLUS, TANH_FROM_VALUE, ONE_PLUS_SQUARE, SIGMOID_FROM_VALUE,
    POSITIVE, EXP, LOG, COS, SIN, TANH, TANH_SLOPE, SIGMOID, SIGMOID_REST, SIGMOID_SLOPE, CUBE, NEGATIVE, SMALL,
)  # fmt: skip
# what may be the quotient of a claimed and a right gradient, or stand above or below in it; and of two arrays together
OF_FACTORS = (
    ITSELF, SQUARE, ONE_MINUS, ONE_PLUS, TWO_MINUS, SIGMOID_FROM_VALUE, TANH_FROM_VALUE, ONE_MINUS_SQUARED,
    ONE_MINUS_CUBE,
)  # fmt: skip
OF_SUMS, OF_PRODUCTS = (ITSELF, SQUARE), (ONE_MINUS, ONE_PLUS)
# the derivative of the activation of a layer at its preactivation, and what may stand in its place, by kind of mistake
SLOPES = (SIGMOID_SLOPE, TANH_SLOPE, POSITIVE)
NO_SLOPE = (ONE,)
OTHER_SLOPES = (
    *SLOPES,
    SIGMOID,
    TANH,
    Form("a * (1 + a) with a = sigmoid({})", lambda z: sigmoid(z) * (1 + sigmoid(z))),
    Form("a / (1 - a) with a = sigmoid({})", lambda z: sigmoid(z) / (1 - sigmoid(z))),
    Form("(1 - a) / a with a = sigmoid({})", lambda z: (1 - sigmoid(z)) / sigmoid(z)),
    SIGMOID_REST,
    Form("1 + tanh({})**2", lambda z: 1 + np.tanh(z) ** 2),
    Form("1 - tanh({})", lambda z: 1 - np.tanh(z)),
)
SLOPES_OF_OUTPUT = (
    Form("sigmoid'(sigmoid({}))", lambda z: _sigmoid_slope(sigmoid(z))),
    Form("tanh'(tanh({}))", lambda z: _tanh_slope(np.tanh(z))),
    SIGMOID_FROM_VALUE,
    TANH_FROM_VALUE,
)
