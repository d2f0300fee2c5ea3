"""One op at one point: called on private copies, with every call counted.

What the laws look at. The user's own arrays are never handed to the op; a fresh copy is, at every call.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import numpy as np

from gradcheck.adapters.twin import twin_op
from gradcheck.numerics import Point, Probe, draw_cotangents
from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Answer, Argument, Case, Failure, call_op, call_vjp


@dataclass(frozen=True)
class Twin:
    """What an independent witness answers at the same point, in float64."""

    outputs: tuple[Array, ...]
    gradients: tuple[Array | None, ...]


@dataclass
class Trial:
    """The op, the point, one cotangent ``u``, and what the op answered there.

    ``outputs`` are copies from before any vjp could touch the answer; ``handed`` are the very arrays that the
    op was given; laws leave what they learn in ``floor`` and ``remarks``.
    """

    case: Case
    arguments: tuple[Argument, ...]
    options: Mapping[str, Any]
    seed: int
    answer: Answer
    outputs: tuple[Array, ...]
    handed: tuple[Array, ...]
    changed_by_forward: tuple[str, ...]
    forwards: int = 1
    backwards: int = 0
    floor: dict[str, float] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    @classmethod
    def start(
        cls, case: Case, arguments: tuple[Argument, ...], options: Mapping[str, Any], seed: int
    ) -> Trial | Failure:
        """Call the op once at the point."""
        handed = tuple(_copy(argument.array) for argument in arguments)
        answer = call_op(case.op, handed, options)
        if isinstance(answer, Failure):
            return answer
        changed = _changed(arguments, handed)
        outputs = tuple(_copy(y) for y in answer.outputs)
        return cls(case, arguments, options, seed, answer, outputs, handed, changed)

    @property
    def inputs(self) -> tuple[Array, ...]:
        """The inputs as the user gave them."""
        return tuple(argument.array for argument in self.arguments)

    @property
    def differentiable(self) -> tuple[str, ...]:
        """Names of the inputs that have a gradient."""
        return tuple(argument.name for argument in self.arguments if argument.differentiable)

    @cached_property
    def rng(self) -> np.random.Generator:
        """The one source of randomness of this trial."""
        return np.random.default_rng(self.seed)

    @cached_property
    def cotangents(self) -> tuple[Array, ...]:
        """The cotangent ``u``, one array per output."""
        return draw_cotangents(self.rng, self.outputs)

    @cached_property
    def handed_cotangents(self) -> tuple[Array, ...]:
        """The copy of ``u`` that the first call of the vjp gets."""
        return tuple(_copy(u) for u in self.cotangents)

    @cached_property
    def raw(self) -> Any:
        """What ``vjp(u)`` returned, untouched; a Failure where it raised."""
        self.backwards += 1
        return call_vjp(self.answer.vjp, self.answer.pack(self.handed_cotangents))

    @cached_property
    def gradients(self) -> tuple[Array | None, ...]:
        """The answer to ``u``, copied at once so that nothing later can change it; well-formed answers only."""
        return tuple(None if g is None else np.array(g) for g in self.raw)

    @property
    def probe(self) -> Probe:
        """The claim under test."""
        return Probe(self.cotangents, self.gradients)

    @cached_property
    def point(self) -> Point:
        """The same point as the numerics see it.

        Inputs narrower than float64 are quantised first and then widened, where the op computes in float64 too:
        the forward is then differenced without their rounding, while the claim stays that of the narrow backward.
        """
        if all(x.dtype.kind != "f" or x.dtype.itemsize >= 8 for x in self.inputs):
            return Point(self.inputs, self.outputs, self.forward, self.pull)
        wide = tuple(_wide(x) for x in self.inputs)
        answer = self.call(wide)
        if isinstance(answer, Failure) or any(y.dtype.itemsize < 8 for y in answer.outputs):
            return Point(self.inputs, self.outputs, self.forward, self.pull)
        outputs = tuple(_copy(y) for y in answer.outputs)
        return Point(wide, outputs, self.forward, self.pull, partial(self.ask, answer))

    @cached_property
    def twin(self) -> Twin | Failure | None:
        """The reference's answer at the same inputs and cotangent; None where the case has no reference."""
        if self.case.reference is None:
            return None
        inputs = [_wide(x) for x in self.inputs]
        answer = call_op(twin_op(self.case.reference), inputs, self.options)
        if isinstance(answer, Failure):
            return answer
        shapes = [y.shape for y in answer.outputs]
        if shapes != [y.shape for y in self.outputs]:
            return Twin(answer.outputs, ())
        raw = call_vjp(answer.vjp, answer.pack([_wide(u) for u in self.cotangents]))
        if isinstance(raw, Failure):
            return raw
        return Twin(answer.outputs, tuple(None if g is None else np.asarray(g) for g in raw))

    @cached_property
    def again(self) -> Answer | Failure:
        """What the op answers when it is called a second time at the same inputs."""
        return self.call()

    def call(self, inputs: Sequence[Array] | None = None) -> Answer | Failure:
        """Call the op again, at the point or elsewhere."""
        self.forwards += 1
        return call_op(self.case.op, [_copy(x) for x in inputs or self.inputs], self.options)

    def forward(self, inputs: Sequence[Array]) -> tuple[Array, ...] | None:
        """Only the outputs; None where the op raises or its outputs change shape."""
        answer = self.call(inputs)
        if isinstance(answer, Failure):
            return None
        if [y.shape for y in answer.outputs] != [y.shape for y in self.outputs]:
            return None
        return answer.outputs

    def pull(
        self, cotangents: Sequence[Array], inputs: Sequence[Array] | None = None
    ) -> tuple[Array | None, ...] | None:
        """Ask the vjp at the point, or a fresh one elsewhere in the inputs' own dtypes.

        None where it fails or its answer is malformed.
        """
        answer: Answer | Failure = self.answer
        if inputs is not None:
            own = zip(inputs, self.inputs, strict=True)
            answer = self.call([np.asarray(x).astype(like.dtype) for x, like in own])
        return None if isinstance(answer, Failure) else self.ask(answer, cotangents)

    def ask(self, answer: Answer, cotangents: Sequence[Array]) -> tuple[Array | None, ...] | None:
        """Ask one vjp, with cotangents of its outputs' own dtypes; None where it fails or is malformed."""
        self.backwards += 1
        own = [np.array(u).astype(y.dtype) for u, y in zip(cotangents, answer.outputs, strict=True)]
        raw = call_vjp(answer.vjp, answer.pack(own))
        if not isinstance(raw, tuple) or len(raw) != len(self.arguments):
            return None
        gradients = tuple(None if g is None else np.array(g) for g in raw)
        for g, argument in zip(gradients, self.arguments, strict=True):
            if (g is not None) != argument.differentiable or (g is not None and g.shape != argument.array.shape):
                return None
        return gradients

    def changed_inputs(self) -> tuple[str, ...]:
        """Names of the inputs whose private copies no longer hold what was handed over."""
        return _changed(self.arguments, self.handed)


def _wide(array: Array) -> Array:
    """A float64 copy of a floating array; others as they are."""
    return np.array(array, np.float64) if array.dtype.kind == "f" else np.array(array)


def _copy(array: Array) -> Array:
    return np.array(array, copy=True, order="K")


def _changed(arguments: Sequence[Argument], handed: Sequence[Array]) -> tuple[str, ...]:
    return tuple(
        argument.name
        for argument, copy in zip(arguments, handed, strict=True)
        if not np.array_equal(argument.array, copy)
    )
