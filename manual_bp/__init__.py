"""Hand-written backward passes, with NumPy alone.

Every op returns its value and its pullback::

    y, vjp = op(*inputs, **options)      # forward now, backward as a closure
    dx, dw = vjp(dy)                     # always a tuple: one entry per positional input, in order

`dy` is the gradient of some cost with respect to `y`, and `dx` the gradient of that cost with respect to
`x`. An entry is None where no gradient exists, as for integer labels. A vjp is pure, linear in `dy`, and
may be called many times; each gradient is a fresh array with exactly the shape and dtype of its input.

All floating inputs of an op share one dtype, which is also the dtype of the value and of the gradients. A
closure keeps references, not copies: writing into an input or into `y` between the forward and its vjp
changes the gradient.

Each op carries its shapes as the attribute `signature`, in the notation of NumPy's generalized ufuncs.
"""

from ._affine import affine
from ._gradient_descent import Descent, NonFiniteCostError, gradient_descent, gradient_step
from ._initial_parameters import initial_parameters
from ._mse import mse
from ._perceptron import perceptron
from ._two_layer import two_layer
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
from .arrays.add import add
from .arrays.clip import clip
from .arrays.concatenate import concatenate
from .arrays.cumsum import cumsum
from .arrays.div import div
from .arrays.einsum import einsum
from .arrays.exp import exp
from .arrays.gather import gather
from .arrays.log import log
from .arrays.logsumexp import logsumexp
from .arrays.matmul import matmul
from .arrays.max import max
from .arrays.mean import mean
from .arrays.min import min
from .arrays.mul import mul
from .arrays.neg import neg
from .arrays.norm import norm
from .arrays.pad import pad
from .arrays.pow import pow
from .arrays.prod import prod
from .arrays.reshape import reshape
from .arrays.scatter_add import scatter_add
from .arrays.sqrt import sqrt
from .arrays.stack import stack
from .arrays.sub import sub
from .arrays.sum import sum
from .arrays.take import take
from .arrays.transpose import transpose
from .arrays.var import var
from .arrays.where import where
from .layers.linear import linear
from .linalg.cholesky import cholesky
from .linalg.det import det
from .linalg.eigh import eigh
from .linalg.inv import inv
from .linalg.qr import qr
from .linalg.slogdet import slogdet
from .linalg.solve import solve
from .linalg.svdvals import svdvals
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

__all__ = [
    "Descent",
    "NonFiniteCostError",
    "add",
    "affine",
    "binary_cross_entropy_with_logits",
    "cholesky",
    "clip",
    "concatenate",
    "cosine_embedding_loss",
    "cross_entropy",
    "cumsum",
    "det",
    "div",
    "eigh",
    "einsum",
    "elu",
    "exp",
    "gather",
    "gelu",
    "glu",
    "gradient_descent",
    "gradient_step",
    "hardsigmoid",
    "hardtanh",
    "hinge_embedding_loss",
    "huber_loss",
    "initial_parameters",
    "inv",
    "kl_div",
    "l1_loss",
    "leaky_relu",
    "linear",
    "log",
    "log_sigmoid",
    "log_softmax",
    "logsumexp",
    "margin_ranking_loss",
    "matmul",
    "max",
    "mean",
    "min",
    "mish",
    "mse",
    "mse_loss",
    "mul",
    "multi_margin_loss",
    "neg",
    "norm",
    "pad",
    "perceptron",
    "pow",
    "prod",
    "qr",
    "relu",
    "reshape",
    "scatter_add",
    "sigmoid",
    "silu",
    "slogdet",
    "smooth_l1_loss",
    "softmax",
    "softplus",
    "solve",
    "sqrt",
    "stack",
    "sub",
    "sum",
    "svdvals",
    "swiglu",
    "take",
    "tanh",
    "transpose",
    "two_layer",
    "var",
    "where",
]
