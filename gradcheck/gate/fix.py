"""Search the edit that mends a case, print it, and write it where that is asked for."""

from __future__ import annotations

import os
import shutil
import tempfile
import tokenize
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import click

from gradcheck.errors import UsageError
from gradcheck.mends import Found, Rewritten, Settings, Suggestion
from gradcheck.mends.limits import LATE, LONGEST
from gradcheck.protocol import limits
from gradcheck.protocol.files import owner_of
from gradcheck.protocol.source import relative
from gradcheck.report import Verdict
from gradcheck.workers.limits import LOADING

from .alone import Patience, answers_of
from .fixing import ANSWERS, About, AsItIs
from .limits import PHASES
from .writers.output import Output, written

MENDED, NOT_MENDED, USAGE = range(3)


def fix(target: str, settings: Settings, *, write: bool, page: Output | None = None) -> int:
    """Search, print, put it on a page, and with ``write`` change the file; return the exit code.

    Raises UsageError with one sentence where there is no such case, or where its process ends without an answer.
    """
    patience = Patience(LOADING + PHASES * limits.SECONDS + LATE * settings.budget + LONGEST)
    case: AsItIs | None = None
    found: Found | None = None
    with tempfile.TemporaryDirectory(prefix="gradcheck-", ignore_cleanup_errors=True) as folder:
        about = About(target, settings, folder)
        for name, value in answers_of(
            "gradcheck.gate.fixing:fix_case", about, ANSWERS, patience, target, settings.seed
        ):
            if name == "found":
                found = value
                continue
            case = value
            if case.report.verdict is not Verdict.WRONG:
                click.echo(f"{case.name} is {case.report.verdict.value} as it is: there is nothing to mend")
                code = MENDED if case.report.verdict is Verdict.CORRECT else NOT_MENDED
                return _paged(page, target, case, (), settings, 0.0, code)
            click.echo(str(case.report).splitlines()[0])
    if case is None or found is None:
        raise UsageError(f"{target} has no answer: its process ended before it had searched")
    _print(case, found)
    if write and found.suggestions:
        write_text(found.suggestions[0])
        click.echo(f"\nwritten: {' and '.join(relative(file.path) for file in found.suggestions[0].files)}")
    code = MENDED if found.suggestions else NOT_MENDED
    return _paged(page, target, case, found.suggestions, settings, found.seconds, code)


def _paged(
    page: Output | None,
    target: str,
    case: AsItIs,
    suggestions: Sequence[Suggestion],
    settings: Settings,
    seconds: float,
    code: int,
) -> int:
    """Write the page, where one is asked for; return the exit code."""
    if page is None:
        return code
    from .writers.as_fix_page import as_fix_page

    return written(page, as_fix_page(target, case.report, suggestions, settings, seconds), code, NOT_MENDED)


def write_text(suggestion: Suggestion) -> None:
    """Put the new text in the place of each file, all of it or nothing; UsageError where one is another by now."""
    ready = [(Path(file.path).resolve(), relative(file.path), _encoded(file)) for file in suggestion.files]
    for path, name, text in ready:
        with _said_of(name):
            _replace(path, text)


def _encoded(file: Rewritten) -> bytes:
    """The new text of a file as it will be written; UsageError where it must not be."""
    path = Path(file.path).resolve()
    name = relative(file.path)
    if owner_of(file.path) != "":
        raise UsageError(
            f"{name} belongs to an installed package, which is never written: carry the diff to its source"
        )
    with _said_of(name):
        with path.open("rb") as opened:
            encoding, _ = tokenize.detect_encoding(opened.readline)
        encoded = file.after.encode(encoding)
        if path.read_bytes().decode(encoding) != file.before:
            raise UsageError(f"{name} has changed since the search began: nothing was written, start again")
        _demand_writable(path)
        return encoded


@contextmanager
def _said_of(name: str) -> Iterator[None]:
    try:
        yield
    except (OSError, UnicodeError) as error:
        raise UsageError(f"{name} could not be written ({error}): the diff above is what was to be written") from None


def _demand_writable(path: Path) -> None:
    if not path.stat().st_mode & 0o222 or not os.access(path, os.W_OK):
        raise PermissionError("it is read-only")


def _replace(path: Path, text: bytes) -> None:
    """Put the whole new text in the place of the old one; mode, owner and links of the file stay as they are.

    Raises OSError where it may not be written: another user's directory would let anybody replace what is read-only.
    """
    _demand_writable(path)
    status = path.stat()
    if status.st_nlink > 1 or (hasattr(os, "geteuid") and status.st_uid != os.geteuid()):
        path.write_bytes(text)  # a new file would have one name and another owner
        return
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text)
        shutil.copystat(path, temporary)
        os.utime(temporary)  # it is new
        if hasattr(os, "chown"):
            os.chown(temporary, -1, status.st_gid)
        os.replace(temporary, path)
    except OSError:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _print(case: AsItIs, found: Found) -> None:
    for number, suggestion in enumerate(found.suggestions, 1):
        places = " and ".join(suggestion.places)
        number_of = len(suggestion.edits)
        count = "one edit" if number_of == 1 else "two edits" if number_of == 2 else f"{number_of} edits"
        click.echo(f"\n{number}. {places}, {count}: correct at {suggestion.examples} examples")
        click.echo(suggestion.diff.rstrip("\n"))
    pairs = f" and {found.pairs} pairs" if found.pairs else ""
    tried = f"{found.singles} edits{pairs} tried in {found.seconds:.1f} s"
    if found.suggestions:
        click.echo(f"\n{tried}")
    else:
        more = ": the time was up, see --budget" if found.late else ""
        click.echo(f"no edit that makes {case.name} correct was found; {tried}{more}")
    if case.fixed and found.suggestions:
        click.echo(f"{case.name} has fixed inputs: at other shapes an edit may still be wrong, a signature would tell")
