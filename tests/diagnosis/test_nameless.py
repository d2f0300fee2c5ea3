"""Causes among data that no signature names; `python -m benchmarks diagnosis` tries all rows."""

import pytest

from gradcheck import report_case
from gradcheck.diagnosis.hypotheses import HYPOTHESES

from .nameless import EXHIBITS
from .test_hypotheses import failing, said

ROWS = {str(row): row for row in EXHIBITS}
SOME = ["least_squares: weights", "poisson: linear", "masked_layer: mask", "network: weight of dx"]


@pytest.mark.parametrize("name", SOME)
def test_the_cause_is_stated(name):
    found = failing(ROWS[name].wrong)
    causes = said(ROWS[name].wrong, found, None) or said(ROWS[name].wrong, found, _argument(name))
    assert any(names & ROWS[name].causes for names, _ in causes)


@pytest.mark.parametrize("name", ["least_squares: weights", "poisson: linear", "network: weight of dx"])
def test_nothing_else_states_it(name):
    rest = [hypothesis for hypothesis in HYPOTHESES if hypothesis.name != "other-formula"]
    causes = said(ROWS[name].wrong, failing(ROWS[name].wrong), _argument(name), rest)
    assert not any(names & ROWS[name].causes for names, _ in causes)


def test_it_says_what_stands_where_what_belongs():
    wrong = ROWS["least_squares: weights"].wrong
    ((_, sentence),) = said(wrong, failing(wrong), "beta")
    assert "2 * DESIGN.T @ (DESIGN @ beta - TARGET)` where" in sentence
    assert "WEIGHTS" in sentence.partition("where")[2]


@pytest.mark.parametrize("row", [ROWS[name] for name in SOME], ids=SOME)
def test_the_twin_is_right(row):
    assert report_case(row.right, examples=15).verdict == "correct"


def _argument(name):
    return {"least_squares": "beta", "poisson": "beta", "masked_layer": "w", "network": "x"}[name.partition(":")[0]]
