"""Many candidates tried in one contained process, and what became of each."""

from __future__ import annotations

import math
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
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
from .slopes import Measured, errors_at, examples_for, measure


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
    are the errors as they stand. After ``seconds`` no further candidate is begun.
    """

    texts: Mapping[str, str]
    path: str
    candidates: tuple[tuple[Edit, ...], ...]
    failing: Failing | None
    seed: int
    known: tuple[float, ...] = ()
    seconds: float = 10.0


@dataclass(frozen=True)
class Screened:
    """What became of a candidate: how far each gradient is off at each point, and whether the gate has let it pass.

    ``numbers`` are its claims to a few digits: two candidates with the same ones are the same backward.
    """

    errors: tuple[float, ...]
    numbers: tuple[float, ...]
    passed: bool

    @property
    def right(self) -> int:
        """How many gradients agree with the forward."""
        return sum(error == 0 for error in self.errors)


@dataclass(frozen=True)
class Original:
    """The backward as it stands: its errors, how long it takes, and why it cannot be mended, if so.

    ``wrong`` and ``arguments`` are the numbers of the arguments whose gradients are off, and of all; ``touched`` are
    those whose gradients each probe changes.
    """

    errors: tuple[float, ...]
    seconds: float
    refusal: str = ""
    wrong: frozenset[int] = frozenset()
    arguments: frozenset[int] = frozenset()
    touched: tuple[Touched, ...] = ()


def look(loaded: Loaded, screen: Screen) -> Original:
    """Try the unedited source, loaded as candidates are, and the candidates as probes of what each line touches."""
    case = loaded.cases[0]
    try:
        before, after = watched(case, nth_options(case, 0), screen.seed, raising=True)
    except UsageError as error:
        return Original((), 0.0, str(error))
    if not any(map(loaded.is_edited, (*before, *after))):
        why = "an edited source would not be used: whoever holds its functions keeps the first ones that were imported"
        return Original((), 0.0, why)
    start = time.monotonic()
    points = _points(case, screen)
    errors: list[float] = []
    wrong: set[int] = set()
    arguments: set[int] = set()
    for point in points:
        found, _ = errors_at(case, point)
        numbers = [number for number, leaf in enumerate(point.arguments.leaves) if leaf.differentiable]
        arguments.update(numbers)
        wrong.update(number for number, error in zip(numbers, found, strict=False) if error)
        errors += found
    edits = [edit for edits in screen.candidates for edit in edits]
    ordinary = points[-PROBED:]
    touched: list[Touched] = []
    with suppress(_TooLateError), alarm(screen.seconds), quiet():
        touched.extend(tried(case, ordinary, edits, Patchers(screen.texts)))
    touched += [None] * (len(edits) - len(touched))
    return Original(tuple(errors), time.monotonic() - start, "", frozenset(wrong), frozenset(arguments), tuple(touched))


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
            errors_at(case, point)
        begun = time.monotonic()
        seconds = max(LEAST, SLOWER * (begun - start))
        results: list[Screened | None] = []
        for edits in screen.candidates:
            if results and time.monotonic() - begun > screen.seconds:
                break
            results.append(_tried(case, points, failing, patcher, edits, seconds, screen.known))
        return results


def _tried(
    case: Case,
    points: Sequence[Measured],
    failing: Example | None,
    patcher: Patchers,
    edits: Sequence[Edit],
    seconds: float,
    known: Sequence[float],
) -> Screened | None:
    with patcher.patched(edits) as other:
        if not other:
            return None
        try:
            with alarm(seconds):
                found = _errors(case, points, known)
                if found is None or any(found[0]) or (failing is None and not points):
                    return found and Screened(tuple(found[0]), tuple(found[1]), False)
            with alarm(10 * seconds):
                passed = failing is None or not judge_example(case, failing).errors
            return Screened(tuple(found[0]), tuple(found[1]), passed)
        except BaseException:  # noqa: BLE001 - exit(), too late, out of memory: whatever it is, it mends nothing
            return None


def _errors(case: Case, points: Sequence[Measured], known: Sequence[float]) -> tuple[list[float], list[float]] | None:
    """Errors and claims at every point; None as soon as a gradient that was right is not, or no wrong one is nearer."""
    errors: list[float] = []
    numbers: list[float] = []
    for point in points:
        found, claims = errors_at(case, point)
        before = known[len(errors) : len(errors) + len(found)]
        errors += found
        numbers += [_rounded(claim) for claim in claims]
        pairs = list(zip(found, before, strict=True)) if before else []
        if any(now > was for now, was in pairs if was == 0):
            return None
        if any(was > 0 for _, was in pairs) and not any(now < was for now, was in pairs):
            return None
    return errors, numbers


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
