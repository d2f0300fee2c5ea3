"""Shapes as NumPy's generalized-ufunc signature, such as ``"(o,i),(i,m),(o,1)->(o,m)"``.

Names tie sizes together, digits fix them. Source of the notation: NumPy, "Generalized universal function API".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gradcheck.errors import SignatureError

Dimension = str | int
Core = tuple[Dimension, ...]

_NAME = re.compile(r"[A-Za-z_]\w*\Z")
_GROUP = re.compile(r"\(([^()]*)\)")
_GROUPS = re.compile(r"\s*\([^()]*\)(\s*,\s*\([^()]*\))*\s*\Z")


@dataclass(frozen=True)
class Signature:
    """A parsed signature: one tuple of dimensions per input and per output."""

    text: str
    inputs: tuple[Core, ...]
    outputs: tuple[Core, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The named sizes, in order of first appearance."""
        found = [size for core in self.inputs + self.outputs for size in core if isinstance(size, str)]
        return tuple(dict.fromkeys(found))

    def input_shapes(self, sizes: Mapping[str, int]) -> tuple[tuple[int, ...], ...]:
        """The shapes of the inputs once every name has a size."""
        return tuple(_fill(core, sizes) for core in self.inputs)

    def output_shapes(self, sizes: Mapping[str, int]) -> tuple[tuple[int, ...], ...]:
        """The shapes of the outputs once every name has a size."""
        return tuple(_fill(core, sizes) for core in self.outputs)

    def bind(self, names: Sequence[str], shapes: Sequence[tuple[int, ...]]) -> dict[str, int]:
        """Read the named sizes off the shapes of actual inputs, or raise SignatureError."""
        if len(shapes) != len(self.inputs):
            raise SignatureError(
                f'signature "{self.text}" has {_count(len(self.inputs), "input")}, but {len(shapes)} were given'
            )
        sizes: dict[str, int] = {}
        owner: dict[str, str] = {}
        for name, shape, core in zip(names, shapes, self.inputs, strict=True):
            if len(shape) != len(core):
                raise SignatureError(
                    f'input `{name}` has shape {shape}, but signature "{self.text}" gives it '
                    f"{_count(len(core), 'dimension')}, {_show(core)}"
                )
            for size, dimension in zip(shape, core, strict=True):
                if isinstance(dimension, int):
                    if size != dimension:
                        raise SignatureError(
                            f'input `{name}` has shape {shape}, but signature "{self.text}" fixes it to {_show(core)}'
                        )
                elif sizes.setdefault(dimension, size) != size:
                    raise SignatureError(
                        f'size `{dimension}` of signature "{self.text}" is {sizes[dimension]} in input '
                        f"`{owner[dimension]}` and {size} in input `{name}` of shape {shape}"
                    )
                else:
                    owner.setdefault(dimension, name)
        return sizes


def parse_signature(text: str) -> Signature:
    """Parse a gufunc signature; raise SignatureError with one sentence where it does not parse."""
    if not isinstance(text, str):
        raise SignatureError(f'a signature is a string such as "(m,n),(n)->(m)", not {type(text).__name__} {text!r}')
    sides = text.split("->")
    if len(sides) != 2:
        raise SignatureError(
            f'signature "{text}" needs exactly one "->" between inputs and outputs, as in "(m,n),(n)->(m)"'
        )
    inputs, outputs = (_parse_side(side, text) for side in sides)
    unknown = [
        size
        for core in outputs
        for size in core
        if isinstance(size, str) and not any(size in known for known in inputs)
    ]
    if unknown:
        raise SignatureError(
            f'signature "{text}": output size `{unknown[0]}` appears in no input, so nothing determines it'
        )
    return Signature(text, inputs, outputs)


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
    raise SignatureError(
        f'signature "{text}" does not parse at "{word}": a size is a name such as `n` or a number such as 1'
    )


def _fill(core: Core, sizes: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(size if isinstance(size, int) else sizes[size] for size in core)


def _show(core: Core) -> str:
    return "(" + ",".join(map(str, core)) + ")"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
