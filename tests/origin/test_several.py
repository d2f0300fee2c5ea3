"""The line that was edited is among those said, where what it makes is overwritten, handed on or by chance another."""

import numpy as np
import pytest

from gradcheck import Case, report_case
from gradcheck.origin import narrow, origin, origin_of, origins_of, solve, states

from . import test_read_off as read_off
from .test_read_off import LINES

NETWORK = """
import functools

import numpy as np


@functools.cache
def number(value):
    return np.float64(value)


def op(w, x, y):
    a = w @ x
    a += 1.0
    a = np.tanh(a, a)
    m = x.shape[1]
    cost = ((a - y) ** 2).sum() / m

    def vjp(g):
        g = np.asarray(g)
        da = a - y
        da *= np.asarray(g * number(2 / m))
        dy = -da
        dz = da
        dz *= 1.0 - a * a
        dw = dz @ x.T
        dx = w.T @ dz
        return dw, dx, dy

    return cost, vjp
"""
SHAPES = "(o,i),(i,m),(o,m)->()"


def case_of(tmp_path, before="", after=""):
    path = tmp_path / "network.py"
    path.write_text(NETWORK.replace(before, after))
    names = {"__name__": "network"}
    exec(compile(path.read_text(), str(path), "exec"), names)
    return Case(names["op"], SHAPES)


def said(case):
    """Every line that is said of an error, and those that are said for certain."""
    made = [finding.made for finding in report_case(case, 10).errors if finding.made]
    return {line.code for m in made for line in m.among}, {m.where.code for m in made if m.certain}


SLIPS = [
    ("number(2 / m)", "number(1 / m)", "da *= np.asarray(g * number(1 / m))"),
    ("da = a - y", "da = y - a", "da = y - a"),
    ("g * number(2 / m)", "number(2 / m)", "da *= np.asarray(number(2 / m))"),
]


@pytest.mark.parametrize(("right", "wrong", "line"), SLIPS, ids=[line for *_, line in SLIPS])
def test_it_is_and_no_other_line_is_certain(right, wrong, line, tmp_path):
    assert report_case(case_of(tmp_path), 10).errors == ()
    lines, certain = said(case_of(tmp_path, right, wrong))
    assert line in lines
    assert certain <= {line}


def without_what_a_line_makes_itself(monkeypatch):
    monkeypatch.setattr(narrow, "_own", lambda *_: [])


def without_what_stands_behind(monkeypatch):
    monkeypatch.setattr(narrow, "_behind", lambda *_: [])


OFF = [without_what_a_line_makes_itself, without_what_stands_behind]


@pytest.mark.parametrize(("slip", "off"), list(zip(SLIPS, OFF, strict=False)), ids=[off.__name__ for off in OFF])
def test_without_each_of_these_it_is_not(slip, off, tmp_path, monkeypatch):
    off(monkeypatch)
    right, wrong, line = slip
    lines, certain = said(case_of(tmp_path, right, wrong))
    assert line not in lines or not certain <= {line}


def lost(x, y):
    a = np.tanh(x)

    def lost_vjp(g):
        g = np.asarray(g)
        da = 2 * (a - y)
        dy = -da
        dx = da * (1 - a * a)
        return dx, dy

    return ((a - y) ** 2).sum(), lost_vjp


def test_what_nothing_multiplies_later_is_no_slope_that_waits_for_the_cotangent(monkeypatch):
    x, y = np.random.default_rng(5).standard_normal((2, 4))
    case = Case(lost, inputs=(x, y))
    found = origins_of(case, (x, y))
    assert "da = 2 * (a - y)" in [line.code for line in found[0].among]
    assert not any(origin.certain and origin.code != "da = 2 * (a - y)" for origin in found)
    later = property(lambda run: frozenset(range(1000)) - run.moves)
    monkeypatch.setattr(states.Run, "_multiplied_later", later)
    assert any(origin.certain and origin.code != "da = 2 * (a - y)" for origin in origins_of(case, (x, y)))


PREPARED = "shares = 0.0 * np.ones(x.shape[1])"


def spread(x):
    """A cost whose gradient has a part that the forward prepares and, without smoothing, does not use."""
    shares = 0.0 * np.ones(x.shape[1])
    p = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)

    def spread_vjp(g):
        each = g * np.ones((len(x), 1))
        own = np.ones((len(x), 1))
        dx = (own + shares.sum()) * p
        dx[:, 0] -= (each * own)[:, 0]
        return (dx,)

    return -np.log(p[:, 0]).sum(), spread_vjp


def test_what_the_forward_makes_cannot_have_lost_the_cotangent(monkeypatch):
    x = np.random.default_rng(4).standard_normal((3, 4))
    case, slip = Case(spread, inputs=(x,)), "dx = (own + shares.sum()) * p"
    lines = [line.code for line in origin_of(case, (x,)).among]
    assert slip in lines
    assert PREPARED not in lines
    given = solve.Gradients.given
    monkeypatch.setattr(solve.Gradients, "given", lambda self, values, times=1.0: times * given(self, values))
    assert PREPARED in [line.code for line in origin_of(case, (x,)).among]


def test_a_factor_that_may_be_taken_out_in_two_lines_accuses_neither_for_certain(tmp_path, monkeypatch):
    name, right, wrong, _ = next(row for row in LINES if "g.shape[1]" in row[3])
    case = read_off.case_of(tmp_path, name, right, wrong)
    lines, certain = said(case)
    assert sorted(line[:5] for line in lines) == ["dgate", "dx = "]
    assert certain == set()
    monkeypatch.setattr(origin, "_beside_rivals", lambda _, suspicion: (suspicion, True))
    assert [line[:5] for line in said(case)[1]] == ["dgate"]


def flipped(x):
    shares = 0.0 * np.ones(x.shape[1])
    p = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)

    def flipped_vjp(g):
        each = g * np.ones((len(x), 1))
        own = np.ones((len(x), 1))
        dx = -each * (own + shares.sum()) * p
        dx[:, 0] -= (each * own)[:, 0]
        return (dx,)

    return -np.log(p[:, 0]).sum(), flipped_vjp


def test_one_number_of_the_forward_that_mends_all_hides_no_line_of_the_backward(monkeypatch):
    """Twice as much of ``shares``, with the other sign, makes up for it in every entry."""
    x = np.random.default_rng(4).standard_normal((3, 4))
    case, slip = Case(flipped, inputs=(x,)), "dx = -each * (own + shares.sum()) * p"
    assert slip in [line.code for line in origin_of(case, (x,)).among]
    monkeypatch.setattr(narrow, "_is_of_the_forward", lambda *_: False)
    monkeypatch.setattr(origin, "edits_of", lambda *_: [])
    assert slip not in [line.code for line in origin_of(case, (x,)).among]
