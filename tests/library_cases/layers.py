"""Cases of the layers: linear, embedding, convolution, pooling, normalisation; each in float64 and in float32.

``gradcheck run tests/library_cases/layers.py`` judges all of them. The twin of each op is the function of the same name
in ``reference``; without torch there is none.
"""

from __future__ import annotations

import numpy as np

import manual_bp
from gradcheck import Case, Integers, Reals
from tests.library_cases import from_one, in_both_dtypes, twin


def frozen_row(x, weight, *, padding_idx):
    """The function whose derivative embedding's backward is: the row of padding does not depend on the weight."""
    return np.where((x == padding_idx % len(weight))[..., None], 0.0, weight[x])


def dropout(x, mask, *, p):
    """Dropout whose mask is drawn as 0 and 1."""
    return manual_bp.dropout(x, mask.astype(bool), p=p)


LINEAR = [
    *in_both_dtypes(manual_bp.linear),
    *in_both_dtypes(manual_bp.linear, "(b,n,i),(o,i)->(b,n,o)", name="linear of batches, no bias"),
    *in_both_dtypes(manual_bp.bilinear, sizes=from_one("n", "i", "j", "o")),
    *in_both_dtypes(
        manual_bp.bilinear,
        "(b,n,i),(b,n,j),(o,i,j)->(b,n,o)",
        name="bilinear of batches, no bias",
        sizes=from_one("b", "n", "i", "j", "o"),
    ),
    *in_both_dtypes(manual_bp.embedding, domains={"x": Integers(0, "v")}),
    *in_both_dtypes(
        manual_bp.embedding,
        "(33),(v,d)->(33,d)",
        name="embedding of so many that equal ones are sorted",
        domains={"x": Integers(0, "v")},
    ),
    *in_both_dtypes(
        manual_bp.embedding,
        "(b,t),(v,d)->(b,t,d)",
        name="embedding with padding_idx",
        domains={"x": Integers(0, "v")},
        options={"padding_idx": [0, -1]},
        surrogate=frozen_row,
    ),
    *in_both_dtypes(
        dropout, "(m,n),(m,n)->(m,n)", domains={"mask": Integers(0, 2)}, options={"p": [0.0, 0.25, 0.5, 1.0]}
    ),
]

CONVOLUTION = [
    *in_both_dtypes(
        manual_bp.conv1d,
        "(n,c,l+k-1),(o,c,k),(o)->(n,o,_)",
        options={"stride": [1, 2, 3], "padding": [0, 1, 2]},
        sizes=from_one("n", "c", "o"),
    ),
    *in_both_dtypes(
        manual_bp.conv1d,
        "(n,2*c,l+2*k-2),(2*o,c,k)->(n,2*o,_)",
        name="conv1d dilated, in groups, no bias",
        options={"stride": [1, 2], "padding": [0, 1], "dilation": 2, "groups": 2},
        sizes=from_one("n", "c", "o"),
    ),
    *in_both_dtypes(
        manual_bp.conv2d,
        "(n,c,h+k-1,w+l-1),(o,c,k,l),(o)->(n,o,_,_)",
        options={"stride": [1, 2, (1, 3)], "padding": [0, 1, (2, 1)]},
        sizes=from_one("n", "c", "o"),
    ),
    *in_both_dtypes(
        manual_bp.conv2d,
        "(n,2*c,h+2*k-2,w+l-1),(2*o,c,k,l)->(n,2*o,_,_)",
        name="conv2d dilated, in groups, no bias",
        options={"stride": [1, (2, 1)], "padding": [0, 1], "dilation": [(2, 1)], "groups": 2},
        sizes=from_one("n", "c", "o"),
    ),
    *in_both_dtypes(
        manual_bp.conv2d,
        "(n,3,h+2,w+1),(6,1,3,2),(6)->(n,6,_,_)",
        name="conv2d by channel",
        options={"groups": 3},
        sizes=from_one("n"),
    ),
    *in_both_dtypes(
        manual_bp.conv_transpose2d,
        "(n,c,h+1,w+1),(c,o,k+1,l+1),(o)->(n,o,_,_)",
        options={"stride": [2, 3, (3, 2)], "padding": [0, 1], "output_padding": [0, 1]},
        sizes=from_one("n", "c", "o"),
    ),
    *in_both_dtypes(
        manual_bp.conv_transpose2d,
        "(n,2*c,h,w),(2*c,o,k,l)->(n,2*o,_,_)",
        name="conv_transpose2d dilated, in groups, no bias",
        options={"stride": [1, 2], "dilation": [1, (2, 3)], "groups": 2},
        sizes=from_one("n", "c", "o"),
    ),
]

WINDOWS = {"kernel_size": [2, 3], "stride": [None, 1, 2, 4], "padding": [0, 1], "ceil_mode": [False, True]}

POOLING = [
    *in_both_dtypes(manual_bp.max_pool1d, "(n,c,l+2)->(n,c,_)", options=WINDOWS, sizes=from_one("c")),
    *in_both_dtypes(
        manual_bp.max_pool2d,
        "(c,h+4,w+2)->(c,_,_)",
        name="max_pool2d of a picture, dilated",
        options={"kernel_size": [(3, 2)], "stride": [1, (2, 3)], "padding": [0, 1], "dilation": 2},
        sizes=from_one("c"),
    ),
    *in_both_dtypes(manual_bp.max_pool2d, "(n,c,h+2,w+2)->(n,c,_,_)", options=WINDOWS, sizes=from_one("c")),
    *in_both_dtypes(
        manual_bp.avg_pool1d,
        "(n,c,l+2)->(n,c,_)",
        options={**WINDOWS, "count_include_pad": [True, False]},
        sizes=from_one("c"),
    ),
    *in_both_dtypes(
        manual_bp.avg_pool2d,
        "(n,c,h+2,w+2)->(n,c,_,_)",
        options={**WINDOWS, "count_include_pad": [True, False]},
        sizes=from_one("c"),
    ),
    *in_both_dtypes(
        manual_bp.avg_pool2d,
        "(c,h+2,w+1)->(c,_,_)",
        name="avg_pool2d of a picture, with a divisor",
        options={"kernel_size": [(3, 2)], "stride": [1, (2, 3)], "divisor_override": [1, 5]},
        sizes=from_one("c"),
    ),
    *in_both_dtypes(
        manual_bp.adaptive_avg_pool1d, "(n,c,l)->(n,c,_)", options={"output_size": [1, 2, 3, 5]}, sizes=from_one("c")
    ),
    *in_both_dtypes(
        manual_bp.adaptive_max_pool1d, "(n,c,l)->(n,c,_)", options={"output_size": [1, 2, 3, 5]}, sizes=from_one("c")
    ),
    *in_both_dtypes(
        manual_bp.adaptive_avg_pool2d, options={"output_size": [1, 2, (3, 5), (None, 2)]}, sizes=from_one("c")
    ),
    *in_both_dtypes(
        manual_bp.adaptive_max_pool2d, options={"output_size": [1, 2, (3, 5), (None, 2)]}, sizes=from_one("c")
    ),
]

POSITIVE = {"running_var": Reals(0, None)}

NORMALISATION = [
    *in_both_dtypes(
        manual_bp.batch_norm,
        name="batch_norm in training",
        options={"training": True},
        sizes={"n": (2, None)},
        domains=POSITIVE,
    ),
    *in_both_dtypes(manual_bp.batch_norm, domains=POSITIVE, options={"eps": [1e-5, 0.1]}),
    *in_both_dtypes(
        manual_bp.batch_norm,
        "(n,c),(c),(c)->(n,c)",
        name="batch_norm without weight",
        options={"training": [True, False], "eps": 1e-3},
        sizes={"n": (2, None)},
        domains=POSITIVE,
    ),
    *in_both_dtypes(manual_bp.layer_norm, options={"eps": [1e-5, 0.1]}),
    *in_both_dtypes(manual_bp.layer_norm, "(b,h,w),(h,w)->(b,h,w)", name="layer_norm over two axes, no bias"),
    # By default eps is the spacing of the dtype: another function in float32 than in float64.
    Case(manual_bp.rms_norm, name="rms_norm by the eps of its dtype", reference=twin(manual_bp.rms_norm)),
    *in_both_dtypes(manual_bp.rms_norm, options={"eps": [1e-6, 0.1]}),
    *in_both_dtypes(manual_bp.rms_norm, "(b,h,w),(h,w)->(b,h,w)", name="rms_norm over two axes", options={"eps": 1e-6}),
    *in_both_dtypes(
        manual_bp.rms_norm,
        "(n,4)->(n,4)",
        name="rms_norm without weight",
        options={"normalized_shape": (4,), "eps": 1e-6},
    ),
    *in_both_dtypes(
        manual_bp.group_norm,
        "(n,3*c,p),(3*c),(3*c)->(n,3*c,p)",
        options={"num_groups": [1, 3]},
        sizes=from_one("n", "c") | {"p": (2, None)},
    ),
    *in_both_dtypes(
        manual_bp.instance_norm,
        "(n,c,h,w),(c),(c),(c),(c)->(n,c,h,w)",
        sizes=from_one("n", "c", "h") | {"w": (2, None)},
        domains=POSITIVE,
    ),
    *in_both_dtypes(
        manual_bp.instance_norm,
        name="instance_norm by running statistics",
        options={"use_input_stats": False},
        domains=POSITIVE,
        sizes=from_one("n", "c", "p"),
    ),
]

CASES = [*LINEAR, *CONVOLUTION, *POOLING, *NORMALISATION]
