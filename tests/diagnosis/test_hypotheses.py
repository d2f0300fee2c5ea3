"""Every hypothesis names its planted bug, is silent a thousandth beside it, and is what names it."""

from functools import cache

import pytest

from gradcheck import judge_example
from gradcheck.diagnosis import diagnose
from gradcheck.diagnosis.hypotheses import HYPOTHESES
from gradcheck.generation.answer import Found
from gradcheck.generation.search import find

from .planted import ROWS

NAMES = [hypothesis.name for hypothesis in HYPOTHESES]


@cache
def failing(case):
    """The report and the smallest failing example."""
    found = find(case, 100, 0)
    assert found.report.verdict == "wrong", f"the planted bug was missed\n{found.report}"
    return found


def beside(row):
    """The near miss where the wrong one fails smallest, where it fails too; else at its own smallest."""
    example = failing(row.wrong).example
    report = judge_example(row.near, example)
    return Found(report, example) if report.verdict == "wrong" else failing(row.near)


def said(case, found, argument, hypotheses=HYPOTHESES):
    """The names and the sentence of each cause that the findings about one argument are given."""
    diagnosed = diagnose(case, found.report, found.example, hypotheses)
    return [
        (set(finding.cause.split(" or ")), finding.likely_cause)
        for finding in diagnosed.errors
        if finding.argument in (argument, None) and finding.cause
    ]


def names_in(causes):
    """The names alone."""
    return {name for names, _ in causes for name in names}


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_near_miss_is_not_called_by_this_name(row):
    assert row.cause not in names_in(said(row.near, beside(row), row.argument))


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_planted_cause_is_named_and_the_name_vanishes_with_its_hypothesis(row):
    found = failing(row.wrong)
    causes = said(row.wrong, found, row.argument)
    assert row.cause in names_in(causes)
    rest = [hypothesis for hypothesis in HYPOTHESES if hypothesis.name != row.cause]
    without = said(row.wrong, found, row.argument, rest)
    # a law may name the cause too (state that is kept), but not with this sentence
    assert {sentence for names, sentence in causes if row.cause in names} - {sentence for _, sentence in without}
    assert row.cause == "stale" or row.cause not in names_in(without)


def test_every_hypothesis_has_a_planted_bug():
    assert {row.cause for row in ROWS} == set(NAMES)


def test_names_are_unique_and_say_what_they_mean():
    assert len(set(NAMES)) == len(NAMES)
    assert all(hypothesis.meaning.endswith(".") for hypothesis in HYPOTHESES)
