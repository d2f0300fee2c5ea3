"""What the arguments of a function are, by the names that its author gave them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradcheck.errors import UsageError
from gradcheck.protocol.arguments import op_name, read_parameters

from .calling import demand_callable, positional_names, taken

_BY_POSITION = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


@dataclass(frozen=True)
class Roles:
    """A function, the role of each of its arguments in order, and its parameters that are options."""

    function: Callable[..., Any]
    order: tuple[str, ...]
    options: tuple[inspect.Parameter, ...]

    def call(self, values: Mapping[str, Any], options: Mapping[str, Any]) -> Any:
        """Call it with the values of its roles, and with those of the options that it takes."""
        own = {p.name: options[p.name] for p in self.options if p.name in options}
        return self.function(*[values[role] for role in self.order], **own)


def told(function: Callable[..., Any], words: Mapping[str, str]) -> set[str]:
    """The roles that the names of a function's arguments tell."""
    names = [name.lower().strip("_") for name in positional_names(function)]
    return {role for name in names if (role := _role_of(name, words)) is not None}


def _role_of(name: str, words: Mapping[str, str]) -> str | None:
    return next((role for role, pattern in words.items() if re.fullmatch(pattern, name)), None)


def roles_of(
    function: Callable[..., Any],
    words: Mapping[str, str],
    usual: Sequence[str],
    needed: Sequence[str],
    adapter: str,
    what: str,
) -> Roles:
    """The role of each argument: by its name; what is left over by the usual order, where that leaves no choice.

    ``words`` holds a pattern of names for each role that there may be, ``usual`` the roles in their usual order,
    ``needed`` those that the function cannot do without. Where names tell hardly any of as many arguments as there
    are usual roles, all are taken in the usual order. Parameters that have no role are options.
    """
    demand_callable(function, what, adapter)
    parameters = read_parameters(function)
    if parameters is None or any(p.kind is p.VAR_POSITIONAL for p in parameters):
        return Roles(function, tuple(usual), ())
    found: dict[str, str] = {}
    for p in parameters:
        role = _role_of(p.name.lower().strip("_"), words)
        if p.kind in _BY_POSITION and role is not None and role not in found.values():
            found[p.name] = role
    unknown = [p.name for p in parameters if p.kind in _BY_POSITION and p.default is p.empty and p.name not in found]
    missing = [role for role in usual if role not in found.values()]
    if missing and len(unknown) == len(missing):
        found.update(zip(unknown, missing, strict=True))
    lost = [role for role in needed if role not in found.values()] or ([] if found else list(usual))
    required = [p.name for p in parameters if p.kind in _BY_POSITION and p.default is p.empty]
    if len(required) == len(usual) and (lost or 2 * (len(required) - len(unknown)) < len(required)):
        found, lost = dict(zip(required, usual, strict=True)), []
    if lost:
        raise UsageError(
            f"{adapter}: `{op_name(function)}` takes {taken(function)}; which of them is {' and which '.join(lost)} "
            f"cannot be told: {what} is {what}({', '.join(usual)}), in any order that these names tell"
        )
    options = tuple(p for p in parameters if p.name not in found and p.kind is not p.VAR_KEYWORD)
    return Roles(function, tuple(found[p.name] for p in parameters if p.name in found), options)


def op_signature(inputs: Sequence[str], functions: Sequence[Roles]) -> inspect.Signature:
    """``(params, X, Y, *, ...)``: the inputs, and the options of all functions."""
    options: dict[str, inspect.Parameter] = {}
    for roles in functions:
        for p in roles.options:
            known = options.get(p.name)
            if known is None or known.default is p.empty:
                options[p.name] = p.replace(kind=p.KEYWORD_ONLY)
    return inspect.Signature(
        [inspect.Parameter(name, inspect.Parameter.POSITIONAL_ONLY) for name in inputs] + list(options.values())
    )
