"""The functions of manual_bp in PyTorch, forward only: the independent witness.

Names, arguments and options are those of manual_bp, but each function takes tensors and returns its value
alone. Autograd supplies every derivative, PyTorch's own functions are used where they exist, and manual_bp
is never imported, so that a mistake there cannot repeat itself here.
"""

from ._mse import mse
from .activations.elu import elu
from .activations.gelu import gelu
from .activations.glu import glu
from .activations.hardsigmoid import hardsigmoid
from .activations.hardtanh import hardtanh
from .activations.leaky_relu import leaky_relu
from .activations.log_sigmoid import log_sigmoid
from .activations.log_softmax import log_softmax
from .activations.mish import mish
from .activations.relu import relu
from .activations.sigmoid import sigmoid
from .activations.silu import silu
from .activations.softmax import softmax
from .activations.softplus import softplus
from .activations.swiglu import swiglu
from .activations.tanh import tanh
from .layers.linear import linear
from .losses.binary_cross_entropy_with_logits import binary_cross_entropy_with_logits
from .losses.cosine_embedding_loss import cosine_embedding_loss
from .losses.cross_entropy import cross_entropy
from .losses.hinge_embedding_loss import hinge_embedding_loss
from .losses.huber_loss import huber_loss
from .losses.kl_div import kl_div
from .losses.l1_loss import l1_loss
from .losses.margin_ranking_loss import margin_ranking_loss
from .losses.mse_loss import mse_loss
from .losses.multi_margin_loss import multi_margin_loss
from .losses.smooth_l1_loss import smooth_l1_loss
from .networks.affine import affine
from .networks.initial_parameters import initial_parameters
from .networks.perceptron import perceptron
from .networks.two_layer import two_layer
from .training.gradient_descent import Descent, NonFiniteCostError, gradient_descent, gradient_step

__all__ = [
    "Descent",
    "NonFiniteCostError",
    "affine",
    "binary_cross_entropy_with_logits",
    "cosine_embedding_loss",
    "cross_entropy",
    "elu",
    "gelu",
    "glu",
    "gradient_descent",
    "gradient_step",
    "hardsigmoid",
    "hardtanh",
    "hinge_embedding_loss",
    "huber_loss",
    "initial_parameters",
    "kl_div",
    "l1_loss",
    "leaky_relu",
    "linear",
    "log_sigmoid",
    "log_softmax",
    "margin_ranking_loss",
    "mish",
    "mse",
    "mse_loss",
    "multi_margin_loss",
    "perceptron",
    "relu",
    "sigmoid",
    "silu",
    "smooth_l1_loss",
    "softmax",
    "softplus",
    "swiglu",
    "tanh",
    "two_layer",
]
