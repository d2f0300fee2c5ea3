"""Windows: overlap, overhang, stride, dilation, padding."""

import numpy as np

from .exhibit import two_backwards


def average_pool(x, *, kernel=2, stride=2):
    """Ceil mode: the last window may hang over, and divides by what it covers."""
    count = -(-max(len(x) - kernel, 0) // stride) + 1
    windows = [slice(p * stride, min(p * stride + kernel, len(x))) for p in range(count)]
    return np.array([x[w].mean() for w in windows]), (x, windows, kernel)


def average_pool_backward_whole_kernel(saved, dy):
    x, windows, kernel = saved
    dx = np.zeros_like(x)
    for p, w in enumerate(windows):
        dx[w] += dy[p] / kernel
    return (dx,)


def average_pool_backward(saved, dy):
    x, windows, kernel = saved
    dx = np.zeros_like(x)
    for p, w in enumerate(windows):
        dx[w] += dy[p] / (w.stop - w.start)
    return (dx,)


def maximum_pool(x, *, kernel=3, stride=1):
    count = (len(x) - kernel) // stride + 1
    largest = [p * stride + int(np.argmax(x[p * stride : p * stride + kernel])) for p in range(count)]
    return x[largest], (x, largest)


def maximum_pool_backward_overwrites(saved, dy):
    x, largest = saved
    dx = np.zeros_like(x)
    for p, index in enumerate(largest):
        dx[index] = dy[p]
    return (dx,)


def maximum_pool_backward(saved, dy):
    x, largest = saved
    dx = np.zeros_like(x)
    for p, index in enumerate(largest):
        dx[index] += dy[p]
    return (dx,)


def convolution(x, weight, *, stride=2, dilation=1):
    count = (len(x) - dilation * (len(weight) - 1) - 1) // stride + 1
    y = np.zeros(count)
    for p in range(count):
        for j in range(len(weight)):
            y[p] += weight[j] * x[p * stride + j * dilation]
    return y, (x, weight, stride, dilation)


def convolution_backward_swapped(saved, dy):
    x, weight, stride, dilation = saved
    dx, dweight = np.zeros_like(x), np.zeros_like(weight)
    for p in range(len(dy)):
        for j in range(len(weight)):
            dx[p * stride + j * dilation] += weight[j] * dy[p]
            dweight[j] += x[p * dilation + j * stride] * dy[p]
    return dx, dweight


def convolution_backward(saved, dy):
    x, weight, stride, dilation = saved
    dx, dweight = np.zeros_like(x), np.zeros_like(weight)
    for p in range(len(dy)):
        for j in range(len(weight)):
            dx[p * stride + j * dilation] += weight[j] * dy[p]
            dweight[j] += x[p * stride + j * dilation] * dy[p]
    return dx, dweight


def last_four(x):
    """The state that a causal convolution of width four hands on; zeros before the start."""
    return np.concatenate([np.zeros(4), x])[-4:], len(x)


def last_four_backward_clamped(length, dstate):
    dx = np.zeros(length)
    for t in range(max(0, length - 4), length):
        dx[t] = dstate[(1 + t - max(0, length - 4 + 1)) % 4]
    return (dx,)


def last_four_backward(length, dstate):
    dx = np.zeros(length)
    for t in range(max(0, length - 4), length):
        dx[t] = dstate[t + 4 - length]
    return (dx,)


def pad(x, *, width=(1, 1)):
    return np.pad(x, width), width


def pad_backward_minus_zero(width, dy):
    low, high = width
    return (dy[low:-high].copy(),)


def pad_backward(width, dy):
    low, high = width
    return (dy[low : -high or None].copy(),)


SEQUENCE = np.array([0.5, -1.25, 2.0, 0.75, -0.25, 1.5, 3.0])
TAPS = np.array([0.5, -1.0, 1.5])

EXHIBITS = [
    two_backwards(
        "B133",
        "an overhanging window divided by the whole kernel",
        cause={"last-block", "last-row"},
        forward=average_pool,
        wrong=average_pool_backward_whole_kernel,
        right=average_pool_backward,
        inputs=(SEQUENCE,),
        options={"kernel": [2, 3]},
    ),
    two_backwards(
        "B136",
        "convolution swaps stride and dilation",
        cause="swapped-options",
        forward=convolution,
        wrong=convolution_backward_swapped,
        right=convolution_backward,
        inputs=(SEQUENCE, TAPS),
    ),
    two_backwards(
        "B139",
        "slots of a state counted from a clamped start",
        "(t)->(4)",
        cause="shifted",
        forward=last_four,
        wrong=last_four_backward_clamped,
        right=last_four_backward,
    ),
    two_backwards(
        "B140",
        "a slice that ends at minus zero is empty",
        cause="empty",
        forward=pad,
        wrong=pad_backward_minus_zero,
        right=pad_backward,
        law="GC105",
        inputs=(SEQUENCE,),
        options={"width": [(1, 1), (2, 0)]},
    ),
    two_backwards(
        "B141",
        "overlapping windows of a maximum pool overwrite one another",
        cause="lost-contributions",
        forward=maximum_pool,
        wrong=maximum_pool_backward_overwrites,
        right=maximum_pool_backward,
        inputs=(SEQUENCE,),
        options={"stride": [2, 1]},
    ),
]
