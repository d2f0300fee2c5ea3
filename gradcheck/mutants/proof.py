"""From cases to proofs: one for each backward, with the fate of every mutant of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from gradcheck.errors import UsageError
from gradcheck.protocol import Case
from gradcheck.source.backward import Backward, find_backward
from gradcheck.source.edit import Edit
from gradcheck.source.file import UnreachableSourceError, read_tree
from gradcheck.workers.task import Answered, Outcome, Task

from .enumerate import edits_of
from .judging import Fate, Judged, Rehearsal, judge_mutant, rehearse
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
class Group:
    """The cases, by their number among all, that share a backward, and its edits."""

    indices: tuple[int, ...]
    backward: Backward
    text: str
    edits: tuple[Edit, ...]
    elsewhere: tuple[tuple[str, str], ...] = ()
    limit: float = 0.0


@dataclass(frozen=True)
class Proof:
    """What a backward and the cases that judge it came to.

    A mutant is asked under each case until one calls it wrong, as a gate over all of them would.
    """

    cases: tuple[str, ...]
    mutants: tuple[Mutant, ...]
    seconds: float

    def count(self, fate: Fate) -> int:
        """How many mutants met this fate."""
        return sum(mutant.judged.fate is fate for mutant in self.mutants)

    @property
    def holes(self) -> tuple[Mutant, ...]:
        """The mutants that are other backwards and were not called wrong."""
        return tuple(m for m in self.mutants if m.judged.fate in (Fate.SURVIVED, Fate.UNDECIDED))

    @property
    def score(self) -> float | None:
        """Percent of the mutants with a verdict that were called wrong; None where there was none."""
        return score([self])


def score(proofs: Sequence[Proof]) -> float | None:
    """Percent killed among the mutants that were judged and are not equivalent."""
    killed = sum(proof.count(Fate.KILLED) for proof in proofs)
    judged = killed + sum(len(proof.holes) for proof in proofs)
    return 100.0 * killed / judged if judged else None


def group_cases(cases: Sequence[Case], settings: Settings) -> tuple[list[Group], dict[int, str]]:
    """The cases by the backward that they share, and one sentence for each case that has none to edit."""
    found: dict[Backward, list[int]] = {}
    elsewhere: dict[Backward, dict[tuple[str, str], None]] = {}
    refused: dict[int, str] = {}
    for index, case in enumerate(cases):
        try:
            backward = find_backward(case, settings.seed)
            found.setdefault(backward, []).append(index)
            elsewhere.setdefault(backward, {}).update(dict.fromkeys(backward.elsewhere))
        except UsageError as error:
            refused[index] = str(error)
    groups = []
    for backward, indices in found.items():
        try:
            source = read_tree(backward.path)
            edits = edits_of(backward, source)
        except UnreachableSourceError as error:
            refused |= dict.fromkeys(indices, str(error))
            continue
        if edits:
            groups.append(
                Group(tuple(indices), backward, source.text, _sampled(edits, settings), tuple(elsewhere[backward]))
            )
        else:
            refused |= dict.fromkeys(indices, "there is nothing in its backward that an operator would edit")
    return groups, refused


def unedited(groups: Sequence[Group]) -> list[tuple[str, str]]:
    """The functions, by file and name, that some backward runs and no group edits."""
    edited = {(group.backward.path, function.qualname) for group in groups for function in group.backward.functions}
    ran = [function for group in groups for function in group.elsewhere]
    return [function for function in dict.fromkeys(ran) if function not in edited]


def rehearse_all(groups: Sequence[Group], ask: Ask, settings: Settings) -> Iterator[tuple[int, Rehearsal]]:
    """Judge every case unedited, loaded as mutants will be."""
    pairs = [(group, index) for group in groups for index in group.indices]
    tasks = [
        Task(
            group.backward.path,
            group.text,
            partial(rehearse, index=index, examples=settings.examples, seed=settings.seed),
            REHEARSAL,
        )
        for group, index in pairs
    ]
    for (_, index), outcome in zip(pairs, ask(tasks), strict=True):
        if isinstance(outcome, Answered):
            yield index, outcome.value
        else:
            yield index, Rehearsal(f"it could not be judged in a process of its own: {outcome.message}", 0.0)


def ready(group: Group, rehearsed: dict[int, Rehearsal], settings: Settings) -> Group | None:
    """The group with only those cases that can be proved, and its time limit; None where there is none left."""
    indices = tuple(index for index in group.indices if index in rehearsed and not rehearsed[index].refusal)
    slowest = sum(rehearsed[index].seconds for index in indices)
    limit = settings.seconds or max(LEAST, SLOWER * slowest)
    return replace(group, indices=indices, limit=limit) if indices else None


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
            group.backward.path,
            text,
            partial(
                judge_mutant,
                indices=group.indices,
                examples=settings.examples,
                seed=settings.seed,
                edited=lines_of(edit, text),
            ),
            group.limit,
        )
        for group in groups
        for edit in group.edits
        for text in (edit.render(group.text),)
    )
    outcomes = ask(tasks)
    for group in groups:
        mutants = []
        seconds = 0.0
        for edit in group.edits:
            outcome = next(outcomes)
            seconds += outcome.seconds
            judged = outcome.value if isinstance(outcome, Answered) else _stopped(outcome)
            mutants.append(Mutant(edit, judged, group.text))
            on_mutant(mutants[-1])
        yield Proof(tuple(str(cases[index]) for index in group.indices), tuple(mutants), seconds)


def _stopped(outcome: Outcome) -> Judged:
    assert not isinstance(outcome, Answered)
    return Judged(Fate.STOPPED, code=outcome.why.value, message=outcome.message)


def _sampled(edits: Sequence[Edit], settings: Settings) -> tuple[Edit, ...]:
    """A random sample in the order of the file, the same one for the same seed."""
    if not settings.sample or settings.sample >= len(edits):
        return tuple(edits)
    chosen = random.Random(settings.seed).sample(range(len(edits)), settings.sample)
    return tuple(edits[number] for number in sorted(chosen))
