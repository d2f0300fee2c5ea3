"""The gradient is right for another value of an option."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View
from gradcheck.generation.options import alternatives, defaults

from ._operands import with_options


def other_values(view: View, name: str) -> list[Any]:
    """The other values that the case gives an option, its default, and the opposite of a truth value."""
    current = view.sample.options[name]
    values = [*alternatives(view.sample.trial.case).get(name, ()), defaults(view.sample.trial.case.op).get(name)]
    if isinstance(current, bool):
        values.append(not current)
    found: list[Any] = []
    for value in values:
        plain = isinstance(value, bool | int | float | str)
        if plain and type(value) is type(current) and value != current and value not in found:
            found.append(value)
    return found


def propose(view: View) -> Iterator[Claim]:
    """Each option at its other values: the backward does not look at it, or reads it the wrong way round."""
    for name, current in view.sample.options.items():
        for value in other_values(view, name):

            def change(options: dict[str, Any], name: str = name, value: Any = value) -> dict[str, Any] | None:
                return None if name not in options or options[name] == value else {**options, name: value}

            yield with_options(
                view,
                change,
                f"at `{name}`={current!r} the gradient of `{view.name}` is the one for `{name}`={value!r}: "
                "the backward "
                f"does not follow the option `{name}`",
                1,
            )


HYPOTHESIS = Hypothesis("other-option", "The gradient is the one for another value of an option.", propose)
