"""Every doubt saves a right op that no other saves, and not a wrong one."""

import importlib
from dataclasses import replace

import pytest

from gradcheck import report_vjp
from gradcheck.numerics import Outcome
from gradcheck.numerics.doubts import DOUBTS, ordered

from .planted import ROWS

pytestmark = pytest.mark.usefixtures("unexplained")

CONTEST = importlib.import_module("gradcheck.numerics.contest")  # the package's attribute is the function
NAMES = [doubt.name for doubt in DOUBTS]


def reports_on(op, inputs, seeds):
    return [report_vjp(op, *inputs, seed=seed) for seed in seeds]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_what_is_right_is_not_called_wrong_and_its_doubt_says_what_to_do(row, monkeypatch):
    """Each excuse is seen on its way out: noise, a singular point and a border are no verdict."""
    (doubt,) = (doubt for doubt in DOUBTS if doubt.name == row.doubt)
    outcomes = set()

    def examine(record):
        excuse = doubt.examine(record)
        if excuse is not None:
            outcomes.add(excuse.outcome)
        return excuse

    watched = replace(doubt, examine=examine)
    monkeypatch.setattr(CONTEST, "DOUBTS", tuple(watched if one is doubt else one for one in DOUBTS))
    wanted = ("correct",) if row.without == "inconclusive" else ("correct", "inconclusive")
    assert not [str(found) for found in reports_on(row.right, row.at, row.seeds) if found.verdict not in wanted]
    assert outcomes, "the doubt was not what excused it"
    assert doubt.advice or not outcomes & {Outcome.NOISE, Outcome.SINGULAR, Outcome.DOMAIN}


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_what_is_right_needs_its_doubt(row, monkeypatch):
    monkeypatch.setattr(CONTEST, "DOUBTS", ordered(without=row.doubt))
    assert not [str(found) for found in reports_on(row.right, row.at, row.seeds) if found.verdict != row.without]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_what_is_wrong_is_called_wrong(row):
    reports = reports_on(row.wrong, row.shown_at, row.seeds)
    assert not [str(found) for found in reports if "GC301" not in {finding.code for finding in found.errors}]


def test_every_doubt_has_a_row_and_every_row_a_doubt():
    assert sorted(row.doubt for row in ROWS) == sorted(NAMES)


def test_the_doubt_left_out_is_the_only_one():
    for name in NAMES:
        assert [doubt.name for doubt in ordered(without=name)] == [other for other in NAMES if other != name]


@pytest.mark.parametrize("doubt", DOUBTS, ids=lambda doubt: doubt.name)
def test_a_doubt_says_what_it_is_and_what_it_costs(doubt):
    assert doubt.name
    assert doubt.cost
    for words in (doubt.sentence, doubt.advice):
        assert words == words.strip()
        assert not words.endswith(".")
    assert doubt.sentence[:1].islower()
