"""GC101: the vjp answers wherever its forward did."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.protocol import Failure
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from ..learned import Learned


def check(trial: Trial, learned: Learned) -> Iterator[Finding]:
    """Call the vjp once."""
    if isinstance(trial.raw, Failure):
        if not trial.finite:
            yield Finding("GC904", Severity.NOTE, f"the vjp raised where its forward is not finite: {trial.raw}")
            return
        shapes = ", ".join(f"{argument.name} {argument.array.shape}" for argument in trial.arguments)
        yield Finding(
            "GC101",
            Severity.ERROR,
            f"the vjp raised where its forward succeeded, at inputs {shapes}: {trial.raw}",
            likely_cause=_noted(trial.raw),
        )


def _noted(failure: Failure) -> str | None:
    """What an adapter knows of the cause of an error that it raises itself, of what is not Python: its note."""
    notes = getattr(failure.error, "__notes__", ()) if failure.line is None else ()
    return next(iter(notes), None)
