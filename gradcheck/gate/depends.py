"""What of the user's own code a case depends on, read off the objects: it does not matter how they were made."""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import CellType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from gradcheck.protocol import Case
from gradcheck.protocol.files import is_ours

Name = tuple[str, str]
"""A file, and a name at its top level."""

_OUTSIDE = ("program", "library")
"""Adapters of what is no Python: whether that has changed cannot be told."""


def depends_on(case: Case, is_own: Callable[[str], bool]) -> frozenset[Name] | None:
    """The names at the top level of the user's files that the op, its twin and its inputs are made of.

    ``is_own`` says which files are looked into. None where that cannot be told: there is no source of the user's, or
    the op asks another program.
    """
    found: set[Name] = set()
    seen: dict[int, Any] = {}
    waiting: list[Any] = [case.op, case.reference, case.inputs if callable(case.inputs) else None]
    waiting += [case.descent.update if case.descent else None, *(case.options or {}).values()]
    while waiting:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen[id(value)] = value
        if isinstance(value, FunctionType):
            file = value.__code__.co_filename
            if is_ours(file) and Path(file).stem.partition("_")[0] in _OUTSIDE:
                return None
            if is_own(file):
                found.add((file, value.__code__.co_qualname.partition(".")[0]))
                waiting += _read_by(value, found, is_own)
            waiting += _kept_by(value)
        elif isinstance(value, type):
            waiting += _parts_of(value, found, is_own)
        else:
            waiting += _inside(value, is_own)
    return frozenset(found) or None


def _read_by(function: FunctionType, found: set[Name], is_own: Callable[[str], bool]) -> Iterator[Any]:
    """What a function reads of its module, and of the user's modules that it names."""
    known = function.__globals__
    names = set(_names(function.__code__))
    for name in names & set(known):
        value = known[name]
        if isinstance(value, ModuleType):
            file = getattr(value, "__file__", None) or ""
            if is_own(file):
                for part in names & set(vars(value)):
                    found.add((file, part))
                    yield vars(value)[part]
        else:
            found.add((function.__code__.co_filename, name))
            yield value


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _kept_by(function: FunctionType) -> Iterator[Any]:
    """What a function keeps: its closure, defaults and attributes, and what it wraps."""
    for cell in function.__closure__ or ():
        yield from _content(cell)
    yield from function.__defaults__ or ()
    yield from (function.__kwdefaults__ or {}).values()
    yield from vars(function).values()


def _content(cell: CellType) -> Iterator[Any]:
    try:
        yield cell.cell_contents
    except ValueError:  # empty as yet
        return


def _parts_of(kind: type, found: set[Name], is_own: Callable[[str], bool]) -> Iterator[Any]:
    file = getattr(sys.modules.get(kind.__module__), "__file__", None) or ""
    if is_own(file):
        found.add((file, kind.__qualname__.partition(".")[0]))
        yield from kind.__bases__
        yield from vars(kind).values()


def _inside(value: Any, is_own: Callable[[str], bool]) -> Iterator[Any]:
    """What lies in a container, a partial, a method, or an object of the user's own class."""
    if isinstance(value, partial):
        yield from (value.func, *value.args, *value.keywords.values())
    elif isinstance(value, MethodType):
        yield from (value.__func__, value.__self__)
    elif isinstance(value, staticmethod | classmethod):
        yield value.__func__
    elif isinstance(value, property):
        yield value.fget
    elif isinstance(value, list | tuple | set | frozenset):
        yield from value
    elif isinstance(value, dict):
        yield from value.values()
    else:
        kind = type(value)
        file = getattr(sys.modules.get(kind.__module__), "__file__", None) or ""
        if is_own(file) or is_ours(file):
            yield kind
        if is_own(file) or is_ours(file) or callable(value):  # such as what jax makes of a function
            yield from getattr(value, "__dict__", {}).values()
            yield getattr(value, "__wrapped__", None)


def values_named(module: ModuleType, tree: ast.Module) -> Iterator[Name]:
    """The names that a case file takes from other modules of the user's, wherever in it: ``lib.TABLE``, ``TABLE``."""
    known = vars(module)
    taken: dict[str, tuple[str, str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            source = sys.modules.get(
                importlib.util.resolve_name("." * node.level + (node.module or ""), _package(module))
            )
            file = getattr(source, "__file__", None) or ""
            for alias in node.names:
                names = vars(source) if alias.name == "*" and source else [alias.name]
                taken |= {(alias.asname or name): (file, name) for name in names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = known.get(node.value.id)
            if isinstance(owner, ModuleType):
                yield getattr(owner, "__file__", None) or "", node.attr
        elif isinstance(node, ast.Name) and node.id in taken:
            yield taken[node.id]


def _package(module: ModuleType) -> str | None:
    return module.__package__ or None
