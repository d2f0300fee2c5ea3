"""Moving, choosing and scattering entries."""

from __future__ import annotations

import torch
from torch.nn import functional

from gradcheck import Integers

from .rows import of_x, torch_row

MATRIX = "(m,n)->(m,n)"
ROW, COLUMN = Integers(0, "m"), Integers(0, "n")


def gather(x, index):
    return torch.gather(x, 0, index)


def take_along_dim(x, index):
    return torch.take_along_dim(x, index, dim=1)


def index_select(x, index):
    return torch.index_select(x, 1, index)


def take(x, index):
    return torch.take(x, index)


def advanced_index(x, rows, columns):
    return x[rows, columns]


def scatter_add(x, index, values):
    return torch.scatter_add(x, 0, index, values)


def scatter_reduce(x, index, values, *, reduce):
    return torch.scatter_reduce(x, 0, index, values, reduce)


def index_add(x, index, values):
    return torch.index_add(x, 0, index, values, alpha=0.5)


def index_copy(x, values):
    return torch.index_copy(x, 0, torch.tensor([1, 0]), values)


def masked_fill(x, mask, value):
    return torch.masked_fill(x, mask > 0, value)


def embedding_bag(weight, rows, *, mode):
    return functional.embedding_bag(rows, weight, mode=mode)


def embedding(weight, rows):
    return functional.embedding(rows, weight)


def roll(x):
    return torch.roll(x, (1, -2), (0, 1))


def flip(x):
    return torch.flip(x, (0, 1))


def rotate(x):
    return torch.rot90(x)


def repeat(x):
    return x.repeat(2, 1)


def expand(x):
    return x.expand(4, -1)


def repeat_interleave(x):
    return torch.repeat_interleave(x, torch.tensor([2, 0, 1]), dim=1)


def windows(x):
    return x.unfold(1, 3, 2)


def pad(x, *, mode):
    return functional.pad(x, (2, 1), mode=mode)


def concatenate(x, y):
    return torch.cat((x, y, x), dim=1)


def stack(x, y):
    return torch.stack((x, y), dim=1)


def triangle(x, *, diagonal):
    return torch.tril(x, diagonal), torch.triu(x, diagonal)


def strided(x):
    """Overlapping windows of the memory of x."""
    return torch.as_strided(x.contiguous(), (3, 2), (1, 2))


INDEXING = [
    torch_row(gather, "(m,n),(k,n)->(k,n)", index=ROW),
    torch_row(take_along_dim, "(m,n),(m,k)->(m,k)", index=COLUMN),
    torch_row(index_select, "(m,n),(k)->(m,k)", index=COLUMN),
    torch_row(take, "(m,n),(k)->(k)", index=ROW),
    torch_row(advanced_index, "(m,n),(k),(k)->(k)", rows=ROW, columns=COLUMN),
    torch_row(scatter_add, "(m,n),(k,n),(k,n)->(m,n)", index=ROW),
    torch_row(
        scatter_reduce,
        "(m,n),(k,n),(k,n)->(m,n)",
        options={"reduce": ["sum", "mean", "amax", "amin", "prod"]},
        index=ROW,
    ),
    torch_row(index_add, "(m,n),(k),(k,n)->(m,n)", index=ROW),
    torch_row(index_copy, "(3,n),(2,n)->(3,n)"),
    torch_row(masked_fill, "(m,n),(m,n),()->(m,n)", mask=Integers(0, 2)),
    torch_row(embedding, "(v,d),(n,k)->(n,k,d)", rows=Integers(0, "v")),
    torch_row(embedding_bag, "(v,d),(n,k)->(n,d)", options={"mode": ["sum", "mean", "max"]}, rows=Integers(0, "v")),
    torch_row(roll, MATRIX),
    torch_row(flip, MATRIX),
    torch_row(rotate, "(m,n)->(n,m)"),
    torch_row(repeat, "(2,n)->(4,n)"),
    torch_row(expand, "(1,n)->(4,n)"),
    torch_row(repeat_interleave, "(m,3)->(m,3)"),
    torch_row(windows, "(m,7)->(m,3,3)"),
    torch_row(pad, "(b,c,4)->(b,c,7)", options={"mode": ["constant", "reflect", "replicate", "circular"]}),
    torch_row(concatenate, "(m,2),(m,1)->(m,5)"),
    torch_row(stack, "(m,n),(m,n)->(m,2,n)"),
    torch_row(triangle, "(m,n)->(m,n),(m,n)", options={"diagonal": [0, 1, -1]}),
    torch_row(strided, "(2,3)->(3,2)"),
    torch_row(of_x(torch.diagonal), "(n,n)->(n)"),
    torch_row(of_x(torch.diag_embed), "(m,n)->(m,n,n)"),
]
