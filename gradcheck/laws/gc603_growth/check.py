"""GC603: the error of a backward of few digits grows no faster with a reduction than rounding does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gradcheck.precision import Seen, grows
from gradcheck.protocol import Case
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from ..learned import Found, Learned


def check(trial: Trial, learned: Learned) -> Iterator[Found]:
    """One point has one length."""
    yield from ()


def over_examples(case: Case, seen: Mapping[str, Sequence[Seen]]) -> Iterator[Finding]:
    """The error of each tensor along each size, on the ladder of lengths."""
    for tensor, rows in seen.items():
        found = grows(rows)
        if found is None:
            continue
        argument = rows[0].row.argument
        what = f"of the gradient of `{argument}`" if argument is not None else f"of the output {tensor}"
        yield Finding(
            "GC603",
            Severity.ERROR,
            f"the error {what} in {case.dtype} grows like {found.size}^{found.power:.2f}, from {found.errors[0]:.3g} "
            f"units in the last place at {found.size}={found.lengths[0]} to {found.errors[1]:.3g} at "
            f"{found.lengths[1]}, with terms of one sign; that of the yardstick like "
            f"{found.size}^{found.yardstick:.2f}, and noise like its root",
            argument=argument,
            likely_cause="a sum is added up in too few digits, so that what is added last is absorbed",
        )
