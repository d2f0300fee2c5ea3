"""Operands as they are written: a name, and what is taken of it by a constant key or an attribute."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from gradcheck.mutants.operators.reading import code

_NO_VALUES = frozenset(("T", "shape", "size", "ndim", "dtype", "real", "imag", "flat", "mT", "H"))  # of any array


def chain(node: cst.CSTNode) -> str | None:
    """``W``, ``params["W1"]``, ``self.grads["W"]`` as written; None for anything else, an array's own ``.T`` too."""
    if isinstance(node, cst.Name):
        return node.value
    if isinstance(node, cst.Attribute):
        before = chain(node.value)
        return None if before is None or node.attr.value in _NO_VALUES else f"{before}.{node.attr.value}"
    if isinstance(node, cst.Subscript) and len(node.slice) == 1:
        before, inside = chain(node.value), node.slice[0].slice
        if before is not None and isinstance(inside, cst.Index) and _is_constant(inside.value):
            return f"{before}[{_key(inside.value)}]"
    return None


def chains_in(node: cst.CSTNode) -> Iterator[str]:
    """The longest operands in an expression, in order; not what is called, and no keywords."""
    whole = chain(node)
    if whole is not None:
        yield whole
        return
    if isinstance(node, cst.Call):
        if isinstance(node.func, cst.Attribute):  # what its method is called of
            yield from chains_in(node.func.value)
        for argument in node.args:
            yield from chains_in(argument.value)
        return
    if isinstance(node, cst.Attribute):
        yield from chains_in(node.value)
        return
    for child in node.children:
        yield from chains_in(child)


def attributes_in(node: cst.CSTNode) -> set[str]:
    """The names behind a dot, and those of keywords, which are nobody's variables."""
    own = {node.attr.value} if isinstance(node, cst.Attribute) else set()
    if isinstance(node, cst.Arg) and node.keyword is not None:
        own = {node.keyword.value}
    return own.union(*(attributes_in(child) for child in node.children))


def root(text: str) -> str:
    """The name that an operand begins with."""
    return re.split(r"[.\[ ]", text.lstrip("("), maxsplit=1)[0]


def last_key(text: str) -> str:
    """What an operand is called: ``Z1`` of ``Z1``, ``cache["Z1"]`` and ``self.Z1``; empty for a number."""
    found = re.search(r"(\w+)\W*$", text)
    return found[1] if found and not found[1].isdigit() else ""


def replaced(text: str, old: str, new: str) -> str:
    """One operand for another wherever it stands in code."""
    return re.sub(rf"(?<![\w.\"'])(?:{re.escape(old)})(?![\w\"'])", lambda _: new, text)


def _is_constant(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.SimpleString | cst.Integer)


def _key(node: cst.BaseExpression) -> str:
    """A key as `values` writes it, whatever quotes the author uses."""
    text = code(node)
    return f'"{text[1:-1]}"' if text[:1] == "'" and '"' not in text else text
