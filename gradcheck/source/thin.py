"""Functions that compute nothing themselves: they take what comes in apart, hand it on, and put together the answer."""

from __future__ import annotations

import libcst as cst

from gradcheck.protocol.files import LIBRARIES

from .file import Source
from .scope import Defining, imports

_COMPUTING = cst.BinaryOperation | cst.UnaryOperation | cst.AugAssign | cst.Comparison


def is_thin(source: Source, line: int, column: int) -> bool:
    """Whether the function that begins here only calls, and takes apart and puts together what is called."""
    modules = {name for name, full in imports(source.module) if full.partition(".")[0] in LIBRARIES}
    return not _computes(at(source, line, column).body, modules)


def at(source: Source, line: int, column: int) -> Defining:
    """The function whose ``def`` or ``lambda`` stands here."""
    for function in source.functions:
        start = source.positions[function].start
        if (start.line, start.column) == (line, column):
            return function
    raise KeyError((line, column))


def _computes(node: cst.CSTNode, modules: set[str]) -> bool:
    """Whether there is arithmetic, or a call into a library of arrays, outside an index."""
    if isinstance(node, _COMPUTING) or (isinstance(node, cst.Name) and node.value in modules):
        return True
    return not isinstance(node, cst.Index) and any(_computes(child, modules) for child in node.children)
