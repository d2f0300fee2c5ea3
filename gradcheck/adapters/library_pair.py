"""A forward and a backward in C that fit: which array is an input, an output, saved, a gradient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from gradcheck.errors import UsageError
from gradcheck.protocol.signature import Signature, parse_signature
from gradcheck.wording import listed

from .library_declaration import Argument, Function


@dataclass(frozen=True)
class Pair:
    """A forward and a backward that fit: which array is an input, an output, saved, a gradient."""

    forward: Function
    backward: Function
    inputs: tuple[Argument, ...]
    outputs: tuple[Argument, ...]
    constants: tuple[str, ...]
    signature: Signature

    @property
    def options(self) -> list[str]:
        """The names of what is passed by value and is no size."""
        numbers = [*self.forward.numbers(), *self.backward.numbers()]
        return list(dict.fromkeys(a.name for a in numbers if a.name not in self.signature.names))

    @cached_property
    def gradients(self) -> tuple[Argument, ...]:
        """What the backward writes that is the gradient of an input."""
        names = {f"d{a.name}" for a in self.inputs}
        return tuple(a for a in self.backward.arrays(only_read=False) if a.name in names)

    @cached_property
    def _shapes(self) -> dict[tuple[str, ...], Signature]:
        inputs = ",".join(a.core for a in self.inputs)
        arrays = [a for f in (self.forward, self.backward) for a in f.arguments if a.sizes is not None]
        return {a.sizes: parse_signature(f"{inputs}->{a.core}") for a in arrays if a.sizes is not None}

    def shape(self, argument: Argument, sizes: Mapping[str, int]) -> tuple[int, ...]:
        """The shape of any of the arrays."""
        return self._shapes[argument.sizes or ()].output_shapes(sizes)[0]


def join(forward: Function, backward: Function, constants: tuple[str, ...]) -> Pair:
    """See that the two go together; UsageError with one sentence where they do not."""
    inputs, written = forward.arrays(only_read=True), forward.arrays(only_read=False)
    if not inputs:
        raise UsageError(f"from_library: `{forward.name}` reads no array: say const of those that it only reads")
    read = {a.name for a in backward.arrays(only_read=True)}
    outputs = [a for a in written if f"d{a.name}" in read]
    if not outputs:
        raise UsageError(
            f"from_library: `{backward.name}` reads no gradient of what `{forward.name}` writes: one of its const "
            f"arrays is called {listed([f'd{a.name}' for a in written], 'or')}"
        )
    known = {a.name: a for a in (*inputs, *written)} | {f"d{a.name}": a for a in outputs}
    gradients = {a.name: a for a in backward.arrays(only_read=False)}
    for a in backward.arrays(only_read=True):
        if a.name not in known:
            raise UsageError(
                f"from_library: `{backward.name}` reads `{a.name}`, which `{forward.name}` neither reads nor writes, "
                f"and which is not the gradient of an output; known are {listed(known, 'or')}"
            )
    wanted = {f"d{a.name}": a for a in inputs if a.dtype.kind == "f" and a.name not in constants}
    for name in wanted:
        if name not in gradients:
            raise UsageError(
                f"from_library: `{backward.name}` writes no `{name}`, the gradient of `{name[1:]}`; "
                f"where that is data, say constants=({name[1:]!r},)"
            )
    for name in constants:
        if name not in (names := [a.name for a in inputs]):
            raise UsageError(f"from_library: constants names `{name}`; the inputs are {listed(names)}")
    same = [(a, known[a.name]) for a in backward.arrays(only_read=True)]
    same += [(gradients[name], a) for name, a in wanted.items()]
    for one, other in same:
        if (one.kind, one.sizes) != (other.kind, other.sizes):
            raise UsageError(
                f"from_library: `{one.name}` of `{backward.name}` is {_described(one)}, but `{other.name}` of "
                f"`{forward.name}` is {_described(other)}: they have the same type and sizes"
            )
    text = ",".join(a.core for a in inputs) + "->" + ",".join(a.core for a in outputs)
    for a in (*written, *gradients.values()):  # raises where its size follows from nothing
        parse_signature(f"{text.partition('->')[0]}->{a.core}")
    return Pair(forward, backward, tuple(inputs), tuple(outputs), constants, parse_signature(text))


def _described(a: Argument) -> str:
    return f"{a.dtype} {a.core}"
