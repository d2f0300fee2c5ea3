"""A size that follows from others, such as ``4*h``, ``n+k-1`` or ``n//2``."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

_OPERATIONS: Mapping[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
}


@dataclass(frozen=True)
class Formula:
    """Sums, products and whole-numbered quotients of sizes and numbers, as the signature writes them."""

    text: str

    @cached_property
    def tree(self) -> ast.expr:
        """The syntax tree of the text."""
        return ast.parse(self.text, mode="eval").body

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The sizes that it is made of."""
        return tuple(dict.fromkeys(node.id for node in ast.walk(self.tree) if isinstance(node, ast.Name)))

    def at(self, sizes: Mapping[str, int]) -> int:
        """Its value; negative where the sizes do not go together."""
        return _value(self.tree, sizes)

    def unknown(self, sizes: Mapping[str, int], wanted: int) -> tuple[str, int] | None:
        """The one size that is not known yet and its value, where the formula is of first degree in it."""
        missing = [name for name in self.names if name not in sizes]
        if len(missing) != 1:
            return None
        (name,) = missing
        values = [self.at({**sizes, name: value}) for value in range(4)]
        step = values[1] - values[0]
        if step == 0 or any(after - before != step for before, after in pairwise(values)):
            return None
        found, rest = divmod(wanted - values[0], step)
        return (name, found) if rest == 0 and found >= 0 and self.at({**sizes, name: found}) == wanted else None

    def determines(self, known: Mapping[str, int]) -> str | None:
        """The name whose size follows from that of the formula once those in ``known`` are."""
        missing = [name for name in self.names if name not in known]
        if len(missing) != 1:
            return None
        trial = {**known, missing[0]: 5}
        return missing[0] if self.unknown({**known}, self.at(trial)) is not None else None

    def __str__(self) -> str:
        return self.text


def read_formula(text: str) -> Formula | None:
    """The formula that a text is; None where it is none, or only a name or a number."""
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError):
        return None
    formula = Formula(text.replace(" ", ""))
    return formula if isinstance(tree, ast.BinOp) and _is_plain(tree) and formula.names else None


def _is_plain(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp):
        by_nothing = isinstance(node.op, ast.FloorDiv) and not (
            isinstance(node.right, ast.Constant) and isinstance(node.right.value, int) and node.right.value > 0
        )
        return type(node.op) in _OPERATIONS and not by_nothing and _is_plain(node.left) and _is_plain(node.right)
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int) and not isinstance(node.value, bool)
    return isinstance(node, ast.Name)


def _value(node: ast.expr, sizes: Mapping[str, int]) -> int:
    if isinstance(node, ast.BinOp):
        return _OPERATIONS[type(node.op)](_value(node.left, sizes), _value(node.right, sizes))
    if isinstance(node, ast.Name):
        return sizes[node.id]
    assert isinstance(node, ast.Constant)
    assert isinstance(node.value, int)
    return node.value
