"""The points at which the checker has called wrong what is right."""

import pytest

from gradcheck import report_vjp

from . import false_alarms

pytestmark = pytest.mark.usefixtures("unexplained")

SEEDS = range(6)


def wrong_at(case):
    reports = (report_vjp(case.op, *case.inputs, options=case.options, seed=seed) for seed in SEEDS)
    return [report for report in reports if report.verdict == "wrong"]


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=f"{cause}-{case}") for cause, cases in false_alarms.CAUSES.items() for case in cases],
)
def test_what_is_right_is_not_called_wrong_at_a_special_point(case):
    assert not wrong_at(case)


@pytest.mark.parametrize("case", false_alarms.DISPUTED, ids=str)
def test_what_has_lost_digits_is_not_vouched_for_to_full_precision(case):
    for seed in SEEDS:
        report = report_vjp(case.op, *case.inputs, options=case.options, seed=seed)
        assert report.verdict != "correct" or max(report.floor.values()) > 1e-8
