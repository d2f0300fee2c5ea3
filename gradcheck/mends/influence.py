"""Which lines make which gradient, so that an edit is looked for first where everything wrong comes from.

It is tried: the value of each statement is made larger, and the gradients that change are those that it has a hand in,
through dicts, attributes, calls and files alike.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import libcst as cst
import numpy as np

from gradcheck.mutants.enumerate import outermost_functions, places_in
from gradcheck.mutants.operators import Place
from gradcheck.mutants.operators.reading import code
from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Case
from gradcheck.source import Backward, Edit, Source

from .code_swap import Patchers
from .slopes import Measured, claims_at

Line = tuple[str, int]
Touched = frozenset[int] | None  # the arguments whose gradients change; None where the backward then raises

_LARGER = "1.375"  # exact in every dtype, so that what does not depend on it does not change
_ZEROS = ("0", "0.0", "0.")  # as in ``dZ[Z <= 0] = 0``: no multiple of them is larger


@dataclass(frozen=True)
class Influence:
    """The arguments whose gradients depend on each line, and which arguments are wrong and which right."""

    touched: Mapping[Line, frozenset[int]] = field(default_factory=dict)
    wrong: frozenset[int] = frozenset()
    right: frozenset[int] = frozenset()

    def of(self, path: str, line: int) -> float:
        """Between -1 and 1: what part of the wrong gradients a line has a hand in, less that of the right ones."""
        found = self.touched.get((path, line))
        return 0.0 if found is None else _share(found, self.wrong) - _share(found, self.right)


def probes(backward: Backward, sources: Mapping[str, Source]) -> list[Edit]:
    """One edit for each value that is assigned or returned: it becomes larger."""
    found = []
    for part in backward.parts:
        source = sources[part.path]
        for function, outermost in outermost_functions(part, source):
            for node, place in places_in(part, source, function, outermost):
                if isinstance(node, cst.BaseExpression) and _is_a_value(node, place):
                    span, line = source.spans[node], source.positions[node].start.line
                    after = _LARGER if code(node) in _ZEROS else f"({code(node)}) * {_LARGER}"
                    place_of = span.start, span.start + span.length
                    found.append(Edit("larger", "", source.path, "", line, *place_of, code(node), after))
    return found


def _is_a_value(node: cst.BaseExpression, place: Place) -> bool:
    if isinstance(node, cst.Tuple | cst.List | cst.Dict):
        return False
    return place.is_value or isinstance(place.parent, cst.Lambda)


def tried(case: Case, points: Sequence[Measured], edits: Sequence[Edit], patchers: Patchers) -> Iterator[Touched]:
    """The gradients that each edit changes at these points, by the number of the argument."""
    before = [claims_at(case, point) for point in points]
    for edit in edits:
        with patchers.patched((edit,)) as other:
            yield _changed(case, points, before) if other else None


def _changed(
    case: Case, points: Sequence[Measured], before: Sequence[Mapping[int, Array] | None]
) -> frozenset[int] | None:
    found: set[int] = set()
    for point, claims in zip(points, before, strict=True):
        after = claims_at(case, point)
        if claims is None or after is None:
            return None
        found |= {n for n in claims if n not in after or not np.array_equal(claims[n], after[n])}
    return frozenset(found)


def influence_of(
    edits: Sequence[Edit], touched: Sequence[Touched], wrong: Collection[int], all_: Collection[int]
) -> Influence:
    """Of several values on a line all that they touch counts; a line of which nothing is known has none."""
    found: dict[Line, frozenset[int]] = {}
    for edit, some in zip(edits, touched, strict=True):
        if some is not None:
            found[edit.path, edit.line] = found.get((edit.path, edit.line), frozenset()) | some
    return Influence(found, frozenset(wrong), frozenset(all_) - frozenset(wrong))


def _share(touched: frozenset[int], of: frozenset[int]) -> float:
    return len(touched & of) / len(of) if of else 0.0
