"""A run as JUnit XML, which CI servers show as tests: one testcase a case, one testsuite a target.

Written so that the strict schemas in use accept it (Jenkins', and the older one of Ant): only the attributes and the
order that both know, and nothing inside a testcase but how it ended.
"""

from __future__ import annotations

import platform
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

from gradcheck.foreign import shown, shown_lines
from gradcheck.report import Verdict
from gradcheck.report.events import KNOWN, CaseDone, CaseName, RunDone, RunStarted
from gradcheck.report.text import headline


def as_junit(started: RunStarted, done: RunDone) -> str:
    """The whole run. Wrong is a failure; inconclusive, without a verdict and not reached are errors: none passes.

    What a baseline lists passes, and the output of its suite says why; a baseline that is out of date is no testcase.
    """
    ended = {case.case: case for case in done.cases}
    when = datetime.now(UTC) - timedelta(seconds=done.seconds)
    suites = ElementTree.Element("testsuites")
    for number, target in enumerate(dict.fromkeys(name.target for name in started.cases)):
        names = [name for name in started.cases if name.target == target]
        suites.append(_suite(number, target, names, [ended.get(name) for name in names], when))
    ElementTree.indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(suites, encoding="unicode")}\n'


def _suite(
    number: int, target: str, names: Sequence[CaseName], done: Sequence[CaseDone | None], when: datetime
) -> ElementTree.Element:
    wrong = sum(case is not None and case.word == Verdict.WRONG for case in done)
    right = sum(case is not None and case.word in (Verdict.CORRECT, KNOWN) for case in done)
    suite = ElementTree.Element(
        "testsuite",
        name=_text(target),
        package=_classname(target),
        id=str(number),
        timestamp=when.strftime("%Y-%m-%dT%H:%M:%S"),
        hostname=_text(platform.node()) or "localhost",
        tests=str(len(names)),
        failures=str(wrong),
        errors=str(len(names) - wrong - right),
        time=_seconds(sum(case.seconds for case in done if case)),
    )
    ElementTree.SubElement(suite, "properties")
    for name, case in zip(names, done, strict=True):
        suite.append(_testcase(name, case))
    said = [f"known, {case.known}: {headline(case.report)}" for case in done if case and case.known and case.report]
    ElementTree.SubElement(suite, "system-out").text = "\n".join(map(_text, said)) or None
    ElementTree.SubElement(suite, "system-err")
    return suite


def _testcase(name: CaseName, done: CaseDone | None) -> ElementTree.Element:
    again = f" #{name.number + 1}" if name.number else ""  # a server takes two of one name for one
    testcase = ElementTree.Element(
        "testcase",
        classname=_classname(name.target),
        name=f"{_text(name.name)}{again}",
        time=_seconds(done.seconds if done else 0.0),
    )
    if done is None:
        message = "the run ended before this case was judged"
        ElementTree.SubElement(testcase, "error", message=message, type="not run")
    elif done.known:
        pass  # strict schemas know no other way to say that it does not fail the run; its suite says why
    elif done.report is None:
        found = ElementTree.SubElement(testcase, "error", message=_text(done.error or ""), type=done.word)
        found.text = shown_lines(done.error or "")
    elif done.report.verdict is not Verdict.CORRECT:
        is_wrong = done.report.verdict is Verdict.WRONG
        kind = done.report.errors[0].code if is_wrong else done.word
        tag = "failure" if is_wrong else "error"
        found = ElementTree.SubElement(testcase, tag, message=_text(headline(done.report)), type=kind)
        found.text = shown_lines(str(done.report))
    return testcase


def _classname(target: str) -> str:
    """The target as a module is called, which servers show as a tree of folders."""
    return _text(target.removesuffix(".py").strip("./").replace("/", ".").replace("\\", ".")) or "cases"


def _text(text: str) -> str:
    """An attribute: one line of characters that XML allows."""
    return shown(text, len(text) + 4)


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f}"
