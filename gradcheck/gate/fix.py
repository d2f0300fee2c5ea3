"""Search the edit that mends a case, print it, and write it where that is asked for."""

from __future__ import annotations

import os
import tempfile
import tokenize
from contextlib import suppress
from pathlib import Path

import click

from gradcheck.errors import UsageError
from gradcheck.generation import search
from gradcheck.mends import Found, Search, Settings, Suggestion, begin
from gradcheck.protocol import Case
from gradcheck.protocol.files import owner_of
from gradcheck.protocol.source import relative
from gradcheck.report import Report, Verdict
from gradcheck.workers import contained

from .loading import load_cases

MENDED, NOT_MENDED, USAGE = range(3)


def fix(target: str, settings: Settings, *, write: bool) -> int:
    """Search, print, and with ``write`` change the file; return the exit code."""
    case = _only_case(target)
    with contained([target], load_cases, settings.jobs) as ask:
        begin(case, ask, settings.seed)
        report = search(case, settings.examples, settings.seed)
        if report.verdict is not Verdict.WRONG:
            click.echo(f"{case} is {report.verdict.value} as it is: there is nothing to mend")
            return MENDED if report.verdict is Verdict.CORRECT else NOT_MENDED
        click.echo(str(report).splitlines()[0])
        found = Search(case, report, ask, settings).run()
    _print(case, report, found)
    if write and found.suggestions:
        write_text(found.suggestions[0])
        click.echo(f"\nwritten: {relative(found.suggestions[0].path)}")
    return MENDED if found.suggestions else NOT_MENDED


def write_text(suggestion: Suggestion) -> None:
    """Put the new text in the place of the file, all of it or nothing; UsageError where the file is another by now."""
    path = Path(suggestion.path).resolve()
    name = relative(suggestion.path)
    if owner_of(suggestion.path) != "":
        raise UsageError(
            f"{name} belongs to an installed package, which is never written: carry the diff to its source"
        )
    try:
        with path.open("rb") as file:
            encoding, _ = tokenize.detect_encoding(file.readline)
        encoded = suggestion.after.encode(encoding)
        if path.read_bytes().decode(encoding) != suggestion.before:
            raise UsageError(f"{name} has changed since the search began: nothing was written, start again")
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(encoded)
            os.chmod(temporary, path.stat().st_mode)
            os.replace(temporary, path)
        except OSError:
            with suppress(OSError):
                os.unlink(temporary)
            raise
    except (OSError, UnicodeError) as error:
        raise UsageError(f"{name} could not be written ({error}): the diff above is what was to be written") from None


def _only_case(target: str) -> Case:
    cases = load_cases([target])
    if len(cases) > 1:
        path = target.partition("::")[0]
        raise UsageError(f"{target} holds {len(cases)} cases: name one of them, for example {path}::{cases[0]}")
    return cases[0]


def _print(case: Case, report: Report, found: Found) -> None:
    for number, suggestion in enumerate(found.suggestions, 1):
        lines = sorted({edit.line for edit in suggestion.edits})
        places = " and ".join(f"{relative(suggestion.path)}:{line}" for line in lines)
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
        click.echo(f"no edit that makes {case} correct was found; {tried}{more}")
    if case.inputs is not None and not callable(case.inputs) and found.suggestions:
        click.echo(f"{case} has fixed inputs: at other shapes an edit may still be wrong, a signature would tell")
