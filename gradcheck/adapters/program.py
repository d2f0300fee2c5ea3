"""Another program, in any language: named tensors go to it and come from it as files."""

from __future__ import annotations

import inspect
import os
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from gradcheck.errors import ConventionError, UsageError
from gradcheck.protocol import limits
from gradcheck.wording import listed

from .data import with_constants
from .process import Served
from .program_files import FORMATS, Tensors
from .program_run import Program


def from_program(
    command: str | Sequence[str | os.PathLike[str]],
    inputs: Sequence[str],
    outputs: Sequence[str],
    *,
    serves: bool = False,
    format: str = ".npz",
    constants: Sequence[str] = (),
    timeout: float = limits.SECONDS,
) -> Callable[..., Any]:
    """Make an op of a program that reads named tensors from one file and writes named tensors into another.

    The command is run with two paths behind its own arguments: of the file to read, and of the file to write. The
    first holds the ``inputs``, options of the op under their names, and, where gradients are wanted, the gradient of
    each output, called ``d`` and its name; then the second file is to hold, besides the ``outputs``, the gradient of
    each input, ``d`` and its name. It is run once for every forward and every vjp, in the folder of whoever asks.

    With ``serves`` it is started once, without paths, and gets a line for each point on its standard input: the two
    paths, a tab between them. It answers a line on its standard output when the second file is there: ``ok``, or
    ``error`` and what is wrong; anything else it has to say goes to standard error.

    ``format`` is ``.npz`` or ``.safetensors``. Integers and booleans have no gradient, and ``constants`` are inputs of
    which none is asked. A program that ends with another exit code than 0, crashes, or takes longer than ``timeout``
    seconds has raised; what it said last on standard error is in the report. Raises UsageError where the names do not
    go together, ConventionError where the program cannot be started or does not write what it should.

    >>> import sys
    >>> square = '''
    ... import sys, numpy as np
    ... t = np.load(sys.argv[1])
    ... d = {"dx": 2 * t["x"] * t["dy"]} if "dy" in t else {}
    ... np.savez(sys.argv[2], y=t["x"] ** 2, **d)
    ... '''
    >>> y, vjp = from_program([sys.executable, "-c", square], inputs=("x",), outputs=("y",))(np.array([3.0]))
    >>> vjp(np.array([1.0]))
    (array([6.]),)
    """
    words = tuple(os.fspath(word) for word in (shlex.split(command) if isinstance(command, str) else command))
    if not words:
        raise UsageError("from_program: the command is empty; write the program and its arguments")
    for what, names in (("inputs", inputs), ("outputs", outputs), ("constants", constants)):
        if isinstance(names, str) or not all(isinstance(name, str) and name.isidentifier() for name in names):
            raise UsageError(f'from_program: {what} is {names!r}; write a tuple of names, ("x", "w")')
    named = [*inputs, *outputs, *(f"d{name}" for name in (*inputs, *outputs))]
    twice = [name for number, name in enumerate(named) if name in named[:number]]
    if twice or not inputs or not outputs:
        why = f"`{twice[0]}` would have two meanings" if twice else "one of each is needed"
        raise UsageError(f"from_program: inputs {tuple(inputs)} and outputs {tuple(outputs)} do not go together: {why}")
    for name in constants:
        if name not in inputs:
            raise UsageError(f"from_program: constants names `{name}`, but the inputs are {listed(inputs)}")
    if format not in FORMATS:
        raise UsageError(f"from_program: format is {format!r}; it is {' or '.join(map(repr, FORMATS))}")
    shown = [os.path.basename(words[0]), *(word for word in words[1:2] if not word.startswith("-"))]
    served = Served(words, timeout) if serves else None
    program = Program(
        f"`{' '.join(shown)}`", words, tuple(inputs), tuple(outputs), tuple(constants), format, timeout, served
    )
    return _op(program)


def _op(program: Program) -> Callable[..., Any]:
    def program_op(*inputs: Any, **options: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
        if len(inputs) != len(program.inputs):
            raise ConventionError(
                f"{program.name} takes {len(program.inputs)} inputs, {listed(program.inputs)}; {len(inputs)} "
                f"{'was' if len(inputs) == 1 else 'were'} given"
            )
        asked = {name: np.array(x) for name, x in zip(program.inputs, inputs, strict=True)}
        asked |= {name: np.asarray(value) for name, value in options.items()}
        found = program.ask("outputs", asked)
        missing = [name for name in program.outputs if name not in found]
        if missing:
            raise program.fault("outputs", f"{program.name} wrote {_kept(found)}, and not `{missing[0]}`, its output")
        program.answered.add("outputs")
        outputs = tuple(found[name] for name in program.outputs)

        def program_vjp(dy: Any) -> tuple[Any, ...]:
            given = dy if isinstance(dy, tuple) else (dy,)
            cotangents = {f"d{name}": np.asarray(d) for name, d in zip(program.outputs, given, strict=True)}
            return _gradients(program, asked, program.ask("gradients", {**asked, **cotangents}))

        return (outputs[0] if len(outputs) == 1 else outputs), program_vjp

    parameters = [inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for name in program.inputs]
    options = inspect.Parameter("options", inspect.Parameter.VAR_KEYWORD)
    program_op.__name__ = program_op.__qualname__ = Path(program.name.strip("`").split()[-1]).stem
    program_op.__dict__.update(adapter="program", __signature__=inspect.Signature([*parameters, options]))
    return with_constants(program_op, program.constants, "from_program")


def _gradients(program: Program, asked: Tensors, found: Tensors) -> tuple[Any, ...]:
    """The gradient of each input, None where there is none in the file; but not where it has another name there."""
    wanted = [f"d{name}" for name in program.inputs if asked[name].dtype.kind in "fc" and name not in program.constants]
    missing = [name for name in wanted if name not in found]
    strange = {*found} - {*program.outputs} - {f"d{name}" for name in program.inputs}
    if missing and (strange or len(missing) == len(wanted)):
        raise program.fault(
            "gradients",
            f"{program.name} was given {listed(f'd{name}' for name in program.outputs)} and wrote "
            f"{_kept(found)}, and not `{missing[0]}`, the gradient of `{missing[0][1:]}`",
        )
    program.answered.add("gradients")
    return tuple(found.get(f"d{name}") for name in program.inputs)


def _kept(found: Tensors) -> str:
    return listed(found) or "nothing"
