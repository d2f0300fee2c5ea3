"""What a hunt comes to: the tally of its examples, or its failure made small."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from gradcheck.laws import LAWS, law_of
from gradcheck.protocol import deadline
from gradcheck.protocol.deadline import OutOfTime
from gradcheck.report import Finding, Report
from gradcheck.snippet import snippet

from .example import Example, can_be_drawn, draw_inputs
from .hunt import Hunt, is_edge
from .limits import REGROWN
from .shrink import shrink


@dataclass(frozen=True)
class Found:
    """The report, and the example that it is about where that one is wrong and its op can be asked again.

    ``more`` are errors that another example has, where an axis is empty or has size 1.
    """

    report: Report
    example: Example | None = None
    more: tuple[Finding, ...] = ()

    @property
    def whole(self) -> Report:
        """The report with the errors of both."""
        return joined(self.report, self.more)


def joined(report: Report, more: Sequence[Finding]) -> Report:
    """A report with further findings behind its own of the same severity."""
    findings = sorted([*report.findings, *more], key=lambda finding: finding.severity.rank)
    return replace(report, findings=tuple(findings)) if more else report


def answer(hunt: Hunt) -> Found:
    """The report of the tally, or of the smallest failure; an op that hangs is not asked again."""
    found = hunt.failure or hunt.edge
    if found is None:
        return Found(hunt.tally.report())
    if hunt.verdict_only or hunt.hung:
        return Found(_reported(hunt, *found), None if hunt.hung else found[0])
    with deadline.limited(hunt.budget.seconds):
        example, report, edge = _told_apart(hunt, *found)
    code = snippet(hunt.case, report, draw_inputs(hunt.case, example), example.options, example.seed, example.layout)
    report = replace(_reported(hunt, example, report), snippet=code)
    if hunt.failure is None and hunt.tally.inner:
        said = f"nothing is wrong at {hunt.tally.inner} examples whose axes all have 2 entries or more"
        report = replace(report, remarks=(*report.remarks, said))
    more = [] if edge is None else [_placed(finding, edge[0]) for finding in edge[1].errors]
    return Found(report, example, tuple(more))


def _told_apart(hunt: Hunt, example: Example, report: Report) -> tuple[Example, Report, tuple[Example, Report] | None]:
    """The smallest failure; beside one of ordinary sizes another that is seen only where an axis has none or one.

    That other one was found first, or it is what the shrinking ended at: then the failure of ordinary sizes is
    shrunk by itself, and keeps to sizes of 2 and more.
    """
    if hunt.failure is None or hunt.case.inputs is not None:
        return *_smallest(hunt, example, report), None
    if hunt.edge is not None:
        return *_smallest(hunt, example, report, lambda simpler: not is_edge(simpler)), _smallest(hunt, *hunt.edge)
    small = _smallest(hunt, example, report)
    if not _is_edge_alone(hunt, *small):
        return *small, None
    return *_smallest(hunt, example, report, lambda simpler: not is_edge(simpler)), small


def _is_edge_alone(hunt: Hunt, example: Example, report: Report) -> bool:
    """Whether the failure goes away as soon as one of the axes that have less than two entries has two.

    Of planted values that is not asked: they may fail to hit again at another shape.
    """
    codes = {finding.code for finding in report.errors}
    for name in [name for name, size in example.sizes.items() if size < 2 and example.plant == "none"]:
        larger = replace(example, sizes={**example.sizes, name: 2})
        grown = [replace(larger, seed=seed) for seed in dict.fromkeys((example.seed, *range(REGROWN)))]
        try:
            if can_be_drawn(hunt.case, larger) and not any(_breaks(hunt, one, codes) for one in grown):
                return True
        except OutOfTime:
            return False
    return False


def _smallest(
    hunt: Hunt, example: Example, report: Report, allowed: Callable[[Example], bool] = lambda _: True
) -> tuple[Example, Report]:
    if hunt.case.inputs is not None:
        return example, report
    codes = {report.errors[0].code}
    smallest = shrink(hunt.case, example, lambda simpler: _breaks(hunt, simpler, codes), hunt.borders, allowed)
    if smallest is example:
        return example, report
    try:
        whole = hunt.judged_at(smallest)
    except OutOfTime:  # there was time for the first error alone
        return example, report
    again = any(finding.code in codes for finding in whole.errors)  # but for an op that fails now and then
    return (smallest, whole) if again else (example, report)


def _reported(hunt: Hunt, example: Example, report: Report) -> Report:
    """The report of the failing example, with how to see it again."""
    fixed = hunt.case.inputs is not None and not callable(hunt.case.inputs)
    return replace(
        report,
        examples=hunt.tally.count,
        planned=hunt.tally.asked,
        ranges=hunt.tally.reach.ranges,
        largest=hunt.tally.reach.largest,
        forwards=hunt.tally.forwards,
        backwards=hunt.tally.backwards,
        sizes=report.sizes or example.sizes,
        reproduce=f"seed {example.seed} at its inputs" if fixed else f"judge_example(case, {example!r})",
        example=example.fields(),
    )


def _breaks(hunt: Hunt, example: Example, codes: Collection[str]) -> bool:
    """Whether one of these laws is broken at an example; all of them are asked only where an earlier one is too.

    The first error mostly settles it, at a fraction of the cost of all.
    """
    first = hunt.judged_at(example, verdict_only=True)
    hunt.tally.add(example, first)
    hunt.on_example()
    if not first.errors or _turn(first.errors[0].code) > max(map(_turn, codes)):
        return False
    return first.errors[0].code in codes or any(finding.code in codes for finding in hunt.judged_at(example).errors)


def _turn(code: str) -> int:
    """When the law of an error is asked among all; before them what is no law's."""
    law = law_of(code)
    return -1 if law is None else LAWS.index(law)


def _placed(finding: Finding, example: Example) -> Finding:
    """An error at an edge, which says where it is."""
    sizes = ", ".join(f"{name}={size}" for name, size in example.sizes.items())
    return replace(finding, message=f"at another shape ({sizes}): {finding.message}")
