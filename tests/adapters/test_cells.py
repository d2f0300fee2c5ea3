"""Cells that step through time, and layers beside them that numpy-ml has."""

import numpy as np
import pytest

from gradcheck import Case, UsageError, report_case, report_vjp
from gradcheck.adapters import from_layer

from .cells import Cell, Outside, Returning, Several

IN_TIME = "(t,n,i),(i,4),(4,4)->(t,n,4)"


def in_time(**how):
    return from_layer(lambda: Cell(4, **how), steps=True)


def test_a_cell_is_judged_through_time():
    report = report_case(Case(in_time(), IN_TIME), examples=10)
    assert report.verdict == "correct"
    assert max(report.floor.values()) < 1e-6


def test_a_mistake_that_one_step_hides_is_found_in_time():
    report = report_case(Case(in_time(wrong=True), IN_TIME), examples=10)
    assert report.verdict == "wrong"
    assert {finding.argument for finding in report.errors} == {"U"}
    once = report_vjp(from_layer(lambda: Cell(4)), np.ones((2, 3)), np.ones((3, 4)), np.ones((4, 4)) / 4)
    assert once.verdict == "inconclusive"
    assert "`U`" in str(once)


def test_what_is_built_at_the_first_forward_starts_anew_though_its_reset_spoils_it():
    cell = from_layer(lambda: Cell(2))
    x, w, u = np.array([[0.5, -1.0]]), np.eye(2), np.eye(2)
    y, vjp = cell(x, w, u)
    np.testing.assert_array_equal(y, np.tanh(x))
    dx, dw, du = vjp(np.ones((1, 2)))
    np.testing.assert_allclose(dx, 1 - np.tanh(x) ** 2)
    assert not du.any()
    np.testing.assert_array_equal(vjp(np.ones((1, 2)))[1], dw)


def test_gradients_that_are_returned_add_up_over_the_steps():
    op = from_layer(Returning, parameters=("w",), steps=True, reset=True)
    assert report_case(Case(op, "(t,3),(3)->(t,3)"), examples=10).verdict == "correct"


def test_an_input_that_is_a_list_gets_a_list():
    x = np.array([[0.5, -1.0], [2.0, 0.25]])
    assert report_vjp(from_layer(Several), [x, x + 1]).verdict == "correct"


def test_who_takes_the_gradient_of_the_first_output_is_told_how():
    x, w = np.array([[0.5, -1.0], [2.0, 0.25], [0.5, 1.0]]), np.array([[0.5, 1.0], [-1.0, 0.25]])
    with pytest.raises(UsageError, match=r"returns 2 outputs.*first only.*layer\.forward\(x\)\[0\]"):
        report_vjp(from_layer(Outside), x, w)
    first = from_layer(Outside, forward=lambda layer, x: layer.forward(x)[0])
    assert report_vjp(first, x, w).verdict == "correct"


def test_steps_need_an_axis_of_time():
    with pytest.raises(UsageError, match="first axis of every input of `Returning` is time"):
        report_vjp(from_layer(Returning, parameters=("w",), steps=True), np.array(1.0), np.ones(3))
