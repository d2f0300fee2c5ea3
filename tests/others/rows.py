"""How a function of somebody else's becomes a row of a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gradcheck import Case
from gradcheck.adapters import from_torch


def torch_row(
    function: Callable[..., Any],
    signature: str | None,
    name: str | None = None,
    *,
    options: Mapping[str, Any] | None = None,
    inputs: Sequence[Any] | None = None,
    **domains: Any,
) -> Case:
    """A function on tensors, in float64; the domains of its inputs are given by their names."""
    return Case(from_torch(function), signature, name=name, options=options, inputs=inputs, domains=domains)


def of_x(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, its one tensor called `x`: builtins do not tell the names of their parameters."""

    def call(x: Any, **options: Any) -> Any:
        return function(x, **options)

    return _named(call, function)


def of_x_and_y(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same for two tensors."""

    def call(x: Any, y: Any, **options: Any) -> Any:
        return function(x, y, **options)

    return _named(call, function)


def _named(call: Callable[..., Any], function: Callable[..., Any]) -> Callable[..., Any]:
    call.__name__ = function.__name__.removeprefix("special_").removeprefix("linalg_").lstrip("_")
    return call


def by_name(*rows: tuple[Case, str]) -> dict[str, tuple[Case, str]]:
    """Cases with what is to be said about each."""
    return {str(case): (case, words) for case, words in rows}
