"""The whole answer of one check."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from .evidence import Evidence
from .finding import Finding, Severity, Verdict
from .grade import Grade, grade
from .row import Row
from .text import write_text


@dataclass(frozen=True)
class Report:
    """What was checked, what was found, and how small an error would have been seen.

    Attributes
    ----------
    name
        The case, or the name of the op.
    findings
        Laws broken and circumstances worth knowing, worst first.
    floor
        Per argument, the smallest relative error of its whole gradient that this very check would have seen
        (an error in one entry must be larger, by that entry's share); infinite where it could have seen none.
    limit
        The floor above which an argument counts as not seen.
    arguments
        The inputs that have a gradient. With an empty ``floor`` nothing was judged.
    constants
        The inputs that were said to be data, whose gradient nobody asked for.
    sizes
        Of the example that is reported: the smallest failing one that was found.
    examples, planned
        How many points were judged, and how many were to be; None where nobody said.
    incomplete
        Why the verdict cannot be correct although every argument was seen: the time was over, the forward refused an
        ordinary shape, ... Empty where nothing is missing.
    ranges
        Of the examples that were judged: the smallest and the largest value of every size, by name.
    largest
        The largest magnitude among the floating inputs that were judged.
    accuracy
        What the case says that its op promises: a gap of so small a part of a gradient is no error.
    still
        Arguments with which the forward does not move, as claimed, and how small a slope would have been seen, in parts
        of what the other arguments contribute.
    rows
        Of a check at low precision, a line per output and gradient: error, yardstick, ratio, verdict.
    remarks
        Sentences that the check has to say beside its findings.
    forwards, backwards
        How often the op's forward and its vjp were called.
    spacing
        The relative spacing of the numbers that the forward computes with inside, where it is coarser than its dtype
        says; else 0.
    reproduce
        A line of Python, or a command, that makes the reported example again.
    example
        What determines the reported example, by name, where it was drawn from a case: ``sizes``, ``seed``, ...
    snippet
        Python to paste that makes the failing point again with literal arrays; None where nothing failed, or where
        the inputs are too many to be written down.
    evidence
        Of a wrong report: the laws, curves and gradients that a picture is drawn of; None where there are none.
    """

    name: str
    findings: tuple[Finding, ...] = ()
    floor: Mapping[str, float] = field(default_factory=dict)
    limit: Mapping[str, float] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    constants: tuple[str, ...] = ()
    seed: int = 0
    examples: int = 1
    sizes: Mapping[str, int] | None = None
    remarks: tuple[str, ...] = ()
    witness: bool = False
    forwards: int = 0
    backwards: int = 0
    spacing: float = 0.0
    reproduce: str | None = None
    example: Mapping[str, Any] | None = None
    snippet: str | None = None
    planned: int | None = None
    incomplete: str = ""
    ranges: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    largest: float = 0.0
    accuracy: float | None = None
    still: Mapping[str, float] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()
    evidence: Evidence | None = field(default=None, repr=False)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that make the verdict wrong."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    @property
    def unseen(self) -> tuple[str, ...]:
        """The arguments in whose gradient this check could not have seen an error."""
        return tuple(name for name in self.arguments if not self.floor.get(name, math.inf) <= self.limit.get(name, 0.0))

    @property
    def verdict(self) -> Verdict:
        """Wrong with any error; correct only where every argument has been seen, and nothing is missing."""
        if self.errors:
            return Verdict.WRONG
        return Verdict.INCONCLUSIVE if self.unseen or self.incomplete or not self.arguments else Verdict.CORRECT

    @property
    def worst_floor(self) -> float:
        """The floor of the argument that was seen worst."""
        return max((self.floor.get(name, math.inf) for name in self.arguments), default=math.inf)

    def grade(self) -> Grade:
        """How much is right: a number from 0 to 1, and its parts, one for each gradient and each family of laws."""
        return grade(self)

    def __str__(self) -> str:
        return write_text(self)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON: numbers that are not finite become None."""
        return {
            "name": self.name,
            "verdict": self.verdict.value,
            "findings": [
                {
                    "code": finding.code,
                    "severity": finding.severity.value,
                    "argument": finding.argument,
                    "index": None if finding.index is None else list(finding.index),
                    "message": finding.message,
                    "likely_cause": finding.likely_cause,
                    "cause": finding.cause,
                    "certain": finding.certain,
                    "survived": list(finding.survived),
                    "claimed": _number(finding.claimed),
                    "expected": _number(finding.expected),
                    "error": _number(finding.error),
                    "where": None if finding.where is None else asdict(finding.where),
                    "made": None if finding.made is None else asdict(finding.made),
                }
                for finding in self.findings
            ],
            "floor": {name: _number(value) for name, value in self.floor.items()},
            "unseen": list(self.unseen),
            "constants": list(self.constants),
            "seed": self.seed,
            "examples": self.examples,
            "planned": self.planned,
            "incomplete": self.incomplete,
            "ranges": {name: list(ends) for name, ends in self.ranges.items()},
            "largest": _number(self.largest),
            "accuracy": self.accuracy,
            "sizes": None if self.sizes is None else dict(self.sizes),
            "remarks": list(self.remarks),
            "witness": self.witness,
            "forwards": self.forwards,
            "backwards": self.backwards,
            "reproduce": self.reproduce,
            "snippet": self.snippet,
            "rows": [
                {
                    "tensor": row.tensor,
                    "argument": row.argument,
                    "error": _number(row.error),
                    "yardstick": None if row.stand_in else _number(row.yardstick),
                    "worst": _number(row.worst),
                    "yardstick_worst": None if row.stand_in else _number(row.yardstick_worst),
                    "ratio": _number(row.ratio),
                    "verdict": row.verdict,
                    "undecided": row.undecided,
                    "floor": _number(row.floor),
                    "spread": _number(row.spread),
                }
                for row in self.rows
            ],
            "evidence": None if self.evidence is None else self.evidence.to_dict(),
        }

    def to_html(self) -> str:
        """A page about this report: one file that needs nothing else, with pictures of what is wrong."""
        from .page import report_page

        return report_page(self)

    def plot(self) -> Any:
        """A matplotlib figure of what is wrong: slopes at many steps beside the claim, and the gradient cell by cell.

        Raises UsageError where nothing is wrong, and MissingFrameworkError (an ImportError) without matplotlib.
        """
        from .plot import plot_report

        return plot_report(self)

    def _repr_html_(self) -> str:
        from .page import report_fragment

        return report_fragment(self)


def _number(value: float | complex | None) -> float | list[float | None] | None:
    """A number that JSON can hold; a complex one as its real and imaginary part."""
    if isinstance(value, complex):
        return [_part(value.real), _part(value.imag)]
    return None if value is None else _part(value)


def _part(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
