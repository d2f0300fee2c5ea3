"""How much of a backward a proof covers: the lines of its code, and those on which a mutant was judged."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import libcst as cst

from gradcheck.source import Backward, Edit, Source

from .enumerate import outermost_functions, places_in

Line = tuple[str, int]  # a file, and the line on which a statement in it begins


def lines_of_code(backward: Backward, source: Source) -> Iterator[Line]:
    """Where each statement of the functions in one file begins that could be edited: no guard, docstring or ``def``."""
    for function, outermost in outermost_functions(backward, source):
        if isinstance(function, cst.Lambda):
            yield source.path, source.positions[function.body].start.line
        for node, place in places_in(backward, source, function, outermost):
            begins = _begins(node, place.parents)
            if begins is not None:
                yield source.path, source.positions[begins].start.line


def _begins(node: cst.CSTNode, parents: tuple[cst.CSTNode, ...]) -> cst.CSTNode | None:
    """The statement that a node is, or is the head of: the test of a branch, what a loop runs over."""
    if isinstance(node, cst.Pass | cst.Continue | cst.Break):
        return None
    if isinstance(node, cst.BaseSmallStatement):
        return node
    parent = parents[0]
    heads = isinstance(parent, cst.If | cst.While | cst.For) and node in (
        getattr(parent, "test", None),
        getattr(parent, "iter", None),
    )
    return parent if heads or isinstance(parent, cst.Return) else None


def covered(lines: Collection[Line], edits: Collection[Edit]) -> int:
    """How many of the lines have one of the edits in the statement that begins there."""
    starts: dict[str, list[int]] = {}
    for path, line in lines:
        starts.setdefault(path, []).append(line)
    hit = {(edit.path, max((line for line in starts.get(edit.path, ()) if line <= edit.line), default=0))
           for edit in edits}  # fmt: skip
    return len(hit & set(lines))
