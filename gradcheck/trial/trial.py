"""One op at one point: what the laws look at, each thing measured when it is first asked for, and once."""

from __future__ import annotations

import cmath
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from gradcheck.errors import ConventionError
from gradcheck.kept import kept
from gradcheck.numerics import Coarseness, Point, Probe, measured_coarseness
from gradcheck.numerics.blocks import copied, same
from gradcheck.numerics.digits import digits_here, kept_digits
from gradcheck.numerics.limits import SMALL
from gradcheck.numerics.real import reals
from gradcheck.numerics.tolerance import Array
from gradcheck.precision import Error
from gradcheck.protocol import Failure, call_vjp, stood_for, untouched
from gradcheck.protocol.arguments import is_finite

from .calls import Calls
from .golden import Golden, find_golden
from .inner import allowed, narrow_inside
from .measuring import Measured, measure
from .real_op import Gradients, RealOp
from .repeats import spreads
from .twin import Twin, ask_twin
from .yardstick import ask_yardstick, wider_inside


@dataclass
class Trial(Calls):
    """The op at the point with one cotangent ``u``, what its vjp answered to it, and what was measured of both.

    ``given`` is the cotangent where it is not to be drawn, ``told`` names the arguments of which another example has
    said why they do not settle; with ``verdict_only`` nobody wants to know more than the first error. Nothing that was
    measured changes what it said before: what follows from it the laws hand on (`gradcheck.laws.learned`).
    """

    given: tuple[Array, ...] = ()
    told: Collection[str | None] = ()
    verdict_only: bool = False
    _raw: list[Any] = field(default_factory=list)
    _raw_leaves: list[list[Any]] = field(default_factory=list)
    _marks: tuple[bytes, ...] = ()

    @kept
    def finite(self) -> bool:
        """Whether the forward is finite at the point; where it is not there is no gradient to speak of."""
        return all(map(is_finite, self.outputs))

    @kept
    def _digits_rng(self) -> np.random.Generator:
        """Where digits are read: apart, so that what is drawn later does not depend on whether somebody asked."""
        return np.random.default_rng((self.seed, 1))

    @kept
    def cotangents(self) -> tuple[Array, ...]:
        """The cotangent ``u``, one array per output."""
        return self.given or self.draw_cotangents()

    @kept
    def handed_cotangents(self) -> tuple[Array, ...]:
        """The copy of ``u`` that the first call of the vjp gets."""
        return tuple(copied(u) for u in self.cotangents)

    @property
    def raw(self) -> Any:
        """What ``vjp(u)`` returned, untouched but for constants; a Failure where it raised."""
        if not self._raw:
            self.backwards += 1
            raw = call_vjp(self.answer.vjp, self.answer.pack(self.handed_cotangents))
            self._raw.append(self.inputs_read.settled(raw))
        return self._raw[0]

    @property
    def raw_leaves(self) -> list[Any]:
        """What the vjp returned for each array among the inputs; ValueError where the structure is another one."""
        if not self._raw_leaves:
            self._raw_leaves.append(self.inputs_read.unpack(self.raw))
        return self._raw_leaves[0]

    @kept
    def shared(self) -> tuple[tuple[str, str], ...]:
        """Which gradient shares memory with what, by names."""
        if _have_their_own([*self.handed, *self.handed_cotangents, *self.answer.outputs], self.raw_leaves):
            return ()
        owners = [(f"the input `{a.name}`", x) for a, x in zip(self.arguments, self.handed, strict=True)]
        owners += [("the cotangent", u) for u in self.handed_cotangents]
        owners += [("the output y", y) for y in self.answer.outputs]
        found = []
        for argument, gradient in zip(self.arguments, self.raw_leaves, strict=True):
            if isinstance(gradient, np.ndarray) and gradient.size:
                owner = next((name for name, array in owners if _overlap(gradient, array)), None)
                found += [(argument.name, owner)] if owner else []
                owners.append((f"the gradient of `{argument.name}`", gradient))
        return tuple(found)

    @kept
    def gradients(self) -> Gradients:
        """The answer to ``u``; well-formed answers only. Copied where it shares memory with anything."""
        own = tuple(None if g is None else np.array(g) if self.shared else np.asarray(g) for g in self.raw_leaves)
        self._marks = tuple(map(_mark, own))
        return own

    def is_finite(self, position: int) -> bool:
        """Whether every entry of a gradient is finite; the mark of a large one mostly settles it."""
        gradient = self.gradients[position]
        if gradient is None:
            return True
        if gradient.size > SMALL and cmath.isfinite(np.frombuffer(self._marks[position], gradient.dtype)[0]):
            return True
        return is_finite(gradient)

    def overwritten(self) -> str | None:
        """Name of an input whose gradient, as first returned, was written over later."""
        now = map(_mark, self.gradients)
        pairs = zip(self.arguments, self._marks, now, strict=True)
        return next((a.name for a, before, after in pairs if before != after), None)

    @kept
    def probe(self) -> Probe:
        """The claim under test."""
        return Probe(reals(self.cotangents), reals(self.along(self.gradients)))

    @kept
    def point(self) -> Point:
        """The same point as the numerics see it: real arrays only."""
        point = RealOp(self).point()
        return replace(point, accuracy=self.case.accuracy) if self.case.accuracy else point

    def end(self) -> None:
        """Let go of the point, which calls the op through this trial: all memory is then free without a collection."""
        with suppress(AttributeError):  # nobody has asked for it
            del self.point

    @kept
    def coarseness(self) -> Coarseness:
        """How coarse the outputs' numbers are beside what their dtype says."""
        return measured_coarseness(self.point, self.rng)

    @kept
    def narrow(self) -> float:
        """The relative spacing of the numbers that the forward computes with inside, if coarser than its dtype says."""
        read = kept_digits(self.forward, self.inputs, self._digits_rng)
        return 0.0 if read is None else narrow_inside(read.of_values, self.outputs, self.inputs)

    @kept
    def narrow_here(self) -> float:
        """The same with what is lost at the inputs themselves; 0 where the forward keeps all digits elsewhere."""
        read = digits_here(self.forward, self.inputs, self._digits_rng) if self.narrow else None
        return self.narrow if read is None else min(max(self.narrow, *read.of_values), 1.0)

    @kept
    def lost_here(self) -> Sequence[float]:
        """How far apart the numbers lie that each output takes on around the point itself; 0 where nobody can tell."""
        read = digits_here(self.forward, self.inputs, self._digits_rng)
        return [0.0] * len(self.outputs) if read is None else read.spacing

    @kept
    def narrow_gradients(self) -> Sequence[float]:
        """The relative spacing that the gradients may have for that; 0 where the forward keeps all digits."""
        count = len(self.inputs)
        if not self.narrow:
            return [0.0] * count

        asked = (*self.inputs, *self.cotangents)
        elsewhere, here = (measure(self.pull_at, asked, self._digits_rng) for measure in (kept_digits, digits_here))
        if elsewhere is None:
            return [self.narrow] * count
        local = elsewhere if here is None else here
        pairs = enumerate(zip(elsewhere.of_values, local.of_values, strict=True))
        return [max(self.narrow, allowed(self._contributed(number), there, lost)) for number, (there, lost) in pairs]

    def _contributed(self, number: int) -> float:
        """The relative spacing of what one input contributes to the outputs."""

        def moved(arrays: Sequence[Array]) -> Sequence[Array] | None:
            return self.forward([arrays[0] if n == number else x for n, x in enumerate(self.inputs)])

        read = kept_digits(moved, [self.inputs[number]], self._digits_rng)
        return self.narrow if read is None else max(self.narrow, *read.of_changes)

    def let_go(self) -> None:
        """Drop the first answer and what it was given, with all that its closure keeps."""
        if not self.modified and not self.modified_options and self.gradients:
            self.first, self.handed, self._raw[0], self._raw_leaves[0] = None, (), None, []

    @property
    def writes(self) -> bool:
        """Whether the op or its vjp has written into what it was given."""
        pairs = zip(self.cotangents, self.handed_cotangents, strict=True)
        return bool(self.modified or self.modified_options) or not all(same(given, handed) for given, handed in pairs)

    @kept
    def twin(self) -> Twin | Failure | None:
        """The reference's answer at the same inputs and cotangent; None where the case has no reference."""
        if self.case.reference is None or self.case.another is not None:
            return None  # whose derivative is not the one that the backward is
        return ask_twin(
            self.case.reference, self.case.op, self.inputs_read, self.options, self.outputs, self.cotangents
        )

    @property
    def of_the_value(self) -> Trial:
        """The trial of the op's own value: this one, unless a surrogate gives the value that its vjp is judged by."""
        return self if self.case.another is None or stood_for(self.case.op) is None else self._of_what_is_stood_for

    @kept
    def _of_what_is_stood_for(self) -> Trial:
        case = replace(self.case, op=stood_for(self.case.op), surrogate=None)
        found = Trial.start(case, self.inputs_read, self.options, self.seed)
        if isinstance(found, Failure):
            raise ConventionError(f"`{self.case}` answered at its inputs once and now raises {found}")
        return found

    @kept
    def golden(self) -> Golden | None:
        """The same point in float64, where inputs have fewer digits; None where nobody can say."""
        return find_golden(self)

    @kept
    def yardstick(self) -> Twin | Failure | None:
        """The reference's answer in the dtypes of the inputs; None where the case has none."""
        return ask_yardstick(self)

    @kept
    def twin_computes_in(self) -> str | None:
        """The dtype in which the reference computes inside, where it is wider than that of the inputs."""
        return wider_inside(self)

    @kept
    def measured(self) -> Measured | None:
        """Every output and gradient before the measuring stick; None where there is no golden."""
        return None if self.golden is None else measure(self, self.golden)

    @kept
    def spreads(self) -> tuple[Error, ...]:
        """How far apart repeated calls are, of each output and gradient in the order of what is measured."""
        return spreads(self)

    @kept
    def measuring_rng(self) -> np.random.Generator:
        """Where last bits are moved: apart, like that of digits."""
        return np.random.default_rng((self.seed, 2))

    @kept
    def modified(self) -> tuple[str, ...]:
        """Names of the inputs whose private copies no longer hold what was handed over, once all has been asked."""
        pairs = zip(self.arguments, self.handed, strict=True)
        return tuple(a.name for a, x in pairs if not same(a.array, x))

    @kept
    def modified_options(self) -> tuple[str, ...]:
        """Names of the options whose private copies no longer hold what was handed over."""
        given = self.options.items()
        return tuple(name for name, value in given if not untouched(value, self.handed_options[name]))

    @property
    def modified_outputs(self) -> bool:
        """Whether the vjp wrote into an output."""
        outputs = zip(self.outputs, self.answer.outputs, strict=True)
        return not all(same(before, after) for before, after in outputs)


def _mark(array: Array | None) -> bytes:
    """Tells whether an array has been written over: the bytes of a small one, the sum of a large one."""
    if array is None:
        return b""
    return array.tobytes() if array.size <= SMALL else np.add.reduce(array, axis=None).tobytes()


def _have_their_own(others: Sequence[Array], gradients: Sequence[Any]) -> bool:
    """Whether each gradient is an array with memory of its own: then there is nothing to compare pair by pair."""
    arrays = [*others, *(g for g in gradients if isinstance(g, np.ndarray))]
    return all(array.flags.owndata for array in arrays) and len(set(map(id, arrays))) == len(arrays)


def _overlap(left: Array, right: Array) -> bool:
    return np.may_share_memory(left, right) and np.shares_memory(left, right)
