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
from .attention.multi_head_attention import multi_head_attention
from .attention.rotary_embedding import rotary_embedding
from .attention.scaled_dot_product_attention import scaled_dot_product_attention
from .layers.adaptive_avg_pool1d import adaptive_avg_pool1d
from .layers.adaptive_avg_pool2d import adaptive_avg_pool2d
from .layers.adaptive_max_pool1d import adaptive_max_pool1d
from .layers.adaptive_max_pool2d import adaptive_max_pool2d
from .layers.avg_pool1d import avg_pool1d
from .layers.avg_pool2d import avg_pool2d
from .layers.batch_norm import batch_norm
from .layers.bilinear import bilinear
from .layers.conv1d import conv1d
from .layers.conv2d import conv2d
from .layers.conv_transpose2d import conv_transpose2d
from .layers.dropout import dropout
from .layers.embedding import embedding
from .layers.group_norm import group_norm
from .layers.instance_norm import instance_norm
from .layers.layer_norm import layer_norm
from .layers.linear import linear
from .layers.max_pool1d import max_pool1d
from .layers.max_pool2d import max_pool2d
from .layers.rms_norm import rms_norm
from .layers.running_statistics import running_statistics
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
from .networks.affine import affine
from .networks.conv_net import conv_net, conv_net_parameters
from .networks.gpt import gpt, gpt_logits, gpt_parameters
from .networks.initial_parameters import initial_parameters
from .networks.lstm_classifier import lstm_classifier, lstm_classifier_parameters
from .networks.mlp import mlp, mlp_parameters
from .networks.perceptron import perceptron
from .networks.transformer_block import transformer_block
from .networks.two_layer import two_layer
from .networks.with_cost import with_cost
from .recurrent.gru import gru
from .recurrent.gru_cell import gru_cell
from .recurrent.lstm import lstm
from .recurrent.lstm_cell import lstm_cell
from .recurrent.rnn import rnn
from .recurrent.rnn_cell import rnn_cell
from .training.adam import Adam, AdamW
from .training.batches import MiniBatches
from .training.checkpoint import CheckpointError, load_parameters, save_parameters
from .training.clipping import clip_by_norm, clip_by_value
from .training.fit import Training, fit
from .training.gradient_descent import Descent, NonFiniteCostError, gradient_descent, gradient_step
from .training.optimizer import OptimizerState
from .training.rmsprop import RMSprop
from .training.schedules import CosineDecay, ExponentialDecay, StepDecay, WarmUp
from .training.sgd import SGD

__all__ = [
    "SGD",
    "Adam",
    "AdamW",
    "CheckpointError",
    "CosineDecay",
    "Descent",
    "ExponentialDecay",
    "MiniBatches",
    "NonFiniteCostError",
    "OptimizerState",
    "RMSprop",
    "StepDecay",
    "Training",
    "WarmUp",
    "adaptive_avg_pool1d",
    "adaptive_avg_pool2d",
    "adaptive_max_pool1d",
    "adaptive_max_pool2d",
    "add",
    "affine",
    "avg_pool1d",
    "avg_pool2d",
    "batch_norm",
    "bilinear",
    "binary_cross_entropy_with_logits",
    "cholesky",
    "clip",
    "clip_by_norm",
    "clip_by_value",
    "concatenate",
    "conv1d",
    "conv2d",
    "conv_net",
    "conv_net_parameters",
    "conv_transpose2d",
    "cosine_embedding_loss",
    "cross_entropy",
    "cumsum",
    "det",
    "div",
    "dropout",
    "eigh",
    "einsum",
    "elu",
    "embedding",
    "exp",
    "fit",
    "gather",
    "gelu",
    "glu",
    "gpt",
    "gpt_logits",
    "gpt_parameters",
    "gradient_descent",
    "gradient_step",
    "group_norm",
    "gru",
    "gru_cell",
    "hardsigmoid",
    "hardtanh",
    "hinge_embedding_loss",
    "huber_loss",
    "initial_parameters",
    "instance_norm",
    "inv",
    "kl_div",
    "l1_loss",
    "layer_norm",
    "leaky_relu",
    "linear",
    "load_parameters",
    "log",
    "log_sigmoid",
    "log_softmax",
    "logsumexp",
    "lstm",
    "lstm_cell",
    "lstm_classifier",
    "lstm_classifier_parameters",
    "margin_ranking_loss",
    "matmul",
    "max",
    "max_pool1d",
    "max_pool2d",
    "mean",
    "min",
    "mish",
    "mlp",
    "mlp_parameters",
    "mse",
    "mse_loss",
    "mul",
    "multi_head_attention",
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
    "rms_norm",
    "rnn",
    "rnn_cell",
    "rotary_embedding",
    "running_statistics",
    "save_parameters",
    "scaled_dot_product_attention",
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
    "transformer_block",
    "transpose",
    "two_layer",
    "var",
    "where",
    "with_cost",
]
