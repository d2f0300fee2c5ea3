"""GC204: neither the op nor its vjp modifies what it was given."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.numerics.blocks import copied, same
from gradcheck.protocol import call_with, private_options, untouched
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from ..learned import Learned


def check(trial: Trial, learned: Learned) -> Iterator[Finding]:
    """Compare inputs, options, cotangent and outputs with what they were before the calls."""
    by_forward = _modified_by_forward(trial) if trial.modified or trial.modified_options else frozenset()
    for name in trial.modified:
        yield _finding(f"{_culprit(name in by_forward)} input `{name}`", name)
    for name in trial.modified_options:
        yield _finding(f"{_culprit(name in by_forward)} option `{name}`", None)
    pairs = zip(trial.cotangents, trial.handed_cotangents, strict=True)
    if not all(same(given, handed) for given, handed in pairs):
        yield _finding("the vjp modifies the cotangent that it was given", None)
    if trial.first is not None and trial.modified_outputs:
        yield _finding("the vjp modifies the output y of the forward", None)


def _modified_by_forward(trial: Trial) -> frozenset[str]:
    """Names of the inputs and options that one more forward modifies."""
    copies, options = [copied(x) for x in trial.inputs], private_options(trial.options)
    trial.forwards += 1
    call_with(trial.case.op, trial.inputs_read.pack(copies), options)
    inputs = zip(trial.arguments, copies, strict=True)
    written = [argument.name for argument, copy in inputs if not same(argument.array, copy)]
    return frozenset(written + [name for name, value in trial.options.items() if not untouched(value, options[name])])


def _culprit(forward: bool) -> str:
    return "the forward modifies its" if forward else "the vjp modifies the"


def _finding(message: str, argument: str | None) -> Finding:
    return Finding(
        "GC204",
        Severity.ERROR,
        message,
        argument=argument,
        likely_cause="an in-place operation (+=, *=, out=, a write into a view)",
    )
