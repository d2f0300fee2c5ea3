"""Mistakes that random values never meet are found by default, and shrunk to what shows them."""

import pytest

from gradcheck import report_case
from gradcheck.generation import Example, judge_example, search

from .causes import without_causes
from .rare import RARE

pytestmark = pytest.mark.usefixtures("unexplained")

TO_CATCH = [
    pytest.param(
        rare,
        id=str(rare),
        marks=[pytest.mark.xfail(raises=AssertionError, strict=True, reason=rare.missed)] if rare.missed else [],
    )
    for rare in RARE
]


@pytest.mark.parametrize("rare", TO_CATCH)
def test_the_wrong_one_is_caught_and_shrunk(rare):
    case = rare.case(wrong=True)
    report = report_case(case)
    assert report.verdict == "wrong", str(report)
    example = eval(report.reproduce, {"judge_example": lambda _, example: example, "Example": Example, "case": case})
    for name, value in rare.shrunk.items():
        assert getattr(example, name) == value, report.reproduce
    again = judge_example(case, example)
    assert str(without_causes(again.findings)) == str(without_causes(report.findings))  # as text, where NaN equals NaN


@pytest.mark.parametrize("rare", RARE, ids=str)
def test_the_right_one_passes(rare):
    report = report_case(rare.case(wrong=False))
    assert report.verdict == "correct", str(report)


@pytest.mark.parametrize("rare", TO_CATCH)
def test_twenty_examples_are_enough_for_most(rare):
    assert search(rare.case(wrong=True), 20, 0, verdict_only=True).verdict == "wrong"
