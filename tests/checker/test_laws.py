"""Every law catches its planted mistake under its own code, lets the twin pass, and is what catches it."""

import pytest

from gradcheck import Case
from gradcheck.laws import LAWS
from gradcheck.point import judge_point
from gradcheck.report import Severity

from .planted import PLANTED

HAZARDS = {"GC205", "GC206"}


def codes(report):
    return {finding.code for finding in report.findings if finding.severity is not Severity.NOTE}


def judged(op, planted, descent, laws=LAWS):
    return judge_point(Case(op, inputs=planted.inputs, descent=descent), planted.inputs, laws=laws)


@pytest.mark.parametrize("planted", PLANTED, ids=str)
def test_planted_mistake_is_named(planted):
    report = judged(planted.wrong, planted, planted.descent)
    assert planted.code in codes(report), str(report)
    if planted.code not in HAZARDS:
        assert report.verdict == "wrong"
    else:
        assert report.verdict != "wrong"


@pytest.mark.parametrize("planted", PLANTED, ids=str)
def test_correct_twin_passes(planted):
    report = judged(planted.right, planted, planted.right_descent)
    assert report.verdict == "correct", str(report)
    assert not codes(report), str(report)


@pytest.mark.parametrize("planted", PLANTED, ids=str)
def test_without_the_law_its_code_is_gone(planted):
    others = [law for law in LAWS if law.code != planted.code]
    blocked = {"GC101", "GC102", "GC103", "GC104", "GC105", "GC106"}
    if planted.code in blocked:
        others = [law for law in others if law.code < planted.code]
    report = judged(planted.wrong, planted, planted.descent, others)
    assert planted.code not in codes(report)


def test_every_law_has_a_planted_mistake():
    needs_a_twin = {"GC302", "GC303"}
    assert {law.code for law in LAWS} - needs_a_twin == {planted.code for planted in PLANTED}


def test_codes_are_in_order_and_unique():
    order = [law.code for law in LAWS]
    assert order == sorted(set(order))


def test_laws_read_as_sentences():
    for law in LAWS:
        assert law.sentence.endswith("."), law
