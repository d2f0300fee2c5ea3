"""From a function that ran to the line of its source that made one of the values that it returned."""

from __future__ import annotations
import __future__

import ast
import linecache
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import CodeType
from typing import Any

from .limits import FOLLOWED
from .running import COMMAND_LINE, Ran

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
# what `from __future__ import ...` in an earlier cell of a notebook leaves switched on
_FEATURES = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)


@dataclass(frozen=True)
class SourceLine:
    """A line of a source file: where it is, and the code there, on one line."""

    path: str
    line: int
    code: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.code}"


def relative(filename: str) -> str:
    """A path as the reader would type it: relative to the working directory where it lies below that."""
    path = Path(filename)
    try:
        folder = Path.cwd()
    except OSError:  # somebody has deleted it
        return filename
    return str(path.relative_to(folder) if path.is_relative_to(folder) else path)


def lines_of(filename: str) -> list[str]:
    """The source that goes by a name: of a file, a cell of a notebook, or what was typed after ``python -c``.

    Notebooks and IPython leave their cells in `linecache`; Python itself leaves there what it was handed on the
    command line from 3.13 on. Empty where nothing is known, as of code from standard input.
    """
    lines = linecache.getlines(filename)
    if lines or filename != COMMAND_LINE:
        return lines
    return next(
        (
            text.splitlines(keepends=True)
            for option, text in zip(sys.orig_argv[1:], sys.orig_argv[2:], strict=False)
            if option.startswith("-") and option.endswith("c")
        ),
        [],
    )


def source_line(filename: str, line: int) -> SourceLine | None:
    """One line as it stands in its file."""
    lines = lines_of(filename)
    code = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    return SourceLine(relative(filename), line, code) if code else None


@dataclass(frozen=True)
class Returned:
    """An expression whose value a function returned, or a part of it, and how that function ran."""

    ran: Ran
    function: Function
    value: ast.expr
    whole: ast.stmt | ast.expr

    def line(self) -> SourceLine:
        """The expression itself; where it is a name, the statement that gave it its value last."""
        node: ast.AST = self.value
        if isinstance(node, ast.Name):
            node = self._binding(node.id) or self.whole
        filename = self.ran.code.co_filename
        return SourceLine(relative(filename), node.lineno, _text(node, filename))  # type: ignore[attr-defined]

    def resolved(self) -> Returned:
        """The same with names replaced by the expressions that they stand for."""
        found = self
        for _ in range(FOLLOWED):
            binding = found._binding(found.value.id) if isinstance(found.value, ast.Name) else None
            if not isinstance(binding, ast.Assign | ast.AnnAssign) or binding.value is None:
                break
            targets = binding.targets if isinstance(binding, ast.Assign) else [binding.target]
            if not (len(targets) == 1 and isinstance(targets[0], ast.Name)):
                break
            found = Returned(self.ran, self.function, binding.value, binding)
        return found

    def element(self, number: int, count: int) -> Returned | None:
        """Its element ``number`` of ``count``, where it is written as a tuple of that many."""
        found = self.resolved()
        if not isinstance(found.value, ast.Tuple | ast.List) or len(found.value.elts) != count:
            return None
        part = found.value.elts[number]
        if any(isinstance(element, ast.Starred) for element in found.value.elts):
            return None
        return Returned(self.ran, self.function, part, found.whole if isinstance(part, ast.Name) else part)

    def item(self, key: object) -> Returned | None:
        """Its entry under a key, where it is written as a dict or put into one by key, or at a position, as a tuple."""
        written = self._written(key) if isinstance(self.value, ast.Name) else None
        if written is not None:
            return written
        found = self.resolved()
        if isinstance(found.value, ast.Tuple | ast.List) and isinstance(key, int):
            return found.element(key, len(found.value.elts))
        if not isinstance(found.value, ast.Dict):
            return None
        for name, value in zip(found.value.keys, found.value.values, strict=True):
            if isinstance(name, ast.Constant) and name.value == key:
                return Returned(self.ran, self.function, value, value)
        return None

    def _written(self, key: object) -> Returned | None:
        """What was assigned last to this key of a name: ``grads["dW1"] = ...``."""
        if isinstance(self.function, ast.Lambda) or not isinstance(self.value, ast.Name):
            return None
        moment, value = 0, None
        for node in own_nodes(self.function):
            if not isinstance(node, ast.Assign) or len(node.targets) != 1:
                continue
            target = node.targets[0]
            if not (isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant)):
                continue
            named = isinstance(target.value, ast.Name) and target.value.id == self.value.id
            if named and target.slice.value == key and self._moment(node) > moment:
                moment, value = self._moment(node), node
        return Returned(self.ran, self.function, value.value, value) if value is not None else None

    def made_by(self, ran: list[Ran]) -> Ran | None:
        """The call of another of the user's functions that made this value, where it is written as a call."""
        found = self.resolved()
        if not isinstance(found.value, ast.Call):
            return None
        lines = range(found.value.lineno, (found.value.end_lineno or found.value.lineno) + 1)
        called = [other for other in ran if other.caller is self.ran and other.call_line in lines]
        return called[-1] if called else None

    def _binding(self, name: str) -> ast.stmt | None:
        """The statement executed last among those that bind a name, or write into it."""
        if isinstance(self.function, ast.Lambda):
            return None
        executed = [
            (self._moment(node), node)
            for node in own_nodes(self.function)
            if isinstance(node, ast.stmt) and name in bound_names(node)
        ]
        moment, node = max(executed, key=lambda pair: pair[0], default=(0, None))
        return node if moment else None

    def _moment(self, node: ast.stmt) -> int:
        last = node.lineno if isinstance(node, ast.For | ast.With) else node.end_lineno or node.lineno
        return max(self.ran.lines.get(line, 0) for line in range(node.lineno, last + 1))


def returned(ran: Ran) -> Returned | None:
    """The expression that a call returned; None where its source is not to be had, or not what was run."""
    function = function_of(ran.code)
    if function is None:
        return None
    if isinstance(function, ast.Lambda):
        return Returned(ran, function, function.body, function.body)
    for node in own_nodes(function):
        if isinstance(node, ast.Return) and node.value and node.lineno <= ran.last <= (node.end_lineno or node.lineno):
            return Returned(ran, function, node.value, node)
    return None


def left_behind(ran: list[Ran], endings: Collection[str]) -> Returned | None:
    """The value that was assigned last to something that ends so: ``.dW``, ``['dW']``; None where two lines do that."""
    executed: list[tuple[int, Returned]] = []
    for call in ran:
        function = function_of(call.code)
        for node in own_nodes(function) if function else ():
            if isinstance(node, ast.Assign | ast.AugAssign):
                meant = (value for target, value in _assigned(node) if ast.unparse(target).endswith(tuple(endings)))
                found = [Returned(call, function, value, node) for value in meant] if function else []
                executed += [(moment, one) for one in found if (moment := one._moment(node))]
    lines = {(one.ran.code.co_filename, one.whole.lineno) for _, one in executed}
    return max(executed, key=lambda pair: pair[0])[1] if len(lines) == 1 else None


def _assigned(node: ast.Assign | ast.AugAssign) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Each target of an assignment with the value that it gets; a target that is written into without ``[...]``."""
    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
        pairs: list[tuple[ast.expr, ast.expr]] = [(target, node.value)]
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):  # noqa: SIM102 - mypy reads this
            if len(target.elts) == len(node.value.elts):
                pairs = list(zip(target.elts, node.value.elts, strict=True))
        for part, value in pairs:
            if isinstance(part, ast.Subscript) and ast.unparse(part.slice) in ("...", ":"):
                yield part.value, value
            else:
                yield part, value


def function_of(code: CodeType) -> Function | None:
    """The function in its source; None where there is no source, or where the file was changed since."""
    source = "".join(lines_of(code.co_filename))
    tree = _parse(source, code.co_filename, code.co_flags & _FEATURES)
    if tree is None or code not in tree[1]:
        return None
    found = [node for node in tree[0].get(code.co_name, ()) if _is_of(node, code)]
    return found[-1] if found else None  # the innermost comes last


def own_nodes(function: Function) -> Iterator[ast.AST]:
    """Everything inside a function that is not inside another one in it."""
    todo: list[ast.AST] = [function.body] if isinstance(function, ast.Lambda) else list(function.body)
    while todo:
        node = todo.pop(0)
        yield node
        if not isinstance(node, _NESTED):
            todo += ast.iter_child_nodes(node)


def bound_names(node: ast.stmt) -> set[str]:
    """The names that a statement binds, or into whose values it writes: ``a``, ``b[0]``, ``c.d``."""
    if isinstance(node, ast.Assign):
        targets: list[ast.expr] = node.targets
    elif isinstance(node, ast.AugAssign | ast.AnnAssign | ast.For):
        targets = [node.target]
    elif isinstance(node, ast.With):
        targets = [item.optional_vars for item in node.items if item.optional_vars]
    else:
        return set()
    return {name for target in targets for name in _bases(target)}


def _bases(target: ast.expr) -> Iterator[str]:
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, ast.Tuple | ast.List):
        for part in target.elts:
            yield from _bases(part)
    elif isinstance(target, ast.Subscript | ast.Attribute | ast.Starred):
        yield from _bases(target.value)


@lru_cache(maxsize=16)
def _parse(source: str, filename: str, flags: int) -> tuple[dict[str, list[Function]], frozenset[CodeType]] | None:
    """Every function by its name, and their codes; None for what is not Python, such as an example in a document."""
    try:
        tree = ast.parse(source)
        codes = frozenset(_codes(compile(source, filename, "exec", flags, dont_inherit=True)))
    except (SyntaxError, ValueError):
        return None
    functions: dict[str, list[Function]] = {}
    for node in ast.walk(tree):
        if isinstance(node, Function):
            functions.setdefault("<lambda>" if isinstance(node, ast.Lambda) else node.name, []).append(node)
    return functions, codes


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


def _is_of(node: Function, code: CodeType) -> bool:
    if isinstance(node, ast.Lambda):
        spans = [span for span in code.co_positions() if None not in span and span[2:] != (0, 0)]
        inside = all(_holds(node.body, span) for span in spans)
        return code.co_name == "<lambda>" and code.co_firstlineno == node.lineno and bool(spans) and inside
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return node.name == code.co_name and first == code.co_firstlineno


def _holds(node: ast.expr, span: tuple[int | None, int | None, int | None, int | None]) -> bool:
    line, end_line, column, end_column = (part or 0 for part in span)
    start, end = (node.lineno, node.col_offset), (node.end_lineno or node.lineno, node.end_col_offset or 0)
    return start <= (line, column) and (end_line, end_column) <= end


def _text(node: Any, filename: str) -> str:
    """The code of a node as it is written, on one line; a statement with a body without it."""
    lines = lines_of(filename)
    if isinstance(node, ast.For | ast.With):
        return lines[node.lineno - 1].strip()
    own = [line.encode() for line in lines[node.lineno - 1 : node.end_lineno]]  # columns count bytes
    own[-1] = own[-1][: node.end_col_offset]
    own[0] = own[0][node.col_offset :]
    return " ".join(b"".join(own).decode().split())
