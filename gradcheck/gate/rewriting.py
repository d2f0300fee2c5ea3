"""Put a verified edit into the user's file."""

from __future__ import annotations

import os
import shutil
import tempfile
import tokenize
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import RawIOBase
from pathlib import Path

from gradcheck.errors import UsageError
from gradcheck.mends import Rewritten, Suggestion
from gradcheck.protocol.files import owner_of
from gradcheck.protocol.source import relative


@dataclass(frozen=True)
class _Ready:
    """A file whose new text may be written: what it is called in a sentence, its bytes, and those that it will hold."""

    path: Path
    name: str
    before: bytes
    after: bytes


def write_text(suggestion: Suggestion) -> None:
    """Put the new text in the place of each file, all of them or none; UsageError where one is another by now."""
    written: list[_Ready] = []
    for file in [_ready(rewritten) for rewritten in suggestion.files]:
        try:
            with _said_of(file.name):
                _replace(file.path, file.before, file.after)
        except UsageError:
            for other in written:
                with _said_of(other.name):
                    _replace(other.path, other.after, other.before)
            raise
        written.append(file)


def _ready(rewritten: Rewritten) -> _Ready:
    path = Path(os.path.realpath(rewritten.path))  # which says nothing of links that end nowhere
    name = relative(rewritten.path)
    if owner_of(rewritten.path) != "":
        raise UsageError(
            f"{name} belongs to an installed package, which is never written: carry the diff to its source"
        )
    with _said_of(name):
        with path.open("rb") as file:
            encoding, _ = tokenize.detect_encoding(file.readline)
        before, after = path.read_bytes(), rewritten.after.encode(encoding)
        if before.decode(encoding) != rewritten.before:
            raise UsageError(f"{name} has changed since the search began: nothing was written, start again")
        _demand_writable(path)
    return _Ready(path, name, before, after)


@contextmanager
def _said_of(name: str) -> Iterator[None]:
    try:
        yield
    except (OSError, UnicodeError, SyntaxError) as error:
        raise UsageError(f"{name} could not be written ({error}): the diff above is what was to be written") from None


def _demand_writable(path: Path) -> None:
    """Another user's directory would let anybody replace what is read-only."""
    if not path.stat().st_mode & 0o222 or not os.access(path, os.W_OK):
        raise PermissionError("it is read-only")


def _replace(path: Path, before: bytes, after: bytes) -> None:
    """Put the whole new text in the place of the old one; mode, owner and links of the file stay as they are."""
    status = path.stat()
    if status.st_nlink > 1 or (hasattr(os, "geteuid") and status.st_uid != os.geteuid()):
        _overwrite(path, before, after)  # a new file would have one name and another owner
        return
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(after)
        shutil.copystat(path, temporary)
        os.utime(temporary)  # it is new
        if hasattr(os, "chown"):
            os.chown(temporary, -1, status.st_gid)
        os.replace(temporary, path)
    except OSError:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _overwrite(path: Path, before: bytes, after: bytes) -> None:
    """Write into the file that is there; where that fails half-way, as on a full disk, what it held."""
    with path.open("r+b", buffering=0) as file:
        try:
            _write(file, after)
        except OSError:
            file.seek(0)
            _write(file, before)
            raise


def _write(file: RawIOBase, text: bytes) -> None:
    left = memoryview(text)
    while left:
        left = left[file.write(left) or 0 :]
    file.truncate()
