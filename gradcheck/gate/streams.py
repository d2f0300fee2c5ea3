"""Standard output and error that may go away at any moment: no verdict changes because nobody reads on."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TextIO

import click

from gradcheck.report.events import CORRECT, INCONCLUSIVE, USAGE


class Patient:
    """A text stream that goes on when it can no longer be written to, and remembers why."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.lost: OSError | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write, or where an earlier write failed, drop."""
        return self._tried(self._stream.write, text) or 0

    def flush(self) -> None:
        """Hand on what is held back."""
        self._tried(self._stream.flush)

    def _tried(self, function: Any, *arguments: Any) -> Any:
        if self.lost is not None:
            return None
        try:
            return function(*arguments)
        except OSError as error:
            self.lost = error
            self._silence()
        return None

    def _silence(self) -> None:
        """Let what is still held back vanish: Python would fail over it at the end, with an exit code of its own."""
        with suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)


@dataclass(frozen=True)
class Document:
    """What was standard output, while all else that is printed goes to standard error; None where it is closed."""

    stream: TextIO | None
    handle: int | None = None

    def write(self, text: str) -> None:
        """Write all of it at once; raise OSError where that fails."""
        if self.handle is not None:
            left = memoryview(text.encode("utf-8", "backslashreplace"))
            while left:
                left = left[os.write(self.handle, left) :]
        elif self.stream is not None:
            self.stream.write(text)
            self.stream.flush()
        else:
            raise OSError(errno.EBADF, "it is closed")


CLOSED = Document(None)


@contextmanager
def standard_output_for_a_document() -> Iterator[Document]:
    """Let everything that prints, in Python or in C, write to standard error; yield what was standard output."""
    stream = sys.stdout
    sys.stdout = sys.stderr
    try:
        handle = None if stream is None or sys.stderr is None else _handle(stream)
        if handle is None:
            yield Document(stream)
            return
        stream.flush()
        kept = os.dup(handle)
        try:
            os.dup2(sys.stderr.fileno(), handle)
            yield Document(stream, kept)
        finally:
            os.dup2(kept, handle)
            os.close(kept)
    finally:
        sys.stdout = stream


def _handle(stream: TextIO) -> int | None:
    """The descriptor behind a stream; None for one that is no file of the system's, as in a notebook."""
    try:
        return stream.fileno()
    except (OSError, ValueError):
        return None


class PatientGroup(click.Group):
    """A command that ends with the exit code of what it found, whoever reads what it prints.

    A reader that has seen enough (``| head``) is none of its business; where the output could not be written for
    another reason, such as a full disk, a green or undecided answer becomes exit code 2.
    """

    def main(self, *arguments: Any, **options: Any) -> Any:
        """Run as click does."""
        with _patient() as streams:
            try:
                return super().main(*arguments, **options)
            except SystemExit as end:
                for stream in streams:
                    stream.flush()
                lost = [stream.lost for stream in streams if stream.lost and stream.lost.errno != errno.EPIPE]
                if lost:
                    print(f"gradcheck: the output could not be written: {lost[0].strerror}", file=sys.stderr)
                if lost and end.code in (None, CORRECT, INCONCLUSIVE):
                    raise SystemExit(USAGE) from None
                raise


@contextmanager
def _patient() -> Iterator[list[Patient]]:
    """Put patient streams in the place of Python's; what they cannot encode they spell out."""
    before = sys.stdout, sys.stderr
    streams = {name: Patient(stream) for name, stream in (("stdout", sys.stdout), ("stderr", sys.stderr)) if stream}
    for name, stream in streams.items():
        with suppress(AttributeError, ValueError, OSError):
            stream.reconfigure(errors="backslashreplace")
        setattr(sys, name, stream)
    try:
        yield list(streams.values())
    finally:
        sys.stdout, sys.stderr = before
