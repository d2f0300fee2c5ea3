"""Standard output and error of the command: a closed pipe, a full disk or a terminal of ASCII alone is no verdict."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from gradcheck.report.events import CORRECT, INCONCLUSIVE


class Forgiving(io.TextIOBase):
    """A stream that is written to as long as that goes well; ``lost`` is why it went wrong."""

    def __init__(self, stream: TextIO | None) -> None:
        self.stream = stream
        self.lost: OSError | ValueError | None = None

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """That of the stream."""
        return getattr(self.stream, "encoding", None) or "utf-8"

    @property
    def errors(self) -> str | None:  # type: ignore[override]
        """How the stream treats what it cannot encode."""
        return getattr(self.stream, "errors", None)

    def write(self, text: str) -> int:
        """Write, what cannot be encoded in an escaped form."""
        if not isinstance(text, str):
            raise TypeError(f"a stream of text is written a string, not a {type(text).__name__}")
        if self.stream is not None and self.lost is None:
            with self._forgiving():
                try:
                    self.stream.write(text)
                except UnicodeEncodeError:
                    encoding = self.encoding
                    self.stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        return len(text)

    def flush(self) -> None:
        """Flush, where that is possible."""
        if self.stream is not None and self.lost is None:
            with self._forgiving():
                self.stream.flush()

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        with suppress(OSError, ValueError, AttributeError):
            return self.stream is not None and self.stream.isatty()
        return False

    def fileno(self) -> int:
        """The number of its descriptor."""
        if self.stream is None:
            raise io.UnsupportedOperation("fileno")
        return self.stream.fileno()

    def writable(self) -> bool:
        """It always takes what it is given."""
        return True

    @contextmanager
    def _forgiving(self) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError) as error:  # ValueError: somebody has closed it
            self.lost = error
            self._let_go()

    def _let_go(self) -> None:
        """Lead the descriptor nowhere: what the stream still holds would be written when the process ends."""
        with suppress(OSError, ValueError, AttributeError):
            number = self.fileno()
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, number)
            os.close(nowhere)


@contextmanager
def forgiving_streams() -> Iterator[None]:
    """Standard output and error that forgive; an answer that could not be written is not green, but for a closed pipe.

    Whoever closes a pipe has read what it wanted: ``gradcheck run cases.py | head`` ends with the verdict.
    """
    _open_standard_descriptors()
    _believe_columns()
    before = sys.stdout, sys.stderr
    out, err = Forgiving(before[0]), Forgiving(before[1])
    sys.stdout, sys.stderr = out, err  # type: ignore[assignment]
    try:
        try:
            yield
        finally:
            out.flush()
    except SystemExit as end:
        if out.lost is None or (isinstance(out.lost, OSError) and out.lost.errno == errno.EPIPE):
            raise
        err.write(f"gradcheck: standard output could not be written ({out.lost}): the answer is incomplete\n")
        raise SystemExit(INCONCLUSIVE if end.code in (None, CORRECT) else end.code) from None
    finally:
        err.flush()
        sys.stdout, sys.stderr = before


def _open_standard_descriptors() -> None:
    """Lead those that are closed nowhere: else the next file that is opened would become standard output."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            with suppress(OSError):
                os.open(os.devnull, os.O_RDWR)


def _believe_columns() -> None:
    """Forget a width of the terminal at which nothing could be printed."""
    width = os.environ.get("COLUMNS", "")
    if not width.isdecimal() or int(width) == 0:
        os.environ.pop("COLUMNS", None)
