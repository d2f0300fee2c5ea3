"""JAX functions as ops; the only file that imports jax."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import wraps
from importlib import import_module
from typing import Any

import jax
import numpy as np
import numpy.typing as npt

from gradcheck.errors import ConventionError, InputError
from gradcheck.foreign import repeated

from .data import with_constants
from .jax_transforms import batching, compiling

_UNASKED = (
    "the backward can be differentiated itself, and its second derivatives were not asked for: say order=2 in the case"
)

Array = npt.NDArray[Any]
Op = Callable[..., Any]


def from_jax(function: Callable[..., Any], *, constants: Sequence[str] = ()) -> Op:
    """Make an op of a JAX function, one with ``custom_vjp`` or ``custom_jvp`` included; ``jax.vjp`` is its vjp.

    NumPy arrays in and out, nested inputs allowed; ``y`` is an array where there is one floating output, a tuple
    where there are several. Options go by name. Float64 stays float64 whatever ``jax_enable_x64`` says, and that
    setting stays as it is. JAX checks shapes and dtypes of what a ``custom_vjp`` returns itself; its sentence is shown.
    Gradients of complex inputs are conjugated: JAX's convention is the conjugate of the one here.

    ``constants`` names inputs that are data: no gradient is asked of them.

    The op offers ``forward``, which is the function itself where ``y`` comes from the forward rule of its
    ``custom_vjp``; ``wanting``; ``second``; ``batched``, by ``jax.vmap``; ``compiled``, by ``jax.jit``; and ``jvp``,
    unless the function is a ``custom_vjp``, which has none.

    >>> import numpy as np
    >>> import jax.numpy as jnp
    >>> y, vjp = from_jax(jnp.sin)(np.array([0.0]))
    >>> vjp(np.array([2.0]))
    (array([2.]),)
    """
    if not callable(function):
        raise ConventionError(f"from_jax needs a function of JAX arrays, not {repeated(function)}")
    op = _op(function)
    op.__dict__.update(
        forward=_forward(function),
        wanting=lambda wanted: _op(function, tuple(wanted)),
        second=_op(_gradients(function)),
        forward_of=_forward,
        compiled=compiling(function, _op),
        **batching(function, _op, derived=not isinstance(function, jax.custom_vjp)),
    )
    if isinstance(function, jax.custom_vjp):
        op.__dict__["twice"] = lambda *_, **__: _UNASKED
    else:
        op.__dict__["jvp"] = _jvp(function)
    return with_constants(op, constants, "from_jax")


def _op(function: Callable[..., Any], wanted: tuple[bool, ...] | None = None) -> Op:
    def jax_op(*inputs: Any, **options: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
        mask = (True,) * len(inputs) if wanted is None else wanted
        with _double():
            trees = [_to_jax(tree) for tree in inputs]
            moving = [tree for tree, want in zip(trees, mask, strict=True) if want]

            def moved(*some: Any) -> list[Any]:
                rest = iter(some)
                full = [next(rest) if want else tree for tree, want in zip(trees, mask, strict=True)]
                return _outputs(function, full, options)

            outputs, pull = jax.vjp(moved, *moving)

        def jax_vjp(dy: Any) -> tuple[Any, ...]:
            with _double():
                given = dy if isinstance(dy, tuple) else (dy,)
                found = iter(pull([_cotangent(d, y) for d, y in zip(given, outputs, strict=True)]))
                return tuple(
                    jax.tree.map(_gradient, next(found)) if want else jax.tree.map(lambda _: None, tree)
                    for tree, want in zip(trees, mask, strict=True)
                )

        return _pack(outputs), jax_vjp

    return _dress(jax_op, function)


def _forward(function: Callable[..., Any]) -> Callable[..., Any]:
    def jax_forward(*inputs: Any, **options: Any) -> Any:
        with _double():
            return _pack(_outputs(function, [_to_jax(tree) for tree in inputs], options))

    return jax_forward


def _jvp(function: Callable[..., Any]) -> Callable[..., tuple[Any, Any]]:
    def jax_jvp(inputs: tuple[Any, ...], tangents: tuple[Any, ...], **options: Any) -> tuple[Any, Any]:
        with _double():
            trees = [_to_jax(tree) for tree in inputs]
            directions = [
                jax.tree.map(_tangent, tree) if v is None else jax.tree.map(_tangent, tree, v)
                for tree, v in zip(trees, tangents, strict=True)
            ]
            try:
                y, dy = jax.jvp(lambda *full: _outputs(function, full, options), tuple(trees), tuple(directions))
            except (TypeError, ValueError) as error:
                if "custom_vjp" not in str(error) and "do not support JVP" not in str(error):
                    raise
                raise NotImplementedError(f"JAX has no forward mode for a function inside: {error}") from error
            return _pack(y), _pack(dy)

    jax_jvp.__dict__["derived"] = True  # JAX made the vjp of it too
    return jax_jvp


def _gradients(function: Callable[..., Any]) -> Callable[..., Any]:
    """The gradient of each input that has one, as a function of ``(*inputs, dy)``, in the convention of ops."""

    def gradients(*inputs: Any, **options: Any) -> Any:
        *trees, dy = inputs
        outputs, pull = jax.vjp(lambda *full: _outputs(function, full, options), *trees)
        given = dy if isinstance(dy, tuple) else (dy,)
        found = pull([d.conj() if np.iscomplexobj(y) else d for d, y in zip(given, outputs, strict=True)])
        leaves = [g for g in jax.tree.leaves(found) if g.dtype != jax.dtypes.float0]
        return tuple(g.conj() if np.iscomplexobj(g) else g for g in leaves)

    gradients.__name__ = f"{_name(function)}_gradients"
    return gradients


def _outputs(function: Callable[..., Any], trees: Sequence[Any], options: dict[str, Any]) -> list[Any]:
    """The floating leaves of what the function returns."""
    result = function(*trees, **options)
    leaves = jax.tree.leaves(result)
    for leaf in leaves:
        if not isinstance(leaf, jax.Array | np.ndarray | np.generic | float | int | complex):
            raise ConventionError(
                f"`{_name(function)}` returned a {type(leaf).__name__}; a function for from_jax returns arrays, or a "
                "nested structure of them"
            )
    floating = [leaf for leaf in map(_as_array, leaves) if _has_gradient(leaf)]
    if not floating:
        kinds = ", ".join(str(np.asarray(leaf).dtype) for leaf in leaves)
        raise ConventionError(f"`{_name(function)}` returned no array of floats ({kinds or 'nothing'})")
    return floating


def _as_array(leaf: Any) -> Any:
    """As an array of a dtype of its own: one that is so already goes through no conversion, which would be traced."""
    return leaf if isinstance(leaf, jax.Array) and not leaf.weak_type else jax.numpy.asarray(leaf)


def _has_gradient(leaf: Any) -> bool:
    return bool(jax.numpy.issubdtype(leaf.dtype, jax.numpy.inexact))


def _to_jax(tree: Any) -> Any:
    """Every array as a JAX array of its own dtype, on memory of its own."""
    return jax.tree.map(_leaf_to_jax, tree)


def _leaf_to_jax(value: Any) -> jax.Array:
    try:
        return jax.numpy.array(value)
    except TypeError:
        raise InputError(f"JAX has no arrays of dtype {np.asarray(value).dtype}, which one input has") from None


def _cotangent(dy: Any, y: Any) -> Any:
    """In JAX's convention, which is the conjugate of the one here."""
    given = jax.numpy.array(dy, dtype=y.dtype)
    return given.conj() if np.iscomplexobj(given) else given


def _tangent(leaf: Any, v: Any = None) -> Any:
    """A direction; an integer input has none, which JAX writes as zeros of dtype float0."""
    if not _has_gradient(leaf):
        return np.zeros(leaf.shape, jax.dtypes.float0)
    return jax.numpy.zeros_like(leaf) if v is None else jax.numpy.array(v, dtype=leaf.dtype)


def _gradient(g: Any) -> Array | None:
    if g.dtype == jax.dtypes.float0:
        return None
    array = np.array(g)
    return array.conj() if np.iscomplexobj(array) else array


def _pack(outputs: Sequence[Any]) -> Any:
    arrays = tuple(np.array(y) for y in outputs)
    return arrays[0] if len(arrays) == 1 else arrays


def _name(function: Callable[..., Any]) -> str:
    return getattr(function, "__name__", type(function).__name__)


def _double() -> AbstractContextManager[Any]:
    """Float64 as float64, here and in this thread only."""
    if hasattr(jax, "enable_x64"):
        context: AbstractContextManager[Any] = jax.enable_x64(True)
    else:  # before jax 0.8
        context = import_module("jax.experimental").enable_x64()
    return context


def _dress(op: Op, function: Callable[..., Any]) -> Op:
    """Name, docstring and parameters of the function; ``__wrapped__`` leads to its source."""
    wraps(function, updated=())(op)
    op.__name__ = _name(function)
    op.__dict__["adapter"] = "jax"  # marks an op, see adapters.twin
    if isinstance(getattr(function, "signature", None), str):
        op.__dict__["signature"] = function.signature  # type: ignore[attr-defined]
    return op
