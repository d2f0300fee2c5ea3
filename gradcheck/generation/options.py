"""Which values the options of an op take over the examples of a case."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from gradcheck.protocol import Case, Op
from gradcheck.protocol.arguments import read_parameters

from .limits import ALL_COMBINATIONS


def alternatives(case: Case) -> Mapping[str, Sequence[Any]]:
    """The values of each option: a list holds alternatives, anything else is the one value."""
    options = case.options or {}
    return {name: value if isinstance(value, list) else [value] for name, value in options.items()}


def nth_options(case: Case, number: int) -> dict[str, Any]:
    """Options in turn: every combination where they are few, else every alternative."""
    values = alternatives(case)
    if math.prod(map(len, values.values())) > ALL_COMBINATIONS:
        return {name: found[number % len(found)] for name, found in values.items()}
    chosen = {}
    for name, found in values.items():
        number, rest = divmod(number, len(found))
        chosen[name] = found[rest]
    return chosen


def numbered(case: Case, options: Mapping[str, Any]) -> dict[str, int] | None:
    """Each option as the position of its value among the alternatives; None where a value is not one of them."""
    found = {}
    for name, values in alternatives(case).items():
        number = next((number for number, value in enumerate(values) if value is options.get(name)), None)
        if number is None:
            return None
        found[name] = number
    return found


def defaults(op: Op) -> dict[str, Any]:
    """The keyword-only options that have a default."""
    parameters = read_parameters(op) or ()
    return {p.name: p.default for p in parameters if p.kind is p.KEYWORD_ONLY and p.default is not p.empty}


def never_varied(case: Case) -> tuple[str, ...]:
    """The options that no example moves away from their default, because the case does not mention them.

    No value is invented for them: a wrong guess would make a right op raise.
    """
    return tuple(name for name in defaults(case.op) if name not in (case.options or {}))
