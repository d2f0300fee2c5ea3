"""An instance that is built at its first forward, as if that forward had built it and done nothing else."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from .layer_places import own_attributes


@dataclass(frozen=True)
class Counted:
    """A list or a whole number on an instance: how long or how large it is, and what makes it shorter or smaller."""

    size: int
    cut: Callable[[int], None]


def rewind(built: Any, twice: Callable[[], tuple[dict[str, Counted], dict[str, Counted]]]) -> bool:
    """Take back what one forward adds to lists and counters: as much as a second one adds to them.

    ``twice`` says what another instance keeps after one forward and after two. False where no forward adds anything:
    then each keeps what it needs for itself, and there is nothing to take back.
    """
    once, again = twice()
    grown = {key: again[key].size - held.size for key, held in once.items() if key in again}
    grown = {key: more for key, more in grown.items() if more > 0}
    for key, held in counted(built).items():
        if key in grown and held.size >= grown[key]:
            held.cut(held.size - grown[key])
    return bool(grown)


def counted(instance: Any) -> dict[str, Counted]:
    """Every list and whole number of an instance, and of a dict there, by where it is."""
    found: dict[str, Counted] = {}
    for name, value in own_attributes(instance).items():
        found |= _one(name, value, partial(setattr, instance, name))
        if isinstance(value, MutableMapping):
            for key, inside in list(value.items()):
                found |= _one(f"{name}[{key!r}]", inside, partial(value.__setitem__, key))
    return found


def _one(place: str, value: Any, put: Callable[[int], None]) -> dict[str, Counted]:
    if isinstance(value, list):

        def shorten(size: int) -> None:
            del value[size:]

        return {place: Counted(len(value), shorten)}
    whole = isinstance(value, int) and not isinstance(value, bool)
    return {place: Counted(value, put)} if whole else {}
