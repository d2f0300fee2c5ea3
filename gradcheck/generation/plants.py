"""What chance never hits, planted among random values: zeros, ties, borders, saturation, numbers next to nothing.

Most backward passes that are wrong are wrong exactly there: a division by an entry that is zero, a gradient
that every tied maximum gets in full, a mask with ``<`` for ``<=``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from gradcheck.numerics import within
from gradcheck.protocol import ArraySet, Case, Domain, Integers, Reals, name_inputs
from gradcheck.protocol.dtypes import as_dtype, float_info, is_low

from .limits import ENDS, GAPS, LONG, PLANTED_SHARE, SATURATED, SPREAD, TINY
from .values import Array, ends

ZEROS = ("zero", "two zeros", "row of zeros", "zeros")
TIES = ("tie", "row of ties", "ties")
BORDERS = ("border", "borders", "beside")
MANY = ("beside", "skewed", *SPREAD)  # what needs many entries, to leave no gap
PLANTS = (
    "none",
    "zero",
    "tie",
    "border",
    *SPREAD,
    "beside",
    *ZEROS[1:],
    *TIES[1:],
    "match",
    "borders",
    "saturated",
    "tiny",
    "skewed",
)
WHOLE = ("zeros", "ties", "tiny")  # of one input at a time: planted into all at once they would leave nothing to see

Domains = Sequence[Domain]


def plants_for(case: Case, borders: Mapping[str, Sequence[float]]) -> dict[str, tuple[str, ...]]:
    """The plants that this case can take, and the names of the inputs that can take each."""
    assert case.parsed is not None
    names = name_inputs(case.op, len(case.parsed.inputs), case.options or ())
    domains = [(case.domains or {}).get(name, Reals()) for name in names]
    able = {
        kind: tuple(name for name, domain in zip(names, domains, strict=True) if _takes(kind, name, domain, borders))
        for kind in PLANTS[1:]
    }
    alike = [core for core, domain in zip(case.parsed.inputs, domains, strict=True) if isinstance(domain, Reals)]
    able["match"] = () if len(set(alike)) == len(alike) else able["match"]
    if within(TINY, float_info(as_dtype(case.dtype)).tiny):
        able["tiny"] = ()
    if not is_low(as_dtype(case.dtype)):
        able["skewed"] = ()
    return {kind: found for kind, found in able.items() if found}


def plant_into(
    kind: str,
    arrays: list[Array],
    names: Sequence[str],
    domains: Domains,
    sizes: Mapping[str, int],
    where: str | None,
    borders: Mapping[str, Sequence[float]],
    rng: np.random.Generator,
) -> None:
    """Plant into the arrays, in place."""
    if kind == "match":
        _match(arrays, domains, rng)
        return
    if kind in BORDERS:
        _borders(kind, arrays, names, domains, where, borders, rng)
        return
    for name, array, domain in zip(names, arrays, domains, strict=True):
        if array.size and where in (None, name) and _takes(kind, name, domain, borders):
            before = array.copy()
            if kind in ZEROS:
                array[_places(kind, array, rng)] = 0
            elif kind in TIES:
                _tie(kind, array, rng)
            elif kind in SPREAD and isinstance(domain, Reals | ArraySet):
                _spread(array, domain, SPREAD[kind], rng)
            elif kind == "saturated":
                _saturate(array, domain, sizes, rng)
            elif kind == "skewed" and isinstance(domain, Integers):
                _skew(array, domain, sizes, rng)
            elif kind == "tiny":
                array *= TINY
            if isinstance(domain, ArraySet):
                array[...] = domain.kept(array, before)


def _takes(kind: str, name: str, domain: Domain, borders: Mapping[str, Sequence[float]]) -> bool:
    if isinstance(domain, ArraySet) and kind not in domain.plants:
        return False
    if kind in BORDERS:
        return any(name in key.split(" - ") for key in borders)
    if isinstance(domain, ArraySet):
        return kind not in ZEROS or _inside(0.0, domain)
    if isinstance(domain, Integers):
        return not domain.distinct and kind in (*TIES, "saturated", "skewed")
    if kind == "skewed":
        return False
    if kind in SPREAD:
        return domain.low is None or domain.high is None
    return kind not in (*ZEROS, "tiny") or _inside(0.0, domain)


def _inside(value: float, domain: Domain) -> bool:
    return (
        isinstance(domain, Reals | ArraySet)
        and (domain.low is None or domain.low < value)
        and (domain.high is None or value < domain.high)
    )


def _line(array: Array, rng: np.random.Generator) -> tuple[int | slice, ...]:
    """An index of a whole line through the array, along a random axis that has more than one entry."""
    long = [axis for axis, size in enumerate(array.shape) if size > 1] or list(range(array.ndim))
    along = int(rng.choice(long)) if long else -1
    return tuple(slice(None) if axis == along else int(rng.integers(size)) for axis, size in enumerate(array.shape))


def _entry(array: Array, rng: np.random.Generator) -> tuple[int, ...]:
    return tuple(int(rng.integers(size)) for size in array.shape)


def _places(kind: str, array: Array, rng: np.random.Generator) -> tuple[int | slice | Array, ...]:
    """The index of what becomes zero: an entry, two in one line, a line, everything."""
    if kind == "zeros":
        return (slice(None),) * array.ndim
    line = _line(array, rng)
    if kind == "row of zeros":
        return line
    number = 1 if kind == "zero" else 2
    return tuple(
        rng.permutation(size)[:number] if isinstance(part, slice) else part
        for part, size in zip(line, array.shape, strict=True)
    )


def _tie(kind: str, array: Array, rng: np.random.Generator) -> None:
    """Two neighbours equal, where one is the largest or smallest of its line; a whole line; everything."""
    if array.size < 2:
        return
    if kind == "ties":
        array[...] = array[_entry(array, rng)]
        return
    line = array[_line(array, rng)]
    if kind == "row of ties":
        line[...] = line.flat[0]
    else:
        order = line.real
        first = int((np.argmax(order), np.argmax(order), np.argmin(order), rng.integers(line.size))[rng.integers(4)])
        line[first + 1 if first + 1 < line.size else first - 1] = line[first]


def _skew(array: Array, domain: Integers, sizes: Mapping[str, int], rng: np.random.Generator) -> None:
    """Whole numbers as words of a text are spread: each half as often as the one before, so that a few repeat much."""
    low, high = ends(domain, sizes)
    order = low + rng.permutation(high - low)
    array[...] = order[np.minimum(rng.geometric(0.5, size=array.shape) - 1, len(order) - 1)]


def _saturate(array: Array, domain: Domain, sizes: Mapping[str, int], rng: np.random.Generator) -> None:
    """Far out among ordinary values, or close to an end of the domain; the first and the last whole number."""
    if isinstance(domain, Integers):
        low, high = ends(domain, sizes)
        array[_some(array, rng)] = high - 1
        if array.size > 1:
            array[_entry(array, rng)] = low
        return
    chosen = _some(array, rng)
    far = rng.choice(SATURATED, size=array.shape)
    near = rng.choice(ENDS, size=array.shape)
    if domain.low is not None and domain.high is not None:
        near = near * (domain.high - domain.low)
    down = -far if domain.low is None else domain.low + near
    up = far if domain.high is None else domain.high - near
    array[chosen] = np.where(rng.integers(0, 2, size=array.shape) == 1, up, down)[chosen]


def _spread(array: Array, domain: Reals | ArraySet, most: float, rng: np.random.Generator) -> None:
    """Magnitudes from 1 to ``most``, evenly by their logarithm so that no threshold between lies in a gap."""
    powers = (rng.permutation(array.size) + rng.random(array.size)) / array.size
    far = np.round(most**powers, LONG).reshape(array.shape)
    if domain.low is None and domain.high is None:
        far = np.where(rng.integers(0, 2, size=array.shape) == 1, far, -far)
    elif domain.low is not None:
        far = domain.low + far
    else:
        far = (domain.high or 0.0) - far
    array[...] = far


def _beside(border: Array, rng: np.random.Generator) -> Array:
    """Values on both sides of a border: as near as a thousandth of it, as far as half of it."""
    gap = np.maximum(np.abs(border), 1.0) * 10.0 ** rng.uniform(*GAPS, size=border.shape)
    return np.asarray(border + np.where(rng.integers(0, 2, size=border.shape) == 1, gap, -gap))


def _borders(
    kind: str,
    arrays: list[Array],
    names: Sequence[str],
    domains: Domains,
    where: str | None,
    borders: Mapping[str, Sequence[float]],
    rng: np.random.Generator,
) -> None:
    for key, values in borders.items():
        name, _, other = key.partition(" - ")
        if name not in names or where not in (None, name, other or name):
            continue
        position = names.index(name)
        array, domain = arrays[position], domains[position]
        if not array.size:
            continue
        if isinstance(domain, ArraySet) and (other or kind not in domain.plants):
            continue
        before = array.copy()
        chosen = _first_and_another(array, rng) if kind == "border" else _some(array, rng)
        drawn = np.asarray(rng.choice(np.asarray(values, float), size=np.shape(array[chosen])))
        if kind == "beside":
            drawn = _beside(drawn, rng)
        if not other:
            keep = np.array([_inside(value, domain) for value in np.ravel(drawn)], bool).reshape(drawn.shape)
            array[chosen] = np.where(keep, drawn, array[chosen])
            if isinstance(domain, ArraySet):
                array[...] = domain.kept(array, before)
        elif other in names and arrays[names.index(other)].shape == array.shape:
            partner = arrays[names.index(other)]
            coarse = np.round(partner[chosen] * 4) / 4  # so that the difference is exact for short decimals
            exact = (coarse + drawn) - coarse == drawn
            partner[chosen] = np.where(exact, coarse, 0.0)
            array[chosen] = partner[chosen] + drawn


def _match(arrays: list[Array], domains: Domains, rng: np.random.Generator) -> None:
    """Entries of one input equal to those of another of the same shape."""
    for first, second in _pairs(arrays, domains):
        chosen = _some(arrays[first], rng)
        low, high = domains[second].low, domains[second].high
        value = arrays[first].real
        inside = (value > (-np.inf if low is None else low)) & (value < (np.inf if high is None else high))
        arrays[second][chosen & inside] = arrays[first][chosen & inside]


def _pairs(arrays: Sequence[Array], domains: Domains) -> Iterator[tuple[int, int]]:
    for second in range(len(arrays)):
        for first in range(second):
            real = isinstance(domains[first], Reals) and isinstance(domains[second], Reals)
            if real and arrays[first].shape == arrays[second].shape and arrays[first].size:
                yield first, second
                break


def _first_and_another(array: Array, rng: np.random.Generator) -> Array:
    """A mask of one entry and of the first: that is the one which meets what a loop has kept of the call before."""
    mask = np.zeros(array.shape, bool)
    mask[_entry(array, rng)] = mask.reshape(-1)[0] = True
    return mask


def _some(array: Array, rng: np.random.Generator) -> Array:
    """A mask of about a third of the entries, at least one."""
    mask = np.asarray(rng.random(array.shape) < PLANTED_SHARE)
    if not mask.any():
        mask[_entry(array, rng)] = True
    return mask
