"""How an instance of a layer is made: of nothing, or of arrays of the op that are asked for by name."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gradcheck.errors import UsageError
from gradcheck.foreign import repeated
from gradcheck.protocol.no_function import taken_by_torch
from gradcheck.wording import listed

from .layer_names import BACKWARDS, FORWARDS
from .limits import PROBES


@dataclass(frozen=True)
class Maker:
    """A class or a function that makes an instance; ``asks`` are the arrays that it takes, by name."""

    make: Callable[..., Any]
    asks: tuple[str, ...] = ()
    sampled: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self, arrays: Mapping[str, Any]) -> Any:
        """A new instance."""
        return self.make(**{name: arrays[name] for name in self.asks})

    def demand(self, inputs: Sequence[str]) -> None:
        """Raise UsageError where it asks for what is no input of the op."""
        unknown = [asked for asked in self.asks if asked not in inputs]
        if unknown:
            raise UsageError(_needs(self.make, unknown))


def make_one(make: Callable[..., Any]) -> tuple[Maker, Any]:
    """How instances are made, and one of them; UsageError where none can be had."""
    name = getattr(make, "__name__", type(make).__name__)
    if not isinstance(make, type) and any(hasattr(make, method) for method in (*BACKWARDS, *FORWARDS[:-1])):
        raise UsageError(
            f"from_layer: make is an instance of `{type(make).__name__}`, and each call needs one of its own: pass the "
            f"class, or a function that makes one, lambda: {type(make).__name__}(...)"
        )
    of_torch = taken_by_torch(make)
    if of_torch is not None:
        raise UsageError(f"from_layer: `{name}` is a class of PyTorch: {of_torch}")
    if not callable(make):
        raise UsageError(
            f"from_layer: make is {repeated(make)}; pass a class, or a function that makes an instance of one"
        )
    asks = _required(make)
    if not asks:
        sample = _made(make, {}, name)
        if _made(make, {}, name) is sample:
            raise UsageError(
                f"from_layer: make returns the same instance of `{type(sample).__name__}` every time, and each call "
                f"needs one of its own: make it inside, lambda: {type(sample).__name__}(...)"
            )
        return Maker(make), sample
    for shape in PROBES:
        arrays = {asked: np.full(shape, 0.5) for asked in asks}
        try:
            sample = _made(make, arrays, name)
        except UsageError:
            continue
        return Maker(make, tuple(asks), arrays), sample
    raise UsageError(_needs(make, asks))


def _made(make: Callable[..., Any], arrays: Mapping[str, Any], name: str) -> Any:
    try:
        sample = make(**arrays)
    except Exception as error:  # the constructor is the user's, and may raise anything
        text = " ".join(f"{type(error).__name__}: {error}".split())
        raise UsageError(f"from_layer: `{name}` could not be made, {text}") from error
    if sample is None:
        raise UsageError(f"from_layer: `{name}` returned None; make returns an instance of the layer")
    return sample


def _required(make: Callable[..., Any]) -> list[str]:
    try:
        parameters = inspect.signature(make).parameters.values()
    except Exception:  # noqa: BLE001 - a class that is not written in Python, or whose attributes are code of its own
        return []
    named = [p for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    return [p.name for p in named if p.default is p.empty]


def _needs(make: Callable[..., Any], unknown: Sequence[str]) -> str:
    name = getattr(make, "__name__", type(make).__name__)
    made = name if isinstance(make, type) else "Layer"
    sizes = ", ".join(str(size) for size, _ in enumerate(_required(make), 2))
    are = "is no array" if len(unknown) == 1 else "are no arrays"
    return (
        f"from_layer: to be made `{name}` needs {listed(unknown)}, which {are} of the op: pass a function that "
        f"makes an instance of any sizes, lambda: {made}({sizes}), since its parameters are replaced; or one that "
        f"takes sizes from arrays by name, such as lambda W: {made}(*W.shape)"
    )
