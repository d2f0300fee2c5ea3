"""The last failure of each case, judged first when the case is run again.

It is kept as a token in an example database of Hypothesis, which writes a file a failure and never half of one, so that
several runs may share it. Where the folder cannot be read or written the gate goes on without.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from gradcheck.errors import UsageError
from gradcheck.generation import Example
from gradcheck.generation.storage import cache_folder
from gradcheck.protocol import Case

from .loading import place_of_source
from .token import example_of, read_token


class Remembered:
    """Failures of cases, by the file or module that a case is from, its name, and the number among its namesakes."""

    def __init__(self, folder: Path | None = None) -> None:
        from hypothesis.database import DirectoryBasedExampleDatabase

        self.database = DirectoryBasedExampleDatabase(folder or cache_folder() / "failures")

    def examples(self, target: str, case: Case, number: int) -> list[Example]:
        """The examples at which the case failed when it was run last, those that it still has."""
        return examples_of(self.tokens(target, case, number), case)

    def keep(self, target: str, case: Case | str, number: int, token: str | None) -> None:
        """Keep this failure of the case and no other; None: it has none any more."""
        key = _key(target, case, number)
        with _going_on():
            for old in self.tokens(target, case, number):
                if old != token:
                    self.database.delete(key, old.encode())
            if token is not None:
                self.database.save(key, token.encode())

    def tokens(self, target: str, case: Case | str, number: int) -> Sequence[str]:
        """The failures of a case, or of a case of that name, as they were kept."""
        found: list[bytes] = []
        with _going_on():
            found += self.database.fetch(_key(target, case, number))
        return sorted(token.decode("ascii", "replace") for token in found)


def examples_of(tokens: Sequence[str], case: Case) -> list[Example]:
    """The examples of tokens, those that the case still has."""
    found = []
    for token in tokens:
        with suppress(UsageError):
            again = read_token(token)
            if again.example is not None:
                found.append(example_of(again, case))
    return found


def _key(target: str, case: Case | str, number: int) -> bytes:
    """A file by its whole path: the same name in another folder is another case."""
    place = place_of_source(target) if target.endswith(".py") else f"{Path.cwd()}::{target}"
    return f"{place}::{case}::{number}".encode(errors="backslashreplace")


@contextmanager
def _going_on() -> Iterator[None]:
    """Whatever keeps the folder from being read or written is no fault of the gradients."""
    with warnings.catch_warnings(), suppress(OSError):
        warnings.simplefilter("ignore")
        yield
