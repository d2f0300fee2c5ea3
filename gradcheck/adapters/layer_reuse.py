"""Whether an instance may be used again, as training does: asked once, at the first backward of an op.

Each call of an op makes an instance of its own, so that none of this spoils a check. Nothing is compared with a
tolerance: of two explanations the one that is closer is said, and where neither is close the laws have the word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gradcheck.errors import ConventionError
from gradcheck.protocol.private import private

from .layer_call import Ran
from .layer_places import own_attributes

if TYPE_CHECKING:
    from .layer_kind import Layer


@dataclass(frozen=True)
class Round:
    """An instance whose forward and backward have run once, on arrays."""

    instance: Any
    ran: Ran
    arrays: Sequence[Any]
    gradients: tuple[Any, ...]


def demand_reusable(layer: Layer, once: Round, arrays: tuple[Any, ...], options: Mapping[str, Any], dy: Any) -> None:
    """Raise ConventionError where gradients add up, caches grow, or two instances share what they keep.

    What raises meanwhile says nothing here, nor does a layer that draws: the laws call the op often enough.
    """
    try:
        fresh = _round(layer, layer.start(private(arrays), options), private(arrays), options, dy)
        if not (_same(fresh.ran.y, once.ran.y) and _all_same(fresh.gradients, once.gradients)):
            return
        _demand_no_growth(layer, once, arrays, options, dy)
        _demand_own_state(layer, once, arrays, options, dy)
    except ConventionError:
        raise
    except Exception:  # noqa: BLE001 - the user's code may raise anything
        return


def _demand_no_growth(layer: Layer, once: Round, arrays: tuple[Any, ...], options: Mapping[str, Any], dy: Any) -> None:
    """Forward and backward again on the instance, as in the next step of training."""
    instance = once.instance
    first = tuple(np.array(g) if _is_numbers(g) else None for g in once.gradients)
    lengths = dict(_lengths(instance))
    if layer.reset is not None:
        layer.reset(instance)
    if layer.backward.updates:
        layer.hold(instance, arrays)
    second = _round(layer, instance, private(arrays), options, dy)
    added = [
        name
        for name, before, after in zip(layer.inputs, first, second.gradients, strict=True)
        if before is not None and _is_numbers(after) and _closer(after, 2 * before, before)
    ]
    if added:
        how = "its reset does not clear them" if layer.reset else f"name what clears them, {_option(layer)}"
        raise ConventionError(
            f"the gradients of `{layer.name}` accumulate over calls of its backward: that of `{added[0]}` is twice as "
            f"large after the second as after the first; where it is meant to be set write `=` for `+=`, else {how}"
        )
    grown = [place for place, length in _lengths(instance) if length > lengths.get(place, length)]
    if grown:
        how = "its reset does not empty it" if layer.reset else f"name what empties it, {_option(layer)}"
        raise ConventionError(
            f"the cache {grown[0]} of `{layer.name}` grows with every forward and backward: keep the last one only, "
            f"else {how}"
        )


def _demand_own_state(layer: Layer, once: Round, arrays: tuple[Any, ...], options: Mapping[str, Any], dy: Any) -> None:
    """The backward of one instance after the forward of another, at other inputs."""
    here, there = private(arrays), tuple(map(_moved, private(arrays)))
    instance, other = layer.start(here, options), layer.start(there, options)
    ran = layer.run(instance, here, options)
    ran_there = layer.run(other, there, options)
    mixed = layer.pull(instance, ran, here, private(dy))
    if _all_same(mixed, once.gradients):
        return
    others = layer.pull(other, ran_there, there, private(dy))
    for name, found, own, foreign in zip(layer.inputs, mixed, once.gradients, others, strict=True):
        if all(map(_is_numbers, (found, own, foreign))) and _closer(found, foreign, own):
            raise ConventionError(
                f"the backward of one `{layer.name}` depends on the forward of another: the gradient of `{name}` is "
                f"that of the inputs which the other was given last{_shared(instance)}; keep what the backward needs "
                "on self"
            )


def _round(layer: Layer, instance: Any, arrays: Sequence[Any], options: Mapping[str, Any], dy: Any) -> Round:
    ran = layer.run(instance, arrays, options)
    return Round(instance, ran, arrays, layer.pull(instance, ran, arrays, private(dy)))


def _closer(found: Any, to: Any, than: Any) -> bool:
    """Whether an array is closer to the first of two others; false where it is the second one."""
    if not np.shape(found) == np.shape(to) == np.shape(than):
        return False
    return bool(np.abs(found - to).sum() < np.abs(found - than).sum())


def _all_same(left: Sequence[Any], right: Sequence[Any]) -> bool:
    return all(not _is_numbers(b) or np.array_equal(a, b) for a, b in zip(left, right, strict=True))


def _same(left: Any, right: Any) -> bool:
    pairs = zip(left, right, strict=True) if isinstance(left, tuple) else [(left, right)]
    return all(np.array_equal(a, b) for a, b in pairs)


def _is_numbers(value: object) -> bool:
    return isinstance(value, np.ndarray | np.generic) and value.dtype.kind in "fc"


def _moved(array: Any) -> Any:
    """Another array of the same kind; indices stay what they are."""
    return array * 0.75 + 0.5 if _is_numbers(array) else array


def _lengths(instance: Any) -> Iterator[tuple[str, int]]:
    """How long each list on an instance is, and each that is kept in a dict there."""
    for name, value in own_attributes(instance).items():
        pairs = [(f"self.{name}", value)]
        if isinstance(value, dict):
            pairs += [(f"self.{name}[{key!r}]", inside) for key, inside in value.items()]
        yield from ((place, len(held)) for place, held in pairs if isinstance(held, list | dict | set))


def _option(layer: Layer) -> str:
    return f'reset="name of the method", or say that an instance of `{layer.name}` is used once, reset=True'


def _shared(instance: Any) -> str:
    """The attributes of its class that can be written into."""
    kinds = (dict, list, np.ndarray)
    names = [
        f"`{kind.__name__}.{name}`"
        for kind in type(instance).__mro__[:-1]
        for name, value in vars(kind).items()
        if isinstance(value, kinds) and not name.startswith("__")
    ]
    return f" (they share {', '.join(names)})" if names else ", which both keep in a common place"
