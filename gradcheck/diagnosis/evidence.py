"""What the hypotheses are held against: the failing example, and further ones at which the argument is wrong too."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from gradcheck.errors import UsageError
from gradcheck.generation.example import Example, draw_inputs
from gradcheck.generation.layouts import with_layout
from gradcheck.generation.limits import ORDINARY_SCALES
from gradcheck.protocol import Case, attempt
from gradcheck.protocol.calling import Failure

from .fresh import alike, ordinary, other_options, same_value, wobbled
from .limits import FEW, SECONDS
from .patience import Patience
from .sample import Sample
from .trust import Trust, joined
from .view import View

Derive = Callable[..., tuple[Case, Sequence[Any]] | None]

_TRUSTED = 2  # ordinary examples beside the failing one at which the forward is looked at


@dataclass
class Evidence:
    """Samples of one case around one failing example, taken when they are asked for.

    ``example`` is the failing one; ``inputs`` are given where the case was judged at them alone. ``derive`` makes
    another case of each example, of which the samples are then taken. ``rounding`` is that of their gradients, where
    it is coarser than their dtype says.
    """

    case: Case
    example: Example
    inputs: Sequence[Any] | None = None
    derive: Derive | None = None
    rounding: float = 0.0
    patience: Patience = field(default_factory=lambda: Patience.of(SECONDS))
    taken: dict[str, Sample | None] = field(default_factory=dict)
    trusts: dict[int, Trust] = field(default_factory=dict)

    @cached_property
    def failing(self) -> Sample | None:
        """The failing example itself."""
        return self._take(self.example, self.inputs, 0)

    @cached_property
    def ordinary(self) -> list[Sample]:
        """Fresh examples without anything unusual, under the options that failed."""
        found = self._all(ordinary(self.case, self.example) if self.drawn else self._around())
        for sample, other in zip(found, [*found[1:], self.failing], strict=False):
            sample.other = other
        if self.failing is not None and found:
            self.failing.other = found[0]
        return found

    @cached_property
    def other_options(self) -> list[Sample]:
        """Fresh examples under other options."""
        if self.inputs is not None:
            return []
        return self._all(other_options(self.case, self.example))

    def trust(self, position: int) -> Trust:
        """What is known of the forward along one input, at the failing example and at ordinary ones.

        What the samples were found to keep of their digits is what patterns are held against from now on.
        """
        if position not in self.trusts:
            ordinary: list[Trust] = []
            for sample in self.ordinary[:_TRUSTED]:
                if not ordinary or self._in_time:
                    ordinary.append(sample.trust(position))
            failing: list[Trust] = []
            if self.failing is not None and (not ordinary or self._in_time):
                failing.append(self.failing.trust(position))
            self.trusts[position] = joined(failing, ordinary)
            for sample in filter(None, self.taken.values()):
                sample.noise = self._noise
        return self.trusts[position]

    @cached_property
    def repeats(self) -> bool:
        """Whether the op gives the same outputs at the same inputs, as far as it was called."""
        return all(sample.repeats for sample in (self.failing, *self.ordinary[:_TRUSTED]) if sample is not None)

    @property
    def _in_time(self) -> bool:
        """Whether there is time to look further; late, nothing is certain anyway."""
        return not self.patience.is_over

    @property
    def _noise(self) -> float:
        return max([self.rounding, *(trust.noise for trust in self.trusts.values())])

    def alike(self) -> Iterator[Sample]:
        """Fresh examples that share what is unusual about the failing one, taken as they are asked for."""
        if not self.drawn or self.failing is None:
            return
        for example in alike(self.case, self.example, self.failing.inputs):
            if self.patience.is_over:
                return
            sample = self._take(example, None, 0)
            if sample is not None:
                sample.other = self.ordinary[0] if self.ordinary else None
                yield sample

    def with_equal_sizes(self) -> list[Sample]:
        """Fresh examples in which all sizes are the same."""
        if not self.drawn:
            return []
        names = list(self.example.sizes)
        found = self._all(
            replace(
                self.example, sizes=dict.fromkeys(names, 3 + number % 2), seed=400 + number, plant="none", scale=1.0
            )
            for number in range(FEW)
        )
        return [sample for sample in found if sample.answers]

    @property
    def drawn(self) -> bool:
        """Whether inputs are drawn from a signature."""
        return self.inputs is None and self.case.inputs is None

    def _around(self) -> Iterator[Example]:
        for number in range(1, FEW + 1):
            yield replace(self.example, seed=self.example.seed + number)

    def _all(self, examples: Iterable[Example]) -> list[Sample]:
        found = []
        for number, example in enumerate(examples, 1):
            if self.patience.is_over:
                break
            sample = self._take(example, self.inputs, number)
            if sample is not None:
                found.append(sample)
        return found

    def _take(self, example: Example, inputs: Sequence[Any] | None, number: int) -> Sample | None:
        """The op at one example; None where it fails, or breaks the convention there."""
        key = f"{example!r} {number if inputs is not None or self.case.inputs is not None else ''}"
        if key not in self.taken:
            try:
                self.taken[key] = self._read(example, inputs, number)
            except UsageError:
                self.taken[key] = None
        return self.taken[key]

    def _read(self, example: Example, inputs: Sequence[Any] | None, number: int) -> Sample | None:
        case = self.case
        if inputs is None:
            inputs = attempt(draw_inputs, case, example) if callable(case.inputs) else draw_inputs(case, example)
            if isinstance(inputs, Failure):
                return None
            if case.inputs is not None and not callable(case.inputs):
                inputs = wobbled(case, inputs, example.options, number)
        else:
            inputs = wobbled(case, inputs, example.options, number)
        if example.layout != "C":
            case = replace(case, op=with_layout(case.op, example.layout))
        if self.derive is not None:
            derived = self.derive(case, inputs, example.options, example.seed)
            if derived is None:
                return None
            case, inputs = derived
        borders = dict(case.borders or {}) or dict(example.borders)
        sample = Sample.take(case, inputs, example.options, example.seed, borders)
        if sample is not None:
            sample.scale, sample.noise = example.scale, self._noise
        return sample


@dataclass(frozen=True)
class Seen:
    """One argument over all samples: where it is wrong, and where it is right."""

    wrong: tuple[View, ...]
    wrong_at_other_options: tuple[View, ...]
    right: tuple[View, ...]
    right_at_other_options: tuple[View, ...]
    condition: str
    special: bool
    failing: Sample
    patience: Patience
    trust: Trust

    @property
    def late(self) -> bool:
        """Whether there is no time left to look further."""
        return self.patience.is_over

    @property
    def varied(self) -> bool:
        """Whether the wrong examples have different shapes."""
        return len({tuple(x.shape for x in view.sample.inputs) for view in self.wrong}) > 1


def look(
    evidence: Evidence, name: str, malformed: bool, position: int | None = None, behaviour: bool = False
) -> Seen | None:
    """Read one argument off the samples; ``malformed`` where its gradient has another shape, or is None.

    ``position`` says which argument it is where it goes by another name there. With ``behaviour`` every example
    counts as wrong: what is wrong shows only when the vjp is asked once more.
    """
    failing = evidence.failing
    if failing is None or (position is None and name not in failing.names):
        return None
    position = failing.names.index(name) if position is None else position
    trust = evidence.trust(position)

    def split(samples: Iterable[Sample]) -> tuple[list[View], list[View]]:
        wrong: list[View] = []
        right: list[View] = []
        for sample in samples:
            view = View(sample, position)
            if trust.steps:  # its slope is 0 whatever finite differences make of its edges
                is_wrong = behaviour or view.claims_something
            elif view.measured:
                is_wrong = behaviour or (not view.fits if malformed and not view.fits else view.is_wrong)
            else:
                continue
            (wrong if is_wrong else right).append(view)
        return wrong, right

    first, _ = split([failing])
    wrong, right = split(evidence.ordinary)
    condition, special = "", len(wrong) < len(right) or not wrong
    if special:
        for sample in evidence.alike():
            more, fine = split([sample])
            wrong, right = [*wrong, *more], [*right, *fine]
            if len(wrong) > FEW + 2:
                break
        condition = _condition(evidence.example, [*first, *wrong], right)
    elsewhere, fine = split(evidence.other_options)
    found = [*first, *wrong]
    if not found:
        return None
    condition = condition or _option_condition(found, elsewhere, fine)
    views = (tuple(found), tuple(elsewhere), tuple(right), tuple(fine))
    return Seen(*views, condition, special, failing, evidence.patience, trust)


def look_at(samples: Sequence[Sample], position: int, evidence: Evidence) -> Seen | None:
    """One argument over these samples, with nothing to compare it with."""
    views = [View(sample, position) for sample in samples]
    wrong = tuple(view for view in views if view.measured and view.is_wrong)
    if not wrong:
        return None
    return Seen(wrong, (), (), (), "", False, samples[0], evidence.patience, evidence.trust(position))


def _condition(example: Example, wrong: Sequence[View], right: Sequence[View]) -> str:
    """What sets the examples where the argument is wrong apart from those where it is right, if that is a size."""
    unusual = isinstance(example.scale, float) and example.scale not in ORDINARY_SCALES
    if unusual and all(view.sample.scale == example.scale for view in wrong):
        return f" (only where inputs are of a size like {example.scale:g})"
    if not wrong or not right or example.special:
        return ""
    ours = {name: [view.sample.sizes.get(name, 0) for view in wrong] for name in example.sizes}
    theirs = {name: max(view.sample.sizes.get(name, 0) for view in right) for name in example.sizes}
    ones = [f"`{name}` is 1" for name in ours if set(ours[name]) == {1} and theirs[name] > 1]
    large = [f"`{name}` is as large as {min(ours[name])}" for name in ours if min(ours[name]) > max(4, theirs[name])]
    found = large or ones
    return f" (only where {' and '.join(found)})" if found else ""


def _option_condition(wrong: Sequence[View], elsewhere: Sequence[View], fine: Sequence[View]) -> str:
    """The options at which it is wrong, where it is right at all others."""
    if elsewhere or not fine:
        return ""
    options: Mapping[str, Any] = wrong[0].sample.options
    differ = [
        name
        for name, value in options.items()
        if isinstance(value, bool | int | float | str)
        and any(not same_value(view.sample.options.get(name), value) for view in fine)
    ]
    return f" (only at {', '.join(f'`{name}`={options[name]!r}' for name in differ)})" if len(differ) == 1 else ""
