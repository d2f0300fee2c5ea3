"""What a trial of few digits is held against: the same point in float64, of the op itself or of its twin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from gradcheck.adapters.twin import twin_op
from gradcheck.errors import ConventionError
from gradcheck.numerics import spacing, within
from gradcheck.numerics.digits import generic, units
from gradcheck.numerics.limits import GENERIC_PLACES
from gradcheck.numerics.precision import nearly, wide_dtype, widened
from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Arguments, Case, Failure
from gradcheck.protocol.dtypes import is_inexact, is_low

from .limits import COMPUTED, ROUNDED, SAME_FUNCTION
from .twin import Twin

if TYPE_CHECKING:
    from .trial import Trial

Gradients = tuple[Array | None, ...]


@dataclass(frozen=True)
class Golden:
    """A trial in float64 at the inputs and cotangents of the narrow one, and whether the op itself computes it.

    Its vjp is no better than any other until finite differences have borne it out there.
    """

    trial: Trial
    own: bool

    @property
    def whose(self) -> str:
        """In words."""
        return "the same op in float64" if self.own else "the twin in float64"

    @property
    def gradients(self) -> Gradients:
        """At the point; zeros where it says that there is none and an input has one."""
        return _along(self.trial, self.trial.gradients)

    def at(self, inputs: Sequence[Array], cotangents: Sequence[Array]) -> tuple[tuple[Array, ...], Gradients] | None:
        """Outputs and gradients elsewhere; None where it fails."""
        answer = self.trial.call([widened(x) for x in inputs])
        outputs = self.trial.outputs_of(answer)
        if isinstance(answer, Failure) or outputs is None:
            return None
        gradients = self.trial.ask(answer, [widened(u) for u in cotangents])
        return None if gradients is None else (outputs, _along(self.trial, gradients, inputs))

    def pull(self, cotangents: Sequence[Array]) -> Gradients | None:
        """Gradients at the point for another cotangent."""
        gradients = self.trial.pull([widened(u) for u in cotangents])
        return None if gradients is None else _along(self.trial, gradients)


def find_golden(trial: Trial) -> Golden | None:
    """The op itself where it computes in float64, else its twin; None where there is neither, or no need of one.

    A forward that returns float64 and differs from the twin's computes in fewer digits inside, or is another function:
    the twin is the one to ask then. Raises ConventionError where the twin does not answer.
    """
    if not is_narrow(trial):
        return None
    own = _own(trial)
    if trial.case.witness is None:
        if own is None or own.coarseness.spacing:
            return None
        near = all(nearly(wide, y) for wide, y in zip(own.outputs, map(widened, trial.outputs), strict=True))
        return Golden(own, own=True) if near else None  # too much is lost for both to be the same function
    if own is not None and _agrees(own, trial) and _repeats(own, trial):
        return Golden(own, own=True)
    twin = _of_twin(trial)
    return None if twin is None else Golden(twin, own=False)


def is_narrow(trial: Trial) -> bool:
    """Whether some input that has a gradient has fewer digits than float64, and none is complex."""
    dtypes = [argument.array.dtype for argument in trial.arguments if argument.differentiable]
    outputs = [y.dtype for y in trial.outputs]
    return any(map(is_low, dtypes)) and not any(dtype.kind == "c" for dtype in [*dtypes, *outputs])


def _own(trial: Trial) -> Trial | None:
    """The op at widened inputs, where it answers in float64."""
    try:
        own = _started(trial, replace(trial.case, dtype="float64"))
    except ConventionError:
        return None
    trial.forwards += 1
    if isinstance(own, Failure) or not own.finite or any(y.dtype != wide_dtype(y) for y in own.outputs):
        return None
    return own if [y.shape for y in own.outputs] == [y.shape for y in trial.outputs] else None


def _of_twin(trial: Trial) -> Trial | None:
    """The twin at widened inputs; None where its outputs have other shapes or are not finite."""
    reference = trial.case.witness
    assert reference is not None
    arrays = [widened(leaf.array) for leaf in trial.arguments]
    alternatives = {name: [value] for name, value in trial.options.items()}
    case = Case(
        twin_op(reference, trial.case.op),
        inputs=tuple(trial.inputs_read.pack(arrays)),
        options=alternatives,
        name=str(trial.case),
        accuracy=trial.case.accuracy,
        borders={},
    )
    twin = _started(trial, case)
    if isinstance(twin, Failure):
        raise ConventionError(f"the reference of `{trial.case}` raised {twin}, at the inputs in float64")
    same = [y.shape for y in twin.outputs] == [y.shape for y in trial.outputs]
    return twin if same and twin.finite else None


def _started(trial: Trial, case: Case) -> Trial | Failure:
    from .trial import Trial as _Trial

    leaves = [replace(leaf, array=widened(leaf.array)) for leaf in trial.arguments]
    arguments = Arguments(trial.inputs_read.names, tuple(leaves), trial.inputs_read.nestings)
    started = _Trial.start(case, arguments, trial.options, trial.seed)
    if not isinstance(started, Failure):
        started.given = tuple(widened(u) for u in trial.cotangents)
    return started


def _agrees(own: Trial, trial: Trial) -> bool:
    """Whether the outputs are the twin's to more digits than float32 has."""
    twin = own.twin
    if isinstance(twin, Failure):
        raise ConventionError(f"the reference of `{trial.case}` raised {twin}, at the inputs in float64")
    if not isinstance(twin, Twin) or [y.shape for y in twin.outputs] != [y.shape for y in own.outputs]:
        return False
    if not all(_is_near(a, b, SAME_FUNCTION) for a, b in zip(own.outputs, twin.outputs, strict=True)):
        return False
    # a backward that rounds inside is no golden; one that is wrong by more is told so by finite differences
    pairs = zip(own.gradients, twin.gradients, strict=False)
    off = {n: _off(a, b) for n, (a, b) in enumerate(pairs) if a is not None and b is not None}
    off = {n: gap for n, gap in off.items() if not within(gap, SAME_FUNCTION * _largest(twin.gradients[n]))}
    return not off or not _rounds_inside(own, trial, off)


def _rounds_inside(own: Trial, trial: Trial, off: Mapping[int, float]) -> bool:
    """Whether a gradient of float64 is off by what rounding in few digits makes, of itself or of terms that cancel.

    What float64 makes of such terms, nobody has lost in few digits, and it may be the twin that has lost it.
    """
    here, elsewhere = [_largest(g) for g in own.gradients], _ordinary_sizes(own)
    for n, gap in off.items():
        inside = max(ROUNDED * spacing(trial.inputs[n].dtype), COMPUTED * spacing(np.float32))
        terms = max(here[n], elsewhere[n])
        if within(gap, inside * terms) and not within(gap, COMPUTED * spacing(np.float64) * terms):
            return True
    return False


def _ordinary_sizes(own: Trial) -> list[float]:
    """The largest entry of each gradient where inputs are of size 1: at the point it may be what cancelling leaves.

    What a backward in float64 has rounded inside is as large as its terms are, not as their sum.
    """
    sizes = [0.0] * len(own.gradients)
    for _ in range(GENERIC_PLACES):
        elsewhere = own.pull(own.cotangents, generic(units(own.inputs, own.measuring_rng), own.measuring_rng))
        sizes = sizes if elsewhere is None else list(map(max, sizes, map(_largest, elsewhere)))
    return sizes


def _largest(gradient: Array | None) -> float:
    size = 0.0 if gradient is None else float(np.max(np.abs(gradient), initial=0.0))
    return size if np.isfinite(size) else 0.0


def _repeats(own: Trial, trial: Trial) -> bool:
    """Whether it answers the same in float64 when it is asked again; asked where it does not in few digits."""
    if not any(spread.worst for spread in trial.spreads):
        return True
    tensors = [*own.outputs, *(g for g in own.gradients if g is not None)]
    sizes = [float(np.max(np.abs(tensor), initial=0.0)) for tensor in tensors]
    pairs = zip(own.spreads, sizes, strict=True)
    return all(within(spread.worst, SAME_FUNCTION * size) for spread, size in pairs)


def _is_near(left: Array, right: Array, relative: float) -> bool:
    return bool(within(_off(left, right), relative * float(np.max(np.abs(right), initial=0.0))))


def _off(left: Array, right: Array) -> float:
    with np.errstate(all="ignore"):
        return float(np.max(np.abs(left - right), initial=0.0))


def _along(wide: Trial, gradients: Sequence[Any], inputs: Sequence[Array] | None = None) -> Gradients:
    arrays = None if inputs is None else [widened(x) for x in inputs]
    filled = tuple(
        np.zeros(x.shape) if g is None and is_inexact(x.dtype) and argument.differentiable else g
        for g, x, argument in zip(gradients, wide.inputs, wide.arguments, strict=True)
    )
    return tuple(wide.along(filled, arrays))
