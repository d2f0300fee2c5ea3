"""One example as the hypotheses see it: what the op was given and answered, and every slope of its forward."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from gradcheck.generation.options import defaults
from gradcheck.numerics import LADDER, Line, Point, as_native, spacing
from gradcheck.numerics.jacobian import Jacobian, flat, jacobian
from gradcheck.numerics.projection import relative_spacing
from gradcheck.numerics.real import reals
from gradcheck.numerics.tolerance import Array
from gradcheck.pointing import homes_of
from gradcheck.protocol import Answer, Case, Failure, call_vjp
from gradcheck.protocol.dtypes import as_numbers
from gradcheck.protocol.signature import Dimension, loop_name
from gradcheck.trial import Trial

from .kept import kept_arrays
from .limits import LARGEST
from .named import named_arrays
from .trust import Trust, look_at, repeats

Labels = tuple[str, ...]


@dataclass(eq=False)
class Sample:
    """The op at one example. ``sizes`` are those of the signature, empty where there is none.

    ``scale`` is that of its values; ``borders`` are the values, by input, at which the op changes its rule; ``other``
    is another example, for those who ask whether the one leaves a trace in the other. ``noise`` is what the forward was
    found to lose of its digits.
    """

    trial: Trial
    sizes: Mapping[str, int]
    borders: Mapping[str, Sequence[float]] = field(default_factory=dict)
    other: Sample | None = None
    scale: float | tuple[float, ...] = 1.0
    noise: float = 0.0

    @classmethod
    def take(
        cls,
        case: Case,
        inputs: Sequence[Any],
        options: Mapping[str, Any],
        seed: int,
        borders: Mapping[str, Sequence[float]],
    ) -> Sample | None:
        """Call the op; None where it raises, or where every slope would be too many."""
        arguments = case.read(inputs, options)
        arrays = [leaf.array for leaf in arguments.leaves]
        if sum(a.size for a in arrays) > LARGEST:
            return None
        trial = Trial.start(case, arguments, options, seed)
        if isinstance(trial, Failure) or sum(y.size for y in trial.outputs) > LARGEST:
            return None
        if not all(np.isfinite(y).all() for y in trial.outputs):
            return None
        names = [leaf.name for leaf in arguments.leaves]
        sizes = {} if case.parsed is None else case.parsed.bind(names, [a.shape for a in arrays])
        return cls(trial, sizes, borders)

    @cached_property
    def inputs(self) -> tuple[Array, ...]:
        """The inputs, as leaves; what is not finite in data, such as a mask, counts for nothing."""
        pairs = zip(self.trial.arguments, self.trial.inputs, strict=True)
        return tuple(np.where(np.isfinite(x), x, 0).astype(x.dtype) if a.constant else x for a, x in pairs)

    @property
    def options(self) -> Mapping[str, Any]:
        """The options of the op, those at their default among them."""
        return {**defaults(self.trial.case.op), **self.trial.options}

    @property
    def outputs(self) -> tuple[Array, ...]:
        """The outputs of the forward."""
        return self.trial.outputs

    @property
    def names(self) -> tuple[str, ...]:
        """What the inputs are called."""
        return tuple(argument.name for argument in self.trial.arguments)

    @cached_property
    def output_names(self) -> tuple[str, ...]:
        """What the outputs are called: ``y``, or ``y[0]``, ``y[1]``."""
        return self.trial.answer.nesting.names

    @cached_property
    def cotangent(self) -> Array:
        """All cotangents in one row of real numbers."""
        return flat(reals(self.trial.cotangents))

    @cached_property
    def kept(self) -> Mapping[str, Array]:
        """What a fresh vjp keeps of its forward, by name; small arrays only, and finite ones."""
        answer = self.trial.call()
        found = {} if isinstance(answer, Failure) else kept_arrays(answer.vjp, self.trial.case.op)
        return {name: a for name, a in found.items() if a.size <= LARGEST and np.isfinite(a).all()}

    @cached_property
    def on_the_way(self) -> Mapping[str, Array]:
        """What the user's functions name between input and gradient, for this cotangent; small and finite arrays."""
        trial = self.trial
        homes = homes_of(trial.case.op)

        def call() -> None:
            answer = trial.call()
            if not isinstance(answer, Failure):
                call_vjp(answer.vjp, answer.pack([np.array(u) for u in trial.cotangents]))

        found = named_arrays(call, homes)
        return {name: a for name, a in found.items() if a.size <= LARGEST and np.isfinite(a).all()}

    @cached_property
    def answers(self) -> list[Any]:
        """What the vjp returned for each input, untouched; empty where it is malformed as a whole."""
        raw = self.trial.raw
        if not isinstance(raw, tuple) or len(raw) != len(self.trial.inputs_read.nestings):
            return []
        try:
            return list(self.trial.raw_leaves)
        except ValueError:
            return []

    @cached_property
    def slopes(self) -> dict[int, Jacobian | None]:
        """The Jacobians measured so far, by input."""
        return {}

    def jacobian(self, position: int) -> Jacobian | None:
        """Every slope with respect to one input."""
        if position not in self.slopes:
            self.slopes[position] = jacobian(self.trial.point, position)
        return self.slopes[position]

    @cached_property
    def trusts(self) -> dict[int, Trust]:
        """What is known of the forward so far, by input."""
        return {}

    def trust(self, position: int) -> Trust:
        """Whether the forward can be diagnosed along one input."""
        if position not in self.trusts:
            point = self.trial.point
            self.trusts[position] = look_at(point.forward, point.inputs, position)
        return self.trusts[position]

    @cached_property
    def repeats(self) -> bool:
        """Whether the op gives the same outputs at the same inputs."""
        return repeats(self.trial.point.forward, self.trial.point.inputs)

    @cached_property
    def claims(self) -> list[Array | None] | None:
        """For each input the claimed ``(outputs, entries)`` map: the vjp asked about one output entry at a time.

        None where it fails or its answer is malformed.
        """
        size = self.cotangent.size
        rows: list[list[Array | None]] = []
        for entry in range(size):
            unit = np.zeros(size)
            unit[entry] = self.cotangent[entry]
            gradients = self.pull(unit)
            if gradients is None:
                return None
            rows.append([None if g is None else g / self.cotangent[entry] for g in gradients])
        return [
            None if column[0] is None else np.array([g for g in column if g is not None])
            for column in zip(*rows, strict=True)
        ]

    def pull(self, cotangent: Array, answer: Answer | None = None) -> list[Array | None] | None:
        """Ask the vjp with another cotangent, a row of real numbers: each gradient flat and real."""
        native = self.split(cotangent)
        found = self.trial.pull(native) if answer is None else self.trial.ask(answer, native)
        found = None if found is None else self.trial.along(found)
        return None if found is None else [None if g is None else flat([g]) for g in reals(found)]

    def split(self, row: Array) -> list[Array]:
        """A row of real numbers as one array per output."""
        found, start = [], 0
        for y, real in zip(self.outputs, reals(self.outputs), strict=True):
            part = row[start : start + real.size].reshape(real.shape)
            found.append(np.asarray(as_native(part, y.dtype)).astype(y.dtype))
            start += real.size
        return found

    def labels(self, position: int) -> Labels:
        """The size of each axis of an input by name; ``#3`` where no signature names it."""
        shape = self.inputs[position].shape
        parsed = self.trial.case.parsed
        return _labels(shape, None if parsed is None else parsed.inputs[position], self.sizes)

    def output_labels(self, number: int) -> Labels:
        """The same for an output."""
        parsed = self.trial.case.parsed
        known = parsed is not None and number < len(parsed.outputs) and not parsed.free
        return _labels(self.outputs[number].shape, parsed.outputs[number] if parsed and known else None, self.sizes)

    def elsewhere(
        self, position: int, inputs: Sequence[Array], options: Mapping[str, Any] | None = None, only: Any = None
    ) -> list[tuple[float, float, float, float]]:
        """Finite differences at other inputs or options, along two random directions of one input, or of some entries.

        Each as (slope there, its error, slope that is claimed here, size of the latter). Empty where there are none.
        """
        trial = self.trial
        claimed = as_numbers(self.answers[position]) if self.answers and self.answers[position] is not None else None
        if claimed is None or np.shape(claimed) != self.inputs[position].shape:
            return []
        there = trial
        if options is not None:
            started = Trial.start(trial.case, trial.inputs_read, options, trial.seed)
            if isinstance(started, Failure):
                return []
            there = started
        moved_to = tuple(
            np.asarray(x).astype(like.dtype) for x, like in zip(reals(inputs), trial.point.inputs, strict=True)
        )
        start = there.point.forward(moved_to)
        if start is None or [y.shape for y in start] != [y.shape for y in trial.point.outputs]:
            return []
        if not all(np.isfinite(y).all() for y in start):
            return []
        point = Point(moved_to, tuple(np.array(y) for y in start), there.point.forward, trial.point.gradients)
        rng = np.random.default_rng(7)
        gradient = flat(reals((np.asarray(claimed),)))
        cotangents = reals(trial.cotangents)
        keep = np.ones(self.inputs[position].shape)
        if only is not None:
            keep[...] = 0
            keep[only] = 1
        found = []
        for _ in range(2):
            moves = rng.uniform(0.5, 1.5, gradient.size) * rng.choice([-1.0, 1.0], gradient.size)
            if only is not None:
                moves = moves * keep.ravel()
            moved = point.inputs[position]
            tangents = [
                moves.reshape(x.shape).astype(x.dtype) if place == position else None
                for place, x in enumerate(point.inputs)
            ]
            line = Line(point, cotangents, tangents)
            shares = [0.0 if v is None else float(np.abs(moves) @ np.abs(gradient)) for v in tangents]
            numerical = max(relative_spacing(point, tangents), spacing(moved.dtype))
            estimate = LADDER.climb(line.change, line.noise(shares, [1.0] * len(shares)), numerical)
            if not math.isfinite(estimate.value):
                return []
            found.append(
                (estimate.value, estimate.error, float(moves @ gradient), float(np.abs(moves) @ np.abs(gradient)))
            )
        return found


def _labels(shape: tuple[int, ...], core: tuple[Dimension, ...] | None, sizes: Mapping[str, int]) -> Labels:
    if core is None:
        return tuple(f"#{size}" for size in shape)
    named = tuple(str(size) for size in core if not isinstance(size, str) or size in sizes)
    loops = len(shape) - len(named)
    count = sum(1 for name in sizes if name.startswith(loop_name(0)[:5]))
    if loops < 0:
        return tuple(f"#{size}" for size in shape)
    return tuple(loop_name(count - loops + axis) for axis in range(loops)) + named
