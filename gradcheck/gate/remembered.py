"""The last failure of each case, judged first when the case is run again.

It is kept as a token in an example database of Hypothesis, which writes a file a failure and never half of one, so that
several runs may share it. Where the folder cannot be read or written the gate goes on without.
"""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from gradcheck.errors import UsageError
from gradcheck.generation import Example
from gradcheck.generation.storage import cache_folder
from gradcheck.protocol import Case

from .loading import place_of_source
from .token import example_of, read_token

if TYPE_CHECKING:
    from hypothesis.database import ExampleDatabase

_KEY = b"failures"


class Remembered:
    """Failures of cases, by the file or module that a case is from, its name, and the number among its namesakes.

    Each case has a database of its own in a folder of its own: where nothing has failed there is none, and Hypothesis
    need not be imported to see that.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or cache_folder() / "failures"

    def examples(self, target: str, case: Case, number: int) -> list[Example]:
        """The examples at which the case failed when it was run last, those that it still has."""
        return examples_of(self.tokens(target, case, number), case)

    def keep(self, target: str, case: Case | str, number: int, token: str | None) -> None:
        """Keep this failure of the case and no other; None: it has none any more."""
        folder = self._folder_of(target, case, number)
        with _going_on():
            if token is None:
                if folder.is_dir():
                    shutil.rmtree(folder)
                return
            database = _database(folder)
            for old in database.fetch(_KEY):
                if old != token.encode():
                    database.delete(_KEY, old)
            database.save(_KEY, token.encode())

    def tokens(self, target: str, case: Case | str, number: int) -> Sequence[str]:
        """The failures of a case, or of a case of that name, as they were kept."""
        folder = self._folder_of(target, case, number)
        found: list[bytes] = []
        with _going_on():
            found += _database(folder).fetch(_KEY) if folder.is_dir() else ()
        return sorted(token.decode("ascii", "replace") for token in found)

    def _folder_of(self, target: str, case: Case | str, number: int) -> Path:
        """A file by its whole path: the same name in another folder is another case."""
        place = place_of_source(target) if target.endswith(".py") else f"{Path.cwd()}::{target}"
        name = f"{place}::{case}::{number}".encode(errors="backslashreplace")
        return self.folder / sha256(name).hexdigest()


def _database(folder: Path) -> ExampleDatabase:
    from hypothesis.database import DirectoryBasedExampleDatabase

    return DirectoryBasedExampleDatabase(folder)


def examples_of(tokens: Sequence[str], case: Case) -> list[Example]:
    """The examples of tokens, those that the case still has."""
    found = []
    for token in tokens:
        with suppress(UsageError):
            again = read_token(token)
            if again.example is not None:
                found.append(example_of(again, case))
    return found


@contextmanager
def _going_on() -> Iterator[None]:
    """Whatever keeps the folder from being read or written is no fault of the gradients."""
    with warnings.catch_warnings(), suppress(OSError):
        warnings.simplefilter("ignore")
        yield
