"""One example of a case: everything that determines its arrays, in a form that a report can print."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, replace
from typing import Any

import numpy as np

from gradcheck.errors import UsageError
from gradcheck.laws import LAWS, Law
from gradcheck.point import judge_point
from gradcheck.protocol import Case, EntryOf, Failure, Reals, attempt, name_inputs
from gradcheck.report import Report

from .layouts import repeat_first_row, with_layout
from .limits import LARGEST_SIZE, LONG, ORDINARY_SCALES, SHORT
from .plants import plant_into
from .shapes import is_allowed
from .values import Array, draw_values, fits, narrowed

Shape = tuple[int, ...]


@dataclass(frozen=True, repr=False)
class Example:
    """What determines every array of one example.

    Attributes
    ----------
    sizes
        Of the signature, by name; an optional size that is missing is absent from every array.
    seed
        Of the values, of where something is planted, and of the cotangent.
    scale
        Of the values: one number, or one per input.
    options
        Keyword-only options of the op.
    plant
        What is planted among the values, one of `PLANTS`.
    where
        The one input that it is planted into; None: every input that can take it.
    borders
        The values that the plants ``border`` and ``borders`` use, by input; ``"x - y"`` for a difference.
    layout
        How the inputs lie in memory, one of `LAYOUTS`.
    loops
        The loop axes in front of each input, one shape per input (for a case that broadcasts).
    """

    sizes: Mapping[str, int] = field(default_factory=dict)
    seed: int = 0
    scale: float | tuple[float, ...] = 1.0
    options: Mapping[str, Any] = field(default_factory=dict)
    plant: str = "none"
    where: str | None = None
    borders: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    layout: str = "C"
    loops: tuple[Shape, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether some axis has size 0."""
        return 0 in self.sizes.values() or any(0 in loop for loop in self.loops)

    @property
    def special(self) -> bool:
        """Whether its values are such that a right op may be undecidable there: planted, or of an extreme scale."""
        return self.plant != "none" or self.scale not in ORDINARY_SCALES

    @property
    def is_large(self) -> bool:
        """Whether some axis is longer than those of an ordinary example, to reach the tails of tiles and loops."""
        return any(size > LARGEST_SIZE for shape in (self.sizes.values(), *self.loops) for size in shape)

    def scale_of(self, position: int) -> float:
        """The scale of one input."""
        return self.scale[position % len(self.scale)] if isinstance(self.scale, tuple) else self.scale

    def fields(self) -> dict[str, Any]:
        """Its fields by name, without what is left at its default."""
        found = {}
        for part in fields(self):
            value = getattr(self, part.name)
            default = part.default_factory() if part.default_factory is not MISSING else part.default
            if value != default:
                found[part.name] = value
        return found

    def __repr__(self) -> str:
        """A call that makes it again."""
        return f"Example({', '.join(f'{name}={value!r}' for name, value in self.fields().items())})"


def judge_example(
    case: Case,
    example: Example,
    laws: Sequence[Law] = LAWS,
    *,
    verdict_only: bool = False,
    told: Collection[str | None] = (),
) -> Report:
    """Judge one example, as the search does; with ``verdict_only`` up to the first error, ``told`` as `judge_point`."""
    inputs = draw_inputs(case, example)
    if example.layout != "C":
        case = replace(case, op=with_layout(case.op, example.layout))
    return judge_point(case, inputs, example.options, example.seed, laws, verdict_only=verdict_only, told=told)


def draw_inputs(case: Case, example: Example) -> tuple[Any, ...]:
    """The inputs: the case's own where it has some, else short random decimals in its domains, and the plant."""
    rng = np.random.default_rng(example.seed)
    if callable(case.inputs):
        return _drawn_by(case, rng)
    if case.inputs is not None:
        return tuple(case.inputs)
    assert case.parsed is not None
    names = name_inputs(case.op, len(case.parsed.inputs), case.options or ())
    domains = [(case.domains or {}).get(name, Reals()) for name in names]
    arrays: list[Array] = []
    decimals = LONG if example.is_large else SHORT
    for position, shape in enumerate(case.parsed.input_shapes(example.sizes, example.loops)):
        scale = example.scale_of(position)
        arrays.append(
            draw_values(rng, shape, domains[position], example.sizes, scale, case.dtype, names[position], decimals)
        )
    for position, domain in enumerate(domains):
        if isinstance(domain, EntryOf):
            other = arrays[names.index(domain.of)]
            arrays[position] = domain.chosen(rng, arrays[position].shape, other)
    if example.plant != "none":
        plant_into(example.plant, arrays, names, domains, example.sizes, example.where, example.borders, rng)
    if example.layout == "stride 0":
        arrays = [
            repeat_first_row(x) if isinstance(domain, Reals) else x for x, domain in zip(arrays, domains, strict=True)
        ]
    return tuple(narrowed(x, case.dtype) for x in arrays)


def _drawn_by(case: Case, rng: np.random.Generator) -> tuple[Any, ...]:
    """What the case's own function draws; UsageError where it draws nothing."""
    drawn = attempt(case.inputs, rng)  # type: ignore[arg-type]
    if isinstance(drawn, Failure):
        raise UsageError(f"case `{case}`: its function of inputs raised {drawn}")
    if not isinstance(drawn, tuple | list):
        raise UsageError(
            f"case `{case}`: its function of inputs returned a {type(drawn).__name__}; "
            "it returns a tuple with one array per input, (x,)"
        )
    return tuple(drawn)


def can_be_drawn(case: Case, example: Example) -> bool:
    """Whether the op takes these sizes, and every integer domain holds enough numbers (no label lies in [0, 0))."""
    if case.parsed is None:
        return True
    if not is_allowed(case, example.sizes):
        return False
    if not case.domains:
        return True
    names = name_inputs(case.op, len(case.parsed.inputs), case.options or ())
    shapes = case.parsed.input_shapes(example.sizes, example.loops)
    return all(
        fits(case.domains[name], shape, example.sizes)
        for name, shape in zip(names, shapes, strict=True)
        if name in case.domains
    )
