"""Of a function that returns value and gradient together: the part that the value does not depend on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from types import CodeType

import libcst as cst

from gradcheck.generation import draw_inputs
from gradcheck.generation.options import nth_options
from gradcheck.generation.planned import planned
from gradcheck.protocol import Case, call_op, quiet
from gradcheck.protocol.running import Ran, record

from .file import UnreachableSourceError, read_tree
from .scope import Defining, targets

_SIMPLE = cst.Assign | cst.AnnAssign | cst.AugAssign


def along_with_the_value(
    case: Case, both: Sequence[CodeType], forward: Collection[CodeType], seed: int
) -> tuple[list[CodeType], list[CodeType]]:
    """Those of these functions that have such a part; and the functions that they call for it alone.

    Also those that give them value and gradient together, as ``loss, dscores = softmax_loss(scores, y)`` does.
    """
    lines: dict[CodeType, set[int]] = {}
    todo, seen = list(both), set(both)
    while todo:
        code = todo.pop(0)
        try:
            source = read_tree(code.co_filename)
            function = source.find(code)
        except UnreachableSourceError:
            continue
        names = _called_for_both(function)
        more = [other for other in forward if other.co_name in names and other not in seen]
        todo += more
        seen |= {*more}
        spans = (source.positions[node] for node in of_the_gradient(function))
        found = {line for span in spans for line in range(span.start.line, span.end.line + 1)}
        if found:
            lines[code] = found
    return list(lines), [code for code in _called_there(case, lines, seed) if code not in lines] if lines else []


def handed_on(codes: Iterable[CodeType], forward: Collection[CodeType]) -> list[CodeType]:
    """Of functions that only return what another one of the forward returns, ``f(x)`` or ``f(x)[1]``, that other one.

    Followed to its end: a lambda around a method around a function. What does not hand on is left out.
    """
    found: dict[CodeType, None] = {}
    todo = list(codes)
    seen: set[CodeType] = set()
    while todo:
        code = todo.pop(0)
        if code in seen:
            continue
        seen.add(code)
        try:
            names = _returned_from(read_tree(code.co_filename).find(code))
        except UnreachableSourceError:
            continue
        called = [other for other in forward if other.co_name in names]
        found.update(dict.fromkeys(called))
        todo += called
    return list(found)


def _returned_from(function: Defining) -> set[str]:
    """The names of the functions whose answer is returned as it is, or the second entry of it."""
    returned = (node.value for node in _inside(function.body) if isinstance(node, cst.Return))
    names: set[str] = set()
    for node in [function.body] if isinstance(function, cst.Lambda) else returned:
        inner = node.value if isinstance(node, cst.Subscript) and _is_second(node.slice) else node
        names |= _name_called(inner)
    return names


def _name_called(node: cst.CSTNode | None) -> set[str]:
    """The name of the function or method that an expression calls; empty for anything else."""
    if not isinstance(node, cst.Call):
        return set()
    function = node.func.attr if isinstance(node.func, cst.Attribute) else node.func
    return {function.value} if isinstance(function, cst.Name) else set()


def _is_second(slices: Sequence[cst.SubscriptElement]) -> bool:
    inside = slices[0].slice
    return isinstance(inside, cst.Index) and isinstance(inside.value, cst.Integer) and inside.value.value == "1"


def of_the_gradient(function: Defining) -> list[cst.CSTNode]:
    """The statements on one line, and the entry returned, that the value does not depend on.

    Empty where what is returned is not written as ``return value, gradient``. Whatever decides which statements run
    counts as the value's.
    """
    if isinstance(function, cst.Lambda):
        both = function.body
        return [both.elements[1].value] if isinstance(both, cst.Tuple) and len(both.elements) == 2 else []
    split = _split(function)
    if split is None:
        return []
    needed, found = split
    statements = (node for node in _inside(function.body) if isinstance(node, _SIMPLE))
    return [*(statement for statement in statements if not needed & set(_bound(statement))), *found]


def _called_for_both(function: Defining) -> set[str]:
    """The names of the functions of whose two answers the value needs the first alone."""
    split = None if isinstance(function, cst.Lambda) else _split(function)
    names: set[str] = set()
    for node in _inside(function.body) if split is not None else ():
        target = node.targets[0].target if isinstance(node, cst.Assign) else None
        if isinstance(node, cst.Assign) and isinstance(target, cst.Tuple) and len(target.elements) == 2:
            value, gradient = (set(_bases(element.value)) for element in target.elements)
            if split is not None and value & split[0] and not gradient & split[0]:
                names |= _name_called(node.value)
    return names


def _split(function: cst.FunctionDef) -> tuple[set[str], list[cst.CSTNode]] | None:
    """The names that the value depends on, and what is returned beside it; None where no such pair is returned."""
    statements = [node for node in _inside(function.body) if isinstance(node, _SIMPLE)]
    needed: set[str] = set()
    found: list[cst.CSTNode] = []
    for node in _inside(function.body):
        if not isinstance(node, cst.Return):
            continue
        pair = node.value
        if not (isinstance(pair, cst.Tuple) and len(pair.elements) == 2):
            return None
        needed |= _read(pair.elements[0].value)
        found.append(pair.elements[1].value)
    for node in _inside(function.body):
        if isinstance(node, cst.If | cst.While):
            needed |= _read(node.test)
        elif isinstance(node, cst.For):
            needed |= _read(node.iter) | set(_bases(node.target))
    growing = True
    while growing:
        growing = False
        for statement in statements:
            if needed & set(_bound(statement)) and not _read_by(statement) <= needed:
                needed |= _read_by(statement)
                growing = True
    return needed, found


def _called_there(case: Case, lines: dict[CodeType, set[int]], seed: int) -> Iterator[CodeType]:
    """The functions that run for the gradient and for nothing else, at one ordinary example."""
    for example in planned(case, {}, 1, seed):
        with quiet():
            inputs = draw_inputs(case, example)
            homes = [code.co_filename for code in lines]
            _, ran = record(lambda some: call_op(case.op, some, nth_options(case, 0)), inputs, homes=homes)
        apart: set[int] = set()
        for call in ran:  # in order: whoever calls comes first
            if _is_for_the_gradient(call, lines, apart):
                apart.add(id(call))
        others = {call.code for call in ran if id(call) not in apart}
        yield from dict.fromkeys(call.code for call in ran if id(call) in apart and call.code not in others)


def _is_for_the_gradient(call: Ran, lines: dict[CodeType, set[int]], apart: set[int]) -> bool:
    caller = call.caller
    if caller is None:
        return False
    return id(caller) in apart or (call.call_line or 0) in lines.get(caller.code, ())


def _inside(body: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Every node that is in no function inside this one."""
    for child in body.children:
        if not isinstance(child, cst.FunctionDef | cst.Lambda | cst.ClassDef):
            yield child
            yield from _inside(child)


def _read(node: cst.CSTNode) -> set[str]:
    own = {node.value} if isinstance(node, cst.Name) else set()
    return own.union(*(_read(child) for child in node.children))


def _read_by(statement: cst.CSTNode) -> set[str]:
    """The names that a statement reads: not those that it binds, of which the value may need one and not the other."""
    if not isinstance(statement, cst.Assign):
        return _read(statement)
    read = set().union(*(_read(target) for target in statement.targets))
    written = {name for target in statement.targets for name in targets(target.target)}
    return _read(statement.value) | (read - written)


def _bound(node: cst.CSTNode) -> Iterator[str]:
    if isinstance(node, cst.Assign):
        for target in node.targets:
            yield from _bases(target.target)
    elif isinstance(node, cst.AnnAssign | cst.AugAssign):
        yield from _bases(node.target)


def _bases(target: cst.CSTNode) -> Iterator[str]:
    """The names behind a target: ``a`` of ``a``, ``a[0]`` and ``a.b``."""
    if isinstance(target, cst.Name):
        yield target.value
    elif isinstance(target, cst.Subscript | cst.Attribute | cst.StarredElement):
        yield from _bases(target.value)
    elif isinstance(target, cst.Tuple | cst.List):
        for element in target.elements:
            yield from _bases(element.value)
