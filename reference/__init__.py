"""The functions of manual_bp in PyTorch, forward only: the independent witness.

Names, arguments and options are those of manual_bp, but each function takes tensors and returns its value
alone. Autograd supplies every derivative, PyTorch's own functions are used where they exist, and manual_bp
is never imported, so that a mistake there cannot repeat itself here.
"""

from ._affine import affine
from ._cross_entropy import cross_entropy
from ._linear import linear
from ._mse import mse
from ._relu import relu
from ._sigmoid import sigmoid
from ._softmax import softmax
from ._tanh import tanh
from .networks._initial_parameters import initial_parameters
from .networks._perceptron import perceptron
from .networks._two_layer import two_layer
from .training._gradient_descent import Descent, NonFiniteCostError, gradient_descent, gradient_step

__all__ = [
    "Descent",
    "NonFiniteCostError",
    "affine",
    "cross_entropy",
    "gradient_descent",
    "gradient_step",
    "initial_parameters",
    "linear",
    "mse",
    "perceptron",
    "relu",
    "sigmoid",
    "softmax",
    "tanh",
    "two_layer",
]
