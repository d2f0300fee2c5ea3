"""The three steps of coursework: a forward with a cache, a cost, and a backward that returns named gradients."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from gradcheck.errors import ConventionError, UsageError
from gradcheck.protocol.arguments import op_name

from .calling import positional_names
from .matching import matched
from .roles import op_signature, roles_of, told
from .scaling import scalar, times
from .starting import as_arrays, as_row

_ADAPTER = "from_steps"
_INPUTS = ("params", "X", "Y")
_WORDS = {
    "params": r"params?|parameters?|theta|weights?|w|p|model|net|network",
    "X": r"xs?|inputs?|data|features?|batch|x_(train|batch|in)",
    "Y": r"ys?|labels?|targets?|t|truth|gold|y_(true|train|batch)|train_y",
    "cache": r"caches?|saved|memory|ctx|context|state|activations?|forward_cache|store|stored|tape|intermediates",
    "A": r"[ah]\d*|al|a_(out|last|l)|y_?(hat|pred)|outputs?|out|pred(iction)?s?|prob(s|abilities)|scores?|logits?",
}
_JUDGED = "judged is the gradient of `{}` as it is written, with or without its 1/M; X and Y are data"


def from_steps(
    forward: Callable[..., Any], cost: Callable[..., Any], backward: Callable[..., Any]
) -> Callable[..., Any]:
    """Join ``forward(params, X) -> (A, cache)``, ``cost(A, Y)`` and ``backward(params, cache, X, Y) -> gradients``.

    The op is one of ``(params, X, Y)``, of which ``X`` and ``Y`` are data. The arguments of each function may come in
    any order that their names tell (``parameters``, ``caches``, ``AL``, ``labels``); the cost may want the parameters,
    and the backward the output ``A``, too. Whatever else they take are options. Parameters are a dict, list or tuple
    of arrays; their gradients are matched by name (``dW1`` for ``W1``), in a tuple by position.

    The gradient is that of the cost as it is written: where that lacks the ``1/M`` of its backward, or has one too
    many, the backward is wrong by the number of samples, and the report says so.

    >>> import numpy as np
    >>> def forward(params, X):
    ...     return params["w"] @ X, None
    >>> def cost(A, Y):
    ...     return 0.5 * np.sum((A - Y) ** 2)
    >>> def backward(params, A, X, Y):
    ...     return {"dw": (A - Y) @ X.T}
    >>> op = from_steps(forward, cost, backward)
    >>> y, vjp = op({"w": np.ones((1, 2))}, np.ones((2, 3)), np.zeros((1, 3)))
    >>> vjp(1.0)
    ({'w': array([[6., 6.]])}, None, None)
    """
    for function, what, roles in ((forward, "forward", {"A", "Y"}), (cost, "cost", {"params", "X"})):
        if callable(function) and told(function, _WORDS) == roles:
            names = ", ".join(f"`{name}`" for name in positional_names(function))
            raise UsageError(
                f"from_steps takes (forward, cost, backward), in this order; `{op_name(function)}`, with its arguments "
                f"{names}, is no {what}"
            )
    of_inputs = {role: _WORDS[role] for role in ("params", "X")}
    ahead = roles_of(forward, of_inputs, ("params", "X"), ("params", "X"), _ADAPTER, "forward")
    costs = roles_of(cost, _WORDS, ("A", "Y"), ("A", "Y"), _ADAPTER, "cost")
    back = roles_of(backward, _WORDS, ("params", "cache", "X", "Y"), (), _ADAPTER, "backward")

    def steps_op(params: Any, X: Any, Y: Any, **options: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
        for name, value in (("X", X), ("Y", Y)):
            if not isinstance(value, np.ndarray | np.generic | float | int):
                raise ConventionError(
                    f"from_steps makes an op of (params, X, Y), in this order, and {name} is a {type(value).__name__}"
                )
        values = {"params": params, "X": X, "Y": Y}
        result = ahead.call(values, options)
        if not (isinstance(result, tuple) and len(result) == 2):
            raise ConventionError(
                f"`{op_name(forward)}` returned {_kind(result)}; from_steps needs a forward that returns (A, cache)"
            )
        values["A"], values["cache"] = result

        def steps_vjp(dy: Any) -> tuple[Any, ...]:
            return times(as_row(matched(back.call(values, options), params), params), dy), None, None

        return scalar(op_name(cost), costs.call(values, options), _ADAPTER), steps_vjp

    steps_op.__name__ = steps_op.__qualname__ = op_name(backward)
    steps_op.__module__ = backward.__module__
    steps_op.__dict__.update(
        adapter="steps",
        constants=("X", "Y"),
        remarks=(_JUDGED.format(op_name(cost)),),
        __signature__=op_signature(_INPUTS, (ahead, costs, back)),
        __wrapped__=backward,
        reads=as_arrays,
        variants=lambda params, X, Y: _variants(op_name(cost), op_name(backward), steps_op, X, Y),
    )
    return steps_op


def _variants(cost: str, backward: str, op: Callable[..., Any], X: Any, Y: Any) -> list[tuple[str, Callable[..., Any]]]:
    """The op with the cost of the other truth, and what to say where its backward is right for that one."""
    found = []
    for count in _samples(np.shape(X), np.shape(Y)):
        every = "every gradient is right for the cost {} M = " + f"{count}, the number of samples: "
        summed = f"`{cost}` sums over them where `{backward}` averages"
        averaged = f"`{cost}` averages over them where `{backward}` does not divide by M"
        found.append((every.format("divided by") + summed, _scaled(op, 1 / count)))
        found.append((every.format("times") + averaged, _scaled(op, float(count))))
    return found


def _samples(x: tuple[int, ...], y: tuple[int, ...]) -> list[int]:
    """How many samples there may be: the sizes, other than 1, that both arrays have along their last or first axis."""
    pairs = [(x[-1], y[-1]), (x[0], y[0]), (x[-1], y[0])] if x and y else []
    return list(dict.fromkeys(a for a, b in pairs if a == b and a > 1))


def _scaled(op: Callable[..., Any], factor: float) -> Callable[..., Any]:
    @wraps(op)
    def scaled_op(*inputs: Any, **options: Any) -> Any:
        y, vjp = op(*inputs, **options)
        return factor * y, vjp

    return scaled_op


def _kind(result: Any) -> str:
    return f"a tuple of {len(result)}" if isinstance(result, tuple) else f"a {type(result).__name__}"
