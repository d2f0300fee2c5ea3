"""A worker of `gradcheck prove` from the inside: it loads the cases, plants mistakes, and says what became of each.

What the mutants do happens in processes of their own, which this one starts.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from gradcheck.mutants.groups import group_cases
from gradcheck.mutants.infection import screens_of
from gradcheck.mutants.judging import Rehearsal
from gradcheck.mutants.proof import Mutant, Proof, Settings, prove, ready, rehearse_all, screen
from gradcheck.plain import from_plain
from gradcheck.workers import contained
from gradcheck.workers.channel import Channel

from .alone import answering
from .loading import load_cases


@dataclass(frozen=True)
class About:
    """What is to be proved, how, by how many processes, and the folder that these may write in."""

    targets: tuple[str, ...]
    settings: Settings
    jobs: int
    folder: str


@dataclass(frozen=True)
class Plan:
    """What is about to be judged: so many steps, each of which may take so many seconds.

    ``helpers`` are the names of the groups, ``texts`` the files that are edited.
    """

    steps: int
    seconds: float
    helpers: tuple[str, ...] = ()
    texts: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Rest:
    """What was not edited, by file and name, and the cases that could not be proved, each with its sentence."""

    unedited: tuple[tuple[str, str], ...]
    refused: tuple[tuple[str, str], ...]


ANSWERS = {"cases": tuple[str, ...], "rehearsals": Plan, "mutants": Plan, "step": None, "proof": Proof, "rest": Rest}


def prove_cases(channel: Channel, about: Any) -> None:
    """Send the names of the cases, then a plan and a step for each thing judged, twice; proofs, and the rest."""
    wanted = from_plain(About, about)
    tempfile.tempdir = wanted.folder
    answering(channel, partial(_prove, wanted, channel))


def _prove(wanted: About, channel: Channel) -> None:
    settings, in_use = wanted.settings, channel.in_use
    with in_use.kept(" ".join(wanted.targets)):
        cases = load_cases(wanted.targets)

    unproved = "there is no proof: the code of a case"

    def send(kind: str, value: Any) -> None:
        in_use.demand(unproved)
        channel.send(kind, value)

    send("cases", [str(case) for case in cases])
    with contained(wanted.targets, load_cases, wanted.jobs) as ask, in_use.kept(unproved):
        found = group_cases(cases, settings.seed, settings.sample)
        refused = dict(found.refused)
        send("rehearsals", Plan(sum(len(group.indices) for group in found.groups), 0.0))
        rehearsed: dict[tuple[int, str], Rehearsal] = {}
        for index, path, rehearsal in rehearse_all(found.groups, ask, settings):
            rehearsed[index, path] = rehearsal
            channel.send("step")
        refused |= {index: one.refusal for (index, _), one in rehearsed.items() if one.refusal}
        groups = [group for group in (ready(group, rehearsed, settings) for group in found.groups) if group]
        texts = {path: source.text for group in groups for path, source in group.sources.items()}
        slowest = max((group.limit for group in groups), default=0.0)
        steps = sum(len(group.edits) for group in groups) + sum(1 for _ in screens_of(groups))
        send("mutants", Plan(steps, slowest, tuple(group.name for group in groups), texts))
        groups = screen(groups, ask, settings, partial(channel.send, "step"))
        for proof in prove(groups, cases, ask, settings, partial(_step, channel.send)):
            send("proof", without_texts(proof))
    send("rest", Rest(tuple(found.unedited), tuple((str(cases[index]), why) for index, why in sorted(refused.items()))))


def _step(send: Callable[..., None], _mutant: Mutant) -> None:
    send("step")


def without_texts(proof: Proof) -> Proof:
    """A proof whose mutants do not hold the whole file each."""
    return replace(proof, mutants=tuple(replace(mutant, text="") for mutant in proof.mutants))


def with_texts(proof: Proof, texts: Mapping[str, str]) -> Proof:
    """The proof with the texts of its files again; KeyError where one is missing."""
    return replace(proof, mutants=tuple(replace(mutant, text=texts[mutant.edit.path]) for mutant in proof.mutants))
