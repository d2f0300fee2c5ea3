"""What can be told of a layer by looking at an instance and at the code of its class, before anything is called."""

from __future__ import annotations

import dis
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import CodeType
from typing import Any

from gradcheck.errors import UsageError

from .layer_names import FORWARDS, GRADIENTS, OF_OBJECTS, OUTPUTS, PARAMETERS, RATES, VALUES, gradient_names
from .layer_places import HERE, Accessors, Place, attribute, is_floats, item, own_attributes


@dataclass(frozen=True)
class Parameter:
    """A parameter of a layer: its name as an input of the op, and every place where that one array is kept.

    ``gradients`` are the places in which its gradient may be left.
    """

    name: str
    places: tuple[Place, ...]
    gradients: tuple[Place, ...]

    def inside(self, prefix: str, way: Place) -> Parameter:
        """The same of a layer that is kept in another one."""
        places, gradients = (
            tuple(way.under(*place.steps) for place in found) for found in (self.places, self.gradients)
        )
        return Parameter(f"{prefix}_{self.name}", places, gradients)


def find_parameters(instance: Any, around: tuple[int, ...] = ()) -> list[Parameter]:
    """Every parameter that goes by one of the usual names, those of layers inside this one too.

    ``around`` are the layers, by id, in which this one is kept, and which it may know. Raises UsageError where two
    arrays go by one name.
    """
    found: list[Parameter] = []
    values: list[Any] = []
    for parameter in (*_own(instance), *_of_inner_layers(instance, (*around, id(instance)))):
        value = parameter.places[0].get(instance)
        same = next((n for n, other in enumerate(values) if other is value and is_floats(value)), None)
        named = next((n for n, other in enumerate(found) if other.name == parameter.name), None)
        if same is not None:
            found[same] = _joined(found[same], parameter)
        elif named is not None:
            first, second = found[named].places[0], parameter.places[0]
            raise UsageError(
                f"the parameter `{parameter.name}` of `{type(instance).__name__}` is found under two names, {first} "
                f"and {second}, which are two arrays: say which one its forward uses, "
                f"parameters={{{parameter.name!r}: {second.short!r}}}"
            )
        else:
            found.append(parameter)
            values.append(value)
    return found or _alone(instance)


def unclaimed(instance: Any, forward: Callable[..., Any], known: Sequence[Parameter]) -> list[str]:
    """Arrays of floats that the forward reads and does not assign, and that are no known parameter."""
    held = [place.get(instance) for parameter in known for place in parameter.places]
    read, written = names_used(instance, forward)
    return [
        name
        for name, value in own_attributes(instance).items()
        if is_floats(value) and name in read - written and not any(value is other for other in held)
    ]


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


@dataclass(frozen=True)
class _Words:
    """What an instance and the code of its class speak of: attributes, keys of tables, local variables.

    ``updated`` are the attributes that a method assigns which is told a learning rate.
    """

    names: frozenset[str]
    keys: frozenset[str]
    variables: frozenset[str]
    updated: frozenset[str]

    @classmethod
    def of(cls, instance: Any) -> _Words:
        own = own_attributes(instance)
        names, keys = set(own), set[str]()
        variables, updated = set[str](), set[str]()
        for kind in type(instance).__mro__[:-1]:
            for value in vars(kind).values():
                code = getattr(getattr(value, "__func__", value), "__code__", None)
                for part in _codes(code) if isinstance(code, CodeType) else ():
                    names.update(part.co_names)
                    keys.update(constant for constant in part.co_consts if isinstance(constant, str))
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


def _own(instance: Any) -> Iterator[Parameter]:
    if all(callable(getattr(instance, name, None)) for name in ("get_param", "set_param", "get_grad")):
        for name in getattr(instance, "param_names", ()):
            kept, gradient = Accessors("method", name), Accessors("method", name, "get_grad", "set_grad")
            yield Parameter(name, (HERE.under(kept),), (HERE.under(gradient),))
        return
    words = _Words.of(instance)
    for name, value in own_attributes(instance).items():
        here = HERE.under(attribute(name))
        if name in PARAMETERS:
            yield from _in_table(here, name, value, words)
        elif is_floats(value) and name not in (*GRADIENTS, *OUTPUTS):
            gradients = words.gradients_of(name)
            returned = not words.variables.isdisjoint(gradient_names(name))
            if gradients or returned or name in words.updated:
                yield Parameter(name, (here,), gradients)
        else:
            yield from _held_by_object(here, name, value)


def _held_by_object(here: Place, name: str, value: Any) -> Iterator[Parameter]:
    """``self.W.value`` with its gradient in ``self.W.grad``."""
    inside = own_attributes(value)
    kept = next((key for key in VALUES if is_floats(inside.get(key))), None)
    if kept is not None:
        known = _Words.of(value).names
        gradients = tuple(here.under(attribute(key)) for key in OF_OBJECTS if key in known)
        if gradients:
            yield Parameter(name, (here.under(attribute(kept)),), gradients)


def _in_table(here: Place, table: str, held: Any, words: _Words) -> Iterator[Parameter]:
    """``self.params['W']`` or ``self.params[0]``; the value of a layer that is not built yet is None."""
    if isinstance(held, Mapping):
        for key, value in held.items():
            if isinstance(key, str) and key.isidentifier():
                if value is None or is_floats(value):
                    keyed = (
                        HERE.under(attribute(t), item(k)) for t in words.tables for k in (key, *gradient_names(key))
                    )
                    places = dict.fromkeys((*words.gradients_of(key), *keyed))
                    yield Parameter(key, (here.under(item(key)),), tuple(places))
                else:
                    yield from _held_by_object(here.under(item(key)), key, value)
    elif isinstance(held, list | tuple):
        for number, value in enumerate(held):
            name = f"{table.strip('_')}_{number}"
            if is_floats(value):
                gradients = tuple(HERE.under(attribute(other), item(number)) for other in words.tables)
                yield Parameter(name, (here.under(item(number)),), gradients)
            else:
                yield from _held_by_object(here.under(item(number)), name, value)


def _of_inner_layers(instance: Any, around: tuple[int, ...]) -> Iterator[Parameter]:
    """The parameters of layers that a network keeps in attributes or in a list."""
    for name, value in own_attributes(instance).items():
        many = isinstance(value, list | tuple)
        for number, part in enumerate(value if many else [value]):
            if id(part) not in around and _is_layer(part):
                way = HERE.under(attribute(name), *([item(number)] if many else []))
                prefix = "_".join([name.strip("_"), *([str(number)] if many else [])])
                yield from (parameter.inside(prefix, way) for parameter in find_parameters(part, around))


def _is_layer(value: Any) -> bool:
    """Whether its class has a forward that is no mere ``__call__``: any function has that."""
    return any(callable(getattr(type(value), name, None)) for name in FORWARDS[:-1])


def _alone(instance: Any) -> list[Parameter]:
    """The one array of a layer that has a single one, and leaves its gradient in ``self.grad``."""
    arrays = [name for name, value in own_attributes(instance).items() if is_floats(value) and name not in GRADIENTS]
    gradients = tuple(HERE.under(attribute(table)) for table in _Words.of(instance).tables)
    return (
        [Parameter(arrays[0], (HERE.under(attribute(arrays[0])),), gradients)] if len(arrays) == 1 and gradients else []
    )


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _assigned(code: CodeType) -> Iterator[str]:
    return (str(step.argval) for step in dis.get_instructions(code) if step.opname == "STORE_ATTR")


def _joined(one: Parameter, other: Parameter) -> Parameter:
    """One parameter that is kept in the places of both."""
    return replace(
        one,
        places=tuple(dict.fromkeys((*one.places, *other.places))),
        gradients=tuple(dict.fromkeys((*one.gradients, *other.gradients))),
    )
