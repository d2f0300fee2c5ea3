"""A function, its gradient and its Hessian as scipy.optimize takes them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Literal

from gradcheck.errors import ConventionError, UsageError
from gradcheck.foreign import repeated
from gradcheck.protocol.arguments import op_name

from .calling import demand_callable, demand_no_class
from .data import with_constants
from .hessian import second_of
from .matching import matched
from .scaling import scalar, times
from .starting import as_row, as_start

_ADAPTER = "from_value_and_grad"


def from_value_and_grad(
    fun: Callable[..., Any],
    grad: Callable[..., Any] | Literal[True],
    args: tuple[Any, ...] = (),
    *,
    hess: Callable[..., Any] | None = None,
    hessp: Callable[..., Any] | None = None,
    constants: Sequence[str] = (),
) -> Callable[..., Any]:
    """Make an op of ``fun(x, *args, **options) -> float`` and ``grad(x, *args, **options) -> array`` shaped like x.

    ``x`` may be a list of numbers or an array of integers, which become floats, or a dict, list, tuple or NamedTuple
    of arrays (nested, too); its gradient is matched to that by names (``dW`` for ``W``), else by position.

    ``grad=True`` says that ``fun`` returns ``(value, gradient)``, as ``jac=True`` does in ``scipy.optimize.minimize``;
    ``args`` has the same meaning as there. Further parameters may be passed as options, by name. The gradient is
    judged as it comes: nothing reshapes or casts it first, as scipy would, but for a list of floats.

    ``hess(x, *args)`` (dense, sparse or a LinearOperator) and ``hessp(x, p, *args)`` are judged under GC401: against
    the gradient, for symmetry, and against each other where there are both. ``constants`` names parts of ``x`` that
    are data, such as ``"x['mask']"``.

    >>> import numpy as np
    >>> op = from_value_and_grad(lambda x: float(x @ x), lambda x: 2 * x)
    >>> y, vjp = op(np.array([1.0, 2.0]))
    >>> vjp(1.0)
    (array([2., 4.]),)
    """
    name = op_name(fun)
    demand_callable(fun, "fun", _ADAPTER)
    demand_no_class(grad, "grad", _ADAPTER)
    if grad is not True and not callable(grad):
        raise UsageError(
            f"{_ADAPTER}: grad is {repeated(grad)}; pass the function that computes the gradient of `{name}`, "
            "or True where it returns (value, gradient)"
        )
    check_args(args, _ADAPTER)
    demand_room(fun, 1 + len(args), _ADAPTER)
    if grad is not True:
        demand_room(grad, 1 + len(args), _ADAPTER)

    def both(x: Any, options: dict[str, Any]) -> tuple[Any, Any]:
        """The value, and the gradient where ``fun`` gives it too."""
        value = fun(x, *args, **options)
        if grad is not True:
            return value, None
        if not (isinstance(value, tuple) and len(value) == 2):
            raise ConventionError(
                f"`{name}` returned a {type(value).__name__}; with grad=True it returns (value, gradient)"
            )
        return value

    def gradient_at(x: Any, options: dict[str, Any]) -> Any:
        return as_row(matched(both(x, options)[1] if grad is True else grad(x, *args, **options), x), x)

    @wraps(fun)
    def value_and_grad_op(x: Any, **options: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
        value, gradient = both(x, options)

        def value_and_grad_vjp(dy: Any) -> tuple[Any, ...]:
            found = gradient if grad is True else grad(x, *args, **options)
            return (times(as_row(matched(found, x), x), dy),)

        return scalar(name, value, _ADAPTER), value_and_grad_vjp

    value_and_grad_op.__dict__.update(adapter="value_and_grad", __signature__=one_input(fun, len(args)), reads=as_start)
    if grad is True:
        value_and_grad_op.__dict__["backward"] = (fun,)  # runs in the forward too, see source.named
    if hess is not None or hessp is not None:
        for function, count in ((hess, 1), (hessp, 2)):
            if function is not None:
                demand_callable(function, "hess" if count == 1 else "hessp", _ADAPTER)
                demand_room(function, count + len(args), _ADAPTER)
        second = second_of(gradient_at, hess, hessp, args)
        value_and_grad_op.__dict__.update(second=second, order=2)
    return with_constants(value_and_grad_op, constants, _ADAPTER)


def check_args(args: object, adapter: str) -> None:
    """Raise UsageError where ``args`` is no tuple."""
    if not isinstance(args, tuple):
        raise UsageError(f"{adapter}: args is a {type(args).__name__}; write a tuple, such as (value,)")


def demand_room(function: Callable[..., Any], count: int, adapter: str) -> None:
    """Raise UsageError where a function takes fewer arguments by position than it is given; more may be options."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except Exception:  # noqa: BLE001 - reading a signature asks a function for attributes, which may be code of its own
        return
    by_position = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    if len(by_position) >= count or any(p.kind is p.VAR_POSITIONAL for p in parameters):
        return
    raise UsageError(
        f"{adapter} calls `{op_name(function)}` with {count} argument{'' if count == 1 else 's'}, but it takes "
        f"{', '.join(f'`{name}`' for name in by_position) or 'none'}"
    )


def one_input(fun: Callable[..., Any], bound: int) -> inspect.Signature:
    """``(x, *, ...)``: the first parameter of ``fun`` is the input, the ones after ``args`` are options."""
    fallback = [inspect.Parameter("x", inspect.Parameter.POSITIONAL_ONLY)]
    try:
        parameters = list(inspect.signature(fun).parameters.values())
    except Exception:  # noqa: BLE001 - builtins and C extensions have no readable parameters, others code of their own
        return inspect.Signature([*fallback, inspect.Parameter("options", inspect.Parameter.VAR_KEYWORD)])
    named = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    keywords = [p.replace(kind=p.KEYWORD_ONLY) for p in named[1 + bound :] if p.kind is p.POSITIONAL_OR_KEYWORD]
    rest = [p for p in parameters if p.kind in (p.KEYWORD_ONLY, p.VAR_KEYWORD)]
    first = [p.replace(kind=p.POSITIONAL_ONLY, default=p.empty) for p in named[:1]] or fallback
    return inspect.Signature([*first, *keywords, *rest])
