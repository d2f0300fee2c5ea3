"""A cause that leaves numbers open is a guess beside an edit of a line with which every one of them is right."""

import numpy as np

from gradcheck import Case, report_case
from gradcheck.diagnosis import diagnose
from gradcheck.generation.search import find


def angle(u, v, slope):
    """The cosine between rows; ``slope`` is how the gradient of the first takes its own length into account."""
    nu, nv = np.linalg.norm(u, axis=1, keepdims=True), np.linalg.norm(v, axis=1, keepdims=True)
    c = (u * v).sum(1, keepdims=True) / (nu * nv)

    def angle_vjp(g):
        du = slope(g[:, None], u, v, nu, nv, c)
        dv = g[:, None] * (u / (nu * nv) - c * v / nv**2)
        return du, dv

    return c[:, 0], angle_vjp


def right(u, v):
    def slope(g, u, v, nu, nv, c):
        return g * (v / (nu * nv) - c * u / nu**2)

    return angle(u, v, slope)


def wrong(u, v):
    def slope(g, u, v, nu, nv, c):
        return g * (v / (nu * nv) - c * u / nu)

    return angle(u, v, slope)


def cube(x):
    def cube_vjp(g):
        dx = 6 * x**2 * g
        return (dx,)

    return x**3, cube_vjp


def case_of(op):
    return Case(op, "(n,3),(n,3)->(n)")


def test_a_multiple_that_is_left_open_is_no_certain_cause_beside_an_edit():
    (finding,) = report_case(case_of(wrong), 20).errors
    assert finding.made.factor is not None
    assert (finding.cause, finding.certain) == ("missing-projection", False)


def test_without_the_edit_it_is():
    found = find(case_of(wrong), 20, 0)
    (finding,) = diagnose(case_of(wrong), found.report, found.example).errors
    assert (finding.cause, finding.certain) == ("missing-projection", True)


def test_what_gives_every_number_too_stays_certain():
    (finding,) = report_case(Case(cube, "(n)->(n)"), 20).errors
    assert finding.made.factor is not None
    assert (finding.cause, finding.certain) == ("factor", True)


def test_of_the_right_twin_nothing_is_said():
    assert report_case(case_of(right), 20).verdict == "correct"
