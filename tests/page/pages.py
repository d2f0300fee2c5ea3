"""Pages to be looked at: a run with every kind of ending, and hostile strings wherever a user's can come."""

from dataclasses import replace
from html.parser import HTMLParser
from itertools import cycle

import numpy as np

from gradcheck import Case, report_case
from gradcheck.protocol.source import SourceLine
from gradcheck.report import Evidence, Finding, Made, Report, Severity
from gradcheck.report.events import CaseDone, CaseName
from gradcheck.report.page import run_page
from gradcheck.report.row import Row

from ..evidence.test_gathered import another_shape, no_conjugate, relu_but_the_last_column, sine
from ..gate.writers.runs import HOSTILE, correct, error, inconclusive, run_of, wrong

IMG = "</script><img src=x onerror=\"document.title='planted'\">"
VOID = {"meta", "link", "input", "br", "line"}
OWN = {
    *("html", "head", "meta", "link", "title", "style", "script", "body", "header", "main", "footer", "form", "label"),
    *("input", "button", "kbd", "h1", "p", "b", "i", "br", "div", "span", "a", "code", "pre", "ul", "li", "dl", "dt"),
    *(
        "dd",
        "details",
        "summary",
        "figure",
        "figcaption",
        "table",
        "tr",
        "th",
        "td",
        "svg",
        "g",
        "path",
        "line",
        "text",
    ),
    "tspan",
}


def judged(case, number):
    """A case of the page, judged here."""
    report = replace(report_case(case, examples=3), reproduce="gradcheck replay eNqLNtRRys3MS9UrqFTSUSpLTC7NLy1W0jHQy")
    where = SourceLine("mine.py", 10 + number, "code")
    return CaseDone(CaseName("mine.py", report.name, 0, where.path, where.line), 0.1 * number, report)


def wrongs():
    """Real ones, with pictures."""
    x = np.random.default_rng(1).normal(size=(12, 20))
    cases = [
        Case(sine(2), "(n)->(n)", name="doubled"),
        Case(relu_but_the_last_column, "(n,c)->(n,c)", name="relu"),
        Case(no_conjugate, "(n)->(n)", dtype="complex128", name="complex"),
        Case(another_shape, "(n,m)->()", name="shape"),
        Case(relu_but_the_last_column, inputs=(x,), name="larger"),
    ]
    return [judged(case, number) for number, case in enumerate(cases, 1)]


def hostile(text):
    """A wrong case with this string wherever one of a user's may stand."""
    line = SourceLine(text, 3, text)
    made = Made(line, text, certain=False, among=(line, line), factor=text)
    finding = Finding("GC301", Severity.ERROR, text, text, (0,), text, 1.0, 2.0, 0.1, line, text, True, (text,), made)
    known = {"floor": {text: 1e-9}, "arguments": (text,), "limit": {text: 1e-3}, "sizes": {text: 2}}
    report = Report(text, (finding,), **known, remarks=(text,), snippet=text, reproduce=text)
    report = replace(report, rows=(replace(ROW, tensor=text, undecided=text),))
    report = replace(report, example={"options": {text: text, "odd": Unprintable()}, "plant": text})
    real = wrongs_once()[1].report.evidence
    evidence = Evidence(
        tuple(replace(law, sentence=text) for law in real.laws),
        tuple(replace(curve, argument=text) for curve in real.curves),
        tuple(replace(shown, argument=text, sizes={text: 3}) for shown in real.maps),
    )
    return CaseDone(CaseName(text, text, 0, text, 1), 0.1, replace(report, evidence=evidence), printed=text)


ROW = Row("y", None, 1e-3, 2e-3, 1e-3, 2e-3, 0.25, 1e-2)


class Unprintable:
    """An option of a user's."""

    def __repr__(self):
        raise RuntimeError


_JUDGED = []


def wrongs_once():
    """The same, judged once a session."""
    if not _JUDGED:
        _JUDGED.extend(wrongs())
    return _JUDGED


def whole_page():
    """Every kind of ending."""
    plain = wrong("plain", code="GC204")
    plain = replace(plain, report=replace(plain.report, rows=(ROW, replace(ROW, tensor="dx", argument="x", ratio=3.5))))
    cases = [
        correct("fine"),
        *wrongs_once(),
        inconclusive(),
        error(),
        plain,
        replace(wrong("put up with"), known="it is old, until 2099-01-01"),
        correct("good too"),
    ]
    left = (CaseName("mine.py", "never"),)
    started, done = run_of(*cases, left=left, interrupted=True)
    started = replace(started, left_out=(CaseName("mine.py", "unchanged"),), since="main")
    return run_page(started, replace(done, problems=("an entry has expired",), left_out=1))


def hostile_page():
    """Hostile strings in every place."""
    texts = (*HOSTILE, IMG)
    cases = [
        *map(hostile, texts),
        *(error(text, text) for text in texts),
        *map(correct, texts),
        *map(inconclusive, texts),
    ]
    cases += [replace(hostile(text), case=CaseName(text, text, 1), known=text) for text in texts]
    left = tuple(CaseName(text, text) for text in texts)
    diffs = {cases[0].case: f"--- a\n+++ b\n-{IMG}\n+{IMG}"}
    started, done = run_of(*cases, left=left)
    return run_page(replace(started, left_out=left, since=IMG), replace(done, problems=texts), diffs)


def page_of_many(count=1000):
    """So many failures, with pictures."""
    real = cycle(wrongs_once())
    numbered = [(f"case {n}", next(real)) for n in range(count)]
    return run_page(
        *run_of(*(CaseDone(CaseName("mine.py", name), 0.1, replace(one.report, name=name)) for name, one in numbered))
    )


class Tags(HTMLParser):
    """Tags, attributes and text of a page; an error where one is not closed in its turn."""

    def __init__(self, text):
        super().__init__()
        self.found, self.attributes, self.texts, self.open = [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.found.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.found.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)
