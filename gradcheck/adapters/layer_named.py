"""Parameters and gradients that the user names: a table, attributes, or places by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from gradcheck.errors import UsageError
from gradcheck.foreign import repeated

from .layer_class import Parameter, find_parameters
from .layer_names import GRADIENTS, gradient_names
from .layer_places import ABSENT, HERE, Place, attribute, is_floats, item, own_attributes, read_place

Names = str | Sequence[str] | Mapping[str, str]


def named_parameters(sample: Any, parameters: Names) -> list[Parameter]:
    """The parameters, in the order in which they are named; UsageError for one that the instance does not have."""
    if isinstance(parameters, str):
        table = getattr(sample, parameters, ABSENT)
        if not isinstance(table, Mapping):
            return named_parameters(sample, (parameters,))
        return [Parameter(str(key), (HERE.under(attribute(parameters), item(key)),), _usual(str(key))) for key in table]
    if not isinstance(parameters, Mapping | Sequence):
        raise UsageError(
            f'from_layer: parameters is {repeated(parameters)}; write the names of attributes, ("W", "b"), or a dict '
            "from names to places"
        )
    if isinstance(parameters, Mapping):
        return [_at(sample, name, text) for name, text in parameters.items()]
    usual = {parameter.name: parameter for parameter in find_parameters(sample)}
    return [usual[name] if name in usual else _at(sample, name, name) for name in parameters]


def with_gradients(found: Sequence[Parameter], gradients: Names | None) -> list[Parameter]:
    """The parameters with the places of their gradients that the user names; UsageError where these do not fit."""
    if gradients is None:
        return list(found)
    names = [parameter.name for parameter in found]
    if isinstance(gradients, str):
        return [replace(parameter, gradients=_in_table(gradients, parameter.name, len(found))) for parameter in found]
    if not isinstance(gradients, Mapping | Sequence):
        raise UsageError(
            f"from_layer: gradients is {repeated(gradients)}; write the names of attributes, or a dict by parameter"
        )
    if not isinstance(gradients, Mapping):
        if len(gradients) != len(found):
            raise UsageError(
                f"from_layer: gradients names {len(gradients)}, and the parameters are {len(found)}: "
                f"{', '.join(f'`{name}`' for name in names) or 'none was found'}; name one for each, in this order"
            )
        gradients = dict(zip(names, gradients, strict=True))
    for name in gradients:
        if name not in names:
            raise UsageError(
                f"from_layer: gradients speaks of `{name}`, and the parameters are "
                f"{', '.join(f'`{known}`' for known in names) or 'none'}"
            )
    return [
        replace(parameter, gradients=(read_place(gradients[parameter.name], f"the gradient of `{parameter.name}`"),))
        if parameter.name in gradients
        else parameter
        for parameter in found
    ]


def _at(sample: Any, name: str, text: str) -> Parameter:
    place = read_place(text, f"the parameter `{name}`")
    if not str(name).isidentifier():
        raise UsageError(f"from_layer: the parameter {name!r} has no plain name: parameters={{'W': {name!r}}}")
    if place.get(sample) is ABSENT:
        arrays = [f"`self.{other}`" for other, value in own_attributes(sample).items() if is_floats(value)]
        raise UsageError(
            f"from_layer: `{type(sample).__name__}` has no `{place}`, which parameters= names for `{name}`; "
            f"the arrays that it holds are {', '.join(arrays) or 'none'}"
        )
    return Parameter(name, (place,), _usual(name))


def _usual(name: str) -> tuple[Place, ...]:
    own = tuple(HERE.under(attribute(other)) for other in gradient_names(name))
    return (*own, *(place for table in GRADIENTS for place in _in_table(table, name, 0)))


def _in_table(table: str, name: str, count: int) -> tuple[Place, ...]:
    """The entries of a table that may mean a parameter; where it is the only one, the attribute itself."""
    entries = tuple(HERE.under(attribute(table), item(key)) for key in (name, *gradient_names(name)))
    return (*entries, HERE.under(attribute(table))) if count == 1 else entries
