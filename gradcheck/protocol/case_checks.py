"""What a case must hold of its op and of its own parts: each check raises one sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from gradcheck.errors import InputError, SignatureError, UsageError
from gradcheck.foreign import repeated, said
from gradcheck.wording import listed

from .arguments import Argument, op_name, read_kinds
from .calling import Op
from .dtypes import as_dtype, dtype_name, is_inexact
from .numbers import is_whole


def are_names(names: Sequence[object]) -> bool:
    """Whether these are all strings."""
    return all(isinstance(name, str) for name in names)


def check_names(names: object, what: str) -> None:
    """Raise UsageError where these are no names in a list or tuple."""
    if isinstance(names, list | tuple) and are_names(names):
        return
    example = (names,) if isinstance(names, str) else ("X", "Y")
    raise UsageError(f"{what} is {repeated(names)}; write a tuple with the names of inputs, {repeated(example)}")


def check_dtypes(dtype: str, leaves: Sequence[Argument], case: str) -> None:
    """Raise InputError where an input has another floating dtype than the one that the op was made for."""
    for leaf in leaves:
        own = str(dtype_name(leaf.array.dtype))
        if leaf.differentiable and own != dtype:
            raise InputError(
                f"input `{leaf.name}` has dtype {own}, and `{case}` was made for {dtype} "
                f"(from_torch(dtype=torch.{dtype})): pass arrays of that dtype; bfloat16 is that of ml_dtypes"
            )


def check_parameters(op: Op, count: int, options: Mapping[str, Any], source: str) -> None:
    """Raise SignatureError where ``op`` cannot take ``count`` positional inputs beside its options."""
    kinds = read_kinds(op)
    if kinds is None:
        return
    required = sum(name not in options for name in kinds.required) if options else len(kinds.required)
    if required <= count and (kinds.rest is not None or count <= len(kinds.positional)):
        return
    raise SignatureError(
        f"{source} gives {count} input{'' if count == 1 else 's'}, but `{op_name(op)}` takes "
        f"{len(kinds.positional)}: {listed(kinds.positional) or 'none'}"
    )


def positional(op: Op) -> list[str]:
    """The parameters that an op can be given by position."""
    kinds = read_kinds(op)
    return [] if kinds is None else list(kinds.positional)


def check_block(block: int | Mapping[str, int], sizes: Sequence[str], case: str) -> None:
    """Raise UsageError for a block length that is no length, or of a size that the signature does not have."""
    blocks = block if isinstance(block, Mapping) else {None: block}
    for name, length in blocks.items():
        if name is not None and name not in sizes:
            raise UsageError(f"case `{case}`: block for size `{name}`, but the sizes are {listed(sizes) or 'none'}")
        if not is_whole(length, 1):
            raise UsageError(
                f"case `{case}`: block is {repeated(length)}; a block length is a whole number, 1 or larger"
            )


def check_bounds(bounds: object, sizes: Sequence[str], case: str) -> None:
    """Raise UsageError for bounds of a size that the signature does not have, or between which there is none."""
    if not isinstance(bounds, Mapping):
        raise UsageError(
            f"case `{case}`: sizes is {repeated(bounds)}; write {{name: (least, largest)}}, None where there is none"
        )
    for name, ends in bounds.items():
        if name not in sizes:
            raise UsageError(f"case `{case}`: bounds for size `{name}`, but the sizes are {listed(sizes) or 'none'}")
        whole = isinstance(ends, tuple | list) and all(end is None or is_whole(end, 0) for end in ends)
        if not whole or len(ends) != 2:
            raise UsageError(f"case `{case}`: the bounds of `{name}` are {repeated(ends)}; write (2, None) or (1, 64)")
        low, high = ends[0] or 0, ends[1]
        if low < 0 or (high is not None and high < max(low, 1)):
            raise UsageError(f"case `{case}`: there is no size `{name}` from {ends[0]} to {ends[1]}")


def check_options(op: Op, options: Mapping[str, Any], case: str) -> None:
    """Raise UsageError for an option that the op does not take, or that has no value."""
    kinds = read_kinds(op)
    if kinds is None:
        return
    for name, value in options.items():
        if name not in kinds.by_name and not kinds.anything:
            names = listed(kinds.keywords) or "none"
            raise UsageError(f"case `{case}`: `{op_name(op)}` takes no option `{name}`; its options are {names}")
        if isinstance(value, list) and not value:
            raise UsageError(f"case `{case}`: option `{name}` has no values to draw from")
    for name in kinds.demanded:
        if name not in options:
            raise UsageError(f"case `{case}`: `{op_name(op)}` needs its option `{name}`")


def is_floating(dtype: str) -> bool:
    """Whether inputs of this dtype have a gradient."""
    return _has_gradient(dtype) if type(dtype) is str else _has_gradient.__wrapped__(dtype)


@lru_cache(maxsize=64)  # names of dtypes: there are few, and NumPy takes its time to look one up
def _has_gradient(dtype: object) -> bool:
    return _is_known(dtype) and is_inexact(as_dtype(dtype))


def why_not(dtype: object) -> str:
    """Why inputs of this dtype cannot be drawn, and what to do."""
    known = _is_known(dtype)
    text = said(dtype).rpartition(".")[2]
    if "float" in text and (not known or as_dtype(dtype).kind == "V"):
        return (
            f"dtype {dtype} is a floating dtype in which no inputs are drawn; they are drawn in bfloat16, float16, "
            "float32, float64, complex64 or complex128: draw bfloat16 and let the op convert them"
        )
    if not known:
        known_ones = "float64, float32, float16, bfloat16, complex128 or complex64"
        return f"dtype {repeated(dtype)} is no dtype of NumPy; write {known_ones}"
    return f"dtype {dtype} is neither floating nor complex, so nothing has a gradient"


def _is_known(dtype: object) -> bool:
    if dtype is None:  # which is float64 to NumPy
        return False
    try:
        as_dtype(dtype)
    except Exception:  # noqa: BLE001 - whatever an object says when it is taken for a dtype
        return False
    return True
