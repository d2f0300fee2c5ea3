"""Shapes that random drawing would miss: always among the examples."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from gradcheck.protocol import Case

from .limits import ENTRIES, LARGEST_SIZE, LENGTHS, LOOPS

Shape = tuple[int, ...]


def bounded(case: Case, sizes: Mapping[str, int]) -> dict[str, int]:
    """The sizes moved between the bounds of a case: what is too small is as much above the least one instead."""
    found = dict(sizes)
    for name, (least, most) in (case.sizes or {}).items():
        if name in found and least is not None and found[name] < least:
            found[name] += least
        if name in found and most is not None:
            found[name] = min(found[name], most)
    return found


def is_allowed(case: Case, sizes: Mapping[str, int]) -> bool:
    """Whether an op takes these sizes: they lie within its bounds, and formulas of the signature make sizes of them."""
    assert case.parsed is not None
    return case.parsed.fits(sizes) and all(
        (least is None or least <= sizes.get(name, least)) and (most is None or sizes.get(name, most) <= most)
        for name, (least, most) in (case.sizes or {}).items()
    )


def distinct(names: Sequence[str], turn: int = 0) -> dict[str, int]:
    """All sizes different, and none 1; ``turn`` decides which is the smallest, and how small."""
    return {name: 2 + turn // len(names) % 3 + (number + turn) % len(names) for number, name in enumerate(names)}


def always(names: Sequence[str]) -> Iterator[dict[str, int]]:
    """All sizes distinct; all equal (square); all 1; each size 1 in turn; each size 0 in turn.

    Equal sizes let a missing transpose run, distinct ones make it raise; a size of 1 hides a missing sum.
    """
    if not names:
        return
    yield distinct(names)
    yield dict.fromkeys(names, 3)
    yield dict.fromkeys(names, 1)
    for special in (1, 0):
        for name in names:
            yield {**distinct(names), name: special}


def left_out(optional: Sequence[str], names: Sequence[str]) -> Iterator[dict[str, int]]:
    """Each optional size absent in turn, and all of them."""
    for gone in dict.fromkeys([*((name,) for name in optional), tuple(optional)]):
        if gone:
            yield {name: size for name, size in distinct(names).items() if name not in gone}


def block_tails(block: int | Mapping[str, int] | None, names: Sequence[str]) -> Iterator[dict[str, int]]:
    """Sizes next to the multiples of a block length, one name at a time, the other sizes small."""
    blocks = block if isinstance(block, Mapping) else {} if block is None else dict.fromkeys(names, block)
    lengths = {name: (b + 1, b - 1, 2 * b + 1, b, 1) for name, b in blocks.items()}
    for tails in zip(*([(name, size) for size in sizes] for name, sizes in lengths.items()), strict=True):
        for name, size in tails:
            yield {**{other: 2 + number % 2 for number, other in enumerate(names)}, name: size}


def long_axes(names: Sequence[str], count: Callable[[Mapping[str, int]], int]) -> Iterator[dict[str, int]]:
    """One axis long and the others small, each axis in turn; then all of them, as long as few enough entries allow.

    ``count`` gives the number of entries at some sizes, with which ``ENTRIES`` is compared.
    """
    for number, length in enumerate(LENGTHS):
        for position, name in enumerate(names):
            yield {**distinct(names, number + position), name: length}
        if number == 0 and len(names) > 1:
            yield all_long(names, count)


def long_loops() -> tuple[Shape, ...]:
    """Loop axes as long as those of `long_axes`: one alone, each of two."""
    first = LENGTHS[0]
    return ((first,), (2, first), (first, 3), *((length,) for length in LENGTHS[1:]))


def all_long(names: Sequence[str], count: Callable[[Mapping[str, int]], int], most: int = ENTRIES) -> dict[str, int]:
    """Every axis as long as ``most`` entries allow, up to the longest that is tried of one."""
    size = LENGTHS[0]
    while size > LARGEST_SIZE:
        sizes = {name: size + 4 * number for number, name in enumerate(names)}
        if count(sizes) <= most:
            return sizes
        size -= 4
    return distinct(names)


def base_loops(case: Case) -> tuple[Shape, ...]:
    """Loop axes that every input has alike, where the case broadcasts."""
    assert case.parsed is not None
    return (LOOPS[0],) * len(case.parsed.inputs) if case.broadcast else ()


def broadcasts(count: int) -> Iterator[tuple[Shape, ...]]:
    """Loop axes of several inputs: alike, absent, missing or 1 in one input, crossed.

    A gradient that is not summed over the axes that its input was broadcast along shows here only.
    """
    yield (LOOPS[0],) * count
    if count > 1:
        for short in ((), (1, 3), (3,), (2, 1)):
            for position in range(count):
                yield tuple(short if other == position else LOOPS[0] for other in range(count))
        yield tuple((2, 1) if position % 2 else (1, 3) for position in range(count))
    for loop in (*LOOPS[1:], (), (3,), (0, 3)):
        yield (loop,) * count
