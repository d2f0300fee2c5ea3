"""How a primitive of HIPS autograd becomes a row of a table.

``make_vjp`` of a single primitive is the rule registered for it and nothing more; what the rule returns is looked at as
it is, before anybody sums or casts it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import autograd.numpy as anp
from autograd import make_vjp

from gradcheck import Case


def from_autograd(function: Callable[..., Any], name: str, of: int) -> Callable[..., Any]:
    """An op of the first `of` inputs and their registered vjps; the inputs after those are not differentiated."""

    def call(*inputs, **options):
        def bound(*moved):
            return function(*moved, *inputs[of:], **options)

        vjp, y = make_vjp(bound, tuple(range(of)))(*inputs[:of])

        def autograd_vjp(dy):
            return *vjp(dy), *(None for _ in inputs[of:])

        return y, autograd_vjp

    call.__name__ = name
    return call


def row(
    function: Callable[..., Any],
    signature: str | None,
    name: str | None = None,
    *domains: Any,
    of: int | None = None,
    options: Mapping[str, Any] | None = None,
    inputs: tuple[Any, ...] | None = None,
) -> Case:
    """A row; domains stand in the order of the inputs."""
    op = from_autograd(function, name or function.__name__, of or _count(signature, inputs))
    named = {f"inputs[{position}]": domain for position, domain in enumerate(domains) if domain is not None}
    return Case(op, signature, name=name, options=options, domains=named, inputs=inputs)


def shaped(function, *static):
    """A primitive with positional arguments that are no arrays."""

    def call(x, **options):
        return function(x, *static, **options)

    call.__name__ = function.__name__
    return call


def untied(function):
    """Of entries that are kept apart, whatever is planted into x."""

    def call(x, **options):
        return function(x + anp.arange(x.size).reshape(x.shape) / 3, **options)

    call.__name__ = function.__name__
    return call


def of_order(function, order):
    def call(x):
        return function(order, x)

    call.__name__ = function.__name__
    return call


def _count(signature: str | None, inputs: tuple[Any, ...] | None) -> int:
    return len(inputs or ()) if signature is None else signature.partition("->")[0].count("(")
