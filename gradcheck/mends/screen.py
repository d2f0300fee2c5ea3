"""Many candidates tried in one contained process, and what became of each."""

from __future__ import annotations

import math
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from operator import gt
from types import FrameType

from gradcheck.errors import UsageError
from gradcheck.generation import Example, judge_example
from gradcheck.generation.options import alternatives, nth_options, numbered
from gradcheck.protocol import Case, quiet
from gradcheck.report import Report
from gradcheck.source import Edit
from gradcheck.source.watching import watched
from gradcheck.workers import Loaded

from .code_swap import Patchers
from .influence import Touched, tried
from .limits import DIGITS, LEAST, PROBED, SLOWER
from .slopes import BROKEN, Answered, Measured, answered, examples_for, measure


@dataclass(frozen=True)
class Failing:
    """The failing example of a report, in a form that crosses process borders: options by their number."""

    bare: Example
    options: dict[str, int]

    @classmethod
    def of(cls, case: Case, report: Report) -> Failing | None:
        """That of a report; None where an option's value has no place in the case that it could be found by."""
        if report.example is None:
            return None
        fields = {name: value for name, value in report.example.items() if name != "options"}
        numbers = numbered(case, report.example.get("options", {}))
        return None if numbers is None else cls(Example(**fields), numbers)

    def example(self, case: Case) -> Example:
        """Make it again."""
        values = alternatives(case)
        chosen = {name: found[self.options.get(name, 0)] for name, found in values.items()}
        return replace(self.bare, options=chosen)


@dataclass(frozen=True)
class Screen:
    """What is asked of one process: the candidates, each one or more edits of a file, and where they are tried.

    ``texts`` are the files as they stand there, ``path`` is the one that is loaded with the text given here; ``known``
    are the errors as they stand, ``scaled`` where only a factor is wrong. After ``seconds`` no further candidate is
    begun.
    """

    texts: Mapping[str, str]
    path: str
    candidates: tuple[tuple[Edit, ...], ...]
    failing: Failing | None
    seed: int
    known: tuple[float, ...] = ()
    scaled: tuple[bool, ...] = ()
    seconds: float = 10.0


@dataclass(frozen=True)
class Screened:
    """What became of a candidate: how far each cell is off at each point, and whether the gate has let it pass.

    ``scaled`` are the cells in which only a factor is wrong; ``numbers`` its claims to a few digits: two candidates
    with the same ones are the same backward.
    """

    errors: tuple[float, ...]
    scaled: tuple[bool, ...]
    numbers: tuple[float, ...]
    passed: bool


@dataclass(frozen=True)
class Original:
    """The backward as it stands: its errors, how long it takes, and why it cannot be mended, if so.

    ``cells`` are the point and the argument of each error; ``touched`` the arguments whose gradients each probe
    changes.
    """

    errors: tuple[float, ...]
    scaled: tuple[bool, ...]
    cells: tuple[tuple[int, int], ...]
    seconds: float
    refusal: str = ""
    touched: tuple[Touched, ...] = ()

    def wrong(self, errors: Sequence[float]) -> frozenset[int]:
        """The arguments whose gradients are off somewhere, by such errors."""
        return frozenset(argument for (_, argument), error in zip(self.cells, errors, strict=True) if error)

    @property
    def arguments(self) -> frozenset[int]:
        """Those that have a gradient."""
        return frozenset(argument for _, argument in self.cells)


def look(loaded: Loaded, screen: Screen) -> Original:
    """Try the unedited source, loaded as candidates are, and the candidates as probes of what each line touches."""
    case = loaded.cases[0]
    try:
        before, after = watched(case, nth_options(case, 0), screen.seed, raising=True)
    except UsageError as error:
        return Original((), (), (), 0.0, str(error))
    if not any(map(loaded.is_edited, (*before, *after))):
        why = "an edited source would not be used: whoever holds its functions keeps the first ones that were imported"
        return Original((), (), (), 0.0, why)
    start = time.monotonic()
    points = _points(case, screen)
    found = [answered(case, point) for point in points]
    errors = tuple(error for one in found for error in one.errors)
    scaled = tuple(is_scaled for one in found for is_scaled in one.scaled)
    cells = tuple((number, argument) for number, point in enumerate(points) for argument in point.cells)
    edits = [edit for edits in screen.candidates for edit in edits]
    touched: list[Touched] = []
    with suppress(_TooLateError), alarm(screen.seconds), quiet():
        touched.extend(tried(case, points[-PROBED:], edits, Patchers(screen.texts)))
    touched += [None] * (len(edits) - len(touched))
    return Original(errors, scaled, cells, time.monotonic() - start, "", tuple(touched))


def screen_all(loaded: Loaded, screen: Screen) -> list[Screened | None]:
    """Try the candidates in their order, as many as there is time for.

    None stands for one that is no other program, gets nothing right, raises what ends a process, or takes too long.
    """
    case = loaded.cases[0]
    points = _points(case, screen)
    failing = screen.failing.example(case) if screen.failing else None
    patcher = Patchers(screen.texts)
    start = time.monotonic()
    with quiet():
        for point in points:
            answered(case, point)
        begun = time.monotonic()
        seconds = max(LEAST, SLOWER * (begun - start))
        results: list[Screened | None] = []
        for edits in screen.candidates:
            if results and time.monotonic() - begun > screen.seconds:
                break
            results.append(_tried(case, points, failing, patcher, edits, seconds, screen))
        return results


def _tried(
    case: Case,
    points: Sequence[Measured],
    failing: Example | None,
    patcher: Patchers,
    edits: Sequence[Edit],
    seconds: float,
    screen: Screen,
) -> Screened | None:
    with patcher.patched(edits) as other:
        if not other:
            return None
        try:
            with alarm(seconds):
                found = _answers(case, points, screen)
            if found is None:
                return None
            errors = tuple(error for one in found for error in one.errors)
            scaled = tuple(is_scaled for one in found for is_scaled in one.scaled)
            numbers = tuple(_rounded(claim) for one in found for claim in one.claims)
            passed = not any(errors) and (failing is not None or bool(points))
            if passed and failing is not None:
                with alarm(10 * seconds):
                    passed = not judge_example(case, failing).errors
            return Screened(errors, scaled, numbers, passed)
        except BaseException:  # noqa: BLE001 - exit(), too late, out of memory: whatever it is, it mends nothing
            return None


def _answers(case: Case, points: Sequence[Measured], screen: Screen) -> list[Answered] | None:
    """The answers at every point; None as soon as something gets worse, or nothing that is wrong any better."""
    found: list[Answered] = []
    done = 0
    for point in points:
        answer = answered(case, point)
        found.append(answer)
        if screen.known:
            part = slice(done, done + len(answer.errors))
            if not _is_progress(answer, screen.known[part], screen.scaled[part]):
                return None
        done += len(answer.errors)
    return found


def _is_progress(answer: Answered, known: Sequence[float], scaled: Sequence[bool]) -> bool:
    """Whether what was right is still right, nothing breaks, and something that was wrong is nearer, if anything was.

    Nearer is also a gradient of which only a factor is wrong now.
    """
    pairs = list(zip(answer.errors, known, strict=True))
    if any(now > was and (was == 0 or now == BROKEN) for now, was in pairs):
        return False
    nearer = any(now < was for now, was in pairs)
    return nearer or any(map(gt, answer.scaled, scaled)) or not any(known)


def _points(case: Case, screen: Screen) -> list[Measured]:
    failing = screen.failing.example(case) if screen.failing else None
    return measure(case, examples_for(case, failing, screen.seed), screen.seed)


def _rounded(value: float) -> float:
    if value == 0 or not math.isfinite(value):
        return 0.0 if value == 0 else value
    return round(value, DIGITS - 1 - math.floor(math.log10(abs(value))))


class _TooLateError(BaseException):
    """A candidate runs too long; no Exception, so that no handler of the user's stops it."""


@contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """Interrupt what runs too long, where the system can; else the whole process is ended later."""

    def ring(_: int, __: FrameType | None) -> None:
        raise _TooLateError

    if not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.1)  # again and again, should somebody swallow it
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
