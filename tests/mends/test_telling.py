"""A cause in the words of the user's own line, where no pattern of the diagnosis holds."""

import threading
from functools import lru_cache

import numpy as np
import pytest

from gradcheck import Case, report_case, report_vjp
from gradcheck.mends import telling
from gradcheck.mends.reach import read_only
from gradcheck.mends.telling import CAUSE

from . import told
from .told import ROWS

FEW = 12


def causes_of(case):
    return [(finding.cause, finding.likely_cause, finding.certain) for finding in report_case(case, FEW).errors]


@pytest.fixture
def unhurried(monkeypatch):
    """On a busy machine too all edits are tried."""
    monkeypatch.setattr(telling, "HERE", 20.0)


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_what_belongs_there_is_said(row):
    cause, sentence, certain = causes_of(row.case())[0]
    assert cause == CAUSE
    assert f"{row.right.strip('(')}" in sentence.partition("would do")[0].replace(" ** ", "**"), sentence
    assert not certain


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_with_it_the_op_is_right(row):
    assert report_case(row.case(row.mended), FEW).verdict == "correct"


def test_without_the_search_nothing_is_said(monkeypatch):
    monkeypatch.setattr(telling, "_found", lambda *_: None)
    assert {cause for cause, _, _ in causes_of(ROWS[0].case())} == {None}


@pytest.mark.usefixtures("unhurried")
def test_of_a_method_and_at_one_point():
    x = np.array([0.3, -1.2, 0.8])
    [finding] = report_vjp(told.focal, x).errors
    assert finding.cause == CAUSE
    assert "`gamma * np.log(p)` stands where `gamma * np.log(p) * p` would do" in finding.likely_cause


@pytest.mark.usefixtures("unhurried")
def test_of_a_gradient_for_an_optimiser():
    [finding] = report_vjp(told.tweedie_op, np.array([0.2, -0.4, 0.6])).errors
    assert finding.cause == CAUSE
    assert "mu ** (-POWER + 1)" in finding.likely_cause


def test_nothing_is_left_of_it():
    before = told.gravity.__code__, told.DESIGN.copy()
    assert report_vjp(told.tweedie_op, np.array([0.2, -0.4, 0.6])).verdict == "wrong"
    assert told.gravity.__code__ is before[0]
    assert told.DESIGN.flags.writeable
    np.testing.assert_array_equal(told.DESIGN, before[1])
    first = report_vjp(told.tweedie_op, np.array([0.2, -0.4, 0.6]))
    assert first.verdict == "wrong"


def test_what_functions_know_by_name_is_read_only_meanwhile():
    kept = {"w": np.ones(3)}
    view = kept["w"][:2]

    def op(x):
        return x * kept["w"], view, told.DESIGN

    with read_only([op]):
        for array in (kept["w"], view):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 2
    kept["w"][0] = view[1] = 2


def two_slips(x):
    return np.sin(x) * np.exp(x), lambda g: (g * np.sin(x) * np.cos(x) + g * np.tanh(x) * np.exp(2 * x),)


@lru_cache
def slope_of_a_number(x):
    return 3 * x * x * x


def remembered(x):
    def remembered_vjp(g):
        return (np.array([slope_of_a_number(float(one)) for one in x]) * g,)

    return x**3 + x**4, remembered_vjp


def test_no_single_edit_no_cause(monkeypatch):
    monkeypatch.setattr(telling, "HERE", 0.3)
    assert [cause for cause, _, _ in causes_of(Case(two_slips, "(n)->(n)"))] == [None]


def test_what_remembers_its_answers_is_left_alone(monkeypatch):
    monkeypatch.setattr(telling, "candidates", lambda *_, **__: 1 / 0)
    assert report_case(Case(remembered, "(n)->(n)"), FEW).verdict == "wrong"


def test_beside_other_threads_nothing_is_edited(monkeypatch):
    monkeypatch.setattr(telling, "_found", lambda *_: 1 / 0)
    verdicts = []
    thread = threading.Thread(target=lambda: verdicts.append(report_case(ROWS[0].case(), FEW).verdict))
    thread.start()
    thread.join()
    assert verdicts == ["wrong"]
