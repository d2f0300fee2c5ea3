"""One clear sentence for each kind of bad input.

Every helper takes the op itself first: its name opens the sentence, and its signature is what the shapes
must match. Good input leaves a helper after one or two comparisons, since small arrays take no longer to
compute than to look at; sentences are put together only where something is wrong.
"""

import functools
import inspect
import math
import re
from collections.abc import Callable, Mapping
from numbers import Integral, Real
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy import ndarray

from ._typing import Cotangent, FloatArray, IntegerArray

_SHAPE = attrgetter("shape")
FLOAT32, FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)  # NumPy has one object of each


def float_array(op: Callable[..., object], x: object, name: str = "x") -> FloatArray:
    """Return `x` as a plain array; TypeError unless it is an array of a native floating dtype."""
    if type(x) is ndarray and ((dtype := x.dtype) is FLOAT32 or dtype is FLOAT64):
        return x
    return _examined(op, {name: x})[0]


def float_inputs(op: Callable[..., object], *arrays: Any) -> tuple[FloatArray, ...]:
    """Return the first inputs of `op` as plain arrays; TypeError unless they are arrays of one native floating dtype.

    Their names are those of the parameters of `op`, in its order.
    """
    return arrays if of_one_dtype(arrays) else _examined(op, named(op, arrays))


def float_arrays(op: Callable[..., object], **inputs: Any) -> tuple[FloatArray, ...]:
    """As `float_inputs`, for inputs that have names of their own, or that are not the first ones."""
    arrays = tuple(inputs.values())
    return arrays if of_one_dtype(arrays) else _examined(op, inputs)


def of_one_dtype(arrays: tuple[Any, ...]) -> bool:
    """Whether all are plain arrays of float32, or all of float64: what needs no closer look."""
    first = arrays[0]
    if type(first) is ndarray and ((dtype := first.dtype) is FLOAT64 or dtype is FLOAT32):
        for x in arrays:
            if type(x) is not ndarray or x.dtype is not dtype:
                break
        else:
            return True
    return False


def named(op: Callable[..., object], arrays: tuple[Any, ...]) -> dict[str, Any]:
    """The first inputs of `op` by the names of its parameters."""
    return dict(zip(inspect.signature(op).parameters, arrays, strict=False))


def _examined(op: Callable[..., object], inputs: Mapping[str, object]) -> tuple[FloatArray, ...]:
    """As `float_arrays`, for whatever is not a plain array of float32 or float64: scalars, subclasses, float16."""
    arrays = {name: _array(op, name, value) for name, value in inputs.items()}
    first = next(iter(arrays))
    for name, array in arrays.items():
        if array.dtype.kind != "f" or not array.dtype.isnative:
            raise TypeError(
                f"{op.__name__}: {name} must hold floating-point numbers in native byte order, "
                f"but its dtype is {array.dtype}; give it one such as float64"
            )
        if array.dtype != arrays[first].dtype:
            raise TypeError(
                f"{op.__name__}: all floating inputs must have one dtype, but {first} is "
                f"{arrays[first].dtype} and {name} is {array.dtype}; convert one of them with astype"
            )
    return tuple(arrays.values())


def integer_array(op: Callable[..., object], name: str, value: object) -> IntegerArray:
    """Return `value` as a plain array; TypeError unless it is an array of integers."""
    array = _array(op, name, value)
    if array.dtype.kind not in "iu":
        raise TypeError(f"{op.__name__}: {name} must hold integers, but its dtype is {array.dtype}")
    return array


def matching_shapes(op: Callable[..., object], *arrays: npt.NDArray[Any]) -> None:
    """Raise ValueError unless the shapes of the inputs, all of those of `op`, match the signature that it carries."""
    text = op.__dict__["signature"]
    if not _fits(text, tuple(map(_SHAPE, arrays))):
        _say_what_does_not_match(op, _cores(text), named(op, arrays))


@functools.lru_cache(maxsize=1024)  # a training run asks about the same shapes at each step
def _fits(signature: str, shapes: tuple[tuple[int, ...], ...]) -> bool:
    found: dict[str, int] = {}
    for shape, sizes in zip(shapes, _cores(signature), strict=True):
        if len(shape) != len(sizes):
            return False
        for size, length in zip(sizes, shape, strict=True):
            if found.setdefault(size, length) != length or (size.isdigit() and length != int(size)):
                return False
    return True


@functools.cache
def _cores(signature: str) -> tuple[tuple[str, ...], ...]:
    """The sizes of each input, (("o", "i"), ("i", "m")) of "(o,i),(i,m)->(o,m)"."""
    found = re.findall(r"\(([^)]*)\)", signature.split("->")[0])
    return tuple(tuple(core.split(",")) if core else () for core in found)


def _say_what_does_not_match(
    op: Callable[..., object], cores: tuple[tuple[str, ...], ...], inputs: Mapping[str, npt.NDArray[Any]]
) -> None:
    seen: dict[str, tuple[str, int]] = {}
    for (name, array), sizes in zip(inputs.items(), cores, strict=True):
        core = ",".join(sizes)
        if array.ndim != len(sizes):
            raise ValueError(
                f"{op.__name__}: {name} must have {_count(len(sizes), 'axis', 'axes')} ({core}), "
                f"but its shape is {array.shape}"
            )
        for axis, size in enumerate(sizes):
            found = f"{op.__name__}: {name} has {_extent(array, axis)}"
            if size.isdigit():
                if array.shape[axis] != int(size):
                    raise ValueError(f"{found} but must have {size}; {name} is {array.shape}")
                continue
            other_name, other_axis = seen.setdefault(size, (name, axis))
            other = inputs[other_name]
            if array.shape[axis] != other.shape[other_axis]:
                raise ValueError(
                    f"{found} but {other_name} has {_extent(other, other_axis)}; "
                    f"{other_name} is {other.shape}, {name} is {array.shape}"
                )


def at_least_one_sample(op: Callable[..., object], name: str, array: FloatArray, *, axis: int) -> None:
    """Raise ValueError when `array` has no samples along `axis`, since a mean over nothing has no value."""
    if array.shape[axis] == 0:
        raise ValueError(
            f"{op.__name__}: needs at least one sample, but {name} has {_extent(array, axis)}; {name} is {array.shape}"
        )


def cotangent(op: Callable[..., object], dy: Cotangent, shape: tuple[int, ...], dtype: np.dtype[Any]) -> FloatArray:
    """Return `dy` as an array in the dtype of `y`; an error unless it is real and has the shape of `y`.

    What is for a special `dy` alone stands elsewhere: here such a line would run in no check of an array-valued op.
    """
    return dy if type(dy) is ndarray and dy.dtype is dtype and dy.shape == shape else _converted(op, dy, shape, dtype)


def _converted(op: Callable[..., object], dy: Cotangent, shape: tuple[int, ...], dtype: np.dtype[Any]) -> FloatArray:
    if type(dy) is float and shape == ():
        return np.array(dy, dtype)  # as the lines below would answer, in a third of their time
    array = np.asarray(dy)
    if array.shape != shape or array.dtype.kind not in "fiu":
        raise _wrong_cotangent(op, array, shape)
    return array.astype(dtype, copy=False)


def _wrong_cotangent(op: Callable[..., object], array: npt.NDArray[Any], shape: tuple[int, ...]) -> Exception:
    if array.dtype.kind not in "fiu":
        return TypeError(f"{op.__name__}: the cotangent must hold numbers, but its dtype is {array.dtype}")
    return ValueError(
        f"{op.__name__}: the cotangent must have the shape of the output, {shape}, but its shape is {array.shape}"
    )


def positive_number(op: Callable[..., object], name: str, value: object) -> float:
    """Return `value` as a Python float, which promotes no array; an error unless it is finite and above 0."""
    if type(value) is float and 0.0 < value < math.inf:
        return value
    if not isinstance(value, Real) or isinstance(value, bool):
        raise TypeError(f"{op.__name__}: {name} must be a number, but it is {value!r}")
    number = float(value)
    if not (math.isfinite(number) and number > 0):
        raise ValueError(f"{op.__name__}: {name} must be finite and above 0, but it is {value!r}")
    return number


def non_negative(op: Callable[..., object], name: str, value: object) -> float:
    """Return `value` as a Python float, which promotes no array; an error unless it is finite and at least 0."""
    if not isinstance(value, Real) or isinstance(value, bool):
        raise TypeError(f"{op.__name__}: {name} must be a number, but it is {value!r}")
    number = float(value)
    if not 0 <= number < float("inf"):
        raise ValueError(f"{op.__name__}: {name} must be finite and at least 0, but it is {value!r}")
    return number


def finite_number(op: Callable[..., object], name: str, value: object) -> float:
    """Return `value` as a Python float, which promotes no array; an error unless it is a finite number."""
    if type(value) is not float and (not isinstance(value, Real) or isinstance(value, bool)):
        raise TypeError(f"{op.__name__}: {name} must be a number, but it is {value!r}")
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{op.__name__}: {name} must be finite, but it is {value!r}")
    return number


def one_of(op: Callable[..., object], name: str, value: object, choices: tuple[object, ...]) -> None:
    """Raise ValueError unless `value` is one of the choices."""
    if value not in choices:
        listed = ", ".join(map(repr, choices[:-1]))
        raise ValueError(f"{op.__name__}: {name} must be {listed} or {choices[-1]!r}, but it is {value!r}")


def boolean(op: Callable[..., object], name: str, value: object) -> None:
    """Raise TypeError unless `value` is True or False: 0 and 1 are often meant as something else."""
    if value is not True and value is not False and not isinstance(value, np.bool_):
        raise TypeError(f"{op.__name__}: {name} must be True or False, but it is {value!r}")


def integer_at_least(op: Callable[..., object], name: str, value: object, smallest: int) -> int:
    """Return `value` as a Python int; an error unless it is an integer of at least `smallest`."""
    if not isinstance(value, Integral) or isinstance(value, bool):
        raise TypeError(f"{op.__name__}: {name} must be an integer, but it is {value!r}")
    if value < smallest:
        raise ValueError(f"{op.__name__}: {name} must be at least {smallest}, but it is {value!r}")
    return int(value)


def sequence_of_arrays(op: Callable[..., object], name: str, value: object) -> None:
    """Raise TypeError unless `value` is a tuple or list: one array would be taken apart into its rows."""
    if type(value) is not tuple and not isinstance(value, tuple | list):
        kind = type(value).__name__
        raise TypeError(f"{op.__name__}: {name} must be a tuple of arrays, but it is of type {kind}")


def _array(op: Callable[..., object], name: str, value: object) -> npt.NDArray[Any]:
    if not isinstance(value, np.ndarray | np.generic):
        raise TypeError(
            f"{op.__name__}: {name} must be a NumPy array, but it is of type {type(value).__name__}; "
            f"convert it with np.asarray({name})"
        )
    return np.asarray(value)


def _extent(array: npt.NDArray[Any], axis: int) -> str:
    if array.ndim == 1:
        return _count(array.shape[0], "entry", "entries")
    return _count(array.shape[axis], *(("row", "rows"), ("column", "columns"))[axis])


def _count(number: int, singular: str, plural: str) -> str:
    return f"{number} {singular if number == 1 else plural}"
