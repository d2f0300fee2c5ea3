"""GC602: the errors of a backward of few digits average out over the examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gradcheck.precision import Seen, leans
from gradcheck.protocol import Case
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from ..learned import Found, Learned


def check(trial: Trial, learned: Learned) -> Iterator[Found]:
    """At one point the errors of all entries may have a cause in common, such as a statistic that was rounded up."""
    yield from ()


def over_examples(case: Case, seen: Mapping[str, Sequence[Seen]]) -> Iterator[Finding]:
    """The mean of the errors of each tensor, over the examples that decide something of it."""
    for tensor, rows in seen.items():
        found = leans(rows, case.k)
        if found is None:
            continue
        argument = rows[0].row.argument
        what = f"the gradient of `{argument}`" if argument is not None else f"the output {tensor}"
        way = "small" if found.mean < 0 else "large"
        yield Finding(
            "GC602",
            Severity.ERROR,
            f"{what} comes out too {way} in {case.dtype}: over {found.examples} examples its errors have a mean of "
            f"{found.mean:+.2f} units in the last place, those of the yardstick of {found.yardstick:+.2f}",
            argument=argument,
            likely_cause="results are cut off instead of rounded to the nearest" if found.mean < 0 else None,
        )
