"""What an instance and the code of its class speak of: the names of attributes, keys of tables, local variables."""

from __future__ import annotations

import dis
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import CodeType
from typing import Any

from .layer_names import GRADIENTS, RATES, gradient_names
from .layer_places import HERE, Place, attribute, item, own_attributes


@dataclass(frozen=True)
class Words:
    """Names of attributes, keys of tables, and local variables.

    ``updated`` are the attributes that a method assigns which is told a learning rate.
    """

    names: frozenset[str]
    keys: frozenset[str]
    variables: frozenset[str]
    updated: frozenset[str]

    @classmethod
    def of(cls, instance: Any) -> Words:
        """Read them off an instance."""
        own = own_attributes(instance)
        names, keys = set(own), set[str]()
        variables, updated = set[str](), set[str]()
        for kind in type(instance).__mro__[:-1]:
            for value in vars(kind).values():
                code = getattr(getattr(value, "__func__", value), "__code__", None)
                for part in _codes(code) if isinstance(code, CodeType) else ():
                    names.update(part.co_names)
                    keys.update(_texts(part.co_consts))
                    variables.update(part.co_varnames)
                    if not {*RATES}.isdisjoint(part.co_varnames[: part.co_argcount]):
                        updated.update(_assigned(part))
        for table in GRADIENTS:
            held = own.get(table)
            keys.update(key for key in held if isinstance(key, str)) if isinstance(held, Mapping) else None
        return cls(*map(frozenset, (names, keys, variables, updated)))

    @property
    def tables(self) -> list[str]:
        """The tables of gradients that there may be."""
        return [table for table in GRADIENTS if table in self.names]

    def gradients_of(self, name: str) -> tuple[Place, ...]:
        """Where the gradient of a parameter may be left: under a name of its own, or in a table."""
        own = [HERE.under(attribute(other)) for other in gradient_names(name) if other in self.names]
        keys = [key for key in (name, *gradient_names(name)) if key in self.keys]
        return (*own, *(HERE.under(attribute(table), item(key)) for table in self.tables for key in keys))


def names_used(instance: Any, method: Callable[..., Any]) -> tuple[set[str], set[str]]:
    """The attributes that a method reads, and those that it assigns; those of methods that it calls on self too."""
    read: set[str] = set()
    written: set[str] = set()
    todo = [getattr(getattr(method, "__func__", method), "__code__", None)]
    seen = {*todo}
    while todo:
        code = todo.pop()
        for instruction in dis.get_instructions(code) if code else ():
            name = instruction.argval
            if instruction.opname == "STORE_ATTR":
                written.add(name)
            elif instruction.opname in ("LOAD_ATTR", "LOAD_METHOD"):
                read.add(name)
                inner = getattr(getattr(type(instance), str(name), None), "__code__", None)
                if inner not in seen:
                    seen.add(inner)
                    todo.append(inner)
    return read, written


def _texts(constants: Iterable[Any]) -> Iterator[str]:
    """The strings among constants; the keys of a dict that is written out are a tuple of them."""
    for constant in constants:
        if isinstance(constant, str):
            yield constant
        elif isinstance(constant, tuple):
            yield from _texts(constant)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _assigned(code: CodeType) -> Iterator[str]:
    return (str(step.argval) for step in dis.get_instructions(code) if step.opname == "STORE_ATTR")
