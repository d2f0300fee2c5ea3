"""A report for learners: what is right, what is the first thing that is wrong, and the question that leads there.

It holds no cause, no factor and no number of the truth: whoever reads it still has the mistake to find.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from gradcheck.laws import law_of
from gradcheck.origin.names import meant_by
from gradcheck.report import Finding, Report, Verdict
from gradcheck.report.limits import NAMES, WIDTH
from gradcheck.report.origins import by_origin
from gradcheck.wording import in_words

from .explanation import codes, explanation_of


def hint(report: Report) -> str:
    """The hint for a wrong report; of any other the report itself."""
    if report.verdict is not Verdict.WRONG:
        return str(report)
    lines = [f"wrong: {report.name}", *_right(report)]
    asked: dict[str, None] = {}
    for finding in _first_of_each(report):
        lines += _wrapped(_first_wrong(finding))
        asked.setdefault(_question(finding))
    lines += [line for question in asked if question for line in _wrapped(f"ask yourself: {question}")]
    word = report.errors[0].code
    return "\n".join([*lines, f"  more about the law: gradcheck explain {word}"])


def _right(report: Report) -> Iterator[str]:
    wrong = {finding.argument for finding in report.errors}
    blocked = any((law := law_of(finding.code)) is not None and law.blocks for finding in report.errors)
    seen = [name for name in report.arguments if name not in wrong and name not in report.unseen and not blocked]
    if seen and None not in wrong:
        yield from _wrapped(f"right: the gradient{'s' if len(seen) > 1 else ''} of {_names(seen)}")
    before = [name for made, _ in by_origin(report)[:1] for name in made.right]
    if before:
        yield from _wrapped(f"right, on the way: {_names(before)}")


def _first_of_each(report: Report) -> list[Finding]:
    """One finding for each mistake: of those that one line is to blame for, the first."""
    heirs = {id(finding) for _, found in by_origin(report) for finding in found[1:]}
    return [finding for finding in report.errors if id(finding) not in heirs][:1]


def _first_wrong(finding: Finding) -> str:
    made = finding.made
    if made is not None and made.told:
        what = f"`{made.name}`" if made.name else f"what line {made.where.line} computes"
        at = f"{made.where.path}:{made.where.line}"
        sure = "" if made.certain else ", probably"
        return f"the first quantity that is wrong{sure}: {what}, at {at}; what is wrong after it may only inherit that"
    if made is not None:
        numbers = in_words([str(line.line) for line in made.among])
        return f"the first quantity that is wrong is computed in one of the lines {numbers} of {made.where.path}"
    at = f", at {finding.where.path}:{finding.where.line}" if finding.where else ""
    if finding.code == "GC101":
        return f"the backward gives no answer: it raises{at}"
    if finding.argument is None:
        return f"what the vjp returns is wrong{at}: {_says(finding.code)}"
    return f"the first quantity that is wrong: the gradient of `{finding.argument}`{at}"


def _question(finding: Finding) -> str:
    asks = explanation_of(finding.code).words.asks if finding.code in codes() else ""
    made = finding.made
    value = meant_by(made.name) if made is not None and made.told else ""
    return asks.replace("that quantity", f"`{value}`") if value else asks


def _says(code: str) -> str:
    return explanation_of(code).words.says if code in codes() else code


def _names(names: Sequence[str]) -> str:
    shown = [f"`{name}`" for name in names[:NAMES]]
    return in_words(shown) if len(names) <= NAMES else f"{', '.join(shown)} and {len(names) - NAMES} more"


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent="  ", subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
    )
