"""An op as the numerics see it: real arrays only, in the widest dtype that it computes in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Protocol

from gradcheck.numerics import Point, as_native
from gradcheck.numerics.blocks import copied
from gradcheck.numerics.precision import EXTENDED, extended, narrowed, nearly, wide_dtype, widened
from gradcheck.numerics.real import reals
from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Answer, Arguments, Failure

Arrays = Sequence[Array]
Gradients = tuple[Array | None, ...]


class Asked(Protocol):
    """What of a trial is needed: its point, and how to ask the op again."""

    outputs: tuple[Array, ...]
    inputs_read: Arguments

    @property
    def inputs(self) -> tuple[Array, ...]:
        """The inputs as the user gave them."""

    @property
    def modified(self) -> tuple[str, ...]:
        """Names of the inputs into which the op was seen to write."""

    @property
    def narrow_here(self) -> float:
        """The relative spacing of the numbers that the forward computes with inside; 0 for that of its dtype."""

    def call(self, inputs: Arrays | None = None) -> Answer | Failure:
        """Call the op on copies."""

    def call_on(self, arrays: Arrays) -> Answer | Failure:
        """Call the op on these very arrays."""

    def outputs_of(self, answer: Answer | Failure) -> tuple[Array, ...] | None:
        """The outputs of an answer, where there are any of the same shapes."""

    def held(self, inputs: Arrays) -> list[Array]:
        """These inputs with every constant at what the user gave, and each array in the set that it moves in."""

    def along(self, gradients: Gradients, inputs: Arrays | None = None) -> Gradients:
        """What gradients say of changes inside the sets that inputs move in."""

    def pull(self, cotangents: Arrays, inputs: Arrays | None = None) -> Gradients | None:
        """Ask the vjp, at the point or elsewhere."""

    def ask(self, answer: Answer, cotangents: Arrays) -> Gradients | None:
        """Ask one vjp."""


class RealOp:
    """Forward and vjp of a trial on real arrays; ``dtypes`` are those in which inputs are handed to the op."""

    def __init__(self, trial: Asked) -> None:
        self.trial = trial
        self.dtypes = [x.dtype for x in trial.inputs]
        self.complex = any(dtype.kind == "c" for dtype in self.dtypes)
        self.free = not (trial.inputs_read.constants or trial.inputs_read.thin)
        self._stand_ins: dict[int, Array] = {}

    def point(self) -> Point:
        """The point of the trial.

        Inputs narrower than float64 are quantised first and then widened, where the op computes in float64 too:
        the forward is then differenced without their rounding, while the claim stays that of the narrow backward.
        """
        inputs, outputs = self.trial.inputs, self.trial.outputs
        here = Point(
            reals(inputs),
            reals(outputs),
            self.forward,
            self.pull,
            extended=self.extended,
            shadow=self.shadow,
            narrow=lambda: self.trial.narrow_here,
        )
        narrow = any(x.dtype.kind in "fc" and x.dtype.itemsize < wide_dtype(x).itemsize for x in inputs)
        if not narrow:
            return here
        wide = tuple(widened(x) for x in inputs)
        answer = self.trial.call(wide)
        if isinstance(answer, Failure) or any(y.dtype != wide_dtype(y) for y in answer.outputs):
            return here
        started = tuple(copied(y) for y in answer.outputs)
        if not all(nearly(y, native) for y, native in zip(started, outputs, strict=True)):
            return here  # too much is lost in the narrow dtype for both to be the same function
        self.dtypes = [x.dtype for x in wide]
        wide_gradients = partial(self.pull_wide, answer)
        return Point(
            reals(wide), reals(started), self.forward, self.pull, wide_gradients, narrow=lambda: self.trial.narrow_here
        )

    def forward(self, inputs: Arrays) -> tuple[Array, ...] | None:
        """The outputs; None where the op raises or changes their shapes. What does not move has a stand-in."""
        pairs = enumerate(zip(inputs, self.trial.inputs, strict=True))
        native = [self._stand_in(number) if x is own else x for number, (x, own) in pairs]
        native = self._as_handed(native) if self.complex else native if self.free else self.trial.held(native)
        outputs = self.trial.outputs_of(self.trial.call_on(native))
        return None if outputs is None else reals(outputs)

    def pull(self, cotangents: Arrays, inputs: Arrays | None = None) -> Gradients | None:
        """The gradients, at the point or elsewhere; None where the backward fails."""
        native = None if inputs is None else self._as_handed(inputs)
        gradients = self.trial.pull(self._native(cotangents), native)
        return None if gradients is None else reals(self.trial.along(gradients, native))

    def ask(self, answer: Answer, cotangents: Arrays, inputs: Arrays | None = None) -> Gradients | None:
        """The gradients of one answer, which belongs to the point or to these inputs."""
        gradients = self.trial.ask(answer, self._native(cotangents))
        return None if gradients is None else reals(self.trial.along(gradients, inputs))

    def pull_wide(self, answer: Answer, cotangents: Arrays, inputs: Arrays | None = None) -> Gradients | None:
        """The gradients of the backward in double precision, at the point, whose answer this is, or elsewhere."""
        native = None if inputs is None else self._as_handed(inputs)
        there = answer if native is None else self.trial.call(native)
        return None if isinstance(there, Failure) else self.ask(there, cotangents, native)

    def extended(self) -> Point | None:
        """The point in extended precision; None where the op does not work in it, or stays in a set of matrices."""
        if self.trial.inputs_read.thin:
            return None
        inputs = [extended(x) for x in self.trial.inputs]
        answer = self.trial.call(inputs)
        if isinstance(answer, Failure) or any(y.dtype.type not in EXTENDED for y in answer.outputs):
            return None

        def forward(arrays: Arrays) -> tuple[Array, ...] | None:
            native = [as_native(x, like.dtype) for x, like in zip(arrays, inputs, strict=True)]
            outputs = self.trial.outputs_of(self.trial.call(self.trial.held(native)))
            return None if outputs is None else reals(outputs)

        def gradients(cotangents: Arrays, _: Arrays | None) -> Gradients | None:
            return self.ask(answer, cotangents)

        return Point(reals(inputs), reals(answer.outputs), forward, gradients)

    def shadow(self, cotangents: Arrays, inputs: Arrays) -> tuple[tuple[Array, ...], Gradients] | None:
        """Outputs and gradients in float32, as float64 arrays; None where the op does not work in it."""
        if any(x.dtype.kind in "fc" and x.dtype != wide_dtype(x) for x in self.trial.inputs):
            return None
        native = self._as_handed(inputs)
        answer = self.trial.call_on([narrowed(x) for x in native])
        if isinstance(answer, Failure) or any(y.dtype == wide_dtype(y) for y in answer.outputs):
            return None
        gradients, outputs = self.ask(answer, cotangents, native), self.trial.outputs_of(answer)
        return None if gradients is None or outputs is None else (reals(outputs), gradients)

    def _stand_in(self, number: int) -> Array:
        """A private copy of an input; the same one every time, unless the op was seen to write into its inputs."""
        if self.trial.modified:
            return copied(self.trial.inputs[number])
        if number not in self._stand_ins:
            self._stand_ins[number] = copied(self.trial.inputs[number])
        return self._stand_ins[number]

    def _as_handed(self, inputs: Arrays) -> list[Array]:
        return self.trial.held([as_native(x, dtype) for x, dtype in zip(inputs, self.dtypes, strict=True)])

    def _native(self, cotangents: Arrays) -> list[Array]:
        return [as_native(u, y.dtype) for u, y in zip(cotangents, self.trial.outputs, strict=True)]
