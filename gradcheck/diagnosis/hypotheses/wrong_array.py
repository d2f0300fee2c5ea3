"""An input, an output or the cotangent itself is returned."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View


def propose(view: View) -> Iterator[Claim]:
    """Whatever array has the shape of what was returned."""
    sample = view.sample
    for place, name in enumerate(sample.names):
        if sample.inputs[place].size and sample.inputs[place].any():
            yield Claim(
                f"what is returned for `{view.name}` is the input `{name}` itself",
                0,
                lambda v, place=place: v.gives(v.sample.inputs[place]) and bool(np.any(v.sample.inputs[place])),
            )
    for place, name in enumerate(sample.output_names):
        yield Claim(
            f"what is returned for `{view.name}` is the output `{name}` itself",
            0,
            lambda v, place=place: v.gives(v.sample.outputs[place]),
        )
        yield Claim(
            f"what is returned for `{view.name}` is the cotangent of `{name}` itself: its own factor is missing",
            1.5,
            lambda v, place=place: v.gives(v.sample.trial.cotangents[place]),
        )


HYPOTHESIS = Hypothesis("wrong-array", "What is returned is an array that was handed in.", propose)
