"""GC403: a batch gives what its examples give one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Answer, Failure, attempt, call_op, offered
from gradcheck.protocol.dtypes import float_info
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from ..comparing import differences, gradient_noise
from ..elsewhere import is_alone, is_asked, trial_at
from ..forwards import other_outputs
from ..joint_equation import moved_elsewhere
from ..learned import Learned
from ..limits import BATCHED_SELDOM, EACH

_CAUSE = "the batching rule takes the batch axis for one of the example's own, or sums over it where it should not"

Mask = tuple[bool, ...]


def applies(trial: Trial) -> bool:
    """Whether an op has batches, and they are asked at this point."""
    return bool(_offers(trial)) and is_asked(trial, BATCHED_SELDOM)


def _offers(trial: Trial) -> list[str]:
    return [offer for offer in ("batched", "per_example") if offered(trial.case.op, offer) is not None]


def check(trial: Trial, learned: Learned) -> Iterator[Finding]:
    """A batch of two, this point and another: all inputs with a batch axis, then all but each.

    The first failure counts. An op whose ``batched`` raises NotImplementedError has none. Where a framework derived
    the rules (``derived``) nobody's is on trial: what disagrees is a hazard, and of many examples each asks one batch.
    """
    offers = _offers(trial)
    if not applies(trial) or not trial.finite:
        return
    trial = trial.of_the_value
    for offer in offers:
        derived = getattr(offered(trial.case.op, offer), "derived", False)
        masks = _masks(trial)
        for mask in masks if not derived or is_alone(trial) else [masks[trial.rng.integers(len(masks))]]:
            found = _judge(trial, offer, mask)
            if found is not None:
                yield replace(found, severity=Severity.HAZARD, likely_cause=None) if derived else found
                return


@dataclass(frozen=True)
class Batch:
    """What is asked: which inputs have a batch axis, and the trial of each example."""

    mask: Mask
    examples: tuple[Trial, Trial]
    each: bool

    @property
    def leaves(self) -> list[bool]:
        """The mask, by arrays."""
        nestings = self.examples[0].inputs_read.nestings
        return [batched for batched, nesting in zip(self.mask, nestings, strict=True) for _ in nesting.names]

    @property
    def where(self) -> str:
        """In words."""
        names = self.examples[0].inputs_read.names
        shared = [f"`{name}`" for name, batched in zip(names, self.mask, strict=True) if not batched]
        beside = f" that share {' and '.join(shared)}" if shared else ""
        return f"in a batch of two examples{beside}"

    def inputs(self) -> Sequence[Any]:
        """The inputs, with a batch axis in front where there is one."""
        pairs = zip(self.leaves, *(trial.inputs for trial in self.examples), strict=True)
        return self.examples[0].inputs_read.pack([np.stack(xs) if batched else xs[0].copy() for batched, *xs in pairs])

    def cotangents(self) -> list[Array]:
        """Those of the examples, one on the other."""
        return [np.stack(us) for us in zip(*(trial.cotangents for trial in self.examples), strict=True)]


def _masks(trial: Trial) -> list[Mask]:
    """Which positional inputs have a batch axis; of many, all and all but two."""
    count = len(trial.inputs_read.names)
    shared = range(count) if count <= EACH else trial.rng.choice(count, size=2, replace=False)
    every: list[Mask] = [(True,) * count]
    return every + [tuple(number != out for number in range(count)) for out in shared if count > 1]


def _judge(trial: Trial, offer: str, mask: Mask) -> Finding | None:
    """Ask the batch and each of its examples; None where one of them has no answer, or where there is no batch."""
    read, leaves = trial.inputs_read, []
    for batched, own in zip(mask, read.parts, strict=True):
        leaves += [moved_elsewhere(leaf.array) if batched else leaf.array for leaf in own]
    other = trial_at(trial, leaves) or trial_at(trial, trial.inputs)
    if other is None:
        return None
    batch = Batch(mask, (trial, other), offer == "per_example")
    answer = _ask(trial, offer, batch)
    if isinstance(answer, Failure):
        if isinstance(answer.error, NotImplementedError):
            return None
        return _finding(f"{batch.where}, the op raises {answer}")
    return _values(batch, answer) or _gradients(batch, answer)


def _ask(trial: Trial, offer: str, batch: Batch) -> Answer | Failure:
    op: Any = trial.case.op
    some = attempt(getattr(op, offer), tuple(0 if batched else None for batched in batch.mask))
    if isinstance(some, Failure):
        return some
    trial.forwards += 1
    return call_op(some, batch.inputs(), trial.options)


def _values(batch: Batch, answer: Answer) -> Finding | None:
    """The value of each example, beside its row of the batch."""
    wanted = [(2, *y.shape) for y in batch.examples[0].outputs]
    if [y.shape for y in answer.outputs] != wanted:
        shapes = ", ".join(str(y.shape) for y in answer.outputs)
        return _finding(f"{batch.where}, the outputs have shapes {shapes}, not {', '.join(map(str, wanted))}")
    for number, trial in enumerate(batch.examples):
        said = other_outputs(trial, [y[number] for y in answer.outputs], f"row {number} of a batch")
        if said is not None:
            return _finding(f"{batch.where}: {said}")
    return None


def _gradients(batch: Batch, answer: Answer) -> Finding | None:
    """The gradients of each example beside its row of the batch; of an input that is shared, their sum."""
    trial = batch.examples[0]
    leaves = trial.leaves(answer.vjp, answer.pack(batch.cotangents()))
    if isinstance(leaves, Failure):
        unavailable = isinstance(leaves.error, NotImplementedError)
        return None if unavailable else _finding(f"{batch.where}, the vjp raises {leaves}")
    if leaves is None:
        return _finding(f"{batch.where}, the vjp does not return one entry per input")
    rows = [batched or batch.each for batched in batch.leaves]
    for argument, gradient, by_row in zip(trial.arguments, leaves, rows, strict=True):
        shape = (2, *argument.array.shape) if by_row else argument.array.shape
        if argument.differentiable and np.shape(gradient) != shape:
            got = "None" if gradient is None else f"of shape {np.shape(gradient)}"
            return _finding(f"{batch.where}, the gradient of `{argument.name}` is {got}, not {shape}", argument.name)
    found = [g if a.differentiable else None for g, a in zip(leaves, trial.arguments, strict=True)]
    return _rows(batch, found, rows) or _sums(batch, found, rows)


def _rows(batch: Batch, gradients: Sequence[Any], rows: Sequence[bool]) -> Finding | None:
    for number, trial in enumerate(batch.examples):
        own = [g[number] if g is not None and by_row else None for g, by_row in zip(gradients, rows, strict=True)]
        noise = _noise(trial)
        for name, index, value, alone in differences(trial, own, trial.gradients, noise):
            message = (
                f"{batch.where}, the gradient of `{name}` in example {number} is {value:.6g} at {list(index)}; by "
                f"itself it is {alone:.6g}"
            )
            return replace(_finding(message, name), index=index, claimed=value, expected=alone)
    return None


def _sums(batch: Batch, gradients: Sequence[Any], rows: Sequence[bool]) -> Finding | None:
    first, second = batch.examples
    own = [None if by_row else g for g, by_row in zip(gradients, rows, strict=True)]
    pairs = list(zip(first.gradients, second.gradients, strict=True))
    wanted = [None if a is None or b is None else a + b for a, b in pairs]

    def noise() -> list[Array | None]:
        both = zip(_noise(first)(), _noise(second)(), pairs, strict=True)
        return [
            None if m is None or n is None or a is None or b is None else m + n + _rounding(a, b)
            for m, n, (a, b) in both
        ]

    for name, index, value, total in differences(first, own, wanted, noise):
        message = (
            f"{batch.where}, the gradient of `{name}`, which they share, is {value:.6g} at {list(index)}; those of the "
            f"examples add up to {total:.6g}"
        )
        return replace(_finding(message, name), index=index, claimed=value, expected=total)
    return None


def _rounding(a: Array, b: Array) -> Array:
    """What a sum may lose of its terms."""
    return np.asarray(float_info(a.dtype).eps * np.maximum(np.abs(a), np.abs(b)))


def _noise(trial: Trial) -> Any:
    return lambda: gradient_noise(trial, trial.cotangents, trial.gradients)


def _finding(message: str, argument: str | None = None) -> Finding:
    return Finding("GC403", Severity.ERROR, message, argument=argument, likely_cause=_CAUSE)
