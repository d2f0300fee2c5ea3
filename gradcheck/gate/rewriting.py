"""Put a verified edit into the user's file."""

from __future__ import annotations

import os
import shutil
import tempfile
import tokenize
from contextlib import suppress
from io import RawIOBase
from pathlib import Path

from gradcheck.errors import UsageError
from gradcheck.mends import Suggestion
from gradcheck.protocol.files import owner_of
from gradcheck.protocol.source import relative


def write_text(suggestion: Suggestion) -> None:
    """Put the new text in the place of the file, all of it or nothing; UsageError where the file is another by now."""
    path = Path(os.path.realpath(suggestion.path))  # which says nothing of links that end nowhere
    name = relative(suggestion.path)
    if owner_of(suggestion.path) != "":
        raise UsageError(
            f"{name} belongs to an installed package, which is never written: carry the diff to its source"
        )
    try:
        with path.open("rb") as file:
            encoding, _ = tokenize.detect_encoding(file.readline)
        encoded = suggestion.after.encode(encoding)
        before = path.read_bytes()
        if before.decode(encoding) != suggestion.before:
            raise UsageError(f"{name} has changed since the search began: nothing was written, start again")
        _replace(path, before, encoded)
    except (OSError, UnicodeError, SyntaxError) as error:
        raise UsageError(f"{name} could not be written ({error}): the diff above is what was to be written") from None


def _replace(path: Path, before: bytes, after: bytes) -> None:
    """Put the whole new text in the place of the old one; mode, owner and links of the file stay as they are.

    Raises OSError where it may not be written: another user's directory would let anybody replace what is read-only.
    """
    status = path.stat()
    if not status.st_mode & 0o222 or not os.access(path, os.W_OK):
        raise PermissionError("it is read-only")
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
