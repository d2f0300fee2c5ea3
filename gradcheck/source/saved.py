"""What the forward computes for the backward alone: a mask, a probability, an index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

import libcst as cst

from .file import Source
from .scope import Defining, targets


def saved_for(function: Defining, source: Source, backward: Collection[Defining]) -> list[tuple[cst.Assign, Defining]]:
    """The assignments of the op around a vjp whose values nothing but the backward reads, with the op.

    An edit of them leaves the value of the op as it is, as one of the vjp itself does.
    """
    around = [node for node in source.functions[function] if isinstance(node, cst.FunctionDef)]
    if not around or not isinstance(around[0].body, cst.IndentedBlock):
        return []
    op = around[0]
    once = Counter(name for assign in _assignments(op) for name in _bound(assign))
    kept: list[cst.Assign] = []
    found = True
    while found:
        found = False
        read = _read_outside(op, [*backward, *kept])
        for assign in _assignments(op):
            names = _bound(assign)
            if assign not in kept and names and all(once[name] == 1 and name not in read for name in names):
                kept.append(assign)
                found = True
    return [(assign, op) for assign in _assignments(op) if assign in kept]


def _assignments(op: cst.FunctionDef) -> list[cst.Assign]:
    """Those that are made whatever happens, and bind plain names only."""
    lines = [line for line in op.body.body if isinstance(line, cst.SimpleStatementLine)]
    return [small for line in lines for small in line.body if isinstance(small, cst.Assign) and _bound(small)]


def _bound(assign: cst.Assign) -> list[str]:
    if not all(isinstance(target.target, cst.Name) for target in assign.targets):
        return []
    return [name for target in assign.targets for name in targets(target.target)]


def _read_outside(op: cst.FunctionDef, apart: Collection[cst.CSTNode]) -> set[str]:
    """The names that the op reads anywhere but in these nodes."""
    read: set[str] = set()

    def walk(node: cst.CSTNode) -> None:
        if node in apart:
            return
        if isinstance(node, cst.Name):
            read.add(node.value)
        for child in node.children:
            if not (isinstance(node, cst.AssignTarget) and isinstance(child, cst.Name)):
                walk(child)

    walk(op.body)
    return read
