"""What the backward knows by name: the cotangent, its own values, those of the functions around it, the modules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

Defining = cst.FunctionDef | cst.Lambda

_ARRAY_MODULES = ("numpy", "jax.numpy", "torch")
_NOT_ARRAYS = ("self", "cls", "ctx")


@dataclass(frozen=True)
class Scope:
    """The names that an edit in one function may use.

    Attributes
    ----------
    cotangents
        Parameters that hold the gradient coming in; empty in a helper.
    outer
        Values of the functions around it, nearest first.
    modules
        Names of imported modules.
    framework, arrays
        numpy, jax.numpy or torch, the first of them that the file imports, and what it calls it; empty where it
        imports none.
    functions
        Names that hold functions, which no value replaces.
    """

    cotangents: frozenset[str]
    outer: tuple[str, ...]
    modules: frozenset[str]
    framework: str
    arrays: str
    functions: frozenset[str]


def scope_of(module: cst.Module, around: Sequence[Defining], function: Defining, *, outermost: bool) -> Scope:
    """The scope of a function; ``around`` are the functions that it stands in, innermost first.

    ``outermost`` says that it is what the vjp calls, so that its last parameter is the cotangent.
    """
    parameters = parameters_of(function)
    modules = dict(imports(module))
    known = ((wanted, name) for wanted in _ARRAY_MODULES for name, full in modules.items() if full == wanted)
    framework, arrays = next(known, ("", ""))
    outer = [name for enclosing in around for name in (*parameters_of(enclosing), *assigned_in(enclosing))]
    return Scope(
        cotangents=frozenset(_cotangents(function) if outermost else ()),
        outer=tuple(name for name in dict.fromkeys(outer) if name not in parameters and name not in _NOT_ARRAYS),
        modules=frozenset(modules),
        framework=framework,
        arrays=arrays,
        functions=frozenset(_functions(module, around)),
    )


def parameters_of(function: Defining) -> list[str]:
    """The names of all parameters that can hold a value."""
    p = function.params
    every = [*p.posonly_params, *p.params, *p.kwonly_params]
    every += [star for star in (p.star_arg,) if isinstance(star, cst.Param)]
    return [parameter.name.value for parameter in every if parameter.name.value not in _NOT_ARRAYS]


def assigned_in(function: Defining) -> list[str]:
    """The names that a function gives a value, in order, without those of functions inside it."""
    found: list[str] = []

    class Visitor(cst.CSTVisitor):
        def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
            return node is function

        def visit_Lambda(self, node: cst.Lambda) -> bool:
            return node is function

        def visit_AssignTarget(self, node: cst.AssignTarget) -> None:
            found.extend(targets(node.target))

        def visit_For(self, node: cst.For) -> None:
            found.extend(targets(node.target))

        def visit_AnnAssign(self, node: cst.AnnAssign) -> None:
            found.extend(targets(node.target))

    function.visit(Visitor())
    return list(dict.fromkeys(found))


def targets(target: cst.BaseExpression) -> Iterator[str]:
    """The plain names that an assignment binds."""
    if isinstance(target, cst.Name):
        yield target.value
    elif isinstance(target, cst.Tuple | cst.List):
        for element in target.elements:
            yield from targets(element.value)


def _cotangents(function: Defining) -> list[str]:
    p = function.params
    if isinstance(p.star_arg, cst.Param):
        return [p.star_arg.name.value]
    positional = [parameter.name.value for parameter in (*p.posonly_params, *p.params)]
    return [name for name in positional if name not in _NOT_ARRAYS][-1:]


def imports(module: cst.Module) -> Iterator[tuple[str, str]]:
    """What each imported module is called here, and its full name; wherever the import stands."""
    found: list[tuple[str, str]] = []

    class Visitor(cst.CSTVisitor):
        def visit_Import(self, node: cst.Import) -> None:
            for alias in node.names:
                full = cst.Module([]).code_for_node(alias.name)
                given = alias.asname.name if alias.asname is not None else None
                name = given.value if isinstance(given, cst.Name) else full.partition(".")[0]
                found.append((name, full))

        def visit_ImportFrom(self, node: cst.ImportFrom) -> None:
            if isinstance(node.names, cst.ImportStar) or node.module is None:
                return
            parent = cst.Module([]).code_for_node(node.module)
            for alias in node.names:
                full = f"{parent}.{alias.name.value}"
                if full in _ARRAY_MODULES:
                    given = alias.asname.name if alias.asname is not None else alias.name
                    found.append((str(getattr(given, "value", "")), full))

    module.visit(Visitor())
    yield from found


def _functions(module: cst.Module, around: Sequence[Defining]) -> Iterator[str]:
    for body in (module.body, *(f.body.body for f in around if isinstance(f, cst.FunctionDef))):
        for statement in body:
            if isinstance(statement, cst.FunctionDef | cst.ClassDef):
                yield statement.name.value
