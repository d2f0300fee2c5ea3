"""A function of the backward's own that was handed the wrong value: with another one, what it returns is right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gradcheck.numerics.tolerance import Array

from .decide import Suspicion, above
from .history import Version
from .limits import MOST_EXCHANGED
from .states import Run, State
from .values import can_move, digest


def by_argument(run: Run, suspicion: Suspicion, version: Version) -> Suspicion:
    """The same suspicion, narrowed to the line that calls a function where the right argument makes its value right."""
    sites = run.means.get(version.number, ())
    tried = 0
    for parameter in above([version]):
        if parameter.caller is None or parameter.number < run.split or not _is_exchangeable(run, parameter, suspicion):
            continue
        for other in _others(run, parameter):
            if tried >= MOST_EXCHANGED:
                return suspicion
            tried += 1
            _, read = run.rerun.backward(run.rerun.cotangents, {parameter.place: other}, (version.place,))
            found = read.get(version.place)
            if found is not None and any(site.meets(found) for site in sites):
                return replace(suspicion, culprits=(parameter.caller,), plain=False, loose=False)
    return suspicion


def _is_exchangeable(run: Run, parameter: Version, suspicion: Suspicion) -> bool:
    """Whether it is a value of the forward that a function under suspicion was handed."""
    suspected: set[int] = {id(plan) for plan, _ in suspicion.culprits}
    known = run.state(parameter) in (State.RIGHT, State.LOOSE)
    return known and can_move(parameter.value) and parameter.number not in run.moves and id(parameter.plan) in suspected


def _others(run: Run, parameter: Version) -> Iterator[Array]:
    """The other values of the forward of this shape."""
    assert parameter.array is not None
    seen = {digest(parameter.array)}
    for version in run.history.versions[: run.split]:
        array = version.array
        fits = array is not None and array.shape == parameter.array.shape and can_move(version.value)
        if fits and array is not None and run.state(version) is State.RIGHT and digest(array) not in seen:
            seen.add(digest(array))
            yield array

