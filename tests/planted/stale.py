"""State kept from before: another step, another call, another cotangent."""

import numpy as np

from gradcheck import Integers

from .exhibit import two_backwards, two_ops


def zoneout(x, mask):
    """h[t] = h[t-1] where mask[t], else tanh(x[t] + h[t-1]); x (t,n)."""
    h = np.zeros((len(x) + 1, x.shape[1]))
    for t in range(len(x)):
        h[t + 1] = np.where(mask[t], h[t], np.tanh(x[t] + h[t]))
    return h[-1].copy(), (x, mask, h)


def zoneout_backward_first_mask(saved, dy):
    x, mask, h = saved
    dx, dh = np.zeros_like(x), dy
    for t in reversed(range(len(x))):
        slope = 1 / np.cosh(x[t] + h[t]) ** 2
        dx[t] = np.where(mask[0], 0, dh * slope)
        dh = np.where(mask[0], dh, dh * slope)
    return dx, None


def zoneout_backward(saved, dy):
    x, mask, h = saved
    dx, dh = np.zeros_like(x), dy
    for t in reversed(range(len(x))):
        slope = 1 / np.cosh(x[t] + h[t]) ** 2
        dx[t] = np.where(mask[t], 0, dh * slope)
        dh = np.where(mask[t], dh, dh * slope)
    return dx, None


KNOTS = np.arange(-6.0, 7.0, 2.0)
TABLE = np.array([1.0, -0.5, 2.0, 0.5, 1.5, -1.0, 0.25])
LAST_CELL = {"index": 0}


def table_remembering_its_cell(x):
    """Linear interpolation; a search starts in the cell that the search before it ended in."""
    cells = []
    for value in x:
        cell = LAST_CELL["index"]
        if not KNOTS[cell] <= value <= KNOTS[cell + 1]:
            cell = int(np.clip(np.searchsorted(KNOTS, value, side="right") - 1, 0, len(KNOTS) - 2))
        LAST_CELL["index"] = cell
        cells.append(cell)
    cells = np.array(cells, dtype=int)
    slopes = (np.diff(TABLE) / np.diff(KNOTS))[cells]

    def table_vjp(dy):
        return (dy * slopes,)

    return TABLE[cells] + slopes * (x - KNOTS[cells]), table_vjp


def table(x):
    """Linear interpolation; at a knot, the cell to its right."""
    cells = []
    for value in x:
        cell = int(np.clip(np.searchsorted(KNOTS, value, side="right") - 1, 0, len(KNOTS) - 2))
        cells.append(cell)
    cells = np.array(cells, dtype=int)
    slopes = (np.diff(TABLE) / np.diff(KNOTS))[cells]

    def table_vjp(dy):
        return (dy * slopes,)

    return TABLE[cells] + slopes * (x - KNOTS[cells]), table_vjp


def fork(x):
    """sin(x) + cos(x) x, the node x feeding two branches."""
    return np.sin(x) + np.cos(x) * x, (x, {})


def fork_backward_cached(saved, dy):
    x, cache = saved
    if "adjoint" not in cache:
        cache["adjoint"] = dy * np.cos(x)
    return (cache["adjoint"] + dy * (np.cos(x) - np.sin(x) * x),)


def fork_backward(saved, dy):
    x, cache = saved
    cache["adjoint"] = dy * np.cos(x)
    return (cache["adjoint"] + dy * (np.cos(x) - np.sin(x) * x),)


EXHIBITS = [
    two_backwards(
        "B092",
        "zoneout uses the mask of step 0 at every step",
        "(t,n),(t,n)->(n)",
        cause="operand-first-row",
        forward=zoneout,
        wrong=zoneout_backward_first_mask,
        right=zoneout_backward,
        domains={"mask": Integers(0, 2)},
    ),
    two_ops(
        "B098",
        "slope at a knot of a table depends on the call before",
        "(n)->(n)",
        cause="stale",
        wrong=table_remembering_its_cell,
        right=table,
        law="GC203",
        borders={"x": tuple(KNOTS)},
    ),
    two_backwards(
        "B099",
        "an adjoint cached by the first backward",
        "(n)->(n)",
        cause="stale",
        forward=fork,
        wrong=fork_backward_cached,
        right=fork_backward,
        law="GC202",
    ),
]
