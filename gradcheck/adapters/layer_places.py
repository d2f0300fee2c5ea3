"""Where on an instance an array is kept: ``self.W``, ``self.params['W']``, ``self.W.value``, ``get_param('W')``."""

from __future__ import annotations

import ast
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradcheck.errors import UsageError

from .layer_names import OF_OBJECTS

ABSENT = object()  # None is what a layer that is not built yet has in this place


@dataclass(frozen=True)
class Step:
    """An attribute of this name, an item under this key, or what a pair of methods gets and sets under this name."""

    kind: str
    key: Any

    def __str__(self) -> str:
        return f".{self.key}" if self.kind == "attribute" else f"[{self.key!r}]"


@dataclass(frozen=True)
class Accessors(Step):
    """``get_param(name)`` and ``set_param(name, value)``, as thinc has them."""

    getter: str = "get_param"
    setter: str = "set_param"

    def __str__(self) -> str:
        return f".{self.getter}({self.key!r})"


@dataclass(frozen=True)
class Place:
    """The way from an instance to an array."""

    steps: tuple[Step, ...]

    def __str__(self) -> str:
        return "self" + "".join(map(str, self.steps))

    @property
    def short(self) -> str:
        """As the user writes it: ``params['W']``."""
        return str(self).removeprefix("self.")

    @property
    def ending(self) -> str:
        """What the code of the class that has it calls it, wherever an instance of that class is kept: ``.dW``."""
        generic = self.steps[-1].kind != "attribute" or self.steps[-1].key in OF_OBJECTS
        return "".join(map(str, self.steps[-2:] if generic else self.steps[-1:]))

    def under(self, *steps: Step) -> Place:
        """A place inside what is kept here."""
        return Place((*self.steps, *steps))

    def get(self, instance: Any) -> Any:
        """What is kept here; ABSENT where there is no such place on this instance."""
        for step in self.steps:
            instance = _get(instance, step)
            if instance is ABSENT:
                return ABSENT
        return instance

    def put(self, instance: Any, value: Any) -> None:
        """Keep a value here."""
        *way, last = self.steps
        holder = Place(tuple(way)).get(instance)
        if isinstance(last, Accessors):
            getattr(holder, last.setter)(last.key, value)
        elif last.kind == "attribute":
            setattr(holder, last.key, value)
        else:
            holder[last.key] = value


HERE = Place(())


def attribute(name: str) -> Step:
    """The step to an attribute."""
    return Step("attribute", name)


def item(key: Any) -> Step:
    """The step to an item."""
    return Step("item", key)


def read_place(text: object, what: str) -> Place:
    """``"W"``, ``"params['W']"`` or ``"layers[0].W"`` as a place; UsageError where it is none of these."""
    sentence = f'from_layer: {what} is {text!r}; write where it is kept on the instance: "W" or "params[\'W\']"'
    if not isinstance(text, str):
        raise UsageError(sentence)
    try:
        node = ast.parse(text.removeprefix("self."), mode="eval").body
    except SyntaxError:
        raise UsageError(sentence) from None
    steps: list[Step] = []
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Attribute):
            steps.insert(0, attribute(node.attr))
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            steps.insert(0, item(node.slice.value))
        else:
            raise UsageError(sentence)
        node = node.value
    return Place((attribute(node.id), *steps))


def own_attributes(instance: Any) -> dict[str, Any]:
    """What is kept on an instance, by name, in the order in which it came; slots too."""
    slots = [name for kind in reversed(type(instance).__mro__) for name in _slots(kind)]
    found = {name: getattr(instance, name) for name in slots if hasattr(instance, name)}
    return found | dict(getattr(instance, "__dict__", {}))


def is_floats(value: object) -> bool:
    """Whether a value is an array that may have a gradient."""
    return isinstance(value, np.ndarray) and value.dtype.kind in "fc"


def _slots(kind: type) -> Sequence[str]:
    slots = vars(kind).get("__slots__", ())
    return [slots] if isinstance(slots, str) else [name for name in slots if not name.startswith("__")]


def _get(holder: Any, step: Step) -> Any:
    if isinstance(step, Accessors):
        try:
            return getattr(holder, step.getter)(step.key)
        except (AttributeError, KeyError):
            return ABSENT
    if step.kind == "attribute":
        return getattr(holder, step.key, ABSENT)
    if isinstance(holder, Mapping | MutableMapping):
        return holder.get(step.key, ABSENT)
    inside = isinstance(holder, Sequence) and isinstance(step.key, int) and step.key < len(holder)
    return holder[step.key] if inside else ABSENT
