"""What an edit hits: numbers, values or gradients, and where in an expression it stands."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache

from gradcheck.source import Edit

_REDUCTIONS = ("sum", "mean", "max", "min", "prod")


class Kind(StrEnum):
    """What a piece of code stands for in a backward."""

    NUMBER = "number"  # literals and sizes
    VALUE = "value"  # arrays of the forward
    COTANGENT = "cotangent"  # what comes in, and all that is computed from it


@dataclass(frozen=True)
class Surroundings:
    """The code around one edit of ``text``, the whole file."""

    edit: Edit
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The file before the edit, which has many."""
        return _parsed(self.text)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every node that holds the whole edit, innermost first."""
        start, end = self.edit.start, self.edit.end
        found = [(last - first, node) for first, last, node in _spans(self.text) if first <= start and last >= end]
        return [node for _, node in sorted(found, key=lambda pair: pair[0])]

    @property
    def around(self) -> list[ast.AST]:
        """The nodes of the same statement around what is edited, innermost first, without what is edited itself."""
        whole = len(self.edit.before.encode())
        lengths = {node: last - first for first, last, node in _spans(self.text)}
        inside = [node for node in self.nodes if not isinstance(node, ast.FunctionDef)]
        return [node for node in inside if lengths[node] > whole]

    @property
    def in_term(self) -> bool:
        """Whether it stands inside a sum or mean that is one term of what depends on the cotangent."""
        terms = [n for n in self.around if isinstance(n, ast.BinOp) and isinstance(n.op, ast.Add | ast.Sub)]
        inside = [n for n in self.nodes if isinstance(n, ast.Call) and _called(n) in _REDUCTIONS]
        return bool(inside) and any(self.kind(ast.unparse(term)) is Kind.COTANGENT for term in terms)

    @property
    def in_sum(self) -> bool:
        """Whether it is directly a term of a sum or difference, or of what is added to an array."""
        node = self.around[0] if self.around else None
        return isinstance(node, ast.AugAssign) or (
            isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)
        )

    @property
    def in_call(self) -> bool:
        """Whether it is directly an argument of a call."""
        return bool(self.around) and isinstance(self.around[0], ast.Call)

    @property
    def in_subscript(self) -> bool:
        """Whether it stands in an index, or is what an index is taken of."""
        return any(isinstance(node, ast.Subscript) for node in self.around)

    @property
    def is_condition(self) -> bool:
        """Whether it is all of the condition of a `where`."""
        node = self.around[0] if self.around else None
        if not (isinstance(node, ast.Call) and _called(node) == "where" and node.args):
            return False
        return ast.unparse(node.args[0]) == self.edit.before

    @property
    def makes_value(self) -> bool:
        """Whether the statement around it computes something that the cotangent is not in."""
        statement = next((node for node in self.nodes if isinstance(node, ast.Assign | ast.AugAssign)), None)
        return statement is not None and self.kind(ast.unparse(statement.value)) is Kind.VALUE

    def opposite(self, before: str, after: str) -> bool:
        """Whether two names, or the entries in which two tuples differ, are minus one another by the source."""
        pairs = zip(before.strip("()").split(","), after.strip("()").split(","), strict=False)
        changed = {(one.strip(), other.strip()) for one, other in pairs if one.strip() != other.strip()}
        minus = {
            (node.targets[0].id, ast.unparse(node.value.operand))
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.UnaryOp)
            and isinstance(node.value.op, ast.USub)
        }
        return bool(changed) and all((a, b) in minus or (b, a) in minus for a, b in changed)

    @property
    def is_returned(self) -> bool:
        """Whether it is returned just as it is."""
        return bool(self.around) and not any(isinstance(n, ast.BinOp | ast.Call | ast.Assign) for n in self.around)

    def kind(self, code: str) -> Kind:
        """What a piece of code stands for, by the names in it."""
        names = {node.id for node in ast.walk(ast.parse(code.strip())) if isinstance(node, ast.Name)}
        if names & self.cotangents:
            return Kind.COTANGENT
        return Kind.VALUE if names - self.sizes else Kind.NUMBER

    @cached_property
    def cotangents(self) -> set[str]:
        """The parameter of the vjp and every name that is computed from it."""
        functions = [node for node in self.nodes if isinstance(node, ast.FunctionDef)]
        vjp = functions[0] if functions else None
        nested = [n for n in ast.walk(vjp) if isinstance(n, ast.FunctionDef)] if vjp is not None else []
        vjp = nested[-1] if nested else vjp
        if vjp is None:
            return set()
        known = {argument.arg for argument in vjp.args.args[-1:]}
        for node in ast.walk(vjp):
            if isinstance(node, ast.Assign) and known & _names(node.value):
                known |= {name for target in node.targets for name in _names(target)}
        return known

    @cached_property
    def sizes(self) -> set[str]:
        """The names that are read off a shape, and those of modules."""
        return _sizes(self.text)


@lru_cache(maxsize=4)
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


@lru_cache(maxsize=4)
def _sizes(text: str) -> set[str]:
    found = {"np"}
    for node in ast.walk(_parsed(text)):
        if isinstance(node, ast.Assign) and any(
            isinstance(part, ast.Attribute) and part.attr == "shape" for part in ast.walk(node.value)
        ):
            found |= {name for target in node.targets for name in _names(target)}
    return found


def dropped(edit: Edit) -> str:
    """Of two operands the one that the edit leaves out; the whole where there are no two."""
    whole = ast.parse(edit.before.strip(), mode="eval").body
    if not isinstance(whole, ast.BinOp):
        return edit.before
    left, right = ast.unparse(whole.left), ast.unparse(whole.right)
    return right if ast.unparse(ast.parse(edit.after.strip(), mode="eval")) == left else left


def second(code: str) -> str:
    """The second of two operands."""
    whole = ast.parse(code.strip(), mode="eval").body
    assert isinstance(whole, ast.BinOp)
    return ast.unparse(whole.right)


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


@lru_cache(maxsize=4)
def _spans(text: str) -> tuple[tuple[int, int, ast.AST], ...]:
    """Every expression and statement of a file, with its first byte and that behind its last."""
    lines = [0]
    for line in text.encode().splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    return tuple(
        (lines[node.lineno - 1] + node.col_offset, lines[node.end_lineno - 1] + (node.end_col_offset or 0), node)
        for node in ast.walk(_parsed(text))
        if isinstance(node, ast.expr | ast.stmt) and node.end_lineno is not None
    )
