"""Whether the outputs of an op have the shapes that its signature promises, every time that it is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gradcheck.errors import SignatureError
from gradcheck.laws.limits import CALLS, IDENTITIES
from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Answer, Case, op_name
from gradcheck.protocol.arguments import read_parameters
from gradcheck.protocol.numbers import is_whole
from gradcheck.protocol.signature import shapes_in_words
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

Shapes = tuple[tuple[int, ...], ...]


def unlike_promised(case: Case, trial: Trial, sizes: Mapping[str, int] | None) -> Finding | None:
    """None where they are as promised; a finding where they are others at the next call.

    What an op that keeps answers by the identity of an array hands out may have any shape: that is no matter of its
    signature. Raises SignatureError where it returns these shapes whenever it is asked.
    """
    if case.parsed is None or sizes is None or 0 in sizes.values():
        return None
    sizes = {**sizes, **_given(case, trial.options)}
    promised = case.parsed.promised(sizes)
    returned = _shapes(trial.answer)
    if len(promised) == len(returned) and all(map(_fits, promised, returned)):
        return None
    spent: list[Array] = []
    for _ in range(CALLS):
        spent += [np.empty(0) for _ in range(IDENTITIES)]
        again = trial.call()
        if isinstance(again, Answer) and _shapes(again) != returned:
            return _changing(returned, _shapes(again))
    raise SignatureError(
        f'signature "{case.parsed.text}" does not fit `{op_name(case.op)}`: at sizes '
        f"{', '.join(f'{name}={size}' for name, size in sizes.items())} it promises {shapes_in_words(promised)}, "
        f"and the op returned {shapes_in_words(returned)}"
    )


def _changing(returned: Shapes, other: Shapes) -> Finding:
    return Finding(
        "GC206",
        Severity.HAZARD,
        f"two calls at the same inputs give outputs of shape {shapes_in_words(returned)} and {shapes_in_words(other)}",
        likely_cause="an answer of an earlier call is kept under a key that other inputs have too, as `id(x)`",
    )


def _shapes(answer: Answer) -> Shapes:
    return tuple(y.shape for y in answer.outputs)


def _given(case: Case, options: Mapping[str, Any]) -> dict[str, int]:
    """The sizes of outputs that options give, those at their default among them."""
    if case.parsed is None or not case.parsed.free:
        return {}
    values = {p.name: p.default for p in read_parameters(case.op) or () if p.kind is p.KEYWORD_ONLY} | dict(options)
    found = {name: values.get(name) for name in case.parsed.free}
    return {name: value for name, value in found.items() if is_whole(value, 0)}


def _fits(promised: Sequence[int | None], returned: Sequence[int]) -> bool:
    """Whether a shape is the promised one; of None any size is."""
    return len(promised) == len(returned) and all(
        size is None or size == own for size, own in zip(promised, returned, strict=True)
    )
