"""An input, an output or the cotangent itself is returned."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View


def is_input(view: View, place: int) -> bool:
    """Whether an input is returned; zeros are another matter."""
    return view.gives(view.sample.inputs[place]) and bool(np.any(view.sample.inputs[place]))


def is_output(view: View, place: int) -> bool:
    """Whether an output is returned."""
    return view.gives(view.sample.outputs[place])


def is_cotangent(view: View, place: int) -> bool:
    """Whether the cotangent of an output is returned."""
    return view.gives(view.sample.trial.cotangents[place])


def propose(view: View) -> Iterator[Claim]:
    """Whatever array has the shape of what was returned."""
    sample = view.sample
    for place, name in enumerate(sample.names):
        if sample.inputs[place].size and sample.inputs[place].any():
            yield Claim(
                f"what is returned for `{view.name}` is the input `{name}` itself",
                0,
                partial(is_input, place=place),
            )
    for place, name in enumerate(sample.output_names):
        yield Claim(
            f"what is returned for `{view.name}` is the output `{name}` itself",
            0,
            partial(is_output, place=place),
        )
        yield Claim(
            f"what is returned for `{view.name}` is the cotangent of `{name}` itself: its own factor is missing",
            1.5,
            partial(is_cotangent, place=place),
        )


HYPOTHESIS = Hypothesis("wrong-array", "What is returned is an array that was handed in.", propose)
