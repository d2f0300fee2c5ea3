"""A worker of `gradcheck fix` from the inside: it judges the case and searches the edit that mends it.

What edited sources do happens in processes of their own, which this one starts.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import partial
from typing import Any

from gradcheck.errors import UsageError
from gradcheck.evidence import with_evidence
from gradcheck.generation.search import find
from gradcheck.mends import Found, Search, Settings, begin
from gradcheck.plain import from_plain
from gradcheck.protocol import Case
from gradcheck.report import Report, Verdict
from gradcheck.workers import contained
from gradcheck.workers.channel import Channel

from .alone import answering
from .loading import load_cases


@dataclass(frozen=True)
class About:
    """The case to be mended, how, and the folder that the processes may write in."""

    target: str
    settings: Settings
    folder: str


@dataclass(frozen=True)
class AsItIs:
    """The case before anything is edited; ``fixed``: it is judged at inputs of its own only."""

    name: str
    report: Report
    fixed: bool


ANSWERS = {"as it is": AsItIs, "found": Found}


def fix_case(channel: Channel, about: Any) -> None:
    """Send the case as it is, and where that is wrong what the search has found."""
    wanted = from_plain(About, about)
    tempfile.tempdir = wanted.folder
    answering(channel, partial(_fix, wanted, channel))


def _fix(wanted: About, channel: Channel) -> None:
    in_use = channel.in_use
    with in_use.kept(wanted.target):
        case, settings = _only_case(wanted.target), wanted.settings
    unjudged = f"{case} has no verdict: it"
    with contained([wanted.target], load_cases, settings.jobs) as ask, in_use.kept(unjudged):
        begin(case, ask, settings.seed)
        first = find(case, settings.examples, settings.seed)
        report, fixed = first.whole, case.inputs is not None and not callable(case.inputs)
        pictured = report if first.example is None else with_evidence(case, report, first.example)
        in_use.demand(unjudged)
        channel.send("as it is", AsItIs(str(case), pictured, fixed))
        if report.verdict is Verdict.WRONG:
            found = Search(case, report, ask, settings).run()
            in_use.demand(unjudged)
            channel.send("found", found)


def _only_case(target: str) -> Case:
    cases = load_cases([target])
    if len(cases) > 1:
        path = target.partition("::")[0]
        raise UsageError(f"{target} holds {len(cases)} cases: name one of them, for example {path}::{cases[0]}")
    return cases[0]
