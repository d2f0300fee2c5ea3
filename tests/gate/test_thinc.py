"""Backward passes that nobody here wrote: thinc's pairs are judged as its sources and independent sums say."""

import pytest

from gradcheck import Case, report_case
from gradcheck.generation import search
from tests import thinc_cases

COLLECTED = [
    case
    for value in vars(thinc_cases).values()
    for case in (value if isinstance(value, list | tuple) else [value])
    if isinstance(case, Case)
]


@pytest.mark.parametrize("case", COLLECTED, ids=str)
def test_what_is_right_is_not_rejected(case):
    report = report_case(case, examples=30, seed=7)
    assert report.verdict == "correct", str(report)


@pytest.mark.parametrize("name", thinc_cases.KNOWN_WRONG)
def test_what_is_wrong_is_caught(name):
    case, _evidence = thinc_cases.KNOWN_WRONG[name]
    assert search(case, 60, 7, verdict_only=True).verdict == "wrong"


@pytest.mark.parametrize("name", thinc_cases.KNOWN_INCONCLUSIVE)
def test_what_cannot_be_judged_says_so(name):
    case, _reason = thinc_cases.KNOWN_INCONCLUSIVE[name]
    assert report_case(case, examples=60, seed=7).verdict == "inconclusive"
