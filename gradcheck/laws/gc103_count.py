"""GC103: one gradient per positional input."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from .law import Law


def check(trial: Trial) -> Iterator[Finding]:
    """Count the entries of the raw answer."""
    count, wanted = len(trial.raw), len(trial.arguments)
    if count == wanted:
        return
    names = ", ".join(f"`{argument.name}`" for argument in trial.arguments)
    yield Finding(
        "GC103",
        Severity.ERROR,
        f"the vjp returned {count} gradient{'' if count == 1 else 's'} for {wanted} "
        f"input{'' if wanted == 1 else 's'}, {names}",
        likely_cause="an input without a gradient gets None, not silence" if count < wanted else None,
    )


LAW = Law("GC103", "The vjp returns one entry per positional input, in their order.", check, blocks=True)
