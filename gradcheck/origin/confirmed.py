"""Edits that make all right at one point, held against others; and what is said of those that are left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gradcheck.numerics import within
from gradcheck.protocol import Case
from gradcheck.protocol.source import SourceLine, relative
from gradcheck.report.limits import LINES

from .edits import Edit, still_right
from .limits import CONFIRMED, MOST_SAID, NEAR

if TYPE_CHECKING:
    from .origin import Origin

Point = tuple[Sequence[Any], Mapping[str, Any], int]


def confirmed(case: Case, origins: Sequence[Origin], points: Iterable[Point], *, varied: bool) -> tuple[Origin, ...]:
    """The same, each with the sentence of an edit that makes all right at every one of these points too.

    ``varied``: their sizes differ, so that a size which another one equals by chance does not.
    """
    left = {number: list(origin.edits) for number, origin in enumerate(origins) if origin.edits}
    seen = dict.fromkeys(left, 0)
    for point in points if left else ():
        for number, edits in left.items():
            wanted = seen[number] < CONFIRMED and edits
            found = still_right(case, edits, origins[number].inputs, point) if wanted else None
            if found is not None:
                left[number] = found
                seen[number] += 1
    proven = {number: edits if seen[number] else [] for number, edits in left.items()}
    told = [_told(origin, proven.get(number, []), varied=varied) for number, origin in enumerate(origins)]
    return tuple(origin for origin in told if origin.among)


def _told(origin: Origin, edits: Sequence[Edit], *, varied: bool) -> Origin:
    edits = sorted(edits, key=lambda edit: (edit.variant.cost, len(edit.variant.said)))
    if not edits or (not varied and _is_one_of_many(edits[0], edits)):
        return replace(origin, edits=())
    likely: dict[tuple[str, int], Edit] = {}
    for edit in edits:
        if within(edit.variant.cost, edits[0].variant.cost + NEAR):
            likely.setdefault((edit.file, edit.variant.line), edit)
    if not 0 < len(origin.among) <= LINES:  # which a report does not list
        lines = tuple(SourceLine(relative(edit.file), edit.variant.line, edit.code) for edit in likely.values())
        first = edits[0]
        origin = replace(
            origin, file=first.file, line=first.variant.line, code=first.code, last=first.last, among=lines
        )
    said = list(likely.values())[:MOST_SAID]
    return replace(origin, factor=_sentence(origin, said), edits=tuple(edits))


def _is_one_of_many(best: Edit, edits: Sequence[Edit]) -> bool:
    """Whether another operand would do as well in the same place: of equal ones nothing tells which is meant."""
    kin = best.variant.kin
    return bool(kin) and any(e.variant.kin == kin and e is not best for e in edits)


def _sentence(origin: Origin, edits: Sequence[Edit]) -> str:
    if origin.told:
        return f"{edits[0].variant.said} the line would be right"
    return ", or ".join(f"{edit.variant.said} line {edit.variant.line} would be right" for edit in edits)
