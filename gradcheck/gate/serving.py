"""A worker of the gate from the inside: it loads the cases of one source and judges those that it is asked for."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from gradcheck.errors import UsageError
from gradcheck.plain import from_plain
from gradcheck.workers.channel import Channel
from gradcheck.workers.in_use import InUse
from gradcheck.workers.left_behind import bounds
from gradcheck.workers.worker import Printed

from .alone import REFUSED, answering
from .limits import TOLD
from .loading import load_for_good, name_cases
from .messages import About, Judge, Judged
from .one_case import OURS, judge_one
from .replay import replay

BOUNDS = "it changes the limits of its process, or the signals that reach it, and gradcheck fails under that"


def judge_cases(channel: Channel, about: Any) -> None:
    """Say which cases there are, then judge one after the other."""
    wanted = from_plain(About, about)
    in_use, printed, within = InUse.now(), Printed(), bounds()
    try:
        with in_use.kept(wanted.targets[0]):
            groups = load_for_good(wanted.targets)
    except UsageError as error:
        channel.send(REFUSED, str(error))
        return
    except KeyboardInterrupt:  # Ctrl-C reaches whoever asks, not a worker
        channel.send(REFUSED, f"{wanted.targets[0]} could not be imported: it raises KeyboardInterrupt")
        return
    listed, loaded = name_cases(wanted.targets, groups), bounds()
    channel.send("cases", listed)
    cases = [case for group in groups for case in group]
    names = [name for group in listed for name in group]
    for question in channel.questions():
        asked = from_plain(Judge, question)
        place, examples = asked.place, _Examples(channel)
        try:
            found = judge_one(
                cases[place],
                names[place],
                wanted.asked,
                asked.first,
                examples.judged,
                lambda known: channel.send("wrong", known),
            )
        except KeyboardInterrupt:  # Ctrl-C reaches whoever asks, not a worker
            found = Judged(error="its op raised KeyboardInterrupt", fresh=True)
        except BaseException:  # by what has been put in the place of `judge_one` and its like
            if not (breach := in_use.breach()):
                raise
            found = Judged(error=f"no verdict: it {breach}", fresh=True)
        if found.error and found.error.startswith(OURS) and bounds() != within:
            found = Judged(error=f"no verdict: {BOUNDS}")
        if bounds() != loaded:
            found = replace(found, fresh=True)
        if breach := in_use.breach():
            found = Judged(error=f"no verdict: it {breach}", fresh=True)
        examples.tell()
        whole = printed.flush()
        channel.send("judged", replace(found, fresh=found.fresh or not whole))


class _Examples:
    """How many examples are judged and not told of yet."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._number = 0
        self._told = time.monotonic()

    def judged(self) -> None:
        """Count one more."""
        self._number += 1
        if time.monotonic() - self._told >= TOLD:
            self.tell()

    def tell(self) -> None:
        """Say how many."""
        if self._number:
            self._channel.send("examples", self._number)
        self._number, self._told = 0, time.monotonic()


def judge_again(channel: Channel, token: str) -> None:
    """Judge the example of a token."""
    answering(channel, lambda: channel.send("report", replay(token, channel.in_use)))
