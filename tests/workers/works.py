"""What the workers of the tests do: imported there anew each time, so it brings nothing heavy."""

import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gradcheck.protocol import Case
from gradcheck.report import Verdict
from gradcheck.workers.task import Loaded


@dataclass(frozen=True)
class Said:
    """What they answer."""

    number: float
    words: tuple[str, ...] = ()
    verdict: Verdict | None = None


def answer(channel, about):
    for question in channel.questions():
        channel.send("said", Said(float(question), (str(about), os.environ.get("MINE", ""), str(sys.path[-1]))))


def answer_by_hand(channel, about):
    channel._answers.write(about.replace("KEY", channel._key).encode() + b"\n")
    channel._answers.flush()
    time.sleep(60)


def run_code(channel, about):
    exec(about, {"channel": channel, "os": os, "time": time, "np": np, "signal": signal})
    channel.send("said", Said(1.0))


def carried(loaded: Loaded, number: float) -> float:
    return number


def load_nothing(targets: Sequence[str]) -> list[Case]:
    return []
