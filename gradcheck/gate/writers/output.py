"""Where a writer puts what it has written: a file, all of it or nothing, or standard output."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import click

from gradcheck.errors import UsageError
from gradcheck.gate.streams import CLOSED, Document
from gradcheck.report.events import USAGE

STANDARD = ("-", "/dev/stdout")
"""Names of standard output where a file is asked for."""


@dataclass(frozen=True)
class Output:
    """A file by its name as it was typed, or ``-``; ``option`` is what asked for it, for messages.

    ``standard`` writes to standard output. A name is that of a file in ``folder``, wherever the user's code goes later.
    """

    option: str
    name: str
    standard: Document = CLOSED
    folder: str = field(default_factory=os.getcwd)

    @property
    def is_standard(self) -> bool:
        """Whether this is standard output."""
        return self.name in STANDARD

    @property
    def _path(self) -> Path:
        return Path(self.folder) / self.name

    def to(self, standard: Document) -> Output:
        """The same where standard output is this."""
        return replace(self, standard=standard)

    def is_same(self, other: Output) -> bool:
        """Whether both are one file, by whatever names."""
        if self.is_standard or other.is_standard:
            return self.is_standard and other.is_standard
        return _target(self._path) == _target(other._path) and not _is_special(self._path)

    def check(self) -> None:
        """Raise UsageError where it could not be written, before anything is judged. Nothing that is there changes."""
        if self.is_standard:
            return
        path = self._path
        if path.suffix == ".py":
            raise UsageError(f"{self.option} {self.name}: a Python file is not written over, name another")
        try:
            if not self.name.strip():
                raise UsageError(f"{self.option} is {self.name!r}: name a file")
            if path.is_dir():
                raise UsageError(f"{self.option} {self.name} is a folder: name a file in it")
            if _is_special(path):  # to open a pipe and close it again would tell its reader that all is said
                if not os.access(path, os.W_OK):
                    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
                return
            if not _target(path).parent.is_dir():
                raise UsageError(f"{self.option} {self.name}: there is no folder {_target(path).parent}")
            os.unlink(_temporary(_target(path)))
        except OSError as error:
            raise UsageError(f"{self.option} {self.name} cannot be written: {_reason(error)}") from None
        except ValueError as error:  # no name of a file
            if isinstance(error, UsageError):
                raise
            raise UsageError(f"{self.option} {self.name!r} cannot be written: {error}") from None

    def write(self, text: str) -> None:
        """Write all of it; UsageError where that fails, with what was there before left as it is."""
        try:
            if self.is_standard:
                self.standard.write(text)
            elif _is_special(self._path):
                with self._path.open("w", encoding="utf-8") as file:
                    file.write(text)
            else:
                _replace(_target(self._path), text)
        except BrokenPipeError:
            return  # whoever read it has seen enough
        except OSError as error:
            raise UsageError(f"{self.option} {self.name} could not be written: {_reason(error)}") from None


def written(output: Output, text: str, code: int, worst: int) -> int:
    """Write a document at the end of a command; return its exit code, which says so where that fails.

    ``worst`` is the code that stands whatever happens: that something is wrong.
    """
    try:
        output.write(text)
    except UsageError as error:
        click.echo(f"gradcheck: {error}", err=True)
        return code if code == worst else USAGE
    return code


def _replace(path: Path, text: str) -> None:
    """Put a whole new file in the place of the old one: who reads it at any moment sees one or the other."""
    temporary = _temporary(path)
    try:
        with open(temporary, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(temporary, _mode(path))
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _temporary(path: Path) -> str:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    return name


def _target(path: Path) -> Path:
    """The file that is meant, where the name is a link: the link stays."""
    return path.resolve()


def _mode(path: Path) -> int:
    """That of the file which is replaced, else what any new file gets."""
    with suppress(OSError):
        return stat.S_IMODE(path.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _is_special(path: Path) -> bool:
    """Whether it is a device or a pipe, which is written to and never replaced."""
    return path.exists() and not path.is_file()


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
