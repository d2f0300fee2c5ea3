"""What a wrong line lacks, where it is known what it should come to: a term or a factor of up to three operands.

That is read off the numbers: of what is lacking, one entry is held against the products of all operands at once, and
the few that agree in every entry are tried as edits.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradcheck.numerics import within
from gradcheck.numerics.tolerance import Array

from .changes import Path
from .history import Version
from .limits import LATER, MOST_MULTIPLIED, MOST_READ_OFF, PRODUCT, READ_OFF, RETURNED
from .operands import Scope
from .states import Run, State
from .values import digest
from .variants import Statement, Variant, put


@dataclass(frozen=True)
class _Operand:
    """What may be multiplied or, ``below``, divided by; the node is None of nothing at all."""

    node: ast.expr | None
    array: Array
    below: bool = False


@dataclass(frozen=True)
class _Wanted:
    """A part of a statement, what it came to, and what it should have come to."""

    path: Path
    node: ast.expr
    own: Array
    right: Array


def lacking(run: Run, line: int, statement: Statement, scope: Scope) -> Iterator[Variant]:
    """The statement with a product of up to three operands added, or multiplied by one of two."""
    operands = _operands(scope)
    found: list[Variant] = []
    for wanted in _wanted(run, statement):
        own = wanted.node
        for by, cost in _products(operands, wanted.right - wanted.own, 3):
            for operator, form in ((ast.Add(), "with `{by}` added to `{before}`"),
                                   (ast.Sub(), "with `{by}` taken from `{before}`")):  # fmt: skip
                whole = put(statement, wanted.path, ast.BinOp(own, operator, by))
                found.append(Variant(line, whole, own, by, cost, form))
        with np.errstate(all="ignore"):
            ratio = wanted.right / wanted.own
        for by, cost in _products(operands, ratio, 2):
            whole = put(statement, wanted.path, ast.BinOp(own, ast.Mult(), by))
            found.append(Variant(line, whole, own, by, cost + LATER, "with it multiplied by `{by}`"))
    yield from sorted(found, key=lambda variant: variant.cost)


def _wanted(run: Run, statement: Statement) -> Iterator[_Wanted]:
    """The first value that a statement makes, or each gradient that it returns, where its truth is known."""
    made = [v for v in run.history.versions if v.unit is not None and v.unit.node is statement and v.array is not None]
    first = min((v.place.time for v in made), default=0)
    for version in made:
        right = _truth(run, version)
        if version.place.time != first or version.array is None or right is None or right.shape != version.array.shape:
            continue
        own = version.array
        if version.place.spot < RETURNED:
            if statement.value is None or isinstance(statement.value, ast.Tuple | ast.List | ast.Dict):
                continue
            if isinstance(statement, ast.AugAssign) and isinstance(statement.op, ast.Sub):
                own, right = right, own  # what is taken away was too much by what is lacking
            yield _Wanted(("value",), statement.value, own, right)
        elif version.unit is not None:
            parts = [part.node for part in version.unit.returned if len(part.way) == 1]
            spot = version.place.spot - RETURNED
            value = statement.value
            if isinstance(value, ast.Tuple) and spot < len(parts) and parts[spot] in value.elts:
                yield _Wanted(("value", ("elts", value.elts.index(parts[spot]))), parts[spot], own, right)


def _truth(run: Run, version: Version) -> Array | None:
    """What a value should be: measured, where it is a gradient by its name or is returned, else solved for."""
    scale = run.scale(version)
    outputs = [output for output in run.outputs if output.version is version and output.state is State.WRONG]
    sites = [output.site for output in outputs] or list(run.means.get(version.number, ()))
    if len(sites) == 1 and sites[0].truth is not None:
        return np.asarray(sites[0].truth.gradient / scale) if scale else None
    return run.solved.get(version.place)


def _operands(scope: Scope) -> list[_Operand]:
    """Nothing, variables, numbers, sizes, short expressions, and what is made of them.

    Each is multiplied by, and all but the last divided by. Two variables that are equal the first time a loop runs may
    be two all the same; an expression that is equal to one says nothing new.
    """
    above: list[_Operand] = []
    known: set[tuple[Any, ...]] = set()
    for node, _ in scope.terms:
        array = scope.value(node)
        if array is None or array.dtype.kind not in "iuf" or not np.any(array):
            continue
        array = np.asarray(array, np.float64)
        if isinstance(node, ast.Name) or digest(array) not in known:
            known.add(digest(array))
            above.append(_Operand(node, array))
    with np.errstate(all="ignore"):
        below = [_Operand(one.node, 1 / one.array, below=True) for one in above if np.all(one.array)]
    made = [one for one in _made_of(above) if digest(one.array) not in known]
    return [_Operand(None, np.ones(())), *above, *made, *below]


def _made_of(operands: Sequence[_Operand]) -> Iterator[_Operand]:
    """What a path of the chain rule is made of: slopes by their value, as of a sigmoid and a tangent; sums along each
    axis; matrix products."""
    for one in operands:
        if isinstance(one.node, ast.Name) and one.array.ndim:
            square = ast.BinOp(one.node, ast.Pow(), ast.Constant(2))
            yield _Operand(ast.BinOp(ast.Constant(1), ast.Sub(), one.node), 1 - one.array)
            yield _Operand(ast.BinOp(ast.Constant(1), ast.Sub(), square), 1 - one.array**2)
    for one in operands:
        for axis in range(one.array.ndim if one.array.ndim > 1 and one.node is not None else 0):
            assert one.node is not None
            words = [ast.keyword("axis", ast.Constant(axis))]
            call = ast.Call(ast.Attribute(one.node, "sum", ast.Load()), [], words)
            yield _Operand(call, one.array.sum(axis=axis))
    matrices = [one for one in operands if one.node is not None and one.array.ndim == 2]
    vectors = [one for one in operands if one.node is not None and one.array.ndim == 1]
    turned = [_Operand(ast.Attribute(one.node, "T", ast.Load()), one.array.T) for one in matrices if one.node]
    for left in (*matrices, *turned):
        for right in (*vectors, *matrices, *turned):
            if left.node is not None and right.node is not None and left.array.shape[1] == right.array.shape[0]:
                yield _Operand(ast.BinOp(left.node, ast.MatMult(), right.node), left.array @ right.array)


def _products(operands: Sequence[_Operand], wanted: Array, most: int) -> Iterator[tuple[ast.expr, float]]:
    """Products of as many operands that come to what is wanted or its opposite, with what each costs."""
    if wanted.dtype.kind != "f" or not wanted.size or not np.isfinite(wanted).all() or not np.any(wanted):
        return
    entry = np.unravel_index(int(np.argmax(np.abs(wanted))), wanted.shape)
    fitting = [one for one in operands if _fits(one.array, wanted)][:MOST_MULTIPLIED]
    sizes = np.array([abs(np.broadcast_to(one.array, wanted.shape)[entry]) for one in fitting])
    with np.errstate(all="ignore"):
        pairs = sizes[:, None] * sizes[None, :]
        whole = pairs[:, :, None] * (sizes if most > 2 else np.ones(1))
        near = np.asarray(within(np.abs(whole - abs(wanted[entry])), READ_OFF * abs(wanted[entry])))
    found: list[tuple[int, int, ast.expr]] = []
    for chosen in np.argwhere(near):
        i, j, k = (int(number) for number in chosen)
        if i > j or (most > 2 and j > k):
            continue
        parts = [fitting[i], fitting[j], *([fitting[k]] if most > 2 else [])]
        product = np.ones(())
        for part in parts:
            product = product * part.array
        slack = READ_OFF * float(np.abs(wanted).max())
        right = any(bool(np.asarray(within(np.abs(sign * product - wanted), slack)).all()) for sign in (1, -1))
        by = _written(parts) if right else None
        if by is not None:
            found.append((sum(part.node is not None for part in parts), len(ast.unparse(by)), by))
    for count, _, by in sorted(found, key=lambda one: one[:2])[:MOST_READ_OFF]:
        yield by, PRODUCT + LATER * count


def _fits(array: Array, wanted: Array) -> bool:
    try:
        return np.broadcast_shapes(array.shape, wanted.shape) == wanted.shape
    except ValueError:
        return False


def _written(parts: Sequence[_Operand]) -> ast.expr | None:
    """The product as it would be written; None of nothing, and of what is both multiplied and divided by."""
    above = [part.node for part in parts if part.node is not None and not part.below]
    below = [part.node for part in parts if part.node is not None and part.below]
    if any(one is other for one in above for other in below) or not (above or below):
        return None
    whole = above[0] if above else ast.Constant(1)
    for node in above[1:]:
        whole = ast.BinOp(whole, ast.Mult(), node)
    for node in below:
        whole = ast.BinOp(whole, ast.Div(), node)
    return whole
