"""A gradient that is wrong only where an input equals another."""

import numpy as np

from gradcheck import Case, EntryOf, report_case


def distance(x, c):
    d = x - c
    return np.abs(d), lambda dy: (dy * np.where(d == 0, 5.0, np.sign(d)), -(dy * np.sign(d)).sum())


def test_where_x_equals_c_is_said():
    report = report_case(Case(distance, "(n),()->(n)", domains={"c": EntryOf("x")}), examples=20)
    assert report.verdict == "wrong"
    assert next(finding.cause for finding in report.errors if finding.argument == "x") == "at-ties"
