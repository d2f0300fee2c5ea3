"""Statements that are missing, written after those of another layer: ``grads["db1"]`` after ``grads["db2"]``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import libcst as cst

from gradcheck.mutants.operators import Place
from gradcheck.mutants.operators.reading import code, names_of

from .vocabulary import Vocabulary

_NUMBER = re.compile(r"(?<=[A-Za-z_])\d+")


def said_of_another_layer(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """After a statement comes another one that stands in the same block, with its layer's number one more or less."""
    block = next((parent for parent in place.parents if isinstance(parent, cst.IndentedBlock)), None)
    alone = isinstance(place.parent, cst.SimpleStatementLine) and len(place.parent.body) == 1
    if not isinstance(node, cst.Assign | cst.AugAssign) or block is None or not alone:
        return
    small = [line.body[0] for line in block.body if isinstance(line, cst.SimpleStatementLine) and line.body]
    written = {code(statement) for statement in small}
    known = {*place.earlier, *place.scope.outer, *place.scope.cotangents, *_names_bound(node)}
    local = known | vocabulary.assigned(place)
    for statement in small:
        if not isinstance(statement, cst.Assign | cst.AugAssign):
            continue
        for number in sorted(set(_NUMBER.findall(_target(statement)))):
            for other in (int(number) - 1, int(number) + 1):
                text = _renumbered(code(statement), int(number), other)
                if (
                    text in written
                    or not _is_a_statement(text)
                    or not names_of(cst.parse_statement(text)) & local <= known
                ):
                    continue
                yield f"{code(node)}\n{text}", 1.4


def _is_a_statement(text: str) -> bool:
    """Whether no number in it fell below 0: ``p-1 = 2`` for ``p0 = 2``."""
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return not re.search(r"[A-Za-z_]-\d", text)


def _target(statement: cst.Assign | cst.AugAssign) -> str:
    if isinstance(statement, cst.AugAssign):
        return code(statement.target)
    return " ".join(code(target.target) for target in statement.targets)


def _names_bound(node: cst.Assign | cst.AugAssign) -> set[str]:
    return set(re.findall(r"^[A-Za-z_]\w*", _target(node)))


def _renumbered(text: str, old: int, new: int) -> str:
    """Every number at the end of a name or key one more or less, so that what belongs together stays so."""
    return _NUMBER.sub(lambda found: str(int(found[0]) + new - old), text)
