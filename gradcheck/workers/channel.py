"""A line of JSON each way between a worker and whoever asks it, on descriptors that nothing else writes to."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO

from gradcheck.plain import dumps, loads

from .in_use import InUse


class Channel:
    """The end of a worker; ``in_use`` is what stood there before any code of the user's ran.

    ``key`` is on each answer: not everything that is written here is one.

    What that code forks has none of it: a copy of a judge must not answer too.
    """

    def __init__(self, questions: BinaryIO, answers: BinaryIO, in_use: InUse, key: str) -> None:
        self.in_use = in_use
        self._questions = questions
        self._answers = answers
        self._owner = os.getpid()
        self._key = key
        self._places = self._look()

    def questions(self) -> Iterator[Any]:
        """What is asked, until nobody asks any more."""
        for line in self._questions:
            yield loads(line)

    def send(self, kind: str, value: Any = None) -> None:
        """Answer with a value that is plain, or a dataclass."""
        if os.getpid() != self._owner:
            os._exit(1)
        self._answers.write(dumps([self._key, kind, value]))
        self._answers.flush()

    def is_whole(self) -> bool:
        """Whether both descriptors still lead where they did."""
        with suppress(OSError):
            return self._look() == self._places
        return False

    def _look(self) -> list[tuple[int, int]]:
        both = (self._questions, self._answers)
        return [(status.st_dev, status.st_ino) for status in (os.fstat(file.fileno()) for file in both)]
