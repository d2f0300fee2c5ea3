"""Convolutions, pools, normalisations, attention, resampling."""

from __future__ import annotations

import torch
from torch.nn import functional
from torch.nn.attention import SDPBackend, sdpa_kernel

from gradcheck import Reals

from .rows import of_x, torch_row

IMAGE, POSITIVE = "(b,c,4,6)", Reals(0, None)
ATTENTION = "(b,q,4),(b,k,4),(b,k,4)->(b,q,4)"


def conv1d(x, weight, bias, *, dilation):
    return functional.conv1d(x, weight, bias, padding=dilation, dilation=dilation)


def conv2d(x, weight, bias, *, padding):
    return functional.conv2d(x, weight, bias, stride=2, padding=padding)


def grouped_conv2d(x, weight):
    return functional.conv2d(x, weight, padding=1, groups=2)


def conv_transpose1d(x, weight, bias):
    return functional.conv_transpose1d(x, weight, bias, stride=2, padding=1, output_padding=1)


def conv_transpose2d(x, weight):
    return functional.conv_transpose2d(x, weight, stride=2)


def layer_norm(x, weight, bias, *, eps):
    return functional.layer_norm(x, weight.shape, weight, bias, eps)


def rms_norm(x, weight):
    return functional.rms_norm(x, weight.shape, weight, 1e-5)


def group_norm(x, weight, bias):
    return functional.group_norm(x, 2, weight, bias)


def batch_norm(x, weight, bias):
    return functional.batch_norm(x, None, None, weight, bias, training=True)


def frozen_batch_norm(x, weight, bias):
    """With statistics that are not learned."""
    channels = x.shape[1]
    mean, variance = torch.linspace(-1, 1, channels), torch.linspace(1, 2, channels)
    return functional.batch_norm(x, mean.to(x.dtype), variance.to(x.dtype), weight, bias, training=False)


def instance_norm(x, weight, bias):
    return functional.instance_norm(x, weight=weight, bias=bias)


def local_response_norm(x):
    return functional.local_response_norm(x, 3, alpha=0.5, beta=0.75, k=1.0)


def attention(query, key, value, *, backend, is_causal):
    """One head; is_causal is only asked of square masks."""
    with sdpa_kernel(backend):
        arrays = (x[:, None] for x in (query, key, value))
        return functional.scaled_dot_product_attention(*arrays, is_causal=is_causal)[:, 0]


def masked_attention(query, key, value, mask):
    with sdpa_kernel(SDPBackend.MATH):
        return functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)


def interpolate(x, *, mode):
    aligned = {} if mode in ("nearest", "area", "nearest-exact") else {"align_corners": mode == "bicubic"}
    return functional.interpolate(x, (5, 7), mode=mode, **aligned)


def grid_sample(x, grid, *, mode, padding_mode):
    return functional.grid_sample(x, grid, mode=mode, padding_mode=padding_mode, align_corners=False)


def affine_grid(theta):
    return functional.affine_grid(theta, [len(theta), 1, 3, 4], align_corners=True)


def pixel_unshuffle(x):
    return functional.pixel_unshuffle(x, 2)


def fold(x):
    return functional.fold(x, (4, 6), (2, 3), stride=(2, 1))


def lstm_cell(x, h, c, w, u):
    """The fused cell that torch.nn.LSTMCell calls."""
    return torch.lstm_cell(x, (h, c), w, u)


def gru_cell(x, h, w, u):
    return torch.gru_cell(x, h, w, u)


LAYERS = [
    torch_row(conv1d, "(b,i,l),(o,i,3),(o)->(b,o,l)", options={"dilation": [1, 2]}),
    torch_row(conv2d, "(b,i,4,5),(o,i,3,3),(o)->(b,o,2,3)", options={"padding": 1}),
    torch_row(grouped_conv2d, "(b,4,3,3),(2,2,3,3)->(b,2,3,3)"),
    torch_row(conv_transpose1d, "(b,i,4),(i,o,3),(o)->(b,o,8)"),
    torch_row(conv_transpose2d, "(b,i,2,3),(i,o,2,2)->(b,o,4,6)"),
    torch_row(of_x(functional.max_pool1d), "(b,c,7)->(b,c,3)", options={"kernel_size": 3, "stride": 2}),
    torch_row(of_x(functional.max_pool2d), f"{IMAGE}->(b,c,2,3)", options={"kernel_size": 2}),
    torch_row(of_x(functional.avg_pool1d), "(b,c,4)->(b,c,4)", options={"kernel_size": 3, "stride": 1, "padding": 1}),
    torch_row(
        of_x(functional.avg_pool2d),
        f"{IMAGE}->(b,c,2,3)",
        options={"kernel_size": 3, "stride": 2, "padding": 1, "count_include_pad": [True, False]},
    ),
    torch_row(
        of_x(functional.lp_pool1d), "(b,c,6)->(b,c,3)", options={"norm_type": [2.0, 3.0], "kernel_size": 2}, x=POSITIVE
    ),
    torch_row(of_x(functional.lp_pool2d), f"{IMAGE}->(b,c,2,3)", options={"norm_type": 2.0, "kernel_size": 2}),
    torch_row(of_x(functional.adaptive_avg_pool2d), "(b,2,4,6)->(b,2,3,4)", options={"output_size": (3, 4)}),
    torch_row(of_x(functional.adaptive_max_pool1d), "(b,c,5)->(b,c,3)", options={"output_size": 3}),
    torch_row(layer_norm, "(m,n),(n),(n)->(m,n)", options={"eps": [1e-5, 0.1]}),
    torch_row(rms_norm, "(m,n),(n)->(m,n)"),
    torch_row(group_norm, "(b,4,3),(4),(4)->(b,4,3)"),
    torch_row(batch_norm, "(b,c,2),(c),(c)->(b,c,2)"),
    torch_row(frozen_batch_norm, "(b,c,2),(c),(c)->(b,c,2)"),
    torch_row(instance_norm, "(b,c,4),(c),(c)->(b,c,4)"),
    torch_row(local_response_norm, "(b,c,l)->(b,c,l)"),
    torch_row(
        attention,
        ATTENTION,
        "attention by mathematics",
        options={"backend": SDPBackend.MATH, "is_causal": [False, True]},
    ),
    torch_row(
        attention,
        ATTENTION,
        "attention by tiles",
        options={"backend": SDPBackend.FLASH_ATTENTION, "is_causal": [False, True]},
    ),
    torch_row(masked_attention, "(2,2,4),(2,3,4),(2,3,2),(2,3)->(2,2,2)"),
    torch_row(
        interpolate,
        "(b,2,3,4)->(b,2,5,7)",
        options={"mode": ["nearest", "bilinear", "bicubic", "area", "nearest-exact"]},
    ),
    torch_row(
        grid_sample,
        "(b,c,3,4),(b,2,3,2)->(b,c,2,3)",
        options={"mode": ["bilinear", "bicubic"], "padding_mode": ["zeros", "border", "reflection"]},
    ),
    torch_row(affine_grid, "(b,2,3)->(b,3,4,2)"),
    torch_row(of_x(functional.pixel_shuffle), "(2,4,2,3)->(2,1,4,6)", options={"upscale_factor": 2}),
    torch_row(pixel_unshuffle, "(2,1,4,6)->(2,4,2,3)"),
    torch_row(of_x(functional.unfold), "(b,2,4,6)->(b,12,8)", options={"kernel_size": (2, 3), "stride": (2, 1)}),
    torch_row(fold, "(b,12,8)->(b,2,4,6)"),
    torch_row(lstm_cell, "(n,i),(n,2),(n,2),(8,i),(8,2)->(n,2),(n,2)"),
    torch_row(gru_cell, "(n,i),(n,2),(6,i),(6,2)->(n,2)"),
]
