"""GC404: compiled equals eager."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Failure, attempt, call_op, offered, private_options
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from ..comparing import differences, gradient_noise
from ..elsewhere import is_asked, trial_at
from ..forwards import other_outputs
from ..learned import Found, Learned
from ..limits import COMPILED_SELDOM


def applies(trial: Trial) -> bool:
    """Whether an op can be compiled, and that is asked at this point."""
    can = any(offered(trial.case.op, name) is not None for name in ("compiled", "opcheck"))
    return can and is_asked(trial, COMPILED_SELDOM)


def check(trial: Trial, learned: Learned) -> Iterator[Found]:
    """Ask the compiled op at the same inputs, and with one array in two places where two have the same shape.

    An op whose ``compiled`` raises NotImplementedError has none. Tests that a framework has of its own (``opcheck``)
    are rows beside these.
    """
    compiled, opcheck = (offered(trial.case.op, name) for name in ("compiled", "opcheck"))
    if applies(trial) and trial.finite:
        trial = trial.of_the_value
        if compiled is not None:
            found = _judge(trial, compiled, None) or _with_one_twice(trial, compiled)
            if found is not None:
                yield found
        if opcheck is not None:
            yield from _tests_of_its_own(trial, opcheck)


def _with_one_twice(trial: Trial, compiled: Any) -> Finding | None:
    """The first two arrays that can be one: floats of one shape and dtype with a gradient."""
    alike: dict[Any, int] = {}
    for number, argument in enumerate(trial.arguments):
        kind = (argument.array.shape, argument.array.dtype)
        if not argument.differentiable or not argument.array.size:
            continue
        if kind in alike:
            first = alike[kind]
            arrays = list(trial.inputs)
            arrays[number] = arrays[first]
            same = trial_at(trial, arrays)
            return None if same is None else _judge(same, compiled, (first, number))
        alike[kind] = number
    return None


def _judge(trial: Trial, compiled: Any, twice: tuple[int, int] | None) -> Finding | None:
    """Compare value and gradients; ``twice``: the places of the one array, whose gradients are added up."""
    where = "compiled"
    arrays = [np.array(x) for x in trial.inputs]
    if twice is not None:
        first, second = twice
        arrays[second] = arrays[first]
        names = [trial.arguments[number].name for number in twice]
        where = f"compiled, with one array as `{names[0]}` and `{names[1]}`"
    trial.forwards += 1
    answer = call_op(compiled, trial.inputs_read.pack(arrays), trial.options)
    if isinstance(answer, Failure):
        unavailable = isinstance(answer.error, NotImplementedError)
        return None if unavailable else _finding(f"{where}, the op raises {answer}")
    said = other_outputs(trial, answer.outputs, where)
    if said is not None:
        return _finding(said)
    leaves = trial.leaves(answer.vjp, answer.pack([np.array(u) for u in trial.cotangents]))
    if isinstance(leaves, Failure):
        return _finding(f"{where}, the vjp raises {leaves}")
    if leaves is None:
        return _finding(f"{where}, the vjp does not return one entry per input")
    for argument, gradient in zip(trial.arguments, leaves, strict=True):
        if argument.differentiable and np.shape(gradient) != argument.array.shape:
            got = "None" if gradient is None else f"of shape {np.shape(gradient)}"
            return _finding(f"{where}, the gradient of `{argument.name}` is {got}", argument.name)
    return _compare(trial, _added(leaves, twice), _added(trial.gradients, twice), where, twice)


def _added(gradients: Sequence[Any], twice: tuple[int, int] | None) -> list[Array | None]:
    """The gradients, with that of an array in two places once."""
    found = [None if g is None else np.asarray(g) for g in gradients]
    if twice is not None:
        first, second = (found[number] for number in twice)
        found[twice[0]] = first if second is None or first is None else first + second
        found[twice[1]] = None
    return found


def _compare(
    trial: Trial,
    actual: Sequence[Array | None],
    eager: Sequence[Array | None],
    where: str,
    twice: tuple[int, int] | None,
) -> Finding | None:
    def noise() -> Sequence[Array | None]:
        measured = gradient_noise(trial, trial.cotangents, trial.gradients)
        return _added(measured, twice)

    for name, index, value, before in differences(trial, actual, eager, noise):
        message = f"{where}, the gradient of `{name}` at {list(index)} is {value:.6g}, and {before:.6g} eagerly"
        return replace(_finding(message, name), index=index, claimed=value, expected=before)
    return None


def _tests_of_its_own(trial: Trial, opcheck: Any) -> Iterator[Found]:
    """What a framework's own tests say, one row each; a remark where all of them pass."""
    inputs = trial.inputs_read.pack([np.array(x) for x in trial.inputs])
    said = attempt(partial(opcheck, **private_options(trial.options)), *inputs)
    if isinstance(said, Failure):
        yield _finding(f"torch.library.opcheck raises {said}")
        return
    for test, words in said.items():
        if words:
            yield _finding(f"torch.library.opcheck, {test}: {words}")
    if not any(said.values()):
        yield Learned(remarks=(f"torch.library.opcheck: {', '.join(said)} pass; none of them judges a gradient",))


def _finding(message: str, argument: str | None = None) -> Finding:
    return Finding("GC404", Severity.ERROR, message, argument=argument)
