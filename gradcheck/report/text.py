"""What a person reads: the first line suffices for the hurried, details below."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING

from gradcheck.foreign import shown_lines

from .finding import Finding, Severity, Verdict
from .limits import MOST, WIDTH
from .origins import headline_line, write_origins

if TYPE_CHECKING:
    from .report import Report


def write_text(report: Report) -> str:
    """Write a report as plain text."""
    lines = [_headline(report), *write_origins(report, WIDTH)]
    for finding in report.findings[:MOST]:
        lines += _finding(finding)
    if len(report.findings) > MOST:
        lines += [f"  and {len(report.findings) - MOST} more findings: see report.findings"]
    for remark in (*_survived(report), *report.remarks):
        lines += textwrap.wrap(remark, WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)
    lines += _floors(report)
    lines += _judged(report)
    if report.reproduce:
        lines += [f"  again: {report.reproduce}"]
    return shown_lines("\n".join(lines))


def _headline(report: Report) -> str:
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


def _finding(finding: Finding) -> list[str]:
    mark = "" if finding.severity is Severity.ERROR else f"{finding.severity.value}, "
    lines = textwrap.wrap(
        f"{finding.code} {mark}{finding.message}",
        WIDTH,
        initial_indent="  ",
        subsequent_indent="        ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    if finding.where:
        lines += [_shortened(f"        at {finding.where}")]
    if finding.likely_cause:
        lines += textwrap.wrap(
            f"{'' if finding.certain else 'likely '}cause: {finding.likely_cause}",
            WIDTH,
            initial_indent="        ",
            subsequent_indent="        ",
        )
    return lines


def _survived(report: Report) -> list[str]:
    """How many doubts a refuted claim has survived."""
    names = next((finding.survived for finding in report.errors if finding.survived), ())
    return [f"asked and no excuse: {len(names)} doubts, from {names[0]} to {names[-1]}"] if names else []


def _shortened(line: str) -> str:
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 4]} ..."


def _floors(report: Report) -> list[str]:
    if not any(map(math.isfinite, report.floor.values())):
        return []
    worst_first = sorted(report.floor, key=lambda name: -report.floor[name])
    shown = [name for name in report.floor if name in worst_first[:MOST]]
    floors = "  ".join(f"{name} {show_floor(report.floor[name])}" for name in shown)
    rest = len(report.floor) - len(shown)
    return textwrap.wrap(
        f"smallest relative error this check would have seen: {floors}"
        + (f"  and below these in {rest} more" if rest else ""),
        WIDTH,
        initial_indent="  ",
        subsequent_indent="    ",
    )


def _judged(report: Report) -> list[str]:
    """How much of what was asked for was judged, and how far it reached; a wrong case stops at its first failure."""
    if report.planned is None or report.verdict is Verdict.WRONG:
        return []
    asked = f"judged: {report.examples} of {report.planned} example{'' if report.planned == 1 else 's'}"
    reach = [f"{name} {low} to {high}" for name, (low, high) in report.ranges.items()]
    reach += [f"values up to {report.largest:.3g}"] if report.largest else []
    reach += [f"to the accuracy {report.accuracy:g} that the case says"] if report.accuracy is not None else []
    return textwrap.wrap(
        "; ".join([asked, *reach]), WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False
    )


def show_floor(value: float) -> str:
    """``2e-13``, or ``none`` where no error however large would have been seen."""
    return f"{value:.0e}" if math.isfinite(value) else "none"
