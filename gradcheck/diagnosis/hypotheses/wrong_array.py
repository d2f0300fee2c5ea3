"""An input, an output or the cotangent itself is returned."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View
from gradcheck.numerics.tolerance import Array

Read = Callable[[View], Array | None]


def is_array(view: View, read: Read, change: Callable[[Array], Array]) -> bool | None:
    """Whether an array is returned, changed in this way; zeros are another matter."""
    array = read(view)
    return None if array is None else bool(np.any(array)) and view.gives(change(array))


def _arrays(view: View) -> Iterator[tuple[str, Read, float]]:
    """Inputs, outputs, what is kept and cotangents, in words, with what each costs."""
    sample = view.sample
    for place, name in enumerate(sample.names):
        if sample.inputs[place].size and sample.inputs[place].any():
            yield f"the input `{name}` itself", partial(_input, place=place), 0.0
    for place, name in enumerate(sample.output_names):
        yield f"the output `{name}` itself", partial(_output, place=place), 0.0
        words = f"the cotangent of `{name}` itself: its own factor is missing"
        yield words, partial(_cotangent, place=place), 1.5
    for name in sample.kept:
        yield f"`{name}` itself, which the backward keeps", partial(_kept, name=name), 0.3


def _input(view: View, place: int) -> Array | None:
    return view.sample.inputs[place]


def _output(view: View, place: int) -> Array | None:
    return view.sample.outputs[place]


def _cotangent(view: View, place: int) -> Array | None:
    return view.sample.trial.cotangents[place]


def _kept(view: View, name: str) -> Array | None:
    return view.sample.kept.get(name)


def propose(view: View) -> Iterator[Claim]:
    """Each array as it is, then its transpose and its negative, in whatever shape that gives."""
    for words, read, cost in _arrays(view):
        for change, how, more in (
            (np.array, "", 0.0),
            (np.transpose, " transposed", 0.25),
            (np.negative, " with the opposite sign", 0.25),
        ):
            array = read(view)
            if array is None or (how == " transposed" and array.ndim < 2):
                continue
            yield Claim(
                f"what is returned for `{view.name}` is {words.replace(' itself', how or ' itself')}",
                cost + more,
                partial(is_array, read=read, change=change),
            )


HYPOTHESIS = Hypothesis("wrong-array", "What is returned is an array that was handed in.", propose)
