"""Whether a line hands what it has only to code that checks it: Python, NumPy and their like, which raise errors.

Kernels, C functions behind `ctypes`, compiled extensions and whoever takes the address of an array trust the sizes that
they are given: with another number in the place of one, they write wherever it leads.
"""

from __future__ import annotations

import ast
import functools
import inspect
import sys
from collections.abc import Iterator
from types import FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from gradcheck.protocol.files import owner_of

from .follow import Variables
from .lookup import at, value_at
from .units import Unit, plan_of
from .values import as_array

_CHECKING = {
    *(sys.stdlib_module_names - {"ctypes", "_ctypes"}),
    *("numpy", "scipy", "torch", "jax", "jaxlib", "optree", "einops", "ml_dtypes", "autograd", "gradcheck"),
}
_TRUSTING = ("torch._ops", "numpy.ctypeslib", "numpy.lib.stride_tricks", "numpy.lib._stride_tricks_impl")
_ADDRESSES = {"ctypes", "data_ptr", "as_strided", "__array_interface__", "__cuda_array_interface__"}


def is_guarded(unit: Unit, names: Variables, outside: Variables) -> bool:
    """Whether all that a unit calls checks what it is given, or is Python that is followed line by line itself."""
    for node in _own(unit):
        if isinstance(node, ast.Attribute) and node.attr in _ADDRESSES:
            return False
        if isinstance(node, ast.Call) and not _is_checking_call(node.func, names, outside):
            return False
    return True


def _own(unit: Unit) -> Iterator[ast.AST]:
    """What runs as a part of the unit: of a loop or a condition its head; functions in it are units of their own."""
    node = unit.node
    heads = [getattr(node, name, None) for name in ("test", "iter")] if unit.control else [node]
    heads += [item.context_expr for item in getattr(node, "items", ())] if unit.control else []
    todo = [part for part in heads if isinstance(part, ast.AST)]
    while todo:
        part = todo.pop()
        yield part
        todo += [inner for inner in ast.iter_child_nodes(part) if not isinstance(inner, ast.Lambda)]


def _is_checking_call(function: ast.expr, names: Variables, outside: Variables) -> bool:
    found = at(function, names, outside)
    if found is not None:
        return _is_checking(value_at(*found, names, outside))
    if isinstance(function, ast.Name):
        return hasattr(sys.modules["builtins"], function.id)
    if not isinstance(function, ast.Attribute):
        return isinstance(function, ast.Lambda)
    above = at(function.value, names, outside)
    if above is None:  # a method of what another call returned, such as ``x.sum().reshape(1)``
        tensor = getattr(sys.modules.get("torch"), "Tensor", None)
        return any(hasattr(kind, function.attr) for kind in (np.ndarray, dict, list, str, tensor) if kind is not None)
    owner = value_at(*above, names, outside)
    if as_array(owner) is not None:
        return True
    method = inspect.getattr_static(owner if isinstance(owner, type) else type(owner), function.attr, None)
    method = getattr(method, "__func__", method)
    return _is_checking(method) if isinstance(method, FunctionType) else _checks(type(owner).__module__)


def _is_checking(called: Any) -> bool:
    while isinstance(called, functools.partial | MethodType):
        called = called.func if isinstance(called, functools.partial) else called.__func__
    if isinstance(called, FunctionType):
        if owner_of(called.__code__.co_filename) == "":
            return plan_of(called.__code__) is not None
        return _checks(called.__module__)
    if isinstance(called, type):
        return _checks(type(called).__module__) and (_checks(called.__module__) or _is_python(called))
    if isinstance(owner := getattr(called, "__self__", None), ModuleType):
        return _checks(owner.__name__)
    if isinstance(call := inspect.getattr_static(type(called), "__call__", None), FunctionType):
        return _is_checking(call)
    return _checks(getattr(called, "__module__", None) or type(owner if owner is not None else called).__module__)


def _is_python(kind: type) -> bool:
    """Whether a class is made by ``class`` statements, on a base that checks."""
    return all(base.__flags__ & _MADE_WHILE_RUNNING or _checks(base.__module__) for base in kind.__mro__)


_MADE_WHILE_RUNNING = 1 << 9  # `Py_TPFLAGS_HEAPTYPE`


def _checks(module: str | None) -> bool:
    return module is not None and module.partition(".")[0] in _CHECKING and not module.startswith(_TRUSTING)
