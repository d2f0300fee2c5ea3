"""One edit of a source file, as data."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from gradcheck.protocol.source import relative


@dataclass(frozen=True)
class Edit:
    """What an operator puts in the place of a piece of source.

    Attributes
    ----------
    operator, sentence
        The operator, and what it says of the edit.
    path
        The file.
    function, line
        The function that is edited, by its qualified name, and the line of the edit, counted from 1.
    start, end
        Of the piece, in bytes of the file's text in UTF-8.
    before, after
        The piece and what replaces it.
    """

    operator: str
    sentence: str
    path: str
    function: str
    line: int
    start: int
    end: int
    before: str
    after: str

    def render(self, text: str) -> str:
        """The whole file with this edit made."""
        return render(text, (self,))

    def diff(self, text: str, lines: int = 1) -> str:
        """A unified diff of the file against itself with this edit made."""
        return unified_diff(self.path, text, self.render(text), lines)

    @property
    def place(self) -> str:
        """``file.py:12``, relative to the working directory where it lies below it."""
        return f"{relative(self.path)}:{self.line}"


def render(text: str, edits: Sequence[Edit]) -> str:
    """The text with several edits made, none of which overlap; raise ValueError where they do."""
    raw = text.encode()
    ordered = sorted(edits, key=lambda edit: edit.start)
    if any(second.start < first.end for first, second in pairwise(ordered)):
        raise ValueError("the edits overlap")
    for edit in reversed(ordered):
        raw = raw[: edit.start] + edit.after.encode() + raw[edit.end :]
    return raw.decode()


def unified_diff(path: str, before: str, after: str, lines: int = 1) -> str:
    """A unified diff of two texts of one file."""
    name = relative(path)
    return "".join(
        line if line.endswith("\n") else f"{line}\n"
        for line in difflib.unified_diff(
            before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{name}", f"b/{name}", n=lines
        )
    )
