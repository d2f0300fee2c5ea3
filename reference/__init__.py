"""The functions of manual_bp in PyTorch, forward only: the independent witness.

Names, arguments and options are those of manual_bp, but each function takes tensors and returns its value
alone. Autograd supplies every derivative, PyTorch's own functions are used where they exist, and manual_bp
is never imported, so that a mistake there cannot repeat itself here.
"""

from ._mse import mse
from .activations.relu import relu
from .activations.sigmoid import sigmoid
from .activations.softmax import softmax
from .activations.tanh import tanh
from .layers.linear import linear
from .losses.cross_entropy import cross_entropy
from .networks.affine import affine
from .networks.initial_parameters import initial_parameters
from .networks.perceptron import perceptron
from .networks.two_layer import two_layer
from .training.gradient_descent import Descent, NonFiniteCostError, gradient_descent, gradient_step

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
