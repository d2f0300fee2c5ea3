"""Small backwards to be edited."""

import textwrap

import libcst as cst

from gradcheck.mutants import OPERATORS, edits_of
from gradcheck.source import Backward, Source
from gradcheck.source.backward import FunctionAt

HEAD = """
import numpy as np


def op(x, w):
    y = x * w

    def op_vjp(dy):
"""
TAIL = """
    return y, op_vjp
"""


def operator_named(name):
    (found,) = (operator for operator in OPERATORS if operator.name == name)
    return found


def source_of(body, head=HEAD, tail=TAIL):
    return Source("small.py", head + textwrap.indent(textwrap.dedent(body).strip("\n"), " " * 8) + "\n" + tail)


def backward_of(source, *names):
    """The functions of a source by name, the outermost first."""
    found = []
    for function in source.functions:
        name = function.name.value if isinstance(function, cst.FunctionDef) else "<lambda>"
        if name in names:
            start = source.positions[function].start
            found.append((names.index(name), FunctionAt(source.qualname(function), start.line, start.column)))
    return Backward(source.path, tuple(function for _, function in sorted(found, key=lambda pair: pair[0])))


def edits(operators, body, **around):
    """The edits of ``op_vjp`` with this body."""
    source = source_of(body, **around)
    return edits_of(backward_of(source, "op_vjp"), source, operators)
