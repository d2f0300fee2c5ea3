"""The summary of a job, in Markdown: what is not correct in a table and in full, the rest folded away."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from gradcheck.foreign import shown, shown_lines
from gradcheck.gate.limits import SUMMARY
from gradcheck.report import Verdict
from gradcheck.report.events import ERROR, KNOWN, CaseDone, RunDone, RunStarted
from gradcheck.report.origins import headline_line
from gradcheck.report.text import show_floor

_ORDER = (Verdict.WRONG, ERROR, Verdict.INCONCLUSIVE)
_MARKDOWN = re.compile(r"[\\`*_{}\[\]()#+!|~@:$-]")


def job_summary(started: RunStarted, done: RunDone) -> str:
    """All of it within what GitHub takes; where that does not suffice, a last line says what is missing."""
    bad = [case for word in _ORDER for case in done.cases if case.word == word]
    parts = [_head(started, done), *_table(bad)]
    room = SUMMARY - sum(len(part.encode()) for part in parts)
    left_out = 0
    for part in (*map(_details, bad), _correct([case for case in done.cases if case.word == Verdict.CORRECT])):
        size = len(part.encode())
        if size <= room:
            parts.append(part)
            room -= size
        else:
            left_out += 1
    if left_out:
        parts.append(f"\n{left_out} more parts are too long to be shown here: see the log of this step.\n")
    return "".join(parts)


def _head(started: RunStarted, done: RunDone) -> str:
    words = [case.word for case in done.cases]
    counts = ", ".join(f"{words.count(word)} {word}" for word in (Verdict.CORRECT, *_ORDER, KNOWN) if word in words)
    missing = f", {done.asked - len(words)} not run" if len(words) < done.asked else ""
    missing += f", {done.left_out} left out since unchanged" if done.left_out else ""
    stopped = ", interrupted" if done.interrupted else ""
    stale = "".join(f"- baseline: {_cell(problem)}\n" for problem in done.problems)
    return (
        f"### Gradients: {counts or 'nothing judged'}{missing}{stopped}\n\n"
        f"{started.examples} examples a case, seed {started.seed}, {done.seconds:.1f} s\n\n{stale}{stale and chr(10)}"
    )


def _table(bad: Sequence[CaseDone]) -> Iterator[str]:
    if not bad:
        return
    yield "| verdict | case | law | argument | line | likely cause |\n| --- | --- | --- | --- | --- | --- |\n"
    room = SUMMARY // 2
    for number, case in enumerate(bad):
        row = _row(case)
        room -= len(row.encode())
        if room < 0:
            yield f"| | and {len(bad) - number} more | | | | |\n"
            return
        yield row


def _row(case: CaseDone) -> str:
    worst = next(iter(case.report.errors or case.report.findings), None) if case.report else None
    at = headline_line(worst) if worst else None
    place = f"{at.path}:{at.line}" if at else f"{case.case.file}:{case.case.line}" if case.case.file else ""
    cells = (
        case.word,
        case.case.name,
        worst.code if worst else "",
        worst.place if worst else "",
        place,
        (worst.likely_cause or "" if worst else case.error) or "",
    )
    return f"| {' | '.join(map(_cell, cells))} |\n"


def _details(case: CaseDone) -> str:
    text = shown_lines(str(case.report) if case.report else case.error or "")
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", text)), 3)
    summary = f"{case.word}: {html.escape(shown(case.case.name))}"
    return f"\n<details><summary>{summary}</summary>\n\n{fence}text\n{text}\n{fence}\n\n</details>\n"


def _correct(cases: Sequence[CaseDone]) -> str:
    if not cases:
        return ""
    rows = "".join(
        f"| {_cell(case.case.name)} | {case.report.examples} | {show_floor(case.report.worst_floor)} |"
        f" {case.seconds:.2f} |\n"
        for case in cases
        if case.report
    )
    head = "| case | examples | floor | seconds |\n| --- | ---: | ---: | ---: |\n"
    return f"\n<details><summary>{len(cases)} correct</summary>\n\n{head}{rows}\n</details>\n"


def _cell(text: str) -> str:
    """Text in a table: nothing in it is Markdown or HTML, and no link or mention comes of it."""
    return _MARKDOWN.sub(lambda found: f"&#{ord(found.group())};", html.escape(shown(text), quote=False))
