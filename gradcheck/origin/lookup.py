"""Look up what an expression names, without running anything of the user's: names, entries, attributes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from .follow import Running, Variables
from .values import as_array

Key = tuple[Any, ...]
Found = tuple[Any, Any, str]  # what holds it (None for a variable), its key there, what to call it

ENTRY = object()  # in the place of a key: an entry of an array
_ATTRIBUTE = object()
_PLAIN = (str, int, float, bool, type(None))


def at(node: ast.expr, names: Variables, outside: Variables) -> Found | None:
    """Where a target or a look-up leads; None where that cannot be told without running code."""
    if isinstance(node, ast.Name):
        return (None, None, node.id) if node.id in names or node.id in outside else None
    if not isinstance(node, ast.Attribute | ast.Subscript):
        return None
    above = at(node.value, names, outside)
    if above is None:
        return None
    owner = value_at(*above, names, outside)
    if isinstance(node, ast.Attribute):
        return (owner, _ATTRIBUTE, node.attr) if node.attr in _attributes(owner) else None
    if as_array(owner) is not None:
        return owner, ENTRY, above[2]
    known, key = constant(node.slice, names, outside)
    if not known or not _has(owner, key):
        return None
    return owner, key, key if isinstance(key, str) else f"{above[2]}[{key}]"


def value_at(owner: Any, step: Any, name: str, names: Variables, outside: Variables | None = None) -> Any:
    """What is there; None where nothing is."""
    if owner is None and step is None:
        return names[name] if name in names else (outside or {}).get(name)
    if step is _ATTRIBUTE:
        return _attributes(owner).get(name)
    if step is ENTRY:
        return owner
    return owner[step]


def put(owner: Any, step: Any, name: str, names: Variables, value: Any) -> None:
    """Put another value there."""
    if owner is None and step is None:
        names[name] = value
    elif step is _ATTRIBUTE:
        setattr(owner, name, value)
    elif step is not ENTRY:
        owner[step] = value


def key_of(running: Running, owner: Any, step: Any, name: str) -> Key:
    """What two look-ups of the same place share."""
    if owner is None and step is None:
        return id(running), name
    return (id(owner), "." if step is _ATTRIBUTE else "[]", name if step is _ATTRIBUTE else _hashable(step))


def constant(node: ast.expr, names: Variables, outside: Variables) -> tuple[bool, Any]:
    """Whether an index is told from the text and the variables, and what it is: ``"A" + str(l)``, ``-1``, ``key``."""
    if isinstance(node, ast.Constant):
        return True, node.value
    if isinstance(node, ast.Name):
        value = names.get(node.id, outside.get(node.id))
        return isinstance(value, _PLAIN) and value is not None, value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        known, value = constant(node.operand, names, outside)
        return known and isinstance(value, int), -value if isinstance(value, int) else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        left, right = constant(node.left, names, outside), constant(node.right, names, outside)
        if left[0] and right[0] and type(left[1]) is type(right[1]) and isinstance(left[1], str | int):
            if isinstance(node.op, ast.Add):
                return True, left[1] + right[1]
            return isinstance(left[1], int), left[1] - right[1] if isinstance(left[1], int) else None
        return False, None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "str" and len(node.args) == 1:
        known, value = constant(node.args[0], names, outside)
        return known, str(value)
    if isinstance(node, ast.JoinedStr):
        parts = [constant(p.value if isinstance(p, ast.FormattedValue) else p, names, outside) for p in node.values]
        return all(known for known, _ in parts), "".join(str(value) for _, value in parts)
    return False, None


def paths_of(node: ast.AST) -> Iterator[ast.expr]:
    """The longest look-ups in an expression, and those in the indices of each."""
    if isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
        inner: ast.expr = node
        indices: list[ast.AST] = []
        while isinstance(inner, ast.Attribute | ast.Subscript):
            if isinstance(inner, ast.Subscript):
                indices.append(inner.slice)
            inner = inner.value
        if isinstance(inner, ast.Name):
            yield node
            for index in indices:
                yield from paths_of(index)
            return
    if isinstance(node, ast.Lambda):
        return
    for child in ast.iter_child_nodes(node):
        yield from paths_of(child)


def _attributes(owner: Any) -> dict[str, Any]:
    """What an object holds itself: no property of it is run."""
    if isinstance(owner, tuple) and hasattr(owner, "_fields"):
        return dict(zip(owner._fields, owner, strict=False))
    if isinstance(owner, type) or as_array(owner) is not None:
        return {}
    return getattr(owner, "__dict__", None) or {}


def _has(owner: Any, key: Any) -> bool:
    if isinstance(owner, dict):
        try:
            return key in owner
        except TypeError:
            return False
    return isinstance(owner, list | tuple) and isinstance(key, int) and -len(owner) <= key < len(owner)


def _hashable(key: Any) -> Any:
    return key if isinstance(key, _PLAIN) else repr(key)
