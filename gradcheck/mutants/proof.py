"""From groups of functions to proofs: the fate of every mutant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from gradcheck.protocol import Case
from gradcheck.source.edit import Edit
from gradcheck.workers.task import Answered, Outcome, Task

from .coverage import Line, covered
from .groups import Group
from .infection import Screen, screened, screens_of, task_of
from .judging import Fate, Judged, Rehearsal, is_used, judge_mutant, rehearse
from .limits import LEAST, REHEARSAL, SLOWER
from .reach import lines_of

Ask = Callable[[Iterable[Task]], Iterator[Outcome]]


@dataclass(frozen=True)
class Settings:
    """How to judge: as `gradcheck run` does. ``sample`` 0 is every mutant, ``seconds`` 0 is as long as it takes."""

    examples: int = 100
    seed: int = 0
    sample: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Mutant:
    """One edit of a text and what became of it."""

    edit: Edit
    judged: Judged
    text: str

    @property
    def diff(self) -> str:
        """The edit as a unified diff."""
        return self.edit.diff(self.text)


@dataclass(frozen=True)
class Proof:
    """What a group of functions and the cases that judge it came to.

    A mutant is asked under each case until one calls it wrong, as a gate over all of them would. ``name`` says which
    functions where they are helpers; ``lines`` are their lines of code.
    """

    cases: tuple[str, ...]
    mutants: tuple[Mutant, ...]
    seconds: float
    lines: frozenset[Line] = frozenset()
    name: str = ""

    def count(self, fate: Fate) -> int:
        """How many mutants met this fate."""
        return sum(mutant.judged.fate is fate for mutant in self.mutants)

    @property
    def holes(self) -> tuple[Mutant, ...]:
        """The mutants that are other backwards and were not called wrong."""
        return tuple(m for m in self.mutants if m.judged.fate in (Fate.SURVIVED, Fate.UNREACHED, Fate.UNDECIDED))

    @property
    def covered(self) -> int:
        """The lines of code on which a mutant ran and has a verdict: the score says nothing of the others."""
        told = (Fate.KILLED, Fate.SURVIVED, Fate.UNDECIDED)
        return covered(self.lines, [mutant.edit for mutant in self.mutants if mutant.judged.fate in told])

    @property
    def score(self) -> float | None:
        """Percent of the mutants with a verdict that were called wrong; None where there was none."""
        return score([self])


def score(proofs: Sequence[Proof]) -> float | None:
    """Percent killed among the mutants that were judged and are not equivalent."""
    killed = sum(proof.count(Fate.KILLED) for proof in proofs)
    judged = killed + sum(len(proof.holes) for proof in proofs)
    return 100.0 * killed / judged if judged else None


def rehearse_all(groups: Sequence[Group], ask: Ask, settings: Settings) -> Iterator[tuple[int, str, Rehearsal]]:
    """Judge every case unedited, loaded as mutants will be; and see of every file that an edited one is what runs."""
    found: dict[tuple[int, str], Callable[..., Rehearsal]] = {}
    for group in groups:
        for index in group.indices:
            known = any(case == index for case, _ in found)
            for path in group.sources:
                found.setdefault((index, path), is_used if known else rehearse)
                known = True
    texts = {path: source.text for group in groups for path, source in group.sources.items()}
    tasks = [
        Task(path, texts[path], partial(work, index=index, examples=settings.examples, seed=settings.seed), REHEARSAL)
        for (index, path), work in found.items()
    ]
    for (index, path), outcome in zip(found, ask(tasks), strict=True):
        if isinstance(outcome, Answered):
            yield index, path, outcome.value
        else:
            yield index, path, Rehearsal(f"it could not be judged in a process of its own: {outcome.message}", 0.0)


def ready(group: Group, rehearsed: Mapping[tuple[int, str], Rehearsal], settings: Settings) -> Group | None:
    """The group with only those cases that can be proved, and its time limit; None where there is none left."""
    mine = [(index, [found for (one, _), found in rehearsed.items() if one == index]) for index in group.indices]
    indices = tuple(index for index, found in mine if found and not any(one.refusal for one in found))
    slowest = sum(one.seconds for index, found in mine for one in found if index in indices)
    limit = settings.seconds or max(LEAST, SLOWER * slowest)
    return replace(group, indices=indices, limit=limit) if indices else None


def screen(
    groups: Sequence[Group], ask: Ask, settings: Settings, on_screen: Callable[[], object] = lambda: None
) -> list[Group]:
    """The groups with those cases that tell a mutant of a shared function from the original set apart from the rest."""
    screens = [*screens_of(groups)]
    outcomes = ask(task_of(one, groups[one.group], settings.examples, settings.seed) for one in screens)

    def found() -> Iterator[tuple[Screen, Outcome]]:
        for one, outcome in zip(screens, outcomes, strict=True):
            on_screen()
            yield one, outcome

    return screened(groups, found())


def prove(
    groups: Sequence[Group],
    cases: Sequence[Case],
    ask: Ask,
    settings: Settings,
    on_mutant: Callable[[Mutant], object] = lambda mutant: None,
) -> Iterator[Proof]:
    """Judge every mutant of every group; each proof as soon as it is complete, in order."""
    tasks = (
        Task(
            edit.path,
            text,
            partial(
                judge_mutant,
                indices=group.indices,
                examples=settings.examples,
                seed=settings.seed,
                edited=lines_of(edit, text),
                alike=group.alike_of(number),
            ),
            group.limit,
        )
        for group in groups
        for number, edit in enumerate(group.edits)
        for text in (edit.render(group.text(edit.path)),)
    )
    outcomes = ask(tasks)
    for group in groups:
        mutants = []
        seconds = 0.0
        for edit in group.edits:
            outcome = next(outcomes)
            seconds += outcome.seconds
            judged = outcome.value if isinstance(outcome, Answered) else _stopped(outcome)
            mutants.append(Mutant(edit, judged, group.text(edit.path)))
            on_mutant(mutants[-1])
        names = tuple(str(cases[index]) for index in group.indices)
        yield Proof(names, tuple(mutants), seconds, group.lines, group.name)


def _stopped(outcome: Outcome) -> Judged:
    assert not isinstance(outcome, Answered)
    return Judged(Fate.STOPPED, code=outcome.why.value, message=outcome.message)
