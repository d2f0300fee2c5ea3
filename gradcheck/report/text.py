"""What a person reads: the first line suffices for the hurried, details below."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING

from gradcheck.foreign import shown_lines

from .finding import Finding, Severity, Verdict
from .limits import MOST, NARROWEST, WIDTH
from .origins import headline_line, write_origins
from .rows import write_rows

if TYPE_CHECKING:
    from .report import Report


def write_text(report: Report, width: int = WIDTH, *, whole: bool = False) -> str:
    """Write a report as plain text, in lines of so many characters where words allow it.

    ``whole`` leaves nothing out: every finding, every floor, the doubts by name, and what to paste.
    """
    width = max(width, NARROWEST)
    most = max(len(report.findings), len(report.floor)) if whole else MOST
    lines = [headline(report), *write_origins(report, width)]
    for finding in report.findings[:most]:
        lines += _finding(finding, width)
    if len(report.findings) > most:
        lines += [f"  and {len(report.findings) - most} more findings: see report.findings"]
    for remark in (*_survived(report, whole), *report.remarks):
        lines += _folded(remark, width)
    lines += write_rows(report.rows)
    lines += _floors(report, width, most)
    lines += _judged(report, width)
    if whole:
        lines += _folded(f"called: {report.forwards} forwards, {report.backwards} backwards", width)
    if report.reproduce:
        lines += [f"  again: {report.reproduce}"]
    if whole and report.snippet:
        lines += ["  to paste:", *(f"    {line}" for line in report.snippet.splitlines())]
    return shown_lines("\n".join(lines))


def _folded(sentence: str, width: int) -> list[str]:
    return textwrap.wrap(sentence, width, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)


def headline(report: Report) -> str:
    """The first line, which suffices for the hurried."""
    head = f"{report.verdict.value}: {report.name}"
    if report.verdict is Verdict.WRONG:
        worst = report.errors[0]
        more = f", and {len(report.errors) - 1} more" if len(report.errors) > 1 else ""
        at = f" at `{worst.place}`" if worst.place else ""
        where = headline_line(worst)
        line = f", {where.path}:{where.line}" if where else ""
        return f"{head}, {worst.code}{at}{line}{more}{_at_sizes(report)}"
    if report.verdict is Verdict.INCONCLUSIVE:
        if report.incomplete:
            return f"{head}, {report.incomplete}"
        draws = any(finding.code == "GC206" for finding in report.findings)
        why = "its forward does not repeat itself, and " if draws else ""
        return f"{head}, {why}nothing could be seen of {_some(report.unseen) or 'any input'}{_at_sizes(report)}"
    return f"{head}, {report.examples} example{'' if report.examples == 1 else 's'}"


def _some(names: tuple[str, ...]) -> str:
    """The first few names, and how many more there are."""
    shown = ", ".join(f"`{name}`" for name in names[:4])
    return shown if len(names) <= 4 else f"{shown} and {len(names) - 4} more"


def _at_sizes(report: Report) -> str:
    """The smallest failing shapes, and what else about that example is out of the ordinary."""
    sizes = " ".join(f"{name}={size}" for name, size in (report.sizes or {}).items())
    example = report.example or {}
    more = [f"{name}={value!r}" for name, value in example.get("options", {}).items() if _is_short(value)]
    more += [f"{name} {example[name]}" for name in ("plant", "layout") if name in example]
    if not sizes and not more:
        return ""
    return f" ({f'smallest shapes found: {sizes}' if sizes else 'found'}{', with ' if more else ''}{', '.join(more)})"


def _is_short(value: object) -> bool:
    return isinstance(value, bool | int | float | str) and len(repr(value)) < 20


def _finding(finding: Finding, width: int) -> list[str]:
    mark = "" if finding.severity is Severity.ERROR else f"{finding.severity.value}, "
    lines = textwrap.wrap(
        f"{finding.code} {mark}{finding.message}",
        width,
        initial_indent="  ",
        subsequent_indent="        ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    if finding.where:
        lines += [_shortened(f"        at {finding.where}", width)]
    if finding.likely_cause:
        lines += textwrap.wrap(
            f"{'' if finding.certain else 'likely '}cause: {finding.likely_cause}",
            width,
            initial_indent="        ",
            subsequent_indent="        ",
        )
    return lines


def _survived(report: Report, whole: bool) -> list[str]:
    """How many doubts a refuted claim has survived, or each of them."""
    names = next((finding.survived for finding in report.errors if finding.survived), ())
    told = ", ".join(names) if whole else f"from {names[0]} to {names[-1]}" if names else ""
    return [f"asked and no excuse: {len(names)} doubts{':' if whole else ','} {told}"] if names else []


def _shortened(line: str, width: int) -> str:
    return line if len(line) <= width else f"{line[: width - 4]} ..."


def _floors(report: Report, width: int, most: int) -> list[str]:
    if not any(map(math.isfinite, report.floor.values())):
        return []
    worst_first = sorted(report.floor, key=lambda name: -report.floor[name])
    shown = [name for name in report.floor if name in worst_first[:most]]
    floors = "  ".join(f"{name} {show_floor(report.floor[name])}" for name in shown)
    rest = len(report.floor) - len(shown)
    below = f"  and below these in {rest} more" if rest else ""
    return textwrap.wrap(
        f"smallest relative error this check would have seen: {floors}{below}",
        width,
        initial_indent="  ",
        subsequent_indent="    ",
    )


def _judged(report: Report, width: int) -> list[str]:
    """How much of what was asked for was judged, and how far it reached; a wrong case stops at its first failure."""
    if report.planned is None or report.verdict is Verdict.WRONG:
        return []
    asked = f"judged: {report.examples} of {report.planned} example{'' if report.planned == 1 else 's'}"
    reach = [f"{name} {low} to {high}" for name, (low, high) in report.ranges.items()]
    reach += [f"values up to {report.largest:.3g}"] if report.largest else []
    reach += [f"to the accuracy {report.accuracy:g} that the case says"] if report.accuracy is not None else []
    return _folded("; ".join([asked, *reach]), width)


def show_floor(value: float) -> str:
    """``2e-13``, or ``none`` where no error however large would have been seen."""
    return f"{value:.0e}" if math.isfinite(value) else "none"
