"""All edits of a backward, in the order of its lines."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator, Sequence

import libcst as cst

from .backward import Backward
from .edit import Edit
from .operators import OPERATORS, Operator, Place
from .operators.reading import compound, inner
from .scope import Defining, assigned_in, parameters_of, scope_of, targets
from .source import Source

# next to these a replacement needs parentheses of its own
_TIGHT = (
    cst.BinaryOperation,
    cst.UnaryOperation,
    cst.BooleanOperation,
    cst.Comparison,
    cst.ComparisonTarget,
    cst.Attribute,
    cst.Subscript,
    cst.Call,
    cst.IfExp,
    cst.Await,
    cst.StarredElement,
)


def edits_of(backward: Backward, source: Source, operators: Sequence[Operator] = OPERATORS) -> list[Edit]:
    """Every edit that changes the code of a backward, each resulting source once, by line and then by operator.

    Nothing is edited in what guards the input (a branch that only raises, an assertion), in annotations, defaults,
    decorators and docstrings.
    """
    found: list[Edit] = []
    seen: set[str] = set()
    for function, outermost in outermost_functions(backward, source):
        for edit in _edits_in(source, function, outermost, operators):
            shape = edit.render(source.text)
            if shape not in seen and _changes(source, function, edit):
                seen.add(shape)
                found.append(edit)
    return found


def outermost_functions(backward: Backward, source: Source) -> Iterator[tuple[Defining, bool]]:
    """The functions of a backward that stand in no other of them, and whether it is the one that the vjp calls."""
    wanted = {(function.line, function.column): number for number, function in enumerate(backward.functions)}
    chosen = [f for f in source.functions if _start(source, f) in wanted]
    for function in chosen:
        if any(around in chosen for around in source.functions[function]):
            continue
        outermost = wanted[_start(source, function)] == 0 or any(
            function in source.functions[other] and wanted[_start(source, other)] == 0 for other in chosen
        )
        yield function, outermost


def _edits_in(source: Source, function: Defining, outermost: bool, operators: Sequence[Operator]) -> Iterator[Edit]:
    name = source.qualname(function)
    for node, place in places_in(source, function, outermost):
        for operator in operators:
            for after in operator.replacements(node, place):
                span = source.spans[node]
                start, end = span.start, span.start + span.length
                before = source.text.encode()[start:end].decode()
                text = _fitted(node, place, after)
                if text is not None and text != before:
                    line = source.positions[node].start.line
                    yield Edit(operator.name, operator.sentence, source.path, name, line, start, end, before, text)


def places_in(source: Source, function: Defining, outermost: bool) -> Iterator[tuple[cst.CSTNode, Place]]:
    """Every node that may be edited, in the order of the text, with its place."""
    around = [node for node in source.functions[function] if isinstance(node, cst.FunctionDef | cst.Lambda)]

    def inside(function: Defining, around: Sequence[Defining], outermost: bool) -> Iterator[tuple[cst.CSTNode, Place]]:
        scope = scope_of(source.module, around, function, outermost=outermost)
        ends = _first_assignments(source, function)
        given = [name for name in parameters_of(function) if name not in scope.cotangents]

        def walk(node: cst.CSTNode, parents: tuple[cst.CSTNode, ...]) -> Iterator[tuple[cst.CSTNode, Place]]:
            if _is_no_code(node, parents):
                return
            if isinstance(node, cst.FunctionDef | cst.Lambda):
                yield from inside(node, [function, *around], outermost and not scope.cotangents)
                return
            if _is_editable(node, parents):
                start = source.spans[node].start
                earlier = (*given, *(name for name, end in ends.items() if end <= start))
                yield node, Place(parents, scope, earlier)
            for child in node.children:
                yield from walk(child, (node, *parents))

        yield from walk(function.body, (function,))

    yield from inside(function, around, outermost)


def _first_assignments(source: Source, function: Defining) -> dict[str, int]:
    """Where each local name first has a value: the end of the statement that gives it one."""
    names = set(assigned_in(function))
    ends: dict[str, int] = {}

    class Visitor(cst.CSTVisitor):
        def visit_Assign(self, node: cst.Assign) -> None:
            self.bind([target.target for target in node.targets], node)

        def visit_AnnAssign(self, node: cst.AnnAssign) -> None:
            self.bind([node.target], node)

        def visit_For(self, node: cst.For) -> None:
            self.bind([node.target], node.iter)

        def bind(self, bound: Sequence[cst.BaseExpression], by: cst.CSTNode) -> None:
            span = source.spans[by]
            for target in bound:
                for name in targets(target):
                    if name in names:
                        ends.setdefault(name, span.start + span.length)

    function.body.visit(Visitor())
    return ends


def _is_no_code(node: cst.CSTNode, parents: tuple[cst.CSTNode, ...]) -> bool:
    """What an edit would not change the backward in: guards, annotations, docstrings, names that are no values."""
    if isinstance(node, cst.Raise | cst.Assert | cst.Annotation | cst.Parameters | cst.FormattedString):
        return True
    if isinstance(node, cst.Import | cst.ImportFrom | cst.Global | cst.Nonlocal | cst.Decorator):
        return True
    if isinstance(node, cst.If) and _only_raises(node):
        return True
    if isinstance(node, cst.Expr) and isinstance(node.value, cst.SimpleString | cst.ConcatenatedString):
        return True
    parent = parents[0]
    if isinstance(parent, cst.Attribute) and node is parent.attr:
        return True
    return isinstance(parent, cst.Arg | cst.NamedExpr) and node is getattr(parent, "keyword", None)


def _only_raises(node: cst.If) -> bool:
    body = node.body.body
    last = body[-1].body[-1] if body and isinstance(body[-1], cst.SimpleStatementLine) else None
    return node.orelse is None and isinstance(last, cst.Raise) and len(body) == 1


def _is_editable(node: cst.CSTNode, parents: tuple[cst.CSTNode, ...]) -> bool:
    """Whether a node is an expression that is read, or a statement on one line."""
    if isinstance(node, cst.BaseSmallStatement):
        return True
    if not isinstance(node, cst.BaseExpression):
        return False
    if isinstance(parents[0], cst.AssignTarget | cst.For | cst.CompFor | cst.AugAssign | cst.AnnAssign):
        return node is not parents[0].target
    return not (isinstance(parents[0], cst.Call) and node is parents[0].func and isinstance(node, cst.Name))


def _fitted(node: cst.CSTNode, place: Place, after: str) -> str | None:
    """The replacement with the parentheses that it needs where it goes; None where it is no Python."""
    if not isinstance(node, cst.BaseExpression):
        return after
    try:
        new = cst.parse_expression(after)
    except cst.ParserSyntaxError:
        return None
    bare = inner(new)
    needs = isinstance(new, cst.Tuple | cst.GeneratorExp) or "\n" in bare
    if not needs and isinstance(place.parent, _TIGHT) and not node.lpar:
        needs = compound(new.with_changes(lpar=(), rpar=()))
    return f"({bare})" if needs else bare


def _changes(source: Source, function: Defining, edit: Edit) -> bool:
    """Whether the edited function is another program, and a program at all; parentheses alone make none."""
    span = source.spans[function]
    start, end = span.start, span.start + span.length
    raw = source.text.encode()
    edited = raw[start : edit.start] + edit.after.encode() + raw[edit.end : end]
    try:
        return _program(raw[start:end].decode()) != _program(edited.decode())
    except SyntaxError:
        return False


def _program(text: str) -> str:
    if text.startswith("lambda"):
        return ast.dump(ast.parse(f"({text})"))
    first, _, rest = text.partition("\n")
    return ast.dump(ast.parse(f"{first}\n{textwrap.indent(textwrap.dedent(rest), '    ')}" if rest else text))


def _start(source: Source, function: Defining) -> tuple[int, int]:
    start = source.positions[function].start
    return start.line, start.column
