"""Which functions are the backward of a case: found by running it, whatever way it is written."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import numpy as np

from gradcheck.generation import draw_inputs
from gradcheck.generation.options import nth_options
from gradcheck.generation.planned import planned
from gradcheck.numerics import as_native, draw_cotangents
from gradcheck.numerics.real import reals
from gradcheck.protocol import Answer, Case, Failure, call_op, call_vjp, quiet
from gradcheck.protocol.files import owner_of

from .file import UnreachableSourceError, read_tree
from .limits import OPTIONS_TRIED


@dataclass(frozen=True)
class FunctionAt:
    """A function by its qualified name and where its ``def`` or ``lambda`` stands: line from 1, column from 0."""

    qualname: str
    line: int
    column: int


@dataclass(frozen=True)
class Backward:
    """The file of a backward and its functions there, the outermost first.

    ``elsewhere`` are the functions of other files that it runs, by file and name, which are not edited with it.
    """

    path: str
    functions: tuple[FunctionAt, ...]
    elsewhere: tuple[tuple[str, str], ...] = field(default=(), compare=False)


def find_backward(case: Case, seed: int = 0, *, raising: bool = False) -> Backward:
    """Ask the vjp of a case at an ordinary example, with each of its options, and see which functions answer.

    The file of the outermost function that is nobody's library is the backward's; other functions of that file that
    answered belong to it too, unless the forward runs them as well: an edit there would change the function itself.

    ``raising``: where it raises wherever it is asked, what ran until then counts.

    Raises UnreachableSourceError, with one sentence, where there is no source of it to edit.
    """
    ran: dict[CodeType, None] = {}
    forward: set[CodeType] = set()
    for number in range(OPTIONS_TRIED):
        options = nth_options(case, number)
        if number and options == nth_options(case, 0):
            break
        before, after = watched(case, options, seed, raising=raising)
        forward.update(before)
        ran.update(dict.fromkeys(after))
    own = [code for code in ran if code not in forward and owner_of(code.co_filename) is not None]
    made = [code for code in own if code.co_filename == "<string>" and code.co_name.startswith("__")]  # by dataclass
    own = [code for code in own if code not in made]
    if not own:
        raise UnreachableSourceError(
            "its vjp runs no Python function of its own: the backward is a builtin, compiled, a library's, or computed "
            "along with the forward; name an op whose backward is a Python function"
        )
    outermost = own[0].co_filename
    _demand_file(own[0])
    source = read_tree(outermost)
    found: dict[FunctionAt, None] = {}
    elsewhere: dict[tuple[str, str], None] = {}
    for code in own:
        if code.co_filename != outermost:
            elsewhere[code.co_filename, code.co_qualname] = None
        elif code.co_name == "<lambda>" or not code.co_name.startswith("<"):  # no comprehension
            function = source.find(code)
            start = source.positions[function].start
            found[FunctionAt(source.qualname(function), start.line, start.column)] = None
    return Backward(outermost, tuple(found), tuple(elsewhere))


def functions_run(call: Callable[[], Any]) -> tuple[Any, list[CodeType]]:
    """What a call returns, and every Python function that ran during it, outermost first."""
    ran: dict[CodeType, None] = {}

    def profile(frame: FrameType, event: str, argument: object) -> None:
        if event == "call":
            ran.setdefault(frame.f_code)

    before, collecting = sys.getprofile(), gc.isenabled()
    gc.disable()  # what the collector finalizes meanwhile is no part of the call
    sys.setprofile(profile)
    try:
        answer = call()
    finally:
        sys.setprofile(before)
        if collecting:
            gc.enable()
    return answer, list(ran)


def watched(
    case: Case, options: dict[str, Any], seed: int, *, raising: bool = False
) -> tuple[list[CodeType], list[CodeType]]:
    """The functions that ran in the forward, and in the backward, at the first ordinary example that has both.

    Everything is called once before it is watched: what a first call imports is no part of the op. With ``raising`` a
    backward that raises everywhere will do, up to where it did.
    """
    raised: tuple[list[CodeType], list[CodeType]] | None = None
    for example in planned(case, {}, 20, seed):
        inputs = draw_inputs(case, example)
        with quiet():
            unwatched = call_op(case.op, inputs, options)
            if isinstance(unwatched, Failure):
                continue
            if isinstance(call_vjp(unwatched.vjp, cotangent_of(unwatched, seed)), Failure) and not raising:
                continue
            answer, forward = functions_run(partial(call_op, case.op, inputs, options))
            if isinstance(answer, Failure):
                continue
            raw, backward = functions_run(partial(call_vjp, answer.vjp, cotangent_of(answer, seed)))
            if not isinstance(raw, Failure):
                return forward, backward
            raised = raised or (forward, backward)
    if raising and raised is not None:
        return raised
    raise UnreachableSourceError("it raises wherever it was asked: mend that first")


def cotangent_of(answer: Answer, seed: int) -> Any:
    """One cotangent of the output, in its structure and dtypes."""
    u = draw_cotangents(np.random.default_rng(seed), reals(answer.outputs))
    return answer.pack([as_native(c, y.dtype) for c, y in zip(u, answer.outputs, strict=True)])


def _demand_file(code: CodeType) -> None:
    name = code.co_filename
    if name.startswith("<") or not Path(name).is_file():
        raise UnreachableSourceError(
            f"the source of `{code.co_name}` is not in a file ({name}): it was typed into a session or made by exec; "
            "save it to a file"
        )
