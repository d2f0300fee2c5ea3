"""Ways of adding up over the rows of a matrix, in few digits: those that leave sums behind, and those that do not."""

import numpy as np
import torch

from gradcheck import Case
from gradcheck.adapters import from_torch

SIGNATURE = "(n,m),(m)->(n,m)"


def scaled(x, w):
    """Plainly, as a twin: dw is a sum over the rows."""
    return x * w


def adding(way, dtype, k=16):
    """The case whose dw is added up so: ``way(terms)``; judged beside a stick so long that growth alone can tell."""

    class Scaled(torch.autograd.Function):
        signature = SIGNATURE

        @staticmethod
        def forward(ctx, x, w):
            if x.dtype == torch.float64:
                raise RuntimeError("no kernel for Double")
            ctx.save_for_backward(x, w)
            return x * w

        @staticmethod
        def backward(ctx, dy):
            x, w = ctx.saved_tensors
            terms = (dy.float() * x.float()).numpy()
            return dy * w, torch.from_numpy(np.asarray(way(terms), np.float32)).to(w.dtype)

    return Case(from_torch(Scaled), reference=scaled, dtype=dtype, k=k, name=way.__name__)


def _into(dtype):
    """One row after another, in an accumulator of this dtype."""

    def accumulated(terms):
        total = torch.zeros(terms.shape[1:], dtype=dtype)
        for row in torch.from_numpy(terms):
            total = (total.float() + row).to(dtype)
        return total.float().numpy()

    return accumulated


def in_bfloat16(terms):
    return _into(torch.bfloat16)(terms)


def in_float16(terms):
    return _into(torch.float16)(terms)


def blocks_in_bfloat16(terms):
    """Blocks of eight rows in float32, their sums in bfloat16."""
    blocks = np.array([terms[start : start + 8].sum(0) for start in range(0, len(terms), 8)]).reshape(
        -1, terms.shape[1]
    )
    return in_bfloat16(blocks)


def each_a_little_short(terms):
    """A correction that is off by a constant, for each row."""
    return terms.sum(0) * (1 - len(terms) * np.finfo(np.float32).eps / 32)


def cut_off(terms):
    """An accumulator in float32 that cuts off instead of rounding."""
    total = np.zeros(terms.shape[1:], np.float32)
    for row in terms:
        exact = total.astype(float) + row
        near = exact.astype(np.float32)
        total = np.where(np.abs(near) > np.abs(exact), np.nextafter(near, np.float32(0)), near)
    return total


def mean_in_bfloat16(terms):
    """A running mean that is kept in bfloat16, over terms that get larger: it is left behind."""
    mean = torch.zeros(terms.shape[1:], dtype=torch.bfloat16)
    for number, row in enumerate(torch.from_numpy(terms)):
        mean = mean + ((row - mean.float()) / (number + 1)).to(torch.bfloat16)
    return mean.float().numpy() * len(terms)


def pairwise(terms):
    while len(terms) > 1:
        half = len(terms) // 2
        terms = np.concatenate([terms[:half] + terms[half : 2 * half], terms[2 * half :]])
    return terms.sum(0)


def blocked(terms):
    """Blocks of 128 rows one after another, and their sums so too."""
    blocks = [sequential(terms[start : start + 128]) for start in range(0, len(terms), 128)]
    return sequential(np.array(blocks, np.float32).reshape(-1, terms.shape[1]))


def kahan(terms):
    total = lost = np.zeros(terms.shape[1:], np.float32)
    for row in terms:
        row = row - lost
        more = total + row
        lost, total = (more - total) - row, more
    return total


def sequential(terms):
    total = np.zeros(terms.shape[1:], np.float32)
    for row in terms:
        total = total + row
    return total


def running_mean(terms):
    mean = np.zeros(terms.shape[1:], np.float32)
    for number, row in enumerate(terms):
        mean = mean + (row - mean) / np.float32(number + 1)
    return mean * np.float32(len(terms))


WRONG = [
    (in_bfloat16, "bfloat16"),
    (in_float16, "float16"),
    (blocks_in_bfloat16, "bfloat16"),
    (mean_in_bfloat16, "bfloat16"),
    (each_a_little_short, "float32"),
    (cut_off, "float32"),
]
RIGHT = [
    (way, dtype)
    for way in (pairwise, blocked, kahan, sequential, running_mean)
    for dtype in ("float32", "bfloat16", "float16")
]
