"""The functions of manual_bp in PyTorch, forward only: the independent witness.

Names, arguments and options are those of manual_bp, but each function takes tensors and returns its value
alone. Autograd supplies every derivative, PyTorch's own functions are used where they exist, and manual_bp
is never imported, so that a mistake there cannot repeat itself here.
"""

from ._affine import affine
from ._gradient_descent import Descent, NonFiniteCostError, gradient_descent, gradient_step
from ._initial_parameters import initial_parameters
from ._mse import mse
from ._perceptron import perceptron
from ._two_layer import two_layer
from .activations.relu import relu
from .activations.sigmoid import sigmoid
from .activations.softmax import softmax
from .activations.tanh import tanh
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
from .losses.cross_entropy import cross_entropy
from .recurrent.gru import gru
from .recurrent.gru_cell import gru_cell
from .recurrent.lstm import lstm
from .recurrent.lstm_cell import lstm_cell
from .recurrent.rnn import rnn
from .recurrent.rnn_cell import rnn_cell

__all__ = [
    "Descent",
    "NonFiniteCostError",
    "adaptive_avg_pool1d",
    "adaptive_avg_pool2d",
    "adaptive_max_pool1d",
    "adaptive_max_pool2d",
    "affine",
    "avg_pool1d",
    "avg_pool2d",
    "batch_norm",
    "bilinear",
    "conv1d",
    "conv2d",
    "conv_transpose2d",
    "cross_entropy",
    "dropout",
    "embedding",
    "gradient_descent",
    "gradient_step",
    "group_norm",
    "gru",
    "gru_cell",
    "initial_parameters",
    "instance_norm",
    "layer_norm",
    "linear",
    "lstm",
    "lstm_cell",
    "max_pool1d",
    "max_pool2d",
    "mse",
    "multi_head_attention",
    "perceptron",
    "relu",
    "rms_norm",
    "rnn",
    "rnn_cell",
    "rotary_embedding",
    "running_statistics",
    "scaled_dot_product_attention",
    "sigmoid",
    "softmax",
    "tanh",
    "two_layer",
]
