"""An index that occurs twice."""

from itertools import pairwise

import numpy as np

from gradcheck import Integers

from .exhibit import two_backwards


def pick(x, index):
    return x[index], (x, index)


def pick_backward_set(saved, dy):
    x, index = saved
    dx = np.zeros_like(x)
    for i, g in zip(index, dy, strict=True):
        dx[i] = g
    return dx, None


def pick_backward(saved, dy):
    x, index = saved
    dx = np.zeros_like(x)
    for i, g in zip(index, dy, strict=True):
        dx[i] += g
    return dx, None


def index_fill(x, value, index):
    y = x.copy()
    y[index] = value
    return y, index


def index_fill_backward_counts_twice(index, dy):
    dx = dy.copy()
    dx[index] = 0
    dvalue = dy[index].sum()
    return dx, dvalue, None


def index_fill_backward(index, dy):
    dx = dy.copy()
    dx[index] = 0
    dvalue = dy[np.unique(index)].sum()
    return dx, dvalue, None


def scatter_update(x, updates, index):
    """The last write to a place wins."""
    y = x.copy()
    for i, value in zip(index, updates, strict=True):
        y[i] = value
    return y, index


def scatter_update_backward_all_writes(index, dy):
    dx = dy.copy()
    dx[index] = 0
    dupdates = dy[index]
    return dx, dupdates, None


def scatter_update_backward(index, dy):
    dx = dy.copy()
    dx[index] = 0
    last = np.array([i not in index[place + 1 :] for place, i in enumerate(index)], dtype=bool)
    dupdates = np.where(last, dy[index], 0)
    return dx, dupdates, None


def segment_sum(x, offsets):
    """Sums of x[offsets[j] : offsets[j+1]]."""
    sums = [x[low:high].sum() for low, high in pairwise(offsets)]
    return np.array(sums), (x, offsets)


def segment_sum_backward_inner_offsets(saved, dy):
    x, offsets = saved
    marks = np.zeros(len(x), dtype=int)
    np.add.at(marks, offsets[1:-1], 1)
    segment = np.cumsum(marks)
    return dy[segment], None


def segment_sum_backward(saved, dy):
    x, offsets = saved
    marks = np.zeros(len(x) + 1, dtype=int)
    np.add.at(marks, offsets[1:], 1)
    segment = np.cumsum(marks)[:-1]
    return dy[segment], None


def scatter_add(x, source, index):
    """Adds the first column of source (m,2), at index (m), to x (n)."""
    y = x.copy()
    np.add.at(y, index, source[:, 0])
    return y, (source, index)


def scatter_add_backward_shape_of_index(saved, dy):
    source, index = saved
    dsource = dy[index][:, None]
    return dy.copy(), dsource, None


def scatter_add_backward(saved, dy):
    source, index = saved
    dsource = np.zeros_like(source)
    dsource[:, :1] = dy[index][:, None]
    return dy.copy(), dsource, None


IN_X = {"index": Integers(0, "n")}

EXHIBITS = [
    two_backwards(
        "B126",
        "indexing sets where it should add",
        "(n),(k)->(k)",
        cause={"duplicates", "lost-contributions"},
        forward=pick,
        wrong=pick_backward_set,
        right=pick_backward,
        domains=IN_X,
    ),
    two_backwards(
        "B128",
        "index_fill counts a repeated index twice",
        "(n),(),(k)->(n)",
        cause="duplicates",
        forward=index_fill,
        wrong=index_fill_backward_counts_twice,
        right=index_fill_backward,
        domains=IN_X,
    ),
    two_backwards(
        "B129",
        "an overwritten update gets a gradient too",
        "(n),(k),(k)->(n)",
        cause="duplicates",
        forward=scatter_update,
        wrong=scatter_update_backward_all_writes,
        right=scatter_update_backward,
        domains=IN_X,
    ),
    two_backwards(
        "B131",
        "segment sum has no slot for trailing empty segments",
        cause="raises",
        forward=segment_sum,
        wrong=segment_sum_backward_inner_offsets,
        right=segment_sum_backward,
        law="GC101",
        inputs=(np.array([0.5, -1.25, 2.0, 1.5, 0.75]), np.array([0, 2, 2, 5, 5])),
    ),
    two_backwards(
        "B132",
        "scatter gives its source the shape of the index",
        "(n),(m,2),(m)->(n)",
        cause="other-shape",
        forward=scatter_add,
        wrong=scatter_add_backward_shape_of_index,
        right=scatter_add_backward,
        law="GC105",
        domains=IN_X,
    ),
]
