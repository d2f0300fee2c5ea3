"""``jax.vmap`` and ``jax.jit`` of a function, as ops."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import jax
import numpy as np

Axes = Sequence[int | None]
Make = Callable[[Callable[..., Any]], Any]
"""Makes an op of a function of JAX arrays."""

_UNTRACED = (jax.errors.JAXTypeError, jax.errors.JAXIndexError)  # the function looks at values, which a trace has not


def batching(function: Callable[..., Any], make: Make, *, derived: bool) -> dict[str, Any]:
    """What an op offers: ``batched`` and ``per_example``, each a function of the batch axis of every input.

    ``derived``: the backward is JAX's own, and so is its batch.
    """

    def batched(axes: Axes) -> Any:
        return _refusing(make(_mapped(function, axes)))

    def per_example(axes: Axes) -> Any:
        return _per_example(function, make, axes)

    for offer in (batched, per_example):
        offer.__dict__["derived"] = derived
    return {"batched": batched} if derived else {"batched": batched, "per_example": per_example}


def compiling(function: Callable[..., Any], make: Make) -> Any:
    """The op by ``jax.jit``, with options as static arguments; each set of names of theirs is compiled for itself."""

    @cache
    def jitted(names: tuple[str, ...]) -> Any:
        def fresh(*trees: Any, **options: Any) -> Any:  # by the function itself JAX would know it from an earlier call
            return function(*trees, **options)

        return jax.jit(fresh, static_argnames=names)

    def call(*trees: Any, **options: Any) -> Any:
        plain = tuple(name for name, value in options.items() if not isinstance(value, np.ndarray | jax.Array))
        return jitted(plain)(*trees, **options)

    call.__name__ = getattr(function, "__name__", type(function).__name__)
    return _refusing(make(call))


def _mapped(function: Callable[..., Any], axes: Axes) -> Callable[..., Any]:
    def mapped(*trees: Any, **options: Any) -> Any:
        return jax.vmap(lambda *some: function(*some, **options), in_axes=tuple(axes))(*trees)

    mapped.__name__ = getattr(function, "__name__", type(function).__name__)
    return mapped


def _per_example(function: Callable[..., Any], make: Make, axes: Axes) -> Any:
    """The op for a batch whose vjp gives the gradients of each example, those of inputs without a batch axis too.

    An input without a batch axis is repeated for the vjp to be asked in its own convention, example by example: what is
    mapped is the function with its pullback.
    """
    forward = make(_mapped(function, axes))

    def per_example_op(*inputs: Any, **options: Any) -> tuple[Any, Callable[[Any], Any]]:
        with _refusals():
            y, _ = forward(*inputs, **options)

        def pulled(*trees: Any) -> Any:
            *own, dy = trees
            outputs, pull = jax.vjp(lambda *some: function(*some, **options), *own)
            leaves, structure = jax.tree.flatten(outputs)
            given = iter(dy)
            whole = [next(given) if _moves(leaf) else np.zeros(leaf.shape, jax.dtypes.float0) for leaf in leaves]
            conjugated = [d.conj() if np.iscomplexobj(d) else d for d in whole]
            return pull(jax.tree.unflatten(structure, conjugated))

        def per_example_vjp(dy: Any) -> Any:
            with _refusals(), jax.enable_x64(True):
                cotangents = tuple(map(jax.numpy.asarray, dy if isinstance(dy, tuple) else (dy,)))
                trees = [jax.tree.map(jax.numpy.asarray, tree) for tree in inputs]
                found = jax.vmap(pulled, in_axes=(*axes, 0))(*trees, cotangents)
                return tuple(jax.tree.map(_as_gradient, tree) for tree in found)

        return y, per_example_vjp

    return per_example_op


def _moves(leaf: Any) -> bool:
    return bool(jax.numpy.issubdtype(leaf.dtype, jax.numpy.inexact))


def _as_gradient(g: Any) -> Any:
    if g.dtype == jax.dtypes.float0:
        return None
    return np.array(g.conj() if np.iscomplexobj(g) else g)


def _refusing(op: Callable[..., Any]) -> Callable[..., Any]:
    """The op, with NotImplementedError for what JAX cannot trace."""

    def traced_op(*inputs: Any, **options: Any) -> Any:
        with _refusals():
            y, vjp = op(*inputs, **options)

        def traced_vjp(dy: Any) -> Any:
            with _refusals():
                return vjp(dy)

        return y, traced_vjp

    traced_op.__name__ = getattr(op, "__name__", "op")
    return traced_op


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except _UNTRACED as error:
        raise NotImplementedError(f"JAX does not trace this function: {error}") from error
