"""Edits that the look for the line of the mistake has found, as edits of its file: two of one line among them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from gradcheck.origin import Origin
from gradcheck.origin.rewritten import Statement
from gradcheck.source import Edit, Source


def told_edits(origins: Sequence[Origin], sources: Mapping[str, Source]) -> list[Edit]:
    """Each as the replacement of the smallest part of its line that has all of it, the likeliest first."""
    found: dict[Edit, None] = {}
    told = [(edit.variant.cost, edit) for origin in origins for edit in origin.edits if edit.file in sources]
    for _, one in sorted(told, key=lambda pair: pair[0]):
        source = sources[one.file]
        before = _statement(source.text, one.variant.line)
        change = None if before is None else _difference(before, one.variant.statement)
        if change is not None:
            found.setdefault(_edit(source, *change, one.variant.said))
    return list(found)


def _statement(text: str, line: int) -> ast.stmt | None:
    """What stands in a line and may be edited; another kind of statement may come in its place, as ``+=`` for ``=``."""
    return next((n for n in ast.walk(ast.parse(text)) if isinstance(n, Statement) and n.lineno == line), None)


def _difference(before: ast.AST, after: ast.AST) -> tuple[ast.expr | ast.stmt, ast.AST] | None:
    """The smallest part that stands somewhere and holds all that is another; None where nothing is."""
    if ast.dump(before) == ast.dump(after):
        return None
    if type(before) is type(after):
        pairs = list(_children(before, after))
        apart = [pair for pair in pairs if ast.dump(pair[0]) != ast.dump(pair[1])]
        if len(apart) == 1 and _same_otherwise(before, after, len(pairs)):
            inner = _difference(*apart[0])
            if inner is not None:
                return inner
    return (before, after) if isinstance(before, ast.expr | ast.stmt) else None


def _children(before: ast.AST, after: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    return zip(ast.iter_child_nodes(before), ast.iter_child_nodes(after), strict=False)


def _same_otherwise(before: ast.AST, after: ast.AST, count: int) -> bool:
    """Whether two nodes of one kind have as many parts, and the same in what is no node, such as a name."""
    plain = [
        [value for _, value in ast.iter_fields(node) if not isinstance(value, ast.AST | list)]
        for node in (before, after)
    ]
    return plain[0] == plain[1] and len(list(ast.iter_child_nodes(after))) == count


def _edit(source: Source, before: ast.expr | ast.stmt, after: ast.AST, said: str) -> Edit:
    raw = source.text.encode()
    starts = [0]
    for line in raw.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    start = starts[before.lineno - 1] + before.col_offset
    end = starts[(before.end_lineno or before.lineno) - 1] + (before.end_col_offset or 0)
    text = ast.unparse(after)
    whole = text if isinstance(before, ast.stmt | ast.Slice) else f"({text})"
    return Edit("told", said, source.path, "", before.lineno, start, end, raw[start:end].decode(), whole)
