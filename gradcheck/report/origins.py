"""What a report says of the lines in which its mistakes were made, before it comes to what follows from them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from gradcheck.protocol.source import SourceLine
from gradcheck.wording import in_words

from .finding import Finding
from .limits import LINES
from .made import Made

if TYPE_CHECKING:
    from .report import Report


def by_origin(report: Report) -> list[tuple[Made, list[Finding]]]:
    """Each place where a mistake was made, and the errors that inherit it."""
    found: list[tuple[Made, list[Finding]]] = []
    for finding in report.errors:
        if finding.made is None:
            continue
        heirs = next((heirs for made, heirs in found if made == finding.made), None)
        if heirs is None:
            found.append((finding.made, [finding]))
        else:
            heirs.append(finding)
    return found


def headline_line(finding: Finding) -> SourceLine | None:
    """The line that a first line points at: that of the mistake where it is known, else that of the gradient."""
    made = finding.made
    return made.where if made is not None and made.certain else finding.where


def write_origins(report: Report, width: int) -> Iterator[str]:
    """The places, worst first; none of a gradient whose own line is the place, since that is shown with it."""
    for made, heirs in by_origin(report):
        lines = list(_place(made))
        if not lines or (made.told and made.factor is None and all(_is_there(finding, made) for finding in heirs)):
            continue
        first, *more = [line if len(line) <= width else f"{line[: width - 4]} ..." for line in lines]
        yield first
        yield from more
        for sentence in _sentences(made, heirs):
            yield from textwrap.wrap(sentence, width, initial_indent=" " * 8, subsequent_indent=" " * 8)


def _is_there(finding: Finding, made: Made) -> bool:
    return finding.where is not None and (finding.where.path, finding.where.line) == (made.where.path, made.where.line)


def _place(made: Made) -> Iterator[str]:
    if made.told:
        yield f"  {'made' if made.certain else 'probably made'} at {made.where}"
    elif len(made.among) <= LINES:
        yield "  probably made in one of these lines"
        for line in made.among:
            yield f"        {line}"


def _sentences(made: Made, heirs: Sequence[Finding]) -> Iterator[str]:
    names = [f"`{name}`" for name in dict.fromkeys(finding.argument for finding in heirs) if name]
    inherit = (
        f"; the gradient{'s' if len(names) > 1 else ''} of {in_words(names)} inherit{'' if len(names) > 1 else 's'} it"
    )
    if made.told:
        what = f"`{made.name}` is not" if made.name else "what it computes is not"
        own = made.name and names and all(_is_there(finding, made) for finding in heirs)
        yield f"what it reads is right, {what}{'' if own or not names else inherit}"
    if made.factor:
        yield made.factor
