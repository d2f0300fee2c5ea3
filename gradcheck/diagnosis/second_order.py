"""The backward as an op of inputs and cotangent: what is wrong with second derivatives is found the same way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gradcheck.protocol import Case, Failure
from gradcheck.trial import Trial


def as_op(
    case: Case, inputs: Sequence[Any], options: Mapping[str, Any], seed: int
) -> tuple[Case, tuple[Any, ...]] | None:
    """A case of ``op.second`` at these inputs and the cotangent of this seed; None where the op itself fails."""
    second = getattr(case.op, "second", None)
    trial = Trial.start(case, case.read(inputs, options), options, seed)
    if second is None or isinstance(trial, Failure):
        return None
    cotangent = trial.answer.pack([np.array(u) for u in trial.cotangents])
    arguments = (*inputs, cotangent)
    return Case(second, _signature(case, inputs), inputs=arguments, name=str(case), options=case.options), arguments


def _signature(case: Case, inputs: Sequence[Any]) -> str | None:
    """The signature of the backward, where every input has a gradient and there is one output."""
    if case.parsed is None or case.broadcast or len(case.parsed.outputs) != 1:
        return None
    if any(np.asarray(x).dtype.kind not in "fc" for x in inputs):
        return None
    left, _, right = case.parsed.text.partition("->")
    return f"{left},{right}->{left}"
