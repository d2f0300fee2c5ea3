"""Claims that a gradient is right for other operands: the derivative of the forward at changed inputs or options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gradcheck.diagnosis.hypothesis import Claim
from gradcheck.diagnosis.view import View
from gradcheck.numerics.tolerance import Array

Change = Callable[[View], Array | None]


def with_operand(view: View, place: int, change: Callable[[Array], Array | None], sentence: str, cost: float) -> Claim:
    """The claim is the derivative where one input is changed."""

    def holds(v: View) -> bool | None:
        changed = change(v.sample.inputs[place])
        if changed is None or changed.shape != v.sample.inputs[place].shape or same(changed, v.sample.inputs[place]):
            return None
        return v.matches_elsewhere([changed if n == place else x for n, x in enumerate(v.sample.inputs)])

    return Claim(sentence.format(x=view.name, w=view.sample.names[place]), cost, holds)


def with_options(
    view: View, change: Callable[[dict[str, Any]], dict[str, Any] | None], words: str, cost: float
) -> Claim:
    """The claim is the derivative under other options."""

    def holds(v: View) -> bool | None:
        changed = change(dict(v.sample.options))
        if changed is None or all(differ is v.sample.options[name] for name, differ in changed.items()):
            return None
        return v.matches_elsewhere(v.sample.inputs, changed)

    return Claim(words, cost, holds)


def same(left: Array, right: Array) -> bool:
    """Whether two arrays are equal."""
    return left.shape == right.shape and bool(np.array_equal(left, right))


def floating(view: View) -> list[int]:
    """The places of inputs that have a gradient."""
    return [place for place, x in enumerate(view.sample.inputs) if x.dtype.kind in "fc"]
