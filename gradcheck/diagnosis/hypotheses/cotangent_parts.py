"""Only a part of the cotangent is used: its sum, one slice, that of some outputs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from gradcheck.diagnosis import costs
from gradcheck.diagnosis.hypothesis import Claim
from gradcheck.diagnosis.known.along import Block, blocks
from gradcheck.diagnosis.limits import NEGLIGIBLE, NOTICED
from gradcheck.diagnosis.rows import rows_explained
from gradcheck.diagnosis.sizes import axis_words
from gradcheck.diagnosis.view import View
from gradcheck.numerics import within
from gradcheck.numerics.tolerance import Array


def cotangent_dropped(view: View) -> Iterator[Claim]:
    """Each output in turn."""
    found = blocks(view)
    if found is None or len(found) < 2:
        return
    for dropped, name in enumerate(view.sample.output_names):

        def holds(v: View, dropped: int = dropped) -> bool | None:
            def predict(block: Block, number: int) -> Array | None:
                return np.zeros_like(block.true) if number == dropped else block.true

            return rows_explained(v, predict)

        yield Claim(
            f"the cotangent of the output `{name}` is dropped: it does not reach the gradient of `{view.name}`",
            costs.ASKED_PART,
            holds,
        )


def pulled(view: View, change: Callable[[Array], Any]) -> Array | None:
    """The true gradient for a changed cotangent."""
    rows = view.true_rows
    if rows is None or not view.known_rows.all() or len(view.sample.outputs) != 1 or view.array.dtype.kind == "c":
        return None
    y = view.sample.outputs[0]
    if y.dtype.kind == "c" or y.size < 2:
        return None
    changed = np.broadcast_to(change(view.sample.cotangent.reshape(y.shape)), y.shape)
    return np.asarray(changed.ravel() @ rows).reshape(view.array.shape)


def cotangent_sum(view: View) -> Iterator[Claim]:
    """The sum or mean over all of it, or along one axis; ones in its place."""
    ways: list[tuple[str, Callable[[Array], Any]]] = [
        ("sum", lambda u: u.sum()),
        ("mean", lambda u: u.mean()),
    ]
    for axis in range(view.sample.outputs[0].ndim if view.sample.outputs[0].ndim > 1 else 0):
        ways += [
            (f"sum along axis {axis}", partial(np.sum, axis=axis, keepdims=True)),
            (f"mean along axis {axis}", partial(np.mean, axis=axis, keepdims=True)),
        ]
    for words, change in ways:

        def holds(v: View, change: Callable[[Array], Any] = change) -> bool | None:
            found = pulled(v, change)
            return None if found is None else v.explained(found)

        yield Claim(f"only the {words} of the cotangent reaches the gradient of `{view.name}`", costs.ONE, holds)


def repeated(view: View, axis: int, which: int) -> bool | None:
    """Whether the claim is the true gradient for a cotangent that is one slice of this one, repeated."""
    y = view.sample.outputs[0]
    if axis >= y.ndim or y.shape[axis] < 2:
        return None
    found = pulled(view, lambda u: u.take([which], axis=axis))
    return None if found is None else view.explained(found)


def reached(view: View, axis: int, which: int) -> bool | None:
    """Whether one slice of the cotangent, and it alone, reaches places along an axis that in truth none other does."""
    found = blocks(view)
    if found is None or len(found) != 1 or not found[0].square or axis >= view.array.ndim:
        return None
    block, size = found[0], view.array.shape[axis]
    if size < 3:  # with two places the other one is all others
        return None
    index = np.arange(size)
    wanted = index[which]
    shape = [1] * block.claim.ndim
    shape[axis] = shape[block.first + axis] = size
    apart = (index[:, None] != index[None, :]).astype(float)
    ours = np.where(index[:, None] == wanted, apart, 0)
    largest = np.abs(block.true).max(initial=0.0)
    if not np.isfinite(block.claim).all():
        return None
    leaking = np.abs(block.claim) * apart.reshape(shape)
    if not largest or not np.all(within(np.abs(block.true * apart.reshape(shape)), NEGLIGIBLE * largest)):
        return False
    if not np.all(within(leaking * (1 - ours).reshape(shape), NOTICED * largest)):
        return False
    return not bool(np.all(within(leaking, NOTICED * largest)))


def cotangent_first_row(view: View) -> Iterator[Claim]:
    """The first and the last slice along each axis: in place of all of the cotangent, then in a term."""
    for axis in range(view.sample.outputs[0].ndim if len(view.sample.outputs) == 1 else 0):
        words = axis_words(view.sample, view.sample.output_labels(0), axis)
        for which, word in ((0, "first"), (-1, "last")):
            if repeated(view, axis, which) is not False:
                yield Claim(
                    f"the {word} slice of the cotangent along {words} is used for all of them in the gradient of "
                    f"`{view.name}`",
                    costs.ONE,
                    partial(repeated, axis=axis, which=which),
                )
            if reached(view, axis, which):
                yield Claim(
                    f"in a term of the gradient of `{view.name}` the {word} slice of the cotangent along {words} is "
                    "used for all of them",
                    costs.PART,
                    partial(reached, axis=axis, which=which),
                    open_ends=1,
                )
