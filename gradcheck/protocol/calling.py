"""Calling code that somebody else wrote: the only place where an arbitrary exception is caught."""

from __future__ import annotations

import inspect
import math
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradcheck.errors import ConventionError
from gradcheck.foreign import message_of

from . import limits
from .arguments import Array, op_name
from .deadline import OutOfTime, TookTooLong, clock, watched
from .dtypes import is_inexact
from .files import is_ours
from .nesting import Nesting, nested
from .private import private_options
from .running import is_own
from .source import SourceLine, relative, source_line
from .surroundings import put_back

Op = Callable[..., Any]
Vjp = Callable[..., Any]


@dataclass(frozen=True)
class Failure:
    """What the user's code raised, and on which of its own lines."""

    error: BaseException

    @property
    def line(self) -> tuple[str, int] | None:
        """The innermost line of the user's own code: file and number, the last frame that is no package's."""
        frames = traceback.extract_tb(self.error.__traceback__)[1:]
        frames = [frame for frame in frames if not is_ours(frame.filename)]  # those of adapters
        own = [frame for frame in frames if is_own(frame.filename)] or frames
        return (own[-1].filename, own[-1].lineno or 0) if own else None

    @property
    def place(self) -> str:
        """``cases.py:12``, as the reader would type it; empty where there is none."""
        return f"{relative(self.line[0])}:{self.line[1]}" if self.line else ""

    @property
    def line_of_source(self) -> SourceLine | None:
        """The line with its code, where the source can be read."""
        return source_line(*self.line) if self.line else None

    def __str__(self) -> str:
        return message_of(self.error) + (f" ({self.place})" if self.place else "")


@dataclass(frozen=True)
class Answer:
    """What an op returned: its outputs as arrays, and its vjp."""

    outputs: tuple[Array, ...]
    nesting: Nesting
    vjp: Vjp

    def pack(self, cotangents: Sequence[Array]) -> Any:
        """Give cotangents the form of ``y``: an array, or a tuple (or any nesting of arrays) where ``y`` is one."""
        return self.nesting.pack(cotangents)


_ARRAYS = (np.ndarray, np.generic)
_BARE = Nesting(("y",))


@contextmanager
def quiet() -> Iterator[None]:
    """Silence warnings inside the user's code, which is called at odd points many times, and end endless calls."""
    with np.errstate(all="ignore"), warnings.catch_warnings(), watched():
        warnings.simplefilter("ignore")
        yield


def call_op(op: Op, inputs: Sequence[Any], options: Mapping[str, Any]) -> Answer | Failure:
    """Call ``op`` and read its pair; raise ConventionError where it does not return one.

    It gets options of its own: the user's arrays and dicts are never handed over.
    """
    return call_with(op, inputs, private_options(options) if options else options)


def call_with(op: Op, inputs: Sequence[Any], options: Mapping[str, Any]) -> Answer | Failure:
    """Call ``op`` with these very options."""
    result = attempt(op, *inputs, **options)
    if isinstance(result, Failure):
        if isinstance(result.error, TypeError) and not _can_be_called(op, *inputs, **options):
            raise ConventionError(
                f"`{op_name(op)}` is called with {len(inputs)} input{'' if len(inputs) == 1 else 's'}"
                f"{f' and the options {_listed(options)}' if options else ''}, and does not take that: {result.error}"
            )
        return result
    if not (isinstance(result, tuple) and len(result) == 2 and callable(result[1])):
        raise ConventionError(
            f"`{op_name(op)}` returned {_describe(result)} instead of the pair (y, vjp); a forward and a "
            "backward that are two functions are joined by gradcheck.adapters.from_pair"
        )
    y, vjp = result
    outputs, nesting = read_outputs(op, y)
    return Answer(outputs, nesting, vjp)


def read_outputs(op: Op, y: Any) -> tuple[tuple[Array, ...], Nesting]:
    """The arrays in ``y``; raise ConventionError where there is none, or something else."""
    if isinstance(y, _ARRAYS):
        return (_read_output(op, y, "y"),), _BARE
    parts, nesting = nested("y", y)
    if not parts:
        raise ConventionError(f"`{op_name(op)}` returned {_describe(y)} as y: there is nothing to differentiate")
    return tuple(_read_output(op, part, name) for part, name in zip(parts, nesting.names, strict=True)), nesting


def call_vjp(vjp: Vjp, cotangent: Any) -> Any:
    """Call a vjp: its raw answer, or the Failure. Raise ConventionError where it takes another number of arguments."""
    answer = attempt(vjp, cotangent)
    if isinstance(answer, Failure) and isinstance(answer.error, TypeError) and not _can_be_called(vjp, None):
        raise ConventionError(
            f"the vjp `{op_name(vjp)}` is called with the cotangent alone, and does not take that: {answer.error}; "
            "what else a backward needs it has from its closure, or through gradcheck.adapters.from_pair"
        )
    if type(answer) is not tuple and issubclass(type(answer), tuple):
        return tuple(tuple.__iter__(answer))  # a class of the user's may say anything of its length
    return answer


def _can_be_called(function: Callable[..., Any], *inputs: Any, **options: Any) -> bool:
    """Whether a function takes these arguments, as far as its parameters can be read.

    Those of what it wraps count where it hands on whatever it gets.
    """
    try:
        own = inspect.signature(function, follow_wrapped=False)
        anything = any(p.kind is p.VAR_POSITIONAL for p in own.parameters.values())
        (inspect.signature(function) if anything else own).bind(*inputs, **options)
    except TypeError:
        return False
    except ValueError:
        return True
    return True


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def offered(op: Op, name: str) -> Any:
    """What an op offers beside its vjp: an attribute set on it under this name, not a method that its class has.

    A class whose ``__call__`` follows the convention may well have a ``forward`` that means something else.
    """
    return getattr(op, "__dict__", {}).get(name)


def adapted(op: Op, name: str) -> Any:
    """What an adapter has set on its op under this name; None on any other op, where it may mean something else."""
    return offered(op, name) if offered(op, "adapter") else None


def attempt(function: Callable[..., Any], *inputs: Any, **options: Any) -> Any:
    """Call the user's function: what it returns, or the Failure. Nothing else here catches arbitrary exceptions.

    It runs in a context of its own, so that how NumPy treats errors stays as it is, and what would change how gradcheck
    itself computes afterwards is put back. Raises OutOfTime instead where the time of the question is over, or an
    earlier call of it has not returned; and KeyboardInterrupt, which is no answer of the user's code.
    """
    now = time.monotonic()
    recursion, trace = sys.getrecursionlimit(), sys.gettrace()
    try:
        clock.begin(now)
        return copy_context().run(function, *inputs, **options)
    except (ConventionError, OutOfTime, KeyboardInterrupt):
        raise
    except TookTooLong as error:
        if time.monotonic() - now < limits.SECONDS:  # not the call took too long, but the question
            raise OutOfTime from None
        clock.hung, clock.hangs = clock.asked, clock.hangs + 1
        late = TimeoutError(f"no answer within {limits.SECONDS:g} s")
        return Failure(late.with_traceback(error.__traceback__))
    except BaseException as error:  # noqa: BLE001 - the user's code may raise anything, and all of it is evidence
        return Failure(error)
    finally:
        clock.board[0] = math.inf
        if sys.getrecursionlimit() != recursion or sys.gettrace() is not trace:
            put_back(recursion, trace)


def _read_output(op: Op, part: object, name: str) -> Array:
    if isinstance(part, _ARRAYS) or (name == "y" and isinstance(part, float | complex)):
        array = np.asarray(part)
        if is_inexact(array.dtype):
            return array
    raise ConventionError(
        f"`{op_name(op)}` returned {_describe(part)} as {name}: an output is an array of floats or complex numbers, "
        "and several outputs are a tuple of them"
    )


def _describe(value: object) -> str:
    if isinstance(value, np.ndarray | np.generic):
        return f"an array of dtype {value.dtype} and shape {value.shape}"
    if isinstance(value, tuple | list):
        kinds = ", ".join(type(part).__name__ for part in value)
        return f"a {type(value).__name__} of {len(value)} ({kinds})" if value else f"an empty {type(value).__name__}"
    return "None" if value is None else f"a {type(value).__name__}"
