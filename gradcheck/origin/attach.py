"""Give the errors of a report the place where each was made."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from gradcheck.diagnosis.diagnose import FAULTS
from gradcheck.diagnosis.fresh import ordinary
from gradcheck.generation.example import Example, draw_inputs
from gradcheck.laws import law_of
from gradcheck.protocol import Case
from gradcheck.report import Finding, Made, Report, Verdict

from .confirmed import Point, confirmed
from .limits import EXAMPLES
from .origin import Origin, at_one_point, in_time, origins_of, without_edits


def with_origins(case: Case, report: Report, example: Example | None) -> Report:
    """The same report with the place where each of its errors was made, where that can be told; the verdict stays."""
    if report.verdict is not Verdict.WRONG or example is None or not _of_values(report):
        return report
    return _guarded(report, lambda: attached(report, origins_of_case(case, example)))


def origins_in(case: Case, report: Report, example: Example | None) -> tuple[Origin, ...]:
    """The places themselves, with the edits that would put each right; none where the look for them fails."""
    found: list[Origin] = []

    def look() -> Report:
        found.extend(origins_of_case(case, example) if example is not None and _of_values(report) else ())
        return report

    _guarded(report, look)
    return tuple(found)


def with_origins_at(
    case: Case, report: Report, inputs: Sequence[Any], options: Mapping[str, Any] | None, seed: int
) -> Report:
    """The same for a report about one point."""
    if report.verdict is not Verdict.WRONG or not _of_values(report):
        return report
    return _guarded(report, lambda: attached(report, origins_of(case, inputs, options, seed)))


def origins_of_case(case: Case, example: Example) -> tuple[Origin, ...]:
    """The mistakes of a wrong case: at ordinary examples, which hide nothing by chance, else at the one that failed.

    What can only be told to be one of several lines at one example may be told at the next; where two examples tell two
    lines, none is said. Where one of two is certain and the other is not, a third decides: a size that mends all by
    chance, as that of another axis, does so once.
    """
    best: tuple[Origin, ...] = ()
    seen: list[tuple[Origin, ...]] = []
    points = _points(case, example)
    for inputs, options, seed in points:
        if len(seen) == EXAMPLES and not _is_doubtful(seen):
            break
        found = at_one_point(case, inputs, options, seed)
        if not found:
            continue
        if best and best[0].told and found[0].told and best[0].among != found[0].among:
            return ()
        seen.append(found)
        best = found if not best or _clarity(found) > _clarity(best) else best
    if _is_doubtful(seen) and sum(found[0].certain for found in seen) * 2 < len(seen) + 1:
        best = max((found for found in seen if not found[0].certain), key=_clarity)
    if not best:
        return origins_of(case, draw_inputs(case, example), example.options, example.seed)
    return in_time(lambda: confirmed(case, best, points, varied=True), without_edits(best))


def _points(case: Case, example: Example) -> list[Point]:
    """Ordinary examples, where a case draws its inputs: those of which a mistake is told, and one more."""
    return [(draw_inputs(case, one), one.options, one.seed) for one in _ordinary(case, example)]


def _ordinary(case: Case, example: Example) -> list[Example]:
    drawn = case.inputs is None and case.parsed is not None
    return list(islice(ordinary(case, example), EXAMPLES + 1)) if drawn else []


def _is_doubtful(seen: Sequence[tuple[Origin, ...]]) -> bool:
    """Whether one example is certain of a line and another is not."""
    return len({found[0].certain for found in seen}) == 2


def _clarity(found: Sequence[Origin]) -> tuple[bool, bool, bool, int]:
    first = found[0]
    return first.certain, first.told, bool(first.among), -len(first.among)


def _of_values(report: Report) -> bool:
    """Whether an error is about a gradient that some line makes."""
    return any((law := law_of(finding.code)) is not None and law.of_the_backward for finding in report.errors)


def attached(report: Report, origins: Sequence[Origin]) -> Report:
    """The report with these places at the errors whose gradients inherit them."""
    if not origins:
        return report
    return replace(report, findings=tuple(_with(finding, report, origins) for finding in report.findings))


def _with(finding: Finding, report: Report, origins: Sequence[Origin]) -> Finding:
    law = law_of(finding.code)
    if finding not in report.errors or law is None or not law.of_the_backward:
        return finding
    if finding.argument is None:
        found = origins[0] if not origins[0].inputs or len(origins) == 1 else None
    else:
        found = next((origin for origin in origins if finding.argument in origin.inputs), None)
    if found is None:
        return finding
    return replace(finding, made=_made(found, finding))


def _made(origin: Origin, finding: Finding) -> Made:
    """In a statement of several lines the line of this very gradient is more telling than the first."""
    own = finding.where
    inside = own is not None and own.path == origin.where.path and origin.line <= own.line <= origin.last
    if inside and own is not None and origin.told and finding.code != "GC101":
        return Made(own, origin.name, origin.certain, (own,), origin.factor, origin.right)
    return Made(origin.where, origin.name, origin.certain, origin.among, origin.factor, origin.right)


def _guarded(report: Report, attach: Callable[[], Report]) -> Report:
    """A fault of our own is a remark, and costs no verdict."""
    try:
        return attach()
    except Exception as fault:
        if os.environ.get(FAULTS) == "raise":
            raise
        place = traceback.extract_tb(fault.__traceback__)[-1]
        where = f"{Path(place.filename).name}:{place.lineno}"
        said = (
            f"looking for the line where the mistake was made failed: {type(fault).__name__}: {fault} ({where}); the "
            "verdict stands, please report it"
        )
        return replace(report, remarks=(*report.remarks, said))
