"""Functions of a shared library: called in a process of their own, in memory that is guarded."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from gradcheck.errors import ConventionError, SignatureError, UsageError
from gradcheck.protocol import limits
from gradcheck.protocol.case_checks import check_names
from gradcheck.wording import listed

from .data import with_constants
from .library_declaration import Argument, read_declaration
from .library_pair import Pair, join
from .library_process import Library, demand_whole


def from_library(
    path: str | os.PathLike[str],
    forward: str,
    backward: str,
    *,
    accumulates: bool = False,
    constants: Sequence[str] = (),
    timeout: float = limits.SECONDS,
) -> Callable[..., Any]:
    """Make an op of two functions of a shared library, described by their declarations in C, with sizes in brackets.

    ``"void scale(int n, const double x[n], const double w[n], double y[n])"`` is the same to C as with pointers. Arrays
    that are ``const`` are read: in the forward these are the inputs of the op. What the forward writes is an output
    where the backward reads its gradient, ``d`` and its name, else it is saved; the backward may read all of these, and
    writes the gradient of each input, again ``d`` and its name. Other arrays that it writes are scratch. Numbers that
    are sizes follow from the shapes of the inputs; all others are options of the op. Sizes may be numbers, and sums and
    products of sizes. ``float`` and ``double`` take float32 and float64, and nothing is converted; integers are. A
    function returns void, or an int that is 0 where it succeeded. The op has its signature: ``Case(op)`` is enough.

    The functions run in a process of their own, so that a crash, an exit or a loop beyond ``timeout`` seconds is an
    error of theirs. Every array lies between guards; what is written holds NaN before, or zeros with ``accumulates``,
    for a backward that adds its gradients to what is there, which else is an error. So is writing beyond an array, or
    into one that is const. ``constants`` are inputs of which no gradient is asked.

    Raises UsageError where a declaration does not parse or the two do not fit, or the library is not there; at the
    first call ConventionError where it cannot be loaded, or was compiled for other types than are declared.
    """
    check_names(constants, "from_library: constants")
    path = os.path.abspath(path)
    if not os.path.isfile(path):
        raise UsageError(
            f"from_library: {path} is not there: build it, for example with cc -O2 -shared -fPIC -o "
            f"{os.path.basename(path)} {Path(path).stem}.c -lm"
        )
    pair = join(read_declaration(forward, "forward"), read_declaration(backward, "backward"), tuple(constants))
    return _op(Library(path, pair, timeout), [a.name for a in pair.gradients] if accumulates else [])


def _op(library: Library, zeros: Sequence[str]) -> Callable[..., Any]:
    pair = library.pair
    names = [a.name for a in pair.inputs]

    def library_op(*inputs: Any, **options: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
        missing = [name for name in pair.options if name not in options]
        if len(inputs) != len(names) or missing or len(options) > len(pair.options):
            takes = f"{len(names)} inputs, {listed(names)}"
            takes += f", and the options {listed(pair.options)}" if pair.options else ""
            given = f"{len(inputs)} input{'' if len(inputs) == 1 else 's'} and {listed(options) or 'no option'}"
            raise ConventionError(f"`{pair.forward.name}` takes {takes}; {given} were given")
        arrays = {a.name: _fitting(library, a, x) for a, x in zip(pair.inputs, inputs, strict=True)}
        try:
            sizes = pair.signature.bind(names, [arrays[name].shape for name in names])
        except SignatureError as error:
            raise ConventionError(str(error)) from None
        written = library.call(pair.forward, {**arrays, **options}, sizes)
        for a in pair.outputs:
            demand_whole(pair.forward, a, written[a.name])
        library.answered = True
        made = {a.name: _array(pair, a, sizes, written) for a in pair.forward.arrays(only_read=False)}
        outputs = tuple(made[a.name].copy() for a in pair.outputs)

        def library_vjp(dy: Any) -> tuple[Any, ...]:
            given = dy if isinstance(dy, tuple) else (dy,)
            cotangents = {f"d{a.name}": np.asarray(d, a.dtype) for a, d in zip(pair.outputs, given, strict=True)}
            asked = {**arrays, **made, **options, **cotangents}
            found = library.call(pair.backward, asked, sizes, zeros)
            gradients = {a.name: _array(pair, a, sizes, found) for a in pair.gradients}
            undefined = [name for name, g in gradients.items() if np.isnan(g).any() and name not in zeros]
            if undefined:
                again = library.call(pair.backward, asked, sizes, undefined)
                _demand_set(pair, gradients, {a.name: _array(pair, a, sizes, again) for a in pair.gradients})
            return tuple(gradients.get(f"d{name}") for name in names)

        return (outputs[0] if len(outputs) == 1 else outputs), library_vjp

    parameters = [inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for name in names]
    options = [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in pair.options]
    library_op.__name__ = library_op.__qualname__ = pair.forward.name.removesuffix("_forward")
    library_op.__dict__.update(
        adapter="library",
        signature=pair.signature.text,
        __signature__=inspect.Signature([*parameters, *options]),
    )
    return with_constants(library_op, pair.constants, "from_library")


def _demand_set(pair: Pair, gradients: Mapping[str, Any], zeroed: Mapping[str, Any]) -> None:
    """Raise where a gradient is NaN because it was added to NaN: over zeros it is something else, and not zero."""
    for name, gradient in gradients.items():
        over = zeroed[name][np.isnan(gradient)]
        if np.isfinite(over).all() and over.any():
            error = RuntimeError(
                f"`{pair.backward.name}` adds to what the memory of `{name}` held before: set it first; where others "
                "set it to zero, say accumulates=True"
            )
            error.add_note(f"`{name}` is added to (`+=`) where it was never set")
            raise error


def _fitting(library: Library, a: Argument, value: Any) -> Any:
    """An input as its declaration has it: integers in another width, floats only where they are the same."""
    array = np.asarray(value)
    if array.dtype == a.dtype:
        return np.array(array, order="C")
    if a.dtype.kind in "iub" and array.dtype.kind in "iub" and np.array_equal(array.astype(a.dtype), array):
        return np.array(array, a.dtype, order="C")
    what = f"`{library.pair.forward.name}` takes `{a.name}` as {a.dtype}, and was given {array.dtype}"
    if library.answered:  # the laws ask at other dtypes too, whether an op takes them
        raise TypeError(what)
    raise ConventionError(f'{what}: pass arrays of {a.dtype}, Case(op, dtype="{a.dtype}")')


def _array(pair: Pair, a: Argument, sizes: Mapping[str, int], written: Mapping[str, bytes]) -> Any:
    return np.frombuffer(written[a.name], a.dtype).reshape(pair.shape(a, sizes)).copy()
