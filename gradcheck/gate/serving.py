"""A worker of the gate from the inside: it loads the cases of one source and judges those that it is asked for."""

from __future__ import annotations

from typing import Any

from gradcheck.errors import UsageError
from gradcheck.plain import from_plain
from gradcheck.workers.channel import Channel

from .loading import load_grouped, name_cases
from .messages import About, Judge
from .one_case import judge_one
from .replay import replay


def judge_cases(channel: Channel, about: Any) -> None:
    """Say which cases there are, then judge one after the other."""
    wanted = from_plain(About, about)
    try:
        groups = load_grouped(wanted.targets)
    except UsageError as error:
        channel.send("refused", str(error))
        return
    listed = name_cases(wanted.targets, groups)
    channel.send("cases", listed)
    cases = [case for group in groups for case in group]
    names = [name for group in listed for name in group]
    for question in channel.questions():
        asked = from_plain(Judge, question)
        found = judge_one(
            cases[asked.place], names[asked.place], wanted.asked, asked.first, lambda: channel.send("example")
        )
        channel.send("judged", found)


def judge_again(channel: Channel, token: str) -> None:
    """Judge the example of a token."""
    try:
        channel.send("report", replay(token))
    except UsageError as error:
        channel.send("refused", str(error))
    channel.send("done")
