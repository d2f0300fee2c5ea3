"""Which known array, or quotient of two, is the ratio of claim and truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gradcheck.diagnosis import costs
from gradcheck.diagnosis.hypothesis import Claim
from gradcheck.diagnosis.known.along import aligned
from gradcheck.diagnosis.known.forms import ITSELF, OF_FACTORS, OF_PRODUCTS, OF_SUMS, Form
from gradcheck.diagnosis.known.pairs import Base, bases
from gradcheck.diagnosis.limits import CANDIDATE_RATIO, NEGLIGIBLE, NOTICED
from gradcheck.diagnosis.sample import Labels, Sample
from gradcheck.diagnosis.view import View
from gradcheck.numerics import within
from gradcheck.numerics.tolerance import Array

from ..limits import FEWEST_RATIOS
from ._inner import Compared, OfGradient, OfProduct

_CONSTANTS = (1.0, -1.0, 2.0, 0.5, -2.0, -0.5)


@dataclass(frozen=True)
class Factor:
    """A form of a base, or 1 where there is none."""

    base: Base | None
    form: Form = ITSELF

    @property
    def words(self) -> str:
        """``(1 - A2)``."""
        return "1" if self.base is None else self.form.within_product(self.base.words)

    @property
    def cost(self) -> float:
        """What it adds to the parameters."""
        return costs.AS_IT_IS if self.base is None else self.base.cost + self.form.cost

    def along(self, view: View, labels: Labels) -> Array | None:
        """The array so that it broadcasts along these axes."""
        if self.base is None:
            return np.ones((1,) * len(labels))
        read = self.base.read(view.sample)
        laid = None if read is None else aligned(read[0], read[1], labels, len(labels), inside=False)
        if laid is None:
            return None
        with np.errstate(all="ignore"):
            return np.asarray(self.form.apply(laid))


@dataclass(frozen=True)
class Quotient:
    """The claim is the truth times ``constant * above / below``, and times or through a size of the signature."""

    above: Factor
    below: Factor
    constant: float
    size: str = ""
    power: int = 0

    def number(self, sample: Sample) -> float:
        """The constant with the size, at one example."""
        return self.constant * float(sample.sizes.get(self.size, 1)) ** self.power

    def holds(self, view: View, place: OfGradient | OfProduct) -> bool | None:
        """Whether it is, at one example; None where it says nothing there."""
        parts = place.read(view)
        if parts is None or parts.true.size < 2:
            return None
        above, below = (factor.along(view, parts.labels) for factor in (self.above, self.below))
        if above is None or below is None or not (np.isfinite(above).all() and np.isfinite(below).all()):
            return None
        if _same(parts.claim, parts.true, parts.slack):
            return False  # what is off is too little to be a factor
        ours, wanted = parts.claim * below, self.number(view.sample) * parts.true * above
        if not np.any(ours) or not np.any(below):
            return None if not np.any(wanted) else False
        return _same(ours, wanted, parts.slack)


def _same(left: Array, right: Array, slack: float) -> bool:
    largest = max(float(np.abs(left).max(initial=0.0)), float(np.abs(right).max(initial=0.0)))
    return bool(np.all(within(np.abs(left - right), slack * largest)))


def quotients(view: View, place: OfGradient | OfProduct) -> Iterator[Quotient]:
    """Every quotient of known factors that claim over truth may be here."""
    parts = place.read(view)
    if parts is None:
        return
    factors, rows = _factors(view, parts)
    smaller = np.minimum(np.abs(parts.claim), np.abs(parts.true)).ravel()
    largest = max(float(np.abs(parts.true).max()), float(np.abs(parts.claim).max()))
    usable = ~within(smaller, NOTICED * largest)
    if usable.sum() < FEWEST_RATIOS:
        return
    ratio = (parts.claim.ravel() / np.where(parts.true.ravel() == 0, 1, parts.true.ravel()))[usable]
    table = np.array([row[usable] for row in rows])
    numbers = [(constant, "", 0) for constant in _CONSTANTS]
    numbers += [(c, size, p) for size in view.sample.sizes for p in (1, -1) for c in _CONSTANTS]
    for number, below in enumerate(factors):
        with np.errstate(all="ignore"):
            constants = ratio * table[number] / table
            middle = constants.mean(axis=1)
            flat = within(np.ptp(constants, axis=1), CANDIDATE_RATIO * np.abs(middle))
            own = table[number] / table
            constant_by_itself = within(
                np.ptp(own, axis=1), CANDIDATE_RATIO * np.abs(own.mean(axis=1))
            )  # then it is a number
        for place_above in np.flatnonzero(flat & ~constant_by_itself):
            product = any(f.base is not None and f.base.is_product for f in (factors[int(place_above)], below))
            for constant, size, power in numbers[:1] if product else numbers:
                value = constant * float(view.sample.sizes.get(size, 1)) ** power
                if place_above != number and within(abs(middle[place_above] - value), CANDIDATE_RATIO * abs(value)):
                    yield Quotient(factors[int(place_above)], below, constant, size, power)


def _factors(view: View, parts: Compared) -> tuple[list[Factor], list[Array]]:
    """1, and every form of every base that fits along the axes and is not constant, with its entries."""
    factors, rows = [Factor(None)], [np.ones(parts.true.size)]
    for base in bases(view):
        if base.is_product and base.picks:
            continue
        for form in OF_FACTORS if base.other is None else OF_SUMS if base.sign else OF_PRODUCTS:
            factor = Factor(base, form)
            along = factor.along(view, parts.labels)
            if along is None:
                break
            row = np.broadcast_to(along, parts.true.shape).ravel()
            if np.isfinite(row).all() and not within(np.ptp(row), NEGLIGIBLE * np.abs(row).max(initial=0.0)):
                factors.append(factor)
                rows.append(row)
    return factors, rows


def claim_of(view: View, place: OfGradient | OfProduct, quotient: Quotient) -> Claim:
    """The quotient in words."""
    above, below, constant = quotient.above, quotient.below, quotient.constant
    where = f"in {place.words}"
    number = [f"{constant:g}"] if constant != 1 else []
    number += [f"`{quotient.size}`" if quotient.power > 0 else f"1/`{quotient.size}`"] if quotient.power else []
    beside = f", and there is a factor {' * '.join(number)}" if number else ""
    if above.base is None:
        sentence = f"{where} the factor `{below.words}` is missing{_hint(below)}{beside}"
    elif below.base is None:
        sentence = f"{where} there is a factor `{above.words}` too many{_hint(above)}{beside}"
    else:
        sentence = f"{where} a factor `{above.words}` stands where `{below.words}` belongs{_hint(below)}{beside}"
    cost = costs.ONE + place.cost + above.cost + below.cost
    cost += costs.CONSTANT * (constant != 1) + costs.SIZE_BESIDE * bool(quotient.power)
    return Claim(sentence, cost + _apart(above, below, place), lambda v: quotient.holds(v, place))


def _apart(above: Factor, below: Factor, place: OfGradient | OfProduct) -> float:
    """What it costs that one of two factors stands where the other belongs: they should have something in common."""
    if above.base is None or below.base is None:
        return 0.0
    cost = costs.IN_PLACE_OF + costs.IN_GRADIENT * isinstance(place, OfGradient)
    if above.base != below.base:
        cost += costs.UNLIKE * (above.form != below.form)
        cost += costs.UNLIKE * bool(above.base.parts & below.base.parts)  # then it is rather one term
    return cost


def _hint(factor: Factor) -> str:
    return f" ({factor.form.hint})" if factor.form.hint else ""
