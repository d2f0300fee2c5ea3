"""A line of JSON each way between a worker and whoever asks it, on descriptors that nothing else writes to."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, BinaryIO

from gradcheck.plain import dumps, loads

from .in_use import InUse


class Channel:
    """The end of a worker; ``in_use`` is what stood there before any code of the user's ran.

    What that code forks has none of it: a copy of a judge must not answer too.
    """

    def __init__(self, questions: BinaryIO, answers: BinaryIO, in_use: InUse) -> None:
        self.in_use = in_use
        self._questions = questions
        self._answers = answers
        self._owner = os.getpid()

    def questions(self) -> Iterator[Any]:
        """What is asked, until nobody asks any more."""
        for line in self._questions:
            yield loads(line)

    def send(self, kind: str, value: Any = None) -> None:
        """Answer with a value that is plain, or a dataclass."""
        if os.getpid() != self._owner:
            os._exit(1)
        self._answers.write(dumps([kind, value]))
        self._answers.flush()
