"""Ops that stand in for the user's: asked of a fresh forward for each vjp, or with the value of a surrogate.

Either keeps what the op offers, and the op itself as its attribute ``stands_for``.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import numpy as np

from gradcheck.errors import ConventionError

from .dtypes import is_inexact
from .nesting import nested
from .private import private

Op = Callable[..., Any]


def asked_anew(op: Op) -> Op:
    """The op on private inputs, each vjp of which begins with a forward of its own, and gets its own cotangent.

    So neither state nor writing in place can spoil what a later call answers.
    """

    @wraps(op)
    def op_anew(*inputs: Any, **options: Any) -> Any:
        kept = [private(x) for x in inputs]
        result = op(*[private(x) for x in inputs], **options)
        if not is_pair(result):
            return result

        def vjp_anew(dy: Any) -> Any:
            _, vjp = op(*[private(x) for x in kept], **{name: private(value) for name, value in options.items()})
            return private(vjp(private(dy)))

        return private(result[0]), vjp_anew

    kept_offers(op_anew, op, asked_anew)
    return op_anew


def valued_by(op: Op, surrogate: Callable[..., Any], like: Op | None = None) -> Op:
    """The op with the value of the surrogate, whose derivative its vjp is meant to be.

    ``like``: the op that knows how its framework calls a forward, where this one is what it offers.
    """
    like = op if like is None else like
    value = _value_of(like, surrogate)

    @wraps(op)
    def surrogate_op(*inputs: Any, **options: Any) -> Any:
        kept = [private(x) for x in inputs]  # the op may write into what it is given
        result = op(*inputs, **options)
        return (value(result[0], kept, options), result[1]) if is_pair(result) else result

    def jvp(inputs: tuple[Any, ...], tangents: tuple[Any, ...], **options: Any) -> Any:
        answer = op.jvp(inputs, tangents, **options)  # type: ignore[attr-defined]
        return (
            (value(answer[0], inputs, options), answer[1]) if isinstance(answer, tuple) and len(answer) == 2 else answer
        )

    kept_offers(surrogate_op, op, lambda some: valued_by(some, surrogate, like))
    own = surrogate_op.__dict__
    if "jvp" in own:
        own["jvp"] = wraps(own["jvp"])(jvp)
    return surrogate_op


def is_pair(result: Any) -> bool:
    """Whether an op returned what an op returns, a value and a vjp."""
    return isinstance(result, tuple) and len(result) == 2 and callable(result[1])


def own_op(op: Op) -> Op:
    """The user's op, whatever stands in for it."""
    while stood_for(op) is not None:
        op = stood_for(op)
    return op


def stood_for(op: Op) -> Any:
    """What an op stands in for; None where it is the user's own."""
    return getattr(op, "__dict__", {}).get("stands_for")


def kept_offers(standing: Op, op: Op, stand: Callable[[Op], Op]) -> None:
    """Give what stands for an op all that the op offers, and the op itself."""
    own = standing.__dict__
    own["stands_for"] = op
    if hasattr(op, "second"):  # also where a class has it, of which `wraps` takes nothing along
        own["second"] = op.second
    if "wanting" in own:
        wanting = own["wanting"]
        own["wanting"] = lambda wanted: stand(wanting(wanted))


def _value_of(op: Op, surrogate: Callable[..., Any]) -> Callable[[Any, Any, Mapping[str, Any]], Any]:
    """The surrogate on arrays, held against the value of the op that it stands for.

    It is a forward in NumPy, an op, or a function of what the op's adapter hands over (tensors), which says how such
    a forward is called: its attribute ``forward_of``.
    """
    name = getattr(surrogate, "__name__", type(surrogate).__name__)
    of_framework = None if hasattr(surrogate, "adapter") else getattr(op, "__dict__", {}).get("forward_of")
    call = surrogate if of_framework is None else of_framework(surrogate)
    taken = _options_of(surrogate)

    def value(y: Any, inputs: Any, options: Mapping[str, Any]) -> Any:
        own = {key: private(part) for key, part in options.items() if taken is None or key in taken}
        other = call(*inputs, **own)
        other = other[0] if is_pair(other) else other
        return _like(name, y, other)

    return value


def _options_of(function: Callable[..., Any]) -> frozenset[str] | None:
    """The options that a function takes by name; None where it takes any, or nobody can tell."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return frozenset()
    if any(p.kind is p.VAR_KEYWORD for p in parameters):
        return None
    return frozenset(p.name for p in parameters if p.kind in (p.KEYWORD_ONLY, p.POSITIONAL_OR_KEYWORD))


def _like(name: str, y: Any, other: Any) -> Any:
    """The value of a surrogate in the structure and dtype of the op's own; a sentence where its shape is another."""
    mine, nesting = nested("y", y)
    theirs, _ = nested("y", other)
    arrays = [np.asarray(part) for part in theirs]
    shapes = [np.shape(part) for part in mine]
    if [array.shape for array in arrays] != shapes or not all(
        array.dtype.kind in "iub" or is_inexact(array.dtype) for array in arrays
    ):
        raise ConventionError(
            f"the surrogate `{name}` returned {_kinds(arrays)} and the op returned {_kinds(mine)}: a surrogate is a "
            "forward of the same inputs, with outputs of the same shapes"
        )
    return nesting.pack([array.astype(np.asarray(part).dtype) for array, part in zip(arrays, mine, strict=True)])


def _kinds(parts: Any) -> str:
    return ", ".join(f"{np.asarray(part).dtype}{list(np.shape(part))}" for part in parts) or "nothing"
