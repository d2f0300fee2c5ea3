"""One op at one point: how it is called there and elsewhere, on private copies, with every call counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from gradcheck.errors import ConventionError
from gradcheck.kept import kept
from gradcheck.numerics import as_native, draw_cotangents
from gradcheck.numerics.blocks import copied
from gradcheck.numerics.real import reals
from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Answer, Argument, Arguments, Case, Failure, call_op, call_vjp, call_with, private_options
from gradcheck.protocol.dtypes import as_numbers
from gradcheck.protocol.signature import shapes_in_words

from .real_op import Gradients


@dataclass
class Calls:
    """The op, the point, and what the op answered there first.

    Arrays are leaves: a nested input or output is taken apart. ``outputs`` are copies from before any vjp could
    touch the answer; ``handed`` and ``handed_options`` are what the op was given, never the user's own arrays.
    ``remarks`` is what came out in calling it.
    """

    case: Case
    inputs_read: Arguments
    options: Mapping[str, Any]
    seed: int
    first: Answer | None
    outputs: tuple[Array, ...]
    handed: tuple[Array, ...]
    handed_options: Mapping[str, Any] = field(default_factory=dict)
    forwards: int = 1
    backwards: int = 0
    remarks: list[str] = field(default_factory=list)

    @classmethod
    def start(cls, case: Case, arguments: Arguments, options: Mapping[str, Any], seed: int) -> Self | Failure:
        """Call the op once at the point."""
        handed = tuple(copied(argument.array) for argument in arguments.leaves)
        own = private_options(options)
        answer = call_with(case.op, arguments.pack(handed), own)
        if isinstance(answer, Failure):
            return answer
        return cls(case, arguments, options, seed, answer, tuple(copied(y) for y in answer.outputs), handed, own)

    @property
    def arguments(self) -> tuple[Argument, ...]:
        """Every array among the inputs."""
        return self.inputs_read.leaves

    @kept
    def inputs(self) -> tuple[Array, ...]:
        """The inputs as the user gave them."""
        return tuple(argument.array for argument in self.arguments)

    @kept
    def differentiable(self) -> tuple[str, ...]:
        """Names of the inputs that have a gradient."""
        return tuple(argument.name for argument in self.arguments if argument.differentiable)

    @kept
    def _shapes(self) -> list[tuple[int, ...]]:
        """Of the outputs; what every later call is held against."""
        return [y.shape for y in self.outputs]

    @kept
    def rng(self) -> np.random.Generator:
        """The one source of randomness of this trial."""
        return np.random.default_rng(self.seed)

    @property
    def answer(self) -> Answer:
        """What the op returned at the point; where that was let go, what it returns there now."""
        if self.first is None:
            again = self.again
            if isinstance(again, Failure):
                raise ConventionError(f"`{self.case}` answered at its inputs once and now raises {again}")
            return again
        return self.first

    @kept
    def again(self) -> Answer | Failure:
        """What the op answers when it is called a second time at the same inputs."""
        return self.call()

    @property
    def output_names(self) -> tuple[str, ...]:
        """``y``, or those of its parts."""
        return self.answer.nesting.names

    def draw_cotangents(self) -> tuple[Array, ...]:
        """Fresh cotangents, one array per output."""
        drawn = draw_cotangents(self.rng, reals(self.outputs))
        return tuple(as_native(u, y.dtype) for u, y in zip(drawn, self.outputs, strict=True))

    def call(self, inputs: Sequence[Array] | None = None) -> Answer | Failure:
        """Call the op again on copies, at the point or elsewhere."""
        return self.call_on([copied(x) for x in inputs or self.inputs])

    def call_on(self, arrays: Sequence[Array]) -> Answer | Failure:
        """Call the op on these very arrays."""
        self.forwards += 1
        return call_op(self.case.op, self.inputs_read.pack(arrays), self.options)

    def forward(self, inputs: Sequence[Array]) -> tuple[Array, ...] | None:
        """Only the outputs; None where the op raises or its outputs change shape. Constants and sets hold."""
        return self.outputs_of(self.call(self.held(inputs)))

    def held(self, inputs: Sequence[Array]) -> list[Array]:
        """These inputs with every constant at what the user gave, and each array in the set that it moves in."""
        return self.inputs_read.held(inputs)

    def along(self, gradients: Gradients, inputs: Sequence[Array] | None = None) -> Gradients:
        """What gradients say of changes inside the sets that inputs move in."""
        return self.inputs_read.along(gradients, inputs) if self.inputs_read.thin else gradients

    def pull(self, cotangents: Sequence[Array], inputs: Sequence[Array] | None = None) -> Gradients | None:
        """Ask the vjp at the point, or a fresh one elsewhere in the inputs' own dtypes.

        None where it fails or its answer is malformed.
        """
        answer: Answer | Failure = self.answer
        if inputs is not None:
            own = zip(self.held(inputs), self.inputs, strict=True)
            answer = self.call_on([np.asarray(x).astype(like.dtype) for x, like in own])
        return None if isinstance(answer, Failure) else self.ask(answer, cotangents)

    def pull_at(self, arrays: Sequence[Array]) -> Gradients | None:
        """The same of inputs and the cotangents behind them, as one function of all that a gradient depends on."""
        count = len(self.inputs)
        return self.pull(arrays[count:], arrays[:count])

    def ask(self, answer: Answer, cotangents: Sequence[Array]) -> Gradients | None:
        """Ask one vjp, with copies of cotangents in its outputs' own dtypes; None where it fails or is malformed."""
        gradients = self.ask_with(
            answer, [np.array(u).astype(y.dtype) for u, y in zip(cotangents, answer.outputs, strict=True)]
        )
        return None if gradients is None else tuple(None if g is None else np.array(g) for g in gradients)

    def leaves(self, vjp: Callable[[Any], Any], dy: Any) -> Sequence[Any] | Failure | None:
        """What a vjp returns, leaf by leaf as it stands; None where that is no tuple of one entry per input."""
        self.backwards += 1
        raw = self.inputs_read.settled(call_vjp(vjp, dy))
        if isinstance(raw, Failure):
            return raw
        if not isinstance(raw, tuple) or len(raw) != len(self.inputs_read.nestings):
            return None
        try:
            return self.inputs_read.unpack(raw)
        except ValueError:
            return None

    def ask_with(self, answer: Answer, cotangents: Sequence[Array]) -> Gradients | None:
        """Ask one vjp with these very cotangents; None where it fails or its answer is malformed."""
        leaves = self.leaves(answer.vjp, answer.pack(cotangents))
        if leaves is None or isinstance(leaves, Failure):
            return None
        gradients = [None if g is None else as_numbers(g) for g in leaves]
        for leaf, g, argument in zip(leaves, gradients, self.arguments, strict=True):
            if (leaf is not None) != argument.differentiable or (g is None) != (leaf is None):
                return None
            if g is not None and g.shape != argument.array.shape:
                return None
        return tuple(gradients)

    def outputs_of(self, answer: Answer | Failure) -> tuple[Array, ...] | None:
        """The outputs of an answer; None where the op raised or they have another shape, which is remarked."""
        if isinstance(answer, Failure):
            return None
        now = [y.shape for y in answer.outputs]
        if self._shapes == now:
            return answer.outputs
        shapes = f"{shapes_in_words(self._shapes)} at one call and {shapes_in_words(now)} at another"
        changed = f"the output has shape {shapes}, at inputs of one shape"
        if changed not in self.remarks:
            self.remarks.append(changed)
        return None
