"""GC302: the forward computes what its twin computes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradcheck.errors import ConventionError
from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Failure
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from ..forwards import output_difference
from ..learned import Learned


def check(trial: Trial, learned: Learned) -> Iterator[Finding]:
    """Compare every output with the twin's, within rounding; of few digits it is GC601 that does."""
    if trial.golden is not None:
        return
    trial = trial.of_the_value
    twin = trial.twin
    if twin is None:
        return
    if isinstance(twin, Failure):
        raise ConventionError(f"the reference of `{trial.case}` raised {twin}")
    if [y.shape for y in trial.outputs] != [y.shape for y in twin.outputs]:
        yield Finding(
            "GC302",
            Severity.ERROR,
            f"the output has shape {_shapes(trial.outputs)} and the twin's has shape {_shapes(twin.outputs)}",
        )
        return
    found = forward_difference(trial)
    if found:
        number, index = found
        which = f" of output {number}" if len(trial.outputs) > 1 else ""
        where = f" at {list(index)}" if index else ""
        actual, expected = trial.outputs[number][index].item(), twin.outputs[number][index].item()
        yield Finding(
            "GC302",
            Severity.ERROR,
            f"the forward value{which}{where} is {actual:.8g}, but the twin gives {expected:.8g}: "
            "they are not the same function",
            index=index,
            claimed=actual,
            expected=expected,
        )


def forward_difference(trial: Trial) -> tuple[int, tuple[int, ...]] | None:
    """Output number and index at which the forward and its twin differ most, beyond rounding."""
    twin = trial.twin
    if twin is None or isinstance(twin, Failure):
        return None
    return output_difference(trial, twin.outputs)


def _shapes(outputs: Sequence[Array]) -> str:
    return ", ".join(str(y.shape) for y in outputs)
