"""Name the entry of an argument at which its gradient is wrong."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from .contest import Contest, contest
from .direction import Direction, draw_direction
from .doubts.kink import DOUBT as KINK
from .doubts.kink import at_kink
from .ladder import LADDER, QUICK, Ladder
from .limits import ATTEMPTS, BLUNT_ATTEMPTS, ESTIMATE_FACTOR, EVERY_ENTRY, GOES_AWAY
from .line import Point
from .outcome import Outcome
from .probe import Probe
from .projection import Judgement, claim_of, judge
from .tolerance import Array, within

_AT_A_KINK = replace(QUICK, leaps=False, straight=True)  # most kinks are those of pieces that are straight


@dataclass(frozen=True)
class Location:
    """Where one argument's gradient is wrong, per unit of that entry.

    ``index`` is None where no single entry could be singled out: then the numbers are those of a whole
    direction. ``wrong`` of ``looked`` entries differ, where every entry was looked at. ``slopes`` are the
    one-sided slopes where the entry is at a kink.
    """

    index: tuple[int, ...] | None
    claimed: float
    expected: float
    error: float
    wrong: int | None = None
    looked: int | None = None
    slopes: tuple[float, float] | None = None


@dataclass
class Search:
    """One argument under suspicion: what was excused on the way, and what is left once those are set aside.

    ``kinked``: the forward bends at this very point, not only near it, so that entries need only a quick look.
    ``suspected``: all entries together were called wrong, or were not judged.
    """

    point: Point
    probe: Probe
    position: int
    rng: np.random.Generator
    kinked: bool = False
    suspected: bool = True
    excused: dict[int, Contest] = field(default_factory=dict)
    rest: Judgement | None = None

    @property
    def excuse(self) -> Contest | None:
        """The commonest reason why entries that disagree are not called wrong; None where all of them agree."""
        found = [contested for contested in self.excused.values() if contested.outcome is not Outcome.AGREES]
        outcomes = [contested.outcome for contested in found]
        return max(found, key=lambda contested: outcomes.count(contested.outcome), default=None)

    @property
    def noisy(self) -> bool:
        """Whether an entry was excused by noise."""
        return any(contested.outcome is Outcome.NOISE for contested in self.excused.values())

    @property
    def blunt(self) -> bool:
        """Whether so many entries turned out to be off by rounding alone that others would be too."""
        found = [contested.outcome in (Outcome.AGREES, Outcome.NOISE) for contested in self.excused.values()]
        return bool(within(BLUNT_ATTEMPTS, sum(found)))

    def run(self) -> Location | None:
        """Find the worst wrong entry; None where every suspicion ends in a kink, at a border or in noise.

        Small arguments are scanned entry by entry; large ones are halved towards the larger disagreement, so
        the number of forwards grows with the logarithm of the size.
        """
        if self.point.inputs[self.position].size <= EVERY_ENTRY:
            return self._scan() or self._whole()
        return self._halve()

    def _scan(self) -> Location | None:
        """Look at every entry; those whose claim lies between the slopes of a kink are excused as they are met."""
        size = self.point.inputs[self.position].size
        suspects = []
        for entry in range(size):
            judgement, kink = self._look(entry)
            if kink is not None:
                self.excused[entry] = Contest(Outcome.KINK, kink, KINK)
            elif not judgement.agrees:
                suspects.append((judgement, entry))
        suspects.sort(key=lambda pair: -_excess(pair[0]))
        for number, (_, entry) in enumerate(suspects):
            place = self._confirm(entry, wrong=len(suspects) - number, looked=size)
            if place:
                return place
        return None

    def _look(self, entry: int) -> tuple[Judgement, Judgement | None]:
        """How one entry is judged, and that with the slopes of the kink between which its claim lies, if it does.

        A quick look comes first where nothing but rounding or a kink is to be expected.
        """
        direction = self._direction(np.array([entry]))
        if self.kinked or not self.suspected:
            quick = judge(self.point, self.probe, direction, _AT_A_KINK if self.kinked else QUICK)
            kink = None if quick.agrees else at_kink(quick, known=self.kinked)
            if kink is not None or (quick.agrees and (self.kinked or _is_sharp(quick))):
                return quick, kink
        judgement = judge(self.point, self.probe, direction)
        return judgement, None if judgement.agrees or self.kinked else at_kink(judgement)

    def _halve(self) -> Location | None:
        array = self.point.inputs[self.position].reshape(-1)
        zeros = np.flatnonzero(array == 0)
        nonzero = np.flatnonzero(array != 0)
        if zeros.size and nonzero.size and self._judge(nonzero).agrees:
            for entry in self.rng.permutation(zeros)[:ATTEMPTS]:
                place = self._confirm(int(entry))
                if place:
                    return place
            self.rest = self._judge(nonzero)
            return None
        loudest = self._loudest()
        if not self._judge(np.array([loudest]), QUICK).agrees:
            place = self._confirm(loudest)
            if place:
                return place
        for _ in range(ATTEMPTS):
            if self.blunt:
                return None
            entry = self._bisect(np.setdiff1d(np.arange(array.size), list(self.excused)))
            if entry is None:
                return self._whole()
            place = self._confirm(entry)
            if place:
                return place
        return None

    def _loudest(self) -> int:
        """The entry that contributes most to the claim; where all of a gradient is wrong, it is too."""
        gradient = self.probe.gradients[self.position]
        assert gradient is not None
        return int(np.argmax(np.nan_to_num(np.abs(gradient * self.point.inputs[self.position]))))

    def _bisect(self, entries: Array) -> int | None:
        """Halve the entries of one direction down to one that disagrees; None where all of them together agree.

        Only one half is measured: contributions add up, so the other is what is left of the disagreement.
        """
        direction, quick = self._direction(entries), _AT_A_KINK if self.kinked else QUICK
        whole = judge(self.point, self.probe, direction, quick)
        if whole.agrees:
            return None
        rounded = self._rounded(whole)
        if rounded is not None:
            return int(entries[np.argmax(rounded.reshape(-1)[entries])])
        off = whole.claim - whole.estimate.value
        while entries.size > 1:
            left, right = np.array_split(entries, 2)
            judged = judge(self.point, self.probe, self._only(direction, left), quick)
            off_left = judged.claim - judged.estimate.value
            if judged.agrees or within(abs(off_left), abs(off - off_left)):
                entries, off = right, off - off_left
            else:
                entries, off = left, off_left
        return int(entries[0])

    def _rounded(self, whole: Judgement) -> Array | None:
        """By how much each entry is off, of a narrow backward that agrees in float64: then no forward need be asked."""
        wide, tangent = self._wide, whole.tangents[self.position]
        narrow = self.probe.gradients[self.position]
        if wide is None or tangent is None or narrow is None:
            return None
        left = abs(claim_of(wide, whole.tangents) - whole.estimate.value)
        if not within(left, ESTIMATE_FACTOR * whole.estimate.error + whole.gap / GOES_AWAY):
            return None
        return np.asarray(np.nan_to_num(np.abs((narrow - wide[self.position]) * tangent)))

    @cached_property
    def _wide(self) -> tuple[Array | None, ...] | None:
        """The gradients of the same backward in float64, where that is another one."""
        return None if self.point.wide_gradients is None else self.point.wide_gradients(self.probe.cotangents)

    def _only(self, direction: Direction, entries: Array) -> Direction:
        """The same direction where only these entries move."""
        whole = direction.tangents[self.position]
        assert whole is not None
        moves = np.zeros(whole.size, bool)
        moves[entries] = True
        tangent = np.zeros_like(whole)
        np.copyto(tangent, whole, where=moves.reshape(whole.shape))
        return direction.replaced(self.position, tangent, self.probe.gradients[self.position])

    def _whole(self) -> Location | None:
        """All entries that are not excused, in one direction."""
        rest = np.setdiff1d(np.arange(self.point.inputs[self.position].size), list(self.excused))
        if not rest.size:
            return None
        contested = contest(self.point, self.probe, self.rng, only=(self.position,), chosen=rest)
        judgement = contested.judgement
        if contested.outcome is Outcome.WRONG:
            return Location(None, judgement.claim, judgement.estimate.value, judgement.estimate.error)
        if contested.outcome is Outcome.AGREES:
            self.rest = judgement
            return self._left_over(judgement)
        return None

    def _left_over(self, rest: Judgement) -> Location | None:
        """The one entry without which all others agree, and with which they do not.

        By itself it may be too small to be seen in outputs that hardly depend on it; one that would have been seen by
        itself is none.
        """
        if len(self.excused) != 1:
            return None
        ((entry, excuse),) = self.excused.items()
        if excuse.outcome not in (Outcome.AGREES, Outcome.NOISE):
            return None
        alone = excuse.judgement
        contested = contest(self.point, self.probe, self.rng, only=(self.position,))
        whole = contested.judgement
        if contested.outcome is not Outcome.WRONG or within(whole.gap, GOES_AWAY * rest.gap):
            return None
        off = whole.gap / self._moved(whole, entry) * self._moved(alone, entry)
        if not within(off, alone.tolerance):
            return None
        return self._location(entry, whole, whole.estimate.value - whole.claim)

    def _moved(self, judgement: Judgement, entry: int) -> float:
        """By how much one entry moves."""
        tangent = judgement.tangents[self.position]
        assert tangent is not None
        return abs(float(tangent.reshape(-1)[entry]))

    def _confirm(self, entry: int, wrong: int | None = None, looked: int | None = None) -> Location | None:
        """Contest one entry; excuse it where it is not wrong."""
        found = contest(self.point, self.probe, self.rng, only=(self.position,), chosen=np.array([entry]))
        if found.outcome is not Outcome.WRONG:
            self.excused[entry] = found
            return None
        judgement = found.judgement
        return self._location(entry, judgement, judgement.estimate.value - judgement.claim, wrong, looked)

    def _location(
        self, entry: int, judgement: Judgement, off: float, wrong: int | None = None, looked: int | None = None
    ) -> Location:
        """An entry, per unit of which the measurement is ``off`` from the claim along the direction of a judgement."""
        gradient, tangent = self.probe.gradients[self.position], judgement.tangents[self.position]
        assert gradient is not None
        assert tangent is not None
        unit = float(tangent.reshape(-1)[entry])
        claimed = float(gradient.reshape(-1)[entry])
        return Location(
            tuple(int(i) for i in np.unravel_index(entry, gradient.shape)),
            claimed,
            claimed + off / unit,
            abs(judgement.estimate.error / unit),
            wrong,
            looked,
            judgement.slopes and (judgement.slopes[0] / unit, judgement.slopes[1] / unit),
        )

    def _judge(self, entries: Array, ladder: Ladder = LADDER) -> Judgement:
        return judge(self.point, self.probe, self._direction(entries), ladder)

    def _direction(self, entries: Array) -> Direction:
        return draw_direction(self.rng, self.point.inputs, self.probe.gradients, only=(self.position,), chosen=entries)


def _is_sharp(judgement: Judgement) -> bool:
    """Whether finite differences are no blunter than the claim itself is: then a longer look shows no more."""
    return bool(within(ESTIMATE_FACTOR * judgement.estimate.error, judgement.rounding))


def _excess(judgement: Judgement) -> float:
    """How many tolerances the gap is wide."""
    if not judgement.seen:
        return 0.0
    return judgement.gap / judgement.tolerance if judgement.tolerance > 0 else math.inf
