"""Every hypothesis names its planted bug, is silent a thousandth beside it, and is what names it."""

import functools

import pytest

from gradcheck.diagnosis import diagnose
from gradcheck.diagnosis.hypotheses import HYPOTHESES
from gradcheck.generation.search import find

from .planted import ROWS

NAMES = [hypothesis.name for hypothesis in HYPOTHESES]


@functools.cache
def failing(case):
    """The report and the smallest failing example, searched for once."""
    found = find(case, 100, 0)
    return found.report, found.example


def said(case, argument, hypotheses=HYPOTHESES):
    """The names and the sentence of each cause that the findings about one argument are given."""
    report, example = failing(case)
    assert report.verdict == "wrong", f"the planted bug was missed\n{report}"
    found = diagnose(case, report, example, hypotheses)
    return [
        (set(finding.cause.split(" or ")), finding.likely_cause)
        for finding in found.errors
        if finding.argument in (argument, None) and finding.cause
    ]


def causes(case, argument, hypotheses=HYPOTHESES):
    """The names alone."""
    return {name for names, _ in said(case, argument, hypotheses) for name in names}


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_planted_cause_is_named(row):
    assert row.cause in causes(row.wrong, row.argument)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_near_miss_is_not_called_by_this_name(row):
    assert row.cause not in causes(row.near, row.argument)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_name_vanishes_with_its_hypothesis(row):
    rest = [hypothesis for hypothesis in HYPOTHESES if hypothesis.name != row.cause]
    with_it = {sentence for names, sentence in said(row.wrong, row.argument) if row.cause in names}
    # a law may name the cause too (state that is kept), but not with this sentence
    assert with_it - {sentence for _, sentence in said(row.wrong, row.argument, rest)}
    assert row.cause == "stale" or row.cause not in causes(row.wrong, row.argument, rest)


def test_every_hypothesis_has_a_planted_bug():
    assert {row.cause for row in ROWS} == set(NAMES)


def test_names_are_unique_and_say_what_they_mean():
    assert len(set(NAMES)) == len(NAMES)
    assert all(hypothesis.meaning.endswith(".") for hypothesis in HYPOTHESES)
