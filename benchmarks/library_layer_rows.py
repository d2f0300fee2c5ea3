"""The layers, attention and sequences that `library` measures, and why one takes longer than torch's."""

from __future__ import annotations

from typing import Any

import numpy as np

from .library_rows import CALLS, PASSES, Inputs, Maker, Row

COLUMNS = "windows are copied before each product, once forward and once back; torch's kernel reads the image itself"
KERNEL = "NumPy's OpenBLAS multiplies slower than oneDNN, on AVX-512 above all (see how to set OPENBLAS_CORETYPE)"
CHANNELS = "a product for each channel, of one row: a loop in NumPy, one kernel in torch"
SORTED = "equal rows are sorted next to one another and added by halves"
GATES = "each gate is several passes over small arrays, at every step"


def of_shapes(*shapes: Any) -> Maker:
    """Normal numbers of these shapes, in which "n" stands for the size; None where an input is left out."""

    def made(rng: np.random.Generator, n: int) -> Inputs:
        sizes = [None if shape is None else tuple(n if size == "n" else size for size in shape) for shape in shapes]
        return tuple(None if size is None else rng.normal(size=size) for size in sizes)

    return made


def tokens(rng: np.random.Generator, n: int) -> Inputs:
    """As many tokens as a table of n rows has entries a row, some of them more than once."""
    return rng.integers(0, n, size=(n, 4)), rng.normal(size=(n, 64))


def kept(rng: np.random.Generator, n: int) -> Inputs:
    """A matrix and a mask that drops a quarter."""
    return rng.normal(size=(n, n)), rng.uniform(size=(n, n)) > 0.25


SEQUENCE = (16, "n", 16)

LAYER_ROWS = [
    Row("linear", of_shapes(("n", "n"), ("n", "n"), ("n",)), (KERNEL,)),
    Row("bilinear", of_shapes(("n", 16), ("n", 16), ("n", 16, 16), ("n",)), (KERNEL,), large=128),
    Row("embedding", tokens, (SORTED,), large=1024),
    Row("dropout", kept, (PASSES,), {"p": 0.25}),
    Row("conv1d", of_shapes(("n", 8, 64), (16, 8, 3), (16,)), (COLUMNS, KERNEL), {"padding": 1}, large=64),
    Row("conv2d", of_shapes(("n", 8, 8, 8), (16, 8, 3, 3), (16,)), (COLUMNS, KERNEL), {"padding": 1}, large=128),
    Row("conv2d", of_shapes((2, "n", 16, 16), ("n", "n", 3, 3), ("n",)), (COLUMNS, KERNEL), {"padding": 1}, large=64),
    Row("conv2d", of_shapes((2, "n", 16, 16), ("n", "n", 3, 3), ("n",)), (COLUMNS, KERNEL), {"stride": 2}, large=64),
    Row("conv2d", of_shapes((4, 8, 16, 16), (8, 1, 3, 3), (8,)), (COLUMNS, CHANNELS), {"padding": 1, "groups": 8}),
    Row(
        "conv_transpose2d",
        of_shapes((2, "n", 8, 8), ("n", "n", 4, 4), ("n",)),
        (COLUMNS, KERNEL),
        {"stride": 2, "padding": 1},
        large=32,
    ),
    *(
        Row(op, of_shapes((2, "n", 16, 16)), (PASSES, CALLS), options, large=128)
        for op, options in (
            ("max_pool2d", {"kernel_size": 2}),
            ("max_pool2d", {"kernel_size": 3, "stride": 2, "padding": 1}),
            ("avg_pool2d", {"kernel_size": 2}),
            ("adaptive_avg_pool2d", {"output_size": 5}),
            ("adaptive_max_pool2d", {"output_size": 5}),
        )
    ),
    *(
        Row(op, of_shapes((2, "n", 64)), (PASSES, CALLS), options, large=128)
        for op, options in (
            ("max_pool1d", {"kernel_size": 2}),
            ("avg_pool1d", {"kernel_size": 2}),
            ("adaptive_avg_pool1d", {"output_size": 5}),
            ("adaptive_max_pool1d", {"output_size": 5}),
        )
    ),
    Row(
        "batch_norm",
        of_shapes(("n", 8, 8), None, None, (8,), (8,)),
        (PASSES, CALLS),
        {"training": True},
    ),
    Row("layer_norm", of_shapes(("n", "n"), ("n",), ("n",)), (PASSES, CALLS)),
    Row("rms_norm", of_shapes(("n", "n"), ("n",)), (PASSES, CALLS)),
    Row("group_norm", of_shapes(("n", 8, 64), (8,), (8,)), (PASSES, CALLS), {"num_groups": 2}),
    Row("instance_norm", of_shapes(("n", 8, 64), None, None, (8,), (8,)), (PASSES, CALLS)),
    Row(
        "scaled_dot_product_attention", of_shapes(*[(2, "n", 32)] * 3), (PASSES, KERNEL), {"is_causal": True}, large=128
    ),
    Row(
        "multi_head_attention",
        of_shapes(*[("n", 4, 32)] * 3, (96, 32), (96,), (32, 32), (32,)),
        (PASSES, KERNEL),
        {"num_heads": 4},
        large=128,
    ),
    Row("rotary_embedding", of_shapes((4, "n", 32)), (PASSES,), large=128),
    Row("rnn_cell", of_shapes(("n", 16), ("n", 32), (32, 16), (32, 32), (32,), (32,)), (GATES, CALLS)),
    Row("lstm_cell", of_shapes(("n", 16), *[("n", 32)] * 2, (128, 16), (128, 32), (128,), (128,)), (GATES, CALLS)),
    Row("gru_cell", of_shapes(("n", 16), ("n", 32), (96, 16), (96, 32), (96,), (96,)), (GATES, CALLS)),
    Row("rnn", of_shapes(SEQUENCE, (1, "n", 32), (32, 16), (32, 32), (32,), (32,)), (GATES, CALLS), large=64),
    Row(
        "lstm", of_shapes(SEQUENCE, *[(1, "n", 32)] * 2, (128, 16), (128, 32), (128,), (128,)), (GATES, CALLS), large=64
    ),
    Row("gru", of_shapes(SEQUENCE, (1, "n", 32), (96, 16), (96, 32), (96,), (96,)), (GATES, CALLS), large=64),
]
