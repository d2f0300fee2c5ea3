"""The parts of a case: one value of an option, one dtype, one size. At each of them something must have been judged.

That half of all examples decided something does not answer for an option whose forward raises whenever it is asked:
its backward was never seen. Which examples belong to a part is read off them. Sizes are parts where a function of the
user's draws them and the forward has no value there; those of a signature were asked for by nobody, and one shape at
which the forward always raises is enough there (`Tally.shapes`). A size at which there is a value, and no slope to be
seen, is often one at which there is none: a softmax of a single class.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from gradcheck.laws.reasons import DOMAIN, RAISED
from gradcheck.protocol import Case

from .example import Example, draw_inputs
from .limits import ALL_COMBINATIONS, NAMED, NEVER, SOUGHT
from .options import alternatives, numbered

OPTION, OPTIONS, DTYPE, SIZE = range(4)


@dataclass(frozen=True, order=True)
class Part:
    """What some examples have in common; the lowest ``rank``, of these four, says most about why none was decided."""

    rank: int
    words: str


@dataclass(frozen=True)
class Judged:
    """What one ordinary example decided of every argument, but for those of which there was nothing to decide."""

    case: Case
    example: Example
    decided: Mapping[str, bool]
    why: str = ""

    @cached_property
    def parts(self) -> frozenset[Part]:
        """All parts that it belongs to."""
        has_size = self.why in ("", RAISED.undecided, DOMAIN.undecided)
        return frozenset(_parts_of(self.case, self.example, has_size=has_size))


@dataclass
class Parts:
    """The ordinary examples of a case, and the parts at which none of them decided anything."""

    judged: list[Judged] = field(default_factory=list)

    def add(self, judged: Judged) -> None:
        """Count one ordinary example in."""
        self.judged.append(judged)

    def further(self) -> Iterator[Example]:
        """Examples with other values at the parts where nothing was decided, until each has had enough of them.

        Sizes are looked for all at once: there may be dozens that one example each did not decide.
        """
        seed = 1 + max((one.example.seed for one in self.judged), default=0)
        missed = dict.fromkeys(part for _, part in self._open())
        sizes = {part for part in missed if part.rank == SIZE}
        for wanted in [*({part} for part in missed if part not in sizes), sizes]:
            first = next((one for one in self.judged if not wanted.isdisjoint(one.parts)), None)
            for number in range(SOUGHT if first is not None else 0):
                left = {part for name, part in self._open() if part in wanted and self._count(name, part) < NEVER}
                if first is None or not left:
                    break
                again = replace(first.example, seed=seed + number)
                if not left.isdisjoint(Judged(first.case, again, {}).parts):
                    yield again

    def never(self) -> str:
        """Where nothing was judged, of which arguments and why; empty where something was at every part."""
        found = [(name, part) for name, part in self._open() if self._count(name, part) >= NEVER]
        if not found:
            return ""
        rank = min(part.rank for _, part in found)
        parts = sorted({part for _, part in found if part.rank == rank})
        names = {name for name, part in found if part.rank == rank}
        whose = "" if names == self._seen else f" of {', '.join(f'`{name}`' for name in sorted(names))}"
        places = ", nor at ".join(part.words for part in parts[:NAMED])
        more = f", nor at {len(parts) - NAMED} more such parts" if len(parts) > NAMED else ""
        why = Counter(one.why for one in self.judged if one.why and not one.parts.isdisjoint(parts))
        counts = ", ".join(f"{word} {number}" for word, number in sorted(why.items()))
        return f"nothing{whose} could be judged at {places}{more}{f' ({counts})' if counts else ''}"

    @property
    def _seen(self) -> set[str]:
        """The arguments of which some example decided something."""
        return {name for one in self.judged for name, decided in one.decided.items() if decided}

    def _open(self) -> list[tuple[str, Part]]:
        """Of each argument that is decided somewhere the parts at which it never is, in order of rank."""
        found: list[tuple[str, Part]] = []
        for name in sorted(self._seen):
            known = [one for one in self.judged if name in one.decided]
            missed: set[Part] = set()
            for one in known:
                missed |= one.parts if not one.decided[name] else frozenset()
            if missed:
                missed = missed.difference(*(one.parts for one in known if one.decided[name]))
            found += [(name, part) for part in missed]
        return sorted(found, key=lambda pair: (pair[1], pair[0]))

    def _count(self, name: str, part: Part) -> int:
        return sum(name in one.decided and part in one.parts for one in self.judged)


def _parts_of(case: Case, example: Example, *, has_size: bool) -> Iterator[Part]:
    yield from _of_options(case, example)
    if callable(case.inputs):
        for leaf in case.read(draw_inputs(case, example), example.options).leaves:
            yield Part(DTYPE, f"`{leaf.name}` of {leaf.array.dtype}")
            for axis, size in enumerate(leaf.array.shape):
                if has_size and size:
                    yield Part(SIZE, f"`{leaf.name}` with axis {axis} of size {size}")
            if has_size:
                yield Part(SIZE, f"`{leaf.name}` of {leaf.array.ndim} axes")


def _of_options(case: Case, example: Example) -> Iterator[Part]:
    """The values of the options that vary, each by itself and, where all combinations are tried, together."""
    values = alternatives(case)
    numbers = numbered(case, example.options)
    if numbers is None:
        return
    varied = {name: _said(name, values[name], number) for name, number in numbers.items() if len(values[name]) > 1}
    for words in varied.values():
        yield Part(OPTION, words)
    if len(varied) > 1 and math.prod(map(len, values.values())) <= ALL_COMBINATIONS:
        yield Part(OPTIONS, ", ".join(varied.values()))


def _said(name: str, values: Collection[object], number: int) -> str:
    value = list(values)[number]
    if value is None or isinstance(value, bool | int | float | str):
        return f"{name}={value!r}"
    return f"value {number + 1} of {len(values)} of {name}"
