"""What Hypothesis draws: sizes, options, one seed from which NumPy fills the arrays, and what is unusual about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from gradcheck.protocol import Case

from .example import Example, can_be_drawn
from .layouts import LAYOUTS
from .limits import DIGITS_DRAWN, LARGEST_SIZE, LENGTHS, ORDINARY_SCALES, SHORT_TO_LONG
from .options import alternatives
from .planned import extreme_scales
from .plants import BORDERS, plants_for
from .shapes import block_tails, bounded
from .storage import hypothesis_at_home

Borders = Mapping[str, tuple[float, ...]]
Shape = tuple[int, ...]


def explore(case: Case, borders: Borders, examples: int, seed: int, visit: Callable[[Example], bool]) -> None:
    """Hand ``examples`` random examples to ``visit``, until it answers False or raises, which ends all.

    Hypothesis would ask again at the example that raised, and complain where an op with a memory then answers.
    """
    import hypothesis
    from hypothesis import HealthCheck, Phase, Verbosity, settings

    enough = False
    raised: list[Exception] = []

    @hypothesis.seed(seed)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=False,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
        print_blob=False,
    )
    @hypothesis.given(examples_of(case, borders))
    def attempt(example: Example) -> None:
        nonlocal enough
        if not can_be_drawn(case, example):
            hypothesis.reject()
        try:
            enough = enough or not visit(example)  # Hypothesis runs the example that ended it once more
        except Exception as error:  # noqa: BLE001 - handed on below
            raised.append(error)
            enough = True
        if enough:
            raise _Enough

    with hypothesis_at_home(), suppress(_Enough, hypothesis.errors.Unsatisfiable):
        attempt()
    if raised:
        raise raised[0]


class _Enough(Exception):
    """Ends the exploration."""


def examples_of(case: Case, borders: Borders) -> Any:
    """The strategy of a case's examples, those apart that no op can be asked at."""
    from hypothesis import strategies as st

    assert case.parsed is not None
    names, count, optional = case.parsed.names, len(case.parsed.inputs), case.parsed.optional
    # Sizes are the digits of one number, since a draw costs more than the arrays of a small example; three of them,
    # because Hypothesis prefers small numbers in larger ranges.
    digits, seeds = st.integers(0, LARGEST_SIZE**DIGITS_DRAWN - 1), st.integers(0, 2**32 - 1)
    tails = [{}, *block_tails(case.block, names)]
    long: list[dict[str, int]] = [{name: n} for name in names for n in LENGTHS]
    long[:0] = [{}] * (SHORT_TO_LONG * len(long))
    choices = {name: st.sampled_from(values) for name, values in alternatives(case).items()}
    tail, longer, unusual = _one_of(tails), _one_of(long), _one_of(_unusual(case, borders))
    loop_axes = st.lists(st.integers(1, 4), max_size=2)

    @st.composite
    def example(draw: Callable[[Any], Any]) -> Example:
        drawn: dict[str, int] = {}
        number = 0
        for place, name in enumerate(names):
            number = draw(digits) if place % DIGITS_DRAWN == 0 else number // LARGEST_SIZE
            drawn[name] = 1 + number % LARGEST_SIZE
        if optional:
            drawn = {name: size for name, size in drawn.items() if name not in optional or draw(st.booleans())}
        if len(tails) > 1:
            drawn |= draw(tail)
        if names:
            drawn |= draw(longer)
        loops: tuple[Shape, ...] = ()
        if case.broadcast:
            loop = tuple(draw(loop_axes))
            loops = tuple(_shortened(loop, draw(st.integers(0, 7))) for _ in range(count))
        options = {name: draw(choice) for name, choice in choices.items()}
        return Example(bounded(case, drawn), draw(seeds), options=options, loops=loops, **draw(unusual))

    return example()


def _one_of(rows: Sequence[dict[str, Any]]) -> Any:
    """One of these rows, drawn by its number: Hypothesis would take a hash of each entry of every one."""
    from hypothesis import strategies as st

    return st.sampled_from(range(len(rows))).map(rows.__getitem__)


def _shortened(loop: Shape, how: int) -> Shape:
    """One input's part of a loop shape: all of it, some axes 1, the first ones left out."""
    if how < 3:
        return loop
    if how < 5:
        return loop[how - 2 :]
    return tuple(1 if (how >> axis) & 1 else size for axis, size in enumerate(loop))


def _unusual(case: Case, borders: Borders) -> Sequence[dict[str, Any]]:
    """What sets an example apart, as fields of it; the nothing at the front is what half of them have."""
    found: list[dict[str, Any]] = []
    for kind, names in plants_for(case, borders).items():
        used = {"borders": borders} if kind in BORDERS else {}
        places = [None, *names] if len(names) > 1 and kind != "match" else [None]
        found += [{"plant": kind, "where": where, **used} for where in places]
    found += [{"layout": layout} for layout in LAYOUTS[1:]]
    found += [{"scale": scale} for scale in extreme_scales(case)]
    usual: list[dict[str, Any]] = [{"scale": scale} for scale in ORDINARY_SCALES]
    return usual * (1 + len(found) // len(usual)) + found
