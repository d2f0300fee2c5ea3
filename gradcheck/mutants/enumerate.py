"""All edits of a backward, in the order of its lines."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator, Sequence

import libcst as cst

from gradcheck.source.along import of_the_gradient
from gradcheck.source.backward import Backward
from gradcheck.source.edit import Edit
from gradcheck.source.file import Source
from gradcheck.source.saved import saved_for
from gradcheck.source.scope import Defining, Scope, assigned_in, parameters_of, scope_of, targets

from .operators import OPERATORS, Operator, Place
from .operators.reading import compound, inner

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


Found = tuple[Defining, cst.CSTNode, Place]  # within which function, what, and where


def edits_of(backward: Backward, source: Source, operators: Sequence[Operator] = OPERATORS) -> list[Edit]:
    """Every edit that changes the code of a backward, each resulting source once, by line and then by operator.

    Edited are its functions, and what the op around them computes for them alone. Nothing is edited in what guards the
    input (a branch that only raises, an assertion), in annotations, defaults, decorators and docstrings.
    """
    found: list[Edit] = []
    programs: dict[Defining, set[str]] = {}
    chosen = _functions(backward, source)
    for function, outermost in outermost_functions(backward, source):
        for within, node, place in [*_kept(source, function, chosen), *_own(backward, source, function, outermost)]:
            seen = programs.setdefault(within, {_program(source, within)})
            for edit in _edits_at(source, within, node, place, operators):
                program = _program(source, within, edit)
                if program and program not in seen:
                    seen.add(program)
                    found.append(edit)
    return sorted(found, key=lambda edit: edit.line)  # stable


def outermost_functions(backward: Backward, source: Source) -> Iterator[tuple[Defining, bool]]:
    """The functions of a backward that stand in no other of them, and whether it is the one that the vjp calls."""
    wanted = {(function.line, function.column): number for number, function in enumerate(backward.functions)}
    chosen = _functions(backward, source)
    for function in chosen:
        if not any(around in chosen for around in source.functions[function]):
            inside = [other for other in chosen if function in (other, *source.functions[other])]
            yield function, backward.entered and any(wanted[_start(source, other)] == 0 for other in inside)


def _functions(backward: Backward, source: Source) -> list[Defining]:
    wanted = {(function.line, function.column) for function in backward.functions}
    return [function for function in source.functions if _start(source, function) in wanted]


def places_in(
    backward: Backward, source: Source, function: Defining, outermost: bool
) -> Iterator[tuple[cst.CSTNode, Place]]:
    """Every node that may be edited, in the order of the text, with its place."""
    for _, node, place in _own(backward, source, function, outermost):
        yield node, place


def _own(backward: Backward, source: Source, function: Defining, outermost: bool) -> Iterator[Found]:
    """The nodes of a function that are the backward's: of one that computes the value too, those of the gradient."""
    start = _start(source, function)
    if not any(one.along and (one.line, one.column) == start for one in backward.functions):
        yield from _nodes(source, function, outermost)
        return
    allowed = {*of_the_gradient(function)}
    for within, node, place in _nodes(source, function, outermost=False):
        if node in allowed or not allowed.isdisjoint(place.parents):
            yield within, node, place


def _edits_at(
    source: Source, within: Defining, node: cst.CSTNode, place: Place, operators: Sequence[Operator]
) -> Iterator[Edit]:
    span = source.spans[node]
    start, end = span.start, span.start + span.length
    before = source.raw[start:end].decode()
    for operator in operators:
        for after in operator.replacements(node, place):
            text = _fitted(node, place, after)
            if text is not None and text != before:
                line = source.positions[node].start.line
                name = source.qualname(within)
                yield Edit(operator.name, operator.sentence, source.path, name, line, start, end, before, text)


def _kept(source: Source, function: Defining, backward: Sequence[Defining]) -> Iterator[Found]:
    """The expressions that the op around a vjp keeps for it alone."""
    for assign, op in saved_for(function, source, backward):
        around = [node for node in source.functions[op] if isinstance(node, cst.FunctionDef | cst.Lambda)]
        scope = scope_of(source.module, around, op, outermost=False)
        walker = _Walker(source, op, around, scope, outermost=False)
        yield from walker.walk(assign.value, (assign, op.body, op))


def _nodes(source: Source, function: Defining, outermost: bool) -> Iterator[Found]:
    """Every node of a function that may be edited, in the order of the text, with its place."""
    around = [node for node in source.functions[function] if isinstance(node, cst.FunctionDef | cst.Lambda)]
    scope = scope_of(source.module, around, function, outermost=outermost)
    yield from _Walker(source, function, around, scope, outermost).walk(function.body, (function,))


class _Walker:
    """Goes through one function, and through those inside it with walkers of their own."""

    def __init__(
        self, source: Source, function: Defining, around: Sequence[Defining], scope: Scope, outermost: bool
    ) -> None:
        self.source = source
        self.function = function
        self.around = around
        self.scope = scope
        self.outermost = outermost
        self.ends = _first_assignments(source, function)
        self.given = [name for name in parameters_of(function) if name not in scope.cotangents]

    def walk(self, node: cst.CSTNode, parents: tuple[cst.CSTNode, ...]) -> Iterator[Found]:
        """A node and everything below it, with where it stands."""
        if _is_no_code(node, parents):
            return
        if isinstance(node, cst.FunctionDef | cst.Lambda):
            yield from _nodes(self.source, node, self.outermost and not self.scope.cotangents)
            return
        if _is_editable(node, parents):
            start = self.source.spans[node].start
            earlier = (*self.given, *(name for name, end in self.ends.items() if end <= start))
            yield self.function, node, Place(parents, self.scope, earlier)
        for child in node.children:
            yield from self.walk(child, (node, *parents))


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
    if bare == "()":
        return bare
    needs = isinstance(new, cst.Tuple | cst.GeneratorExp) or "\n" in bare
    if not needs and isinstance(place.parent, _TIGHT) and not node.lpar:
        needs = compound(new.with_changes(lpar=(), rpar=()))
    return f"({bare})" if needs else bare


def _program(source: Source, function: Defining, edit: Edit | None = None) -> str:
    """What a function means, edited or not: parentheses and spaces make no difference. Empty where it is no Python."""
    span = source.spans[function]
    raw = source.raw
    if edit is None:
        text = raw[span.start : span.start + span.length].decode()
    else:
        head, tail = raw[span.start : edit.start], raw[edit.end : span.start + span.length]
        text = f"{head.decode()}{edit.after}{tail.decode()}"
    if isinstance(function, cst.Lambda):
        text = f"({text})"
    else:
        first, _, rest = text.partition("\n")
        text = f"{first}\n{textwrap.indent(textwrap.dedent(rest), '    ')}" if rest else text
    try:
        return ast.dump(ast.parse(text))
    except SyntaxError:
        return ""


def _start(source: Source, function: Defining) -> tuple[int, int]:
    start = source.positions[function].start
    return start.line, start.column
