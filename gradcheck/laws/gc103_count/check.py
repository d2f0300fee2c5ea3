"""GC103: one gradient per positional input."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from ..data import where_data
from ..learned import Learned


def check(trial: Trial, learned: Learned) -> Iterator[Finding]:
    """Count the entries of the raw answer."""
    inputs = trial.inputs_read.names
    count, wanted = len(trial.raw), len(inputs)
    if count == wanted:
        yield from _structures(trial)
        return
    names = ", ".join(f"`{name}`" for name in inputs)
    read = trial.inputs_read
    missing = [name for name, leaves in zip(inputs, read.parts, strict=True) if any(a.differentiable for a in leaves)]
    unsaid = [name for name in missing if name in inputs[count:]]
    yield Finding(
        "GC103",
        Severity.ERROR,
        f"the vjp returned {count} gradient{'' if count == 1 else 's'} for {wanted} "
        f"input{'' if wanted == 1 else 's'}, {names}{where_data(unsaid)}",
        likely_cause="an input without a gradient gets None, not silence" if count < wanted else None,
    )


def _structures(trial: Trial) -> Iterator[Finding]:
    """The gradient of a nested input is nested in the same way."""
    parts = zip(trial.inputs_read.names, trial.inputs_read.nestings, trial.raw, strict=True)
    for name, nesting, gradient in parts:
        try:
            nesting.unpack(gradient)
        except ValueError as error:
            yield Finding(
                "GC103",
                Severity.ERROR,
                f"the gradient of `{name}` does not have the structure of `{name}`: {error}"
                f"{where_data(nesting.missing(gradient))}",
                argument=name,
            )
