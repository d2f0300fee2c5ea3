"""What conv1d and conv2d check of their inputs, once for both."""

from collections.abc import Callable

from .._typing import FloatArray
from .._validation import integer_at_least
from ._checks import of_shape, per_axis, with_axes
from ._windows import Windows, lay_windows

SPATIAL = {1: "length", 2: "height, width"}


def convolution_windows(
    op: Callable[..., object],
    x: FloatArray,
    weight: FloatArray,
    bias: FloatArray | None,
    options: tuple[object, object, object, object],
) -> Windows:
    """Where the kernel lies on `x`; a sentence for shapes and options that do not fit.

    `options` are stride, padding, dilation and groups. The
    number of spatial axes is the last character but one of the name of the op.
    """
    axes = int(op.__name__[-2])
    with_axes(op, "x", x, f"(n, c, {SPATIAL[axes]})")
    with_axes(op, "weight", weight, f"(o, c / groups, {SPATIAL[axes]} of the kernel)")
    stride, padding, dilation = (
        per_axis(op, name, value, axes, smallest)
        for name, value, smallest in zip(("stride", "padding", "dilation"), options[:3], (1, 0, 1), strict=True)
    )
    groups = integer_at_least(op, "groups", options[3], 1)
    c, o = x.shape[1], weight.shape[0]
    if c % groups or o % groups:
        raise ValueError(
            f"{op.__name__}: groups must divide the {c} channels of x and the {o} of weight, but it is {groups}"
        )
    if weight.shape[1] * groups != c:
        raise ValueError(
            f"{op.__name__}: x has {c} channels in {groups} groups, so axis 1 of weight must have {c // groups} "
            f"entries; x is {x.shape}, weight is {weight.shape}"
        )
    if 0 in weight.shape[2:]:
        raise ValueError(f"{op.__name__}: the kernel needs at least one entry; weight is {weight.shape}")
    of_shape(op, "bias", bias, (o,), "one entry for each channel of the output")
    return lay_windows(op, x.shape[2:], weight.shape[2:], stride, padding, dilation)
