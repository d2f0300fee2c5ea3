"""What a report says to a person and to a program."""

import json
import math
import pickle

import numpy as np
import pytest

from gradcheck import Case, Finding, Report, Severity, UsageError, Verdict, check_vjp, report_case, report_vjp
from gradcheck.errors import InconclusiveGradient, WrongGradient

X = np.array([0.5, -1.0, 2.0])


def scaled(factor):
    def square(x):
        def square_vjp(dy):
            return (factor * 2 * x * dy,)

        return x * x, square_vjp

    return square


def test_the_verdict_is_its_word():
    assert report_vjp(scaled(1), X).verdict == "correct"
    assert report_vjp(scaled(3), X).verdict is Verdict.WRONG
    assert f"{Verdict.INCONCLUSIVE}" == "inconclusive"


def test_the_first_line_suffices():
    first = str(report_vjp(scaled(3), X)).splitlines()[0]
    assert first.startswith("wrong: square, GC301 at `x[")


def test_the_details_name_argument_place_values_error_and_ratio():
    report = report_vjp(scaled(3), X)
    finding = report.errors[0]
    text = " ".join(str(report).split())
    assert finding.argument == "x"
    assert f"`x` at [{finding.index[0]}]" in text
    assert f"{finding.claimed:.8g}" in text
    assert f"{finding.expected:.8g} ± {finding.error:.0e}" in text
    assert "ratio 3" in text
    assert "3 of 3 entries differ" in text


def test_no_line_is_longer_than_a_terminal():
    assert max(map(len, str(report_vjp(scaled(3), X)).splitlines())) <= 120


def test_a_report_is_json_without_nan():
    def flat(x):
        return np.ones_like(x), lambda dy: (np.zeros_like(x),)

    for report in (report_vjp(scaled(3), X), report_vjp(flat, X), report_case(Case(scaled(1), "(n)->(n)"), 10)):
        data = json.loads(json.dumps(report.to_dict(), allow_nan=False))
        assert data["verdict"] == report.verdict
        assert set(data["floor"]) == {"x"}
    assert report_vjp(flat, X).to_dict()["floor"]["x"] is None


def test_html_escapes_what_the_user_wrote():
    report = report_vjp(scaled(1), X)
    hostile = Report(name="<script>", arguments=("x",), floor=report.floor, limit=report.limit)
    assert "<script>" not in hostile._repr_html_()
    assert "&lt;script&gt;" in hostile._repr_html_()


@pytest.mark.parametrize(
    ("findings", "floor", "verdict"),
    [
        ((), 1e-9, "correct"),
        ((), 1e-2, "inconclusive"),
        ((), math.inf, "inconclusive"),
        ((), math.nan, "inconclusive"),
        ((Severity.HAZARD, Severity.NOTE), 1e-9, "correct"),
        ((Severity.NOTE, Severity.ERROR), 1e-9, "wrong"),
        ((Severity.ERROR,), math.inf, "wrong"),
    ],
)
def test_the_verdict_follows_from_findings_and_floors(findings, floor, verdict):
    made = tuple(Finding("GC000", severity, "planted") for severity in findings)
    report = Report("op", made, floor={"x": floor}, limit={"x": 1e-3}, arguments=("x",))
    assert report.verdict == verdict


def test_an_argument_without_a_floor_was_not_seen():
    report = Report("op", floor={"x": 1e-9}, limit={"x": 1e-3, "w": 1e-3}, arguments=("x", "w"))
    assert report.verdict == "inconclusive"
    assert report.unseen == ("w",)
    assert Report("op").verdict == "inconclusive", "nothing was judged"


def test_check_raises_assertion_errors_that_carry_the_report_and_survive_pickling():
    with pytest.raises(AssertionError) as caught:
        check_vjp(scaled(3), X)
    assert isinstance(caught.value, WrongGradient)
    copy = pickle.loads(pickle.dumps(caught.value))
    assert copy.report.findings == caught.value.report.findings
    with pytest.raises(InconclusiveGradient):
        check_vjp(scaled(1), np.zeros((0,)))


def test_a_correct_check_returns_its_report():
    assert check_vjp(scaled(1), X).floor["x"] < 1e-8


def test_options_reach_the_op():
    def power(x, *, exponent):
        def power_vjp(dy):
            return (dy * exponent * x ** (exponent - 1),)

        return x**exponent, power_vjp

    assert report_vjp(power, X, options={"exponent": 3}).verdict == "correct"


def test_several_outputs_of_very_different_size_are_all_seen():
    def two(x, wrong=1.0):
        def two_vjp(dy):
            left, right = dy
            return (1e8 * left * np.cos(x) - wrong * 1e-8 * right * np.sin(x),)

        return (1e8 * np.sin(x), 1e-8 * np.cos(x)), two_vjp

    assert report_vjp(two, X).verdict == "correct"
    assert report_vjp(lambda x: two(x, wrong=1.01), X).verdict == "wrong"


def test_an_integer_input_needs_none():
    def picked(x, index):
        def picked_vjp(dy):
            dx = np.zeros_like(x)
            dx[index] = dy
            return dx, None

        return x[index], picked_vjp

    assert report_vjp(picked, X, 1).verdict == "correct"


def test_python_floats_are_inputs_too():
    def product(a, b):
        def product_vjp(dy):
            return dy * b, dy * a

        return a * b, product_vjp

    assert report_vjp(product, 2.0, 3.0).verdict == "correct"


def test_a_pair_becomes_an_op_with_names_and_signature():
    from gradcheck.adapters import from_pair

    def forward(x, weight):
        return x * weight, (x, weight)

    def backward(saved, dy):
        x, weight = saved
        return dy * weight, dy * x

    op = from_pair(forward, backward)
    report = report_vjp(op, X, X + 1)
    assert report.verdict == "correct"
    assert set(report.floor) == {"x", "weight"}
    assert report.name == "forward"
    wrong = from_pair(forward, lambda saved, dy: (dy * saved[0], dy * saved[0]))
    assert report_vjp(wrong, X, X + 1).verdict == "wrong"
    bare = from_pair(lambda x: (np.sin(x), x), lambda x, dy: np.cos(x) * dy)
    assert report_vjp(bare, X).verdict == "correct"


def test_a_pair_whose_forward_keeps_nothing_is_told_so():
    from gradcheck.adapters import from_pair

    with pytest.raises(UsageError, match=r"returns \(y, saved\)"):
        report_vjp(from_pair(lambda x: x, lambda saved, dy: dy), X)
