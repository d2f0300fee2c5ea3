"""Shapes as NumPy's generalized-ufunc signature, such as ``"(o,i),(i,m),(o,1)->(o,m)"``.

Names tie sizes together, digits fix them, and sums, products and quotients of them are sizes too
(``"(n),(k)->(n+k-1)"``, ``"(4*h,i)"``); a name with ``?`` is absent from all arrays at once or from none
(``"(m?,n),(n,p?)->(m?,p?)"`` is matmul). A size of an output that an option gives has the name of the option
(``"(n)->(n,classes)"``), and one that follows from the values is written ``_`` (``"(n)->(_)"``). Loop axes, which NumPy
allows in front of every array, are allowed where a case says ``broadcast=True``. Source of the notation: NumPy,
"Generalized universal function API".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations, count

import numpy as np

from gradcheck.errors import SignatureError
from gradcheck.foreign import repeated

from .formula import Formula, read_formula

Dimension = str | int | Formula
Core = tuple[Dimension, ...]
Shape = tuple[int, ...]

ANY = "_"  # a size of an output that follows from the values
_NAME = re.compile(r"[A-Za-z_]\w*\??\Z")
_GROUP = re.compile(r"\(([^()]*)\)")
_GROUPS = re.compile(r"\s*\([^()]*\)(\s*,\s*\([^()]*\))*\s*\Z")


@dataclass(frozen=True)
class Signature:
    """A parsed signature: one tuple of dimensions per input and per output.

    Sizes are mappings from names to numbers. An optional name that is missing from them is absent from every
    array; the broadcast loop shape stands among them as ``loop[0]``, ``loop[1]`` and so on. ``free`` are the sizes of
    outputs that no input determines: those that options give, and ``_``.
    """

    text: str
    inputs: tuple[Core, ...]
    outputs: tuple[Core, ...]
    optional: tuple[str, ...] = ()
    broadcast: bool = False
    free: tuple[str, ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The named sizes that inputs have, in order of first appearance."""
        return tuple(name for name in dict.fromkeys(_names(self.inputs + self.outputs)) if name not in self.free)

    def fits(self, sizes: Mapping[str, int]) -> bool:
        """Whether the formulas make sizes of these: none negative, and none zero unless one that it is made of is."""
        formulas = [size for core in self.inputs + self.outputs for size in core if isinstance(size, Formula)]
        for formula in [one for one in formulas if not set(one.names) & set(self.free)]:
            least = 0 if any(sizes[name] == 0 for name in formula.names) else 1
            if formula.at(sizes) < least:
                return False
        return True

    def input_shapes(self, sizes: Mapping[str, int], loops: Sequence[Shape] = ()) -> tuple[Shape, ...]:
        """The shapes of the inputs once every name has a size; ``loops`` gives each input its loop axes."""
        own = loops or ((),) * len(self.inputs)
        return tuple(loop + self._fill(core, sizes) for loop, core in zip(own, self.inputs, strict=True))

    def output_shapes(self, sizes: Mapping[str, int]) -> tuple[Shape, ...]:
        """The shapes of the outputs once every name has a size; a free one that has none counts as 1."""
        sizes = {**dict.fromkeys(self.free, 1), **sizes}
        keys = (loop_name(axis) for axis in count())
        loop = []
        for key in keys:
            if key not in sizes:
                break
            loop.append(sizes[key])
        return tuple((*loop, *self._fill(core, sizes)) for core in self.outputs)

    def promised(self, sizes: Mapping[str, int]) -> tuple[tuple[int | None, ...], ...]:
        """The shapes of the outputs; None for a size that follows from the values, or from an option without one."""
        shapes = self.output_shapes(sizes)
        unknown = set(self.free) - set(sizes)
        if not unknown:
            return shapes
        found: list[tuple[int | None, ...]] = []
        for core, shape in zip(self.outputs, shapes, strict=True):
            present = [size for size in core if not isinstance(size, str) or size in sizes or size in unknown]
            own = zip(present, shape[len(shape) - len(present) :], strict=True)
            known = [None if unknown & set(_names([(size,)])) else number for size, number in own]
            found.append((*shape[: len(shape) - len(present)], *known))
        return tuple(found)

    def bind(self, names: Sequence[str], shapes: Sequence[Shape]) -> dict[str, int]:
        """Read the named sizes off the shapes of actual inputs, or raise SignatureError."""
        if len(shapes) != len(self.inputs):
            raise SignatureError(
                f'signature "{self.text}" has {_count(len(self.inputs), "input")}, but {len(shapes)} were given'
            )
        absent = self._absent([len(shape) for shape in shapes])
        sizes: dict[str, int] = {}
        owner: dict[str, str] = {}
        formulas: list[tuple[str, Shape, int, Formula]] = []
        loops = []
        for name, shape, whole in zip(names, shapes, self.inputs, strict=True):
            core = tuple(dimension for dimension in whole if dimension not in absent)
            extra = len(shape) - len(core)
            if extra < 0 or (extra and not self.broadcast):
                raise SignatureError(
                    f'input `{name}` has shape {shape}, but signature "{self.text}" gives it '
                    f"{_count(len(core), 'dimension')}, {self._show(core)}" + _hint(extra)
                )
            loops.append(shape[:extra])
            for size, dimension in zip(shape[extra:], core, strict=True):
                if isinstance(dimension, Formula):
                    formulas.append((name, shape, size, dimension))
                elif isinstance(dimension, int):
                    if size != dimension:
                        raise SignatureError(
                            f'input `{name}` has shape {shape}, but signature "{self.text}" '
                            f"fixes it to {self._show(core)}"
                        )
                elif sizes.setdefault(dimension, size) != size:
                    raise SignatureError(
                        f'size `{dimension}` of signature "{self.text}" is {sizes[dimension]} in input '
                        f"`{owner[dimension]}` and {size} in input `{name}` of shape {shape}"
                    )
                else:
                    owner.setdefault(dimension, name)
        self._solve(formulas, sizes)
        sizes.update((loop_name(axis), size) for axis, size in enumerate(self._loop(names, loops)))
        return sizes

    def _solve(self, formulas: Sequence[tuple[str, Shape, int, Formula]], sizes: dict[str, int]) -> None:
        """Put into ``sizes`` what only a formula holds, then hold every formula against the shape it stands for."""
        for _ in formulas:
            for *_, size, formula in formulas:
                sizes.update([found] if (found := formula.unknown(sizes, size)) else [])
        for name, shape, size, formula in sorted(formulas, key=lambda one: len(set(one[3].names) - set(sizes))):
            missing = [known for known in formula.names if known not in sizes]
            if missing or formula.at(sizes) != size:
                gives = "no such size can be" if missing else f"that is {formula.at(sizes)}"
                at = ", ".join(f"{known}={sizes[known]}" for known in formula.names if known in sizes)
                raise SignatureError(
                    f'input `{name}` has shape {shape}, but signature "{self.text}" gives it an axis of `{formula}`, '
                    f"and {gives}{f' at {at}' if at else ''}, not {size}"
                )

    def _absent(self, dimensions: Sequence[int]) -> tuple[str, ...]:
        """The optional names that arrays of these numbers of dimensions leave out, as few as possible."""
        if not self.optional:
            return ()
        for number in range(len(self.optional) + 1):
            for left_out in combinations(self.optional, number):
                cores = [sum(dimension not in left_out for dimension in core) for core in self.inputs]
                pairs = list(zip(dimensions, cores, strict=True))
                if all(have == need or (self.broadcast and have > need) for have, need in pairs):
                    return left_out
        return ()

    def _loop(self, names: Sequence[str], loops: Sequence[Shape]) -> Shape:
        """The loop shape that the inputs' loop axes broadcast to."""
        if not any(loops):
            return ()
        try:
            return np.broadcast_shapes(*loops)
        except ValueError:
            found = ", ".join(f"`{name}` {loop}" for name, loop in zip(names, loops, strict=True) if loop)
            raise SignatureError(
                f'the axes in front of those of signature "{self.text}" do not broadcast against each other: {found}'
            ) from None

    def _fill(self, core: Core, sizes: Mapping[str, int]) -> Shape:
        present = (size for size in core if size in sizes or size not in self.optional)
        return tuple(_value(size, sizes) for size in present)

    def _show(self, core: Core) -> str:
        return "(" + ",".join(f"{size}?" if size in self.optional else str(size) for size in core) + ")"


def loop_name(axis: int) -> str:
    """What the size of a loop axis is called; no name of a signature looks like it."""
    return f"loop[{axis}]"


def parse_signature(text: str, *, broadcast: bool = False, options: Iterable[str] = ()) -> Signature:
    """Parse a gufunc signature; raise SignatureError with one sentence where it does not parse.

    ``options`` are the names that a size of an output may have beside those of inputs.
    """
    if not isinstance(text, str):
        kind = type(text).__name__
        raise SignatureError(f'a signature is a string such as "(m,n),(n)->(m)", not {kind} {repeated(text)}')
    return _parse(str.__str__(text), bool(broadcast), frozenset(options))


@lru_cache(maxsize=16)  # every check of one op asks again
def _parse(text: str, broadcast: bool, options: frozenset[str]) -> Signature:
    sides = text.split("->")
    if len(sides) != 2:
        raise SignatureError(
            f'signature "{text}" needs exactly one "->" between inputs and outputs, as in "(m,n),(n)->(m)"'
        )
    inputs, outputs = (_parse_side(side, text) for side in sides)
    known = _determined(inputs)
    unknown = [name for name in _names(inputs) if name not in known]
    if unknown:
        raise SignatureError(
            f'signature "{text}": size `{unknown[0]}` cannot be read off the shapes of the inputs; it needs an axis of '
            "its own, or one of a sum or product in which it alone is not known"
        )
    free = tuple(dict.fromkeys(name for name in _names(outputs) if name not in known))
    unknown = [name for name in free if name not in options and name != ANY]
    if unknown:
        raise SignatureError(
            f'signature "{text}": output size `{unknown[0]}` appears in no input, so nothing determines it; a size '
            f"that an option gives has the name of the option, and one that follows from the values is written {ANY}"
        )
    optional = _read_optional(inputs + outputs, text)
    return Signature(text, _bare(inputs), _bare(outputs), optional, broadcast, free)


def _names(cores: Sequence[Core]) -> list[str]:
    """The names of sizes, those in formulas too; with ``?`` where they are written so."""
    found: list[str] = []
    for size in (size for core in cores for size in core if not isinstance(size, int)):
        found += size.names if isinstance(size, Formula) else [size]
    return found


def _determined(inputs: Sequence[Core]) -> set[str]:
    """The names that shapes of the inputs determine: what is an axis of its own, then what formulas leave over."""
    known = {size: 3 for core in inputs for size in core if isinstance(size, str)}  # 3 stands for any size
    formulas = [size for core in inputs for size in core if isinstance(size, Formula)]
    for _ in formulas:
        known |= {name: 3 for formula in formulas if (name := formula.determines(known)) is not None}
    return set(known)


def _value(size: Dimension, sizes: Mapping[str, int]) -> int:
    if isinstance(size, Formula):
        return size.at(sizes)
    return size if isinstance(size, int) else sizes[size]


def _read_optional(cores: Sequence[Core], text: str) -> tuple[str, ...]:
    """The names written with ``?``, bare; as in NumPy a name has it everywhere or nowhere."""
    words = list(dict.fromkeys(_names(cores)))
    optional = tuple(word[:-1] for word in words if word.endswith("?"))
    for name in optional:
        if name in words:
            raise SignatureError(f'signature "{text}" writes size `{name}` both with and without "?": choose one')
    return optional


def _bare(cores: Sequence[Core]) -> tuple[Core, ...]:
    return tuple(tuple(size.rstrip("?") if isinstance(size, str) else size for size in core) for core in cores)


def _parse_side(side: str, text: str) -> tuple[Core, ...]:
    if not _GROUPS.match(side):
        raise SignatureError(
            f'signature "{text}" does not parse at "{side.strip()}": '
            'write each array as a parenthesised list of sizes, as in "(m,n),(n)->(m)"'
        )
    return tuple(_parse_core(group, text) for group in _GROUP.findall(side))


def _parse_core(group: str, text: str) -> Core:
    if not group.strip():
        return ()
    return tuple(_parse_dimension(word.strip(), text) for word in group.split(","))


def _parse_dimension(word: str, text: str) -> Dimension:
    if word.isdecimal():
        return int(word)
    if _NAME.match(word):
        return word
    formula = read_formula(word)
    if formula is not None:
        return formula
    raise SignatureError(
        f'signature "{text}" does not parse at "{word}": a size is a name such as `n` or `n?`, a number such as 1, or '
        "made of both by +, -, * and // such as `n+k-1`"
    )


def _hint(extra: int) -> str:
    return "; where leading axes are loops to broadcast, say Case(..., broadcast=True)" if extra > 0 else ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def shapes_in_words(shapes: Iterable[tuple[int | None, ...]]) -> str:
    """``(2, 3) and (3,)``; ``_`` for any size."""
    return " and ".join(str(shape).replace("None", ANY) for shape in shapes)
