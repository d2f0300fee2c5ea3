"""Search the edit that mends a case, print it, and write it where that is asked for."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from typing import Any

import click

from gradcheck.errors import UsageError
from gradcheck.mends import Found, Settings, Suggestion
from gradcheck.mends.limits import LATE, LONGEST
from gradcheck.protocol import limits
from gradcheck.protocol.source import relative
from gradcheck.report import Verdict
from gradcheck.workers.limits import LOADING

from .alone import Patience, answer_here, answers_of
from .fixing import ANSWERS, About, AsItIs, fix_case
from .limits import PHASES
from .rewriting import write_text
from .writers.output import Output, written

MENDED, NOT_MENDED, USAGE = range(3)


def fix(target: str, settings: Settings, *, write: bool, page: Output | None = None, in_process: bool = False) -> int:
    """Search, print, put it on a page, and with ``write`` change the file; return the exit code.

    ``in_process`` judges and searches in this one, for a debugger; edited sources run in processes of their own all the
    same. Raises UsageError with one sentence where there is no such case, or where its process ends without an answer.
    """
    patience = Patience(LOADING + PHASES * limits.SECONDS + LATE * settings.budget + LONGEST)
    said: dict[str, Any] = {}

    def take(name: str, value: Any) -> None:
        said[name] = value
        if name == "as it is" and value.report.verdict is Verdict.WRONG:
            click.echo(str(value.report).splitlines()[0])

    with tempfile.TemporaryDirectory(prefix="gradcheck-", ignore_cleanup_errors=True) as folder:
        about = About(target, settings, folder)
        if in_process:
            answer_here(fix_case, about, take)
        else:
            for answer in answers_of("gradcheck.gate.fixing:fix_case", about, ANSWERS, patience, target, settings.seed):
                take(*answer)
    case: AsItIs | None = said.get("as it is")
    found: Found | None = said.get("found")
    if case is not None and case.report.verdict is not Verdict.WRONG:
        click.echo(f"{case.name} is {case.report.verdict.value} as it is: there is nothing to mend")
        code = MENDED if case.report.verdict is Verdict.CORRECT else NOT_MENDED
        return _paged(page, target, case, (), settings, 0.0, code)
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
