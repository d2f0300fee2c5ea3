"""A slope that depends on the call before is found at a kink by going there from either side, at every seed."""

import numpy as np
import pytest

from gradcheck import Case, report_vjp
from gradcheck.generation import search
from gradcheck.laws import gc301_derivative

pytestmark = pytest.mark.usefixtures("unexplained")

KNOTS = np.arange(-6.0, 7.0, 2.0)
VALUES = np.array([1.0, -0.5, 2.0, 0.5, 1.5, -1.0, 0.25])
BORDERS = {"x": tuple(KNOTS)}
SEEDS = range(8)


def table(side, *, remembers):
    """Linear interpolation; at a knot the cell on one side of it, or that of the last value if it holds the knot."""
    last = {"cell": 0}

    def interpolate(x):
        cells = []
        for value in x:
            cell = last["cell"]
            if not (remembers and KNOTS[cell] <= value <= KNOTS[cell + 1]):
                cell = int(np.clip(np.searchsorted(KNOTS, value, side=side) - 1, 0, len(KNOTS) - 2))
            last["cell"] = cell
            cells.append(cell)
        slopes = (np.diff(VALUES) / np.diff(KNOTS))[np.array(cells, int)]
        return VALUES[cells] + slopes * (x - KNOTS[cells]), lambda dy: (dy * slopes,)

    return interpolate


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("knot", [4.0, -4.0])
def test_it_is_wrong_at_the_knot_itself(side, knot):
    for seed in SEEDS:
        x = np.array([knot, 0.3])
        assert {f.code for f in report_vjp(table(side, remembers=True), x, seed=seed).errors} == {"GC203"}
        assert not report_vjp(table(side, remembers=False), x, seed=seed).errors


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_case_finds_it_whatever_is_drawn(side):
    for seed in SEEDS:
        case = Case(table(side, remembers=True), "(n)->(n)", borders=BORDERS)
        assert search(case, 60, seed, verdict_only=True).errors[0].code == "GC203"


def test_a_right_table_is_not_accused():
    report = search(Case(table("right", remembers=False), "(n)->(n)", borders=BORDERS), 60, 0)
    assert report.verdict == "correct", str(report)


def test_without_it_some_seeds_miss(monkeypatch):
    monkeypatch.setattr(gc301_derivative.check, "beside_a_kink", lambda _: iter(()))
    x = np.array([-4.0, 0.3])
    found = [report_vjp(table("right", remembers=True), x, seed=seed).errors for seed in SEEDS]
    assert not all(found)
