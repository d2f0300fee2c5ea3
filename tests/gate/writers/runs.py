"""Runs made up of events, with names and sentences as hostile as users can write them."""

from gradcheck.protocol.source import SourceLine
from gradcheck.report import Finding, Made, Report, Severity
from gradcheck.report.events import CaseDone, CaseName, RunDone, RunStarted

HOSTILE = (
    "</script><img src=x onerror=alert(1)>",
    "a|b `c` *d* <e> [f](http://g) @h :i: $j$",
    "two\nlines, 100% :: done",
    "\x1b[31mred\x07\x00\x9b",
    "right\u202etfel \u2028 \udc80 \uffff",
    "ünï·名前",
    "\"quoted\" & 'so' ]]>",
    "::error file=x::planted",
    "]]>&amp;{{ 7*7 }}{% raw %}",
    " ",
)


def wrong(name="bad", *, line=7, path="mine.py", code="GC301", message="it is 2, not 1", more=()):
    """A case that is wrong, at a line."""
    where = SourceLine(path, line, "2 * dy")
    finding = Finding(code, Severity.ERROR, message, "x", (0,), "too large by 2", 2.0, 1.0, 1e-12, where, certain=True)
    report = Report(name, (finding, *more), {"x": 1e-12}, {"x": 1e-3}, ("x",), sizes={"n": 1}, reproduce="again")
    return CaseDone(CaseName("mine.py", name, 0, "mine.py", 3), 0.25, report)


def made_at(name, line):
    """A finding whose mistake was made in a line of its own."""
    made = Made(SourceLine("mine.py", line, "dZ2 = W1.T @ dA2"), "dZ2", certain=True)
    return Finding("GC301", Severity.ERROR, f"{name} is wrong", name, made=made)


def inconclusive(name="vague"):
    """A case of which nothing was seen."""
    report = Report(name, (), {}, {}, ("x",))
    return CaseDone(CaseName("mine.py", name, 0, "mine.py", 5), 0.5, report)


def correct(name="right", number=0):
    """A case that is correct."""
    report = Report(name, (), {"x": 1e-12}, {"x": 1e-3}, ("x",), examples=9, planned=9)
    return CaseDone(CaseName("mine.py", name, number, "mine.py", 1), 0.125, report)


def error(name="broken", sentence="no pair (y, vjp)"):
    """A case without a verdict."""
    return CaseDone(CaseName("mine.py", name), 0.0, None, sentence)


def run_of(*cases, left=(), interrupted=False):
    """The first and the last event of a run over these."""
    names = (*(case.case for case in cases), *left)
    return RunStarted(names, 9, 0), RunDone(len(names), cases, 1.5, interrupted)
