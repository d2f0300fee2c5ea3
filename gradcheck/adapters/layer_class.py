"""What can be told of a layer by looking at an instance and at the code of its class, before anything is called."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gradcheck.errors import UsageError

from .layer_names import BUFFERS, FORWARDS, GRADIENTS, OF_OBJECTS, OUTPUTS, PARAMETERS, VALUES, gradient_names
from .layer_places import HERE, Accessors, Place, attribute, is_floats, item, own_attributes
from .layer_words import Words, names_used


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
        for name, kept in own_attributes(instance).items()
        for value in _first_of(kept)
        if is_floats(value)
        and name in read - written
        and not name.startswith(BUFFERS)
        and not any(value is other for other in held)
    ]


def _first_of(kept: Any) -> list[Any]:
    """An array, or the first of those in a container of nothing else."""
    values = list(kept.values()) if isinstance(kept, Mapping) else kept if isinstance(kept, list | tuple) else [kept]
    return list(values[:1]) if all(map(is_floats, values)) else []


def _own(instance: Any) -> Iterator[Parameter]:
    if all(callable(getattr(instance, name, None)) for name in ("get_param", "set_param", "get_grad")):
        for name in getattr(instance, "param_names", ()):
            kept, gradient = Accessors("method", name), Accessors("method", name, "get_grad", "set_grad")
            yield Parameter(name, (HERE.under(kept),), (HERE.under(gradient),))
        return
    words = Words.of(instance)
    for name, value in own_attributes(instance).items():
        here = HERE.under(attribute(name))
        if name in PARAMETERS:
            yield from _in_table(here, name, value, words)
        elif isinstance(value, list | tuple) and value and all(map(is_floats, value)):
            tables = [other for other in gradient_names(name) if other in words.names]
            yield from _in_list(here, name, value, tables) if tables else ()
        elif is_floats(value) and not name.startswith(BUFFERS) and name not in (*GRADIENTS, *OUTPUTS):
            gradients = words.gradients_of(name)
            returned = not (words.variables | words.keys).isdisjoint(gradient_names(name))
            if gradients or returned or name in words.updated:
                yield Parameter(name, (here,), gradients)
        else:
            yield from _held_by_object(here, name, value)


def _held_by_object(here: Place, name: str, value: Any) -> Iterator[Parameter]:
    """``self.W.value`` with its gradient in ``self.W.grad``."""
    inside = own_attributes(value)
    kept = next((key for key in VALUES if is_floats(inside.get(key))), None)
    if kept is not None:
        known = Words.of(value).names
        gradients = tuple(here.under(attribute(key)) for key in OF_OBJECTS if key in known)
        if gradients:
            yield Parameter(name, (here.under(attribute(kept)),), gradients)


def _in_table(here: Place, table: str, held: Any, words: Words) -> Iterator[Parameter]:
    """``self.params['W']`` or ``self.params[0]``; the value of a layer that is not built yet is None."""
    if isinstance(held, Mapping):
        for key, value in held.items():
            if isinstance(key, str) and key.isidentifier() and not key.startswith(BUFFERS):
                if value is None or is_floats(value):
                    keyed = (
                        HERE.under(attribute(t), item(k)) for t in words.tables for k in (key, *gradient_names(key))
                    )
                    places = dict.fromkeys((*words.gradients_of(key), *keyed))
                    yield Parameter(key, (here.under(item(key)),), tuple(places))
                else:
                    yield from _held_by_object(here.under(item(key)), key, value)
    elif isinstance(held, list | tuple):
        yield from _in_list(here, table.strip("_"), held, words.tables)


def _in_list(here: Place, name: str, held: Sequence[Any], tables: Sequence[str]) -> Iterator[Parameter]:
    """``self.W[0]``, of which the gradient is left in ``self.dW[0]``."""
    for number, value in enumerate(held):
        if is_floats(value):
            gradients = tuple(HERE.under(attribute(other), item(number)) for other in tables)
            yield Parameter(f"{name}_{number}", (here.under(item(number)),), gradients)
        else:
            yield from _held_by_object(here.under(item(number)), f"{name}_{number}", value)


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
    gradients = tuple(HERE.under(attribute(table)) for table in Words.of(instance).tables)
    return (
        [Parameter(arrays[0], (HERE.under(attribute(arrays[0])),), gradients)] if len(arrays) == 1 and gradients else []
    )


def _joined(one: Parameter, other: Parameter) -> Parameter:
    """One parameter that is kept in the places of both."""
    return replace(
        one,
        places=tuple(dict.fromkeys((*one.places, *other.places))),
        gradients=tuple(dict.fromkeys((*one.gradients, *other.gradients))),
    )
